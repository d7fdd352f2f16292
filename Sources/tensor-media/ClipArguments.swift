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
            "How a GIF shows colours between those of its palettes: auto, none, diffusion, ordered, or one with a strength: ordered:0.5.",
            valueName: "way"))
    var dither: String?
    @Option(help: ArgumentHelp("How often a clip is shown: forever, or 1 to 65536.", valueName: "times"))
    var loop: String?
    @Option(
        help: ArgumentHelp(
            "The colour that frames with opacity are laid over (ffffff if not given), or threshold:N for pixels that are clear below N of 255.",
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
            ("contact-sheet", contactSheet), ("stream", stream),
        ] {
            if let value { try settings.setOption(name, to: value) }
        }
    }
}
