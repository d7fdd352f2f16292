/// Every skeleton of the embedded typeface.
struct GlyphTable: Sendable {
    let skeletons: [Unicode.Scalar: GlyphSkeleton]
    let composition: Composition
    /// Lines of the tables that could not be read: none, as tests say.
    let malformed: [String]

    /// Read once, when it is first needed.
    static let shared = GlyphTable()

    private init() {
        (skeletons, malformed) = GlyphParser.parse([
            LatinGlyphs.capitals, LatinGlyphs.small, LatinGlyphs.figures, LatinGlyphs.signs,
            ExtendedLatinGlyphs.letters,
            MarkGlyphs.marks, GreekGlyphs.capitals, GreekGlyphs.small, SymbolGlyphs.punctuation, SymbolGlyphs.currency,
            SymbolGlyphs.numbers, SymbolGlyphs.arrows, MathGlyphs.mathematics, MathGlyphs.shapes,
        ])
        composition = .shared
    }
}
