/// Shapes of characters.
///
/// All lengths are in units of the em: multiplied with the size of the text they are pixels. The origin of a glyph is on
/// the baseline at its left; y grows downwards, so that what stands on the baseline has negative y.
public protocol Typeface: Sendable {
    /// From the baseline to the top of what is tall, accents included: a positive number.
    var ascent: Double { get }
    /// From the baseline to the bottom of what hangs below it: a positive number.
    var descent: Double { get }
    /// From the baseline to the top of `H`.
    var capHeight: Double { get }
    /// From one baseline to the next.
    var lineHeight: Double { get }

    /// The same typeface with thicker strokes; `nil` when nobody has drawn it.
    var bold: (any Typeface)? { get }

    /// The shape of a character; `nil` when the typeface has none.
    func glyph(for character: Unicode.Scalar) -> Glyph?

    /// The shape of a letter with marks (U+0300–036F) that follow it in the text, as one glyph; `nil` when there is none.
    ///
    /// Whoever lays out text asks for a letter and all marks behind it, so that decomposed text looks like composed text.
    func glyph(for base: Unicode.Scalar, marks: [Unicode.Scalar]) -> Glyph?

    /// How much closer (negative) or farther two neighbours stand than their widths say.
    func kerning(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> Double
}

extension Typeface {
    /// Nobody has drawn it.
    public var bold: (any Typeface)? { nil }

    /// The glyph of the one character that Unicode has for a letter with these marks; `nil` when there is none.
    public func glyph(for base: Unicode.Scalar, marks: [Unicode.Scalar]) -> Glyph? {
        Composition.shared.letter(base, with: marks).flatMap(glyph(for:))
    }

    /// Everything stands as its width says.
    public func kerning(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> Double { 0 }
}

/// The shape of one character, in units of the em.
public struct Glyph: Sendable, Hashable {
    /// How a glyph is painted.
    public enum Shape: Sendable, Hashable {
        /// The area inside outlines (non-zero winding).
        case outline(Path)
        /// Lines drawn with a round pen; its width is in ems.
        case strokes(Path, pen: Double)
    }

    /// How far the next character stands to the right.
    public var advance: Double
    /// What is painted; an empty path for spaces.
    public var shape: Shape

    /// Creates a glyph.
    public init(advance: Double, shape: Shape) {
        self.advance = advance
        self.shape = shape
    }
}
