import ImageCoding
public import MediaCore
public import MediaDrawing

/// How boxes, turned boxes, polygons and keypoints are drawn on a picture: lines in the colours of their classes, and chips with
/// names and scores.
///
///     var canvas = try Canvas(over: picture)
///     let report = try BoxDrawing().draw(document.groups, on: &canvas)
///
/// Widths and sizes go with the picture, so that it looks the same in every resolution. Boxes of the first group are drawn with
/// solid lines, those of the others with dashes, a pattern for each. Chips never cover each other; see ``ChipLayout``.
public struct BoxDrawing: Sendable {
    /// What stands on the chips.
    public struct Chips: OptionSet, Sendable, Hashable {
        /// A bit for each part.
        public let rawValue: Int

        /// Creates a set of parts.
        public init(rawValue: Int) { self.rawValue = rawValue }

        /// The caption of the box, or, when it has none, the name of its class.
        public static let names = Chips(rawValue: 1)
        /// The scores: one alone as a number, several with their names.
        public static let scores = Chips(rawValue: 2)
    }

    /// What was drawn and what was not.
    public struct Report: Sendable, Hashable {
        /// How many boxes and other shapes were drawn.
        public internal(set) var shapes = 0
        /// How many chips there was no place for.
        public internal(set) var droppedChips = 0

        /// Nothing was drawn.
        public init() {}

        /// The same for people and programs.
        public var findings: [Finding] {
            guard droppedChips > 0 else { return [] }
            return [
                .warning(
                    .drawingChipsDropped, "no free place for \(droppedChips) of the captions", path: "boxes",
                    value: String(droppedChips), hint: "draw fewer boxes, or a larger picture")
            ]
        }
    }

    /// The width of lines in pixels; a 300th of the picture's shorter side, at least 1.5, when `nil`.
    public var lineWidth: Double?
    /// How strongly the inside is tinted, 0…1.
    public var fillOpacity = 0.0
    /// What stands on the chips; nothing at all for no chips.
    public var chips: Chips = [.names, .scores]
    /// The size of text in pixels; one that goes with the picture when `nil`.
    public var textSize: Double?
    /// The typeface of the chips.
    public var typeface: any Typeface = VectorTypeface.embedded
    /// The colours of classes. What has no class has that of class 0.
    public var palette = CategoryPalette.distinct
    /// So many chips are drawn at the most.
    public var mostChips = 4000

    /// Lines that go with the picture, chips with names and scores.
    public init() {}

    /// Draws groups of boxes, the first below the others, and then their chips.
    ///
    /// - Throws: `argument.invalid` for a picture without pixels.
    public func draw(
        _ groups: AnnotationGroups<BoundingBoxGroup>, on canvas: inout Canvas
    ) throws(MediaError) -> Report {
        let size = try ImageSize(width: canvas.width, height: canvas.height)
        var shapes: [DrawnShape] = []
        for (index, entry) in groups.entries.enumerated() {
            let labels = entry.group.labels
            for box in entry.group.boxes {
                let rectangle = box.rectangle(in: size)
                shapes.append(
                    DrawnShape(
                        outline: .rectangle(rectangle), bounds: rectangle, color: color(box.color, box.classID),
                        pattern: index, text: text(box.caption, box.classID, labels, box.scores)))
            }
        }
        return draw(shapes, on: &canvas)
    }

    /// Draws turned boxes and their chips.
    ///
    /// - Throws: `argument.invalid` for a picture without pixels.
    public func draw(
        _ boxes: [OrientedBox], labels: ClassLabels? = nil, on canvas: inout Canvas
    ) throws(MediaError) -> Report {
        let size = try ImageSize(width: canvas.width, height: canvas.height)
        return draw(
            boxes.map { box in
                DrawnShape(
                    outline: .path(box.path(in: size), isClosed: true), bounds: .around(box.corners(in: size)),
                    color: color(box.color, box.classID),
                    text: text(box.caption, box.classID, labels, box.scores))
            }, on: &canvas)
    }

    /// Draws polygons and their chips.
    ///
    /// - Throws: `argument.invalid` for a picture without pixels.
    public func draw(
        _ polygons: [PolygonAnnotation], labels: ClassLabels? = nil, on canvas: inout Canvas
    ) throws(MediaError) -> Report {
        let size = try ImageSize(width: canvas.width, height: canvas.height)
        return draw(
            polygons.map { polygon in
                DrawnShape(
                    outline: .path(polygon.path(in: size), isClosed: true), bounds: polygon.bounds(in: size),
                    color: color(polygon.color, polygon.classID),
                    text: text(polygon.caption, polygon.classID, labels, polygon.scores))
            }, on: &canvas)
    }

    /// Draws skeletons, with a disc for each point that is seen and a ring for each that is hidden, and their chips.
    ///
    /// - Throws: `argument.invalid` for a picture without pixels.
    public func draw(
        _ sets: [KeypointSet], labels: ClassLabels? = nil, on canvas: inout Canvas
    ) throws(MediaError) -> Report {
        let size = try ImageSize(width: canvas.width, height: canvas.height)
        return draw(
            sets.compactMap { set in
                let points = set.points.filter { $0.visibility != .unlabeled }.map { keypoint in
                    KeypointSet.Keypoint(keypoint.point.inPixels(set.domain, of: size), keypoint.visibility)
                }
                guard !points.isEmpty else { return nil }
                return DrawnShape(
                    outline: .path(set.path(in: size), isClosed: false), bounds: .around(points.map(\.point)),
                    points: points, color: color(set.color, set.classID),
                    text: text(set.caption, set.classID, labels, set.scores))
            }, on: &canvas)
    }

    // MARK: What all kinds have in common

    private func color(_ own: Palette.Color?, _ classID: Int?) -> Palette.Color {
        own ?? palette.color(for: classID ?? 0)
    }

    /// What stands on the chip of a thing; empty for no chip.
    private func text(
        _ caption: String?, _ classID: Int?, _ labels: ClassLabels?, _ scores: BoxScores
    ) -> String {
        var parts: [String] = []
        if chips.contains(.names) {
            if let caption {
                parts.append(caption)
            } else if let classID {
                parts.append((labels ?? ClassLabels()).name(of: classID))
            }
        }
        if chips.contains(.scores) {
            let isAlone = scores.entries.count == 1
            parts += scores.entries.map { isAlone ? $0.value.asScore : "\($0.name) \($0.value.asScore)" }
        }
        return parts.filter { !$0.isEmpty }.joined(separator: " ")
    }
}

extension MediaError.Code {
    /// There was no place for all captions of boxes.
    public static let drawingChipsDropped: Self = "drawing.chips-dropped"
}

extension Double {
    /// The number with two decimals, rounded half to even; as it is where that would say little.
    fileprivate var asScore: String {
        let hundredths = (self * 100).rounded(.toNearestOrEven)
        guard hundredths.magnitude < 1e9, hundredths != 0 || self == 0, let whole = Int(exactly: hundredths) else {
            return description
        }
        let (units, rest) = whole.magnitude.quotientAndRemainder(dividingBy: 100)
        return "\(whole < 0 ? "-" : "")\(units).\(rest < 10 ? "0" : "")\(rest)"
    }
}

extension Rectangle {
    /// The smallest rectangle around points; empty at the origin for none.
    static func around(_ points: [Point]) -> Rectangle {
        guard let first = points.first else { return Rectangle(x: 0, y: 0, width: 0, height: 0) }
        return points.reduce(Rectangle(x: first.x, y: first.y, width: 0, height: 0)) {
            $0.union(Rectangle(x: $1.x, y: $1.y, width: 0, height: 0))
        }
    }
}
