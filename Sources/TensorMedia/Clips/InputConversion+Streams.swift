import ImageCoding
import MediaCore
import VideoCoding

extension InputConversion {
    /// Writes the clip that a stream of frames is: each is read, converted and forgotten.
    func convertStream(
        _ form: StreamForm, _ settings: ConversionSettings, _ outcome: inout ConversionOutcome, _ write: Writer
    ) throws(MediaError) {
        for (name, isGiven) in [
            ("caption", settings.caption != nil), ("range-bar", settings.hasRangeBar),
            ("poster", settings.clip.poster != nil), ("contact-sheet", settings.clip.sheet != nil),
            ("layout", settings.clip.layout != nil || settings.picture.layout != nil),
            ("range", settings.picture.mapping != .automatic), ("colormap", settings.picture.colorMap != nil),
            ("raw", settings.raw != nil), ("grid", settings.picture.grid != nil),
        ] where isGiven {
            throw MediaError(
                .argumentInvalid, "\(name) does not go with a stream of frames",
                hint: "leave it out, or write the frames as a tensor", at: .init(field: name))
        }
        let options = try settings.clipOptions()
        let source: StreamedFrames
        if input.path == "-" {
            source = try StreamedFrames(
                descriptor: 0, form: form, frameRate: options.frameRate, limits: settings.limits,
                cancellation: cancellation)
        } else {
            source = try StreamedFrames(
                try input.read(settings.limits, cancellation), form: form, frameRate: options.frameRate,
                limits: settings.limits)
        }
        var frames: any FrameSource = source
        if let size = settings.frameSize { frames = try frames.resized(to: size, limits: settings.limits) }
        if let mode = settings.picture.mode { frames = frames.converted(to: mode.format, rule: mode.rule) }
        let clip = try plan(frames, settings, rate: source.frameRate, isDefault: source.frameRateIsDefault)
        try self.write(clip, of: frames, member: nil, origin: .stream(form), settings, &outcome, write)
    }
}
