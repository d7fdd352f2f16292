/// The Swift twins of the kernels in CMediaKernels/convert.h: the same loops, bit for bit.
///
/// They run where the processor has no level of its own, and the tests compare every level against them. Inputs are packed
/// numbers in native order at any address; outputs likewise.
package enum SampleKernels {
    /// What a conversion lost.
    package struct Losses: Hashable, Sendable {
        package var low: UInt64 = 0
        package var high: UInt64 = 0
        package var notFinite: UInt64 = 0

        package init() {}
    }

    /// A range of numbers that becomes the range of samples; see `tm_linear32` and `tm_linear64`.
    package struct Linear<Real: BinaryFloatingPoint & Sendable>: Hashable, Sendable {
        package var scale: Real
        package var offset: Real
        /// Numbers below it are counted as clipped.
        package var least: Real
        /// Numbers above it are counted as clipped.
        package var greatest: Real

        package init(scale: Real, offset: Real, least: Real, greatest: Real) {
            self.scale = scale
            self.offset = offset
            self.least = least
            self.greatest = greatest
        }
    }

    /// Float32 to samples of 8 bits; see `tm_convert_f32_u8`.
    @unsafe package static func convert(
        _ input: UnsafeRawPointer, to output: UnsafeMutablePointer<UInt8>, count: Int, rule: Linear<Float>,
        losses: inout Losses
    ) {
        for i in 0..<count {
            let x = unsafe input.loadUnaligned(fromByteOffset: 4 &* i, as: Float.self)
            unsafe output[i] = UInt8(truncatingIfNeeded: sample(x, rule, 255, &losses))
        }
    }

    /// Float32 to samples of 16 bits; see `tm_convert_f32_u16`.
    @unsafe package static func convert16(
        _ input: UnsafeRawPointer, to output: UnsafeMutableRawPointer, count: Int, rule: Linear<Float>,
        losses: inout Losses
    ) {
        for i in 0..<count {
            let x = unsafe input.loadUnaligned(fromByteOffset: 4 &* i, as: Float.self)
            let bits = UInt16(truncatingIfNeeded: sample(x, rule, 65535, &losses))
            unsafe output.storeBytes(of: bits, toByteOffset: 2 &* i, as: UInt16.self)
        }
    }

    /// Float64 to samples of 8 bits; see `tm_convert_f64_u8`.
    @unsafe package static func convert(
        _ input: UnsafeRawPointer, to output: UnsafeMutablePointer<UInt8>, count: Int, rule: Linear<Double>,
        losses: inout Losses
    ) {
        for i in 0..<count {
            let x = unsafe input.loadUnaligned(fromByteOffset: 8 &* i, as: Double.self)
            unsafe output[i] = UInt8(truncatingIfNeeded: sample(x, rule, 255, &losses))
        }
    }

    /// Float64 to samples of 16 bits; see `tm_convert_f64_u16`.
    @unsafe package static func convert16(
        _ input: UnsafeRawPointer, to output: UnsafeMutableRawPointer, count: Int, rule: Linear<Double>,
        losses: inout Losses
    ) {
        for i in 0..<count {
            let x = unsafe input.loadUnaligned(fromByteOffset: 8 &* i, as: Double.self)
            let bits = UInt16(truncatingIfNeeded: sample(x, rule, 65535, &losses))
            unsafe output.storeBytes(of: bits, toByteOffset: 2 &* i, as: UInt16.self)
        }
    }

    /// One sample. Adding 2²³ leaves the integer that is nearest, ties to even, in the low bits; nothing can trap.
    @inline(always)
    private static func sample(
        _ x: Float, _ rule: Linear<Float>, _ maximum: Float, _ losses: inout Losses
    ) -> UInt32 {
        let isFinite = x.bitPattern & 0x7F80_0000 != 0x7F80_0000
        losses.low &+= isFinite && x < rule.least ? 1 : 0
        losses.high &+= isFinite && x > rule.greatest ? 1 : 0
        losses.notFinite &+= isFinite ? 0 : 1
        let y = x * rule.scale + rule.offset
        let positive = y > 0 ? y : 0
        let clamped = positive < maximum ? positive : maximum
        return isFinite ? (clamped + 0x1p23).bitPattern : 0
    }

    @inline(always)
    private static func sample(
        _ x: Double, _ rule: Linear<Double>, _ maximum: Double, _ losses: inout Losses
    ) -> UInt64 {
        let isFinite = x.bitPattern & 0x7FF0_0000_0000_0000 != 0x7FF0_0000_0000_0000
        losses.low &+= isFinite && x < rule.least ? 1 : 0
        losses.high &+= isFinite && x > rule.greatest ? 1 : 0
        losses.notFinite &+= isFinite ? 0 : 1
        let y = x * rule.scale + rule.offset
        let positive = y > 0 ? y : 0
        let clamped = positive < maximum ? positive : maximum
        return isFinite ? (clamped + 0x1p52).bitPattern : 0
    }

    /// Binary16 to binary32; see `tm_widen_f16`. The exponent is moved by multiplying with 2¹¹².
    @unsafe package static func widenFloat16(
        _ input: UnsafeRawPointer, to output: UnsafeMutablePointer<Float>, count: Int
    ) {
        for i in 0..<count {
            let half = UInt32(unsafe input.loadUnaligned(fromByteOffset: 2 &* i, as: UInt16.self))
            let magnitude = Float(bitPattern: (half & 0x7FFF) &<< 13) * 0x1p112
            let special: UInt32 = half & 0x7C00 == 0x7C00 ? 0x7F80_0000 : 0
            unsafe output[i] = Float(bitPattern: magnitude.bitPattern | special | (half & 0x8000) &<< 16)
        }
    }

    /// Bfloat16 to binary32; see `tm_widen_bf16`.
    @unsafe package static func widenBFloat16(
        _ input: UnsafeRawPointer, to output: UnsafeMutablePointer<Float>, count: Int
    ) {
        for i in 0..<count {
            let upper = UInt32(unsafe input.loadUnaligned(fromByteOffset: 2 &* i, as: UInt16.self))
            unsafe output[i] = Float(bitPattern: upper &<< 16)
        }
    }

    /// Planes to pixels; see `tm_interleave_u8` and `tm_interleave_u16`.
    @unsafe package static func interleave<Sample: BitwiseCopyable>(
        _ planes: UnsafePointer<Sample>, stride: Int, channels: Int, to output: UnsafeMutablePointer<Sample>, count: Int
    ) {
        for channel in 0..<channels {
            let plane = unsafe planes + channel &* stride
            for i in 0..<count { unsafe output[i &* channels &+ channel] = unsafe plane[i] }
        }
    }
}
