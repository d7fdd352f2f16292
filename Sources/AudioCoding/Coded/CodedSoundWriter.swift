import CSoundFileLoader
public import MediaCore
public import TensorIO

/// A FLAC, Vorbis, Opus, MP3 or AIFF file that is being written; made by ``CodedSoundEncoder/begin(_:to:)``.
@safe
public final class CodedSoundWriter: SoundWriter {
    /// How many channels the file has.
    public let channels: Int

    private let library: SoundFileLibrary
    private let format: SoundFormat
    private let bytes: SoundBytes
    private let sink: any ByteSink
    private let pages: OggSerialSink?
    private let start: Int
    private var intake: SampleIntake
    /// The open file; nothing once it is closed.
    private var file: OpaquePointer?
    private var wide: [Int32] = []

    /// Numbers that are handed over at a time: the encoder of Vorbis keeps them on its stack.
    private static let handful = 4096

    init(_ sound: SoundDescription, encoder: CodedSoundEncoder, sink: any ByteSink) throws(MediaError) {
        library = try SoundFileLibrary.open()
        format = encoder.format
        channels = sound.channels
        self.sink = sink
        start = sink.byteCount
        intake = try SampleIntake(
            sound, format: encoder.writtenSampleFormat, dither: encoder.dither, strictness: encoder.strictness,
            clipsFloats: encoder.format.isLossy, cancellation: encoder.cancellation)
        pages = encoder.format.isOgg ? OggSerialSink(sink, serial: encoder.serial) : nil
        bytes = SoundBytes(pages ?? sink, needsPatching: !encoder.format.isOgg)
        var info = tm_sf_info()
        info.samplerate = Int32(clamping: sound.rate)
        info.channels = Int32(clamping: sound.channels)
        info.format = encoder.format.number(encoder.writtenSampleFormat)
        var io = unsafe SoundBytes.callbacks
        let opened = unsafe library.functions.open(
            &io, Int32(TM_SF_WRITE), &info, Unmanaged.passUnretained(bytes).toOpaque())
        guard let file = unsafe opened else {
            if let failure = bytes.failure { throw failure }
            let reason = unsafe Self.complaint(library, nil)
            throw MediaError(
                .libraryFailed,
                "\(library.version) does not begin \(encoder.format.rawValue) with \(channels) channel\(channels == 1 ? "" : "s") of \(sound.rate) Hz: \(reason)",
                hint: "choose another rate, or write wav", at: .init(field: "format"))
        }
        unsafe self.file = unsafe file
        // A chunk with the time of day.
        unsafe _ = library.functions.command(file, Int32(TM_SF_ADD_PEAK_CHUNK), nil, 0)
        if var quality = encoder.quality {
            // LAME has no quality for the very end of the scale, and refuses it.
            if format == .mp3 { quality = max(quality, 0.001) }
            let command = encoder.format == .flac ? TM_SF_COMPRESSION_LEVEL : TM_SF_VARIABLE_QUALITY
            let isTaken = unsafe library.functions.command(
                file, Int32(Int(command)), &quality, Int32(MemoryLayout<Double>.size))
            guard isTaken != 0 else {
                throw MediaError(
                    .libraryFailed, "\(library.version) takes no quality of \(short(quality)) for \(format.rawValue)",
                    hint: "leave it out", at: .init(field: "quality"))
            }
        }
    }

    deinit { close() }

    /// Adds samples.
    ///
    /// - Throws: as ``SoundWriter/append(_:as:)`` says; `library.failed`; what the sink throws.
    public func append(_ bytes: RawSpan, as type: ElementType) throws(MediaError) {
        let format = intake.format
        do throws(MediaError) {
            try intake.append(bytes, as: type) { (block) throws(MediaError) in try put(block, as: format) }
        } catch {
            close()
            throw error
        }
    }

    /// Writes the end of the file.
    ///
    /// - Throws: `argument.invalid` for fewer samples than were announced; `library.failed`; what the sink throws.
    public func finish() throws(MediaError) -> SoundReport {
        var report = try intake.finish()
        let status = close()
        if format == .aiff { bytes.leaveOutPadding(ofOddLength: report.count * channels * report.format.byteCount) }
        try bytes.finish()
        guard status == 0 else {
            throw MediaError(
                .libraryFailed, "\(library.version) cannot end the \(format.rawValue) file (error \(status))",
                hint: "choose another kind of file")
        }
        try pages?.finish()
        report.byteCount = sink.byteCount - start
        return report
    }

    /// Hands numbers over.
    private func put(_ block: RawSpan, as format: SampleFormat) throws(MediaError) {
        let sampleBytes = channels * format.byteCount
        let most = max(1, Self.handful / channels) * sampleBytes
        var place = 0
        while place < block.byteCount {
            let end = min(block.byteCount, place + most)
            let piece = block.extracting(place..<end)
            let samples = Int64(piece.byteCount / sampleBytes)
            let written =
                if format == .pcm24 { put(wide: piece, samples) } else { put(piece, samples, as: format) }
            if let failure = bytes.failure { throw failure }
            guard written == samples else {
                let reason = unsafe Self.complaint(library, file)
                throw MediaError(
                    .libraryFailed, "\(library.version) cannot write: \(reason)", hint: "choose another kind of file")
            }
            place = end
        }
    }

    private func put(_ piece: RawSpan, _ samples: Int64, as format: SampleFormat) -> Int64 {
        guard let file = unsafe file else { return -1 }
        return unsafe piece.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return 0 }
            switch format {
            case .pcm16:
                return unsafe library.functions.write_int16(file, base.assumingMemoryBound(to: Int16.self), samples)
            case .pcm32:
                return unsafe library.functions.write_int32(file, base.assumingMemoryBound(to: Int32.self), samples)
            case .float32:
                return unsafe library.functions.write_float(file, base.assumingMemoryBound(to: Float.self), samples)
            case .float64:
                return unsafe library.functions.write_double(file, base.assumingMemoryBound(to: Double.self), samples)
            case .u8, .pcm24: return -1
            }
        }
    }

    /// Numbers of 24 bits as the upper ones of 32.
    private func put(wide piece: RawSpan, _ samples: Int64) -> Int64 {
        guard let file = unsafe file else { return -1 }
        let count = piece.byteCount / 3
        if wide.count < count { wide = [Int32](repeating: 0, count: count) }
        return unsafe wide.withUnsafeMutableBufferPointer { wide in
            guard let base = wide.baseAddress else { return 0 }
            unsafe NumberWidening.upper24(piece, to: base)
            return unsafe library.functions.write_int32(file, base, samples)
        }
    }

    /// Ends what the library has, and returns its status: 0 when all went well.
    @discardableResult
    private func close() -> Int32 {
        guard let file = unsafe file else { return 0 }
        unsafe self.file = nil
        return unsafe library.functions.close(file)
    }

    private static func complaint(_ library: SoundFileLibrary, _ file: OpaquePointer?) -> String {
        unsafe library.functions.complaint(file).map { unsafe String(cString: $0) } ?? "no reason"
    }
}

/// Where libsndfile's bytes of a file go.
@safe
private final class SoundBytes {
    private let file: SinkFile
    private var place = 0

    init(_ sink: any ByteSink, needsPatching: Bool) { file = SinkFile(sink, needsPatching: needsPatching) }

    var failure: MediaError? { file.failure }

    func finish() throws(MediaError) { try file.finish() }

    /// Takes the byte that fills up an AIFF file out of the length of its samples, where libsndfile counts it and others read it.
    func leaveOutPadding(ofOddLength length: Int) {
        // Only files of 24 bits can be odd, and these have one form: two headers, what the sound is, its samples.
        let place = 12 + 8 + 18
        var header = [UInt8](repeating: 0, count: 8)
        var room = header.mutableSpan
        var span = unsafe room.mutableBytes
        guard length % 2 == 1, file.get(place, &span) == 8, header.prefix(4).elementsEqual("SSND".utf8),
            let claimed = UInt32(exactly: length + 9), let right = UInt32(exactly: length + 8)
        else { return }
        let found = header[4...].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        guard found == claimed else { return }
        for index in 0..<4 { header[4 + index] = UInt8(truncatingIfNeeded: right >> (24 - 8 * index)) }
        _ = unsafe file.put(place, header.span.bytes)
    }

    /// How libsndfile gets here, with the object as its user.
    @unsafe
    static var callbacks: tm_sf_io {
        unsafe tm_sf_io(
            length: { user in unsafe SoundBytes.of(user).map { Int64($0.file.byteCount) } ?? -1 },
            seek: { offset, whence, user in
                guard let bytes = unsafe SoundBytes.of(user) else { return -1 }
                // From the beginning, from here, from the end.
                let base = whence == 1 ? bytes.place : whence == 2 ? bytes.file.byteCount : 0
                bytes.place = max(0, base + Int(offset))
                return Int64(bytes.place)
            },
            read: { target, count, user in
                guard let bytes = unsafe SoundBytes.of(user), let target = unsafe target, count > 0 else { return 0 }
                var span = unsafe UnsafeMutableRawBufferPointer(start: target, count: Int(count)).mutableBytes
                let taken = max(0, bytes.file.get(bytes.place, &span))
                bytes.place += taken
                return Int64(taken)
            },
            write: { source, count, user in
                guard let bytes = unsafe SoundBytes.of(user), let source = unsafe source, count > 0 else { return 0 }
                let span = unsafe UnsafeRawBufferPointer(start: source, count: Int(count)).bytes
                guard bytes.file.put(bytes.place, span) else { return 0 }
                bytes.place += Int(count)
                return count
            },
            tell: { user in unsafe SoundBytes.of(user).map { Int64($0.place) } ?? -1 })
    }

    @unsafe
    private static func of(_ user: UnsafeMutableRawPointer?) -> SoundBytes? {
        unsafe user.map { unsafe Unmanaged<SoundBytes>.fromOpaque($0).takeUnretainedValue() }
    }
}
