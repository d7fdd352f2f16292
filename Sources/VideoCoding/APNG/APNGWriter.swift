public import ImageCoding
public import MediaCore

/// An APNG file that is being written, frame by frame; made by ``APNGEncoder/begin(_:to:)``.
///
/// Memory holds two frames and the compressed bytes of one.
public final class APNGWriter: ClipWriter {
    private let encoder: APNGEncoder
    private let images: PNGEncoder
    private let sink: any ByteSink
    private let start: Int
    /// What frames become before they are written.
    private let written: PixelFormat
    private let timeBase: TimeBase
    private let expected: Int?
    private var report: ClipReport
    private var current: FramePixels
    private var previous: FramePixels
    private var gate: FrameGate
    /// Chunks on their way into the file.
    private var chunks = PNGChunkBytes()
    /// Numbers the chunks of frames.
    private var sequence: UInt32 = 0
    /// Where the number of frames stands.
    private var countPlace = 0
    private let frameBytes = MemorySink()

    init(_ encoder: APNGEncoder, _ clip: ClipDescription, _ sink: any ByteSink) {
        self.encoder = encoder
        self.sink = sink
        gate = FrameGate(clip)
        timeBase = clip.timeBase
        start = sink.byteCount
        expected = clip.frameCount
        // The palette of one frame would not do for the next.
        written = clip.format.model == .indexed ? .rgba : clip.format
        images = PNGEncoder(.init(preset: encoder.preset, reduction: .never, pool: encoder.pool))
        let words = PixelWords(bytesPerPixel: written.bytesPerPixel)
        current = FramePixels(width: clip.width, height: clip.height, words: words)
        previous = FramePixels(width: clip.width, height: clip.height, words: words)
        report = ClipReport(clip)
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
        try gate.close()
        try encoder.cancellation?.check()
        let index = gate.count
        if let expected, index >= expected {
            throw MediaError(
                .argumentInvalid, "frame \(index) of a file for \(expected) frames",
                hint: "say the right number of frames", at: .init(field: "frames[\(index)]"))
        }
        let duration = APNGDuration(try gate.pass(frame, endingAt: end), timeBase)
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
        gate.reopen()
    }

    /// Writes the end of the file.
    ///
    /// - Throws: `argument.invalid` when there was no frame, or fewer than were said; what the sink throws.
    public func finish() throws(MediaError) -> ClipReport {
        try gate.close()
        let count = report.frameCount
        guard count > 0, expected == nil || expected == count else {
            throw MediaError(
                .argumentInvalid, "\(count) frames came, \(expected.map(String.init) ?? "at least one") should have",
                hint: "say the right number of frames", at: .init(field: "frames"))
        }
        if expected == nil, let sink = sink as? any PatchableSink {
            chunks.removeAll()
            try appendControl(count)
            try chunks.withBytes { (bytes) throws(MediaError) in try sink.overwrite(at: countPlace, with: bytes) }
        }
        chunks.removeAll()
        try chunks.append("IEND") { _ in }
        try chunks.withBytes { (bytes) throws(MediaError) in try sink.write(bytes) }
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
        let file = frameBytes.bytes
        var parts: [Range<Int>] = []
        unsafe PNGChunks.each(in: file.span.bytes) { name, data in
            if name == "IDAT" { parts.append(data) }
            return true
        }
        guard let first = parts.first, let last = parts.last else { return }
        chunks.removeAll()
        if isFirst {
            // Length and name stand in front of the content, the checksum behind it.
            try unsafe sink.write(file.span.bytes.extracting(0..<first.lowerBound - 8))
            countPlace = sink.byteCount
            try appendControl(expected ?? 0)
            try appendFrameControl(area, duration)
            try chunks.withBytes { (bytes) throws(MediaError) in try sink.write(bytes) }
            try unsafe sink.write(file.span.bytes.extracting(first.lowerBound - 8..<last.upperBound + 4))
            return
        }
        try appendFrameControl(area, duration)
        for part in parts {
            try chunks.append("fdAT") { bytes in
                PNGChunkBytes.append(nextNumber(), to: &bytes)
                bytes += file[part]
            }
        }
        try chunks.withBytes { (bytes) throws(MediaError) in try sink.write(bytes) }
    }

    /// How many frames, and how often.
    private func appendControl(_ count: Int) throws(MediaError) {
        let times = if case .times(let times) = encoder.loops { times } else { 0 }
        try chunks.append("acTL") { bytes in
            for number in [count, times] { PNGChunkBytes.append(UInt32(truncatingIfNeeded: number), to: &bytes) }
        }
    }

    /// Where a frame stands, and how long.
    private func appendFrameControl(_ area: FrameArea, _ duration: APNGDuration) throws(MediaError) {
        try chunks.append("fcTL") { bytes in
            PNGChunkBytes.append(nextNumber(), to: &bytes)
            for number in [area.columns.count, area.rows.count, area.columns.lowerBound, area.rows.lowerBound] {
                PNGChunkBytes.append(UInt32(truncatingIfNeeded: number), to: &bytes)
            }
            PNGChunkBytes.append(UInt32(duration.numerator) << 16 | UInt32(duration.denominator), to: &bytes)
            bytes += [0, 0]  // Nothing is disposed of; pixels replace what was there.
        }
    }

    private func nextNumber() -> UInt32 {
        defer { sequence += 1 }
        return sequence
    }
}
