/// Round numbers along an axis.
///
/// Steps are 1, 2, 2.5 or 5 times a power of ten: the smallest that gives no more numbers than there is room for. On a
/// logarithmic axis the numbers are powers of ten, with 2 and 5 times them where there is room, or every second, fifth, …
/// power where there is not; spans of less than a factor of ten are divided evenly. An axis of pitch has those from 100 on,
/// and 0.
public struct AxisTicks: Sendable, Hashable {
    /// One number.
    public struct Tick: Sendable, Hashable {
        /// The number.
        public let value: Double
        /// The number as text, in as few characters as tell it.
        public let label: String
    }

    /// The numbers, from the smallest up. Where no round number fits, the ends; none when an end is not finite.
    public let ticks: [Tick]

    /// Numbers between two others.
    ///
    /// - Parameters:
    ///   - low: one end.
    ///   - high: the other end, which may be the smaller one.
    ///   - scale: how numbers are spread.
    ///   - count: how many numbers there may be; 2 at least.
    public init(from low: Double, to high: Double, scale: AxisScale = .linear, atMost count: Int) {
        guard low.isFinite, high.isFinite else {
            ticks = []
            return
        }
        let (least, most) = (min(low, high), max(low, high))
        let count = min(max(2, count), 1000)
        var found: [Tick] = []
        if scale.spans(least, most) {
            if scale == .mel, most >= 1000, least < 100 {
                // Below 100 Hz the scale is nearly even, and has no room.
                let zero = least == 0 ? [Tick(value: 0, label: "0")] : []
                found = zero + Self.powers(100, most, count - zero.count)
            } else if scale == .logarithmic || scale == .reciprocal, most / least >= 10 {
                found = Self.powers(least, most, count)
            } else {
                found = Self.even(least, most, count)
            }
        }
        if found.isEmpty {
            found = [least, most].map { Tick(value: $0, label: DecimalText.of($0)) }
            if least == most { found.removeLast() }
        }
        ticks = found
    }

    /// Multiples of a round step.
    private static func even(_ low: Double, _ high: Double, _ count: Int) -> [Tick] {
        let least = (high - low) / Double(count)
        guard least > 0, least.isFinite else { return [] }
        let power = DecimalText.power(of: least) - 1
        for factor in [10, 20, 25, 50, 100, 200, 250] {
            let step = DecimalText.value(factor, exponent: power)
            guard step > 0, step.isFinite else { continue }
            // An end that is a multiple but for its last bits is one.
            let first = (low / step - 1e-9).rounded(.up), last = (high / step + 1e-9).rounded(.down)
            guard first.magnitude < 1e15, last.magnitude < 1e15 else { return [] }
            guard last - first < Double(count), first < last else { continue }
            return (Int(first)...Int(last)).map { place in
                Tick(
                    value: DecimalText.value(place * factor, exponent: power),
                    label: DecimalText.of(place * factor, exponent: power))
            }
        }
        return []
    }

    /// Powers of ten, with more or fewer of their multiples.
    private static func powers(_ low: Double, _ high: Double, _ count: Int) -> [Tick] {
        let first = DecimalText.power(of: low), last = DecimalText.power(of: high)
        for (factors, every) in [([1, 2, 5], 1), ([1, 3], 1), ([1], 1), ([1], 2), ([1], 5), ([1], 10), ([1], 50)] {
            var ticks: [Tick] = []
            for power in first...last where power % every == 0 {
                for factor in factors {
                    let value = DecimalText.value(factor, exponent: power)
                    guard value >= low, value <= high else { continue }
                    ticks.append(Tick(value: value, label: DecimalText.of(factor, exponent: power)))
                }
            }
            if ticks.count <= count { return ticks.count > 1 ? ticks : [] }
        }
        return []
    }
}
