/// The Swift twins of the kernels in CMediaKernels/sound.h: the same loops, bit for bit.
///
/// The tests compare every level of instructions against them.
package enum PCMKernels {
    /// What a conversion lost.
    package struct Losses: Hashable, Sendable {
        package var low: UInt64 = 0
        package var high: UInt64 = 0
        package var notFinite: UInt64 = 0

        package init() {}

        /// Whether anything was lost.
        package var isEmpty: Bool { low | high | notFinite == 0 }
    }

    /// Float32 to integers of 16 bits; see `tm_sound_f32_i16`.
    @unsafe package static func convert(
        _ input: UnsafeRawPointer, to output: UnsafeMutablePointer<Int16>, count: Int, losses: inout Losses
    ) {
        for i in 0..<count {
            let x = unsafe input.loadUnaligned(fromByteOffset: 4 &* i, as: Float.self)
            unsafe output[i] = Int16(truncatingIfNeeded: integer(x, 0x1p15, &losses))
        }
    }

    /// Float64 to integers of 16 bits; see `tm_sound_f64_i16`.
    @unsafe package static func convert(
        _ input: UnsafeRawPointer, to output: UnsafeMutablePointer<Int16>, count: Int, scale: Double,
        losses: inout Losses
    ) {
        for i in 0..<count {
            let x = unsafe input.loadUnaligned(fromByteOffset: 8 &* i, as: Double.self)
            unsafe output[i] = Int16(truncatingIfNeeded: integer(x, scale, &losses))
        }
    }

    /// Float64 to integers of up to 32 bits; see `tm_sound_f64_i32`.
    @unsafe package static func convert(
        _ input: UnsafeRawPointer, to output: UnsafeMutablePointer<Int32>, count: Int, scale: Double,
        losses: inout Losses
    ) {
        for i in 0..<count {
            let x = unsafe input.loadUnaligned(fromByteOffset: 8 &* i, as: Double.self)
            unsafe output[i] = Int32(truncatingIfNeeded: integer(x, scale, &losses))
        }
    }

    /// One number. Adding 1.5 · 2²³ leaves the integer that is nearest, ties to even, in the low bits; nothing can trap.
    @inline(always)
    private static func integer(_ x: Float, _ scale: Float, _ losses: inout Losses) -> UInt32 {
        fitted(x, scale, &losses).map { ($0 + 0x1.8p23).bitPattern } ?? 0
    }

    /// The same in 52 bits.
    @inline(always)
    private static func integer(_ x: Double, _ scale: Double, _ losses: inout Losses) -> UInt64 {
        fitted(x, scale, &losses).map { ($0 + 0x1.8p52).bitPattern } ?? 0
    }

    /// Counts what is lost of a number; `false` for one that is not finite.
    @inline(always)
    private static func note<Real: BinaryFloatingPoint>(_ x: Real, _ losses: inout Losses) -> Bool {
        guard x.isFinite else {
            losses.notFinite &+= 1
            return false
        }
        losses.low &+= x < -1 ? 1 : 0
        losses.high &+= x > 1 ? 1 : 0
        return true
    }

    /// A number on the scale of the integers, and within them; `nil` for one that is not finite.
    @inline(always)
    private static func fitted<Real: BinaryFloatingPoint>(_ x: Real, _ scale: Real, _ losses: inout Losses) -> Real? {
        guard note(x, &losses) else { return nil }
        return max(-scale, min(scale - 1, x * scale))
    }

    /// A number with triangular noise of ±1 step, rounded; the noise follows from `seed` and `place` alone (SplitMix64 of
    /// Steele, Lea and Flood, two halves of its word subtracted).
    @inline(always)
    static func dithered(_ x: Double, _ scale: Double, seed: UInt64, place: UInt64, _ losses: inout Losses) -> Int32 {
        guard note(x, &losses) else { return 0 }
        var word = seed &+ (place &+ 1) &* 0x9E37_79B9_7F4A_7C15
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        word ^= word >> 31
        let noise = (Double(word >> 32) - Double(word & 0xFFFF_FFFF)) * 0x1p-32
        let noisy = x * scale + noise
        let clamped = max(-scale, min(scale - 1, noisy))
        return Int32(truncatingIfNeeded: (clamped + 0x1.8p52).bitPattern)
    }
}
