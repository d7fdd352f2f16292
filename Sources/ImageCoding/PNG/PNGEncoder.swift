public import MediaCore

/// Writes PNG files.
///
/// Rows are converted, filtered, compressed and summed in bands that stay in the processor's cache; with a pool, several
/// bands at a time. The file depends on the picture and the options alone, not on the number of threads or the processor.
///
///     let report = try PNGEncoder().encode(picture, to: sink)
///
/// An encoder keeps its working memory from picture to picture (about 1 MiB per thread) and may be used from several
/// threads at a time; copies share it. Keep one encoder where many small pictures are written.
public struct PNGEncoder: Sendable {
    /// What an encoder does, and with which help.
    public struct Options: Sendable {
        /// How much time to take for a smaller file.
        ///
        /// `.fastest` is what the encoder was made for. `.balanced` measures more and hands pictures that repay it to
        /// libdeflate. `.smallest` tries several filters with libdeflate's higher levels.
        public var preset: EncodingPreset
        /// Texts, physical size, colour space.
        public var metadata: PNGMetadata
        /// Whether pixels may be written in a smaller format with the same colours.
        public var reduction: Reduction
        /// The threads to use; `nil` works on the calling one.
        public var pool: WorkerPool?

        /// Creates options.
        public init(
            preset: EncodingPreset = .balanced, metadata: PNGMetadata = PNGMetadata(),
            reduction: Reduction = .automatic, pool: WorkerPool? = nil
        ) {
            self.preset = preset
            self.metadata = metadata
            self.reduction = reduction
            self.pool = pool
        }
    }

    /// Whether a picture may be written in a smaller format that shows exactly the same.
    public enum Reduction: String, Sendable, CaseIterable {
        /// In `.smallest` alone.
        case automatic
        /// Never: the file has the format of the source. (Indices take as few bits as the palette needs all the same.)
        case never
    }

    /// What the encoder does.
    public var options: Options
    private let cache = PNGWorkerCache()

    /// Creates an encoder.
    public init(_ options: Options = Options()) { self.options = options }

    /// Creates an encoder with a preset, on the calling thread.
    public init(preset: EncodingPreset) { self.init(Options(preset: preset)) }

    /// Writes `source` as a PNG file.
    ///
    /// - Returns: the size and format of what was written, and what was lost between tensor and pixels.
    /// - Throws: `argument.invalid` for metadata that PNG cannot hold; `limit.exceeded` for sides above 2³¹−1 or rows above
    ///   1 GiB; `value.out-of-range` for indices without a colour; whatever the source or the sink throws.
    @discardableResult
    public func encode(_ source: any PixelSource, to sink: any ByteSink) throws(MediaError) -> EncodingReport {
        try encode(source, to: sink, stored: false, cancellation: nil)
    }

    /// Writes `source` as a PNG file on the threads of the pool, and leaves the task's own thread free meanwhile.
    ///
    /// As ``encode(_:to:)``; without a pool in the options, on a thread of its own. Cancelling the task ends the work
    /// between two bands.
    ///
    /// - Throws: also `work.cancelled`.
    @discardableResult
    public func encode(
        _ source: any PixelSource, to sink: sending any ByteSink
    ) async throws(MediaError) -> EncodingReport {
        let pool = options.pool ?? WorkerPool(threadCount: 1)
        nonisolated(unsafe) let sink = sink
        return try await pool.async { cancellation throws(MediaError) in
            try unsafe encode(source, to: sink, stored: false, cancellation: cancellation)
        }
    }

    /// Writes `source` as a PNG file into memory.
    public func encode(_ source: any PixelSource) throws(MediaError) -> [UInt8] {
        let sink = MemorySink()
        try encode(source, to: sink)
        return sink.takeBytes()
    }

    /// As ``encode(_:to:)``; `stored` writes the rows without compression.
    @discardableResult
    package func encode(
        _ source: any PixelSource, to sink: any ByteSink, stored: Bool, cancellation: CancellationFlag?
    ) throws(MediaError) -> EncodingReport {
        let layout = try PNGLayout(source)
        guard options.preset == .smallest, options.reduction == .automatic, !stored else {
            return try encode(source, nil, layout, to: sink, stored: stored, cancellation)
        }
        var colors = cache.takeColors()
        defer { cache.give(colors) }
        let reduction = try PNGSurvey.reduction(of: source, colors: &colors, cache: cache)
        let smaller = try reduction == nil ? layout : PNGLayout(source, reduction)
        return try encode(source, reduction, smaller, to: sink, stored: false, cancellation)
    }

    private func encode(
        _ source: any PixelSource, _ reduction: PNGReduction?, _ layout: PNGLayout, to sink: any ByteSink, stored: Bool,
        _ cancellation: CancellationFlag?
    ) throws(MediaError) -> EncodingReport {
        let start = sink.byteCount
        try writeHeader(layout, to: sink)
        let tally = try PNGRows.with(source, reduction, layout) { (rows) throws(MediaError) in
            try PNGPass(source: rows, layout: layout, options: options, cache: cache, cancellation: cancellation)
                .run(stored: stored, to: sink)
        }
        return EncodingReport(
            width: layout.width, height: layout.height, format: layout.format, byteCount: sink.byteCount - start,
            facts: source.facts, tally: tally, findings: layout.findings)
    }

    private func writeHeader(_ layout: PNGLayout, to sink: any ByteSink) throws(MediaError) {
        var chunks = cache.takeHeader()
        chunks.begin()
        try chunks.appendHeader(layout)
        try chunks.append(options.metadata.colorSpace)
        if let palette = layout.palette { try chunks.append(palette) }
        try chunks.append(options.metadata)
        try unsafe sink.write(chunks.bytes.span.bytes)
        cache.give(chunks)
    }
}
