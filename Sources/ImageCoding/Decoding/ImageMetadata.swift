/// What a file says about its pixels, besides the pixels.
public struct ImageMetadata: Sendable, Hashable {
    /// One text: `Title`, `Comment`, `Software`, … and what it says.
    public struct Text: Sendable, Hashable {
        /// The keyword; `Comment` for a JPEG's comment.
        public var key: String
        /// The text.
        public var value: String

        /// Creates a text.
        public init(key: String, value: String) {
            self.key = key
            self.value = value
        }
    }

    /// How many pixels there are in a metre, or their shape alone.
    public struct Density: Sendable, Hashable {
        /// Pixels per unit, across.
        public var x: Double
        /// Pixels per unit, down.
        public var y: Double
        /// Whether the unit is a metre; else the two numbers only say the shape of a pixel.
        public var isPerMetre: Bool

        /// Creates a density.
        public init(x: Double, y: Double, isPerMetre: Bool) {
            self.x = x
            self.y = y
            self.isPerMetre = isPerMetre
        }
    }

    /// What the samples mean in terms of light, as far as the file says.
    public enum ColorSpace: Sendable, Hashable {
        /// Nothing is said; take sRGB.
        case unspecified
        /// sRGB, stated by a PNG's `sRGB` chunk.
        case sRGB
        /// The exponent of a PNG's `gAMA` chunk, such as 0.45455.
        case gamma(Double)
        /// The code points of ITU-T H.273 in a PNG's `cICP` chunk.
        case codePoints(primaries: Int, transfer: Int, matrix: Int, isFullRange: Bool)
        /// An ICC profile, which is in ``ImageMetadata/profile``.
        case profile
    }

    /// The texts, in the file's order.
    public var texts: [Text] = []
    /// The bytes of the ICC profile.
    public var profile: [UInt8]?
    /// What the samples mean. A `cICP` chunk goes before a profile, a profile before `sRGB`, `sRGB` before `gAMA`.
    public var colorSpace = ColorSpace.unspecified
    /// EXIF data, from its byte order mark on.
    public var exif: [UInt8]?
    /// How the stored rows and columns lie in the picture, from EXIF.
    public var orientation = ImageOrientation.up
    /// Whether the pixels have been turned as ``orientation`` says.
    public var orientationWasApplied = false
    /// How large a pixel is.
    public var density: Density?

    /// Nothing known.
    public init() {}
}
