import ArgumentParser
import TensorMedia

/// What is asked of clips: options of `convert`.
struct ClipArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Frames per second: 30, 29.97, 30000/1001; 4 if not given. More than 50 cannot be shown by GIF.",
            valueName: "rate"))
    var fps: String?
    @Option(help: ArgumentHelp("How long each frame is shown, instead of --fps: 0.25s, 250ms, 4cs.", valueName: "time"))
    var delay: String?
    @Option(
        help: ArgumentHelp(
            "How a GIF shows colours between those of its palettes: auto, none, diffusion, ordered, or one with a strength: ordered:0.5. A sound: none, tpdf or tpdf:SEED.",
            valueName: "way"))
    var dither: String?
    @Option(help: ArgumentHelp("How often a clip is shown: forever, or 1 to 65536.", valueName: "times"))
    var loop: String?
    @Option(
        help: ArgumentHelp(
            "The colour that frames with opacity are laid over (ffffff if not given), threshold:N for pixels that are clear below N of 255 (gif), or keep (webm).",
            valueName: "colour"))
    var alpha: String?
    @Flag(help: "Let a frame that is equal to the one before make that one last longer, instead of writing it.")
    var merge = false
    @Option(
        help: ArgumentHelp("The first frame, by number (from 0) or by time: 12, 1.5s, 250ms.", valueName: "frame"))
    var start: String?
    @Option(help: ArgumentHelp("The frame before which the clip ends, by number or by time.", valueName: "frame"))
    var end: String?
    @Option(help: ArgumentHelp("Keep one of so many frames; each is shown until the next.", valueName: "n"))
    var every: String?
    @Option(
        help: ArgumentHelp(
            "The size of the frames: 320x240, 320x (so wide), x240 (so high), fit:320x240 (inside), 320 (no side longer).",
            valueName: "size"))
    var size: String?
    @Option(help: ArgumentHelp("Write this frame as a picture beside the clip: clip.poster.png.", valueName: "frame"))
    var poster: String?
    @Option(
        help: ArgumentHelp(
            "Write so many frames, evenly spread, as one picture beside the clip: clip.sheet.png.", valueName: "frames")
    )
    var contactSheet: String?

    @Flag(
        help: ArgumentHelp(
            "A folder is one clip, its pictures or tensors are the frames, in the order of the numbers in their names; without this it is a batch."
        ))
    var frames = false
    @Option(
        help: ArgumentHelp(
            "The inputs are streams of frames, such as - from ffmpeg: y4m, or pixels and a size (gray:64x64, rgb:640x480, rgba:640x480).",
            valueName: "form"))
    var stream: String?

    @Option(
        help: ArgumentHelp(
            "How videos are compressed: h264 (mp4 if not given), hevc, vp9 (webm if not given), vp8 (ogg), av1.",
            valueName: "codec"))
    var codec: String?
    @Option(
        help: ArgumentHelp(
            "The quality of a video: 0 is the best, 51 (h264, hevc) or 63 the least.", valueName: "factor"))
    var crf: String?
    @Option(help: ArgumentHelp("The bits per second of a video, on average: 800k, 2.5M.", valueName: "bits"))
    var bitrate: String?
    @Flag(help: "Keep every sample of a video as it is: h264 in mp4, vp9 in webm.")
    var lossless = false
    @Option(help: ArgumentHelp("The chroma of a video: 420, or 444 for players that take it.", valueName: "kind"))
    var chroma: String?
    @Flag(help: "Leave tiny frames of few colours as they are, instead of enlarging them by a whole factor.")
    var noUpscale = false
    @Option(
        help: ArgumentHelp(
            "Further options of the video encoder, by libav's names: tune=animation,bf=0.", valueName: "name=value"))
    var codecOptions: String?
    @Option(help: ArgumentHelp("Threads of the video encoder; bytes depend on it. 1 if not given.", valueName: "n"))
    var codecThreads: String?

    @Option(
        help: ArgumentHelp(
            "The sound of a video: a tensor of samples × channels (its --rate is needed), or a file (wav, flac, mp3, ogg, the sound of mp4 and webm); none leaves that of an existing video out.",
            valueName: "file"),
        completion: .file())
    var audio: String?
    @Option(
        help: ArgumentHelp(
            "How the sound of a video is compressed: aac (mp4 if not given), opus, vorbis.", valueName: "codec"))
    var audioCodec: String?
    @Option(help: ArgumentHelp("The bits per second of the sound: 96k.", valueName: "bits"))
    var audioBitrate: String?

    /// Puts what was given into `settings`.
    func apply(to settings: inout ConversionSettings) throws(MediaError) {
        if fps != nil, delay != nil {
            throw MediaError(
                .argumentInvalid, "a rate and a time for each frame", hint: "leave one of them out",
                at: .init(field: "--delay"))
        }
        if frames {
            guard settings.clip.isAsked != false else {
                throw MediaError(
                    .argumentInvalid, "a folder of frames becomes a clip, no \(settings.picture.kind.rawValue)",
                    hint: "leave --as out, or write --as video", at: .init(field: "--frames"))
            }
            settings.clip.isAsked = true
        }
        for (name, value) in [
            ("fps", fps), ("delay", delay), ("dither", dither), ("loop", loop), ("alpha", alpha),
            ("merge", merge ? "yes" : nil),
            ("start", start), ("end", end), ("every", every), ("size", size), ("poster", poster),
            ("contact-sheet", contactSheet), ("stream", stream), ("codec", codec), ("crf", crf), ("bitrate", bitrate),
            ("lossless", lossless ? "yes" : nil), ("chroma", chroma), ("upscale", noUpscale ? "no" : nil),
            ("codec-options", codecOptions), ("codec-threads", codecThreads),
            ("audio", audio), ("audio-codec", audioCodec), ("audio-bitrate", audioBitrate),
        ] {
            if let value { try settings.setOption(name, to: value) }
        }
    }
}
