import AudioCoding
import CMediaKernels
import TestSupport
import Testing

@Suite("Kernels of resampling agree with their Swift twins at every level of instructions")
struct ResampleKernelTests {
    /// Random numbers, some of them tiny or large, so that the order of sums shows.
    private static func numbers(_ count: Int, _ random: inout SeededGenerator) -> [Float] {
        (0..<count).map { _ in
            random.chance(0.1) ? random.pick([0, -0.0, 1e-30, 1e12, -1e12]) : Float(random.double(-1, 1))
        }
    }

    /// Numbers that end at a forbidden page.
    private static func guarded(_ numbers: [Float]) -> GuardedBytes {
        let bytes = bytes(of: numbers)
        return GuardedBytes(count: bytes.count, place: .beforeGuard, contents: bytes)
    }

    @Test("One row for many windows", arguments: [16, 32, 48, 176, 528])
    func row(taps: Int) throws {
        var random = SeededGenerator(seed: UInt64(taps))
        for (count, step, outputStep) in [
            (0, 1, 1), (1, 5, 3), (2, 1, 2), (3, 147, 1), (4, 0, 1), (5, 2, 7), (18, 3, 2),
        ] {
            let row = Self.numbers(taps, &random)
            let input = Self.guarded(Self.numbers(max(0, count - 1) * step + taps, &random))
            let base = try #require(input.buffer.baseAddress).assumingMemoryBound(to: Float.self)
            var expected = [Float](repeating: 7, count: count * outputStep + 1)
            expected.withUnsafeMutableBufferPointer { output in
                guard let start = output.baseAddress else { return }
                ResamplingKernels.row(
                    row, taps: taps, base, step: step, to: start, outputStep: outputStep, count: count)
            }
            CPULevel.forEachAvailable { level in
                var output = [Float](repeating: 7, count: expected.count)
                tm_resample_row(row, taps, base, step, &output, outputStep, count)
                #expect(firstDifference(bytes(of: output), bytes(of: expected)) == nil, "\(level), \(count) windows")
            }
        }
    }

    @Test("Places between rows", arguments: [(1, 2), (48_000, 44_101), (44_101, 44_100), (7, 1000), (1000, 7)])
    func between(up: Int, down: Int) throws {
        var random = SeededGenerator(seed: UInt64(up))
        for (taps, rows, count) in [(16, 2, 50), (176, 9, 33), (32, 40, 0)] {
            let table = Self.guarded(Self.numbers((rows + 1) * taps, &random))
            let phase = random.below(up)
            let last = (phase + max(0, count - 1) * down) / up
            let input = Self.guarded(Self.numbers(last + taps, &random))
            let base = try #require(input.buffer.baseAddress).assumingMemoryBound(to: Float.self)
            let first = try #require(table.buffer.baseAddress).assumingMemoryBound(to: Float.self)
            var expected = [Float](repeating: 7, count: count * 2 + 1)
            expected.withUnsafeMutableBufferPointer { output in
                guard let start = output.baseAddress else { return }
                ResamplingKernels.between(
                    first, taps: taps, rows: rows, base, phase: phase, up: up, down: down, to: start,
                    outputStep: 2,
                    count: count)
            }
            CPULevel.forEachAvailable { level in
                var output = [Float](repeating: 7, count: expected.count)
                tm_resample_between(
                    first, taps, rows, base, UInt64(phase), UInt64(up), UInt64(down), &output, 2, count)
                #expect(firstDifference(bytes(of: output), bytes(of: expected)) == nil, "\(level), \(taps) taps")
            }
        }
    }
}
