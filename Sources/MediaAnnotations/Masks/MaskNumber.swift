import CMediaKernels

/// The types in which a mask keeps its numbers.
protocol MaskNumber: FixedWidthInteger & UnsignedInteger & BitwiseCopyable {}

extension UInt8: MaskNumber {}
extension UInt16: MaskNumber {}

extension MaskNumber {
    private static var size: Int32 { Int32(truncatingIfNeeded: MemoryLayout<Self>.size) }

    /// Colours over pixels, at the current level of instructions; see ``MaskLoops/blend(_:count:table:channels:edges:pixels:)``.
    @unsafe static func blend(
        _ ids: UnsafeRawPointer, count: Int, table: UnsafePointer<UInt8>, channels: Int, edges: UnsafePointer<UInt64>?,
        pixels: UnsafeMutablePointer<UInt8>
    ) {
        if unsafe tm_mask_blend(ids, size, count, table, Int32(channels), edges, pixels) != 0 { return }
        unsafe MaskLoops.blend(
            ids.assumingMemoryBound(to: Self.self), count: count, table: table, channels: channels, edges: edges,
            pixels: pixels)
    }

    /// Where two rows differ, at the current level of instructions; see ``MaskLoops/differences(_:_:count:into:)``.
    @unsafe static func differences(
        _ ones: UnsafeRawPointer, _ others: UnsafeRawPointer, count: Int, into bits: UnsafeMutablePointer<UInt64>
    ) {
        if unsafe tm_mask_differences(ones, others, size, count, bits) != 0 { return }
        unsafe MaskLoops.differences(
            ones.assumingMemoryBound(to: Self.self), others.assumingMemoryBound(to: Self.self), count: count, into: bits
        )
    }
}
