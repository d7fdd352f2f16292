import ArgumentParser
import TensorMedia

/// How a tensor is read as a picture: shared by all that read tensors.
struct ReadingOptions: ParsableArguments {
    @Option(
        name: .customLong("as"),
        help: ArgumentHelp(
            "What the numbers show: \(names(PictureKind.self)); video, for clips; audio, for sounds; waveform or spectrogram, for pictures of sounds.",
            valueName: "kind"),
        completion: .list(PictureKind.allCases.map(\.rawValue) + ["video", "audio", "waveform", "spectrogram"]))
    var kind: String?

    @Option(
        help: ArgumentHelp(
            "What the axes mean: \(names(ImageLayout.self)); inferred if not given. Of clips: \(names(ClipLayout.self)); tcwh if not given. Of sounds: \(names(SoundLayout.self)).",
            valueName: "axes"),
        completion: .list(
            ImageLayout.allCases.map(\.rawValue) + ClipLayout.allCases.map(\.rawValue)
                + SoundLayout.allCases.map(\.rawValue)))
    var layout: String?

    @Option(
        help: ArgumentHelp(
            "Which values are black and white: auto, unit (0…1), signed-unit (−1…1), byte (0…255), min-max, percentile:1:99, or two numbers such as 0:4.",
            valueName: "range"),
        completion: .list(["auto", "unit", "signed-unit", "byte", "min-max", "percentile:1:99"]))
    var range: String?

    @Option(
        help: ArgumentHelp(
            "The pixels of the picture: bilevel, gray, gray-alpha, rgb, rgba, gray16, rgb16, rgba16, or Pillow's 1, L, LA, RGB, RGBA.",
            valueName: "mode"),
        completion: .list(PixelMode.names))
    var mode: String?

    @Option(
        help: ArgumentHelp(
            "Colours for one channel: \(ColorMap.all.map(\.name).joined(separator: ", ")).", valueName: "map"),
        completion: .list(ColorMap.all.map(\.name)))
    var colormap: String?

    @Option(help: ArgumentHelp("The form of files without a header, such as f32:3x224x224.", valueName: "form"))
    var raw: String?

    @Option(
        help: ArgumentHelp("Settings by file name; they go before options.", valueName: "file"), completion: .file())
    var rules: String?

    @Option(
        help: ArgumentHelp(
            "Do exactly what that version of the wandb SDK does: wandb-0.19, wandb-0.28, wandb-0.31.",
            valueName: "version"),
        completion: .list(["standard"] + WandbVersion.allCases.map { "wandb-\($0.rawValue)" }))
    var compat: String?

    @Flag(help: "Make every guess and every loss an error.")
    var strict = false

    /// Puts what was given into `settings`.
    func apply(to settings: inout ConversionSettings) throws(MediaError) {
        for (name, value) in [
            ("as", kind), ("layout", layout), ("range", range), ("mode", mode), ("colormap", colormap), ("raw", raw),
        ] {
            if let value { try settings.setOption(name, to: value) }
        }
        if strict { settings.picture.strictness = .strict }
        guard let compat, compat != "standard" else { return }
        let number = compat.hasPrefix("wandb-") ? String(compat.dropFirst(6)) : compat
        guard let version = WandbVersion(rawValue: number) else {
            throw MediaError(
                .argumentInvalid, "\"\(compat)\" is no version to be compatible with",
                hint: "choose standard, wandb-0.19, wandb-0.28 or wandb-0.31", at: .init(field: "--compat"))
        }
        settings.picture.compatibility = .wandb(version)
    }

    /// The rules of the file that was given.
    func readRules() throws(MediaError) -> ConversionRules {
        guard let rules else { return ConversionRules() }
        let contents = try FileContents.open(rules, acceptsStreams: true)
        let text = contents.withBytes { bytes in String(decoding: bytes.withUnsafeBytes { Array($0) }, as: UTF8.self) }
        return try ConversionRules(text: text, file: rules)
    }
}

/// What the files are like.
struct WritingOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The kind of file: \(names(ImageFileType.self)); for clips gif, apng, mp4, webm, ogg, or several of them in one pass: mp4,gif; for sounds wav, flac, opus, mp3, aiff, and ogg with --as audio.",
            valueName: "format"),
        completion: .list(
            ImageFileType.allCases.map(\.rawValue) + [
                "gif", "apng", "mp4", "webm", "ogg", "wav", "flac", "opus", "mp3", "aiff",
            ]))
    var format: String?

    @Option(
        help: ArgumentHelp(
            "How much time PNG and GIF take for a smaller file: \(names(EncodingPreset.self)); or best, the best colours of GIF.",
            valueName: "preset"),
        completion: .list(EncodingPreset.allCases.map(\.rawValue) + ["best"]))
    var preset: String?

    @Option(
        help: ArgumentHelp(
            "The quality of JPEG, and of flac (its effort), ogg, opus and mp3, 1 to 100.", valueName: "n"))
    var quality: String?

    @Option(help: ArgumentHelp("Bits of a sample: 8 or 16.", valueName: "bits"))
    var bits: String?

    @Option(help: ArgumentHelp("The longest side, in pixels; larger pictures are made smaller.", valueName: "pixels"))
    var maxSide: String?

    @Option(
        help: ArgumentHelp(
            "Put the pictures or clips of a batch side by side: COLUMNSxROWS, COLUMNS or auto.", valueName: "grid"))
    var grid: String?

    @Option(help: ArgumentHelp("Pixels between the cells of a grid; 2 if not given.", valueName: "n"))
    var gridPadding: String?

    @Option(
        help: ArgumentHelp("The colour between the cells of a grid: 202020; black if not given.", valueName: "colour"))
    var gridColor: String?

    @Option(
        help: ArgumentHelp(
            "Write these above the cells of a grid, or above clips side by side: one for each, or one with {index}, {name} and {member} for all.",
            valueName: "a,b,c"))
    var titles: String?

    @Option(
        help: ArgumentHelp(
            "Write this below each picture; {name}, {member}, {index}, {min}, {max}, {shape}, {type} and {mapping} are filled in, \\n ends a line.",
            valueName: "text"))
    var caption: String?

    @Flag(help: "Show beside each picture which colours stand for which values.")
    var rangeBar = false

    @Option(
        help: ArgumentHelp("A font file for what the embedded typeface does not have.", valueName: "file"),
        completion: .file())
    var font: String?

    @Flag(help: "Copy picture files byte for byte, after a look at their header, instead of encoding them again.")
    var keep = false

    /// Puts what was given into `settings`.
    func apply(to settings: inout ConversionSettings) throws(MediaError) {
        for (name, value) in [
            ("format", format), ("preset", preset), ("quality", quality), ("bits", bits), ("max-side", maxSide),
            ("grid", grid), ("grid-padding", gridPadding), ("grid-color", gridColor), ("titles", titles),
            ("caption", caption), ("range-bar", rangeBar ? "yes" : nil), ("font", font),
        ] {
            if let value { try settings.setOption(name, to: value) }
        }
        settings.copiesPictures = keep
        // A font that cannot be read is one mistake, not one per input.
        if let font { _ = try FreeTypeTypeface(contentsOf: font, limits: settings.limits) }
    }
}

extension ConversionSettings {
    /// As ``set(_:to:)``; errors name the option.
    mutating func setOption(_ name: String, to value: String) throws(MediaError) {
        do throws(MediaError) {
            try set(name, to: value)
        } catch {
            var named = error
            named.location.field = "--" + name
            throw named
        }
    }
}

private func names<Value: CaseIterable & RawRepresentable>(_ type: Value.Type) -> String
where Value.RawValue == String {
    type.allCases.map(\.rawValue).joined(separator: ", ")
}
