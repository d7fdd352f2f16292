/// Turns paths into straight lines that are nowhere farther from the curve than ``tolerance``.
///
/// A piece of a curve that lies beside, above or below the visible part as a whole becomes one line: however large a curve is,
/// it costs only what can be seen of it. Curves are halved with a stack of bounded depth, not by recursion.
struct PathFlattener {
    /// In pixels: a hundredth of one is at most 3 of 256 levels.
    static let tolerance = 0.01
    /// Coordinates beyond are as good as infinite: a trillion pixels.
    static let reach = 0x1p40

    /// Where precision is wanted.
    let visible: Rectangle

    /// Whether every point of the path can be drawn.
    static func canDraw(_ path: Path) -> Bool {
        path.elements.allSatisfy { element in
            switch element {
            case .move(let point), .line(let point): canDraw(point)
            case .quadratic(let control, let end): canDraw(control) && canDraw(end)
            case .cubic(let one, let two, let end): canDraw(one) && canDraw(two) && canDraw(end)
            case .close: true
            }
        }
    }

    /// Whether both coordinates are numbers within ``reach``.
    static func canDraw(_ point: Point) -> Bool { point.x.magnitude <= reach && point.y.magnitude <= reach }

    /// The pieces of `path` as lines, one after the other.
    ///
    /// - Parameters:
    ///   - path: a path that can be drawn.
    ///   - piece: called with the points of each piece and whether it was closed; gives back whether to go on.
    func forEachPiece(of path: Path, _ piece: (_ points: [Point], _ isClosed: Bool) -> Bool) {
        var points: [Point] = []
        var start = Point.zero
        func begin() { if points.isEmpty { points.append(start) } }
        for element in path.elements {
            switch element {
            case .move(let point):
                if points.count > 1, !piece(points, false) { return }
                points.removeAll(keepingCapacity: true)
                points.append(point)
                start = point
            case .line(let point):
                begin()
                points.append(point)
            case .quadratic(let control, let end):
                begin()
                let from = points[points.count - 1]
                let one = from + (control - from) * (2.0 / 3), two = end + (control - end) * (2.0 / 3)
                append(Cubic(from, one, two, end), to: &points)
            case .cubic(let one, let two, let end):
                begin()
                append(Cubic(points[points.count - 1], one, two, end), to: &points)
            case .close:
                if !points.isEmpty, !piece(points, true) { return }
                points.removeAll(keepingCapacity: true)
            }
            if points.count > EdgeCollector.limit {
                _ = piece(points, false)
                return
            }
        }
        if points.count > 1 { _ = piece(points, false) }
    }

    /// Appends the points of a curve but its first.
    private func append(_ curve: Cubic, to points: inout [Point]) {
        var waiting: [(curve: Cubic, depth: Int)] = [(curve, 0)]
        while let (curve, depth) = waiting.popLast() {
            // 2¹⁶ pieces follow an arc of a million pixels within the tolerance.
            if depth == 16 || curve.isFlat || curve.isBeside(visible) {
                points.append(curve.d)
            } else {
                let (first, second) = curve.halves
                waiting.append((second, depth + 1))
                waiting.append((first, depth + 1))
            }
        }
    }
}

/// A cubic Bézier curve.
private struct Cubic {
    let a: Point, b: Point, c: Point, d: Point

    init(_ a: Point, _ b: Point, _ c: Point, _ d: Point) { (self.a, self.b, self.c, self.d) = (a, b, c, d) }

    /// Whether the chord is within the tolerance: the curve is at most √3/36 · |second differences| away from it; a quarter of
    /// the larger of both distances of the control points bounds that from above.
    var isFlat: Bool {
        let one = b * 3 - a * 2 - d, two = c * 3 - a - d * 2
        let x = max(one.x * one.x, two.x * two.x), y = max(one.y * one.y, two.y * two.y)
        return x + y <= 16 * PathFlattener.tolerance * PathFlattener.tolerance
    }

    /// Whether the curve is on one side of the rectangle, where it may be a line.
    func isBeside(_ visible: Rectangle) -> Bool {
        max(a.x, b.x, c.x, d.x) <= visible.minX || min(a.x, b.x, c.x, d.x) >= visible.maxX
            || max(a.y, b.y, c.y, d.y) <= visible.minY || min(a.y, b.y, c.y, d.y) >= visible.maxY
    }

    /// The curve in two, at its middle (de Casteljau).
    var halves: (Cubic, Cubic) {
        let ab = (a + b) * 0.5, bc = (b + c) * 0.5, cd = (c + d) * 0.5
        let abc = (ab + bc) * 0.5, bcd = (bc + cd) * 0.5, middle = (abc + bcd) * 0.5
        return (Cubic(a, ab, abc, middle), Cubic(middle, bcd, cd, d))
    }
}
