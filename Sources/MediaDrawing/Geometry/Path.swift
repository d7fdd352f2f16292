/// Lines and curves, in one piece or several: what is filled and stroked.
public struct Path: Sendable, Hashable {
    /// One step of a path.
    public enum Element: Sendable, Hashable {
        /// Begins a piece at a point.
        case move(Point)
        /// A straight line to a point.
        case line(Point)
        /// A quadratic Bézier curve: control point, end.
        case quadratic(Point, Point)
        /// A cubic Bézier curve: two control points, end.
        case cubic(Point, Point, Point)
        /// A straight line to where the piece began; ends the piece.
        case close
    }

    /// The steps, in order. A step before the first `move` begins at (0, 0).
    public private(set) var elements: [Element] = []

    /// An empty path.
    public init() {}

    /// A path of these steps.
    public init(_ elements: [Element]) { self.elements = elements }

    /// Straight lines through points.
    public init(through points: some Sequence<Point>, isClosed: Bool = false) {
        for point in points { elements.append(elements.isEmpty ? .move(point) : .line(point)) }
        if isClosed, !elements.isEmpty { elements.append(.close) }
    }

    /// The edges of a rectangle.
    public init(_ rectangle: Rectangle) {
        self.init(
            through: [
                Point(x: rectangle.minX, y: rectangle.minY), Point(x: rectangle.maxX, y: rectangle.minY),
                Point(x: rectangle.maxX, y: rectangle.maxY), Point(x: rectangle.minX, y: rectangle.maxY),
            ], isClosed: true)
    }

    /// Whether there are no steps.
    public var isEmpty: Bool { elements.isEmpty }

    /// Begins a piece.
    public mutating func move(to point: Point) { elements.append(.move(point)) }
    /// Adds a straight line.
    public mutating func line(to point: Point) { elements.append(.line(point)) }
    /// Adds a quadratic curve.
    public mutating func curve(to end: Point, control: Point) { elements.append(.quadratic(control, end)) }
    /// Adds a cubic curve.
    public mutating func curve(to end: Point, control1: Point, control2: Point) {
        elements.append(.cubic(control1, control2, end))
    }
    /// Ends the piece with a line to its beginning.
    public mutating func close() { elements.append(.close) }
    /// Adds the pieces of another path.
    public mutating func append(_ other: Path) { elements += other.elements }

    /// The path with every point changed.
    public func map(_ transform: (Point) -> Point) -> Path {
        Path(
            elements.map { element in
                switch element {
                case .move(let point): .move(transform(point))
                case .line(let point): .line(transform(point))
                case .quadratic(let control, let end): .quadratic(transform(control), transform(end))
                case .cubic(let one, let two, let end): .cubic(transform(one), transform(two), transform(end))
                case .close: .close
                }
            })
    }
}
