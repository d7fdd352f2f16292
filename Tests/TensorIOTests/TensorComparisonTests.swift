import MediaCore
import TensorIO
import TestSupport
import Testing

@Suite("Comparing tensors")
struct TensorComparisonTests {
    @Test("Differences, the worst of both kinds, and where") func floats() throws {
        let one = try Tensor([1, 2, 3, 100] as [Float], shape: [2, 2])
        let two = try Tensor([1, 2.5, 3, 96] as [Double], shape: [2, 2])
        let comparison = try TensorComparison(one, two)
        #expect(comparison.count == 4)
        #expect(comparison.differing == 2)
        #expect(comparison.largestDifference == 4)
        #expect(comparison.worst?.index == [1, 1])
        #expect(comparison.worst?.first == 100 && comparison.worst?.second == 96)
        #expect(comparison.largestRelativeDifference == 0.2)
        #expect(comparison.relativeWorst?.index == [0, 1])
        #expect(comparison.meanDifference == 1.125)
    }

    @Test("NaN equals NaN, infinity infinity; the rest of what is not finite is counted apart") func notFinite() throws
    {
        let one = try Tensor([.nan, .infinity, .nan, -.infinity, 5] as [Float], shape: [5])
        let two = try Tensor([.nan, .infinity, 1, .infinity, 5] as [Float], shape: [5])
        let comparison = try TensorComparison(one, two)
        #expect(comparison.differing == 2)
        #expect(comparison.notFiniteDifferences == 2)
        #expect(comparison.firstNotFiniteDifference?.index == [2])
        #expect(comparison.largestDifference == 0)
        #expect(comparison.firstNaN == 2 && comparison.secondNaN == 1)
        #expect(try TensorComparison(one, one).isIdentical)
    }

    @Test("Whole numbers of 64 bits that float64 cannot tell apart differ") func wide() throws {
        let big: Int64 = 1 << 62
        let one = try Tensor([big, -big, 7], shape: [3])
        let two = try Tensor([big + 1, -big - 3, 7], shape: [3])
        let comparison = try TensorComparison(one, two)
        #expect(comparison.differing == 2)
        #expect(comparison.largestDifference == 3)
        #expect(comparison.worst?.index == [1])
        let unsigned = try Tensor([UInt64.max, 0], shape: [2])
        #expect(try TensorComparison(unsigned, try Tensor([UInt64.max - 1, 0], shape: [2])).largestDifference == 1)
    }

    @Test("Strides and byte order do not matter, shapes do; empty tensors are identical") func forms() throws {
        let numbers = (0..<9000).map { Int32($0) }
        let one = try Tensor(numbers, shape: [90, 100])
        let columns: [Int32] = (0..<9000).map { place in Int32(place % 90 * 100 + place / 90) }
        let two = try Tensor(columns, shape: [100, 90]).transposed([1, 0])
        #expect(try TensorComparison(one, two).isIdentical)
        #expect(throws: MediaError.self) { try TensorComparison(one, try two.transposed([1, 0])) }
        let empty = try Tensor([] as [Float], shape: [0, 3])
        let comparison = try TensorComparison(empty, empty)
        #expect(comparison.isIdentical && comparison.count == 0 && comparison.meanDifference == 0)
    }
}
