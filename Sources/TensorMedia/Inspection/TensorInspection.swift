public import ImageCoding
public import MediaCore
public import TensorIO
import VideoCoding

/// What is known about one tensor of a file: its form, its values, and how it would be read and why.
public struct TensorInspection: Sendable {
    /// The name in the file; `nil` where the file is one tensor.
    public var member: String?
    /// The type of the elements.
    public var elementType: ElementType
    /// The length of each axis.
    public var shape: [Int]
    /// How the elements stand in memory: `C order`, `Fortran order`, `strided`, with `big-endian` where it is.
    public var order: String
    /// The range of values and what is not finite.
    public var range: TensorRange
    /// How many finite values fall into each of equal parts of the range; empty where there is none.
    public var histogram: [Int]
    /// How it would be read, one line per picture of a few.
    public var reading: Reading

    /// The pictures that it would be read as, made small; `nil` unless somebody asked for them.
    package let preview: String?

    /// How many pictures of a batch a preview shows.
    private static let shownPictures = 16

    /// How a tensor would be read.
    public enum Reading: Sendable {
        /// As these pictures: how many, what the first is, and why.
        case pictures(count: Int, summary: String, reasons: [String], findings: [Finding])
        /// As a clip, for these reasons.
        case clip(ClipInspection, reasons: [String])
        /// As a sound, for these reasons.
        case sound(SoundInspection, reasons: [String])
        /// Not at all.
        case refused(MediaError)
    }

    /// Looks at every value of a tensor.
    ///
    /// - Parameters:
    ///   - tensor: the tensor.
    ///   - member: its name in the file.
    ///   - options: how it is to be read.
    ///   - bins: how many parts the histogram has.
    public init(_ tensor: Tensor, member: String?, options: PictureOptions, bins: Int = 40) {
        self.init(tensor, member: member, bins: bins) { () throws(MediaError) in
            try Self.pictures(tensor, options, previewer: nil)
        }
    }

    /// - Parameters:
    ///   - settings: how it is to be read, as pictures or as a clip.
    ///   - pool: threads for what a clip would become.
    ///   - previewer: makes the preview.
    init(
        _ tensor: Tensor, member: String?, settings: ConversionSettings, pool: WorkerPool?,
        cancellation: CancellationFlag?, previewer: FileInspector.Previewer?
    ) {
        self.init(tensor, member: member) { () throws(MediaError) in
            if settings.sound.makesSounds { return try Self.sound(tensor, settings, cancellation) }
            try settings.checkNoSound()
            guard settings.clip.makesClips else {
                try settings.checkPictures()
                return try Self.pictures(tensor, settings.picture, previewer: previewer)
            }
            return try Self.clip(tensor, settings, pool, cancellation, previewer: previewer)
        }
    }

    private init(
        _ tensor: Tensor, member: String?, bins: Int = 40,
        read: () throws(MediaError) -> (reading: Reading, preview: String?)
    ) {
        self.member = member
        elementType = tensor.elementType
        shape = tensor.shape
        order = tensor.orderText
        let statistics = tensor.statistics(bins: bins)
        range = statistics.range
        histogram = statistics.histogram
        do throws(MediaError) {
            (reading, preview) = try read()
        } catch {
            (reading, preview) = (.refused(error), nil)
        }
    }

    private static func pictures(
        _ tensor: Tensor, _ options: PictureOptions, previewer: FileInspector.Previewer?
    ) throws(MediaError) -> (Reading, preview: String?) {
        let pictures = try tensor.pictures(options)
        let preview = previewer.flatMap { make in
            pictures.count > 1
                ? (try? ImageGrid(Array(pictures.prefix(shownPictures)))).flatMap(make)
                : pictures.first.flatMap(make)
        }
        let reasons = reasons(tensor, options, pictures.first?.facts)
        let summary = pictures.first.map {
            "\($0.width)×\($0.height) \($0.format)" + ($0.facts.mapping.map { ", \($0)" } ?? "")
        }
        let reading = Reading.pictures(
            count: pictures.count, summary: summary ?? "nothing", reasons: reasons,
            findings: pictures.first?.facts.findings ?? [])
        return (reading, preview)
    }

    private static func clip(
        _ tensor: Tensor, _ settings: ConversionSettings, _ pool: WorkerPool?, _ cancellation: CancellationFlag?,
        previewer: FileInspector.Previewer?
    ) throws(MediaError) -> (Reading, preview: String?) {
        let frames = try TensorFrames(tensor, options: try settings.clipOptions())
        let clip = try ClipInspection(frames, settings: settings, pool: pool, cancellation: cancellation)
        let preview = previewer.flatMap { make in (try? frames.contactSheet(of: shownPictures)).flatMap(make) }
        let why =
            !clip.layoutIsDefault
            ? "as asked"
            : settings.picture.compatibility.isWandb ? "what the SDK reads" : "the default of \(tensor.rank) axes"
        return (
            .clip(
                clip,
                reasons: ["layout \(clip.layout): \(why)"] + reasons(tensor, settings.picture, mapping: clip.mapping)),
            preview
        )
    }

    private static func sound(
        _ tensor: Tensor, _ settings: ConversionSettings, _ cancellation: CancellationFlag?
    ) throws(MediaError) -> (Reading, preview: String?) {
        let sound = try SoundInspection(tensor, settings: settings, cancellation: cancellation)
        let facts = sound.outcome.facts
        let why =
            switch facts.layout {
            case _ where !facts.layoutWasInferred:
                settings.sound.layout == nil ? "the only one of one axis" : "as asked"
            case .ct: "\(tensor.shape[0]) rows of \(tensor.shape[1]) numbers, which are channels"
            default: "the default of 2 axes"
            }
        return (.sound(sound, reasons: ["layout \(facts.layout?.rawValue ?? ""): \(why)"]), nil)
    }

    private static func reasons(_ tensor: Tensor, _ options: PictureOptions, _ facts: PixelFacts?) -> [String] {
        var reasons: [String] = []
        if let facts, let layout = facts.layout {
            let why: String
            if !facts.layoutWasInferred {
                why = "as asked"
            } else if layout.hasSuffix("hwc") {
                why = "the last axis has \(tensor.shape.last ?? 0) elements, which are channels"
            } else if layout.hasSuffix("chw") {
                why = "axis \(tensor.rank - 3) has \(tensor.shape.dropLast(2).last ?? 0) elements, which are channels"
            } else {
                why = "there is no axis of channels"
            }
            reasons.append("layout \(layout): \(why)")
        }
        return reasons + self.reasons(tensor, options, mapping: facts?.mapping)
    }

    private static func reasons(_ tensor: Tensor, _ options: PictureOptions, mapping: AppliedMapping?) -> [String] {
        var reasons: [String] = []
        if let mapping {
            let why =
                if !mapping.wasInferred {
                    options.mapping == .automatic ? "the rule for \(tensor.elementType)" : "as asked"
                } else {
                    switch (options.kind, mapping.name) {
                    case (.flow, _): "full colour is the longest displacement"
                    case (.logDepth, _), (.inverseDepth, _): "percentiles 1 and 99 of the depths"
                    case (_, "unit"): "all values lie within -0.05…1.05"
                    case (_, "signed-unit"): "all values lie within -1.05…1.05"
                    case (_, "byte"): "all values lie within -13…268 and reach 8"
                    default: "the values say nothing by their range"
                    }
                }
            reasons.append("values \(mapping.name): \(why)")
        }
        return reasons
    }
}

extension TensorInspection {
    /// Everything as JSON, for programs.
    public var json: JSONValue {
        var json: JSONObject = [:]
        if let member { json["member"] = .string(member) }
        json["element_type"] = .string(elementType.rawValue)
        json["shape"] = .array(shape.map { JSONValue($0) })
        json["order"] = .string(order)
        json["minimum"] = range.minimum.map(JSONValue.number) ?? .null
        json["maximum"] = range.maximum.map(JSONValue.number) ?? .null
        json["not_finite"] = JSONValue(range.notFinite)
        if let index = range.firstNotFinite { json["first_not_finite"] = .array(index.map { JSONValue($0) }) }
        json["histogram"] = .array(histogram.map { JSONValue($0) })
        switch reading {
        case .refused(let error): json["refused"] = error.json
        case .clip(let clip, let reasons):
            json["reading"] = .string(clip.summary)
            json["reasons"] = .array(reasons.map { .string($0) })
            json["clip"] = clip.json
        case .sound(let sound, let reasons):
            json["reading"] = .string(sound.summary)
            json["reasons"] = .array(reasons.map { .string($0) })
            json["sound"] = sound.json
        case .pictures(let count, let summary, let reasons, let findings):
            json["pictures"] = JSONValue(count)
            json["reading"] = .string(summary)
            json["reasons"] = .array(reasons.map { .string($0) })
            json["findings"] = .array(findings.map(\.json))
        }
        return .object(json)
    }
}

extension Tensor {
    /// How the elements stand in memory.
    fileprivate var orderText: String {
        let order =
            if isContiguous {
                "C order"
            } else if (try? transposed(shape.indices.reversed()))?.isContiguous == true {
                "Fortran order"
            } else {
                "strided"
            }
        return byteOrder == .big && elementType.byteCount > 1 ? order + ", big-endian" : order
    }
}
