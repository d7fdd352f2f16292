public import ImageCoding
public import MediaCore

/// An encoder of moving pictures: frames go in, one after the other, and a file comes out.
public protocol FrameEncoder: Sendable {
    /// What writes a file.
    associatedtype Writer: ClipWriter

    /// Stops the work between frames.
    var cancellation: CancellationFlag? { get set }

    /// Begins a file whose frames come one by one.
    ///
    /// - Parameters:
    ///   - clip: what is known of it.
    ///   - sink: what is written to.
    /// - Throws: `argument.invalid` for sizes that the file cannot have, and for options that are out of range.
    func begin(_ clip: ClipDescription, to sink: any ByteSink) throws(MediaError) -> Writer
}

extension FrameEncoder {
    /// Writes all frames of a source.
    ///
    /// - Throws: what the source, the sink, ``begin(_:to:)`` and ``ClipWriter/append(_:endingAt:)`` throw.
    public func encode(_ source: any FrameSource, to sink: any ByteSink) throws(MediaError) -> ClipReport {
        try begin(ClipDescription(of: source), to: sink).write(source)
    }

    /// Writes all frames of a source on a thread of `pool`. The sink is used by that thread alone until the call returns.
    ///
    /// - Throws: as ``encode(_:to:)``; `work.cancelled` when the task is cancelled.
    public func encode(
        _ source: any FrameSource, to sink: any ByteSink, on pool: WorkerPool
    ) async throws(MediaError) -> ClipReport {
        nonisolated(unsafe) let sink = sink
        return try await pool.async { (cancellation) throws(MediaError) in
            var encoder = self
            encoder.cancellation = cancellation
            return try unsafe encoder.encode(source, to: sink)
        }
    }

    /// Writes frames that come one after the other, on a thread of `pool`; nothing but the frames that are in work is kept.
    ///
    /// The next frame is asked for when the one before is taken. The first tells size and format.
    /// - Throws: `argument.invalid` without frames and for one unlike the first; `source.failed` with what the sequence
    ///   threw, both naming the frame; `work.cancelled`; what encoding throws.
    public func encode<Frames: AsyncSequence & Sendable>(
        _ frames: Frames, frameRate: FrameRate, to sink: any ByteSink, on pool: WorkerPool
    ) async throws(MediaError) -> ClipReport where Frames.Element == any PixelSource {
        nonisolated(unsafe) let sink = sink
        var box: WriterBox<Writer>?
        var index = 0
        do {
            for try await frame in frames {
                let (place, open) = (index, box)
                box = try await pool.async { (cancellation) throws(MediaError) in
                    try cancellation.check()
                    let writer: Writer
                    if let open {
                        writer = open.writer
                    } else {
                        let clip = ClipDescription(
                            width: frame.width, height: frame.height, format: frame.format,
                            timeBase: frameRate.frameDuration, facts: frame.facts)
                        writer = try unsafe begin(clip, to: sink)
                    }
                    try writer.append(frame, endingAt: place + 1)
                    return WriterBox(writer)
                }
                index += 1
            }
        } catch let error as MediaError {
            throw error
        } catch is CancellationError {
            throw MediaError(.cancelled, "the task was cancelled")
        } catch {
            throw MediaError(
                .sourceFailed, "frame \(index) could not be had: \(error)", at: .init(field: "frames[\(index)]"),
                underlying: error)
        }
        guard let last = box else {
            throw MediaError(
                .argumentInvalid, "a clip of no frames", hint: "give at least one", at: .init(field: "frames"))
        }
        return try await pool.async { (_) throws(MediaError) in try last.writer.finish() }
    }
}

/// A writer on its way from one thread to the next: they use it one after the other.
private struct WriterBox<Writer: ClipWriter>: @unchecked Sendable {
    let writer: Writer

    init(_ writer: Writer) { self.writer = writer }
}
