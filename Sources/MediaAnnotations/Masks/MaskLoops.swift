import CMediaKernels

/// The inner loops of masks. Those that have a kernel in CMediaKernels/mask.h are its twins: they run where the processor
/// has no level of its own, and give the same bits.
package enum MaskLoops {
    /// One class of an argmax; see `tm_argmax_f32`.
    ///
    /// - Parameters:
    ///   - numbers: packed numbers in native order, at any address.
    ///   - nans: counts those that are not equal to themselves.
    @unsafe package static func argmax<Number: Comparable & BitwiseCopyable, Index: FixedWidthInteger>(
        _ numbers: UnsafeRawPointer, count: Int, number: Index, best: UnsafeMutablePointer<Number>,
        index: UnsafeMutablePointer<Index>, nans: inout Int
    ) {
        for i in 0..<count {
            let x = unsafe numbers.loadUnaligned(fromByteOffset: i &* MemoryLayout<Number>.size, as: Number.self)
            if unsafe x > best[i] {
                unsafe best[i] = x
                unsafe index[i] = number
            }
            nans &+= x != x ? 1 : 0
        }
    }

    /// One class of an argmax of float32, by the kernel where there is one and the class fits its bytes.
    @unsafe static func argmaxFloats(
        _ numbers: UnsafeRawPointer, count: Int, number: UInt8, best: UnsafeMutablePointer<Float>,
        index: UnsafeMutablePointer<UInt8>, nans: inout Int
    ) {
        var found: UInt64 = 0
        if unsafe tm_argmax_f32(numbers, count, number, best, index, &found) != 0 {
            nans &+= Int(truncatingIfNeeded: found)
        } else {
            unsafe argmax(numbers, count: count, number: number, best: best, index: index, nans: &nans)
        }
    }

    /// Counts how often each number occurs, whole stretches of one number at a time: masks are made of stretches.
    @unsafe static func count(_ ids: UnsafePointer<UInt8>, count: Int, into histogram: UnsafeMutablePointer<Int>) {
        let raw = unsafe UnsafeRawPointer(ids)
        var i = 0
        while i &+ 8 <= count {
            let id = unsafe ids[i]
            let word = unsafe raw.loadUnaligned(fromByteOffset: i, as: UInt64.self)
            if word == UInt64(id) &* 0x0101_0101_0101_0101 {
                unsafe histogram[Int(id)] &+= 8
            } else {
                for k in i..<(i &+ 8) { unsafe histogram[Int(ids[k])] &+= 1 }
            }
            i &+= 8
        }
        for k in i..<count { unsafe histogram[Int(ids[k])] &+= 1 }
    }

    /// The same for 16 bits.
    @unsafe static func count(_ ids: UnsafePointer<UInt16>, count: Int, into histogram: UnsafeMutablePointer<Int>) {
        for i in 0..<count { unsafe histogram[Int(ids[i])] &+= 1 }
    }
}
