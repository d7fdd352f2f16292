import TensorIO
import Testing

@Suite("Statistics of a tensor")
struct TensorStatisticsTests {
    @Test("values are counted in equal parts of the range, the others apart")
    func histogram() throws {
        let values: [Float] = [0, 1, 2, 3, 4, 4, 4, .nan, .infinity, -.infinity, .nan]
        let statistics = try Tensor(values, shape: [11]).statistics(bins: 4)
        #expect(statistics.histogram == [1, 1, 1, 4])
        #expect(statistics.nanCount == 2)
        #expect(statistics.positiveInfinityCount == 1)
        #expect(statistics.negativeInfinityCount == 1)
        #expect(statistics.mean == 18.0 / 7)
        #expect(statistics.range.firstNotFinite == [7])
    }

    @Test("ranges without width, wider than a double and subnormal ones do no harm")
    func extremes() throws {
        let huge = try Tensor([-Double.greatestFiniteMagnitude, .greatestFiniteMagnitude, 0], shape: [3])
        #expect(huge.statistics(bins: 2).histogram == [1, 2])
        #expect(huge.statistics().mean == 0)
        #expect(
            try Tensor([Float](repeating: 3, count: 10), shape: [10]).statistics(bins: 3).histogram.reduce(0, +) == 10)
        let tiny = try Tensor([Double.leastNonzeroMagnitude, 0], shape: [2]).statistics(bins: 2)
        #expect(tiny.histogram.reduce(0, +) == 2)
        let nothing = try Tensor([Float.nan], shape: [1]).statistics()
        #expect(nothing.histogram.isEmpty && nothing.mean == nil && nothing.nanCount == 1)
    }

    @Test("integers and strided views count the same as packed floats")
    func views() throws {
        let values = (0..<6000).map { UInt16($0 * 37 % 1000) }
        let plain = try Tensor(values.map(Double.init), shape: [60, 100]).statistics()
        let view = try Tensor(values, shape: [60, 100]).transposed([1, 0])
        #expect(view.statistics() == plain)
    }
}
