import ImageCoding
import MediaCore
import VideoCoding

extension InputConversion {
    /// Writes the clip that a stream of frames is: each is read, converted and forgotten.
    func convertStream(
        _ form: StreamForm, _ settings: ConversionSettings, _ outcome: inout ConversionOutcome, _ write: Writer
    ) throws(MediaError) {
        let what = "a stream of frames"
        try refuse(
            [("contact-sheet", settings.clip.sheet != nil)], with: what + ", whose length is known at its end",
            hint: "leave it out, and convert the clip once more for its sheet")
        try refuse(
            [
                ("range-bar", settings.hasRangeBar),
                ("layout", settings.clip.layout != nil || settings.picture.layout != nil),
                ("range", settings.picture.mapping != .automatic), ("colormap", settings.picture.colorMap != nil),
                ("raw", settings.raw != nil), ("grid", settings.picture.grid != nil),
                ("titles", settings.titles != nil),
            ], with: what, hint: "leave it out, or write the frames as a tensor")
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
        var frames = try finish(
            source, beside: try PictureFrame(nil, name: input.pictureName, settings: settings, fonts: fonts), settings)
        if let poster = settings.clip.poster { frames = KeptFrame(poster, of: frames) }
        let clip = try plan(frames, settings, rate: source.frameRate, isDefault: source.frameRateIsDefault)
        try self.write(clip, of: frames, member: nil, origin: .stream(form), settings, &outcome, write)
    }
}
