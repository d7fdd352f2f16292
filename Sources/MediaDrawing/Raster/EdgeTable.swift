/// One straight edge of an area, from top to bottom. Never horizontal, always finite.
struct Edge: Sendable {
    /// Where it begins.
    var topX: Double, topY: Double
    /// Where it ends; `bottomY` is greater than `topY`.
    var bottomX: Double, bottomY: Double
    /// How far x goes per row.
    var slope: Double
    /// 1 where the path goes down along it, −1 where it goes up.
    var winding: Double
}

/// The edges of an area in the order of their tops, so that a row finds those that cross it without looking at all.
///
/// Blocks of 64 edges know their lowest end: of a million short edges, a row looks at few.
final class EdgeTable: Sendable {
    /// The rows and columns that the area may touch.
    let rows: Range<Int>, columns: Range<Int>
    private let edges: [Edge]
    private let bottoms: [Double]
    private static let blockLength = 64

    init(_ edges: consuming [Edge], rows: Range<Int>, columns: Range<Int>) {
        self.rows = rows
        self.columns = columns
        var sorted = edges
        sorted.sort { $0.topY < $1.topY }
        var bottoms: [Double] = []
        bottoms.reserveCapacity(sorted.count / Self.blockLength + 1)
        for first in stride(from: 0, to: sorted.count, by: Self.blockLength) {
            let block = sorted[first..<min(sorted.count, first + Self.blockLength)]
            bottoms.append(block.reduce(-.infinity) { max($0, $1.bottomY) })
        }
        self.edges = sorted
        self.bottoms = bottoms
    }

    /// Calls `body` with the edges that cross `row`, always in the same order: sums of coverage do not depend on what else
    /// is asked for.
    @inline(__always)
    func forEachEdge(crossing row: Int, _ body: (borrowing Edge) -> Void) {
        let top = Double(row), bottom = top + 1
        for (block, lowest) in bottoms.enumerated() {
            let first = block * Self.blockLength
            if edges[first].topY >= bottom { return }
            if lowest <= top { continue }
            for index in first..<min(edges.count, first + Self.blockLength) {
                if edges[index].topY >= bottom { return }
                if edges[index].bottomY > top { body(edges[index]) }
            }
        }
    }
}
