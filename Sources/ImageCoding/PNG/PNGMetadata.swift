/// What a PNG says besides its pixels.
public struct PNGMetadata: Sendable, Hashable {
    /// A text with a keyword.
    public struct Text: Sendable, Hashable {
        /// What the text is: `Title`, `Description`, `Software`, or a word of one's own; 1 to 79 bytes of Latin-1.
        public var keyword: String
        /// The text. It is written as `tEXt` when Latin-1 can hold it, else as `iTXt`.
        public var text: String
        /// The language, as in `en-GB`; makes the chunk an `iTXt`.
        public var language = ""
        /// The keyword in that language; makes the chunk an `iTXt`.
        public var translatedKeyword = ""

        /// Creates a text.
        public init(_ keyword: String, _ text: String, language: String = "", translatedKeyword: String = "") {
            self.keyword = keyword
            self.text = text
            self.language = language
            self.translatedKeyword = translatedKeyword
        }
    }

    /// How large a pixel is.
    public struct PhysicalSize: Sendable, Hashable {
        /// Pixels per metre, or, without a unit, the shape of a pixel alone.
        public var horizontal: UInt32, vertical: UInt32
        /// Whether the numbers are per metre.
        public var isPerMetre: Bool

        /// Creates a size from pixels per metre or, without a unit, from a ratio.
        public init(horizontal: UInt32, vertical: UInt32, isPerMetre: Bool = true) {
            self.horizontal = horizontal
            self.vertical = vertical
            self.isPerMetre = isPerMetre
        }

        /// Pixels per inch, rounded to whole pixels per metre; nothing outside 0…10⁸.
        public static func dotsPerInch(_ value: Double) -> PhysicalSize? {
            guard value > 0, value <= 1e8 else { return nil }
            let pixels = UInt32(value / 0.0254 + 0.5)
            return PhysicalSize(horizontal: pixels, vertical: pixels)
        }
    }

    /// What colours the samples stand for.
    public enum ColorSpace: Sendable, Hashable {
        /// Not said: viewers take it as sRGB. The default, and the only right one for label maps and other data.
        case unspecified
        /// sRGB (`sRGB`, with the `gAMA` that the specification recommends beside it).
        case sRGB(RenderingIntent = .perceptual)
        /// A gamma value (`gAMA`: the exponent that encoded the samples, 0.45455 for sRGB) and, with it, the chromaticities
        /// of white and primaries (`cHRM`).
        case gamma(Double, chromaticities: Chromaticities? = nil)
        /// Code points of ITU-T H.273 (`cICP`): primaries and transfer function; 9 and 16 are BT.2020 with PQ.
        case codePoints(primaries: UInt8, transfer: UInt8, isFullRange: Bool = true)
        /// An ICC profile (`iCCP`) under a name of 1 to 79 bytes of Latin-1.
        case profile(name: String, bytes: [UInt8])
    }

    /// What to keep when colours do not fit an output device.
    public enum RenderingIntent: UInt8, Sendable, Hashable, CaseIterable {
        /// The look of photographs.
        case perceptual = 0
        /// Colours inside the device's reach, relative to its white.
        case relativeColorimetric = 1
        /// Saturation, for charts.
        case saturation = 2
        /// Colours as measured.
        case absoluteColorimetric = 3
    }

    /// CIE 1931 x and y of white and of the primaries.
    public struct Chromaticities: Sendable, Hashable {
        /// A point of the diagram.
        public struct Point: Sendable, Hashable {
            /// The coordinates, 0…1.
            public var x: Double, y: Double

            /// Creates a point.
            public init(x: Double, y: Double) {
                self.x = x
                self.y = y
            }
        }

        /// White and the three primaries.
        public var white: Point, red: Point, green: Point, blue: Point

        /// Creates chromaticities.
        public init(white: Point, red: Point, green: Point, blue: Point) {
            self.white = white
            self.red = red
            self.green = green
            self.blue = blue
        }
    }

    /// Texts, in the order in which they are written.
    public var texts: [Text] = []
    /// How large a pixel is, if known.
    public var physicalSize: PhysicalSize?
    /// What colours the samples stand for.
    public var colorSpace = ColorSpace.unspecified

    /// Nothing besides the pixels.
    public init() {}
}
