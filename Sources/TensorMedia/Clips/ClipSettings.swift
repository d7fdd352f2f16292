public import ImageCoding
import MediaCore
public import VideoCoding

/// How tensors become clips, where they do.
public struct ClipSettings: Sendable {
    /// Whether inputs are clips; `nil` where nobody said so: they are when ``format`` is given.
    public var isAsked: Bool?
    /// What the axes mean; `nil` takes the documented layout.
    public var layout: ClipLayout?
    /// How frames lie in inputs that are streams of frames; `nil` for tensors.
    public var stream: StreamForm?
    /// The kind of file; `nil` takes GIF.
    public var format: ClipFormat?
    /// Further kinds of files that are written in the same pass.
    public var otherFormats: [ClipFormat] = []
    /// How many frames are shown per second; `nil` takes four.
    public var frameRate: FrameRate?
    /// Whether a rate of 0 was given, which means four under the wandb rules and is an error otherwise.
    public var rateIsZero = false
    /// How much time a file takes, and for what.
    public var preset: ClipPreset = .balanced
    /// How a GIF shows colours between those of its palettes.
    public var dithering: GIFEncoder.Dithering = .automatic
    /// How often a clip is shown.
    public var loops: ClipLoops = .forever
    /// What becomes of opacity.
    public var opacity: ClipOpacity = .overWhite
    /// What is asked of videos.
    public var video = VideoSettings()
    /// Whether a frame equal to the one before only makes that one last longer.
    public var mergesEqualFrames = false
    /// Which frames are kept.
    public var cut = ClipCut()
    /// Another size for every frame.
    public var size: FrameSize?
    /// The frame of the tensor that is written as a picture beside the clip.
    public var poster: Int?
    /// How many frames a picture beside the clip shows.
    public var sheet: Int?

    /// The defaults.
    public init() {}

    /// Whether inputs become clips.
    public var makesClips: Bool { isAsked ?? (format != nil || stream != nil) }
    /// The kind of file that is written.
    public var writtenFormat: ClipFormat { format ?? .gif }

    /// The kinds of files that are written, in one pass.
    public var writtenFormats: [ClipFormat] { [writtenFormat] + otherFormats }

    /// The names of the settings.
    static let names =
        [
            "fps", "delay", "dither", "loop", "alpha", "merge", "start", "end", "every", "size", "poster",
            "contact-sheet", "stream",
        ] + VideoSettings.names

    /// Changes one setting by name; `false` for a name that is not one of ``names``.
    mutating func set(_ name: String, to value: String) throws(MediaError) -> Bool {
        switch name {
        case "fps":
            rateIsZero = value == "0"
            frameRate = try rateIsZero ? nil : FrameRate(parsing: value)
        case "delay": (frameRate, rateIsZero) = (try FrameRate(parsingFrameDuration: value), false)
        case "dither": dithering = try Self.dithering(value)
        case "loop": loops = try Self.loops(value)
        case "alpha": opacity = try Self.opacity(value)
        case "merge": mergesEqualFrames = try ConversionSettings.flag(value)
        case "start": cut.start = try Self.position(value)
        case "end": cut.end = try Self.position(value)
        case "every": cut.every = try ConversionSettings.number(value, in: 1...Int(Int32.max))
        case "size": size = value == "none" ? nil : try Self.size(value)
        case "poster": poster = value == "none" ? nil : try ConversionSettings.number(value, in: 0...Int(Int32.max))
        case "contact-sheet":
            sheet = value == "none" ? nil : try ConversionSettings.number(value, in: 1...10_000)
        case "stream":
            stream = try value == "none" ? nil : Self.stream(value)
        default: return try video.set(name, to: value)
        }
        return true
    }

    private static func dithering(_ text: String) throws(MediaError) -> GIFEncoder.Dithering {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let strength = parts.count > 1 ? Double(parts[1]) : GIFEncoder.Dithering.usualStrength
        switch (parts.first, strength) {
        case ("auto", _) where parts.count == 1: return .automatic
        case ("none", _) where parts.count == 1: return .none
        case ("diffusion", let strength?) where (0...1).contains(strength): return .diffusion(strength: strength)
        case ("ordered", let strength?) where (0...1).contains(strength): return .ordered(strength: strength)
        default:
            throw MediaError(
                .argumentInvalid, "\"\(text)\" is no way to dither",
                hint: "write auto, none, diffusion or ordered; the latter two with a strength of 0 to 1 behind a colon")
        }
    }

    private static func loops(_ text: String) throws(MediaError) -> ClipLoops {
        if text == "forever" || text == "0" { return .forever }
        guard let count = Int(text), (1...65536).contains(count) else {
            throw MediaError(
                .argumentInvalid, "\"\(text)\" is no number of times", hint: "write forever, or 1 to 65536")
        }
        return .times(count)
    }

    private static func opacity(_ text: String) throws(MediaError) -> ClipOpacity {
        if text == "keep" { return .kept }
        if text.hasPrefix("threshold:") {
            if let level = UInt8(text.dropFirst(10)), level > 0 { return .threshold(level) }
        } else if let color = Palette.Color(hexadecimal: text) {
            return .over(red: color.red, green: color.green, blue: color.blue)
        }
        throw MediaError(
            .argumentInvalid, "\"\(text)\" says nothing about opacity",
            hint:
                "write a colour to lay frames over, such as ffffff, or for GIF threshold:1 to threshold:255, or keep for webm and apng"
        )
    }

    private static func position(_ text: String) throws(MediaError) -> ClipPosition? {
        if text == "none" { return nil }
        guard let position = ClipPosition(text) else {
            throw MediaError(
                .argumentInvalid, "\"\(text)\" is no place in a clip",
                hint: "write the number of a frame such as 12, or a time such as 1.5s or 250ms")
        }
        return position
    }

    private static func stream(_ text: String) throws(MediaError) -> StreamForm {
        guard let form = StreamForm(text) else {
            throw MediaError(
                .argumentInvalid, "\"\(text)\" is no form of a stream of frames",
                hint: "write y4m, or pixels and a size: gray:64x64, gray-alpha:64x64, rgb:640x480 or rgba:640x480")
        }
        return form
    }

    private static func size(_ text: String) throws(MediaError) -> FrameSize {
        guard let size = FrameSize(text) else {
            throw MediaError(
                .argumentInvalid, "\"\(text)\" is no size of frames",
                hint: "write 320x240, 320x (so wide), x240 (so high), fit:320x240 (inside) or 320 (no side longer)")
        }
        return size
    }
}

extension ConversionSettings {
    /// How a tensor is read as a clip.
    ///
    /// - Throws: `argument.invalid` for settings that are for pictures.
    func clipOptions() throws(MediaError) -> ClipOptions {
        guard picture.layout == nil else {
            throw MediaError(
                .argumentInvalid, "layout \(picture.layout?.rawValue ?? "") is of pictures, this becomes a clip",
                hint: "choose one of " + ClipLayout.allCases.map(\.rawValue).joined(separator: ", "),
                at: .init(field: "layout"))
        }
        guard !clip.rateIsZero || picture.compatibility.isWandb else {
            throw MediaError(
                .argumentInvalid, "a frame rate of 0", hint: "choose 0.000001 to 1000000 frames per second",
                at: .init(field: "fps"))
        }
        try checkEncoders()
        if picture.bits == 16 {
            throw MediaError(
                .argumentInvalid, "clips have samples of 8 bits", hint: "leave bits out", at: .init(field: "bits"))
        }
        return ClipOptions { options in
            options.layout = clip.layout
            options.mapping = picture.mapping
            options.colorMap = picture.colorMap
            options.mode = picture.mode
            options.frameRate = clip.frameRate
            options.strictness = picture.strictness
            options.compatibility = picture.compatibility
            options.limits = limits
            if let grid = picture.grid { options.arrangement = .grid(grid.layout, rows: grid.rows) }
        }
    }

    /// The size that every frame gets.
    var frameSize: FrameSize? { clip.size ?? picture.maxSide.map(FrameSize.maxSide) }

    /// Refuses what is for clips where the input becomes pictures.
    func checkPictures() throws(MediaError) {
        if let layout = clip.layout {
            throw MediaError(
                .argumentInvalid, "layout \(layout) is of clips", hint: "say that it is one: as video",
                at: .init(field: "layout"))
        }
        if clip.preset == .best {
            throw MediaError(
                .argumentInvalid, "preset best is for clips", hint: "choose fastest, balanced or smallest",
                at: .init(field: "preset"))
        }
        if clip.isAsked == false, let format = clip.format {
            throw MediaError(
                .argumentInvalid, "\(format.rawValue) files hold clips, the input is read as pictures",
                hint: "say that it is a clip (as video), or choose a format of pictures", at: .init(field: "format"))
        }
    }
}

extension Palette.Color {
    /// The colour of six hexadecimal digits, with or without `#` in front.
    init?(hexadecimal text: String) {
        let digits = text.hasPrefix("#") ? text.dropFirst() : text[...]
        guard digits.utf8.count == 6, digits.allSatisfy(\.isHexDigit), let value = UInt32(digits, radix: 16) else {
            return nil
        }
        self.init(
            red: UInt8(truncatingIfNeeded: value >> 16), green: UInt8(truncatingIfNeeded: value >> 8),
            blue: UInt8(truncatingIfNeeded: value))
    }
}
