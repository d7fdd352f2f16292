import ImageCoding

/// One thing that was drawn.
struct Mark: Sendable {
    /// What it covers.
    enum Shape: Sendable {
        /// An upright rectangle or the frame of one.
        case rectangle(RectangleCoverage)
        /// Any area, by its edges.
        case area(EdgeTable, FillRule)
        /// Levels computed before, with their origin at a pixel.
        case mask(CoverageMask, x: Int, y: Int)
    }

    let shape: Shape
    let color: Palette.Color
    /// The pixels that may change; all of them are in the picture.
    let rows: Range<Int>, columns: Range<Int>
}

/// What was drawn, in order, and which of it touches which rows.
///
/// The rows of a picture are in at most 256 stripes of 16 rows or more. A stripe lists what touches it, so that a band of rows
/// looks at nothing else, and the lists of a million marks stay within a kilobyte each.
struct MarkList: Sendable {
    private(set) var marks: [Mark] = []
    private var stripes: [[UInt32]]
    private let rowsPerStripe: Int

    init(height: Int) {
        rowsPerStripe = max(16, (height - 1) / 256 + 1)
        stripes = Array(repeating: [], count: (height - 1) / rowsPerStripe + 1)
    }

    var isEmpty: Bool { marks.isEmpty }

    /// Adds a mark on top of the others.
    ///
    /// - Returns: `false` when there are as many as can be counted.
    mutating func add(_ mark: Mark) -> Bool {
        guard !mark.rows.isEmpty, !mark.columns.isEmpty else { return true }
        guard let number = UInt32(exactly: marks.count) else { return false }
        marks.append(mark)
        for stripe in stripe(of: mark.rows.lowerBound)...stripe(of: mark.rows.upperBound - 1) {
            stripes[stripe].append(number)
        }
        return true
    }

    private func stripe(of row: Int) -> Int { min(max(0, row / rowsPerStripe), stripes.count - 1) }

    /// Calls `body` with each mark that touches some of `rows`, stripe by stripe, from the lowest up, and those rows.
    func forEachMark(in rows: Range<Int>, _ body: (borrowing Mark, Range<Int>) -> Void) {
        guard !rows.isEmpty else { return }
        for stripe in stripe(of: rows.lowerBound)...stripe(of: rows.upperBound - 1) {
            let part = rows.clamped(to: stripe * rowsPerStripe..<(stripe + 1) * rowsPerStripe)
            for number in stripes[stripe] {
                let mark = marks[Int(number)]
                let touched = mark.rows.clamped(to: part)
                if !touched.isEmpty { body(mark, touched) }
            }
        }
    }
}
