/// What the numbers of a pixel mean and how many bits each has.
///
/// In a band of rows every sample takes one byte, or two in the processor's order when it has 16 bits; samples of 1, 2
/// and 4 bits are not packed, they hold 0…1, 0…3 and 0…15. Packing is the encoder's business.
public struct PixelFormat: Hashable, Sendable {
    /// What the samples of a pixel mean.
    public enum Model: String, Sendable, Hashable, CaseIterable {
        /// One sample: lightness.
        case gray
        /// Two samples: lightness, opacity.
        case grayAlpha
        /// Three samples: red, green, blue.
        case rgb
        /// Four samples: red, green, blue, opacity.
        case rgba
        /// One sample: an index into the source's palette.
        case indexed

        /// How many samples a pixel has.
        public var channels: Int {
            switch self {
            case .gray, .indexed: 1
            case .grayAlpha: 2
            case .rgb: 3
            case .rgba: 4
            }
        }
    }

    /// What the samples mean.
    public let model: Model
    /// How many bits a sample has: 1, 2, 4, 8 or 16 for gray; 1, 2, 4 or 8 for indexed; 8 or 16 for the others.
    public let bits: Int

    private init(_ model: Model, _ bits: Int) {
        self.model = model
        self.bits = bits
    }

    /// The format with this model and depth, if there is one.
    public init?(model: Model, bits: Int) {
        switch model {
        case .gray: guard [1, 2, 4, 8, 16].contains(bits) else { return nil }
        case .indexed: guard [1, 2, 4, 8].contains(bits) else { return nil }
        case .grayAlpha, .rgb, .rgba: guard bits == 8 || bits == 16 else { return nil }
        }
        self.init(model, bits)
    }

    /// Black and white, one bit.
    public static let bilevel = PixelFormat(.gray, 1)
    /// Gray of 2 bits.
    public static let gray2 = PixelFormat(.gray, 2)
    /// Gray of 4 bits.
    public static let gray4 = PixelFormat(.gray, 4)
    /// Gray of 8 bits.
    public static let gray = PixelFormat(.gray, 8)
    /// Gray and opacity of 8 bits.
    public static let grayAlpha = PixelFormat(.grayAlpha, 8)
    /// Red, green, blue of 8 bits.
    public static let rgb = PixelFormat(.rgb, 8)
    /// Red, green, blue, opacity of 8 bits.
    public static let rgba = PixelFormat(.rgba, 8)
    /// Gray of 16 bits.
    public static let gray16 = PixelFormat(.gray, 16)
    /// Gray and opacity of 16 bits.
    public static let grayAlpha16 = PixelFormat(.grayAlpha, 16)
    /// Red, green, blue of 16 bits.
    public static let rgb16 = PixelFormat(.rgb, 16)
    /// Red, green, blue, opacity of 16 bits.
    public static let rgba16 = PixelFormat(.rgba, 16)
    /// Indices of 8 bits into a palette.
    public static let indexed = PixelFormat(.indexed, 8)

    /// How many samples a pixel has.
    public var channels: Int { model.channels }
    /// How many bytes a sample takes in a band: 1, or 2 for 16 bits.
    public var bytesPerSample: Int { bits == 16 ? 2 : 1 }
    /// How many bytes a pixel takes in a band.
    public var bytesPerPixel: Int { channels * bytesPerSample }
    /// The largest sample: 2^bits − 1.
    public var maximum: Int { (1 << bits) - 1 }
    /// Whether the last sample is opacity.
    public var hasAlpha: Bool { model == .grayAlpha || model == .rgba }
}

extension PixelFormat: CustomStringConvertible {
    /// The name used on the command line: `gray`, `rgb16`, `indexed`, `bilevel`.
    public var description: String {
        let name =
            switch model {
            case .gray: bits == 1 ? "bilevel" : "gray"
            case .grayAlpha: "gray-alpha"
            case .rgb: "rgb"
            case .rgba: "rgba"
            case .indexed: "indexed"
            }
        return bits == 8 || self == .bilevel ? name : name + String(bits)
    }
}

/// The colours that indices stand for.
public struct Palette: Hashable, Sendable {
    /// A colour of 8 bits per sample; opacity 255 is opaque.
    public struct Color: Hashable, Sendable {
        /// Red, green, blue, opacity.
        public var red: UInt8, green: UInt8, blue: UInt8, alpha: UInt8

        /// Creates a colour.
        public init(red: UInt8, green: UInt8, blue: UInt8, alpha: UInt8 = 255) {
            self.red = red
            self.green = green
            self.blue = blue
            self.alpha = alpha
        }
    }

    /// 1 to 256 colours.
    public let colors: [Color]

    /// Creates a palette; `nil` unless it has 1 to 256 colours.
    public init?(_ colors: [Color]) {
        guard (1...256).contains(colors.count) else { return nil }
        self.colors = colors
    }

    /// For callers that have 1 to 256 colours for certain.
    init(unchecked colors: [Color]) { self.colors = colors }
}
