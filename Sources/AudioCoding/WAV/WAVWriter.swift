public import MediaCore
public import TensorIO

/// A WAV file that is being written.
public final class WAVWriter: SoundWriter {
    /// How many channels the file has.
    public let channels: Int

    private let sink: any ByteSink
    /// The sink, when the header has to be patched.
    private let patches: (any PatchableSink)?
    /// Where in the sink the file begins.
    private let start: Int
    private var header: WAVHeaderBytes
    private var intake: SampleIntake

    init(_ sound: SoundDescription, encoder: WAVEncoder, sink: any ByteSink) throws(MediaError) {
        intake = try SampleIntake(
            sound, format: encoder.sampleFormat, dither: encoder.dither, strictness: encoder.strictness,
            compatibility: encoder.compatibility, cancellation: encoder.cancellation)
        patches = sound.count == nil ? sink as? any PatchableSink : nil
        guard sound.count != nil || patches != nil else {
            throw MediaError(
                .argumentInvalid, "the length of the sound is not known, and the output cannot be patched",
                hint: "write to a file, or say how many samples there are", at: .init(field: "count"))
        }
        self.sink = sink
        channels = sound.channels
        start = sink.byteCount
        header = try WAVHeaderBytes(sound, encoder: encoder)
        let bytes = header.bytes
        try unsafe sink.write(bytes.span.bytes)
    }

    /// Adds samples.
    ///
    /// - Throws: as ``SoundWriter/append(_:as:)`` says, and what the sink throws.
    public func append(_ bytes: RawSpan, as type: ElementType) throws(MediaError) {
        let sink = sink
        try intake.append(bytes, as: type) { (block) throws(MediaError) in try sink.write(block) }
    }

    /// Writes the end of the file, and its sizes where they were not known.
    ///
    /// - Throws: `argument.invalid` for fewer samples than were announced; what the sink throws.
    public func finish() throws(MediaError) -> SoundReport {
        var report = try intake.finish()
        let dataBytes = report.count * channels * report.format.byteCount
        let padding: [UInt8] = [0]
        if dataBytes % 2 == 1 { try unsafe sink.write(padding.span.bytes) }
        if let patches {
            header.setSizes(dataBytes: dataBytes)
            let bytes = header.bytes
            try unsafe patches.overwrite(at: start, with: bytes.span.bytes)
        }
        report.isRF64 = header.isRF64
        report.byteCount = sink.byteCount - start
        return report
    }
}
