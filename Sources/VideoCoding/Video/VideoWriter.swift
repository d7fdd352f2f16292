import CLibavLoader
public import ImageCoding
public import MediaCore

/// An mp4, webm or ogg file that is being written, frame by frame; made by ``VideoEncoder/begin(_:to:)``.
///
/// What is needed to encode is made when the first frame is there: its colours decide whether frames are enlarged. Memory holds
/// one frame, what the encoder keeps, and the index of the file.
public final class VideoWriter: ClipWriter {
    private let encoder: VideoEncoder
    private let codec: VideoCodec
    private let library: LibavLibrary
    private let sink: any ByteSink
    private let start: Int
    private let timeBase: TimeBase
    /// What frames become before they are compressed.
    private let pixels: PixelFormat
    private var gate: FrameGate
    private var report: ClipReport
    private var work: VideoWork?

    init(
        _ encoder: VideoEncoder, _ codec: VideoCodec, _ library: LibavLibrary, _ clip: ClipDescription,
        _ sink: any ByteSink
    ) {
        self.encoder = encoder
        self.codec = codec
        self.library = library
        self.sink = sink
        start = sink.byteCount
        timeBase = clip.timeBase
        pixels = encoder.pixels(of: clip.format)
        gate = FrameGate(clip)
        report = ClipReport(clip)
    }

    /// Adds a frame.
    ///
    /// - Parameters:
    ///   - frame: of the size and format that was said.
    ///   - end: when it ends, in units of the time base, counted from the beginning of the clip.
    /// - Throws: `argument.invalid` for a frame of another size or format, one that ends before it begins or is shown too
    ///   shortly or too long for the file, an option that the codec does not know, and after ``finish()``; `work.cancelled`;
    ///   `library.failed` with what the codec says; what the frame or the sink throws. Nothing can be added after an error.
    public func append(_ frame: any PixelSource, endingAt end: Int) throws(MediaError) {
        try gate.close()
        try encoder.cancellation?.check()
        let index = gate.count
        let duration = try gate.pass(frame, endingAt: end)
        do throws(MediaError) {
            var picture = frame
            if frame.format != pixels {
                picture = try ConvertedSource(frame, to: pixels, rule: encoder.opacity.conversion)
            }
            if work == nil { work = try begin(picture, duration) }
            try work?.add(picture, number: index, endingAt: end, tally: &report.tally)
            report.frameCount += 1
        } catch {
            // Codecs keep memory and threads; nothing can be added any more.
            work = nil
            throw error.inField("frames[\(index)]")
        }
        gate.reopen()
    }

    /// Writes what the encoder still has, and the end of the file.
    ///
    /// - Throws: `argument.invalid` when there was no frame; `work.cancelled`; `library.failed`; what the sink throws.
    public func finish() throws(MediaError) -> ClipReport {
        try gate.close()
        try encoder.cancellation?.check()
        guard let work else {
            throw MediaError(
                .argumentInvalid, "a clip of no frames", hint: "give at least one", at: .init(field: "frames"))
        }
        self.work = nil
        try work.finish(encoder.cancellation)
        report.seconds = work.seconds
        report.sound = work.soundFacts
        report.findings += work.soundFindings
        try check(work.soundFindings)
        report.byteCount = sink.byteCount - start
        if encoder.quality == .lossless { report.exactFrameCount = report.frameCount }
        return report
    }

    /// What is to be warned of is an error where the encoder is strict.
    private func check(_ findings: [Finding]) throws(MediaError) {
        guard encoder.strictness == .strict, let finding = findings.first else { return }
        throw MediaError(finding.code, finding.message, hint: finding.hint, at: .init(field: finding.path))
    }

    /// Decides what depends on the first frame, and opens encoder and file.
    private func begin(_ first: any PixelSource, _ duration: Int) throws(MediaError) -> VideoWork {
        let plan = try VideoPlan(encoder, codec, first)
        try check(plan.findings)
        let options = VideoOptions.all(
            encoder, plan, frameSeconds: Double(duration) * timeBase.seconds)
        let made = try VideoWork(
            library, encoder, plan, timeBase: timeBase, firstDuration: duration,
            source: (first.width, first.height), options: options, sink)
        report.width = plan.width
        report.height = plan.height
        report.facts.remarks += plan.remarks
        report.findings += plan.findings
        report.video = VideoFacts(
            codec: codec, codedWidth: plan.codedWidth, codedHeight: plan.codedHeight, scale: plan.scale,
            matrix: plan.matrix, subsampling: plan.subsampling, keepsAlpha: plan.keepsAlpha, threads: encoder.threads)
        return made
    }
}
