import MediaCore
import TensorIO

/// Takes samples block by block, turns them into the numbers of a file, and counts what is lost: what all writers of sound do.
///
/// What fails leaves it closed.
struct SampleIntake {
    let format: SampleFormat
    private let dither: SoundDither
    private let strictness: Strictness
    private let compatibility: Compatibility
    private let cancellation: CancellationFlag?
    /// Whether floats louder than 1 are clipped too: compressed files have a loudest number.
    private let clipsFloats: Bool
    private let channels: Int
    private let announced: Int?
    private var report: SoundReport
    private var buffer: [UInt8] = []
    /// Whether the file is finished, or something failed.
    private var isClosed = false
    /// All bits that the magnitudes of wide integers have, until they are loud enough.
    private var loudness = IntegerLoudness()

    /// - Parameter format: the numbers of the file.
    /// - Throws: `argument.invalid` for a rate or a count that is none.
    init(
        _ sound: SoundDescription, format: SampleFormat, dither: SoundDither, strictness: Strictness,
        compatibility: Compatibility = .standard, clipsFloats: Bool = false, cancellation: CancellationFlag?
    ) throws(MediaError) {
        try Sound.check(rate: sound.rate)
        if let count = sound.count, count < 0 {
            throw MediaError(
                .argumentInvalid, "a sound of \(count) samples", hint: "give how many there are",
                at: .init(field: "count"))
        }
        self.format = format
        self.dither = dither
        self.strictness = strictness
        self.compatibility = compatibility
        self.clipsFloats = clipsFloats
        self.cancellation = cancellation
        channels = sound.channels
        announced = sound.count
        report = SoundReport(format: format, rate: sound.rate, channels: sound.channels, facts: sound.facts)
    }

    /// Takes samples, and hands out the bytes of the file's numbers.
    ///
    /// - Throws: as ``SoundWriter/append(_:as:)`` says, and what `put` throws.
    mutating func append(
        _ bytes: RawSpan, as type: ElementType, put: (RawSpan) throws(MediaError) -> Void
    ) throws(MediaError) {
        try close()
        let sampleBytes = channels * type.byteCount
        guard type != .bool else {
            throw MediaError(
                .elementTypeInvalid, "bool is no type of sound", hint: "give numbers of any other type",
                at: .init(field: "elementType"))
        }
        guard bytes.byteCount % sampleBytes == 0 else {
            throw MediaError(
                .argumentInvalid,
                "\(bytes.byteCount / type.byteCount) numbers are no whole samples of \(channels) channels",
                hint: "add all channels of a sample at once", at: .init(field: "samples[\(report.count)]"))
        }
        let count = bytes.byteCount / sampleBytes
        guard count <= (announced ?? .max) - report.count else {
            throw MediaError(
                .argumentInvalid, "\(announced ?? 0) samples were announced, \(count) more came after \(report.count)",
                hint: "announce all of them, or none", at: .init(field: "count"))
        }
        let conversion = SampleConversion(
            from: type, to: format, dither: dither, compatibility: compatibility)
        // A caller may hand over anything at once; what is in work stays in the cache.
        let block = max(1, SoundBlock.length / channels) * sampleBytes
        var place = 0
        while place < bytes.byteCount {
            let end = min(bytes.byteCount, place + block)
            try append(block: bytes.extracting(place..<end), conversion, put)
            place = end
        }
        isClosed = false
    }

    private mutating func append(
        block bytes: RawSpan, _ conversion: SampleConversion, _ put: (RawSpan) throws(MediaError) -> Void
    ) throws(MediaError) {
        try cancellation?.check()
        loudness.add(bytes, as: conversion.input)
        let count = bytes.byteCount / conversion.input.byteCount
        if conversion.dither != .none { report.isDithered = true }
        if !clipsFloats, conversion.isCopy(of: bytes) {
            try put(bytes)
        } else {
            let size = count * format.byteCount
            // Out of here meanwhile: a span of a member would not be allowed.
            var output: [UInt8] = []
            swap(&output, &buffer)
            defer { swap(&output, &buffer) }
            if output.count < size { output = [UInt8](repeating: 0, count: size) }
            var losses = PCMKernels.Losses()
            unsafe output.withUnsafeMutableBytes { target in
                guard let base = target.baseAddress else { return }
                unsafe conversion.convert(bytes, after: report.count * channels, to: base, losses: &losses)
                if clipsFloats { unsafe Self.clip(base, count: count, losses: &losses) }
            }
            try note(losses, of: bytes, conversion)
            try unsafe put(output.span.bytes.extracting(0..<size))
        }
        report.count += count / channels
    }

    /// Brings float32 into −1…1.
    @unsafe
    private static func clip(_ numbers: UnsafeMutableRawPointer, count: Int, losses: inout PCMKernels.Losses) {
        for i in 0..<count {
            let value = unsafe numbers.load(fromByteOffset: 4 * i, as: Float.self)
            guard value.magnitude > 1 else { continue }
            if value < 0 { losses.low &+= 1 } else { losses.high &+= 1 }
            unsafe numbers.storeBytes(of: value < 0 ? -1 : 1, toByteOffset: 4 * i, as: Float.self)
        }
    }

    /// Counts what was lost, or refuses it.
    private mutating func note(
        _ losses: PCMKernels.Losses, of bytes: RawSpan, _ conversion: SampleConversion
    ) throws(MediaError) {
        guard !losses.isEmpty else { return }
        let isNew = report.tally.firstNotFinite == nil || report.tally.firstClipped == nil
        if isNew || strictness == .strict {
            let first = conversion.firstLosses(in: bytes, loudest: clipsFloats ? 1 : nil)
            func place(_ index: Int) -> SoundPlace {
                SoundPlace(sample: report.count + index / channels, channel: index % channels)
            }
            if strictness == .strict { try refuse(first, place) }
            if report.tally.firstNotFinite == nil { report.tally.firstNotFinite = first.notFinite.map(place) }
            if report.tally.firstClipped == nil, let clipped = first.clipped {
                report.tally.firstClipped = place(clipped.index)
                report.tally.firstClippedValue = clipped.value
            }
        }
        report.tally.clippedLow += Int(clamping: losses.low)
        report.tally.clippedHigh += Int(clamping: losses.high)
        report.tally.notFinite += Int(clamping: losses.notFinite)
    }

    private func refuse(_ first: FirstLosses, _ place: (Int) -> SoundPlace) throws(MediaError) {
        if let index = first.notFinite, index < first.clipped?.index ?? .max {
            throw MediaError(
                .valueNotFinite, "the number at \(place(index)) is not finite",
                hint: "replace it, or leave strictness out to write 0",
                at: .init(field: "samples[\(place(index).sample)]"))
        }
        if let (index, value) = first.clipped {
            throw MediaError(
                .valueOutOfRange, "the number \(short(value)) at \(place(index)) is louder than 1",
                hint: "divide by the greatest magnitude, or leave strictness out to clip it",
                at: .init(field: "samples[\(place(index).sample)]"))
        }
    }

    /// Ends the taking.
    ///
    /// - Throws: `argument.invalid` for fewer samples than were announced.
    mutating func finish() throws(MediaError) -> SoundReport {
        try close()
        if let announced, report.count < announced {
            throw MediaError(
                .argumentInvalid, "\(announced) samples were announced, \(report.count) came",
                hint: "announce all of them, or none", at: .init(field: "count"))
        }
        if let finding = loudness.finding { report.findings.append(finding) }
        return report
    }

    /// Closes the file; what fails in between leaves it closed.
    private mutating func close() throws(MediaError) {
        guard !isClosed else {
            throw MediaError(
                .argumentInvalid, "the file is finished, or failed, before sample \(report.count)",
                hint: "begin another", at: .init(field: "samples[\(report.count)]"))
        }
        isClosed = true
    }
}
