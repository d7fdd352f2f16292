import ImageCoding

/// What becomes of the opacity of frames.
public enum ClipOpacity: Sendable, Hashable {
    /// The frames are laid over a colour.
    case over(red: UInt8, green: UInt8, blue: UInt8)
    /// Pixels below this opacity of 1…255 are left clear, the others are opaque. For GIF.
    case threshold(UInt8)
    /// It is kept. For APNG, which always does, and for VP9 in webm.
    case kept

    /// The frames are laid over white.
    public static let overWhite = ClipOpacity.over(red: 255, green: 255, blue: 255)

    /// How frames with opacity become such without.
    var conversion: ConversionRule {
        guard case .over(let red, let green, let blue) = self else { return ConversionRule() }
        return ConversionRule(alpha: .compose(over: Palette.Color(red: red, green: green, blue: blue)))
    }
}
