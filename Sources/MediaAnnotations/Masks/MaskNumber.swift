import CMediaKernels

/// The types in which a mask keeps its numbers.
protocol MaskNumber: FixedWidthInteger & UnsignedInteger & BitwiseCopyable {
    /// Colours over pixels, at the current level of instructions; see ``MaskLoops/blend(_:count:table:channels:pixels:)``.
    @unsafe static func blend(
        _ ids: UnsafeRawPointer, count: Int, table: UnsafePointer<UInt8>, channels: Int,
        pixels: UnsafeMutablePointer<UInt8>)
}

extension UInt8: MaskNumber {
    @unsafe static func blend(
        _ ids: UnsafeRawPointer, count: Int, table: UnsafePointer<UInt8>, channels: Int,
        pixels: UnsafeMutablePointer<UInt8>
    ) {
        let ids = unsafe ids.assumingMemoryBound(to: UInt8.self)
        if unsafe tm_mask_blend(ids, count, table, Int32(channels), pixels) != 0 { return }
        unsafe MaskLoops.blend(ids, count: count, table: table, channels: channels, pixels: pixels)
    }
}

extension UInt16: MaskNumber {
    /// There is no kernel: masks with more than 256 classes are rare, and their table does not fit the first cache.
    @unsafe static func blend(
        _ ids: UnsafeRawPointer, count: Int, table: UnsafePointer<UInt8>, channels: Int,
        pixels: UnsafeMutablePointer<UInt8>
    ) {
        unsafe MaskLoops.blend(
            ids.assumingMemoryBound(to: UInt16.self), count: count, table: table, channels: channels, pixels: pixels)
    }
}
