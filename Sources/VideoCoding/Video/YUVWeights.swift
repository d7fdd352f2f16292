/// A matrix in whole numbers: what red, green and blue of 8 bits add to luma in 1/32768 and to chroma in 1/65536.
///
/// The weights of luma add up to that of gray and those of chroma to 0, so that gray stays gray. They are off by at most 1,
/// together less than 0.02 levels of luma and 0.01 of chroma: what comes out is the nearest level but where the exact number
/// is that close to the middle between two.
package struct YUVWeights: Sendable, Hashable {
    /// Red, green, blue.
    package let luma: SIMD3<Int16>
    /// What they add to U.
    package let blueness: SIMD3<Int16>
    /// What they add to V.
    package let redness: SIMD3<Int16>

    /// How much of luma a gray of 8 bits becomes; it fits as the share of white, 219 of 255 levels, is below 1.
    package var gray: Int16 { luma.x &+ luma.y &+ luma.z }

    /// The weights of a matrix.
    package init(_ matrix: YUVMatrix) {
        let (red, blue) = (matrix.red, matrix.blue)
        let white = 219.0 / 255 * 32768
        luma = Self.rounded(red * white, blue * white, sum: white)
        // Chroma is the distance from luma, scaled so that pure blue or red is 112 levels away from 128.
        let chroma = 112.0 / 255 * 65536
        blueness = Self.rounded(-red / (1 - blue) * chroma, chroma, sum: 0)
        redness = Self.rounded(chroma, -blue / (1 - red) * chroma, sum: 0)
    }

    /// Green is what the others leave of the sum.
    private static func rounded(_ red: Double, _ blue: Double, sum: Double) -> SIMD3<Int16> {
        let (red, blue) = (red.rounded(), blue.rounded())
        return SIMD3(Int16(red), Int16(sum.rounded() - red - blue), Int16(blue))
    }

    /// Luma of a pixel, 16…235: 16.5 levels are 33 << 14.
    @inline(__always)
    package func y(_ red: Int32, _ green: Int32, _ blue: Int32) -> UInt8 {
        let sum = Int32(luma.x) &* red &+ Int32(luma.y) &* green &+ Int32(luma.z) &* blue
        return UInt8(truncatingIfNeeded: (sum &+ (33 << 14)) >> 15)
    }

    /// Chroma, 16…240, of the sum of 1 << `shift` pixels: 128.5 levels are 257 << 15.
    @inline(__always)
    package func chroma(
        _ weights: SIMD3<Int16>, _ red: Int32, _ green: Int32, _ blue: Int32, shift: Int32
    ) -> UInt8 {
        let sum = Int32(weights.x) &* red &+ Int32(weights.y) &* green &+ Int32(weights.z) &* blue
        return UInt8(truncatingIfNeeded: (sum &+ (257 << (15 &+ shift))) >> (16 &+ shift))
    }
}
