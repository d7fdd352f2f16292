/// The transfer function of sRGB (IEC 61966-2-1) between samples and light, by tables that are the same on every machine.
///
/// `light = s/12.92` up to s = 0.04045, `((s + 0.055)/1.055)^2.4` above; the other way `12.92·light` up to 0.0031308.
package enum LinearLight {
    /// The light, 0…1, of every 8-bit sample.
    package static let of8Bits: [Float] = (0...255).map { Float(decode(Double($0) / 255)) }

    /// The light, 0…1, of every 16-bit sample.
    static let of16Bits: [Float] = (0...65535).map { Float(decode(Double($0) / 65535)) }

    /// The number of steps of ``samples``.
    static let steps = 16384

    /// The sample, 0…1, of light `i / steps`; one entry more than needed stands at the end. Between entries a straight
    /// line is within 0.3 of a 16-bit step (at the bend at 0.0031308) and within 0.1 elsewhere.
    static let samples: [Float] = (0...steps + 1).map { Float(encode(Double(min($0, steps)) / Double(steps))) }

    /// The light of a sample.
    static func decode(_ sample: Double) -> Double {
        if sample <= 0.04045 { return sample / 12.92 }
        let base = (sample + 0.055) / 1.055
        let fifth = RepeatableMath.root(base, degree: 5)
        let square = fifth * fifth
        return base * base * square  // base^2.4 = base² · (base^0.2)²
    }

    /// The sample of light.
    static func encode(_ light: Double) -> Double {
        if light <= 0.0031308 { return 12.92 * light }
        let twelfth = RepeatableMath.root(light, degree: 12)
        let square = twelfth * twelfth
        return 1.055 * (square * square * twelfth) - 0.055  // light^(5/12)
    }
}
