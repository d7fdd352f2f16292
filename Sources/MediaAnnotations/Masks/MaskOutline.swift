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
        unsafe withUnsafeTemporaryAllocation(of: ID.self, capacity: 2 * padded) { scratch in
            guard let low = scratch.baseAddress else { return }
            let high = unsafe low + padded
            for y in rows {
                unsafe columns(max(0, y - reach)...min(height - 1, y + reach), reach, low, high)
                unsafe spread(low, padded, reach) { min($0, $1) }
                unsafe spread(high, padded, reach) { max($0, $1) }
                let ids = unsafe row(y)
                let target = unsafe pixels + (y - rows.lowerBound) * width * channels
                for x in 0..<width where unsafe low[x] != high[x] {
                    let entry = unsafe table + 4 &* Int(truncatingIfNeeded: ids[x])
                    guard unsafe entry[3] != 0 else { continue }
                    let pixel = unsafe target + x &* channels
                    for channel in 0..<channels { unsafe pixel[channel] = channel == 3 ? 255 : entry[channel] }
                }
            }
        }
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
            let ids = unsafe row(y)
            for x in 0..<width {
                unsafe inLow[x] = unsafe min(inLow[x], ids[x])
                unsafe inHigh[x] = unsafe max(inHigh[x], ids[x])
            }
        }
        for i in 0..<reach {
            unsafe low[i] = unsafe inLow[0]
            unsafe high[i] = unsafe inHigh[0]
            unsafe inLow[width + i] = unsafe inLow[width - 1]
            unsafe inHigh[width + i] = unsafe inHigh[width - 1]
        }
    }

    /// Makes each number the best of itself and the 2 · `reach` behind it: by doubling the stretch, then by two stretches
    /// that overlap.
    @inline(always)
    @unsafe private func spread(
        _ numbers: UnsafeMutablePointer<ID>, _ count: Int, _ reach: Int, _ best: (ID, ID) -> ID
    ) {
        let wanted = 2 &* reach &+ 1
        var length = 1
        var valid = count
        while length < wanted {
            let step = min(length, wanted &- length)
            valid &-= step
            // Forwards, so that each reads what is behind it before it changes.
            for i in 0..<valid { unsafe numbers[i] = unsafe best(numbers[i], numbers[i &+ step]) }
            length &+= step
        }
    }
}

extension MaskOutline where ID == UInt8 {
    /// The widest edge.
    static var most: Int { 64 }
}
