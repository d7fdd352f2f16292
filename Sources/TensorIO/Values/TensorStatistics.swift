/// What can be said about a tensor's values after looking at all of them twice.
public struct TensorStatistics: Sendable, Hashable {
    /// Least and greatest finite value, and how many are not finite.
    public var range = TensorRange()
    /// How many elements are NaN.
    public var nanCount = 0
    /// How many elements are positive infinity.
    public var positiveInfinityCount = 0
    /// How many elements are negative infinity.
    public var negativeInfinityCount = 0
    /// The mean of the finite values; `nil` when there are none.
    public var mean: Double?
    /// How many finite values lie in each of the equally wide parts of the range; a value between two parts counts for
    /// the upper one, the greatest for the last. Empty when no value is finite.
    public var histogram: [Int] = []
}

extension Tensor {
    /// Looks at every element twice: for the range, then for the histogram over that range.
    ///
    /// Complexity: O(count), no memory beyond a block of 4096 elements.
    ///
    /// - Parameter bins: how many parts the histogram has; at least 1, at most 65536.
    public func statistics(bins: Int = 16) -> TensorStatistics {
        var statistics = TensorStatistics(range: scanRange())
        guard let low = statistics.range.minimum, let high = statistics.range.maximum else {
            if statistics.range.notFinite > 0 { unsafe inMemoryOrder.count(into: &statistics, low: 0, high: 0) }
            return statistics
        }
        statistics.histogram = [Int](repeating: 0, count: max(1, min(65536, bins)))
        unsafe inMemoryOrder.count(into: &statistics, low: low, high: high)
        return statistics
    }

    @unsafe private func count(into statistics: inout TensorStatistics, low: Double, high: Double) {
        var sum = 0.0
        var finite = 0
        var values = [Double](repeating: 0, count: 4096)
        var counts = statistics.histogram
        let last = counts.count - 1
        // The difference of two doubles may overflow; that of their halves does not.
        let factor = (high - low).isFinite ? 1 : 0.5
        let width = high * factor - low * factor
        unsafe PackedReader(self).forEachBlock(of: values.count) { base, count in
            unsafe elementType.load(base, count: count, into: &values)
            for index in 0..<count {
                let value = values[index]
                guard value.isFinite else {
                    if value.isNaN {
                        statistics.nanCount += 1
                    } else if value > 0 {
                        statistics.positiveInfinityCount += 1
                    } else {
                        statistics.negativeInfinityCount += 1
                    }
                    continue
                }
                // Scaled, so that the sum of the greatest doubles does not overflow.
                sum += value * 0x1p-64
                finite += 1
                guard last >= 0 else { continue }
                let place = width > 0 ? (value * factor - low * factor) / width * Double(last + 1) : 0
                counts[place < Double(last) ? max(0, Int(place)) : last] += 1
            }
            return true
        }
        statistics.histogram = counts
        statistics.mean = finite > 0 ? sum / Double(finite) * 0x1p64 : nil
    }
}

extension ElementType {
    /// Packed elements in native byte order as doubles; `values` has room for them.
    @unsafe func load(_ base: UnsafeRawPointer, count: Int, into values: inout [Double]) {
        let count = min(count, values.count)
        switch self {
        case .uint8: unsafe convert(UInt8.self, base, count, &values) { Double($0) }
        case .uint16: unsafe convert(UInt16.self, base, count, &values) { Double($0) }
        case .float16: unsafe convert(UInt16.self, base, count, &values) { Double(halfToFloat($0)) }
        case .bfloat16:
            unsafe convert(UInt16.self, base, count, &values) { Double(Float(bitPattern: UInt32($0) << 16)) }
        case .float32: unsafe convert(Float.self, base, count, &values) { Double($0) }
        case .float64: unsafe convert(Double.self, base, count, &values) { $0 }
        default: for index in 0..<count { values[index] = unsafe load(base, index) }
        }
    }

    @inline(__always)
    @unsafe private func convert<Value: BitwiseCopyable>(
        _: Value.Type, _ base: UnsafeRawPointer, _ count: Int, _ values: inout [Double], _ body: (Value) -> Double
    ) {
        for index in 0..<count {
            values[index] = body(
                unsafe base.loadUnaligned(fromByteOffset: index &* MemoryLayout<Value>.size, as: Value.self))
        }
    }
}
