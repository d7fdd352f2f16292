/// What becomes of opacity in a format that has none.
public enum OpacityRule: Sendable, Hashable {
    /// A picture with opacity is an error.
    case refuse
    /// The colours are taken as they are, opacity is dropped: what Pillow and wandb do.
    case drop
    /// The picture is laid over a colour.
    case over(red: UInt8, green: UInt8, blue: UInt8)

    /// The picture is laid over white.
    public static let overWhite = OpacityRule.over(red: 255, green: 255, blue: 255)
}
