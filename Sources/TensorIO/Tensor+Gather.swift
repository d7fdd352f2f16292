extension Tensor {
    /// Copies elements that stand `stride` bytes apart to packed places in native byte order: what hot loops ask for when
    /// a tensor's own bytes cannot be read as they are.
    ///
    /// - Parameters:
    ///   - source: the first element, at any address.
    ///   - stride: the distance of neighbours in `source`, in bytes; may be negative or 0.
    ///   - count: how many elements.
    ///   - width: the size of an element: 1, 2, 4 or 8 bytes.
    ///   - isSwapped: whether the bytes of each element are in the other order.
    ///   - target: where the first element goes, at any address.
    ///   - step: the distance of neighbours in `target`, in elements.
    @unsafe package static func gather(
        _ source: UnsafeRawPointer, stride: Int, count: Int, width: Int, isSwapped: Bool,
        to target: UnsafeMutableRawPointer, step: Int = 1
    ) {
        switch width {
        case 1: unsafe gather(source, stride, count, target, step, as: UInt8.self, isSwapped: false)
        case 2: unsafe gather(source, stride, count, target, step, as: UInt16.self, isSwapped: isSwapped)
        case 4: unsafe gather(source, stride, count, target, step, as: UInt32.self, isSwapped: isSwapped)
        default: unsafe gather(source, stride, count, target, step, as: UInt64.self, isSwapped: isSwapped)
        }
    }

    @inline(always)
    private static func gather<Bits: FixedWidthInteger & BitwiseCopyable>(
        _ source: UnsafeRawPointer, _ stride: Int, _ count: Int, _ target: UnsafeMutableRawPointer, _ step: Int,
        as type: Bits.Type, isSwapped: Bool
    ) {
        let width = MemoryLayout<Bits>.size
        if isSwapped {
            for i in 0..<count {
                let bits = unsafe source.loadUnaligned(fromByteOffset: i &* stride, as: Bits.self)
                unsafe target.storeBytes(of: bits.byteSwapped, toByteOffset: i &* step &* width, as: Bits.self)
            }
        } else {
            for i in 0..<count {
                let bits = unsafe source.loadUnaligned(fromByteOffset: i &* stride, as: Bits.self)
                unsafe target.storeBytes(of: bits, toByteOffset: i &* step &* width, as: Bits.self)
            }
        }
    }
}
