import ImageCoding

/// How much of each pixel in a row an area covers: signed areas are summed up and made levels of 0…255.
///
/// An edge adds, to the pixels that it crosses, the area between it and their right borders, and to the next pixel what
/// makes all pixels to the right full. The running sum over the row is then the coverage, exactly, by the area. A row
/// depends on the edges that cross it and on nothing else.
///
/// Cells come in blocks of 32. Blocks without an edge have one level, so that what is inside costs no sums.
@safe struct CoverageRow: ~Copyable {
    private let cellMemory: ScratchRows
    private let levelMemory: ScratchRows
    private let markMemory: ScratchRows
    private let capacity: Int
    static let blockLength = 32

    /// Room for rows of up to `width` pixels.
    init(width: Int) {
        capacity = width
        cellMemory = ScratchRows(byteCount: (width + 2 + Self.blockLength) * MemoryLayout<Double>.stride)
        levelMemory = ScratchRows(byteCount: width + Self.blockLength)
        markMemory = ScratchRows(byteCount: width / Self.blockLength + 2)
    }

    /// Computes the coverage of one row.
    ///
    /// - Parameters:
    ///   - table: the area; its columns fit the capacity.
    ///   - row: the row.
    ///   - rule: what is inside.
    ///   - run: called from left to right with a first column, a count, and either one level for all pixels or `nil` and a
    ///     level for each; runs of level 0 are left out.
    @inline(__always)
    borrowing func compute(
        _ table: EdgeTable, row: Int, rule: FillRule,
        _ run: (_ column: Int, _ count: Int, _ level: UInt8?, _ levels: UnsafePointer<UInt8>) -> Void
    ) {
        let width = table.columns.count
        guard width <= capacity, let cellStart = unsafe cellMemory.bytes.baseAddress,
            let levels = unsafe levelMemory.bytes.baseAddress?.assumingMemoryBound(to: UInt8.self),
            let marks = unsafe markMemory.bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
        else { return }
        let cells = unsafe cellStart.assumingMemoryBound(to: Double.self)
        let origin = Double(table.columns.lowerBound), top = Double(row)
        table.forEachEdge(crossing: row) { edge in
            unsafe Self.add(edge, top: top, origin: origin, width: Double(width), cells, marks)
        }
        unsafe Self.sum(cells, marks, levels, columns: table.columns, rule: rule, run)
    }

    /// Adds what an edge covers of the row that begins at `top`.
    @inline(__always)
    private static func add(
        _ edge: borrowing Edge, top: Double, origin: Double, width: Double, _ cells: UnsafeMutablePointer<Double>,
        _ marks: UnsafeMutablePointer<UInt8>
    ) {
        let y0 = max(edge.topY, top), y1 = min(edge.bottomY, top + 1)
        guard y0 < y1 else { return }
        let least = min(edge.topX, edge.bottomX), most = max(edge.topX, edge.bottomX)
        let a = min(max(edge.topX + (y0 - edge.topY) * edge.slope, least), most) - origin
        let b = min(max(edge.topX + (y1 - edge.topY) * edge.slope, least), most) - origin
        let left = max(0, min(a, b)), right = min(width, max(a, b))
        let height = (y1 - y0) * edge.winding
        // Both are within 0…width, which is how far the cells reach.
        let first = Int(left), last = Int(right)
        for block in first / blockLength...(last + 1) / blockLength { unsafe marks[block] = 1 }
        if first == last {
            let beside = ((left + right) / 2 - Double(first)) * height
            unsafe cells[first] += height - beside
            unsafe cells[first + 1] += beside
            return
        }
        let perPixel = height / (right - left)
        var reach = Double(first + 1) - left
        var part = perPixel * reach
        unsafe cells[first] += part * reach / 2
        unsafe cells[first + 1] += part - part * reach / 2
        for cell in first + 1..<last {
            unsafe cells[cell] += perPixel / 2
            unsafe cells[cell + 1] += perPixel / 2
        }
        reach = right - Double(last)
        part = perPixel * reach
        unsafe cells[last] += part - part * reach / 2
        unsafe cells[last + 1] += part * reach / 2
    }

    /// Sums the cells, makes levels of the sums, and leaves zeros behind.
    @inline(__always)
    private static func sum(
        _ cells: UnsafeMutablePointer<Double>, _ marks: UnsafeMutablePointer<UInt8>,
        _ levels: UnsafeMutablePointer<UInt8>,
        columns: Range<Int>, rule: FillRule,
        _ run: (_ column: Int, _ count: Int, _ level: UInt8?, _ levels: UnsafePointer<UInt8>) -> Void
    ) {
        let width = columns.count
        var sum = 0.0
        var start = 0
        while start < width {
            var end = min(width, start + blockLength)
            if unsafe marks[start / blockLength] == 0 {
                while end < width, unsafe marks[end / blockLength] == 0 { end = min(width, end + blockLength) }
                let level = level(of: sum, rule)
                if level > 0 { unsafe run(columns.lowerBound + start, end - start, level, UnsafePointer(levels)) }
            } else {
                unsafe marks[start / blockLength] = 0
                var any: UInt8 = 0
                for cell in start..<end {
                    sum += unsafe cells[cell]
                    unsafe cells[cell] = 0
                    let level = level(of: sum, rule)
                    unsafe levels[cell - start] = level
                    any |= level
                }
                if any > 0 { unsafe run(columns.lowerBound + start, end - start, nil, UnsafePointer(levels)) }
            }
            start = end
        }
        // What edges at the right border left behind it.
        unsafe cells[width] = 0
        unsafe cells[width + 1] = 0
        unsafe marks[width / blockLength] = 0
        unsafe marks[(width + 1) / blockLength] = 0
    }

    /// A winding sum as a level: the share of the pixel that is inside, times 255, rounded to nearest.
    @inline(__always)
    private static func level(of sum: Double, _ rule: FillRule) -> UInt8 {
        var share = sum.magnitude
        if rule == .evenOdd {
            share -= 2 * (share / 2).rounded(.down)
            if share > 1 { share = 2 - share }
        }
        return UInt8(truncatingIfNeeded: Int32(min(share, 1) * 255 + 0.5))
    }
}
