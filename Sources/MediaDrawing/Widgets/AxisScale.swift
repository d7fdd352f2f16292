import ImageCoding

/// How numbers are spread along an axis or a bar.
public enum AxisScale: String, Sendable, CaseIterable {
    /// Evenly.
    case linear
    /// By their logarithm; for positive numbers.
    case logarithmic
    /// By one over them; for positive numbers, as inverse depth.
    case reciprocal
    /// By the logarithm of 1 + a 700th of them; for hertz, as pitch is heard.
    case mel

    /// Where a number is between two others: 0 at `low`, 1 at `high`, which may be the smaller one; `nil` where that has no
    /// meaning.
    public func position(of value: Double, from low: Double, to high: Double) -> Double? {
        let a = code(low), b = code(high), c = code(value)
        let span = b - a
        guard span.isFinite, span != 0, c.isFinite else { return nil }
        return (c - a) / span
    }

    /// Whether an axis can go from one number to the other.
    func spans(_ low: Double, _ high: Double) -> Bool {
        let span = code(high) - code(low)
        return span.isFinite && span != 0
    }

    private func code(_ value: Double) -> Double {
        switch self {
        case .linear: value
        case .logarithmic: RepeatableMath.log(value)
        case .reciprocal: value > 0 ? 1 / value : .nan
        case .mel: RepeatableMath.log(1 + value / 700)
        }
    }
}
