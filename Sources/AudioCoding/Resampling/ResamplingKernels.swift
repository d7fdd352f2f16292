/// The Swift twins of the kernels in CMediaKernels/resample.h: the same sums and products, bit for bit.
///
/// The tests compare every level of instructions against them.
package enum ResamplingKernels {
    private typealias Lanes = SIMD16<Float>

    /// Sums of products of a row with windows of `input`, `step` apart; see `tm_resample_row`.
    ///
    /// - Parameter taps: a multiple of 16.
    @unsafe package static func row(
        _ row: UnsafePointer<Float>, taps: Int, _ input: UnsafePointer<Float>, step: Int,
        to output: UnsafeMutablePointer<Float>, outputStep: Int, count: Int
    ) {
        for k in 0..<count { unsafe output[k &* outputStep] = sum(row, input + k &* step, taps) }
    }

    /// The same between the rows of a table; see `tm_resample_between`.
    @unsafe package static func between(
        _ table: UnsafePointer<Float>, taps: Int, rows: Int, _ input: UnsafePointer<Float>, phase: Int, up: Int,
        down: Int, to output: UnsafeMutablePointer<Float>, outputStep: Int, count: Int
    ) {
        let scale = Double(rows) / Double(up)
        for k in 0..<count {
            let (place, rest) = (phase &+ k &* down).quotientAndRemainder(dividingBy: up)
            let position = Double(rest) * scale
            let index = min(Int(position), rows &- 1)
            let fraction = Float(position - Double(index))
            let row = unsafe table + index &* taps
            let value = unsafe sum(row, input + place, taps)
            unsafe output[k &* outputStep] = value + fraction * (sum(row + taps, input + place, taps) - value)
        }
    }

    /// Product j belongs to lane j mod 16; lanes are folded by halves.
    @unsafe private static func sum(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ count: Int) -> Float {
        var lanes = Lanes.zero
        for j in stride(from: 0, to: count, by: Lanes.scalarCount) {
            let x = unsafe UnsafeRawPointer(a + j).loadUnaligned(as: Lanes.self)
            let y = unsafe UnsafeRawPointer(b + j).loadUnaligned(as: Lanes.self)
            lanes += x * y
        }
        let half = lanes.lowHalf + lanes.highHalf
        let quarter = half.lowHalf + half.highHalf
        return (quarter[0] + quarter[2]) + (quarter[1] + quarter[3])
    }
}
