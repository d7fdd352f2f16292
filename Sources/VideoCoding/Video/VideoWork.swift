import CLibavLoader
import ImageCoding
import MediaCore

/// An encoder and the file that its packets go into.
final class VideoWork {
    private let encoder: LibavEncoder
    private let muxer: LibavMuxer
    private let plan: VideoPlan
    private var clock: VideoClock
    private var planes: YUVRenderer?
    private var rows: RGBRows
    private let sound: SoundWork?

    /// - Parameters:
    ///   - firstDuration: how long the first frame is shown, in units of the time base.
    ///   - source: the size of the frames before they are enlarged.
    init(
        _ library: LibavLibrary, _ settings: VideoEncoder, _ plan: VideoPlan, timeBase: TimeBase, firstDuration: Int,
        source: (width: Int, height: Int), options: [(name: String, value: String)], _ sink: any ByteSink
    ) throws(MediaError) {
        self.plan = plan
        planes = plan.matrix.map { matrix in
            YUVRenderer(
                width: source.width, height: source.height, format: plan.pixels, matrix: matrix,
                subsampling: plan.subsampling, scale: plan.scale)
        }
        rows = RGBRows(width: plan.matrix == nil ? source.width : 0)
        encoder = try LibavEncoder(
            library, name: settings.encoderName(plan.codec), width: plan.codedWidth, height: plan.codedHeight,
            format: plan.pixelNumber, options: options)
        let (frame, overflow) = timeBase.numerator.multipliedReportingOverflow(by: firstDuration)
        let rate = TimeBaseNumbers(
            numerator: Int32(clamping: overflow ? Int.max : frame), denominator: Int32(clamping: timeBase.denominator))
        let unit = VideoClock.unit(for: timeBase, frame: rate, in: settings.format)
        if let track = settings.sound, let codec = settings.soundCodec {
            sound = try SoundWork(library, settings, track, codec)
        } else {
            sound = nil
        }
        var tracks = [LibavMuxer.Track(encoder: encoder, timeBase: unit, frame: rate)]
        if let sound { tracks.append(sound.track) }
        muxer = try LibavMuxer(
            library, name: settings.format.rawValue, tracks: tracks, options: Self.fileOptions(settings.format, unit),
            to: LibavBytes(sink, needsPatching: settings.format != .ogg))
        clock = VideoClock(timeBase, unit: muxer.timeBase(of: 0), format: settings.format)
    }

    /// What became of the sound.
    var soundFacts: SoundTrackFacts? { sound?.facts }

    /// What is to be warned of in the sound, once all is written.
    var soundFindings: [Finding] { sound?.findings(frames: seconds) ?? [] }

    /// How long the file plays, in seconds.
    var seconds: Double { clock.seconds }

    /// Adds a frame in the format of the plan.
    func add(
        _ frame: any PixelSource, number: Int, endingAt end: Int, tally: inout PixelTally
    ) throws(MediaError) {
        try clock.add(frame: number, endingAt: end)
        let target = try unsafe encoder.frame()
        if planes == nil {
            try unsafe rows.render(frame, into: target, tally: &tally)
        } else {
            try planes?.render(frame, into: try unsafe Self.planes(of: target), tally: &tally)
        }
        try encoder.send(number)
        try drain()
    }

    /// Writes what the encoder still has, and the end of the file.
    func finish(_ cancellation: CancellationFlag?) throws(MediaError) {
        try encoder.send(nil)
        try drain(cancellation)
        try sound?.write(until: nil, to: muxer, track: Self.soundTrack, cancellation)
        try muxer.finish()
    }

    private func drain(_ cancellation: CancellationFlag? = nil) throws(MediaError) {
        while let packet = try unsafe encoder.receive() {
            try cancellation?.check()
            let shown = unsafe Int(packet.pointee.pts), decoded = unsafe Int(packet.pointee.dts)
            let begin = clock.start(of: shown)
            let duration = clock.start(of: shown + 1) - begin
            let time = clock.start(of: decoded)
            // Players read both streams side by side.
            try sound?.write(until: clock.seconds(time), to: muxer, track: Self.soundTrack, cancellation)
            try unsafe muxer.write(packet, of: 0, shownAt: begin, decodedAt: time, duration: duration)
            clock.forget(before: decoded)
        }
    }

    private static func planes(of frame: UnsafeMutablePointer<tm_av_frame>) throws(MediaError) -> YUVPlanes {
        let data = unsafe frame.pointee.data, strides = unsafe frame.pointee.linesize
        guard let y = unsafe data.0, let u = unsafe data.1, let v = unsafe data.2, strides.1 == strides.2 else {
            throw MediaError(.libraryFailed, "libav gave a frame without memory")
        }
        return unsafe YUVPlanes(
            y: y, u: u, v: v, alpha: data.3, yStride: Int(strides.0), chromaStride: Int(strides.1),
            alphaStride: Int(strides.3))
    }

    /// The place of the sound among the streams.
    private static let soundTrack = 1

    /// The options of a kind of file.
    private static func fileOptions(
        _ format: ClipFormat, _ unit: TimeBaseNumbers
    ) -> [(name: String, value: String)] {
        // What codecs of sound need ahead of its first sample would move the frames.
        if format == .webm { return [("avoid_negative_ts", "disabled")] }
        guard format == .mp4 else { return [] }
        // The index stands in front, so that players begin before they have all; durations count as times do.
        return [
            ("movflags", "+faststart"), ("video_track_timescale", "\(unit.denominator)"),
            ("movie_timescale", "\(unit.denominator)"),
        ]
    }
}
