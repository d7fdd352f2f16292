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
            addHalfTurn(around: point, from: across, to: &outline)
            outline.append(point - across)
            addHalfTurn(around: point, from: across * -1, to: &outline)
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
        case .round: addHalfTurn(around: point, from: normal, to: &outline)
        case .square:
            let ahead = Point(x: normal.y, y: -normal.x)
            outline.append(point + normal + ahead)
            outline.append(point - normal + ahead)
        }
    }

    /// Adds what is between the edge and the one on the other side, around an end.
    private func addHalfTurn(around point: Point, from start: Point, to outline: inout [Point]) {
        Arc(center: point, start: start, turn: -1, radius: radius).add(to: &outline)
    }

    private mutating func addCorner(_ point: Point, before: Point, after: Point) {
        let corner = Corner(
            point: point, first: normal(from: before, to: point), second: normal(from: point, to: after),
            radius: radius, room: min((point - before).length, (after - point).length))
        if corner.sine > 0 {
            corner.addInner(to: &right)
            corner.addOuter(style, to: &left)
        } else {
            corner.addInner(to: &left)
            corner.addOuter(style, to: &right)
        }
    }
}

/// Where a line bends.
private struct Corner {
    let point: Point
    /// To the right edges of the line before it and of the one behind it.
    let first: Point, second: Point
    let radius: Double
    /// How long the shorter of both lines is.
    let room: Double
    /// Of the angle by which the line turns, clockwise.
    let sine: Double, cosine: Double

    init(point: Point, first: Point, second: Point, radius: Double, room: Double) {
        self.point = point
        self.first = first
        self.second = second
        self.radius = radius
        self.room = room
        let square = radius * radius
        cosine = (first.x * second.x + first.y * second.y) / square
        sine = (first.x * second.y - first.y * second.x) / square
    }

    /// 1 when the right edge is the inner one, else −1.
    private var sign: Double { sine > 0 ? 1 : -1 }

    /// Where the right edges of both lines meet, seen from the corner; far out when the line turns back.
    private var meeting: Point { (first + second) * (1 / max(1e-12, 1 + cosine)) }

    /// Adds the points of the edge that turns inwards.
    func addInner(to edge: inout [Point]) {
        // How much of both lines the corner takes away: radius · tan(θ/2).
        if radius * sine.magnitude / max(1e-12, 1 + cosine) <= room {
            edge.append(point + meeting * sign)
        } else {
            edge.append(point + first * sign)
            edge.append(point)
            edge.append(point + second * sign)
        }
    }

    /// Adds the points of the edge that turns outwards.
    func addOuter(_ style: StrokeStyle, to edge: inout [Point]) {
        // Corners of flattened curves are nearly straight; the meeting point is as good there as any arc.
        let isSmooth = cosine > 0.985
        if isSmooth || (style.join == .miter && 2 <= style.miterLimit * style.miterLimit * (1 + cosine)) {
            edge.append(point - meeting * sign)
            return
        }
        edge.append(point - first * sign)
        if style.join == .round {
            let turn = RepeatableMath.atan2OverPi(sine.magnitude, cosine) * sign
            Arc(center: point, start: first * -sign, turn: turn, radius: radius).add(to: &edge)
        }
        edge.append(point - second * sign)
    }
}

/// Part of a circle.
private struct Arc {
    let center: Point
    /// From the middle to where it begins.
    let start: Point
    /// How far it goes, in half turns; positive is clockwise.
    let turn: Double
    let radius: Double

    /// Adds the points between both ends.
    func add(to outline: inout [Point]) {
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
