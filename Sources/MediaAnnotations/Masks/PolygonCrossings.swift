/// Where edges of a polygon cross each other.
///
/// Edges in the order of the polygon are the leaves of a binary tree of boxes; pairs of nodes whose boxes meet are opened
/// until edges are left. Neighbours of a polygon are neighbours on the picture, so that a polygon that does not cross itself
/// takes time in proportion to its corners, about. The work is limited all the same: edges may be anywhere.
///
/// Only true crossings count. Edges that touch, or lie on each other, as they do where a hole is joined to its outline by a
/// cut, change no pixel.
struct PolygonCrossings {
    /// The first crossing by the number of its edges: both numbers (edge *i* begins at corner *i*) and where it is, about.
    private(set) var first: (Int, Int, x: Double, y: Double)?
    /// How many crossings were found.
    private(set) var count = 0
    /// Whether looking was given up before its end.
    private(set) var isIncomplete = false

    private let polygon: [Double]
    private let corners: Int
    /// The boxes of a complete binary tree: node *i* has the nodes 2*i* and 2*i* + 1 below it, leaves begin at `leaves`.
    private var boxes: [Box]
    private let leaves: Int

    private struct Box {
        var minX = Double.infinity, minY = Double.infinity, maxX = -Double.infinity, maxY = -Double.infinity

        func meets(_ other: Box) -> Bool {
            minX <= other.maxX && other.minX <= maxX && minY <= other.maxY && other.minY <= maxY
        }

        func union(_ other: Box) -> Box {
            Box(
                minX: min(minX, other.minX), minY: min(minY, other.minY), maxX: max(maxX, other.maxX),
                maxY: max(maxY, other.maxY))
        }
    }

    /// - Parameter polygon: at least three corners with finite coordinates.
    init(_ polygon: [Double]) {
        self.polygon = polygon
        corners = polygon.count / 2
        var leaves = 1
        while leaves < corners { leaves *= 2 }
        self.leaves = leaves
        boxes = [Box](repeating: Box(), count: 2 * leaves)
        for edge in 0..<corners {
            let (a, b) = ends(edge)
            boxes[leaves + edge] = Box(
                minX: min(a.x, b.x), minY: min(a.y, b.y), maxX: max(a.x, b.x), maxY: max(a.y, b.y))
        }
        for node in stride(from: leaves - 1, to: 0, by: -1) {
            boxes[node] = boxes[2 * node].union(boxes[2 * node + 1])
        }
        search()
    }

    private func ends(_ edge: Int) -> (a: (x: Double, y: Double), b: (x: Double, y: Double)) {
        let next = edge + 1 == corners ? 0 : edge + 1
        return ((polygon[2 * edge], polygon[2 * edge + 1]), (polygon[2 * next], polygon[2 * next + 1]))
    }

    private mutating func search() {
        // About twenty pairs per edge are usual.
        var budget = 1_000_000 + 64 * corners
        var pairs = [(1, 1)]
        while let (left, right) = pairs.popLast() {
            budget -= 1
            guard budget > 0 else {
                isIncomplete = true
                return
            }
            // A box without edges meets nothing.
            guard boxes[left].meets(boxes[right]) else { continue }
            if left >= leaves {
                // Nodes of a pair are of one depth: both are leaves.
                if left < right { compare(left - leaves, right - leaves) }
            } else if left == right {
                pairs.append((2 * left, 2 * left))
                pairs.append((2 * left, 2 * left + 1))
                pairs.append((2 * left + 1, 2 * left + 1))
            } else {
                for child in 0..<4 { pairs.append((2 * left + child / 2, 2 * right + child % 2)) }
            }
        }
    }

    private mutating func compare(_ one: Int, _ other: Int) {
        let (a, b) = ends(one)
        let (c, d) = ends(other)
        // On which side of one edge the ends of the other are; the sign of an area.
        func side(_ p: (x: Double, y: Double), _ q: (x: Double, y: Double), _ r: (x: Double, y: Double)) -> Double {
            (q.x - p.x) * (r.y - p.y) - (q.y - p.y) * (r.x - p.x)
        }
        let (c1, d1) = (side(a, b, c), side(a, b, d))
        let (a1, b1) = (side(c, d, a), side(c, d, b))
        guard c1 > 0 && d1 < 0 || c1 < 0 && d1 > 0, a1 > 0 && b1 < 0 || a1 < 0 && b1 > 0 else { return }
        count += 1
        if let first, (first.0, first.1) <= (one, other) { return }
        let share = a1 / (a1 - b1)
        first = (one, other, x: a.x + (b.x - a.x) * share, y: a.y + (b.y - a.y) * share)
    }
}
