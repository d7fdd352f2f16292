import ImageCoding

/// A colour of OKLab (Björn Ottosson, 2020), in which equal distances look about equally large.
struct OKLabColor: Sendable, Hashable {
    /// Lightness 0…1, and two axes of colour of about −0.4…0.4; the fourth is 0.
    var axes: SIMD4<Float>

    init(axes: SIMD4<Float>) { self.axes = axes }

    /// The colour of 8-bit sRGB samples.
    init(red: UInt8, green: UInt8, blue: UInt8) {
        let light = LinearLight.of8Bits
        self.init(linear: light[Int(red)], light[Int(green)], light[Int(blue)])
    }

    private init(linear red: Float, _ green: Float, _ blue: Float) {
        let l = Self.cubeRoot(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
        let m = Self.cubeRoot(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
        let s = Self.cubeRoot(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
        axes = SIMD4(
            0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
            1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
            0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s, 0)
    }

    /// The 8-bit sRGB samples nearest to the colour.
    var samples: (red: UInt8, green: UInt8, blue: UInt8) {
        let l = axes.x + 0.3963377774 * axes.y + 0.2158037573 * axes.z
        let m = axes.x - 0.1055613458 * axes.y - 0.0638541728 * axes.z
        let s = axes.x - 0.0894841775 * axes.y - 1.2914855480 * axes.z
        let (l3, m3, s3) = (l * l * l, m * m * m, s * s * s)
        return (
            Self.sample(4.0767416621 * l3 - 3.3077115913 * m3 + 0.2309699292 * s3),
            Self.sample(-1.2684380046 * l3 + 2.6097574011 * m3 - 0.3413193965 * s3),
            Self.sample(-0.0041960863 * l3 - 0.7034186147 * m3 + 1.7076147010 * s3)
        )
    }

    /// The sample whose light is nearest, found by halving.
    private static func sample(_ light: Float) -> UInt8 {
        let table = LinearLight.of8Bits
        var low = 0, high = 255
        while low < high {
            let middle = (low + high + 1) / 2
            if table[middle] <= light { low = middle } else { high = middle - 1 }
        }
        guard low < 255, low > 0 || light > 0 else { return UInt8(low) }
        return UInt8(light - table[low] > table[low + 1] - light ? low + 1 : low)
    }

    /// The square of the distance.
    @inline(__always)
    static func distance(_ a: SIMD4<Float>, _ b: SIMD4<Float>) -> Float {
        let d = a - b
        let square = d * d
        return square.x + square.y + square.z
    }

    /// The cube root of 0…1: a guess from the bits, then Halley's method twice, which takes it beyond a float's digits.
    private static func cubeRoot(_ t: Float) -> Float {
        guard t > 0 else { return 0 }
        let value = Double(t)
        var y = Double(bitPattern: value.bitPattern / 3 &+ 0x2A9F_7893_0000_0000)
        for _ in 0..<2 {
            let cube = y * y * y
            y *= (cube + 2 * value) / (2 * cube + value)
        }
        return Float(y)
    }
}
