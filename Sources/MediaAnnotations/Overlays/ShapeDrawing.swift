import ImageCoding
public import MediaCore
public import MediaDrawing

/// How boxes, turned boxes, polygons and keypoints are drawn on a picture: lines in the colours of their classes, and chips with
/// names and scores.
///
///     var canvas = try Canvas(over: picture)
///     let report = try ShapeDrawing().draw(document.groups, on: &canvas)
///
/// Widths and sizes go with the picture, so that it looks the same in every resolution. Boxes of the first group are drawn with
/// solid lines, those of the others with dashes, a pattern for each. Chips never cover each other; see ``ChipLayout``.
public struct ShapeDrawing: Sendable {
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

    /// Draws groups of shapes, the first below the others, and then the chips of all of them.
    ///
    /// - Throws: `argument.invalid` for a picture without pixels.
    public func draw(_ groups: AnnotationGroups<ShapeGroup>, on canvas: inout Canvas) throws(MediaError) -> Report {
        let size = try ImageSize(width: canvas.width, height: canvas.height)
        var shapes: [DrawnShape] = []
        for (index, entry) in groups.entries.enumerated() {
            for shape in entry.group.shapes {
                guard var drawn = DrawnShape(shape, in: size) else { continue }
                drawn.color = shape.color ?? palette.color(for: shape.classID ?? 0)
                drawn.pattern = index
                drawn.text = text(shape, entry.group.labels)
                shapes.append(drawn)
            }
        }
        return draw(shapes, on: &canvas)
    }

    /// Draws groups of boxes; see ``draw(_:on:)-(AnnotationGroups<ShapeGroup>,_)``.
    ///
    /// - Throws: `argument.invalid` for a picture without pixels.
    public func draw(
        _ groups: AnnotationGroups<BoundingBoxGroup>, on canvas: inout Canvas
    ) throws(MediaError) -> Report {
        try draw(groups.mapGroups { ShapeGroup($0) }, on: &canvas)
    }

    /// What stands on the chip of a shape; empty for no chip.
    private func text(_ shape: AnnotationShape, _ labels: ClassLabels?) -> String {
        var parts: [String] = []
        if chips.contains(.names) {
            if let caption = shape.caption {
                parts.append(caption)
            } else if let classID = shape.classID {
                parts.append((labels ?? ClassLabels()).name(of: classID))
            }
        }
        if chips.contains(.scores) {
            let scores = shape.scores.entries
            parts += scores.map { scores.count == 1 ? $0.value.asScore : "\($0.name) \($0.value.asScore)" }
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
