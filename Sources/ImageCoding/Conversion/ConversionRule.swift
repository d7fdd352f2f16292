/// How a picture gets another pixel format where there is more than one way.
public struct ConversionRule: Sendable, Hashable {
    /// What becomes of opacity that the new format cannot hold.
    public enum Alpha: Sendable, Hashable {
        /// It is left out; the colours stay as they are, also where nothing can be seen of them. What Pillow does.
        case drop
        /// The picture is laid over an opaque colour: `(c·a + b·(max − a)) / max`, rounded to nearest, on the samples as
        /// they are (not in linear light). The opacity of the colour is not looked at.
        case compose(over: Palette.Color)
    }

    /// How gray becomes black and white.
    public enum Bilevel: Sendable, Hashable {
        /// Floyd–Steinberg error diffusion with the integer arithmetic of Pillow's `convert("1")`, equal to it to the pixel.
        case floydSteinberg
        /// White from this gray level of 0…255 on.
        case threshold(Int)
    }

    /// What happens to a sample when its number of bits changes.
    public enum Depth: Sendable, Hashable {
        /// It keeps its meaning, so that white stays white: 8 to 16 bits is `v·257`, 16 to 8 bits is `v/257` rounded to
        /// nearest, fewer bits likewise.
        case scaled
        /// It keeps its number; more than the new format can hold becomes the largest sample. What Pillow does for mode `I`.
        case unchanged
    }

    /// How colours become indices.
    public enum Colors: Sendable, Hashable {
        /// They do not: that is an error.
        case refuse
        /// The 216 colours of the web palette, with error diffusion: RGB becomes what Pillow's `convert("P")` makes of it, to
        /// the pixel. Opacity is left out.
        case webPalette
    }

    /// What becomes of opacity that the new format cannot hold.
    public var alpha: Alpha
    /// How gray becomes black and white.
    public var bilevel: Bilevel
    /// What happens when the number of bits changes.
    public var depth: Depth
    /// How colours become indices.
    public var colors: Colors

    /// Creates a rule.
    public init(
        alpha: Alpha = .drop, bilevel: Bilevel = .floydSteinberg, depth: Depth = .scaled, colors: Colors = .refuse
    ) {
        self.alpha = alpha
        self.bilevel = bilevel
        self.depth = depth
        self.colors = colors
    }
}
