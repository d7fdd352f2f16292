public import MediaCore

/// What could not be drawn, or not as it was meant.
public struct DrawingReport: Sendable, Hashable {
    /// Shapes left out because a coordinate or a width is no number, or beyond 2⁴⁰ pixels, or because a width, a radius, a
    /// dash or a size is negative.
    public internal(set) var invalidShapes = 0
    /// Shapes left out because they are more than can be drawn: paths of more than six million edges.
    public internal(set) var excessiveShapes = 0
    /// Characters that the typeface has no glyph for and that were drawn as boxes: each once, in the order in which they came.
    public internal(set) var missingCharacters: [Unicode.Scalar] = []

    /// Nothing was left out.
    public init() {}

    /// Adds characters without a glyph.
    mutating func note(missing characters: [Unicode.Scalar]) {
        for character in characters where !missingCharacters.contains(character) { missingCharacters.append(character) }
    }

    /// The same for people and programs: warnings of the codes `drawing.shape-invalid`, `drawing.shape-excessive`,
    /// `text.missing-glyphs`.
    public var findings: [Finding] {
        var findings: [Finding] = []
        if invalidShapes > 0 {
            findings.append(
                .warning(
                    .drawingShapeInvalid, "shapes left out for sizes or coordinates that are none: \(invalidShapes)",
                    path: "drawing"))
        }
        if excessiveShapes > 0 {
            findings.append(
                .warning(
                    .drawingShapeExcessive, "shapes left out that have millions of edges: \(excessiveShapes)",
                    path: "drawing", hint: "draw them in parts"))
        }
        if let finding = Self.finding(missing: missingCharacters) { findings.append(finding) }
        return findings
    }

    private static func finding(missing characters: [Unicode.Scalar]) -> Finding? {
        guard !characters.isEmpty else { return nil }
        let shown = characters.prefix(16).map { character in
            let digits = String(character.value, radix: 16, uppercase: true)
            let code = "U+" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
            return character.properties.isWhitespace || character.value < 0xA0 ? code : "\(character) (\(code))"
        }
        let more = characters.count > shown.count ? " and \(characters.count - shown.count) more" : ""
        return .warning(
            .textMissingGlyphs, "the typeface has no \(shown.joined(separator: ", "))\(more)", path: "text",
            hint: "name a font that has them")
    }
}

extension MediaError.Code {
    /// A shape has a coordinate, a width or a size that is none.
    public static let drawingShapeInvalid: Self = "drawing.shape-invalid"
    /// A shape has too many edges.
    public static let drawingShapeExcessive: Self = "drawing.shape-excessive"
    /// A typeface has no shape for some characters of a text.
    public static let textMissingGlyphs: Self = "text.missing-glyphs"
}
