import ImageCoding
import MediaCore
import VideoCoding

extension InputConversion {
    /// Writes the clip that the files of a folder are, a frame each.
    func convertFolder(
        _ settings: ConversionSettings, _ outcome: inout ConversionOutcome, _ write: Writer
    ) throws(MediaError) {
        guard settings.clip.makesClips, settings.picture.kind == .image else {
            throw MediaError(
                .argumentInvalid,
                "a folder of frames becomes a clip, no \(settings.picture.kind.rawValue)",
                hint: "say that it is one: as video", at: .init(field: "as"))
        }
        let files = try FrameFolder.files(at: input.path)
        try refuse(
            [
                ("range-bar", settings.hasRangeBar), ("grid", settings.picture.grid != nil),
                ("titles", settings.titles != nil),
                ("raw", settings.raw != nil), ("stream", settings.clip.stream != nil),
            ], with: "a folder of frames")
        if files.kind == .pictures {
            try refuse(
                [
                    ("layout", settings.clip.layout != nil || settings.picture.layout != nil),
                    ("range", settings.picture.mapping != .automatic), ("colormap", settings.picture.colorMap != nil),
                ], with: "pictures, whose pixels are what they are")
        }
        let options = try settings.clipOptions()
        let source = try FrameFolder.frames(files, at: input.path, options: options, limits: settings.limits)
        let frames = try finish(
            source, beside: try PictureFrame(nil, name: input.pictureName, settings: settings, fonts: fonts), settings)
        let clip = try plan(
            frames, settings, rate: options.frameRate ?? ClipOptions.defaultFrameRate,
            isDefault: options.frameRate == nil)
        try self.write(
            clip, of: frames, member: nil, origin: .frames(count: files.names.count, files.kind), settings, &outcome,
            write)
    }
}
