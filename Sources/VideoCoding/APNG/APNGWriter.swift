public import ImageCoding
public import MediaCore

/// An APNG file that is being written, frame by frame; made by
/// ``APNGEncoder/begin(width:height:format:timeBase:frameCount:facts:to:)``.
///
/// Memory holds two frames and the compressed bytes of one.
public final class APNGWriter {
    private let encoder: APNGEncoder
    private let images: PNGEncoder
    private let sink: any ByteSink
    private let start: Int
    private let format: PixelFormat
    /// What frames become before they are written.
    private let written: PixelFormat
    private let timeBase: TimeBase
    private let expected: Int?
    private var report: ClipReport
    private var current: FramePixels
    private var previous: FramePixels
    private var lastEnd = 0
    /// Numbers the chunks of frames.
    private var sequence: UInt32 = 0
    /// Where the number of frames stands.
    private var countPlace = 0
    private var isFinished = false
    private let frameBytes = MemorySink()

    init(
        _ encoder: APNGEncoder, width: Int, height: Int, format: PixelFormat, timeBase: TimeBase, frameCount: Int?,
        facts: PixelFacts, _ sink: any ByteSink
    ) {
        self.encoder = encoder
        self.sink = sink
        self.format = format
        self.timeBase = timeBase
        start = sink.byteCount
        expected = frameCount
        // The palette of one frame would not do for the next.
        written = format.model == .indexed ? .rgba : format
        images = PNGEncoder(.init(preset: encoder.preset, reduction: .never, pool: encoder.pool))
        let words = PixelWords(bytesPerPixel: written.bytesPerPixel)
        current = FramePixels(width: width, height: height, words: words)
        previous = FramePixels(width: width, height: height, words: words)
        report = ClipReport(width: width, height: height, facts: facts)
    }

    /// Adds a frame.
    ///
    /// - Parameters:
    ///   - frame: of the size and format that was said.
    ///   - end: when it ends, in units of the time base, counted from the beginning of the clip.
    /// - Throws: `argument.invalid` for a frame of another size or format, one that ends before it begins, more frames than
    ///   were said, and after ``finish()``; `work.cancelled`; what the frame, the PNG encoder or the sink throws. Nothing can
    ///   be added after an error.
    public func append(_ frame: any PixelSource, endingAt end: Int) throws(MediaError) {
        try encoder.cancellation?.check()
        let index = report.frameCount
        guard !isFinished, expected.map({ index < $0 }) ?? true else {
            throw MediaError(
                .argumentInvalid, "frame \(index) of a file for \(expected ?? index) frames",
                hint: "say the right number of frames", at: .init(field: "frames[\(index)]"))
        }
        guard (frame.width, frame.height) == (report.width, report.height), frame.format == format else {
            throw MediaError(
                .argumentInvalid,
                "frame \(index) is \(frame.width)×\(frame.height) \(frame.format), the file is for \(report.width)×\(report.height) \(format)",
                hint: "give every frame the same size and format", at: .init(field: "frames[\(index)]"))
        }
        guard end > lastEnd else {
            throw MediaError(
                .argumentInvalid, "frame \(index) would end at \(end), it begins at \(lastEnd)",
                hint: "let times rise", at: .init(field: "frames[\(index)]"))
        }
        let duration = APNGDuration(end - lastEnd, timeBase)
        lastEnd = end
        do throws(MediaError) {
            let picture: any PixelSource =
                frame.format == written ? frame : try ConvertedSource(frame, to: written)
            try current.render(picture)
            try write(duration)
        } catch { throw error.inField("frames[\(index)]") }
        report.tally.add(current.tally)
        report.seconds += duration.seconds
        report.frameCount += 1
        report.exactFrameCount += 1
        swap(&current, &previous)
    }

    /// Writes the end of the file.
    ///
    /// - Throws: `argument.invalid` when there was no frame, or fewer than were said; what the sink throws.
    public func finish() throws(MediaError) -> ClipReport {
        let count = report.frameCount
        guard count > 0, expected == nil || expected == count else {
            throw MediaError(
                .argumentInvalid, "\(count) frames came, \(expected.map(String.init) ?? "at least one") should have",
                hint: "say the right number of frames", at: .init(field: "frames"))
        }
        isFinished = true
        if expected == nil, let sink = sink as? any PatchableSink {
            let chunk = control(count)
            try chunk.withSpan { (bytes) throws(MediaError) in try sink.overwrite(at: countPlace, with: bytes) }
        }
        try APNGChunk("IEND").write(to: sink)
        report.byteCount = sink.byteCount - start
        return report
    }

    // MARK: Chunks

    private func write(_ duration: APNGDuration) throws(MediaError) {
        let isFirst = report.frameCount == 0
        let whole = FrameArea(columns: 0..<report.width, rows: 0..<report.height)
        // A frame equal to the one before still has to be there: one pixel of it.
        let area =
            isFirst
            ? whole
            : FrameDelta.area(of: current, since: previous) ?? FrameArea(columns: 0..<1, rows: 0..<1)
        frameBytes.removeAll()
        _ = try images.encode(FramePicture(pixels: current, area: area, format: written), to: frameBytes)
        let bytes = frameBytes.bytes
        var chunks = PNGChunkList(bytes)
        if isFirst {
            let head = chunks.headEnd
            try unsafe sink.write(bytes.span.bytes.extracting(0..<head))
            countPlace = sink.byteCount
            try control(expected ?? 0).write(to: sink)
        }
        try frameControl(area, duration).write(to: sink)
        while let data = chunks.nextData() {
            if isFirst {
                try unsafe sink.write(bytes.span.bytes.extracting(data.lowerBound - 8..<data.upperBound + 4))
            } else {
                var chunk = APNGChunk("fdAT")
                chunk.append(nextNumber())
                chunk.append(bytes[data])
                try chunk.write(to: sink)
            }
        }
    }

    /// How many frames, and how often.
    private func control(_ count: Int) -> APNGChunk {
        var chunk = APNGChunk("acTL")
        chunk.append(UInt32(truncatingIfNeeded: count))
        if case .times(let times) = encoder.loops {
            chunk.append(UInt32(truncatingIfNeeded: times))
        } else {
            chunk.append(0 as UInt32)
        }
        return chunk
    }

    /// Where a frame stands, and how long.
    private func frameControl(_ area: FrameArea, _ duration: APNGDuration) -> APNGChunk {
        var chunk = APNGChunk("fcTL")
        chunk.append(nextNumber())
        for number in [area.columns.count, area.rows.count, area.columns.lowerBound, area.rows.lowerBound] {
            chunk.append(UInt32(truncatingIfNeeded: number))
        }
        chunk.append(duration.numerator)
        chunk.append(duration.denominator)
        chunk.append([0, 0])  // Nothing is disposed of; pixels replace what was there.
        return chunk
    }

    private func nextNumber() -> UInt32 {
        defer { sequence += 1 }
        return sequence
    }
}
