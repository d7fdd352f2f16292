/// The middle line of a glyph's strokes, before a pen has drawn it.
///
/// A thousand units are an em. y grows upwards; 0 is the middle of a stroke that stands on the baseline, 446 of one at the
/// top of `x`, 636 of `H`, 680 of `d`. The pen adds half its width on every side, which is why both weights share skeletons.
struct GlyphSkeleton: Sendable {
    enum Element: Sendable {
        case move(Point)
        case line(Point)
        case curve(Point, Point, Point)
        case close
        /// A disc somewhat wider than the pen.
        case dot(Point)
    }

    /// How far the next glyph stands.
    enum Width: Sendable {
        /// White on the left and the right of the painted area.
        case bearings(left: Double, right: Double)
        /// The same for every figure; the glyph stands in the middle, moved by `shift`.
        case fixed(Double, shift: Double)
    }

    var elements: [Element] = []
    var width: Width
    /// The pen's width as a share of that of the typeface.
    var penShare = 1.0
    /// Whether the lines are edges of areas rather than strokes; their y counts from the baseline itself.
    var isArea = false
    /// Where the middle of a mark stands, when that is not the middle of the glyph.
    var topAnchor: Double?, bottomAnchor: Double?
    /// What the points on the lines reach, without marks; y grows upwards here too.
    private(set) var bounds: Rectangle?

    init(width: Width) { self.width = width }

    /// Adds a step that belongs to the glyph itself.
    mutating func append(_ element: Element) {
        elements.append(element)
        guard let end = element.end else { return }
        let place = Rectangle(minX: end.x, minY: end.y, maxX: end.x, maxY: end.y)
        bounds = bounds?.union(place) ?? place
    }

    /// Adds the lines of a mark, which change neither the width nor where further marks stand.
    mutating func append(mark: GlyphSkeleton, movedBy distance: Point) {
        elements += mark.elements.map { $0.map { $0 + distance } }
    }
}

extension GlyphSkeleton.Element {
    /// Where the step ends.
    var end: Point? {
        switch self {
        case .move(let point), .line(let point), .curve(_, _, let point), .dot(let point): point
        case .close: nil
        }
    }

    /// The step with every point changed.
    func map(_ transform: (Point) -> Point) -> Self {
        switch self {
        case .move(let point): .move(transform(point))
        case .line(let point): .line(transform(point))
        case .curve(let one, let two, let end): .curve(transform(one), transform(two), transform(end))
        case .dot(let point): .dot(transform(point))
        case .close: .close
        }
    }
}
