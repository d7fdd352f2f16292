public import MediaCore
public import TensorIO

/// A WAV file that is being written.
public final class WAVWriter: SoundWriter {
    /// How many channels the file has.
    public let channels: Int

    private let encoder: WAVEncoder
    private let sink: any ByteSink
    /// The sink, when the header has to be patched.
    private let patches: (any PatchableSink)?
    /// Where in the sink the file begins.
    private let start: Int
    private let announced: Int?
    private var header: WAVHeaderBytes
    private var report: SoundReport
    private var buffer: [UInt8] = []
    /// Whether the file is finished, or something failed.
    private var isClosed = false
    /// All bits that the magnitudes of wide integers have, until they are loud enough.
    private var loudness = IntegerLoudness()

    init(_ sound: SoundDescription, encoder: WAVEncoder, sink: any ByteSink) throws(MediaError) {
        try Sound.check(rate: sound.rate)
        if let count = sound.count, count < 0 {
            throw MediaError(
                .argumentInvalid, "a sound of \(count) samples", hint: "give how many there are",
                at: .init(field: "count"))
        }
        patches = sound.count == nil ? sink as? any PatchableSink : nil
        guard sound.count != nil || patches != nil else {
            throw MediaError(
                .argumentInvalid, "the length of the sound is not known, and the output cannot be patched",
                hint: "write to a file, or say how many samples there are", at: .init(field: "count"))
        }
        self.encoder = encoder
        self.sink = sink
        channels = sound.channels
        announced = sound.count
        start = sink.byteCount
        header = try WAVHeaderBytes(sound, encoder: encoder)
        report = SoundReport(
            format: encoder.sampleFormat, rate: sound.rate, channels: sound.channels, facts: sound.facts)
        let bytes = header.bytes
        try unsafe sink.write(bytes.span.bytes)
    }

    /// Adds samples.
    ///
    /// - Throws: as ``SoundWriter/append(_:as:)`` says, and what the sink throws.
    public func append(_ bytes: RawSpan, as type: ElementType) throws(MediaError) {
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
            from: type, to: encoder.sampleFormat, dither: encoder.dither, compatibility: encoder.compatibility)
        // A caller may hand over anything at once; what is in work stays in the cache.
        let block = max(1, SoundBlock.length / channels) * sampleBytes
        var place = 0
        while place < bytes.byteCount {
            let end = min(bytes.byteCount, place + block)
            try appendBlock(bytes.extracting(place..<end), conversion)
            place = end
        }
        isClosed = false
    }

    private func appendBlock(_ bytes: RawSpan, _ conversion: SampleConversion) throws(MediaError) {
        try encoder.cancellation?.check()
        loudness.add(bytes, as: conversion.input)
        let count = bytes.byteCount / conversion.input.byteCount
        if conversion.dither != .none { report.isDithered = true }
        if conversion.way == .copy {
            try sink.write(bytes)
        } else {
            let size = count * encoder.sampleFormat.byteCount
            // Out of the object meanwhile: a span of a member would not be allowed.
            var output: [UInt8] = []
            swap(&output, &buffer)
            defer { swap(&output, &buffer) }
            if output.count < size { output = [UInt8](repeating: 0, count: size) }
            var losses = PCMKernels.Losses()
            unsafe output.withUnsafeMutableBytes { target in
                guard let base = target.baseAddress else { return }
                unsafe conversion.convert(bytes, after: report.count * channels, to: base, losses: &losses)
            }
            try note(losses, of: bytes, conversion)
            try unsafe sink.write(output.span.bytes.extracting(0..<size))
        }
        report.count += count / channels
    }

    /// Counts what was lost, or refuses it.
    private func note(
        _ losses: PCMKernels.Losses, of bytes: RawSpan, _ conversion: SampleConversion
    ) throws(MediaError) {
        guard !losses.isEmpty else { return }
        let isNew = report.tally.firstNotFinite == nil || report.tally.firstClipped == nil
        if isNew || encoder.strictness == .strict {
            let first = conversion.firstLosses(in: bytes)
            func place(_ index: Int) -> SoundPlace {
                SoundPlace(sample: report.count + index / channels, channel: index % channels)
            }
            if encoder.strictness == .strict { try refuse(first, place) }
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

    /// Writes the end of the file, and its sizes where they were not known.
    ///
    /// - Throws: `argument.invalid` for fewer samples than were announced; what the sink throws.
    public func finish() throws(MediaError) -> SoundReport {
        try close()
        if let announced, report.count < announced {
            throw MediaError(
                .argumentInvalid, "\(announced) samples were announced, \(report.count) came",
                hint: "announce all of them, or none", at: .init(field: "count"))
        }
        let dataBytes = report.count * channels * encoder.sampleFormat.byteCount
        let padding: [UInt8] = [0]
        if dataBytes % 2 == 1 { try unsafe sink.write(padding.span.bytes) }
        if let patches {
            header.setSizes(dataBytes: dataBytes)
            let bytes = header.bytes
            try unsafe patches.overwrite(at: start, with: bytes.span.bytes)
        }
        report.isRF64 = header.isRF64
        report.byteCount = sink.byteCount - start
        if let finding = loudness.finding { report.findings.append(finding) }
        return report
    }

    /// Closes the file; what fails in between leaves it closed.
    private func close() throws(MediaError) {
        guard !isClosed else {
            throw MediaError(
                .argumentInvalid, "the file is finished, or failed, before sample \(report.count)",
                hint: "begin another", at: .init(field: "samples[\(report.count)]"))
        }
        isClosed = true
    }
}
