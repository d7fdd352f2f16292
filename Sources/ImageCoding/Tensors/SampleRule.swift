import MediaCore

/// A value mapping made ready for the inner loop: what to do with each number of a row.
enum SampleRule: Sendable, Hashable {
    /// Numbers are samples already, of the width of the output.
    case copy
    /// Zero is 0, everything else the greatest sample.
    case boolean
    /// round(x × scale + offset) in float32, clamped to the output's range.
    case linear32(SampleKernels.Linear<Float>)
    /// round(x × scale + offset) in float64, clamped to the output's range.
    case linear64(SampleKernels.Linear<Double>)
    /// What a wandb version does, number by number.
    case wandb(WandbRule)

    /// The rule that takes `low` to 0 and `high` to `maximum`.
    ///
    /// Scale and offset are computed in float64. They are rounded to float32 when `narrow` is set, unless the offset is so
    /// large that float32 could not hold a sample's fraction beside it: `x × scale + offset` would cancel, and a tensor of
    /// values around a million would come out in steps.
    static func linear(low: Double, high: Double, maximum: Int, narrow: Bool) -> SampleRule {
        let least = min(low, high)
        let greatest = max(low, high)
        // The difference of two doubles may overflow; that of their halves does not.
        let width = high - low
        let scale =
            width.isFinite ? Double(maximum) / width : Double(maximum) / 2 / (high / 2 - low / 2)
        // A range without width shows everything at its lower end. One so narrow that its scale is no number has none either.
        guard width != 0, scale.isFinite else {
            return .linear64(.init(scale: 0, offset: 0, least: least, greatest: greatest))
        }
        let offset = low == 0 ? 0 : -low * scale
        if narrow, offset.magnitude <= 0x1p16, Float(scale).isNormal {
            return .linear32(
                .init(
                    scale: Float(scale), offset: Float(offset), least: least.roundedUpToFloat,
                    greatest: -(-greatest).roundedUpToFloat))
        }
        return .linear64(.init(scale: scale, offset: offset, least: least, greatest: greatest))
    }
}

extension Double {
    /// The least float32 that is not below: compared with a float32, it gives the same answer as the number itself.
    fileprivate var roundedUpToFloat: Float {
        let nearest = Float(self)
        return Double(nearest) < self ? nearest.nextUp : nearest
    }
}
