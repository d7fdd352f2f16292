/// The colours of directions in pictures of optical flow: 55 hues of which neighbours differ about equally to the eye.
///
/// Rule of Baker, Scharstein, Lewis, Roth, Black, Szeliski, "A Database and Evaluation Methodology for Optical Flow"
/// (IJCV 2011), as in the Middlebury evaluation: from red over yellow (15 steps), green (6), cyan (4), blue (11), magenta
/// (13) back to red (6), each step a whole number; a vector's length blends from white to the hue, and what is longer than
/// the scale is darkened to three quarters.
struct FlowWheel: Sendable {
    /// Red, green, blue of each hue, 0…1.
    private let hues: [(Double, Double, Double)]

    init() {
        var hues: [(Double, Double, Double)] = []
        func rise(_ steps: Int, _ color: (Double, Double) -> (Double, Double, Double)) {
            for i in 0..<steps {
                let up = Double(255 * i / steps)
                let (r, g, b) = color(up, 255 - up)
                hues.append((r / 255, g / 255, b / 255))
            }
        }
        rise(15) { up, _ in (255, up, 0) }
        rise(6) { _, down in (down, 255, 0) }
        rise(4) { up, _ in (0, 255, up) }
        rise(11) { _, down in (0, down, 255) }
        rise(13) { up, _ in (up, 0, 255) }
        rise(6) { _, down in (255, 0, down) }
        self.hues = hues
    }

    /// The colour of the vector (u to the right, v downwards), in units of the scale. Samples are rounded down.
    func color(_ u: Double, _ v: Double) -> (UInt8, UInt8, UInt8) {
        let length = (u * u + v * v).squareRoot()
        let place = (RepeatableMath.atan2OverPi(-v, -u) + 1) / 2 * Double(hues.count - 1)
        let first = max(0, min(hues.count - 1, Int(place)))  // 0…54 by construction
        let second = first + 1 == hues.count ? 0 : first + 1
        let part = place - Double(first)
        let a = hues[first], b = hues[second]
        func sample(_ low: Double, _ high: Double) -> UInt8 {
            let hue = (1 - part) * low + part * high
            let shown = length <= 1 ? 1 - length * (1 - hue) : hue * 0.75
            return UInt8(truncatingIfNeeded: Int(255 * max(0, min(1, shown))))
        }
        return (sample(a.0, b.0), sample(a.1, b.1), sample(a.2, b.2))
    }
}
