import Foundation
import Testing

@testable import MediaDrawing

@Suite("The embedded typeface") struct VectorTypefaceTests {
    private static let faces: [VectorTypeface] = [.embedded, .embeddedBold]

    @Test("Every line of the tables is read") func tables() {
        #expect(GlyphTable.shared.malformed.isEmpty)
    }

    /// What the documentation promises.
    private static let promised: [ClosedRange<UInt32>] = [
        0x20...0x7E, 0xA0...0x17F, 0x1E00...0x1E99, 0x1EA0...0x1EF9, 0x300...0x36F, 0x391...0x3A1, 0x3A3...0x3CE,
        0x2500...0x259F, 0x1CD...0x1DC, 0x218...0x21B, 0x384...0x38A, 0x38E...0x390, 0x2018...0x201A, 0x201C...0x201E,
        0x2190...0x2195, 0x2080...0x2089, 0x2074...0x2079,
    ]
    private static let signs =
        "–—…•†‡‰‹›€£¥¢₿₹⁰½¼¾±×÷−≤≥≠≈≡∞√∑∏∫∂∆∇∈∩∪⊂⊃∧∨¬∀∃∅∝°µ·■□▲△▼●○◆★✓✗Ό"

    @Test("Every promised character has a glyph that paints, spaces aside") func coverage() throws {
        let spaces: Set<UInt32> = [0x20, 0xA0, 0xAD, 0x34F]
        let scalars =
            Self.promised.joined().compactMap(Unicode.Scalar.init) + Array(Self.signs.unicodeScalars)
        for face in Self.faces {
            for scalar in scalars {
                let glyph = try #require(face.glyph(for: scalar), "U+\(String(scalar.value, radix: 16)) \(scalar)")
                #expect(glyph.path.isEmpty == spaces.contains(scalar.value), "\(scalar)")
                #expect(glyph.advance.isFinite && glyph.advance >= 0)
            }
        }
        #expect(VectorTypeface.embedded.glyph(for: "あ") == nil)
    }

    @Test("All figures have one width, and so have the signs that stand between them") func tabular() throws {
        for face in Self.faces {
            let advances = try "0123456789+−=<>×€£¥".unicodeScalars.map { try #require(face.glyph(for: $0)).advance }
            #expect(Set(advances).count == 1)
        }
    }

    @Test(
        "No glyph leaves the box of a line by more than a stacked accent, nor its width by more than a neighbour's white"
    )
    func boxes() throws {
        for face in Self.faces {
            for scalar in face.characters {
                let glyph = try #require(face.glyph(for: scalar))
                guard let box = glyph.bounds else { continue }
                let isMark = (0x300...0x36F).contains(scalar.value)
                #expect(box.minY >= -(face.ascent + 0.13) && box.maxY <= face.descent + 0.06, "\(scalar) \(box)")
                #expect(isMark || (box.minX >= -0.13 && box.maxX <= glyph.advance + 0.13), "\(scalar) \(box)")
            }
        }
    }

    @Test("Both weights stand on the baseline and reach the height of capitals") func heights() throws {
        for face in Self.faces {
            for letter in "HEIZ".unicodeScalars {
                let box = try #require(face.glyph(for: letter)?.bounds)
                #expect(abs(box.maxY) < 1e-9)
                #expect(abs(box.minY + face.capHeight) < 1e-9)
            }
        }
        #expect(VectorTypeface.embedded(.bold).weight == .bold)
    }

    @Test(
        "Characters that are mistaken for each other have different shapes",
        arguments: ["0O", "1lI|", "5S", "8B", "2Z"])
    func distinct(characters: String) throws {
        let glyphs = try characters.unicodeScalars.map { try #require(VectorTypeface.embedded.glyph(for: $0)) }
        #expect(Set(glyphs.map(\.path)).count == glyphs.count)
        let widths = glyphs.compactMap(\.bounds?.width)
        if characters == "0O", widths.count == 2 { #expect(widths[0] < 0.8 * widths[1]) }
    }

    @Test("A letter with its marks is the glyph that Unicode has for both, in either order of the marks")
    func marks() {
        var tested = 0
        for face in Self.faces {
            for scalar in face.characters where !scalar.isCombiningMark {
                // Foundation knows the decompositions by itself.
                let decomposed = Array(String(Character(scalar)).decomposedStringWithCanonicalMapping.unicodeScalars)
                let marks = Array(decomposed.dropFirst())
                guard let base = decomposed.first, marks.allSatisfy(\.isCombiningMark), !marks.isEmpty else { continue }
                // A sign with a stroke through it is drawn as one.
                guard scalar.properties.isAlphabetic else { continue }
                #expect(face.glyph(for: base, marks: marks) == face.glyph(for: scalar), "\(scalar)")
                #expect(Composition.shared.decomposition(of: scalar) == (base, marks), "\(scalar)")
                tested += 1
            }
        }
        #expect(tested > 2 * 400)
        let face = VectorTypeface.embedded
        #expect(face.glyph(for: "e", marks: ["\u{302}", "\u{323}"]) == face.glyph(for: "ệ"))
        #expect(face.glyph(for: "ê", marks: ["\u{323}"]) == face.glyph(for: "ệ"))
        #expect(face.glyph(for: "ơ", marks: ["\u{309}"]) == face.glyph(for: "ở"))
    }

    @Test("A mark is added above, below or beside the strokes of its letter, which keep their places") func composed()
        throws
    {
        let face = VectorTypeface.embedded
        for (letter, base, isAbove) in [("é", "e", true), ("Ẵ", "A", true), ("ẹ", "e", false), ("Ş", "S", false)] {
            let whole = try #require(letter.unicodeScalars.first.flatMap(face.glyph(for:)))
            let plain = try #require(base.unicodeScalars.first.flatMap(face.glyph(for:)))
            #expect(whole.advance == plain.advance)
            #expect(Array(whole.path.elements.prefix(plain.path.elements.count)) == plain.path.elements)
            let box = try #require(whole.bounds), inner = try #require(plain.bounds)
            #expect(isAbove ? box.minY < inner.minY - 0.1 : box.maxY > inner.maxY + 0.1, "\(letter)")
        }
        // The dot of i gives way.
        let i = try #require(face.glyph(for: "í")), dotless = try #require(face.glyph(for: "ı"))
        #expect(Array(i.path.elements.prefix(dotless.path.elements.count)) == dotless.path.elements)
        // A letter without a composed form takes any mark, and a flood of them is no glyph.
        #expect(face.glyph(for: "x", marks: ["\u{303}"]) != nil)
        #expect(face.glyph(for: "q", marks: ["\u{365}", "\u{323}"]) != nil)
        #expect(face.glyph(for: "x", marks: Array(repeating: "\u{301}", count: 10_000)) == nil)
        #expect(face.glyph(for: "あ", marks: ["\u{301}"]) == nil)
        #expect(face.glyph(for: "e", marks: []) == face.glyph(for: "e"))
    }

    @Test("Pairs that gape are closed up, with marks too; figures never are") func kerning() {
        let face = VectorTypeface.embedded
        for (first, second) in [("A", "V"), ("T", "o"), ("L", "T"), ("Ä", "V"), ("T", "ö"), ("P", ".")]
            as [(Unicode.Scalar, Unicode.Scalar)]
        {
            #expect(face.kerning(first, second) < -0.03, "\(first)\(second)")
        }
        #expect(face.kerning("H", "H") == 0)
        for first in "0123456789".unicodeScalars {
            for second in "0123456789".unicodeScalars { #expect(face.kerning(first, second) == 0) }
        }
    }

    @Test("Bold text has the shapes of the bold weight") func bold() {
        let style = TextStyle(typeface: VectorTypeface.embedded, size: 20, weight: .bold)
        let drawn = TextStyle(typeface: VectorTypeface.embeddedBold, size: 20)
        func shapes(_ style: TextStyle) -> [Glyph] {
            TextLayout("Label", style: style).lines.flatMap { $0.glyphs.map(\.glyph) }
        }
        #expect(shapes(style) == shapes(drawn))
        #expect(shapes(style).count == 5)
        #expect(style.boldness == 0)
    }

    @Test("Box drawing fills its cell from edge to edge where its name says so") func boxDrawing() throws {
        let face = VectorTypeface.embedded
        func box(_ scalar: Unicode.Scalar) throws -> Rectangle { try #require(face.glyph(for: scalar)?.bounds) }
        let cell = Rectangle(minX: 0, minY: -face.ascent, maxX: 0.6, maxY: face.descent)
        for code in UInt32(0x2500)...0x257F {
            guard let scalar = Unicode.Scalar(code), let name = scalar.properties.name else { continue }
            let box = try box(scalar)
            guard !name.contains("DASH") else { continue }
            let reaches = { (word: String) in name.contains(word) || name.contains("DIAGONAL") }
            let lines = name.contains("DIAGONAL")
            #expect(
                (box.minX <= cell.minX) == (reaches("LEFT") || reaches("HORIZONTAL") || lines), "\(name)")
            #expect((box.maxX >= cell.maxX) == (reaches("RIGHT") || reaches("HORIZONTAL")), "\(name)")
            #expect((box.minY <= cell.minY) == (reaches("UP") || reaches("VERTICAL")), "\(name)")
            #expect((box.maxY >= cell.maxY) == (reaches("DOWN") || reaches("VERTICAL")), "\(name)")
        }
        let full = try box("█")
        #expect(full.intersection(cell) == cell)
        #expect(try box("▂").minY == cell.maxY - 0.25 * cell.height)
        #expect(face.glyph(for: "▞")?.path.elements.count == 2 * Path(cell).elements.count)
    }
}

extension Glyph {
    /// The lines, whatever they mean.
    fileprivate var path: Path {
        switch shape {
        case .outline(let path), .strokes(let path, _): path
        }
    }

    /// What is painted, as far as points and control points tell.
    fileprivate var bounds: Rectangle? {
        let margin: Double
        switch shape {
        case .outline: margin = 0
        case .strokes(_, let pen): margin = pen / 2
        }
        var box: Rectangle?
        for element in path.elements {
            let points: [Point]
            switch element {
            case .move(let point), .line(let point): points = [point]
            case .quadratic(let control, let end): points = [control, end]
            case .cubic(let one, let two, let end): points = [one, two, end]
            case .close: points = []
            }
            for point in points {
                let place = Rectangle(minX: point.x, minY: point.y, maxX: point.x, maxY: point.y)
                box = box?.union(place) ?? place
            }
        }
        return box?.inset(by: -margin)
    }
}
