/// The levels of a small shape, computed once and drawn in many places: glyphs.
final class CoverageMask: Sendable {
    /// Where the levels belong, relative to the origin of the shape.
    let rows: Range<Int>, columns: Range<Int>
    /// The levels, row after row.
    let levels: [UInt8]

    /// The levels of areas that are one shape: of each pixel, the greatest.
    ///
    /// - Returns: `nil` when there is nothing to see.
    init?(_ areas: [EdgeTable]) {
        guard let first = areas.first else { return nil }
        var rows = first.rows, columns = first.columns
        for area in areas.dropFirst() {
            rows = min(rows.lowerBound, area.rows.lowerBound)..<max(rows.upperBound, area.rows.upperBound)
            columns =
                min(columns.lowerBound, area.columns.lowerBound)..<max(columns.upperBound, area.columns.upperBound)
        }
        var levels = [UInt8](repeating: 0, count: rows.count * columns.count)
        let coverage = CoverageRow(width: columns.count)
        for area in areas {
            for row in area.rows {
                let start = (row - rows.lowerBound) * columns.count - columns.lowerBound
                unsafe coverage.compute(area, row: row, rule: .nonZero) { column, count, level, each in
                    for place in 0..<count {
                        let new = unsafe level ?? each[place]
                        let index = start + column + place
                        levels[index] = max(levels[index], new)
                    }
                }
            }
        }
        self.rows = rows
        self.columns = columns
        self.levels = levels
    }
}
