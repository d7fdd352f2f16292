import AudioCoding
import ImageCoding
import MediaCore
import TensorIO

extension InputConversion {
    /// A sound that is to be written, and what there is to say about it.
    struct PlannedSound {
        var sound: Sound
        var outcome: SoundOutcome
    }

    /// Writes the sound that a tensor is.
    ///
    /// - Throws: `argument.invalid` without a rate, and for settings of pictures and clips; what ``Sound`` throws.
    func convertSound(
        _ tensor: Tensor, member: String?, _ settings: ConversionSettings, _ outcome: inout ConversionOutcome,
        _ write: Writer
    ) throws(MediaError) {
        guard let rate = settings.sound.rate else { throw .noRate }
        let sound = try Sound(tensor, rate: rate, options: try settings.soundOptions())
        try self.write(
            sound, member: member, origin: .sound(shape: tensor.shape, elementType: tensor.elementType), settings,
            &outcome, write)
    }

    /// Writes the sound of a file again, with numbers of another format.
    func convertSoundFile(
        _ contents: FileContents, _ kind: SoundFileKind, _ settings: ConversionSettings,
        _ outcome: inout ConversionOutcome, _ write: Writer
    ) throws(MediaError) {
        guard settings.sound.makesSounds else {
            throw MediaError(
                .argumentInvalid, "this is a sound (\(kind)), no picture",
                hint: "say that it becomes a sound: as audio",
                at: .init(field: "as"))
        }
        try refuse(
            [
                ("rate", settings.sound.rate != nil), ("layout", settings.sound.layout != nil),
            ], with: "a file of sound, which has its own")
        let sound = try Sound(contents, limits: settings.limits)
        try self.write(sound, member: nil, origin: .soundFile(kind), settings, &outcome, write)
    }

    private func write(
        _ sound: Sound, member: String?, origin: ConversionOutcome.Output.Origin, _ settings: ConversionSettings,
        _ outcome: inout ConversionOutcome, _ write: Writer
    ) throws(MediaError) {
        let picture = settings.picture
        try refuse(
            [
                ("range", picture.mapping != .automatic), ("colormap", picture.colorMap != nil),
                ("mode", picture.mode != nil), ("bits", picture.bits != nil), ("max-side", picture.maxSide != nil),
                ("grid", picture.grid != nil), ("titles", settings.titles != nil), ("caption", settings.caption != nil),
                ("range-bar", settings.hasRangeBar), ("poster", settings.clip.poster != nil),
                ("contact-sheet", settings.clip.sheet != nil), ("size", settings.clip.size != nil),
                ("fps", settings.clip.frameRate != nil), ("dither", settings.clip.dithering != .automatic),
            ], with: "a sound")
        let encoder = try settings.soundEncoder(cancellation)
        let planned = PlannedSound(
            sound: sound,
            outcome: SoundOutcome(
                format: settings.sound.writtenFormat, sampleFormat: encoder.sampleFormat, rate: sound.rate,
                channels: sound.channels, count: sound.count, facts: sound.facts))
        let path = try input.outputStem(member: member) + "." + settings.sound.writtenFormat.rawValue
        try names.claim(path, for: place)
        let stored = try write(Output(content: .sound(planned), path: path, settings: settings))
        var output = ConversionOutcome.Output(path: path, member: member, origin: origin, stored)
        output.sound = planned.outcome
        output.sound?.report = stored.sound
        outcome.outputs.append(output)
    }
}

extension EncodingReport {
    /// What is said of a sound where pictures are expected: bytes and findings. It has no pixels.
    init(_ report: SoundReport) {
        self.init(width: 0, height: 0, format: .gray, byteCount: report.byteCount, findings: report.allFindings)
    }
}
