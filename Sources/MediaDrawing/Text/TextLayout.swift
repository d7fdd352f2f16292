/// Text with a place for each letter: measured, broken into lines, cut off.
///
/// Lines end at line breaks and, where a width is given, at the last blank before it, between ideographs, or inside of a word
/// that is wider than a line. Text runs from left to right; scripts that join letters or run the other way are not shaped.
public struct TextLayout: Sendable {
    /// A letter and its place.
    struct PlacedGlyph: Sendable {
        let glyph: Glyph
        /// How far its origin is from the beginning of the line, in pixels.
        let x: Double
    }

    /// One line.
    struct Line: Sendable {
        var glyphs: [PlacedGlyph] = []
        /// Where the last letter ends.
        var width = 0.0
    }

    /// How the text looks.
    public let style: TextStyle
    /// How wide the longest line is, in pixels.
    public let width: Double
    /// From the top of the first line to its baseline, in pixels.
    public let ascent: Double
    /// From the last baseline to the bottom, in pixels.
    public let descent: Double
    /// From one baseline to the next, in whole pixels.
    public let lineHeight: Double
    /// From a baseline to the top of `H`, in pixels.
    public let capHeight: Double
    /// The characters that the typeface has no glyph for, each once, in the order in which they come.
    public let missingCharacters: [Unicode.Scalar]
    /// Whether text was cut off.
    public let isTruncated: Bool

    let lines: [Line]

    /// Lays text out.
    ///
    /// - Parameters:
    ///   - text: any text. Control characters but line breaks and tabs are left out.
    ///   - style: how it looks.
    ///   - maxWidth: how wide a line may be, in pixels; `nil` breaks at line breaks only.
    ///   - maxLines: how many lines there may be; what goes beyond is cut off, with `…` at the end. `nil` for any number.
    public init(_ text: String, style: TextStyle, maxWidth: Double? = nil, maxLines: Int? = nil) {
        let breaker = LineBreaker(style: style, maxWidth: maxWidth ?? .infinity, maxLines: max(1, maxLines ?? .max))
        let broken = breaker.lines(of: text)
        self.style = style
        lines = broken.lines
        missingCharacters = broken.missing
        isTruncated = broken.isTruncated
        let size = style.canDraw ? style.size : 0
        width = lines.reduce(0) { max($0, $1.width) }
        ascent = (style.face.ascent * size).rounded(.up)
        descent = (style.face.descent * size).rounded(.up)
        lineHeight = (style.face.lineHeight * size).rounded(.up)
        capHeight = style.face.capHeight * size
    }

    /// How many lines there are; at least 1.
    public var lineCount: Int { lines.count }
    /// From the top of the first line to the bottom of the last, in pixels.
    public var height: Double { ascent + descent + Double(lines.count - 1) * lineHeight }

    /// How far to the right a line begins.
    func indent(of line: Line) -> Double {
        switch style.alignment {
        case .left: 0
        case .center: (width - line.width) / 2
        case .right: width - line.width
        }
    }
}
