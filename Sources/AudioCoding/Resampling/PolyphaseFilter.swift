import ImageCoding

/// A low pass between two rates: a sinc under a Kaiser window, cut into rows, one for each place between two input samples at which
/// an output sample can lie.
///
/// Where a row for each place would take more than a MiB, there are rows at even distances, and the two around a place are
/// interpolated. What that adds is images of the sound around multiples of the rows' own rate, (f / rows)² as strong at
/// frequency f in parts of the rate that comes in: −139 dB at the most, with the rows that there are then.
///
/// Sources: J. F. Kaiser, "Nonrecursive digital filter design using the I0-sinh window function" (1974); R. E. Crochiere and
/// L. R. Rabiner, *Multirate Digital Signal Processing* (1983), chapters 3 and 4.
package struct PolyphaseFilter: Sendable {
    /// Output samples for input samples.
    let ratio: ResamplingRatio
    /// How many input samples an output sample is made of: a multiple of ``lanes``.
    package let taps: Int
    /// How many rows there are, from one input sample to the next.
    package let rows: Int
    /// Whether each place has a row; otherwise there is one more, and places lie between them.
    package let isExact: Bool
    /// The rows, one after the other. The input sample at the place or before it has factor `taps / 2 - 1`.
    package let table: [Float]

    /// How many products are summed side by side.
    static let lanes = 16
    /// The most numbers of a table: a MiB. Rows between which others lie need not be more than these.
    private static let mostNumbers = 1 << 18, mostRows = 2048
    /// Kaiser's rule: decibels beyond 7.95, for each tap and each part of the rate between pass and stop.
    private static let decibels = 14.36, decibelsAtLeast = 7.95

    /// How many taps a step needs.
    static func taps(_ step: ResamplingPlan.Step) -> Int {
        let least = (step.attenuation - decibelsAtLeast) / (decibels * max(1e-9, step.stop - step.pass))
        return (Int(min(least, 1e6).rounded(.up)) + lanes - 1) / lanes * lanes
    }

    /// Whether each place has a row.
    static func isExact(_ step: ResamplingPlan.Step, taps: Int) -> Bool { step.ratio.up <= mostNumbers / taps }

    /// Makes the table.
    init(_ step: ResamplingPlan.Step) {
        ratio = step.ratio
        taps = Self.taps(step)
        isExact = Self.isExact(step, taps: taps)
        rows = isExact ? ratio.up : max(2, min(Self.mostRows, Self.mostNumbers / taps - 1))
        let window = KaiserSinc(
            taps: taps, cutoff: (step.pass + step.stop) / 2,
            attenuation: Self.decibelsAtLeast + Self.decibels * Double(taps) * (step.stop - step.pass))
        var table: [Float] = []
        table.reserveCapacity((rows + (isExact ? 0 : 1)) * taps)
        for row in 0..<rows + (isExact ? 0 : 1) { window.append(place: Double(row) / Double(rows), to: &table) }
        self.table = table
    }
}

/// Rows of a sinc under a Kaiser window.
private struct KaiserSinc {
    private typealias Lanes = SIMD8<Double>

    private let taps: Int
    /// The frequency in the middle of the slope, in parts of the rate.
    private let cutoff: Double
    /// How far input samples are from the one at the place or before it, and sine and cosine of the angle of the sinc there.
    private let distances: [Lanes]
    private let sines: [Lanes]
    private let cosines: [Lanes]
    /// The factors of the series of I0(β √u), by powers of u, highest first.
    private let series: [Double]

    /// - Parameter attenuation: in decibels; what is above 140 is more than floats can show.
    init(taps: Int, cutoff: Double, attenuation: Double) {
        self.taps = taps
        self.cutoff = cutoff
        let all = (0..<taps).map { Double($0 - taps / 2 + 1) }
        func lanes(_ value: (Double) -> Double) -> [Lanes] {
            stride(from: 0, to: taps, by: Lanes.scalarCount).map { start in
                var lanes = Lanes.zero
                for lane in lanes.indices { lanes[lane] = value(all[start + lane]) }
                return lanes
            }
        }
        distances = lanes { $0 }
        sines = lanes { RepeatableMath.sinPi(2 * cutoff * $0) }
        cosines = lanes { RepeatableMath.sinPi(2 * cutoff * $0 + 0.5) }
        let beta = 0.1102 * (min(attenuation, 140) - 8.7)
        var factor = 1.0
        var series = [factor]
        // (β² / 4)ᵏ / k!²: beyond these, β being below 15, nothing is left that a double can hold.
        for k in 1...40 {
            factor *= beta * beta / 4 / Double(k * k)
            series.append(factor)
        }
        self.series = series.reversed()
    }

    /// Adds the row of a place between two input samples, 0…1. Its sum is 1, so that silence around a constant stays silent.
    func append(place: Double, to table: inout [Float]) {
        let sine = RepeatableMath.sinPi(2 * cutoff * place), cosine = RepeatableMath.sinPi(2 * cutoff * place + 0.5)
        let half = Double(taps / 2)
        var row = distances
        var sums = Lanes.zero
        for index in row.indices {
            let distance = distances[index] - place
            let part = distance / half
            let inside = pointwiseMax(1 - part * part, .zero)
            var window = Lanes.zero
            for factor in series { window = window * inside + factor }
            // The angle's sine, by that of the sample and that of the place.
            var sinc = (sines[index] * cosine - cosines[index] * sine) / (Double.pi * distance)
            sinc.replace(with: 2 * cutoff, where: distance .== 0)
            row[index] = sinc * window
            sums += row[index]
        }
        let scale = 1 / sums.sum()
        for lanes in row {
            for lane in lanes.indices { table.append(Float(lanes[lane] * scale)) }
        }
    }
}
