public import ImageCoding
public import MediaCore

extension VideoEncoder {
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
}
