public import ImageCoding
public import MediaCore
public import TensorIO

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
        self.init(tensor, member: member, options: options, bins: bins, previewer: nil)
    }

    init(
        _ tensor: Tensor, member: String?, options: PictureOptions, bins: Int = 40, previewer: FileInspector.Previewer?
    ) {
        self.member = member
        elementType = tensor.elementType
        shape = tensor.shape
        order = tensor.orderText
        let statistics = tensor.statistics(bins: bins)
        range = statistics.range
        histogram = statistics.histogram
        do throws(MediaError) {
            let pictures = try tensor.pictures(options)
            preview = previewer.flatMap { make in
                pictures.count > 1
                    ? (try? ImageGrid(Array(pictures.prefix(Self.shownPictures)))).flatMap(make)
                    : pictures.first.flatMap(make)
            }
            let reasons = Self.reasons(tensor, options, pictures.first?.facts)
            let summary = pictures.first.map {
                "\($0.width)×\($0.height) \($0.format)" + ($0.facts.mapping.map { ", \($0)" } ?? "")
            }
            reading = .pictures(
                count: pictures.count, summary: summary ?? "nothing", reasons: reasons,
                findings: pictures.first?.facts.findings ?? [])
        } catch {
            preview = nil
            reading = .refused(error)
        }
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
        if let mapping = facts?.mapping {
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
