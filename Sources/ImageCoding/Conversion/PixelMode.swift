public import MediaCore

/// A pixel format by name, as `pixelFormat:`, `--mode` and wandb's `mode=` take it.
///
/// Our names are those of ``PixelFormat/description``: `bilevel gray gray-alpha rgb rgba gray16 gray-alpha16 rgb16 rgba16
/// indexed`, and `gray2 gray4 indexed1 indexed2 indexed4`. Those of the Python imaging library are taken too:
/// `1 L LA RGB RGBA P I;16 I;16B I`.
public struct PixelMode: Sendable, Hashable {
    /// The name, as it is known here.
    public let name: String
    /// The format it stands for.
    public let format: PixelFormat
    /// Whether samples keep their number when they get more bits, as in the library's mode `I`: 255 stays 255 in 16 bits.
    public let keepsNumbers: Bool

    /// The mode of this name. Names are matched exactly, except that our own may be written in capitals.
    ///
    /// - Throws: `format.unsupported` for modes of the Python imaging library that no file written here can hold (`CMYK`,
    ///   `YCbCr`, `F`, …); `argument.invalid` for unknown names. Both list the names.
    public init(_ name: String) throws(MediaError) {
        let hint = "choose one of " + PixelMode.names.joined(separator: ", ")
        if PixelMode.unwritable.contains(name) {
            throw MediaError(
                .unsupported, "pixels of mode \(name) cannot be written", hint: hint, at: .init(field: "mode"))
        }
        if let mode = PixelMode.library.first(where: { $0.name == name }) ?? PixelMode.named(name) {
            self = mode
            return
        }
        throw MediaError(
            .argumentInvalid, "there is no pixel format \"\(name)\"", hint: hint, at: .init(field: "mode"))
    }

    /// The rule that goes with the mode: Pillow's own, so that the result is equal to its `convert(mode)` to the pixel.
    public var rule: ConversionRule {
        ConversionRule(
            alpha: .drop, bilevel: .floydSteinberg, depth: keepsNumbers ? .unchanged : .scaled,
            colors: name == "P" ? .webPalette : .refuse)
    }

    /// Every name that is understood, ours first.
    public static var names: [String] { own.map(\.description) + library.map(\.name) }

    private init(name: String, format: PixelFormat, keepsNumbers: Bool = false) {
        self.name = name
        self.format = format
        self.keepsNumbers = keepsNumbers
    }

    private static func named(_ name: String) -> PixelMode? {
        own.first { $0.description == name.lowercased() }.map { PixelMode(name: $0.description, format: $0) }
    }

    private static let own: [PixelFormat] =
        [
            .bilevel, .gray, .grayAlpha, .rgb, .rgba, .gray16, .grayAlpha16, .rgb16, .rgba16, .indexed, .gray2, .gray4,
        ] + [1, 2, 4].compactMap { PixelFormat(model: .indexed, bits: $0) }

    private static let library: [PixelMode] = [
        PixelMode(name: "1", format: .bilevel), PixelMode(name: "L", format: .gray),
        PixelMode(name: "LA", format: .grayAlpha), PixelMode(name: "RGB", format: .rgb),
        PixelMode(name: "RGBA", format: .rgba), PixelMode(name: "P", format: .indexed),
        PixelMode(name: "I;16", format: .gray16, keepsNumbers: true),
        PixelMode(name: "I;16B", format: .gray16, keepsNumbers: true),
        PixelMode(name: "I", format: .gray16, keepsNumbers: true),
    ]

    /// Modes that the library knows and PNG cannot hold.
    private static let unwritable: Set<String> = [
        "CMYK", "YCbCr", "LAB", "HSV", "F", "RGBX", "RGBa", "La", "PA",
    ]
}
