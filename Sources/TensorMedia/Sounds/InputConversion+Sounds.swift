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
        let sound = try settings.resampled(Sound(tensor, rate: rate, options: try settings.soundOptions()))
        if let picture = settings.sound.picture {
            return try self.write(
                picture, of: sound, member: member,
                origin: .sound(shape: tensor.shape, elementType: tensor.elementType), settings, &outcome, write)
        }
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
        // All of the file is looked through, but for FLAC: what is cut short is known before it is written again.
        let findings = try Self.findings(in: contents, settings.limits)
        if settings.picture.strictness == .strict, let finding = findings.first {
            throw MediaError(finding.code, finding.message, hint: finding.hint)
        }
        outcome.findings += findings.map { finding in
            var finding = finding
            // The file is named anyway.
            finding.path = ""
            return finding
        }
        try convertSamples(of: contents, origin: .soundFile(kind), settings, &outcome, write)
    }

    /// What is odd about a file of sound; nothing about one whose header only libav can read.
    private static func findings(in contents: FileContents, _ limits: Limits) throws(MediaError) -> [Finding] {
        do throws(MediaError) {
            return try SoundFileHeader.read(contents, limits: limits).findings
        } catch {
            guard error.code == .unsupported else { throw error }
            return []
        }
    }

    /// Writes or draws the sound of a file, which can be a video.
    func convertSamples(
        of contents: FileContents, origin: ConversionOutcome.Output.Origin, _ settings: ConversionSettings,
        _ outcome: inout ConversionOutcome, _ write: Writer
    ) throws(MediaError) {
        try refuse(
            [
                ("rate", settings.sound.rate != nil), ("layout", settings.sound.layout != nil),
            ], with: "a file of sound, which has its own")
        let sound = try settings.resampled(Sound(settings.samples(of: contents)))
        if let picture = settings.sound.picture {
            return try self.write(picture, of: sound, member: nil, origin: origin, settings, &outcome, write)
        }
        try self.write(sound, member: nil, origin: origin, settings, &outcome, write)
    }

    private func write(
        _ sound: Sound, member: String?, origin: ConversionOutcome.Output.Origin, _ settings: ConversionSettings,
        _ outcome: inout ConversionOutcome, _ write: Writer
    ) throws(MediaError) {
        try refuse(
            settings.pictureSettings + [
                ("colormap", settings.picture.colorMap != nil), ("dither", settings.clip.dithering != .automatic),
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
        // Of a sound that was decoded, the length is known at its end.
        if let count = stored.sound?.count { output.sound?.count = count }
        outcome.outputs.append(output)
        guard settings.sound.hasPreview else { return }
        try writePicture(
            .waveform(WaveformOptions()), of: sound, ending: "preview." + settings.fileType.rawValue, member: member,
            origin: origin, settings, &outcome, write)
    }

    /// Draws a sound instead of writing it.
    private func write(
        _ picture: SoundPicture, of sound: any SampleSource, member: String?,
        origin: ConversionOutcome.Output.Origin, _ settings: ConversionSettings, _ outcome: inout ConversionOutcome,
        _ write: Writer
    ) throws(MediaError) {
        try refuse(
            settings.pictureSettings + [
                ("sample-format", settings.sound.sampleFormat != nil), ("preview", settings.sound.hasPreview),
                ("format", settings.sound.format != nil), ("dither", settings.sound.dither != .none),
                ("colormap", settings.picture.colorMap != nil && !picture.hasColorMap),
            ], with: "the picture of a sound")
        var picture = picture
        if let map = settings.picture.colorMap { picture.setColorMap(map) }
        try writePicture(
            picture, of: sound, ending: settings.fileType.rawValue, member: member, origin: origin, settings, &outcome,
            write)
    }

    private func writePicture(
        _ picture: SoundPicture, of sound: any SampleSource, ending: String, member: String?,
        origin: ConversionOutcome.Output.Origin, _ settings: ConversionSettings, _ outcome: inout ConversionOutcome,
        _ write: Writer
    ) throws(MediaError) {
        let path = try input.outputStem(member: member) + "." + ending
        try names.claim(path, for: place)
        let typeface = try fonts.typeface(font: settings.font, limits: settings.limits)
        let pixels = try picture.draw(
            sound, typeface: settings.sound.hasAxes ? typeface : nil, cancellation: cancellation)
        let stored = try write(Output(content: .pixels(pixels), path: path, settings: settings))
        outcome.outputs.append(ConversionOutcome.Output(path: path, member: member, origin: origin, stored))
    }
}

extension ConversionSettings {
    /// What is asked of pictures of tensors and of clips, which sounds do not have.
    fileprivate var pictureSettings: [(name: String, isGiven: Bool)] {
        [
            ("range", picture.mapping != .automatic), ("mode", picture.mode != nil), ("bits", picture.bits != nil),
            ("max-side", picture.maxSide != nil), ("grid", picture.grid != nil), ("titles", titles != nil),
            ("caption", caption != nil), ("range-bar", hasRangeBar), ("poster", clip.poster != nil),
            ("contact-sheet", clip.sheet != nil), ("size", clip.size != nil), ("fps", clip.frameRate != nil),
        ]
    }
}

extension EncodingReport {
    /// What is said of a sound where pictures are expected: bytes and findings. It has no pixels.
    init(_ report: SoundReport) {
        self.init(width: 0, height: 0, format: .gray, byteCount: report.byteCount, findings: report.allFindings)
    }
}
