import ImageCoding
import MediaCore
import MediaDrawing
import TensorIO

/// What stands beside the pictures of one tensor or file: a range bar, and a caption below both.
struct PictureFrame {
    private let settings: ConversionSettings
    private let fonts: FontShelf
    /// Which input it is, as captions say it.
    private let name: String, member: String
    private let tensor: Tensor?
    private let fileFormat: ImageHeader.FileFormat?
    /// The values of the tensor, looked at once for all of its pictures, and only where something shows them.
    private let range: TensorRange?

    /// The frame of the pictures of a tensor; `nil` when nothing is to stand beside them.
    ///
    /// - Throws: `argument.invalid` for a range bar of a kind that has none.
    init?(
        _ tensor: Tensor, name: String, member: String?, settings: ConversionSettings, fonts: FontShelf
    ) throws(MediaError) {
        guard settings.caption != nil || settings.hasRangeBar else { return nil }
        if settings.hasRangeBar {
            switch settings.picture.kind {
            case .image, .logDepth, .inverseDepth: break
            case .labels: throw Self.error("labels have names and no range", hint: "leave range-bar out for labels")
            case .flow, .normals:
                throw Self.error(
                    "the colours of \(settings.picture.kind.rawValue) are directions, which no bar shows",
                    hint: "leave range-bar out for it")
            }
        }
        self.settings = settings
        self.fonts = fonts
        self.name = name
        self.member = member ?? ""
        self.tensor = tensor
        fileFormat = nil
        range = settings.hasRangeBar || settings.caption?.asksForValues == true ? tensor.scanRange() : nil
    }

    /// The frame of a picture file, or of frames that are no tensor; `nil` when nothing is to stand beside them.
    ///
    /// - Throws: `argument.invalid` for a range bar.
    init?(
        _ format: ImageHeader.FileFormat?, name: String, settings: ConversionSettings, fonts: FontShelf
    ) throws(MediaError) {
        if settings.hasRangeBar {
            throw Self.error(
                "this is a picture: which values its colours stand for is not known",
                hint: "leave range-bar out, or give it to tensors alone, in a rule file")
        }
        guard settings.caption != nil else { return nil }
        self.settings = settings
        self.fonts = fonts
        self.name = name
        member = ""
        tensor = nil
        fileFormat = format
        range = nil
    }

    /// A picture with what stands beside it, in the mode that the settings ask for.
    ///
    /// - Throws: `argument.invalid` when the caption asks for what the picture does not have; what reading a font throws.
    ///
    /// - Parameters:
    ///   - picture: the picture.
    ///   - index: which one of its batch or clip.
    ///   - moment: when it is shown, in a clip.
    func around(
        _ picture: any PixelSource, index: Int, moment: FrameMoment? = nil
    ) throws(MediaError) -> any PixelSource {
        let style = TextStyle(
            typeface: try fonts.typeface(font: settings.font, limits: settings.limits),
            size: TextStyle.size(forPictureOf: picture.width, picture.height))
        var result = picture
        if settings.hasRangeBar { result = try Canvas(over: result, with: try rangeBar(of: picture, style)) }
        if let caption = settings.caption {
            let text = try caption.text { (field) throws(MediaError) in try value(of: field, picture, index, moment) }
            result = try Canvas(over: result, with: Caption(text, style: style))
        }
        if let mode = settings.picture.mode, !settings.picture.compatibility.isWandb, mode.format != result.format {
            result = try ConvertedSource(result, to: mode.format, rule: mode.rule)
        }
        return result
    }

    private func rangeBar(of picture: any PixelSource, _ style: TextStyle) throws(MediaError) -> RangeBar {
        guard let mapping = picture.facts.mapping else {
            throw Self.error("no values were mapped to colours", hint: "leave range-bar out")
        }
        let options = settings.picture
        var bar: RangeBar
        switch options.kind {
        case .logDepth:
            bar = RangeBar(
                from: mapping.low, to: mapping.high, colors: options.colorMap ?? .magma, scale: .logarithmic,
                style: style)
        case .inverseDepth:
            // Near is high.
            bar = RangeBar(
                from: mapping.high, to: mapping.low, colors: options.colorMap ?? .magma, scale: .reciprocal,
                style: style)
        default: bar = RangeBar(from: mapping.low, to: mapping.high, colors: options.colorMap ?? .gray, style: style)
        }
        guard let range else { return bar }
        let isDepth = options.kind != .image
        if range.notFinite > 0 || (isDepth && range.minimum.map { $0 <= 0 } ?? false) {
            bar.notFinite = isDepth ? .black : bar.colors.first
        }
        let low = min(mapping.low, mapping.high), high = max(mapping.low, mapping.high)
        // Ends that were rounded to the numbers of a type are no values beyond.
        let slack = (high - low) * 1e-6
        // Depths of zero and less have the colour of what is no number, and may hide that others are nearer than the range.
        let isCut = isDepth && options.mapping != .minMax && range.minimum.map { $0 <= 0 } ?? false
        let isBelow = isCut || range.minimum.map { $0 < low - slack } ?? false
        let isAbove = range.maximum.map { $0 > high + slack } ?? false
        (bar.hasBelow, bar.hasAbove) = bar.low <= bar.high ? (isBelow, isAbove) : (isAbove, isBelow)
        return bar
    }

    private func value(
        of field: CaptionTemplate.Field, _ picture: any PixelSource, _ index: Int, _ moment: FrameMoment?
    ) throws(MediaError) -> String {
        switch field {
        case .name: return name
        case .member: return member
        case .index: return moment?.number ?? String(index)
        case .frame, .time:
            guard let moment else {
                throw MediaError(
                    .argumentInvalid, "there is no {\(field.rawValue)} of a picture",
                    hint: "leave the place out, or write a clip", at: .init(field: "caption"))
            }
            return field == .frame ? moment.number : moment.time
        case .shape: return tensor.map { describe($0.shape) } ?? "\(picture.height)×\(picture.width)"
        case .type:
            guard let type = tensor.map({ "\($0.elementType)" }) ?? fileFormat?.rawValue else {
                throw Self.unknown(field)
            }
            return type
        case .min, .max:
            guard tensor != nil else { throw Self.unknown(field) }
            let value = field == .min ? range?.minimum : range?.maximum
            return value.map { DecimalText.of($0, digits: 6) } ?? "none"
        case .mapping:
            guard let mapping = picture.facts.mapping else { throw Self.unknown(field) }
            return "\(mapping.name) \(DecimalText.of(mapping.low))…\(DecimalText.of(mapping.high))"
        }
    }

    private static func unknown(_ field: CaptionTemplate.Field) -> MediaError {
        MediaError(
            .argumentInvalid, "there is no {\(field.rawValue)} of this picture: it is not made of mapped values",
            hint: "leave the place out, or give the caption to tensors alone, in a rule file",
            at: .init(field: "caption"))
    }

    private static func error(_ message: String, hint: String) -> MediaError {
        MediaError(.argumentInvalid, message, hint: hint, at: .init(field: "range-bar"))
    }
}
