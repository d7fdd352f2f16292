/// The typeface that is part of the library: a sans of even strokes with round ends, drawn for labels and figures.
///
/// It has Latin with every letter of Latin-1, Latin Extended-A and Additional (so those of Vietnamese, Romanian and Pinyin
/// too), Greek, the combining marks U+0300–036F, punctuation, currencies, figures that all have one width, superscripts,
/// fractions, arrows, mathematics, box drawing and block elements, and some shapes. Other scripts need a font file:
/// ``FreeTypeTypeface``.
///
/// Skeletons are text in the source (`GlyphParser` describes it); a round pen makes a weight of them.
public struct VectorTypeface: Typeface {
    /// How thick the strokes are.
    public enum Weight: String, Sendable, Hashable, CaseIterable {
        /// For text.
        case regular
        /// For titles, and for text on busy pictures.
        case bold
    }

    /// How thick the strokes are.
    public let weight: Weight
    private let pen: GlyphPen
    private let glyphs: [Unicode.Scalar: Glyph]

    /// The regular weight.
    public static let embedded = VectorTypeface(.regular)
    /// The bold weight.
    public static let embeddedBold = VectorTypeface(.bold)

    /// The embedded typeface in a weight.
    public static func embedded(_ weight: Weight) -> VectorTypeface { weight == .bold ? embeddedBold : embedded }

    private init(_ weight: Weight) {
        let table = GlyphTable.shared
        let pen: GlyphPen = weight == .bold ? .bold : .regular
        var glyphs = BoxGlyphs.all
        for (scalar, skeleton) in table.skeletons { glyphs[scalar] = pen.draw(skeleton) }
        for scalar in table.composition.scalars where glyphs[scalar] == nil {
            glyphs[scalar] = MarkPlacement.skeleton(scalar, marks: [], in: table).map(pen.draw)
        }
        for (scalar, width) in SpaceWidths.all {
            glyphs[scalar] = Glyph(advance: width / 1000 * pen.widening, shape: .outline(Path()))
        }
        self.weight = weight
        self.pen = pen
        self.glyphs = glyphs
    }

    /// From the baseline to the top of a capital with a ring; letters with two marks can be a little higher.
    public var ascent: Double { BoxGlyphs.top }
    /// From the baseline to the bottom of what hangs below it.
    public var descent: Double { -BoxGlyphs.bottom }
    /// From the baseline to the top of `H`, the same in both weights.
    public var capHeight: Double { GlyphPen.capHeight / 1000 }
    /// Ascent and descent: lines of box drawing join.
    public var lineHeight: Double { ascent + descent }

    /// The bold weight; itself when it is that.
    public var bold: (any Typeface)? { weight == .bold ? self : Self.embeddedBold }

    /// Every character that the typeface has, in the order of their numbers.
    public var characters: [Unicode.Scalar] { glyphs.keys.sorted() }

    /// The shape of a character; `nil` when the typeface has none.
    public func glyph(for character: Unicode.Scalar) -> Glyph? { glyphs[character] }

    /// A letter with the marks that follow it: the same glyph as the letter that Unicode has for both, where there is one.
    public func glyph(for base: Unicode.Scalar, marks: [Unicode.Scalar]) -> Glyph? {
        // Text of thousands of marks on a letter is an attack or a joke; people write three.
        let visible = marks.filter { $0 != "\u{34F}" }
        guard visible.count <= 8 else { return nil }
        if visible.isEmpty { return glyph(for: base) }
        return MarkPlacement.skeleton(base, marks: visible, in: .shared).map(pen.draw)
    }

    /// How much closer two neighbours stand than their widths say; letters with marks as their bases. Figures never move.
    public func kerning(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> Double {
        let composition = Composition.shared
        let distance = Kerning.shared.distance(composition.base(of: first), composition.base(of: second))
        return distance / 1000 * pen.widening
    }
}
