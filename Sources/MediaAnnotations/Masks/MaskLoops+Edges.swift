extension MaskLoops {
    /// A bit for each place, the lowest of the first word first: whether two rows differ there; see `tm_mask_differences`.
    ///
    /// - Parameters:
    ///   - bits: a word for every 64 places, or part of them. Bits behind the last become 0.
    @unsafe package static func differences<Index: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
        _ ones: UnsafePointer<Index>, _ others: UnsafePointer<Index>, count: Int,
        into bits: UnsafeMutablePointer<UInt64>
    ) {
        // Numbers of a word: their lowest bits, their highest ones, and the factor that collects the lowest at the top.
        let size = MemoryLayout<Index>.size, perWord = 8 / MemoryLayout<Index>.size
        let low = UInt64.max / UInt64(Index.max), high = low << UInt64(Index.bitWidth - 1)
        let collector: UInt64 = size == 1 ? 0x0102_0408_1020_4080 : 0x1000_2000_4000_8000
        var i = 0
        while i < count {
            var word: UInt64 = 0
            let end = min(count, i &+ 64)
            var k = i
            while k &+ perWord <= end {
                let one = unsafe UnsafeRawPointer(ones + k).loadUnaligned(as: UInt64.self)
                let other = unsafe UnsafeRawPointer(others + k).loadUnaligned(as: UInt64.self)
                let difference = UInt64(littleEndian: one ^ other)
                if difference != 0 {
                    // The highest bit of each number that is not 0.
                    let found = ((difference & ~high) &+ ~high | difference) & high
                    let together = ((found >> UInt64(Index.bitWidth - 1)) &* collector) >> UInt64(64 - perWord)
                    word |= together << UInt64(k &- i)
                }
                k &+= perWord
            }
            while k < end {
                if unsafe ones[k] != others[k] { word |= 1 << UInt64(k &- i) }
                k &+= 1
            }
            unsafe bits[i / 64] = word
            i = end
        }
    }
}
