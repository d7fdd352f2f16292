/// Colour differences of rows of pixels.
struct PixelColors<Sample: FixedWidthInteger & UnsignedInteger> {
    private let channels: Int
    private let hasColor: Bool, hasAlpha: Bool
    /// The light of each sample.
    private let light: [Float]

    init(_ model: PixelFormat.Model, light: [Float]) {
        channels = model.channels
        hasColor = model.channels >= 3
        hasAlpha = model.hasAlpha
        self.light = light
    }

    /// The sum over a row, the largest difference and where it is first found.
    @inline(__always)
    func compare(
        _ a: UnsafePointer<Sample>, _ b: UnsafePointer<Sample>, count: Int
    ) -> (sum: Double, largest: Double, index: Int) {
        unsafe light.withUnsafeBufferPointer { light in
            guard let light = light.baseAddress else { return (0, 0, 0) }
            var sum = 0.0, largest = 0.0
            var index = 0
            for x in 0..<count {
                let p = unsafe a + x &* channels, q = unsafe b + x &* channels
                var bits: Sample = 0
                for channel in 0..<channels { unsafe bits |= p[channel] ^ q[channel] }
                guard bits != 0 else { continue }
                let difference: Double
                if hasAlpha {
                    let overBlack = unsafe color(p, over: 0, light).difference(to: color(q, over: 0, light))
                    let overWhite = unsafe color(p, over: .max, light).difference(to: color(q, over: .max, light))
                    difference = max(overBlack, overWhite)
                } else {
                    difference = unsafe color(p, light).difference(to: color(q, light))
                }
                sum += difference
                if difference > largest { (largest, index) = (difference, x) }
            }
            return (sum, largest, index)
        }
    }

    /// The colour of an opaque pixel.
    @inline(__always)
    private func color(_ pixel: UnsafePointer<Sample>, _ light: UnsafePointer<Float>) -> LabColor {
        let red = unsafe Double(light[Int(truncatingIfNeeded: pixel[0])])
        guard hasColor else { return LabColor(linearRed: red, green: red, blue: red) }
        return unsafe LabColor(
            linearRed: red, green: Double(light[Int(truncatingIfNeeded: pixel[1])]),
            blue: Double(light[Int(truncatingIfNeeded: pixel[2])]))
    }

    /// The colour of a pixel laid over a gray.
    @inline(__always)
    private func color(_ pixel: UnsafePointer<Sample>, over back: Sample, _ light: UnsafePointer<Float>) -> LabColor {
        let alpha = unsafe pixel[channels &- 1]
        let red = unsafe mixed(pixel[0], alpha, back, light)
        guard hasColor else { return LabColor(linearRed: red, green: red, blue: red) }
        return unsafe LabColor(
            linearRed: red, green: mixed(pixel[1], alpha, back, light), blue: mixed(pixel[2], alpha, back, light))
    }

    /// The light of a sample laid over another, as ``ConversionRule/Alpha/compose(over:)`` does it.
    @inline(__always)
    private func mixed(_ sample: Sample, _ alpha: Sample, _ back: Sample, _ light: UnsafePointer<Float>) -> Double {
        let full = UInt32(truncatingIfNeeded: Sample.max)
        let opacity = UInt32(truncatingIfNeeded: alpha)
        let sum =
            UInt32(truncatingIfNeeded: sample) &* opacity
            &+ UInt32(truncatingIfNeeded: back) &* (full &- opacity) &+ full / 2
        return unsafe Double(light[Int(truncatingIfNeeded: sum / full)])
    }
}
