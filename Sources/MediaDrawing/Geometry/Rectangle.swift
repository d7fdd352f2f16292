/// An upright rectangle on a picture, in pixels; see ``Point`` for the directions.
public struct Rectangle: Sendable, Hashable {
    /// The left edge.
    public var minX: Double
    /// The upper edge.
    public var minY: Double
    /// The right edge.
    public var maxX: Double
    /// The lower edge.
    public var maxY: Double

    /// A rectangle between edges.
    public init(minX: Double, minY: Double, maxX: Double, maxY: Double) {
        self.minX = minX
        self.minY = minY
        self.maxX = maxX
        self.maxY = maxY
    }

    /// A rectangle with a corner at (x, y) and a size.
    public init(x: Double, y: Double, width: Double, height: Double) {
        self.init(minX: x, minY: y, maxX: x + width, maxY: y + height)
    }

    /// The distance between left and right edge.
    public var width: Double { maxX - minX }
    /// The distance between upper and lower edge.
    public var height: Double { maxY - minY }
    /// The point in the middle.
    public var center: Point { Point(x: (minX + maxX) / 2, y: (minY + maxY) / 2) }
    /// Whether nothing is inside: an edge has passed the one opposite, or is no number.
    public var isEmpty: Bool { !(minX < maxX && minY < maxY) }

    /// What is inside both; empty when they do not meet.
    public func intersection(_ other: Rectangle) -> Rectangle {
        Rectangle(
            minX: max(minX, other.minX), minY: max(minY, other.minY), maxX: min(maxX, other.maxX),
            maxY: min(maxY, other.maxY))
    }

    /// Whether both have more than an edge in common.
    public func intersects(_ other: Rectangle) -> Bool { !intersection(other).isEmpty }

    /// The rectangle that holds both.
    public func union(_ other: Rectangle) -> Rectangle {
        Rectangle(
            minX: min(minX, other.minX), minY: min(minY, other.minY), maxX: max(maxX, other.maxX),
            maxY: max(maxY, other.maxY))
    }

    /// The rectangle with every edge moved inwards, or outwards where `distance` is negative.
    public func inset(by distance: Double) -> Rectangle {
        Rectangle(minX: minX + distance, minY: minY + distance, maxX: maxX - distance, maxY: maxY - distance)
    }

    /// The rectangle elsewhere.
    public func moved(x: Double, y: Double) -> Rectangle {
        Rectangle(minX: minX + x, minY: minY + y, maxX: maxX + x, maxY: maxY + y)
    }
}
