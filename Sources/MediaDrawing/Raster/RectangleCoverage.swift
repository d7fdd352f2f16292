/// The levels of an upright rectangle, or of the frame between two: no edges are needed.
///
/// The share of a pixel that is inside is the product of the shares of its width and of its height; a frame is the outer
/// rectangle less the inner one. Both are exact.
struct RectangleCoverage: Sendable {
    let outer: Rectangle
    /// The hole, inside of ``outer``; empty in a full rectangle.
    let inner: Rectangle

    /// How much of the unit that begins at `place` lies between two edges.
    @inline(__always)
    private static func share(_ place: Int, _ low: Double, _ high: Double) -> Double {
        max(0, min(high, Double(place) + 1) - max(low, Double(place)))
    }

    /// Calls `run` with the levels in a row, from left to right: columns, level.
    @inline(__always)
    func forEachRun(row: Int, columns: Range<Int>, _ run: (_ column: Int, _ count: Int, _ level: UInt8) -> Void) {
        let outerRow = Self.share(row, outer.minY, outer.maxY), innerRow = Self.share(row, inner.minY, inner.maxY)
        func level(_ column: Int) -> UInt8 {
            let share =
                Self.share(column, outer.minX, outer.maxX) * outerRow
                - Self.share(column, inner.minX, inner.maxX) * innerRow
            return UInt8(truncatingIfNeeded: Int32(max(0, min(share, 1)) * 255 + 0.5))
        }
        // The level changes only at pixels that an edge crosses and right behind them; edges of an empty hole change nothing.
        var column = columns.lowerBound
        while column < columns.upperBound {
            let level = level(column)
            var next = columns.upperBound
            func stop(at edge: Double) {
                if edge > Double(column), edge < Double(next) { next = max(Int(edge), column + 1) }
            }
            stop(at: outer.minX)
            stop(at: inner.minX)
            stop(at: inner.maxX)
            stop(at: outer.maxX)
            if level > 0 { run(column, next - column, level) }
            column = next
        }
    }
}
