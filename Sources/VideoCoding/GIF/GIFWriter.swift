public import ImageCoding
public import MediaCore

/// A GIF file that is being written, frame by frame; made by ``GIFEncoder/begin(_:to:)``.
///
/// Frames wait until there is a group of them: up to three million pixels, at most 64 frames. They are rendered in parallel, planned
/// one after the other, compressed in parallel, and written in order; a group is also what palettes are chosen for. Memory
/// holds one group, whatever the length of the clip. The table of the clip stands in front of its frames, so up to a MiB of
/// them waits for its colours.
public final class GIFWriter: ClipWriter {
    /// The most pixels of a group.
    private static let groupPixels = 3_000_000
    /// The most frames of a group.
    private static let groupFrames = 64
    /// How many bytes of frames wait for the colours of the clip.
    private static let waitingBytes = 1 << 20

    private let encoder: GIFEncoder
    private let sink: any ByteSink
    private let start: Int
    private let width: Int
    private let height: Int
    private let words: PixelWords
    private let groupSize: Int

    private var gate: FrameGate
    private var planner: FramePlanner
    private var timing: GIFTiming
    private var report: ClipReport
    /// Frames that wait for their group, and when they end.
    private var waiting: [(frame: any PixelSource, end: Int)] = []
    /// Memory for a group of frames, and for the one before it.
    private var pixels: [FramePixels] = []
    private var indexed: [IndexedFrame] = []
    private var previous: FramePixels?
    private var spare: FramePixels?
    private var coder = FrameCoder()
    /// What is written already and waits for the header.
    private var body = GIFBytes()
    private var hasHeader = false
    /// How many frames came; fewer are in the file when equal ones are merged.
    private var seenFrames = 0
    /// The last frame, as long as frames equal to it may make it last longer; empty when there is none.
    private var held = GIFBytes()
    private var heldDelay = 0

    init(_ encoder: GIFEncoder, _ clip: ClipDescription, _ sink: any ByteSink) {
        self.encoder = encoder
        self.sink = sink
        (width, height) = (clip.width, clip.height)
        gate = FrameGate(clip)
        start = sink.byteCount
        words = PixelWords(channels: encoder.channels(of: clip.format))
        groupSize = min(Self.groupFrames, max(1, Self.groupPixels / (width * height)))
        planner = FramePlanner(width: width, height: height, words: words, encoder: encoder)
        timing = GIFTiming(timeBase: clip.timeBase)
        report = ClipReport(clip)
    }

    /// Adds a frame.
    ///
    /// - Parameters:
    ///   - frame: of the size and format that was said.
    ///   - end: when it ends, in units of the time base, counted from the beginning of the clip.
    /// - Throws: `argument.invalid` for a frame of another size or format, one that ends before it begins, one that lasts
    ///   longer than 655.35 s, and after ``finish()``; `work.cancelled`; what rendering an earlier frame of the group, or
    ///   the sink throws. Nothing can be added after an error.
    public func append(_ frame: any PixelSource, endingAt end: Int) throws(MediaError) {
        try gate.close()
        try encoder.cancellation?.check()
        _ = try gate.pass(frame, endingAt: end)
        waiting.append((frame, end))
        if waiting.count == groupSize { try flush() }
        gate.reopen()
    }

    /// Writes what waits, and the end of the file.
    ///
    /// - Throws: `argument.invalid` when there was no frame; what ``append(_:endingAt:)`` throws.
    public func finish() throws(MediaError) -> ClipReport {
        try gate.close()
        try flush()
        guard report.frameCount > 0 else {
            throw MediaError(
                .argumentInvalid, "a clip of no frames", hint: "give at least one", at: .init(field: "frames"))
        }
        try release()
        if !hasHeader { try writeHeader() }
        var end = GIFBytes(capacity: 1)
        end.append(GIFLayout.end)
        try end.withBytes { (bytes) throws(MediaError) in try sink.write(bytes) }
        report.seconds = Double(timing.written) / 100
        report.byteCount = sink.byteCount - start
        try addFindings()
        return report
    }

    // MARK: A group

    private func flush() throws(MediaError) {
        guard !waiting.isEmpty else { return }
        let frames = waiting
        waiting.removeAll(keepingCapacity: true)
        while pixels.count < frames.count {
            pixels.append(FramePixels(width: width, height: height, words: words))
            indexed.append(IndexedFrame(pixels: width * height))
        }
        try render(frames.map(\.frame))
        try compress(try plan(frames.map(\.end)))
        // The last frame stays, and its memory comes back with the next group.
        let last = frames.count - 1
        let returned = spare ?? FramePixels(width: width, height: height, words: words)
        spare = previous
        previous = pixels[last]
        pixels[last] = returned
    }

    /// Makes the pixels, each frame on a thread of its own.
    private func render(_ frames: [any PixelSource]) throws(MediaError) {
        let pixels = pixels
        let first = seenFrames
        let words = words
        let rule = encoder.opacity.conversion
        let threshold: UInt8? = if case .threshold(let least) = encoder.opacity { least } else { nil }
        let work: @Sendable (Int) throws(MediaError) -> Void = { (index) throws(MediaError) in
            do throws(MediaError) {
                var frame = frames[index]
                if frame.format != words.format { frame = try ConvertedSource(frame, to: words.format, rule: rule) }
                try pixels[index].render(frame)
                if let threshold { pixels[index].divideOpacity(at: threshold) }
            } catch {
                throw error.inField("frames[\(first + index)]")
            }
        }
        if let pool = encoder.pool, frames.count > 1 {
            try pool.runOrdered(
                count: frames.count, cancellation: encoder.cancellation, work: work,
                consume: { (_, _) throws(MediaError) in })
        } else {
            for index in frames.indices { try work(index) }
        }
        for index in frames.indices { report.tally.add(pixels[index].tally) }
    }

    /// Plans the frames of a group.
    ///
    /// - Returns: those that are written: all, but for frames that only make the one before last longer.
    private func plan(_ ends: [Int]) throws(MediaError) -> [IndexedFrame] {
        var planned: [IndexedFrame] = []
        for index in ends.indices {
            try encoder.cancellation?.check()
            let before = index == 0 ? previous : pixels[index - 1]
            let frame = indexed[index]
            planner.plan(pixels[index], after: before, coming: pixels[index..<ends.count], into: frame)
            frame.delay = try timing.delay(ofFrame: seenFrames, endingAt: ends[index])
            seenFrames += 1
            if encoder.mergesEqualFrames, frame.isUnchanged, lengthen(planned.last, by: frame.delay) { continue }
            planned.append(frame)
            report.frameCount += 1
            if frame.isExact { report.exactFrameCount += 1 }
            if frame.hasLocalColors { report.paletteCount += 1 }
        }
        return planned
    }

    /// Lets the last frame last longer, if the file can hold that: `frame`, or the one that is held.
    private func lengthen(_ frame: IndexedFrame?, by delay: Int) -> Bool {
        guard (frame?.delay ?? heldDelay) + delay <= GIFTiming.most, frame != nil || held.count > 0 else {
            return false
        }
        if let frame { frame.delay += delay } else { heldDelay += delay }
        return true
    }

    private func compress(_ frames: [IndexedFrame]) throws(MediaError) {
        let words = words
        if let pool = encoder.pool, frames.count > 1 {
            try pool.runOrdered(
                count: frames.count, cancellation: encoder.cancellation, makeSlot: { FrameCoder() },
                work: { (index, coder) throws(MediaError) in coder.code(frames[index], words) },
                consume: { (index, coder) throws(MediaError) in try take(coder.output, frames[index]) })
        } else {
            for frame in frames {
                coder.code(frame, words)
                try take(coder.output, frame)
            }
        }
    }

    /// Writes a frame, or holds it back until the next one is there.
    private func take(_ bytes: borrowing GIFBytes, _ frame: IndexedFrame) throws(MediaError) {
        guard encoder.mergesEqualFrames else { return try write(bytes) }
        try release()
        held.append(bytes)
        heldDelay = frame.delay
    }

    /// Writes the frame that was held back, with the time that it has now.
    private func release() throws(MediaError) {
        guard held.count > 0 else { return }
        GIFLayout.setDelay(heldDelay, of: held)
        try write(held)
        held.count = 0
    }

    private func write(_ bytes: borrowing GIFBytes) throws(MediaError) {
        if hasHeader { return try bytes.withBytes { (span) throws(MediaError) in try sink.write(span) } }
        body.append(bytes)
        if body.count >= Self.waitingBytes { try writeHeader() }
    }

    private func writeHeader() throws(MediaError) {
        var header = GIFBytes()
        let colors = planner.colors.keys
        GIFLayout.begin(
            &header, width: width, height: height, colors: colors, needed: planner.neededColors, words: words,
            loops: encoder.loops)
        try header.withBytes { (span) throws(MediaError) in try sink.write(span) }
        try body.withBytes { (span) throws(MediaError) in try sink.write(span) }
        body = GIFBytes(capacity: 1)
        planner.writtenColors = colors.count
        if !colors.isEmpty { report.paletteCount += 1 }
        hasHeader = true
    }

    private func addFindings() throws(MediaError) {
        guard let finding = timing.finding(frameCount: seenFrames) else { return }
        if encoder.strictness == .strict {
            throw MediaError(finding.code, finding.message, hint: finding.hint, at: .init(field: finding.path))
        }
        report.findings.append(finding)
    }
}

/// Compresses frames, one after another, with the same memory.
struct FrameCoder: ~Copyable {
    private var compressor = LZWEncoder()
    /// The frame as it stands in the file.
    private(set) var output = GIFBytes(capacity: 16384)

    /// Makes the bytes of a frame.
    mutating func code(_ frame: IndexedFrame, _ words: PixelWords) {
        output.count = 0
        GIFLayout.append(frame, words: words, to: &output)
        unsafe compressor.encode(
            frame.drawn, codeSize: max(2, GIFLayout.tableBits(frame.neededColors)), transparent: frame.transparent,
            nearby: frame.nearby, to: &output)
    }
}

extension GIFEncoder {
    /// How many channels frames have while they are encoded.
    func channels(of format: PixelFormat) -> Int {
        if case .threshold = opacity, format.hasAlpha || format.model == .indexed { return 4 }
        return format.model == .gray || format.model == .grayAlpha ? 1 : 3
    }
}
