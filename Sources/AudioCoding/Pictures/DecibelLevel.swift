import ImageCoding

/// Decibels as whole numbers of 16 bits, in steps of 1/128 from −256: what a spectrogram keeps until the loudest is known.
enum DecibelLevel {
    private static let stepsPerDecibel = 128.0
    private static let floor = -256.0

    /// The decibels of a level.
    static func decibels(_ level: UInt16) -> Double { Double(level) / stepsPerDecibel + floor }

    /// Tells the levels of powers.
    struct Meter {
        /// log₂ of 1 to 2 in 512 steps; between two, a line is within 0.000005 dB.
        private let logarithms: [Float] = (0...512).map {
            Float(RepeatableMath.log(1 + Double($0) / 512) / RepeatableMath.log(2))
        }
        private let perOctave = Float(10 * RepeatableMath.log(2) / RepeatableMath.log(10) * stepsPerDecibel)
        /// What is added for the factor, and for the beginning of the steps.
        private let offset: Float

        /// - Parameter factor: powers are multiplied by it.
        init(factor: Double) {
            offset = Float((10 * RepeatableMath.log(factor) / RepeatableMath.log(10) - floor) * stepsPerDecibel)
        }

        /// The level of a power that is not negative; 0 for nothing.
        func level(of power: Float) -> UInt16 {
            let bits = power.bitPattern
            let exponent = Int(bits >> 23)
            guard exponent > 0 else { return 0 }
            let place = Int(bits >> 14 & 511)
            let part = Float(bits & 0x3FFF) * 0x1p-14
            let low = logarithms[place], high = logarithms[place + 1]
            let octaves = Float(exponent - 127) + low + (high - low) * part
            let level = octaves * perOctave + offset
            return UInt16(max(0, min(65535, level + 0.5)))
        }
    }
}
