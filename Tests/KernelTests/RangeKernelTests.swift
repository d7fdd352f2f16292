import CMediaKernels
import MediaCore
import TestSupport
import Testing

@testable import TensorIO

@Suite("The range kernel agrees with its Swift twin at every level of instructions")
struct RangeKernelTests {
    @Test("extremes of float32, at any length and address")
    func float32() throws {
        let edges: [Float] = [
            0, -0.0, 1, -1, .leastNonzeroMagnitude, -.leastNonzeroMagnitude, .greatestFiniteMagnitude,
            -.greatestFiniteMagnitude, .infinity, -.infinity, .nan, -Float.nan,
        ]
        for count in Array(0...70) + [1000, 4097] {
            var random = SeededGenerator(seed: UInt64(count))
            let numbers = (0..<count).map { _ in
                random.chance(0.2) ? random.pick(edges) : Float(random.double(-100, 100))
            }
            let sorted = numbers.map(key).sorted()
            for start in [(Int32.max, Int32.min), (Int32(-5), Int32(5))] {
                let expected = (min(start.0, sorted.first ?? .max), max(start.1, sorted.last ?? .min))
                CPULevel.forEachAvailable { level in
                    // At an odd address, with nothing of the array behind it.
                    let bytes = [0] + numbers.withUnsafeBytes { Array($0) }
                    var (low, high) = start
                    let isThere = bytes.withUnsafeBytes { tm_range_f32($0.baseAddress! + 1, count, &low, &high) }
                    #expect((isThere != 0) == (level == .avx2 || level == .avx512))
                    if isThere != 0 { #expect((low, high) == expected, "\(level), \(count) numbers") }
                }
            }
            let tensor = try Tensor(numbers, shape: [count])
            CPULevel.forEachAvailable { level in
                let finite = numbers.filter(\.isFinite)
                let range = tensor.scanRange()
                #expect(range.minimum == finite.min().map(Double.init), "\(level), \(count) numbers")
                #expect(range.maximum == finite.max().map(Double.init), "\(level), \(count) numbers")
                #expect(range.notFinite == count - finite.count)
            }
        }
    }

    /// The order of the bits, said in another way: negative numbers count down from −1.
    private func key(_ number: Float) -> Int32 {
        let magnitude = Int64(number.bitPattern & 0x7FFF_FFFF)
        return Int32(number.sign == .minus ? -1 - magnitude : magnitude)
    }
}
