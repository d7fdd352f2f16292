/// Gathers the straight edges of an area, cut to the part of the picture in which they can be seen.
///
/// What is above, below or to the right of that part changes no coverage in it and is dropped. What is to the left decides
/// whether a row begins inside, so it is moved to the left border.
struct EdgeCollector {
    /// Where coverage is wanted.
    private let clip: Rectangle
    private var edges: [Edge] = []
    /// The part of the clip that was touched.
    private var touched = Rectangle(minX: .infinity, minY: .infinity, maxX: -.infinity, maxY: -.infinity)
    /// Whether there were more edges than ``limit``: the shape is too much to draw.
    private(set) var isFull = false

    /// The most edges that a shape may have: 288 MB of them.
    static let limit = 6_000_000

    init(clip: Rectangle) { self.clip = clip }

    /// The area, or `nil` when none of it can be seen.
    consuming func table() -> EdgeTable? {
        guard !edges.isEmpty else { return nil }
        // What was touched lies inside the clip, whose borders fit an Int.
        let rows = Int(touched.minY.rounded(.down))..<Int(touched.maxY.rounded(.up))
        let left = Int(touched.minX.rounded(.down)), right = Int(touched.maxX.rounded(.up))
        guard left < right else { return nil }
        return EdgeTable(edges, rows: rows, columns: left..<right)
    }

    /// Adds the edge from one point of a path to the next.
    mutating func add(_ a: Point, _ b: Point) {
        if a.y < b.y { cut(from: a, to: b, winding: 1) } else if b.y < a.y { cut(from: b, to: a, winding: -1) }
    }

    /// Adds a closed polygon.
    mutating func add(polygon points: [Point]) {
        guard var last = points.last else { return }
        for point in points {
            add(last, point)
            last = point
        }
    }

    private mutating func cut(from top: Point, to bottom: Point, winding: Double) {
        guard top.y < clip.maxY, bottom.y > clip.minY else { return }
        let slope = (bottom.x - top.x) / (bottom.y - top.y)
        // A slope that is no number belongs to an edge of no height.
        guard slope.isFinite else { return }
        var start = top, end = bottom
        func x(at y: Double) -> Double {
            min(max(top.x + (y - top.y) * slope, min(top.x, bottom.x)), max(top.x, bottom.x))
        }
        if start.y < clip.minY { start = Point(x: x(at: clip.minY), y: clip.minY) }
        if end.y > clip.maxY { end = Point(x: x(at: clip.maxY), y: clip.maxY) }
        cutSides(start, end, slope, winding)
    }

    /// Splits the edge where it crosses the left and the right border.
    private mutating func cutSides(_ top: Point, _ bottom: Point, _ slope: Double, _ winding: Double) {
        var top = top, bottom = bottom
        for border in [clip.minX, clip.maxX] {
            let isUpperLeft = top.x < border, isLowerLeft = bottom.x < border
            guard isUpperLeft != isLowerLeft, top.x != border, bottom.x != border else { continue }
            let y = min(max(top.y + (border - top.x) / slope, top.y), bottom.y)
            let middle = Point(x: border, y: y)
            let isOutsideFirst = border == clip.minX ? isUpperLeft : !isUpperLeft
            if isOutsideFirst {
                append(top, middle, winding)
                top = middle
            } else {
                append(middle, bottom, winding)
                bottom = middle
            }
        }
        append(top, bottom, winding)
    }

    /// Takes an edge that lies on one side of each border.
    private mutating func append(_ top: Point, _ bottom: Point, _ winding: Double) {
        guard top.y < bottom.y else { return }
        touched.minY = min(touched.minY, top.y)
        touched.maxY = max(touched.maxY, bottom.y)
        if max(top.x, bottom.x) >= clip.maxX, min(top.x, bottom.x) >= clip.maxX {
            touched.maxX = clip.maxX
            return
        }
        guard edges.count < Self.limit else {
            isFull = true
            return
        }
        let upper = min(max(top.x, clip.minX), clip.maxX), lower = min(max(bottom.x, clip.minX), clip.maxX)
        touched.minX = min(touched.minX, upper, lower)
        touched.maxX = max(touched.maxX, upper, lower)
        let slope = (lower - upper) / (bottom.y - top.y)
        edges.append(
            Edge(topX: upper, topY: top.y, bottomX: lower, bottomY: bottom.y, slope: slope, winding: winding))
    }
}
