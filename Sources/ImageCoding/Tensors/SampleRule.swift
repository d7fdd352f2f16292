import MediaCore

/// A value mapping made ready for the inner loop: what to do with each number of a row.
enum SampleRule: Sendable, Hashable {
    /// Numbers are samples already, of the width of the output.
    case copy
    /// Zero is 0, everything else the greatest sample.
    case boolean
    /// round(x × scale + offset) in float32, clamped to the output's range.
    case linear32(scale: Float, offset: Float)
    /// round(x × scale + offset) in float64, clamped to the output's range.
    case linear64(scale: Double, offset: Double)
    /// What a wandb version does, number by number.
    case wandb(WandbRule)

    /// The rule that takes `low` to 0 and `high` to `maximum`.
    ///
    /// Scale and offset are computed in float64. They are rounded to float32 when `narrow` is set, unless the offset is so
    /// large that float32 could not hold a sample's fraction beside it: `x × scale + offset` would cancel, and a tensor of
    /// values around a million would come out in steps.
    static func linear(low: Double, high: Double, maximum: Int, narrow: Bool) -> SampleRule {
        // A range without width shows everything at its lower end; the clamp below cannot do it, the division neither.
        guard high != low else { return .linear64(scale: 0, offset: 0) }
        let scale = Double(maximum) / (high - low)
        let offset = low == 0 ? 0 : -low * scale
        if narrow, scale.isFinite, offset.magnitude <= 0x1p16, Float(scale).isNormal {
            return .linear32(scale: Float(scale), offset: Float(offset))
        }
        return .linear64(scale: scale, offset: offset)
    }
}
