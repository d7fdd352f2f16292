public import MediaCore

// The asynchronous twins of the encoders that work on one thread. They run on a thread of the pool and stop, between two
// bands, when the task is cancelled. The sink is used by that thread alone until the call returns.

extension JPEGEncoder {
    /// Encodes a picture on a thread of `pool`. Throws `work.cancelled` when the task is cancelled.
    public func encode(
        _ source: any PixelSource, to sink: any ByteSink, on pool: WorkerPool
    ) async throws(MediaError) -> EncodingReport {
        nonisolated(unsafe) let sink = sink
        return try await pool.async { cancellation throws(MediaError) in
            try unsafe encode(CancellableSource(base: source, cancellation: cancellation), to: sink)
        }
    }
}

extension BMPEncoder {
    /// Encodes a picture on a thread of `pool`. Throws `work.cancelled` when the task is cancelled.
    public func encode(
        _ source: any PixelSource, to sink: any ByteSink, on pool: WorkerPool
    ) async throws(MediaError) -> EncodingReport {
        nonisolated(unsafe) let sink = sink
        return try await pool.async { cancellation throws(MediaError) in
            try unsafe encode(CancellableSource(base: source, cancellation: cancellation), to: sink)
        }
    }
}

extension ReferencePNGEncoder {
    /// Encodes a picture on a thread of `pool`. Throws `work.cancelled` when the task is cancelled.
    public func encode(
        _ source: any PixelSource, to sink: any ByteSink, on pool: WorkerPool
    ) async throws(MediaError) -> EncodingReport {
        nonisolated(unsafe) let sink = sink
        return try await pool.async { cancellation throws(MediaError) in
            try unsafe encode(CancellableSource(base: source, cancellation: cancellation), to: sink)
        }
    }
}

/// A source that looks at a flag before each band.
private struct CancellableSource: PixelSource {
    let base: any PixelSource
    let cancellation: CancellationFlag

    var width: Int { base.width }
    var height: Int { base.height }
    var format: PixelFormat { base.format }
    var palette: Palette? { base.palette }
    var facts: PixelFacts { base.facts }

    func fill(rows: Range<Int>, into band: inout MutableRawSpan, tally: inout PixelTally) throws(MediaError) {
        try cancellation.check()
        try base.fill(rows: rows, into: &band, tally: &tally)
    }
}
