import ImageCoding
public import MediaCore
import TensorIO

extension FileComparison {
    /// Everything for people, line by line.
    public var lines: [String] {
        var lines = ["\(firstName) and \(secondName): \(summary)"]
        if let values, !values.isIdentical { lines += Self.lines(values) }
        for (index, pictures) in self.pictures.enumerated() {
            // Where there is nothing else, the first line says it.
            let isAlone = values == nil && self.pictures.count == 1
            let head = isAlone ? nil : self.pictures.count == 1 ? "picture" : "picture \(index)"
            lines += Self.lines(pictures.comparison, head: head)
        }
        return lines + notes.map { "  note        \($0)" }
    }

    private var summary: String {
        if let values { return "\(values.count) values" + (values.isIdentical ? ", identical" : "") }
        guard let first = pictures.first else { return "nothing" }
        return pictures.count == 1 ? Self.form(first.comparison) : "\(pictures.count) pictures"
    }

    private static func form(_ picture: PictureComparison) -> String {
        let form = "\(picture.width)×\(picture.height) \(picture.format), "
        guard !picture.isIdentical else { return form + "identical" }
        let pixels = picture.width * picture.height
        let share = 100 * Double(picture.differingPixels) / Double(pixels)
        return form + "\(picture.differingPixels) of \(pixels) pixels differ "
            + "(\(share < 0.01 ? "below 0.01" : share.rounded(to: 2)) %)"
    }

    private static func lines(_ values: TensorComparison) -> [String] {
        var lines = [
            "  values      \(values.differing) of \(values.count) differ, mean \(short(values.meanDifference)), largest "
                + short(values.largestDifference) + text(values.worst),
            "              largest relative \(short(values.largestRelativeDifference))\(text(values.relativeWorst))",
        ]
        if values.notFiniteDifferences > 0 {
            lines.append(
                "              \(values.notFiniteDifferences) not finite in one alone, the first"
                    + text(values.firstNotFiniteDifference))
        }
        return lines
    }

    private static func text(_ place: TensorComparison.Place?) -> String {
        place.map { " at \(describe($0.index)): \(short($0.first)) and \(short($0.second))" } ?? ""
    }

    private static func lines(_ picture: PictureComparison, head: String?) -> [String] {
        var lines =
            head.map { ["  " + $0 + String(repeating: " ", count: max(1, 12 - $0.count)) + form(picture)] } ?? []
        let conversions = picture.conversions.map { "  converted   \($0)" }
        guard !picture.isIdentical else { return lines + conversions }
        lines.append("  PSNR        \(picture.peakSignalToNoise.rounded(to: 2)) dB")
        lines.append(
            "  SSIM        \(picture.structuralSimilarity?.rounded(to: 5) ?? "none, a window is 11×11 pixels")")
        if let color = picture.colorDifference {
            let place = color.worst.map { " at (\($0.x), \($0.y))" } ?? ""
            lines.append(
                "  ΔE 2000     mean \(color.mean.rounded(to: 4)), largest \(color.maximum.rounded(to: 3))\(place)")
        }
        lines.append(
            "  difference  mean \(picture.meanDifference.rounded(to: 4)), largest \(picture.largestDifference) "
                + "of \(picture.format.maximum)")
        if let worst = picture.worst {
            let samples = [worst.first, worst.second].map { $0.map(String.init).joined(separator: " ") }
            lines.append("  worst       (\(worst.x), \(worst.y)): \(samples[0]) and \(samples[1])")
        }
        return lines + conversions
    }

    /// A number with six digits, as messages show it.
    private static func short(_ value: Double) -> String {
        let text = Float(value).description
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    /// Everything for programs, one object.
    ///
    /// `psnr` is `null` for identical pictures, whose PSNR is infinite; `ssim` for pictures below 11×11 pixels.
    public func json(failures: [String] = []) -> JSONValue {
        var object = JSONObject([
            ("first", .string(firstName)), ("second", .string(secondName)), ("identical", .bool(isIdentical)),
        ])
        if let values { object["values"] = Self.json(values) }
        object["pictures"] = .array(pictures.map { Self.json($0.comparison) })
        object["notes"] = .array(notes.map { .string($0) })
        object["failed"] = .array(failures.map { .string($0) })
        return .object(object)
    }

    private static func json(_ values: TensorComparison) -> JSONValue {
        var object = JSONObject([
            ("count", JSONValue(values.count)), ("identical", .bool(values.isIdentical)),
            ("differing", JSONValue(values.differing)), ("mean_difference", .number(values.meanDifference)),
            ("largest_difference", number(values.largestDifference)),
            ("largest_relative_difference", number(values.largestRelativeDifference)),
            ("not_finite_differences", JSONValue(values.notFiniteDifferences)),
        ])
        for (name, place) in [
            ("worst", values.worst), ("relative_worst", values.relativeWorst),
            ("first_not_finite_difference", values.firstNotFiniteDifference),
        ] {
            guard let place else { continue }
            object[name] = [
                "index": .array(place.index.map { JSONValue($0) }), "first": number(place.first),
                "second": number(place.second),
            ]
        }
        return .object(object)
    }

    private static func json(_ picture: PictureComparison) -> JSONValue {
        var object = JSONObject([
            ("width", JSONValue(picture.width)), ("height", JSONValue(picture.height)),
            ("format", .string(picture.format.description)),
            ("conversions", .array(picture.conversions.map { .string($0) })),
            ("identical", .bool(picture.isIdentical)), ("differing_pixels", JSONValue(picture.differingPixels)),
            ("psnr", number(picture.peakSignalToNoise)),
            ("ssim", picture.structuralSimilarity.map(JSONValue.number) ?? .null),
        ])
        if let color = picture.colorDifference {
            var delta = JSONObject([("mean", .number(color.mean)), ("maximum", .number(color.maximum))])
            if let worst = color.worst { (delta["x"], delta["y"]) = (JSONValue(worst.x), JSONValue(worst.y)) }
            object["delta_e"] = .object(delta)
        }
        object["difference"] = [
            "mean": .number(picture.meanDifference), "largest": JSONValue(picture.largestDifference),
            "of": JSONValue(picture.format.maximum),
        ]
        object["worst"] =
            picture.worst.map { worst in
                [
                    "x": JSONValue(worst.x), "y": JSONValue(worst.y),
                    "first": .array(worst.first.map { JSONValue($0) }),
                    "second": .array(worst.second.map { JSONValue($0) }),
                ]
            } ?? .null
        return .object(object)
    }

    /// A number, or `null` for what JSON cannot hold.
    private static func number(_ value: Double) -> JSONValue { value.isFinite ? .number(value) : .null }
}
