extension Path {
    /// The ellipse that fills a rectangle, of four cubic curves: off by less than 0.03 % of its radius.
    public init(ellipseIn rectangle: Rectangle) {
        self.init(roundedRectangle: rectangle, radiusX: rectangle.width / 2, radiusY: rectangle.height / 2)
    }

    /// A circle.
    public init(circleAround center: Point, radius: Double) {
        self.init(
            ellipseIn: Rectangle(x: center.x - radius, y: center.y - radius, width: 2 * radius, height: 2 * radius))
    }

    /// A rectangle with round corners; a radius beyond half a side is that half.
    public init(_ rectangle: Rectangle, cornerRadius: Double) {
        let radius = max(0, min(cornerRadius, rectangle.width / 2, rectangle.height / 2))
        if radius > 0 {
            self.init(roundedRectangle: rectangle, radiusX: radius, radiusY: radius)
        } else {
            self.init(rectangle)
        }
    }

    private init(roundedRectangle box: Rectangle, radiusX: Double, radiusY: Double) {
        // 4/3·(√2 − 1): the curve meets the circle at its ends and in the middle.
        let x = radiusX * (1 - 0.5522847498307936), y = radiusY * (1 - 0.5522847498307936)
        self.init()
        move(to: Point(x: box.minX + radiusX, y: box.minY))
        line(to: Point(x: box.maxX - radiusX, y: box.minY))
        curve(
            to: Point(x: box.maxX, y: box.minY + radiusY), control1: Point(x: box.maxX - x, y: box.minY),
            control2: Point(x: box.maxX, y: box.minY + y))
        line(to: Point(x: box.maxX, y: box.maxY - radiusY))
        curve(
            to: Point(x: box.maxX - radiusX, y: box.maxY), control1: Point(x: box.maxX, y: box.maxY - y),
            control2: Point(x: box.maxX - x, y: box.maxY))
        line(to: Point(x: box.minX + radiusX, y: box.maxY))
        curve(
            to: Point(x: box.minX, y: box.maxY - radiusY), control1: Point(x: box.minX + x, y: box.maxY),
            control2: Point(x: box.minX, y: box.maxY - y))
        line(to: Point(x: box.minX, y: box.minY + radiusY))
        curve(
            to: Point(x: box.minX + radiusX, y: box.minY), control1: Point(x: box.minX, y: box.minY + y),
            control2: Point(x: box.minX + x, y: box.minY))
        close()
    }

    /// An arrow: a shaft with a filled head whose tip is at `end`.
    ///
    /// - Parameters:
    ///   - start: where the shaft begins.
    ///   - end: the tip.
    ///   - width: of the shaft.
    ///   - headLength: of the head; `nil` takes four and a half widths. A head longer than the arrow is made smaller with its
    ///     width.
    ///   - headWidth: of the head across; `nil` takes its length less a tenth.
    ///
    /// An arrow of no length has no direction: it is an empty path.
    public init(
        arrowFrom start: Point, to end: Point, width: Double, headLength: Double? = nil, headWidth: Double? = nil
    ) {
        self.init()
        let way = end - start, length = way.length
        guard length > 0, length.isFinite else { return }
        let wanted = headLength ?? width * 4.5
        let head = min(wanted, length)
        let shrink = wanted > 0 ? head / wanted : 1
        let along = way * (1 / length)
        let across = Point(x: -along.y, y: along.x)
        let half = across * (min(width, width * (0.5 + shrink / 2)) / 2)
        let wing = across * ((headWidth ?? wanted * 0.9) * shrink / 2)
        let neck = end - along * head
        self.init(
            through: [start + half, neck + half, neck + wing, end, neck - wing, neck - half, start - half],
            isClosed: true)
    }
}
