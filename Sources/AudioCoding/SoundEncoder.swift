public import MediaCore
public import TensorIO

/// What has to be known of a sound before the first sample is written.
public struct SoundDescription: Sendable, Hashable {
    /// How many samples a second has, in hertz.
    public var rate: Int
    /// How many numbers a sample has.
    public var channels: Int
    /// How many samples there will be; `nil` when nobody knows.
    public var count: Int?
    /// What was decided when the sound was made.
    public var facts: SoundFacts

    /// Creates a description.
    public init(rate: Int, channels: Int, count: Int? = nil, facts: SoundFacts = SoundFacts()) {
        self.rate = rate
        self.channels = channels
        self.count = count
        self.facts = facts
    }

    /// What a source says of itself.
    public init(of source: any SampleSource) {
        self.init(
            rate: source.rate, channels: source.channels, count: source.count,
            facts: SoundFacts(of: source))
    }
}

/// An encoder of sound: samples go in, a block after the other, and a file comes out.
public protocol SoundEncoder: Sendable {
    /// What writes a file.
    associatedtype Writer: SoundWriter

    /// Stops the work between blocks.
    var cancellation: CancellationFlag? { get set }

    /// Begins a file whose samples come block by block.
    ///
    /// - Throws: `argument.invalid` for a rate or channels that the file cannot have, and for options that are out of range.
    func begin(_ sound: SoundDescription, to sink: any ByteSink) throws(MediaError) -> Writer
}

extension SoundEncoder {
    /// Writes all samples of a source, on the caller's thread, in the memory of a block.
    ///
    /// - Throws: what the source, the sink, ``begin(_:to:)`` and ``SoundWriter/append(_:as:)`` throw.
    public func encode(_ source: any SampleSource, to sink: any ByteSink) throws(MediaError) -> SoundReport {
        try begin(SoundDescription(of: source), to: sink).write(source, cancellation: cancellation)
    }

    /// Writes all samples of a source on a thread of `pool`. The sink is used by that thread alone until the call returns.
    ///
    /// - Throws: as ``encode(_:to:)``; `work.cancelled` when the task is cancelled.
    public func encode(
        _ source: any SampleSource, to sink: any ByteSink, on pool: WorkerPool
    ) async throws(MediaError) -> SoundReport {
        nonisolated(unsafe) let sink = sink
        return try await pool.async { (cancellation) throws(MediaError) in
            var encoder = self
            encoder.cancellation = cancellation
            return try unsafe encoder.encode(source, to: sink)
        }
    }
}

/// A file of sound that is being written, block by block.
///
/// A writer belongs to one thread at a time. After an error nothing can be added, and the file is not finished.
public protocol SoundWriter: AnyObject {
    /// How many channels the file has.
    var channels: Int { get }

    /// Adds samples.
    ///
    /// - Parameters:
    ///   - bytes: whole samples: packed numbers in native byte order, channels next to each other.
    ///   - type: what the numbers are. Floats are within −1…1, integers fill their type.
    /// - Throws: `argument.invalid` for parts of samples, for `bool`, and for more samples than were announced; under
    ///   ``/MediaCore/Strictness/strict`` `value.not-finite` and `value.out-of-range`.
    func append(_ bytes: RawSpan, as type: ElementType) throws(MediaError)

    /// Writes the end of the file.
    ///
    /// - Throws: `argument.invalid` for fewer samples than were announced.
    func finish() throws(MediaError) -> SoundReport
}

extension SoundWriter {
    /// Adds samples: numbers of any type but `Bool`, channels next to each other.
    ///
    /// - Throws: as ``append(_:as:)``.
    public func append<Number: TensorElement>(_ numbers: Span<Number>) throws(MediaError) {
        try append(unsafe numbers.bytes, as: Number.elementType)
    }

    /// Adds all samples of a source, and finishes the file.
    ///
    /// Numbers go to the file from their own type where the source has one.
    ///
    /// - Throws: what the source, ``append(_:as:)`` and ``finish()`` throw; an error that names no place names the sample that
    ///   was asked for last; `work.cancelled`.
    public func write(
        _ source: any SampleSource, cancellation: CancellationFlag? = nil
    ) throws(MediaError) -> SoundReport {
        let source = source.unwrapped
        guard source.channels == channels else {
            throw MediaError(
                .argumentInvalid, "a source of \(source.channels) channels for a file of \(channels)",
                at: .init(field: "channels"))
        }
        let block = max(1, SoundBlock.length / channels)
        var place = 0
        do throws(MediaError) {
            if let typed = source as? any TypedSampleSource, let count = typed.count {
                while place < count {
                    try cancellation?.check()
                    let end = min(count, place + block)
                    try typed.withElements(place..<end) { (bytes) throws(MediaError) in
                        try append(bytes, as: typed.elementType)
                    }
                    place = end
                }
            } else {
                var floats = [Float](repeating: 0, count: block * channels)
                while place < source.count ?? .max {
                    try cancellation?.check()
                    let wanted = min(block, (source.count ?? .max) - place)
                    var room = floats.mutableSpan
                    let count = min(wanted, max(0, try source.fill(place..<place + wanted, into: &room)))
                    if count > 0 { try append(floats.span.extracting(0..<count * channels)) }
                    place += count
                    if count < wanted { break }
                }
            }
            return try finish()
        } catch {
            throw error.inField("samples[\(place)]")
        }
    }
}

/// How much of a sound is in work at a time.
enum SoundBlock {
    /// Numbers, over all channels: as many as stay in the cache with what becomes of them.
    static let length = 1 << 15
}
