/// What to do with a guess or a loss: report it, or refuse.
public enum Strictness: String, Sendable, CaseIterable {
    /// Do the sensible thing and say so in the report. The default.
    case report
    /// Make every guess and every loss an error.
    case strict
}

/// Whose rules decide where rules differ: ours, or those of a version of the wandb SDK.
///
/// It selects axis order, squeezing, value rule, sample rounding, tiling, list JSON and names.
public enum Compatibility: Hashable, Sendable {
    /// The rules of this package's documentation.
    case standard
    /// What that version of the wandb SDK does, bit for bit.
    case wandb(WandbVersion)

    /// Whether the rules of any wandb version are asked for.
    public var isWandb: Bool { self != .standard }
}

/// The generations of the wandb SDK whose results differ.
public enum WandbVersion: String, Sendable, CaseIterable {
    /// Up to 0.19.11: images with negative values are stretched, those up to 1 are multiplied by 255.
    // swift-format-ignore: AlwaysUseLowerCamelCase
    case v0_19 = "0.19"
    /// 0.20.1 to 0.28.x: images within 0…1 and −1…1 are scaled, others are clipped.
    // swift-format-ignore: AlwaysUseLowerCamelCase
    case v0_28 = "0.28"
    /// 0.29 to 0.31: images are cast to 8 bits, nothing is scaled or clipped.
    // swift-format-ignore: AlwaysUseLowerCamelCase
    case v0_31 = "0.31"
}
