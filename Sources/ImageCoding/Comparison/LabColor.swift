#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A colour of CIELAB (CIE 1976) under D65, in which distances are about those that the eye sees.
public struct LabColor: Sendable, Hashable {
    /// Lightness, 0…100.
    public var lightness: Double
    /// From green (negative) to red, about −86…98 for sRGB.
    public var a: Double
    /// From blue (negative) to yellow, about −108…94 for sRGB.
    public var b: Double

    /// Creates a colour from its coordinates.
    public init(lightness: Double, a: Double, b: Double) {
        self.lightness = lightness
        self.a = a
        self.b = b
    }

    /// The colour of linear sRGB light, each 0…1: by the primaries of IEC 61966-2-1, with their sum as white, so that grays
    /// have no colour.
    @inline(__always)
    init(linearRed red: Double, green: Double, blue: Double) {
        let x = Self.curve((0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / 0.95047)
        let y = Self.curve(0.2126729 * red + 0.7151522 * green + 0.0721750 * blue)
        let z = Self.curve((0.0193339 * red + 0.1191920 * green + 0.9503041 * blue) / 1.08883)
        self.init(lightness: 116 * y - 16, a: 500 * (x - y), b: 200 * (y - z))
    }

    /// The cube root, and a straight line below (6/29)³.
    @inline(__always)
    private static func curve(_ t: Double) -> Double {
        t > 216.0 / 24389 ? cubeRoot(t) : (841.0 / 108) * t + 4.0 / 29
    }

    /// The cube root of about 0.008…1.1: a guess from the bits, then Halley's method twice, each three times as many digits.
    @inline(__always)
    private static func cubeRoot(_ t: Double) -> Double {
        var y = Double(bitPattern: t.bitPattern / 3 &+ 0x2A9F_7893_0000_0000)
        for _ in 0..<2 {
            let cube = y * y * y
            y *= (cube + 2 * t) / (2 * cube + t)
        }
        return y
    }

    /// CIEDE2000 with all parametric factors 1: Luo, Cui, Rigg (2001), in the form of Sharma, Wu, Dalal (2005).
    ///
    /// It needs no angle but the mean hue of blues: cosines and sines of hues are coordinates, and those of their multiples
    /// polynomials of them.
    public func difference(to other: LabColor) -> Double {
        let c1 = (a * a + b * b).squareRoot(), c2 = (other.a * other.a + other.b * other.b).squareRoot()
        let stretch = 1 + 0.5 * (1 - Self.seventh((c1 + c2) / 2))
        // a′ and C′ of both.
        let a1 = a * stretch, a2 = other.a * stretch
        let chroma1 = (a1 * a1 + b * b).squareRoot(), chroma2 = (a2 * a2 + other.b * other.b).squareRoot()
        let product = chroma1 * chroma2
        let dot = a1 * a2 + b * other.b, cross = a1 * other.b - a2 * b
        let deltaL = other.lightness - lightness, deltaC = chroma2 - chroma1
        // 2·√(C₁′C₂′)·sin(Δh/2), with the sign of the turn; half a turn counts as forward. Its square is 2·(C₁′C₂′ − dot),
        // which cancels for hues that are close: there (C₁′C₂′)² − dot² = cross² helps.
        let square = dot > 0 ? cross * cross / (product + dot) : product - dot
        let magnitude = (2 * max(0, square)).squareRoot()
        let deltaH = cross < 0 ? -magnitude : magnitude

        let meanL = (lightness + other.lightness) / 2 - 50, meanC = (chroma1 + chroma2) / 2
        let hue = Self.meanHue(a1, b, chroma1, a2, other.b, chroma2)
        let (cos1, sin1) = (hue.x, hue.y)
        let cos2 = cos1 * cos1 - sin1 * sin1, sin2 = 2 * sin1 * cos1
        let cos3 = cos2 * cos1 - sin2 * sin1, sin3 = sin2 * cos1 + cos2 * sin1
        let cos4 = cos2 * cos2 - sin2 * sin2, sin4 = 2 * sin2 * cos2
        // 1 − 0.17·cos(h − 30°) + 0.24·cos(2h) + 0.32·cos(3h + 6°) − 0.20·cos(4h − 63°)
        let t =
            1 - 0.17 * (0.8660254037844387 * cos1 + 0.5 * sin1) + 0.24 * cos2
            + 0.32 * (0.9945218953682733 * cos3 - 0.10452846326765347 * sin3)
            - 0.20 * (0.4539904997395468 * cos4 + 0.8910065241883679 * sin4)
        let weightL = 1 + 0.015 * meanL * meanL / (20 + meanL * meanL).squareRoot()
        let weightC = 1 + 0.045 * meanC, weightH = 1 + 0.015 * meanC * t
        let l = deltaL / weightL, c = deltaC / weightC, h = deltaH / weightH
        let rotation = -Self.rotationSine(cos1, sin1) * 2 * Self.seventh(meanC)
        return max(0, l * l + c * c + h * h + rotation * c * h).squareRoot()
    }

    /// √(C⁷ / (C⁷ + 25⁷)).
    @inline(__always)
    private static func seventh(_ chroma: Double) -> Double {
        let third = chroma * chroma * chroma
        let power = third * third * chroma
        return (power / (power + 6_103_515_625)).squareRoot()
    }

    /// The direction halfway between two hues, the shorter way; of a gray and a colour, the colour's.
    @inline(__always)
    private static func meanHue(
        _ a1: Double, _ b1: Double, _ chroma1: Double, _ a2: Double, _ b2: Double, _ chroma2: Double
    ) -> (x: Double, y: Double) {
        var x = 0.0, y = 0.0
        if chroma1 > 0 { (x, y) = (a1 / chroma1, b1 / chroma1) }
        if chroma2 > 0 { (x, y) = (x + a2 / chroma2, y + b2 / chroma2) }
        let length = (x * x + y * y).squareRoot()
        if length > 1e-9 { return (x / length, y / length) }
        guard chroma1 > 0, chroma2 > 0 else { return (1, 0) }
        // Opposite hues: the mean of both angles, a quarter of a turn beyond the lesser one, as the formula has it.
        return b1 > 0 || (b1 == 0 && a1 > 0) ? (-b1 / chroma1, a1 / chroma1) : (-b2 / chroma2, a2 / chroma2)
    }

    /// sin(2·Δθ) with Δθ = 30°·exp(−((h − 275°)/25)²), which is nothing far from blue.
    @inline(__always)
    private static func rotationSine(_ cosine: Double, _ sine: Double) -> Double {
        // The cosine of h − 275°: below that of 150°, the exponential is below 10⁻¹⁵.
        guard cosine * 0.08715574274765817 - sine * 0.9961946980917455 > -0.866 else { return 0 }
        var degrees = atan2(sine, cosine) * (180 / Double.pi)
        if degrees < 0 { degrees += 360 }
        let distance = (degrees - 275) / 25
        return sin(exp(-distance * distance) * (Double.pi / 3))
    }
}
