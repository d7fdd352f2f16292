/// A place on a picture, in pixels.
///
/// x grows to the right and y downwards. (0, 0) is the outer corner of the first pixel, whose middle is (0.5, 0.5).
public struct Point: Sendable, Hashable {
    /// How far from the left edge.
    public var x: Double
    /// How far from the upper edge.
    public var y: Double

    /// Creates a point.
    public init(x: Double, y: Double) {
        self.x = x
        self.y = y
    }

    /// The corner of the first pixel.
    public static let zero = Point(x: 0, y: 0)

    /// Whether both coordinates are numbers that a picture can have.
    public var isFinite: Bool { x.isFinite && y.isFinite }
}

extension Point {
    /// The point moved by both coordinates of another.
    public static func + (a: Point, b: Point) -> Point { Point(x: a.x + b.x, y: a.y + b.y) }
    /// The way from `b` to `a`.
    public static func - (a: Point, b: Point) -> Point { Point(x: a.x - b.x, y: a.y - b.y) }
    /// The point with both coordinates scaled.
    public static func * (a: Point, factor: Double) -> Point { Point(x: a.x * factor, y: a.y * factor) }
    /// How far the point is from the origin.
    public var length: Double { (x * x + y * y).squareRoot() }
}
