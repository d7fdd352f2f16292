/// The edges of regions: the pixels of a region from which a pixel of another one is no farther than `reach` to any side,
/// corners included. The border of the picture is no edge.
///
/// The square around a pixel holds two numbers when one of its columns does, or when neighbours in the middle row differ. Both
/// are bits, 64 pixels to a word, so that looking left and right is a shift, and most of a mask is words of zeros.
@safe struct MaskOutline<ID: MaskNumber> {
    private let first: UnsafeRawPointer
    private let pitch: Int
    private let width: Int
    private let height: Int

    /// - Parameters:
    ///   - first: row 0 of the mask.
    ///   - pitch: the distance in bytes from a row to the next.
    @unsafe init(_: ID.Type, first: UnsafeRawPointer, pitch: Int, width: Int, height: Int) {
        unsafe self.first = unsafe first
        self.pitch = pitch
        self.width = width
        self.height = height
    }

    @unsafe private func row(_ y: Int) -> UnsafeRawPointer { unsafe first + y * pitch }

    /// Finds the edges of one row after the other.
    ///
    /// - Parameters:
    ///   - rows: some rows of the mask.
    ///   - reach: how wide edges are, 1…64.
    ///   - body: is called with each row, and a bit for each of its pixels, the lowest of the first word first; `nil` where there
    ///     is no edge. Bits behind the last pixel mean nothing.
    @unsafe func forEachRow(_ rows: Range<Int>, reach: Int, _ body: (_ y: Int, _ edges: UnsafePointer<UInt64>?) -> Void)
    {
        let words = (width + 63) / 64
        // The differences of 2 · reach pairs of rows, a pair in the place of the one that is no longer needed; the columns of a
        // square and a word; the bits of a row between two words. The words around them are zeros.
        let capacity = (2 * reach + 1) * words + 1 + words + 2
        unsafe withUnsafeTemporaryAllocation(of: UInt64.self, capacity: capacity) { scratch in
            unsafe scratch.initialize(repeating: 0)
            guard let pairs = scratch.baseAddress else { return }
            let columns = unsafe pairs + 2 * reach * words
            let line = unsafe columns + words + 1
            var next = max(0, rows.lowerBound - reach)
            for y in rows {
                let (least, most) = (max(0, y - reach), min(height - 1, y + reach))
                while next < most {
                    let place = unsafe pairs + next % (2 * reach) * words
                    unsafe ID.differences(row(next), row(next + 1), count: width, into: place)
                    next += 1
                }
                unsafe columns.update(repeating: 0, count: words)
                for pair in least..<max(least, most) {
                    let differences = unsafe pairs + pair % (2 * reach) * words
                    for i in 0..<words { unsafe columns[i] |= differences[i] }
                }
                unsafe line.update(repeating: 0, count: words + 2)
                unsafe ID.differences(
                    row(y), row(y) + MemoryLayout<ID>.size, count: max(0, width - 1), into: line + 1)
                var any: UInt64 = 0
                for i in 0..<words {
                    unsafe line[i + 1] |= columns[i]
                    unsafe any |= line[i + 1]
                }
                if any != 0 { unsafe spread(line, columns, words, reach) }
                unsafe body(y, any == 0 ? nil : UnsafePointer(line))
            }
        }
    }

    /// Sets the bits of all pixels that look at one of the bits.
    ///
    /// - Parameters:
    ///   - line: a word of zeros, columns that differ or pixels that differ from their right neighbour, a word of zeros. The
    ///     result begins at the first word.
    ///   - columns: columns that differ, a word of zeros.
    @unsafe private func spread(
        _ line: UnsafeMutablePointer<UInt64>, _ columns: UnsafePointer<UInt64>, _ words: Int, _ reach: Int
    ) {
        // Each bit and the 2 · reach − 1 behind it: by doubling the stretch, then by two stretches that overlap.
        var length = 1
        while length < 2 * reach {
            let step = min(length, 2 * reach &- length)
            for i in 0...words {
                unsafe line[i] |= line[i] >> UInt64(step) | line[i + 1] << UInt64(64 &- step)
            }
            length &+= step
        }
        // The stretch begins `reach` to the left. At its end, a column differs or does not; its right neighbour is outside.
        let (left, right) = (UInt64(reach), UInt64(64 &- reach))
        for i in 0..<words {
            unsafe line[i] =
                line[i + 1] << left | line[i] >> right | columns[i] >> left | columns[i + 1] << right
        }
    }
}
