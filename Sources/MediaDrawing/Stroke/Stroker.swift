import ImageCoding

/// Makes the outlines of lines: for each piece of a path, one way along it on the right and back on the left.
///
/// The outlines are for the non-zero rule: where they cross themselves, inside of sharp corners, both sides are inside.
struct Stroker {
    private let style: StrokeStyle
    private let radius: Double
    private var collector: EdgeCollector
    private var right: [Point] = []
    private var left: [Point] = []

    init(_ style: StrokeStyle, into collector: consuming EdgeCollector) {
        self.style = style
        radius = style.width / 2
        self.collector = collector
    }

    /// Strokes a path that can be drawn.
    ///
    /// - Returns: the edges of the stroke.
    static func stroke(_ path: Path, _ style: StrokeStyle, clip: Rectangle) -> EdgeCollector {
        let visible = clip.inset(by: -style.reach - 1)
        var stroker = Stroker(style, into: EdgeCollector(clip: clip))
        let dashes = DashPattern(style)
        PathFlattener(visible: visible).forEachPiece(of: path) { points, isClosed in
            if let dashes {
                dashes.forEachDash(of: points, isClosed: isClosed, visible: visible) { dash in
                    stroker.add(dash, isClosed: false)
                    return !stroker.collector.isFull
                }
            } else {
                stroker.add(points, isClosed: isClosed)
            }
            return !stroker.collector.isFull
        }
        return stroker.collector
    }

    /// Adds the outline of a line through points.
    private mutating func add(_ points: [Point], isClosed: Bool) {
        var line: [Point] = []
        line.reserveCapacity(points.count)
        // Points that are the same to a ten-thousandth of a pixel have no direction between them.
        for point in points where line.last.map({ ($0 - point).length > 1e-4 }) ?? true { line.append(point) }
        if isClosed, line.count > 1, let first = line.first, let last = line.last, (first - last).length <= 1e-4 {
            line.removeLast()
        }
        guard let first = line.first else { return }
        guard line.count > 1 else { return addDot(at: first) }
        right.removeAll(keepingCapacity: true)
        left.removeAll(keepingCapacity: true)
        let isRing = isClosed && line.count > 2
        let count = line.count
        for place in isRing ? 0..<count : 1..<count - 1 {
            addCorner(
                line[place], before: line[(place + count - 1) % count], after: line[(place + 1) % count])
        }
        if isRing {
            collector.add(polygon: right)
            collector.add(polygon: left.reversed())
            return
        }
        let start = normal(from: line[0], to: line[1]), end = normal(from: line[count - 2], to: line[count - 1])
        var outline = [line[0] + start]
        outline.reserveCapacity(right.count + left.count + 8)
        outline += right
        outline.append(line[count - 1] + end)
        addCap(at: line[count - 1], end, to: &outline)
        outline.append(line[count - 1] - end)
        outline += left.reversed()
        outline.append(line[0] - start)
        addCap(at: line[0], start * -1, to: &outline)
        collector.add(polygon: outline)
    }

    /// A line of no length: a disc or a square, or nothing.
    private mutating func addDot(at point: Point) {
        let across = Point(x: 0, y: radius)
        var outline: [Point] = []
        switch style.cap {
        case .butt: return
        case .round:
            outline.append(point + across)
            addArc(around: point, from: across, turn: -1, to: &outline)
            outline.append(point - across)
            addArc(around: point, from: across * -1, turn: -1, to: &outline)
        case .square:
            outline =
                Path(Rectangle(x: point.x - radius, y: point.y - radius, width: 2 * radius, height: 2 * radius))
                .points
        }
        collector.add(polygon: outline)
    }

    /// The way from a line to its right edge.
    private func normal(from a: Point, to b: Point) -> Point {
        let way = b - a, scale = radius / way.length
        return Point(x: -way.y * scale, y: way.x * scale)
    }

    /// Adds what is between the edge and the one on the other side, at an end from which the line does not go on.
    private func addCap(at point: Point, _ normal: Point, to outline: inout [Point]) {
        switch style.cap {
        case .butt: break
        case .round: addArc(around: point, from: normal, turn: -1, to: &outline)
        case .square:
            let ahead = Point(x: normal.y, y: -normal.x)
            outline.append(point + normal + ahead)
            outline.append(point - normal + ahead)
        }
    }

    private mutating func addCorner(_ corner: Point, before: Point, after: Point) {
        let first = normal(from: before, to: corner), second = normal(from: corner, to: after)
        let square = radius * radius
        let cosine = (first.x * second.x + first.y * second.y) / square
        let sine = (first.x * second.y - first.y * second.x) / square
        // Where the edges of both lines meet, seen from the corner; far out when the line turns back.
        let meeting = (first + second) * (1 / max(1e-12, 1 + cosine))
        let room = min((corner - before).length, (after - corner).length)
        let rightIsInner = sine > 0
        let sign = rightIsInner ? 1.0 : -1.0
        // How much of both lines the inner corner takes away: radius · tan(θ/2).
        let taken = radius * sine.magnitude / max(1e-12, 1 + cosine)
        var inner: [Point] = [], outer: [Point] = []
        if taken <= room {
            inner.append(corner + meeting * sign)
        } else {
            inner += [corner + first * sign, corner, corner + second * sign]
        }
        // Corners of flattened curves are nearly straight; the meeting point is as good there as any arc.
        let isSmooth = cosine > 0.985
        if isSmooth || (style.join == .miter && 2 <= style.miterLimit * style.miterLimit * (1 + cosine)) {
            outer.append(corner - meeting * sign)
        } else {
            outer.append(corner - first * sign)
            if style.join == .round {
                addArc(
                    around: corner, from: first * -sign,
                    turn: RepeatableMath.atan2OverPi(sine.magnitude, cosine) * sign, to: &outer)
            }
            outer.append(corner - second * sign)
        }
        right += rightIsInner ? inner : outer
        left += rightIsInner ? outer : inner
    }

    /// Adds the points between both ends of an arc.
    ///
    /// - Parameters:
    ///   - center: its middle.
    ///   - start: from the middle to its beginning.
    ///   - turn: how far it goes, in half turns; positive from x to y.
    ///   - outline: where they go.
    private func addArc(around center: Point, from start: Point, turn: Double, to outline: inout [Point]) {
        // A chord over the angle α is r·α²/8 away from the arc.
        let step = (8 * PathFlattener.tolerance / radius).squareRoot()
        let count = Int(max(2, min(1024, (turn.magnitude * Double.pi / step).rounded(.up))))
        for place in 1..<count {
            let angle = turn * Double(place) / Double(count)
            let sine = RepeatableMath.sinPi(angle), cosine = RepeatableMath.sinPi(angle + 0.5)
            outline.append(
                center + Point(x: start.x * cosine - start.y * sine, y: start.x * sine + start.y * cosine))
        }
    }
}

extension Path {
    /// The ends of its steps.
    var points: [Point] {
        elements.compactMap { element in
            switch element {
            case .move(let point), .line(let point), .quadratic(_, let point), .cubic(_, _, let point): point
            case .close: nil
            }
        }
    }
}
