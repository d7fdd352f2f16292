import TensorIO

/// Percentiles of a tensor's finite values.
enum Percentiles {
    /// The values below which given parts of the finite numbers lie, linear between neighbours as `numpy.percentile` does.
    ///
    /// - Parameters:
    ///   - tensor: any tensor; its finite values are copied once, as float64.
    ///   - points: percentiles, 0…100.
    /// - Returns: a value per point, or `nil` when no value is finite.
    static func of(_ tensor: Tensor, at points: [Double]) -> [Double]? {
        var values = finiteValues(of: tensor)
        guard !values.isEmpty else { return nil }
        return points.map { point in
            let place = point / 100 * Double(values.count - 1)
            let below = Int(place)
            let low = select(below, from: &values)
            guard below + 1 < values.count else { return low }
            let high = select(below + 1, from: &values)
            return low + (high - low) * (place - Double(below))
        }
    }

    private static func finiteValues(of tensor: Tensor) -> [Double] {
        var values: [Double] = []
        values.reserveCapacity(tensor.count)
        tensor.forEachValue { if $0.isFinite { values.append($0) } }
        return values
    }

    /// The value that would stand at `index` if `values` were sorted (Hoare's selection; the order of `values` changes).
    private static func select(_ index: Int, from values: inout [Double]) -> Double {
        var low = 0
        var high = values.count - 1
        while low < high {
            let middle = low + (high - low) / 2
            let pivot = max(min(values[low], values[middle]), min(max(values[low], values[middle]), values[high]))
            var i = low
            var j = high
            while i <= j {
                while values[i] < pivot { i += 1 }
                while values[j] > pivot { j -= 1 }
                if i <= j {
                    values.swapAt(i, j)
                    i += 1
                    j -= 1
                }
            }
            if index <= j { high = j } else if index >= i { low = i } else { return values[index] }
        }
        return values[index]
    }
}
