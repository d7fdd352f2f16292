import ImageCoding
import MediaCore
import VideoCoding

extension InputConversion {
    /// Writes an existing clip again: in another format, size or part of it.
    ///
    /// - Throws: what reading the file throws; `argument.invalid` for settings that a file has itself, or that are for
    ///   tensors.
    func convertClipFile(
        _ contents: FileContents, _ format: ClipFormat, _ settings: ConversionSettings,
        _ outcome: inout ConversionOutcome, _ write: Writer
    ) throws(MediaError) {
        try refuse(
            [
                ("fps", settings.clip.frameRate != nil || settings.clip.rateIsZero),
                ("caption", settings.caption != nil),
                ("range-bar", settings.hasRangeBar),
                ("layout", settings.clip.layout != nil || settings.picture.layout != nil),
                ("range", settings.picture.mapping != .automatic), ("colormap", settings.picture.colorMap != nil),
                ("grid", settings.picture.grid != nil), ("titles", settings.titles != nil),
            ], with: "a file of frames, which has times and colours of its own")
        let decoder = try format.decoder(of: contents, limits: settings.limits)
        var all: any FrameSource = decoder
        if let size = settings.frameSize { all = try all.resized(to: size, limits: settings.limits) }
        if let mode = settings.picture.mode { all = all.converted(to: mode.format, rule: mode.rule) }
        let clip = try plan(
            all, sound: try settings.ownSound(of: decoder, contents), settings, rate: try decoder.meanRate,
            isDefault: false)
        try self.write(
            clip, of: all, member: nil, origin: .clipFile(format), settings, &outcome, write)
    }
}
