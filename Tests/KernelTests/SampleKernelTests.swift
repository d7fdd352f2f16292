import CMediaKernels
import MediaCore
import TestSupport
import Testing

@testable import ImageCoding

@Suite("Sample kernels agree with their Swift twins at every level of instructions")
struct SampleKernelTests {
    /// Numbers around everything that matters: ends of the range, ties, zeros of both signs, subnormal, huge, not finite.
    private static let edges: [Float] = [
        0, -0.0, 1, -1, 0.5 / 255, 1.5 / 255, 2.5 / 255, 254.5 / 255, 1.0000001, -1e-9, 255, 255.5, 1e38, -1e38,
        0x1p-140,
        .leastNonzeroMagnitude, .greatestFiniteMagnitude, .infinity, -.infinity, .nan, -Float.nan, 65535.5,
    ]

    /// Random numbers: in stretches of 200 many edges, hardly any, and none beyond -0.25…1, so that blocks with losses and
    /// without follow each other.
    private static func numbers(_ count: Int, seed: UInt64) -> [Float] {
        var random = SeededGenerator(seed: seed)
        return (0..<count).map { i in
            switch i / 200 % 3 {
            case 0: random.chance(0.3) ? random.pick(edges) : Float(random.double(-0.3, 1.3))
            case 1: Float(random.double(-0.25, 1))
            default: random.chance(0.01) ? random.pick(edges) : random.pick([-0.25, 1, Float(random.double(-0.25, 1))])
            }
        }
    }

    @Test("float32 to 8 and 16 bits", arguments: Array(0...70) + [127, 1000, 66_003])
    func float32(count: Int) throws {
        let input = Self.numbers(count, seed: UInt64(count))
        let rules: [SampleKernels.Linear<Float>] = [
            .init(scale: 255, offset: 0, least: -0.25, greatest: 1),
            .init(scale: 204, offset: 51, least: -0.25, greatest: 1),
            .init(scale: 1, offset: 0, least: -.infinity, greatest: .infinity),
            .init(scale: -300, offset: 17.25, least: -0.25, greatest: 1),
            .init(scale: 65535, offset: 0, least: -0.25, greatest: 1),
            .init(scale: 1e30, offset: 0, least: -0.25, greatest: 1),
        ]
        for rule in rules {
            let kernelRule = tm_linear32(
                scale: rule.scale, offset: rule.offset, least: rule.least, greatest: rule.greatest)
            for isWide in [false, true] {
                try compare(input, isWide: isWide) { bytes, output, count, losses in
                    isWide
                        ? SampleKernels.convert16(
                            bytes, to: output, count: count, rule: rule, losses: &losses)
                        : SampleKernels.convert(
                            bytes, to: output.assumingMemoryBound(to: UInt8.self), count: count, rule: rule,
                            losses: &losses)
                } kernel: { bytes, output, count, losses in
                    isWide
                        ? tm_convert_f32_u16(
                            bytes, output.assumingMemoryBound(to: tm_sample16.self), count, kernelRule, &losses)
                        : tm_convert_f32_u8(
                            bytes, output.assumingMemoryBound(to: UInt8.self), count, kernelRule, &losses)
                }
            }
        }
    }

    @Test("float64 to 8 and 16 bits", arguments: Array(0...70) + [127, 999, 66_003])
    func float64(count: Int) throws {
        let input = Self.numbers(count, seed: UInt64(count) + 7).map(Double.init)
        for (scale, offset) in [(255.0, 0.0), (127.5, 127.5), (-300, 17.25)] {
            let rule = SampleKernels.Linear<Double>(scale: scale, offset: offset, least: -0.25, greatest: 1)
            let kernelRule = tm_linear64(scale: scale, offset: offset, least: -0.25, greatest: 1)
            for isWide in [false, true] {
                try compare(input, isWide: isWide) { bytes, output, count, losses in
                    isWide
                        ? SampleKernels.convert16(
                            bytes, to: output, count: count, rule: rule, losses: &losses)
                        : SampleKernels.convert(
                            bytes, to: output.assumingMemoryBound(to: UInt8.self), count: count, rule: rule,
                            losses: &losses)
                } kernel: { bytes, output, count, losses in
                    isWide
                        ? tm_convert_f64_u16(
                            bytes, output.assumingMemoryBound(to: tm_sample16.self), count, kernelRule, &losses)
                        : tm_convert_f64_u8(
                            bytes, output.assumingMemoryBound(to: UInt8.self), count, kernelRule, &losses)
                }
            }
        }
    }

    @Test("every float16 and every bfloat16 widens to the same float32 as Swift's own conversion")
    func widening() {
        let halves = (0...UInt16.max).map { $0 }
        let float16 = halves.map { Float(Float16(bitPattern: $0)) }
        let bfloat16 = halves.map { Float(bitPattern: UInt32($0) << 16) }
        func expectSame(_ widened: [Float], _ expected: [Float], _ note: String) {
            let differs = zip(widened, expected).filter { pair in
                pair.0.isNaN ? !pair.1.isNaN : pair.0.bitPattern != pair.1.bitPattern
            }
            #expect(differs.isEmpty, "\(note)")
        }
        var float16Twin = [Float](repeating: 0, count: halves.count)
        SampleKernels.widenFloat16(halves, to: &float16Twin, count: halves.count)
        expectSame(float16Twin, float16, "twin, float16")
        var bfloat16Twin = float16Twin
        SampleKernels.widenBFloat16(halves, to: &bfloat16Twin, count: halves.count)
        expectSame(bfloat16Twin, bfloat16, "twin, bfloat16")
        // From there on bit for bit, NaNs too: every number, and a few of them beside memory that may not be touched.
        for start in [0, 0x03F0, 0x7BE0, 0x7C01, 0xFBFF] {
            for count in Array(0...70) + (start == 0 ? [halves.count] : []) {
                let input = halves[start..<(start + count)].flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
                let expected16 = float16Twin[start..<(start + count)].map(\.bitPattern)
                let expectedBrain = bfloat16Twin[start..<(start + count)].map(\.bitPattern)
                for place in GuardedBytes.Place.allCases {
                    let source = GuardedBytes(count: input.count, place: place, contents: input)
                    let target = GuardedBytes(count: 4 * count, place: place)
                    let floats = target.buffer.assumingMemoryBound(to: Float.self)
                    CPULevel.forEachAvailable { level in
                        tm_widen_f16(source.buffer.baseAddress, floats.baseAddress, count)
                        #expect(floats.map(\.bitPattern) == expected16, "\(count) from \(start), \(level), float16")
                        tm_widen_bf16(source.buffer.baseAddress, floats.baseAddress, count)
                        #expect(floats.map(\.bitPattern) == expectedBrain, "\(count) from \(start), \(level), bfloat16")
                    }
                }
            }
        }
    }

    @Test("planes become pixels, wherever the next plane begins", arguments: [2, 3, 4])
    func interleaving(channels: Int) throws {
        for count in Array(0...70) + [200, 1001] {
            let stride = count + count % 3 * 7
            var random = SeededGenerator(seed: UInt64(count))
            let planes = random.bytes((stride * (channels - 1) + count) * 2)
            let samples = planes.count / 2
            let wide = (0..<samples).map { UInt16(planes[2 * $0]) | UInt16(planes[2 * $0 + 1]) << 8 }
            var expected = [UInt8](repeating: 0, count: count * channels)
            SampleKernels.interleave(planes, stride: stride, channels: channels, to: &expected, count: count)
            var expectedWide = [UInt16](repeating: 0, count: count * channels)
            SampleKernels.interleave(wide, stride: stride, channels: channels, to: &expectedWide, count: count)
            for index in 0..<count * channels {
                #expect(expected[index] == planes[index % channels * stride + index / channels])
                #expect(expectedWide[index] == wide[index % channels * stride + index / channels])
            }
            for place in GuardedBytes.Place.allCases {
                let source = GuardedBytes(count: samples, place: place, contents: planes)
                let target = GuardedBytes(count: expected.count, place: place)
                let wideSource = GuardedBytes(count: planes.count, place: place, contents: planes)
                let wideTarget = GuardedBytes(count: 2 * expected.count, place: place)
                CPULevel.forEachAvailable { level in
                    tm_interleave_u8(
                        source.buffer.baseAddress?.assumingMemoryBound(to: UInt8.self), stride, Int32(channels),
                        target.buffer.baseAddress?.assumingMemoryBound(to: UInt8.self), count)
                    #expect(Array(target.buffer) == expected, "\(count) pixels, \(level)")
                    tm_interleave_u16(
                        wideSource.buffer.baseAddress?.assumingMemoryBound(to: tm_sample16.self), stride,
                        Int32(channels), wideTarget.buffer.baseAddress?.assumingMemoryBound(to: tm_sample16.self), count
                    )
                    #expect(
                        Array(wideTarget.buffer.assumingMemoryBound(to: UInt16.self)) == expectedWide,
                        "\(count) pixels, \(level)")
                }
            }
        }
    }

    /// Runs twin and kernel on guarded, unaligned memory, and compares samples and counts.
    private func compare<Number: BitwiseCopyable>(
        _ input: [Number], isWide: Bool,
        twin: (UnsafeRawPointer, UnsafeMutableRawPointer, Int, inout SampleKernels.Losses) -> Void,
        kernel: (UnsafeRawPointer, UnsafeMutableRawPointer, Int, inout tm_losses) -> Void
    ) throws {
        let bytes = input.withUnsafeBytes { Array($0) }
        let outputBytes = input.count * (isWide ? 2 : 1)
        var expected = [UInt8](repeating: 0, count: max(1, outputBytes))
        var expectedLosses = SampleKernels.Losses()
        bytes.withUnsafeBytes { source in
            expected.withUnsafeMutableBytes { target in
                guard let source = source.baseAddress, let target = target.baseAddress else { return }
                twin(source, target, input.count, &expectedLosses)
            }
        }
        for place in GuardedBytes.Place.allCases {
            let source = GuardedBytes(count: bytes.count, place: place, contents: bytes)
            let target = GuardedBytes(count: outputBytes, place: place)
            let from = try #require(source.buffer.baseAddress)
            let to = try #require(target.buffer.baseAddress)
            CPULevel.forEachAvailable { level in
                var losses = tm_losses()
                kernel(from, to, input.count, &losses)
                #expect(Array(target.buffer) == Array(expected.prefix(outputBytes)), "\(level)")
                #expect(
                    [losses.low, losses.high, losses.not_finite]
                        == [expectedLosses.low, expectedLosses.high, expectedLosses.notFinite], "\(level)")
            }
        }
    }
}
