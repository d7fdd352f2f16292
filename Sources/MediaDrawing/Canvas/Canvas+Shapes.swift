public import ImageCoding

extension Canvas {
    // MARK: Paths

    /// Fills the inside of a path. Pieces that are not closed are taken as closed.
    public mutating func fill(_ path: Path, color: Palette.Color, rule: FillRule = .nonZero) {
        guard PathFlattener.canDraw(path) else { return report.invalidShapes += 1 }
        var collector = EdgeCollector(clip: bounds)
        PathFlattener(visible: bounds).forEachPiece(of: path) { points, _ in
            collector.add(polygon: points)
            return !collector.isFull
        }
        add(collector, color, rule)
    }

    /// Draws a line along a path.
    public mutating func stroke(_ path: Path, style: StrokeStyle, color: Palette.Color) {
        guard PathFlattener.canDraw(path), style.canDraw else { return report.invalidShapes += 1 }
        add(Stroker.stroke(path, style, clip: bounds), color, .nonZero)
    }

    /// Draws a solid line along a path.
    public mutating func stroke(_ path: Path, width: Double, color: Palette.Color) {
        stroke(path, style: StrokeStyle(width: width), color: color)
    }

    // MARK: Rectangles

    /// Fills an upright rectangle.
    public mutating func fill(_ rectangle: Rectangle, color: Palette.Color, cornerRadius: Double = 0) {
        guard cornerRadius >= 0, rectangle.canDraw else { return report.invalidShapes += 1 }
        guard cornerRadius == 0 else {
            return fill(Path(rectangle, cornerRadius: cornerRadius), color: color)
        }
        add(RectangleCoverage(outer: rectangle, inner: .nothing), color)
    }

    /// Draws the edges of an upright rectangle with a line of `width` pixels, half of it on each side.
    public mutating func stroke(
        _ rectangle: Rectangle, width: Double, color: Palette.Color, cornerRadius: Double = 0
    ) {
        guard cornerRadius >= 0, rectangle.canDraw, width > 0, width <= PathFlattener.reach else {
            return report.invalidShapes += 1
        }
        guard cornerRadius == 0 else {
            return stroke(Path(rectangle, cornerRadius: cornerRadius), width: width, color: color)
        }
        let inner = rectangle.inset(by: width / 2)
        add(
            RectangleCoverage(outer: rectangle.inset(by: -width / 2), inner: inner.isEmpty ? .nothing : inner), color)
    }

    // MARK: Round things and arrows

    /// Fills a disc.
    public mutating func fillDisc(at center: Point, radius: Double, color: Palette.Color) {
        guard radius >= 0 else { return report.invalidShapes += 1 }
        fill(Path(circleAround: center, radius: radius), color: color)
    }

    /// Draws a circle with a line of `width` pixels, half of it on each side.
    public mutating func strokeCircle(at center: Point, radius: Double, width: Double, color: Palette.Color) {
        guard radius >= 0 else { return report.invalidShapes += 1 }
        stroke(Path(circleAround: center, radius: radius), width: width, color: color)
    }

    /// Draws an arrow whose tip is at `end`; see ``Path/init(arrowFrom:to:width:headLength:headWidth:)``.
    public mutating func drawArrow(
        from start: Point, to end: Point, width: Double, color: Palette.Color, headLength: Double? = nil
    ) {
        guard width > 0, (headLength ?? 0) >= 0, PathFlattener.canDraw(start), PathFlattener.canDraw(end) else {
            return report.invalidShapes += 1
        }
        fill(Path(arrowFrom: start, to: end, width: width, headLength: headLength), color: color)
    }

    // MARK: Marks

    /// Adds the area that edges enclose.
    private mutating func add(_ collector: consuming EdgeCollector, _ color: Palette.Color, _ rule: FillRule) {
        guard !collector.isFull else { return report.excessiveShapes += 1 }
        guard let table = collector.table() else { return }
        add(Mark(shape: .area(table, rule), color: color, rows: table.rows, columns: table.columns))
    }

    private mutating func add(_ rectangle: RectangleCoverage, _ color: Palette.Color) {
        let seen = rectangle.outer.intersection(bounds)
        guard !seen.isEmpty else { return }
        // What is inside the picture fits an Int.
        let rows = Int(seen.minY.rounded(.down))..<Int(seen.maxY.rounded(.up))
        let columns = Int(seen.minX.rounded(.down))..<Int(seen.maxX.rounded(.up))
        add(Mark(shape: .rectangle(rectangle), color: color, rows: rows, columns: columns))
    }

    mutating func add(_ mark: Mark) {
        guard mark.color.alpha > 0 else { return }
        if !marks.add(mark) { report.excessiveShapes += 1 }
    }
}

extension Rectangle {
    /// A rectangle without inside.
    static let nothing = Rectangle(minX: 0, minY: 0, maxX: 0, maxY: 0)

    /// Whether every edge is a number that can be drawn, and none has passed the one opposite.
    var canDraw: Bool {
        minX <= maxX && minY <= maxY && PathFlattener.canDraw(Point(x: minX, y: minY))
            && PathFlattener.canDraw(Point(x: maxX, y: maxY))
    }
}
