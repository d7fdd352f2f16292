import CMediaKernels

/// Turns the samples of a band into the bytes of a PNG row.
enum PNGRowPacking {
    /// Packs samples of one byte each to `bits` bits each, the first in the high bits; the last byte is padded with zeros.
    ///
    /// - Parameters:
    ///   - bits: 1, 2 or 4.
    ///   - output: `(count * bits + 7) / 8` bytes; may begin where `samples` begins, or in front of it.
    static func pack(
        _ samples: UnsafePointer<UInt8>, count: Int, bits: Int, output: UnsafeMutablePointer<UInt8>
    ) {
        let done = unsafe bits == 1 ? tm_png_pack_bits(samples, count, output) : 0
        unsafe packLoop(samples + done, count: count &- done, bits: bits, output: output + done / 8)
    }

    /// ``pack(_:count:bits:output:)`` in plain Swift: what the kernel of `png_packing_x86.c` must equal.
    static func packLoop(
        _ samples: UnsafePointer<UInt8>, count: Int, bits: Int, output: UnsafeMutablePointer<UInt8>
    ) {
        let perByte = 8 / bits
        let whole = count / perByte
        switch bits {
        case 1:
            for i in 0..<whole {
                // Eight bytes of 0 or 1, gathered by one multiplication: byte k ends up at bit 7 − k of the top byte.
                let eight = unsafe UnsafeRawPointer(samples + i &* 8).loadUnaligned(as: UInt64.self)
                let low = UInt64(littleEndian: eight) & 0x0101_0101_0101_0101
                unsafe output[i] = UInt8(truncatingIfNeeded: (low &* 0x8040_2010_0804_0201) >> 56)
            }
        case 2:
            for i in 0..<whole {
                let s = unsafe samples + i &* 4
                let high = unsafe (s[0] & 3) << 6 | (s[1] & 3) << 4
                let low = unsafe (s[2] & 3) << 2 | (s[3] & 3)
                unsafe output[i] = high | low
            }
        default:
            for i in 0..<whole {
                let high = unsafe samples[i &* 2] << 4
                let low = unsafe samples[i &* 2 &+ 1] & 15
                unsafe output[i] = high | low
            }
        }
        let rest = count &- whole &* perByte
        guard rest > 0 else { return }
        let mask: UInt8 = (1 << UInt8(bits)) &- 1
        var last: UInt8 = 0
        for k in 0..<rest {
            let sample = unsafe samples[whole &* perByte &+ k] & mask
            last |= sample << UInt8(8 &- bits &* (k &+ 1))
        }
        unsafe output[whole] = last
    }

    /// Puts the high byte of every 16-bit sample first, in place.
    static func makeBigEndian(_ bytes: UnsafeMutablePointer<UInt8>, samples: Int) {
        #if _endian(little)
            var i = 0
            while i < samples {
                let low = unsafe bytes[2 &* i]
                unsafe bytes[2 &* i] = bytes[2 &* i &+ 1]
                unsafe bytes[2 &* i &+ 1] = low
                i &+= 1
            }
        #endif
    }

    /// The largest of `count` bytes.
    static func largest(_ bytes: UnsafePointer<UInt8>, count: Int) -> UInt8 {
        var largest: UInt8 = 0
        var i = 0
        while i < count {
            largest = unsafe max(largest, bytes[i])
            i &+= 1
        }
        return largest
    }
}
