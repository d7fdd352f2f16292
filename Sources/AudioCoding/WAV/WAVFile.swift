public import MediaCore
public import TensorIO

/// The sound in a WAV file, read where it lies: a source whose samples may be asked for in any order and from any thread.
///
/// RIFF, RF64 and BW64 files with PCM of 8 to 32 bits or IEEE floats are read, with plain and extensible headers. Sizes are
/// compared with the bytes that are there. Where a stream was written whose length nobody knew, it is taken to the end of the
/// file, and ``findings`` say so.
public struct WAVFile: Sendable {
    /// How the file holds numbers.
    public let format: SampleFormat
    /// How many samples a second has, in hertz.
    public let rate: Int
    /// How many numbers a sample has.
    public let channels: Int
    /// How many samples there are.
    public let sampleCount: Int
    /// Whether sizes have 64 bits: RF64 or BW64.
    public let isRF64: Bool
    /// Texts about the sound.
    public let metadata: WAVMetadata
    /// What is odd about the file.
    public let findings: [Finding]
    /// What messages call it.
    public var name: String { contents.name }

    private let contents: FileContents
    /// Where the samples begin.
    private let start: Int

    /// Opens a file.
    ///
    /// - Throws: what opening it throws, and as ``init(_:limits:)``.
    public init(path: String, limits: Limits = .default) throws(MediaError) {
        try self.init(FileContents.open(path, limits: limits), limits: limits)
    }

    /// Reads the chunks of a file that is open, or in memory.
    ///
    /// - Throws: `format.unrecognized` for what is no WAV file; `format.truncated` where it ends before it should, or says
    ///   that it is longer than it is; `format.malformed` for contradictions; `format.unsupported` for compressed samples,
    ///   naming them; `limit.exceeded` for more than `limits.members` chunks.
    public init(_ contents: FileContents, limits: Limits = .default) throws(MediaError) {
        let chunks = try contents.withBytes { (bytes) throws(MediaError) in
            try WAVChunks(bytes, name: contents.name, limits: limits)
        }
        guard let form = chunks.format, let data = chunks.data else {
            throw MediaError(
                .malformed, "the file has no chunk \"\(chunks.format == nil ? "fmt " : "data")\"",
                hint: "write it again", at: .init(file: contents.name))
        }
        let width = form.channels * form.format.byteCount
        var findings = chunks.findings
        if data.count % width != 0 {
            findings.append(
                .warning(
                    .malformed, "the last \(data.count % width) bytes are no whole sample of \(width)",
                    path: contents.name))
        }
        self.contents = contents
        format = form.format
        rate = form.rate
        channels = form.channels
        sampleCount = data.count / width
        isRF64 = chunks.isWide
        metadata = chunks.metadata
        self.findings = findings
        start = data.lowerBound
    }

    /// How long the sound lasts, in seconds.
    public var seconds: Double { Double(sampleCount) / Double(rate) }
}

extension WAVFile: SampleSource {
    /// How many samples there are.
    public var count: Int? { sampleCount }

    /// Writes the samples of `range` into `samples`, channels next to each other.
    ///
    /// - Throws: `argument.invalid` for a negative lower bound, and when there is too little room.
    public func fill(_ range: Range<Int>, into samples: inout MutableSpan<Float>) throws(MediaError) -> Int {
        try fillFloats(range, into: &samples)
    }
}

extension WAVFile: TypedSampleSource {
    /// What numbers are handed out as: 24 bits in the upper ones of 32.
    package var elementType: ElementType {
        switch format {
        case .u8: .uint8
        case .pcm16: .int16
        case .pcm24, .pcm32: .int32
        case .float32: .float32
        case .float64: .float64
        }
    }

    package func withElements<Result>(
        _ range: Range<Int>, _ body: (RawSpan) throws(MediaError) -> Result
    ) throws(MediaError) -> Result {
        let range = range.clamped(to: 0..<sampleCount)
        let width = channels * format.byteCount
        return try contents.withBytes { (bytes) throws(MediaError) in
            let part = bytes.extracting(start + range.lowerBound * width..<start + range.upperBound * width)
            guard format == .pcm24 else { return try body(part) }
            return try Self.widened(part, body)
        }
    }

    /// Numbers of 24 bits as the upper bytes of 32.
    private static func widened<Result>(
        _ bytes: RawSpan, _ body: (RawSpan) throws(MediaError) -> Result
    ) throws(MediaError) -> Result {
        let count = bytes.byteCount / 3
        let numbers = unsafe [Int32](unsafeUninitializedCapacity: count) { output, used in
            guard let base = output.baseAddress else { return }
            unsafe NumberWidening.upper24(bytes, to: base)
            used = count
        }
        return try unsafe body(numbers.span.bytes)
    }
}
