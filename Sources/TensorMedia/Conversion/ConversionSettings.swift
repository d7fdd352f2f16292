import AudioCoding
public import ImageCoding
public import MediaCore
public import TensorIO

/// How tensors become files: what rules may change from input to input, and what the caller sets for all.
public struct ConversionSettings: Sendable {
    /// How a tensor is read as pictures.
    public var picture = PictureOptions()
    /// The kind of file to write.
    public var fileType: ImageFileType = .png
    /// How much time to take for a smaller file.
    public var preset: EncodingPreset = .balanced
    /// The quality of JPEG, 1…100; `nil` takes 90, and 75 under the wandb rules.
    public var quality: Int?
    /// The form of files that are bare numbers.
    public var raw: RawTensor?
    /// Whether picture files are copied as they are, after a look at their header, instead of being encoded again.
    public var copiesPictures = false
    /// The text below each picture; `nil` for none.
    public var caption: CaptionTemplate?
    /// Whether each picture of mapped values has a bar beside it that shows which colours stand for which values.
    public var hasRangeBar = false
    /// A font file for what the embedded typeface does not have.
    public var font: String?
    /// How inputs become clips, where they do.
    public var clip = ClipSettings()
    /// How inputs become sounds, where they do.
    public var sound = SoundSettings()
    /// How many pixels are between the cells of a grid; `nil` takes 2.
    public var gridPadding: Int?
    /// The colour between the cells of a grid; `nil` takes black.
    public var gridColor: Palette.Color?
    /// The titles above the cells of a grid, or of clips side by side; `nil` for none.
    public var titles: TitleList?
    /// What is done with masks and boxes that belong to an input.
    public var annotations = AnnotationSettings()
    /// What readers accept.
    public var limits = Limits.default

    /// The defaults.
    public init() {}

    /// Changes one setting by name, as rule files write it.
    ///
    /// Names: `as`, `layout`, `range`, `mode`, `colormap`, `format`, `preset`, `quality`, `bits`, `max-side`, `grid`, `raw`,
    /// `grid-padding`, `grid-color`, `titles`, `caption`, `range-bar`, `font`; and of clips `fps`, `delay`, `loop`, `alpha`,
    /// `merge`, `start`, `end`, `every`, `size`, `poster`, `contact-sheet`, `stream`; and of videos `codec`, `crf`, `bitrate`,
    /// `lossless`, `chroma`, `upscale`, `codec-options`, `codec-threads`; and of sounds `rate`, `resample`, `sample-format`,
    /// `dither`, `preview`.
    ///
    /// - Throws: `argument.invalid`, naming the setting and the choices.
    public mutating func set(_ name: String, to value: String) throws(MediaError) {
        do throws(MediaError) {
            switch name {
            case "as": try setKind(value)
            case "layout": try setLayout(value)
            case "range": picture.mapping = try Self.mapping(value)
            case "mode": picture.mode = value == "auto" ? nil : try PixelMode(value)
            case "colormap": picture.colorMap = value == "none" ? nil : try Self.colorMap(value)
            case "format": try setFormat(value)
            case "preset":
                clip.preset = try Self.choice(value)
                preset = EncodingPreset(rawValue: value) ?? .balanced
            case "quality": quality = try Self.number(value, in: 1...100)
            case "bits": picture.bits = try Self.bits(value)
            case "max-side": picture.maxSide = try Self.number(value, in: 1...Int(Int32.max))
            case "grid": picture.grid = value == "none" ? nil : try GridOptions(named: value)
            case "grid-padding": gridPadding = try Self.number(value, in: 0...10_000)
            case "grid-color": gridColor = try Self.color(value)
            case "titles": titles = value.isEmpty ? nil : try TitleList(value)
            case "raw": raw = try RawTensor(value)
            case "caption": caption = value.isEmpty ? nil : try CaptionTemplate(value)
            case "range-bar": hasRangeBar = try Self.flag(value)
            case "font": font = value.isEmpty ? nil : value
            case _ where try sound.set(name, to: value): break
            case _ where try clip.set(name, to: value): break
            default:
                throw MediaError(
                    .argumentInvalid, "there is no setting \"\(name)\"",
                    hint:
                        "settings are as, layout, range, mode, colormap, format, preset, quality, bits, max-side, grid, grid-padding, grid-color, titles, raw, caption, range-bar, font, \((ClipSettings.names + SoundSettings.names).joined(separator: ", "))"
                )
            }
        } catch {
            throw error.inField(name)
        }
        picture.fileType = fileType
        if let gridPadding { picture.grid?.layout.padding = gridPadding }
        if let gridColor { picture.grid?.layout.background = gridColor }
    }

    private mutating func setKind(_ value: String) throws(MediaError) {
        sound.picture = SoundPicture(named: value)
        sound.isAsked = value == "audio" || sound.picture != nil
        guard value != "video", sound.isAsked != true else {
            (clip.isAsked, picture.kind) = (value == "video", .image)
            return
        }
        guard let kind = PictureKind(rawValue: value) else {
            throw Self.unknown(
                value, choices: PictureKind.allCases.map(\.rawValue) + ["video", "audio"] + SoundPicture.names)
        }
        (clip.isAsked, picture.kind) = (false, kind)
    }

    /// The axes of pictures, those of clips or those of sounds: which of them is asked for shows later.
    private mutating func setLayout(_ value: String) throws(MediaError) {
        (picture.layout, clip.layout) = (ImageLayout(rawValue: value), ClipLayout(rawValue: value))
        sound.layout = SoundLayout(rawValue: value)
        guard value != "auto", picture.layout == nil, clip.layout == nil, sound.layout == nil else { return }
        throw Self.unknown(
            value,
            choices: ImageLayout.allCases.map(\.rawValue) + ClipLayout.allCases.map(\.rawValue)
                + SoundLayout.allCases.map(\.rawValue))
    }

    private mutating func setFormat(_ value: String) throws(MediaError) {
        (sound.format, clip.format, clip.otherFormats) = (SoundFormat(rawValue: value), nil, [])
        // Ogg holds both: which of them is meant shows by the kind.
        if sound.format != nil {
            clip.format = ClipFormat(rawValue: value)
            return
        }
        let formats = value.split(separator: ",", omittingEmptySubsequences: false).map {
            ClipFormat(rawValue: String($0))
        }
        if let first = formats.first, let first, !formats.contains(nil) {
            guard Set(formats).count == formats.count else {
                throw MediaError(.argumentInvalid, "\"\(value)\" names a format twice", hint: "name each once")
            }
            (clip.format, clip.otherFormats) = (first, formats.dropFirst().compactMap(\.self))
            return
        }
        guard let type = ImageFileType(rawValue: value) else {
            throw MediaError(
                .argumentInvalid, "files are not written as \"\(value)\"",
                hint: "choose one of "
                    + (ImageFileType.allCases.map(\.rawValue) + ClipFormat.allCases.map(\.rawValue)
                    + SoundFormat.own.map(\.rawValue)).joined(separator: ", "))
        }
        fileType = type
    }

    private static func color(_ text: String) throws(MediaError) -> Palette.Color {
        guard let color = Palette.Color(hexadecimal: text) else {
            throw MediaError(
                .argumentInvalid, "\"\(text)\" is no colour", hint: "write six hexadecimal digits such as 202020")
        }
        return color
    }

    private static func unknown(_ text: String, choices: [String]) -> MediaError {
        MediaError(
            .argumentInvalid, "\"\(text)\" is not known here",
            hint: "choose one of " + choices.joined(separator: ", "))
    }

    private static func choice<Value: RawRepresentable & CaseIterable>(
        _ text: String
    ) throws(MediaError) -> Value where Value.RawValue == String {
        guard let value = Value(rawValue: text) else {
            throw unknown(text, choices: Value.allCases.map(\.rawValue))
        }
        return value
    }

    private static func colorMap(_ name: String) throws(MediaError) -> ColorMap {
        guard let map = ColorMap.named(name) else {
            throw MediaError(
                .argumentInvalid, "there is no colour map \"\(name)\"",
                hint: "choose one of " + ColorMap.all.map(\.name).joined(separator: ", "))
        }
        return map
    }

    private static func mapping(_ text: String) throws(MediaError) -> ValueMapping {
        guard let mapping = ValueMapping(text) else {
            throw MediaError(
                .argumentInvalid, "\"\(text)\" is no range of values",
                hint: "choose auto, unit, signed-unit, byte, min-max, percentile:LOW:HIGH (0 to 100), LOW:HIGH, "
                    + "or wandb-0.19, wandb-0.28, wandb-0.31")
        }
        return mapping
    }

    static func flag(_ text: String) throws(MediaError) -> Bool {
        guard text == "yes" || text == "no" else {
            throw MediaError(.argumentInvalid, "\"\(text)\" is neither yes nor no", hint: "write yes or no")
        }
        return text == "yes"
    }

    private static func bits(_ text: String) throws(MediaError) -> Int {
        guard text == "8" || text == "16" else {
            throw MediaError(.argumentInvalid, "\"\(text)\" bits for a sample", hint: "choose 8 or 16")
        }
        return text == "8" ? 8 : 16
    }

    static func number(_ text: String, in range: ClosedRange<Int>) throws(MediaError) -> Int {
        guard let value = Int(text), range.contains(value) else {
            throw MediaError(
                .argumentInvalid, "\"\(text)\" is not a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }
}

extension GridOptions {
    /// A grid as the command line writes it: `8x8` (columns × rows), `8` (columns), `auto`.
    ///
    /// - Throws: `argument.invalid`.
    public init(named text: String) throws(MediaError) {
        if text == "auto" {
            self.init()
            return
        }
        let parts = text.split(separator: "x", omittingEmptySubsequences: false).map(String.init)
        guard parts.count <= 2, let columns = parts.first.flatMap({ Int($0) }), columns > 0,
            parts.count == 1 || (Int(parts[1]) ?? 0) > 0
        else {
            throw MediaError(.argumentInvalid, "\"\(text)\" is no grid", hint: "write COLUMNSxROWS, COLUMNS or auto")
        }
        self.init(ImageGrid.Options(columns: columns), rows: parts.count == 2 ? Int(parts[1]) : nil)
    }
}
