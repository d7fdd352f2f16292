/// The block elements U+2580–259F: parts of a cell.
enum BlockShapes {
    /// The quarters that U+2596 and those after it fill: 1 upper left, 2 upper right, 4 lower left, 8 lower right.
    private static let quadrants = [4, 8, 1, 13, 9, 7, 11, 2, 6, 14]

    static func path(_ code: UInt32) -> Path {
        switch code {
        case 0x2580: return part(0, 0, 1, 0.5)
        case 0x2581...0x2588: return part(0, 1 - Double(code - 0x2580) / 8, 1, 1)
        case 0x2589...0x258F: return part(0, 0, Double(0x2590 - code) / 8, 1)
        case 0x2590: return part(0.5, 0, 1, 1)
        case 0x2591...0x2593: return shade(Double(code - 0x2590) / 4)
        case 0x2594: return part(0, 0, 1, 0.125)
        case 0x2595: return part(0.875, 0, 1, 1)
        default:
            let index = Int(code) - 0x2596
            guard quadrants.indices.contains(index) else { return Path() }
            var path = Path()
            for quarter in 0..<4 where quadrants[index] & (1 << quarter) != 0 {
                let x = Double(quarter % 2) / 2, y = Double(quarter / 2) / 2
                path.append(part(x, y, x + 0.5, y + 0.5))
            }
            return path
        }
    }

    /// A part of the cell whose sides count as 1, which goes beyond the edges that it reaches.
    private static func part(_ minX: Double, _ minY: Double, _ maxX: Double, _ maxY: Double) -> Path {
        let cell = BoxGlyphs.cell, overlap = BoxGlyphs.overlap
        return Path(
            Rectangle(
                minX: cell.minX + minX * cell.width - (minX == 0 ? overlap : 0),
                minY: cell.minY + minY * cell.height - (minY == 0 ? overlap : 0),
                maxX: cell.minX + maxX * cell.width + (maxX == 1 ? overlap : 0),
                maxY: cell.minY + maxY * cell.height + (maxY == 1 ? overlap : 0)))
    }

    /// Squares in a regular pattern that cover a share of the cell. They are small: at the sizes of labels they are a gray.
    private static func shade(_ share: Double) -> Path {
        let cell = BoxGlyphs.cell
        let columns = 6, rows = 12
        let stepX = cell.width / Double(columns), stepY = cell.height / Double(rows)
        // Two squares for each step, one in its corner and one in its middle, as on a chessboard.
        let side = (share / 2).squareRoot()
        var path = Path()
        for row in 0..<rows {
            for column in 0..<columns {
                for shift in [0, 0.5] {
                    let x = cell.minX + (Double(column) + shift) * stepX, y = cell.minY + (Double(row) + shift) * stepY
                    path.append(Path(Rectangle(x: x, y: y, width: stepX * side, height: stepY * side)))
                }
            }
        }
        return path
    }
}
