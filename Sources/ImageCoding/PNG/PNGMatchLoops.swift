/// The comparison behind ``PNGMatcher`` in plain Swift: what the kernels of `png_filter_….c` must equal.
enum PNGMatchLoops {
    /// Sets bit `i` of `mask` where byte `i` equals the one `distance` before it.
    ///
    /// - Parameter words: how many times 64 bytes are compared; all of them can be read.
    static func equalMask(
        _ bytes: UnsafePointer<UInt8>, words: Int, distance: Int, mask: UnsafeMutablePointer<UInt64>
    ) {
        for word in 0..<words {
            let here = unsafe UnsafeRawPointer(bytes + word &* 64)
            let before = unsafe here - distance
            var bits: UInt64 = 0
            for eight in 0..<8 {
                let x = unsafe here.loadUnaligned(fromByteOffset: eight &* 8, as: UInt64.self).littleEndian
                let y = unsafe before.loadUnaligned(fromByteOffset: eight &* 8, as: UInt64.self).littleEndian
                // 0x80 in every byte of the difference that is 0: no carry leaves a byte.
                let difference = x ^ y
                let low7: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
                let zero = ~(((difference & low7) &+ low7) | difference | low7)
                // The eight top bits, gathered: byte k's goes to bit k.
                bits |= (((zero >> 7) &* 0x0102_0408_1020_4080) >> 56) << UInt64(eight &* 8)
            }
            unsafe mask[word] = bits
        }
    }
}
