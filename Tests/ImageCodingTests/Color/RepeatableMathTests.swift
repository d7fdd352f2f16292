import Foundation
import ImageCoding
import TestSupport
import Testing

@Suite("Elementary functions that are the same everywhere")
struct RepeatableMathTests {
    @Test("They agree with the C library to 1e-14")
    func values() {
        var generator = SeededGenerator(seed: 3)
        var worst = [0.0, 0, 0, 0]
        func compare(_ function: Int, _ value: Double, _ truth: Double) {
            worst[function] = max(worst[function], abs(value - truth) / max(1, abs(truth)))
        }
        for _ in 0..<2000 {
            let x = generator.double(-6, 6), y = generator.double(-6, 6), unit = generator.unit()
            let wide = exp(generator.double(-300, 300))
            compare(0, RepeatableMath.sinPi(x), sin(Double.pi * x.truncatingRemainder(dividingBy: 2)))
            compare(1, RepeatableMath.atan2OverPi(y, x), atan2(y, x) / .pi)
            compare(2, RepeatableMath.log(wide), log(wide))
            for degree in [1, 2, 5, 12] {
                compare(3, RepeatableMath.root(unit, degree: degree), pow(unit, 1 / Double(degree)))
            }
        }
        #expect(worst.allSatisfy { $0 <= 1e-14 }, "sinPi, atan2OverPi, log, root: \(worst)")
    }

    @Test("Axes, ends and nonsense")
    func ends() {
        #expect(abs(RepeatableMath.sinPi(0.5) - 1) < 1e-15)
        #expect(RepeatableMath.sinPi(1) == 0)
        #expect(RepeatableMath.atan2OverPi(0, -1) == 1)
        #expect(RepeatableMath.atan2OverPi(-0.0, -1) == -1)
        #expect(RepeatableMath.atan2OverPi(-1, 0) == -0.5)
        #expect(RepeatableMath.atan2OverPi(0, 0) == 0)
        #expect(RepeatableMath.log(1) == 0)
        #expect(RepeatableMath.log(0).isNaN)
        #expect(RepeatableMath.log(-1).isNaN)
        #expect(RepeatableMath.root(1, degree: 12) == 1)
        #expect(RepeatableMath.root(0, degree: 5) == 0)
    }
}
