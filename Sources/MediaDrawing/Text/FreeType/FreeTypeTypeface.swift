import CFreeTypeLoader
public import MediaCore
import Synchronization

/// A typeface of a font file: for scripts that the embedded one does not have.
///
///     let japanese = try FreeTypeTypeface(contentsOf: "/usr/share/fonts/opentype/ipafont-gothic/ipag.ttf")
///
/// TrueType, OpenType, collections of them and Type 1 are read, by FreeType, which is opened at first use. Outlines are drawn
/// as the font has them, without hints. Several threads may use one typeface.
public final class FreeTypeTypeface: Typeface, @unchecked Sendable {
    // Unchecked: a face is no Sendable value, and is touched behind the lock only.
    private let state: Mutex<State>
    /// What the font calls its family; empty when it does not say.
    public let familyName: String
    /// From the baseline to the top of what is tall, as the font says, in ems.
    public let ascent: Double
    /// From the baseline to the bottom of what hangs below it, as the font says, in ems.
    public let descent: Double
    /// From the baseline to the top of `H`, or of what is tall where the font has no `H`, in ems.
    public let capHeight: Double
    /// From one baseline to the next, as the font says, in ems.
    public let lineHeight: Double

    private struct State {
        let face: FontFace
        /// Glyphs that were asked for; `nil` for characters that the font does not have.
        var glyphs: [Unicode.Scalar: Glyph?] = [:]
    }

    /// The glyphs that are kept; then the collection begins anew. A text of a script has hundreds.
    private static let keptGlyphs = 4096

    /// Opens a font.
    ///
    /// - Parameters:
    ///   - path: A font file of at most 256 MiB.
    ///   - faceIndex: Which font of a collection (`.ttc`), from 0 on.
    ///   - limits: As for every file.
    /// - Throws: `library.missing` without FreeType; `format.unrecognized`, `format.malformed`, `format.unsupported` (bitmaps
    ///   only, no Unicode); `argument.invalid` for an index that the file does not have; what
    ///   ``/MediaCore/FileContents/open(_:limits:acceptsStreams:)`` throws.
    public convenience init(contentsOf path: String, faceIndex: Int = 0, limits: Limits = .default) throws(MediaError) {
        try self.init(try FileContents.open(path, limits: limits), faceIndex: faceIndex)
    }

    /// Opens a font in memory; errors are those of ``init(contentsOf:faceIndex:limits:)``.
    public init(_ contents: FileContents, faceIndex: Int = 0) throws(MediaError) {
        let face = try FontFace(contents, index: faceIndex, library: try .open())
        let em = face.unitsPerEm
        familyName = face.familyName
        ascent = max(0, face.ascender / em)
        descent = max(0, -face.descender / em)
        // A font that says nothing sensible still has lines.
        let said = face.height / em
        lineHeight = said > 0 ? said : max(1, ascent + descent)
        let top = face.glyphIndex("H").flatMap(face.outline)?.steps.map { Double($0.end.y) / em }.max() ?? 0
        capHeight = top > 0 ? top : ascent
        state = Mutex(State(face: face))
    }

    /// The shape of a character; `nil` when the font has none, or a damaged one.
    public func glyph(for character: Unicode.Scalar) -> Glyph? {
        state.withLock { state in
            if let known = state.glyphs[character] { return known }
            let glyph = Self.glyph(character, in: state.face)
            if state.glyphs.count >= Self.keptGlyphs { state.glyphs.removeAll(keepingCapacity: true) }
            state.glyphs[character] = .some(glyph)
            return glyph
        }
    }

    /// The character that Unicode has for a letter with marks; else the glyphs of all, each where the one before ends: fonts
    /// draw marks to the left of where they stand.
    public func glyph(for base: Unicode.Scalar, marks: [Unicode.Scalar]) -> Glyph? {
        guard marks.count <= 8 else { return nil }
        if let whole = Composition.shared.letter(base, with: marks).flatMap(glyph(for:)) { return whole }
        guard let letter = glyph(for: base), case .outline(var path) = letter.shape else { return nil }
        var advance = letter.advance
        for mark in marks {
            guard let glyph = glyph(for: mark), case .outline(let lines) = glyph.shape else { return nil }
            path.append(lines.map { Point(x: $0.x + advance, y: $0.y) })
            advance += glyph.advance
        }
        return Glyph(advance: advance, shape: .outline(path))
    }

    /// How much closer two neighbours stand, by the font's table `kern`.
    public func kerning(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> Double {
        state.withLock { state in
            guard let left = state.face.glyphIndex(first), let right = state.face.glyphIndex(second) else { return 0 }
            return state.face.kerning(left, right) / state.face.unitsPerEm
        }
    }

    private static func glyph(_ character: Unicode.Scalar, in face: FontFace) -> Glyph? {
        guard let index = face.glyphIndex(character), let outline = face.outline(index) else { return nil }
        let em = face.unitsPerEm
        func place(_ point: tm_ft_vector) -> Point { Point(x: Double(point.x) / em, y: -Double(point.y) / em) }
        var path = Path()
        for step in outline.steps {
            let (one, two, three) = step.points
            switch Int(step.kind) {
            case Int(TM_FT_MOVE):
                if !path.isEmpty { path.close() }
                path.move(to: place(one))
            case Int(TM_FT_LINE): path.line(to: place(one))
            case Int(TM_FT_CONIC): path.curve(to: place(two), control: place(one))
            default: path.curve(to: place(three), control1: place(one), control2: place(two))
            }
        }
        if !path.isEmpty { path.close() }
        return Glyph(advance: outline.advance / em, shape: .outline(path))
    }
}

extension tm_ft_step {
    /// Where the step ends.
    fileprivate var end: tm_ft_vector {
        switch Int(kind) {
        case Int(TM_FT_CONIC): points.1
        case Int(TM_FT_CUBIC): points.2
        default: points.0
        }
    }
}
