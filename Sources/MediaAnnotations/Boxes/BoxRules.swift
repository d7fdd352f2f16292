public import MediaCore

extension MediaError.Code {
    /// A box has no position, or not all numbers of one.
    public static let boxPositionMissing: Self = "box.position-missing"
    /// A box has a position in both forms; the edges hold.
    public static let boxPositionRepeated: Self = "box.position-repeated"
    /// A group has no list of boxes.
    public static let boxesMissing: Self = "boxes.missing"
    /// An edge of a box stands on the wrong side of the one opposite.
    public static let boxInverted: Self = "box.inverted"
    /// A box has no width or no height.
    public static let boxEmpty: Self = "box.empty"
    /// A box, or a part of it, is not on the picture.
    public static let boxOutside: Self = "box.outside"
    /// A box is smaller than a pixel.
    public static let boxUnderPixel: Self = "box.under-pixel"
    /// A box says neither `percentage` nor `pixel`.
    public static let boxDomainUnknown: Self = "box.domain-unknown"
    /// A box has no class.
    public static let boxClassMissing: Self = "box.class-missing"
    /// The class of a box has no name among those that were given.
    public static let boxClassUnknown: Self = "box.class-unknown"
    /// A box stands twice at the same place with the same class.
    public static let boxRepeated: Self = "box.repeated"
    /// A score has the name of another one of the same box.
    public static let boxScoreRepeated: Self = "box.score-repeated"
    /// A member of a box is a value of the wrong kind: a caption that is no text, a class that is no integer.
    public static let boxTypeInvalid: Self = "box.type-invalid"
}

extension BoundingBox {
    /// The rules that no box breaks, by code.
    public static let rules: [(code: MediaError.Code, rule: String)] = [
        (.valueNotFinite, "coordinates and scores are finite"),
        (.boxInverted, "the left edge is left of the right one, the upper above the lower; sizes are not negative"),
        (.boxEmpty, "width and height are above 0"),
        (.boxOutside, "fractions lie within 0…1, but for a millionth that rounding to 32-bit floats can cost"),
        (.valueOutOfRange, "pixels are within ±2³¹, where every picture ends"),
        (.boxScoreRepeated, "a box has a score of each name once"),
    ]
}

/// The rules for the numbers of a box, looked at quickly first, and put into words where one is broken.
enum BoxRules {
    typealias Numbers = (Double, Double, Double, Double)

    /// How far outside 0…1 a fraction may be: middles and sizes that went through 32-bit floats miss the edge by as much.
    static let tolerance = 1e-6
    /// Where pixels end.
    static let farthest = 0x1p31

    /// Whether no rule is broken. Comparisons with NaN are false, so each is written to be true of what is right.
    @inline(__always)
    static func areSound(
        _ numbers: Numbers, _ form: BoundingBox.Form, _ domain: BoundingBox.Domain, slack: Double = 0
    ) -> Bool {
        var (minX, maxX, minY, maxY) = numbers
        if form == .middle {
            guard numbers.2 > 0, numbers.3 > 0 else { return false }
            (minX, maxX, minY, maxY) = edges(middle: numbers)
        }
        let (low, high) = domain == .percentage ? (-tolerance - slack, 1 + tolerance + slack) : (-farthest, farthest)
        return minX < maxX && minY < maxY && minX >= low && minY >= low && maxX <= high && maxY <= high
    }

    /// Left, right, upper and lower edge, each rounded once.
    @inline(__always)
    static func edges(middle: Numbers) -> Numbers {
        let (x, y, width, height) = middle
        return (x - width / 2, x + width / 2, y - height / 2, y + height / 2)
    }

    /// Adds what is wrong with a position.
    static func findings(
        _ numbers: Numbers, _ form: BoundingBox.Form, _ domain: BoundingBox.Domain, path: String,
        into report: inout ValidationReport
    ) {
        let path = path.isEmpty ? "position" : path + ".position"
        let names =
            form == .minMax ? ["minX", "maxX", "minY", "maxY"] : ["middle[0]", "middle[1]", "width", "height"]
        let values = [numbers.0, numbers.1, numbers.2, numbers.3]
        var isFinite = true
        for (name, value) in zip(names, values) where !value.isFinite {
            isFinite = false
            report.add(
                .error(
                    .valueNotFinite, "\(name) is \(value)", path: "\(path).\(name)", value: "\(value)",
                    hint: "leave the box out"))
        }
        guard isFinite else { return }
        switch form {
        case .minMax:
            order("minX", values[0], "maxX", values[1], path, &report)
            order("minY", values[2], "maxY", values[3], path, &report)
            range(Array(zip(names, values)), domain, path, &report)
        case .middle:
            size("width", values[2], around: values[0], path, &report)
            size("height", values[3], around: values[1], path, &report)
            let edges = edges(middle: numbers)
            // Each edge is said of the number that moves it, and not again where the middle is outside already.
            range([("middle[0]", values[0]), ("middle[1]", values[1])], domain, path, &report)
            let isInside: (Double) -> Bool = { domain == .pixel || (-tolerance...1 + tolerance).contains($0) }
            if isInside(values[0]), values[2] > 0 {
                range([("width", edges.0), ("width", edges.1)], domain, path, &report, edgeOf: values[2])
            }
            if isInside(values[1]), values[3] > 0 {
                range([("height", edges.2), ("height", edges.3)], domain, path, &report, edgeOf: values[3])
            }
        }
    }

    private static func order(
        _ lowName: String, _ low: Double, _ highName: String, _ high: Double, _ path: String,
        _ report: inout ValidationReport
    ) {
        guard !(low < high) else { return }
        let isEmpty = low == high
        report.add(
            .error(
                isEmpty ? .boxEmpty : .boxInverted,
                isEmpty
                    ? "\(highName) is \(high) and \(lowName) too" : "\(highName) \(high) is below \(lowName) \(low)",
                path: "\(path).\(highName)", value: "\(high)",
                hint: isEmpty ? "leave the box out" : "exchange \(lowName) and \(highName)"))
    }

    private static func size(
        _ name: String, _ value: Double, around middle: Double, _ path: String, _ report: inout ValidationReport
    ) {
        guard !(value > 0 && middle - value / 2 < middle + value / 2) else { return }
        report.add(
            .error(
                value < 0 ? .boxInverted : .boxEmpty,
                value > 0 ? "\(name) \(value) is nothing beside the middle \(middle)" : "\(name) is \(value)",
                path: "\(path).\(name)", value: "\(value)",
                hint: value < 0 ? "give the size, a positive number" : "leave the box out"))
    }

    private static func range(
        _ edges: [(String, Double)], _ domain: BoundingBox.Domain, _ path: String, _ report: inout ValidationReport,
        edgeOf size: Double? = nil
    ) {
        let isPixels = domain == .percentage && edges.contains { $0.1.magnitude > 2 }
        for (name, value) in edges {
            let what = size.map { "\(name) \($0) puts an edge at \(value), which" } ?? "\(name) \(value)"
            switch domain {
            case .percentage where value < -tolerance || value > 1 + tolerance:
                report.add(
                    .error(
                        .boxOutside, "\(what) is outside 0…1", path: "\(path).\(name)", value: "\(size ?? value)",
                        hint: isPixels ? "pass domain: .pixel for pixel coordinates" : "cut the box at the image"))
            case .pixel where value.magnitude > farthest:
                report.add(
                    .error(
                        .valueOutOfRange, "\(what) is no pixel of any picture", path: "\(path).\(name)",
                        value: "\(size ?? value)", hint: "leave the box out"))
            default: break
            }
        }
    }
}

extension BoxScores {
    /// Whether all scores are finite and no name stands twice.
    var isSound: Bool {
        guard areFinite else { return false }
        guard entries.count <= 16 else { return Set(entries.map(\.name)).count == entries.count }
        for (index, entry) in entries.enumerated() {
            for other in entries[..<index] where other.name == entry.name { return false }
        }
        return true
    }

    /// Whether all scores are finite.
    var areFinite: Bool {
        for entry in entries where !entry.value.isFinite { return false }
        return true
    }

    /// Adds what is wrong with the scores.
    func findings(path: String, into report: inout ValidationReport) {
        let path = path.isEmpty ? "scores" : path + ".scores"
        var names: Set<String> = []
        for entry in entries {
            let place = path + entry.name.asSubscript
            if !names.insert(entry.name).inserted {
                report.add(
                    .error(
                        .boxScoreRepeated, "the score \"\(entry.name)\" stands twice", path: place,
                        hint: "give every score a name of its own"))
            }
            if !entry.value.isFinite {
                report.add(
                    .error(
                        .valueNotFinite, "the score \"\(entry.name)\" is \(entry.value)", path: place,
                        value: "\(entry.value)", hint: "leave the score out"))
            }
        }
    }
}

extension String {
    /// The name as a step of a path: `["two words"]`. Long names are cut: a path stands in every finding.
    var asSubscript: String {
        let short = unicodeScalars.count > 100 ? String(unicodeScalars.prefix(100)) + "…" : self
        return "[\((try? JSONWriter.string(.string(short))) ?? short)]"
    }
}
