/// The round pen that makes a weight of skeletons.
struct GlyphPen: Sendable {
    /// The width of strokes, in thousandths of the em.
    var width: Double
    /// How much wider skeletons are drawn: thicker strokes need more room between them.
    var widening: Double
    /// How much of the white beside glyphs remains.
    var bearingShare: Double

    static let regular = GlyphPen(width: 84, widening: 1, bearingShare: 1)
    static let bold = GlyphPen(width: 120, widening: 1.045, bearingShare: 0.88)

    /// The height of `H` with the pen, and of its skeleton.
    static let capHeight = 720.0, capSkeleton = 636.0
    /// The radius of the ring that is drawn for a dot, as a share of the pen: the dot is 1.32 pens wide.
    private static let dotRadius = 0.16
    /// Where control points of a quarter of a circle are, between its end and its corner.
    private static let circle = 0.5522847498307936

    /// The glyph of a skeleton.
    func draw(_ skeleton: GlyphSkeleton) -> Glyph {
        let bounds = skeleton.bounds ?? Rectangle(minX: 0, minY: 0, maxX: 0, maxY: 0)
        let drawn = bounds.width * widening
        let stroke = skeleton.isArea ? 0 : width * skeleton.penShare
        let advance: Double, left: Double
        switch skeleton.width {
        case .bearings(let leftWhite, let rightWhite):
            let share = skeleton.isArea ? 1 : bearingShare
            advance = (leftWhite + rightWhite) * share + stroke + drawn
            left = leftWhite * share + stroke / 2
        case .fixed(let width, let shift):
            advance = width * widening
            left = (advance - drawn) / 2 + shift
        }
        let path = path(skeleton, from: left - bounds.minX * widening)
        return Glyph(
            advance: advance / 1000, shape: skeleton.isArea ? .outline(path) : .strokes(path, pen: stroke / 1000))
    }

    /// The lines of a skeleton in ems, y downwards.
    ///
    /// Heights shrink so that what stands on the baseline and what reaches the height of capitals does so in every weight.
    private func path(_ skeleton: GlyphSkeleton, from origin: Double) -> Path {
        let base = skeleton.isArea ? 0 : width / 2
        let scale = skeleton.isArea ? 1 : (Self.capHeight - width) / Self.capSkeleton
        func place(_ point: Point) -> Point {
            Point(x: (origin + point.x * widening) / 1000, y: -(base + point.y * scale) / 1000)
        }
        var path = Path()
        for element in skeleton.elements {
            switch element {
            case .move(let point): path.move(to: place(point))
            case .line(let point): path.line(to: place(point))
            case .curve(let one, let two, let end):
                path.curve(to: place(end), control1: place(one), control2: place(two))
            case .close: path.close()
            case .dot(let middle): Self.appendRing(place(middle), radius: width * Self.dotRadius / 1000, to: &path)
            }
        }
        return path
    }

    /// A circle smaller than the pen, which the pen fills.
    private static func appendRing(_ middle: Point, radius: Double, to path: inout Path) {
        func point(_ x: Double, _ y: Double) -> Point { middle + Point(x: x, y: y) * radius }
        path.move(to: point(1, 0))
        path.curve(to: point(0, 1), control1: point(1, circle), control2: point(circle, 1))
        path.curve(to: point(-1, 0), control1: point(-circle, 1), control2: point(-1, circle))
        path.curve(to: point(0, -1), control1: point(-1, -circle), control2: point(-circle, -1))
        path.curve(to: point(1, 0), control1: point(circle, -1), control2: point(1, -circle))
        path.close()
    }
}
