import ImageCoding

/// Lays marks over the pixels of a band.
@safe struct BandPainter<Sample: FixedWidthInteger & UnsignedInteger>: ~Copyable {
    private let pixels: UnsafeMutablePointer<Sample>
    private let firstRow: Int
    private let width: Int
    private let channels: Int
    private let coverage: CoverageRow

    /// A painter of the band that begins at `pixels` with row `firstRow`.
    @unsafe init(_ pixels: UnsafeMutablePointer<Sample>, firstRow: Int, width: Int, format: PixelFormat) {
        unsafe self.pixels = pixels
        self.firstRow = firstRow
        self.width = width
        channels = format.channels
        coverage = CoverageRow(width: width)
    }

    /// Paints some rows of a mark, which are in the band.
    borrowing func paint(_ mark: borrowing Mark, rows: Range<Int>) {
        let brush = Brush<Sample>(mark.color)
        let hasAlpha = channels == 4
        switch mark.shape {
        case .rectangle(let rectangle):
            for row in rows {
                let start = unsafe start(of: row)
                rectangle.forEachRun(row: row, columns: mark.columns) { column, count, level in
                    let place = unsafe start + column * channels
                    if hasAlpha {
                        unsafe brush.paintOver(place, level: level, count: count)
                    } else {
                        unsafe brush.paint(place, level: level, count: count)
                    }
                }
            }
        case .area(let table, let rule):
            for row in rows {
                let start = unsafe start(of: row)
                unsafe coverage.compute(table, row: row, rule: rule) { column, count, level, levels in
                    let place = unsafe start + column * channels
                    switch (level, hasAlpha) {
                    case (let level?, true): unsafe brush.paintOver(place, level: level, count: count)
                    case (let level?, false): unsafe brush.paint(place, level: level, count: count)
                    case (nil, true): unsafe brush.paintOver(place, levels: levels, count: count)
                    case (nil, false): unsafe brush.paint(place, levels: levels, count: count)
                    }
                }
            }
        case .mask(let mask, let x, let y):
            let columns = mark.columns
            unsafe mask.levels.withUnsafeBufferPointer { levels in
                guard let all = levels.baseAddress else { return }
                for row in rows {
                    let place = unsafe start(of: row) + columns.lowerBound * channels
                    // The mark's rows and columns are those of the mask that are in the picture.
                    let skipped = (row - y - mask.rows.lowerBound) * mask.columns.count
                    let own = unsafe all + skipped + (columns.lowerBound - x - mask.columns.lowerBound)
                    if hasAlpha {
                        unsafe brush.paintOver(place, levels: own, count: columns.count)
                    } else {
                        unsafe brush.paint(place, levels: own, count: columns.count)
                    }
                }
            }
        }
    }

    @unsafe private borrowing func start(of row: Int) -> UnsafeMutablePointer<Sample> {
        unsafe pixels + (row - firstRow) * width * channels
    }
}
