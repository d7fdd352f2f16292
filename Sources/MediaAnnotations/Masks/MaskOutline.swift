/// The edges of regions: the pixels of a region from which a pixel of another one is no farther than `reach` to any side,
/// corners included. The border of the picture is no edge.
///
/// A pixel is one of them when the least and the greatest number in the square around it differ. Both are found for the
/// columns first, then along the row, with loops that become vector code.
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

    @unsafe private func row(_ y: Int) -> UnsafePointer<ID> {
        unsafe (first + y * pitch).assumingMemoryBound(to: ID.self)
    }

    /// Draws the edges of regions that show in their colours.
    ///
    /// - Parameters:
    ///   - rows: the rows whose `pixels` these are.
    ///   - reach: how wide edges are; at least 1.
    ///   - table: see ``MaskLoops/blend(_:count:table:channels:pixels:)``. A class whose fourth byte is 0 shows nothing.
    @unsafe func draw(
        _ rows: Range<Int>, reach: Int, table: UnsafePointer<UInt8>, channels: Int,
        pixels: UnsafeMutablePointer<UInt8>
    ) {
        // The ends of a row are repeated outwards, so that the inner loops have no ends.
        let padded = width + 2 * reach
        unsafe withUnsafeTemporaryAllocation(of: ID.self, capacity: 4 * padded) { scratch in
            guard let least = scratch.baseAddress else { return }
            let greatest = unsafe least + 2 * padded
            for y in rows {
                unsafe columns(max(0, y - reach)...min(height - 1, y + reach), reach, least, greatest)
                let low = unsafe spread(least, padded, reach) { $1 < $0 ? $1 : $0 }
                let high = unsafe spread(greatest, padded, reach) { $1 > $0 ? $1 : $0 }
                let ids = unsafe row(y)
                let target = unsafe pixels + (y - rows.lowerBound) * width * channels
                var x = 0
                while x < width {
                    x = unsafe nextDifference(low, high, from: x)
                    guard x < width else { break }
                    let entry = unsafe table + 4 &* Int(truncatingIfNeeded: ids[x])
                    if unsafe entry[3] != 0 {
                        let pixel = unsafe target + x &* channels
                        for channel in 0..<channels { unsafe pixel[channel] = channel == 3 ? 255 : entry[channel] }
                    }
                    x &+= 1
                }
            }
        }
    }

    /// The next column where both differ; eight bytes are skipped at a time, because most of a mask is no edge.
    @inline(always)
    @unsafe private func nextDifference(
        _ low: UnsafeMutablePointer<ID>, _ high: UnsafeMutablePointer<ID>, from start: Int
    ) -> Int {
        let step = 8 / MemoryLayout<ID>.size
        var x = start
        while x &+ step <= width {
            let a = unsafe UnsafeRawPointer(low + x).loadUnaligned(as: UInt64.self)
            let b = unsafe UnsafeRawPointer(high + x).loadUnaligned(as: UInt64.self)
            if a != b { break }
            x &+= step
        }
        while x < width, unsafe low[x] == high[x] { x &+= 1 }
        return x
    }

    /// The least and the greatest number of each column over some rows.
    @unsafe private func columns(
        _ rows: ClosedRange<Int>, _ reach: Int, _ low: UnsafeMutablePointer<ID>, _ high: UnsafeMutablePointer<ID>
    ) {
        let (inLow, inHigh) = unsafe (low + reach, high + reach)
        let start = unsafe row(rows.lowerBound)
        for x in 0..<width {
            unsafe inLow[x] = unsafe start[x]
            unsafe inHigh[x] = unsafe start[x]
        }
        for y in rows.dropFirst() {
            unsafe fold(inLow, row(y), into: inLow, width) { $1 < $0 ? $1 : $0 }
            unsafe fold(inHigh, row(y), into: inHigh, width) { $1 > $0 ? $1 : $0 }
        }
        for i in 0..<reach {
            unsafe low[i] = unsafe inLow[0]
            unsafe high[i] = unsafe inHigh[0]
            unsafe inLow[width + i] = unsafe inLow[width - 1]
            unsafe inHigh[width + i] = unsafe inHigh[width - 1]
        }
    }

    /// The better of two numbers, place by place. The output is either apart from the inputs or one of them: that is when
    /// the compiler makes vector code of it.
    @inline(always)
    @unsafe private func fold(
        _ ones: UnsafePointer<ID>, _ others: UnsafePointer<ID>, into numbers: UnsafeMutablePointer<ID>, _ count: Int,
        _ best: (ID, ID) -> ID
    ) {
        var i = 0
        while i < count {
            unsafe numbers[i] = unsafe best(ones[i], others[i])
            i &+= 1
        }
    }

    /// The best of each number and the 2 · `reach` behind it: by doubling the stretch, then by two stretches that overlap.
    ///
    /// - Parameters:
    ///   - first: the numbers, and room for as many behind them.
    /// - Returns: where the results are, in either half.
    @inline(always)
    @unsafe private func spread(
        _ first: UnsafeMutablePointer<ID>, _ count: Int, _ reach: Int, _ best: (ID, ID) -> ID
    ) -> UnsafeMutablePointer<ID> {
        let wanted = 2 &* reach &+ 1
        var (numbers, room) = unsafe (first, first + count)
        var length = 1
        var valid = count
        while length < wanted {
            let step = min(length, wanted &- length)
            valid &-= step
            unsafe fold(numbers, numbers + step, into: room, valid, best)
            unsafe swap(&numbers, &room)
            length &+= step
        }
        return unsafe numbers
    }
}

extension MaskOutline where ID == UInt8 {
    /// The widest edge.
    static var most: Int { 64 }
}
