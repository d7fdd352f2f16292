import MediaDrawing
import TestSupport
import Testing

@Suite("Text on a canvas")
struct TextLayoutTests {
    private let style = TextStyle(typeface: StubTypeface(), size: 20)

    private func layout(_ text: String, width: Double? = nil, lines: Int? = nil) -> TextLayout {
        TextLayout(text, style: style, maxWidth: width, maxLines: lines)
    }

    @Test("Text is as wide as its letters and as high as its lines")
    func measures() {
        let one = layout("ll ol")
        #expect(one.width == 20 * 2.25 && one.lineCount == 1)
        #expect(one.ascent == 18 && one.descent == 5 && one.height == 23 && one.capHeight == 14)
        #expect(layout("lo").width == 20 * 0.9)  // the pair stands closer
        #expect(layout("l\nlll\r\nl").width == 30)
        #expect(layout("l\nlll\r\nl").height == 23 + 2 * 25)
        #expect(layout("").lineCount == 1 && layout("").width == 0 && layout("l   ").width == 10)
        #expect(layout("\u{200D}\u{FE0F}l\u{7}").width == 10)
        #expect(TextLayout("ll", style: TextStyle(typeface: StubTypeface(), size: .nan)).width == 0)
    }

    @Test("Lines end at blanks, at dashes, between ideographs, and inside of words that are too long")
    func wrapping() {
        #expect(layout("ll ll ll", width: 46).lineCount == 2)  // "ll ll" is 45 wide
        #expect(layout("ll ll ll", width: 46).width == 45)
        #expect(layout("ll ll ll", width: 44).lineCount == 3)
        #expect(layout("ll-ll", width: 30).width == 30)
        #expect(layout("llllllllll", width: 30).lineCount == 4)
        #expect(layout("llllllllll", width: 1).lineCount == 10)
        #expect(layout("日本語日本語", width: 30).lineCount == 3)  // boxes of 12
        #expect(layout("l\n\nl", width: 30).lineCount == 3)
    }

    @Test("What has no room ends in three dots")
    func truncation() {
        let cut = layout("llllllllll", width: 60, lines: 1)  // dots are 20 wide, letters 10
        #expect(cut.isTruncated && cut.width == 60)
        #expect(layout("llllll", width: 60, lines: 1).isTruncated == false)
        let two = layout("ll ll ll ll", width: 46, lines: 2)
        #expect(two.lineCount == 2 && !two.isTruncated)
        let lines = layout("l\nl\nl", lines: 2)
        #expect(lines.lineCount == 2 && lines.isTruncated && lines.width == 30)
        #expect(layout("llll", width: 5, lines: 1).width == 20)
    }

    @Test("Characters without a glyph are named once and drawn as boxes")
    func missing() throws {
        let text = layout("l日l本日\u{1F600}")
        #expect(text.missingCharacters == ["日", "本", "\u{1F600}"])
        #expect(text.width == 20 * (0.5 * 2 + 0.6 * 4))
        var canvas = try Canvas(over: ArrayPixels(100, 30, all: [255, 255, 255]))
        canvas.draw(text, at: .zero)
        canvas.draw(layout("日"), at: .zero)
        #expect(canvas.report.missingCharacters == ["日", "本", "\u{1F600}"])
        let finding = try #require(canvas.facts.findings.first)
        #expect(finding.code == .textMissingGlyphs && finding.message.contains("日 (U+65E5)"))
    }

    @Test("A letter and the marks behind it are one glyph where the typeface has it")
    func marks() {
        let embedded = TextStyle(typeface: VectorTypeface.embedded, size: 20)
        let apart = TextLayout("e\u{301}a\u{308}", style: embedded), composed = TextLayout("éä", style: embedded)
        #expect(apart.width == composed.width && apart.missingCharacters.isEmpty)
        #expect(layout("l\u{301}").missingCharacters == ["\u{301}"])
    }

    @Test("Letters stand on their baseline, on whole pixels and quarters of one")
    func placing() throws {
        // A letter is a bar of 6 × 14 pixels, 2 to the right of its origin, on a baseline 18 below the corner.
        func drawn(_ corner: Point) throws -> [Int] {
            try levels(20, 30) {
                $0.draw("l", at: corner, style: TextStyle(typeface: StubTypeface(), size: 20, color: .white))
            }
        }
        let expected = try levels(20, 30) {
            $0.fill(Rectangle(minX: 5, minY: 6, maxX: 11, maxY: 20), color: .white)
        }
        #expect(try drawn(Point(x: 3, y: 2)) == expected)
        #expect(try drawn(Point(x: 3.1, y: 2.4)) == expected)
        let quarter = try levels(20, 30) {
            $0.fill(Rectangle(minX: 5.25, minY: 6, maxX: 11.25, maxY: 20), color: .white)
        }
        #expect(try drawn(Point(x: 3.2, y: 1.6)) == quarter)
        #expect(try drawn(Point(x: -100, y: 2)).allSatisfy { $0 == 0 })
    }

    @Test("Large letters are drawn by their edges, as small ones are from levels")
    func large() throws {
        let style = TextStyle(typeface: StubTypeface(), size: 200, color: .white)
        let drawn = try levels(100, 200) { $0.draw("l", at: Point(x: 3.25, y: 2), style: style) }
        let bar = try levels(100, 200) {
            $0.fill(Rectangle(minX: 23.25, minY: 42, maxX: 83.25, maxY: 182), color: .white)
        }
        #expect(drawn == bar)
    }

    @Test("A halo reaches around letters and lies below all of them")
    func halo() throws {
        var style = TextStyle(typeface: StubTypeface(), size: 20, color: .black)
        style.halo = .init(color: .white, width: 2)
        var canvas = try Canvas(over: ArrayPixels(40, 30, all: [9, 9, 9]))
        canvas.draw("ll", at: .zero, style: style)
        let samples = try samples(canvas)
        func gray(_ x: Int, _ y: Int) -> Int { samples[3 * (y * 40 + x)] }
        #expect(gray(5, 10) == 0 && gray(15, 10) == 0)  // letters from 2 to 8 and from 12 to 18
        #expect(gray(1, 10) == 255 && gray(9, 10) == 255 && gray(11, 10) == 255 && gray(19, 10) == 255)
        #expect(gray(21, 10) == 9 && gray(5, 1) == 9 && gray(5, 3) == 255)
    }

    @Test("Shorter lines stand left, in the middle or right")
    func alignment() throws {
        for (alignment, left) in [(TextStyle.Alignment.left, 2), (.center, 7), (.right, 12)] {
            var style = TextStyle(typeface: StubTypeface(), size: 20, color: .white)
            style.alignment = alignment
            let drawn = try levels(30, 60) { $0.draw("ll\nl", at: .zero, style: style) }
            // The second line is 25 below; its one letter begins 2 to the right of its origin.
            let row = drawn[35 * 30..<36 * 30].map { $0 }
            #expect(row.firstIndex(of: 255) == left && row.count { $0 == 255 } == 6)
        }
    }

    @Test("The first typeface that has a character draws it")
    func fallback() {
        let second = StubTypeface(characters: ["l", "日"])
        let both = FallbackTypeface(StubTypeface(characters: ["o"]), second)
        #expect(both.glyph(for: "o") == StubTypeface().glyph(for: "o"))
        #expect(both.glyph(for: "日") == second.glyph(for: "日"))
        #expect(both.glyph(for: "本") == nil)
        #expect(both.kerning("l", "o") == 0)  // of two typefaces
        #expect(FallbackTypeface(StubTypeface()).kerning("l", "o") == -0.1)
        #expect(both.bold == nil)
        let embedded = FallbackTypeface(VectorTypeface.embedded, second).bold
        #expect(embedded?.glyph(for: "a") == VectorTypeface.embeddedBold.glyph(for: "a"))
        #expect(embedded?.glyph(for: "日") == second.glyph(for: "日"))
    }

    @Test("Text fits its picture from 28 to 8,192 pixels")
    func sizes() {
        #expect(TextStyle.size(forPictureOf: 28, 28) == 11)
        #expect(TextStyle.size(forPictureOf: 640, 512) == 14)
        #expect(TextStyle.size(forPictureOf: 1920, 1080) == 30)
        #expect(TextStyle.size(forPictureOf: 8192, 8192) == 48)
    }
}
