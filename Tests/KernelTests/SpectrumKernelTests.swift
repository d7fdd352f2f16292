import AudioCoding
import ImageCoding
import TestSupport
import Testing

@Suite("The kernel of spectra agrees with its Swift twin, and with the definition")
struct SpectrumKernelTests {
    /// A random number for each lane, some of them tiny or large.
    private static func numbers(_ count: Int, seed: UInt64) -> [RealTransform.Lanes] {
        var random = SeededGenerator(seed: seed)
        return (0..<count).map { _ in
            var lanes = RealTransform.Lanes.zero
            for lane in lanes.indices {
                lanes[lane] =
                    random.chance(0.1) ? random.pick([0, -0.0, 1e-30, 1e12, -1e12]) : Float(random.double(-1, 1))
            }
            return lanes
        }
    }

    @Test(
        "Every length gives the same bits at every level",
        arguments: [8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 16_384, 65_536])
    func twin(length: Int) throws {
        let transform = try #require(RealTransform(length: length))
        let numbers = Self.numbers(length, seed: UInt64(length))
        var spent = numbers
        var expected = [RealTransform.Lanes](repeating: .zero, count: length / 2 + 1)
        transform.plainPowers(&spent, to: &expected)
        CPULevel.forEachAvailable { level in
            var input = numbers
            // What lies behind is not touched.
            var output = [RealTransform.Lanes](repeating: .init(repeating: 7), count: length / 2 + 2)
            transform.powers(&input, to: &output)
            #expect(output.last == .init(repeating: 7))
            #expect(firstDifference(bytes(of: output.dropLast()), bytes(of: expected)) == nil, "\(level)")
        }
    }

    @Test("Powers are those of the definition, lane by lane", arguments: [8, 16, 32, 64, 128])
    func definition(length: Int) throws {
        let transform = try #require(RealTransform(length: length))
        var random = SeededGenerator(seed: 3)
        let numbers = (0..<length).map { _ in
            RealTransform.Lanes((0..<8).map { _ in Float(random.double(-1, 1)) })
        }
        var spent = numbers
        var powers = [RealTransform.Lanes](repeating: .zero, count: length / 2 + 1)
        transform.powers(&spent, to: &powers)
        for lane in 0..<8 {
            for k in 0...length / 2 {
                var re = 0.0, im = 0.0
                for i in 0..<length {
                    let turn = 2 * Double(i * k % length) / Double(length)
                    re += Double(numbers[i][lane]) * RepeatableMath.sinPi(turn + 0.5)
                    im -= Double(numbers[i][lane]) * RepeatableMath.sinPi(turn)
                }
                let expected = re * re + im * im
                #expect(abs(Double(powers[k][lane]) - expected) <= 1e-5 * (expected + Double(length)) * 0.1)
            }
        }
    }

    @Test("Lengths that are no powers of two have no transform")
    func lengths() {
        for length in [.min, -8, 0, 1, 4, 9, 1000, 1 << 30, .max] { #expect(RealTransform(length: length) == nil) }
    }
}
