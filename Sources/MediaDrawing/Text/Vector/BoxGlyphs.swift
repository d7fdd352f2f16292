/// Box drawing (U+2500–257F) and block elements (U+2580–259F): areas that fill a cell, made by rule.
///
/// All are as wide as the cell and as high as a line, so that they join with their neighbours on every side.
enum BoxGlyphs {
    /// The edges of the cell, in ems, y downwards.
    static let width = 0.6, top = 1.0, bottom = -0.25
    static let cell = Rectangle(minX: 0, minY: -top, maxX: width, maxY: -bottom)
    /// How far what reaches an edge of the cell goes beyond it. Glyphs are painted one by one, between pixels too: edges that
    /// only touch would let the background through.
    static let overlap = 0.04

    /// The glyphs of all 160 characters.
    static let all: [Unicode.Scalar: Glyph] = {
        var glyphs: [Unicode.Scalar: Glyph] = [:]
        for code in UInt32(0x2500)...0x259F {
            guard let scalar = Unicode.Scalar(code) else { continue }
            let path = code < 0x2580 ? line(code) : BlockShapes.path(code)
            glyphs[scalar] = Glyph(advance: width, shape: .outline(path))
        }
        return glyphs
    }()

    /// What leads from the middle to the left, up, right and down: 0 nothing, 1 a light line, 2 a heavy one, 3 a double one;
    /// a bar for what is drawn in another way.
    private static let arms = """
        1010 2020 0101 0202 ---- ---- ---- ---- ---- ---- ---- ---- 0011 0021 0012 0022
        1001 2001 1002 2002 0110 0120 0210 0220 1100 2100 1200 2200 0111 0121 0211 0112
        0212 0221 0122 0222 1101 2101 1201 1102 1202 2201 2102 2202 1011 2011 1021 2021
        1012 2012 1022 2022 1110 2110 1120 2120 1210 2210 1220 2220 1111 2111 1121 2121
        1211 1112 1212 2211 1221 2112 1122 2221 2122 2212 1222 2222 ---- ---- ---- ----
        3030 0303 0031 0013 0033 3001 1003 3003 0130 0310 0330 3100 1300 3300 0131 0313
        0333 3101 1303 3303 3031 1013 3033 3130 1310 3330 3131 1313 3333 ---- ---- ----
        ---- ---- ---- ---- 1000 0100 0010 0001 2000 0200 0020 0002 1020 0102 2010 0201
        """.split(whereSeparator: \.isWhitespace).map { LineArms($0) }

    private static func line(_ code: UInt32) -> Path {
        let index = Int(code - 0x2500)
        if arms.indices.contains(index), let arms = arms[index] { return arms.path }
        switch code {
        case 0x2504...0x250B: return dashes(code & 4 == 4 ? 3 : 4, isHeavy: code & 1 == 1, isUpright: code & 2 == 2)
        case 0x254C...0x254F: return dashes(2, isHeavy: code & 1 == 1, isUpright: code & 2 == 2)
        case 0x256D: return corner(right: 1, down: 1)
        case 0x256E: return corner(right: -1, down: 1)
        case 0x256F: return corner(right: -1, down: -1)
        case 0x2570: return corner(right: 1, down: -1)
        case 0x2571: return diagonal(rises: true)
        case 0x2572: return diagonal(rises: false)
        default:
            var path = diagonal(rises: true)
            path.append(diagonal(rises: false))
            return path
        }
    }

    private static func dashes(_ count: Int, isHeavy: Bool, isUpright: Bool) -> Path {
        let half = (isHeavy ? LineArms.heavy : LineArms.light) / 2
        let length = isUpright ? cell.height : cell.width
        let step = length / Double(count)
        var path = Path()
        for i in 0..<count {
            let start = (isUpright ? cell.minY : 0) + (Double(i) + 0.18) * step, end = start + 0.64 * step
            path.append(
                Path(
                    isUpright
                        ? Rectangle(minX: cell.center.x - half, minY: start, maxX: cell.center.x + half, maxY: end)
                        : Rectangle(minX: start, minY: cell.center.y - half, maxX: end, maxY: cell.center.y + half)))
        }
        return path
    }

    /// A light line from a side (1 right, −1 left) round to the lower (1) or upper (−1) edge.
    private static func corner(right: Double, down: Double) -> Path {
        let half = LineArms.light / 2, radius = width / 2
        let middle = Point(x: cell.center.x + right * radius, y: cell.center.y + down * radius)
        let edge = down > 0 ? cell.maxY + overlap : cell.minY - overlap
        let side = middle.x + right * overlap
        /// Where control points of a quarter of a circle are.
        let handle = 0.5522847498307936
        let outer = radius + half, inner = radius - half
        var path = Path()
        path.move(to: Point(x: side, y: middle.y - down * outer))
        path.line(to: Point(x: middle.x, y: middle.y - down * outer))
        path.curve(
            to: Point(x: middle.x - right * outer, y: middle.y),
            control1: Point(x: middle.x - right * outer * handle, y: middle.y - down * outer),
            control2: Point(x: middle.x - right * outer, y: middle.y - down * outer * handle))
        path.line(to: Point(x: middle.x - right * outer, y: edge))
        path.line(to: Point(x: middle.x - right * inner, y: edge))
        path.line(to: Point(x: middle.x - right * inner, y: middle.y))
        path.curve(
            to: Point(x: middle.x, y: middle.y - down * inner),
            control1: Point(x: middle.x - right * inner, y: middle.y - down * inner * handle),
            control2: Point(x: middle.x - right * inner * handle, y: middle.y - down * inner))
        path.line(to: Point(x: side, y: middle.y - down * inner))
        path.close()
        return path
    }

    /// From corner to corner; the ends are level, so that neighbours continue the line.
    private static func diagonal(rises: Bool) -> Path {
        // How wide the line is when it is cut level.
        let way = Point(x: cell.width, y: cell.height)
        let half = LineArms.light * way.length / way.y / 2
        let upper = rises ? cell.maxX : cell.minX, lower = rises ? cell.minX : cell.maxX
        return Path(
            through: [
                Point(x: upper - half, y: cell.minY), Point(x: upper + half, y: cell.minY),
                Point(x: lower + half, y: cell.maxY), Point(x: lower - half, y: cell.maxY),
            ], isClosed: true)
    }
}
