import Foundation
import ImageCoding
import TensorIO
import TestSupport
import Testing

@Suite("convert: captions and range bars") struct ConvertDecorationTests {
    /// A tool with a float field of 90 × 120 from 0 to 1, left to right.
    private func toolWithField() throws -> Tool {
        let tool = try Tool()
        let values = (0..<90 * 120).map { Float($0 % 120) / 119 }
        try tool.write(try Tensor(values, shape: [90, 120]), to: "a.npy")
        return tool
    }

    private func run(_ tool: Tool, _ options: String..., input: String = "a.npy") throws -> Program.Outcome {
        try tool.run(["convert", input, "-o", "a.png"] + options)
    }

    /// The pixels of a part of a picture of red, green and blue.
    private func part(_ picture: DecodedImage, x: Range<Int>, y: Range<Int>) -> [[UInt8]] {
        y.flatMap { row in
            x.map { column in
                let place = 3 * (row * picture.width + column)
                return Array(picture.pixels[place..<place + 3])
            }
        }
    }

    @Test("--caption writes below the picture, whose pixels stay what they are") func caption() throws {
        let tool = try toolWithField()
        #expect(try run(tool).status == 0)
        let plain = try tool.picture("a.png")
        let outcome = try run(tool, "--caption", "{name}: {min} to {max}")
        #expect(outcome.status == 0 && outcome.errorText.isEmpty)
        let captioned = try tool.picture("a.png")
        #expect(captioned.width == 120 && captioned.height > 100 && captioned.height < 120 && captioned.format == .rgb)
        #expect(part(captioned, x: 0..<120, y: 0..<90).map { $0[0] } == plain.pixels)
        let below = part(captioned, x: 0..<120, y: 90..<captioned.height)
        #expect(below.contains([0, 0, 0]) && below[0] == [255, 255, 255])
        // Another text, another picture; two lines are higher than one.
        #expect(try run(tool, "--caption", "one\\ntwo").status == 0)
        #expect(try tool.picture("a.png").height > captioned.height)
    }

    @Test("Places are filled for tensors, and for pictures as far as they have them") func places() throws {
        let tool = try toolWithField()
        let all = "{name}{member}{index}{min}{max}{shape}{type}{mapping} {{}}"
        #expect(try run(tool, "--caption", all).status == 0)
        let picture = ["convert", "a.png", "-o", "b.png", "--caption"]
        #expect(try tool.run(picture + ["{name} {shape} {type} {index}"]).status == 0)
        let none = try tool.run(picture + ["{max}"])
        #expect(none.status == 1 && none.errorText.contains("a.png: caption: there is no {max} of this picture"))
        for (text, words) in [
            ("{nope}", "there is no place \"{nope}\"; places are {name}, {member}"), ("{name", "has no end"),
            ("a}", "ends nothing"),
        ] {
            let outcome = try run(tool, "--caption", text)
            #expect(outcome.status == 64 && outcome.errorText.contains("--caption: "), "\(outcome.status)")
            #expect(outcome.errorText.contains(words))
        }
    }

    @Test("--range-bar shows the colours in use, from the lowest value at its foot") func rangeBar() throws {
        let tool = try toolWithField()
        let outcome = try run(tool, "--range-bar", "--colormap", "viridis")
        #expect(outcome.status == 0 && outcome.errorText.isEmpty)
        let picture = try tool.picture("a.png")
        #expect(picture.height == 99 && picture.width > 150)  // nine ems of eleven pixels
        let map = ColorMap.viridis.palette.colors.map { [$0.red, $0.green, $0.blue] }
        let middle = part(picture, x: 135..<136, y: 0..<99).compactMap { map.firstIndex(of: $0) }
        #expect(middle.count > 80 && middle == middle.sorted(by: >))
        #expect((middle.first ?? 0) > 250 && (middle.last ?? 255) < 5)
        #expect(try run(tool, "--dry-run", "--range-bar").text.contains("\(picture.width)×99 rgb"))
    }

    @Test("A mode and a format hold for picture and frame together") func modes() throws {
        let tool = try toolWithField()
        #expect(try run(tool, "--range-bar", "--caption", "a", "--mode", "gray").status == 0)
        #expect(try tool.picture("a.png").format == .gray)
        let jpeg = try tool.run("convert", "a.npy", "-o", "a.jpg", "--range-bar", "--caption", "a")
        #expect(jpeg.status == 0)
        #expect(try tool.format(of: "a.jpg") == .jpeg)
        #expect(try run(tool, "--bits", "16", "--caption", "a").status == 0)
        #expect(try tool.picture("a.png").format == .rgb16)
    }

    @Test("What has no range of values gets no bar, and says why") func noRange() throws {
        let tool = try toolWithField()
        #expect(try run(tool).status == 0)
        let picture = try tool.run("convert", "a.png", "-o", "b.png", "--range-bar")
        #expect(picture.status == 1)
        #expect(picture.errorText.contains("a.png: range-bar: this is a picture"))
        try tool.write(try Tool.ramp(6, 4), to: "labels.npy")
        let labels = try tool.run("convert", "labels.npy", "-o", "b.png", "--range-bar", "--as", "labels")
        #expect(labels.status == 1 && labels.errorText.contains("labels have names and no range"))
        let kept = try tool.run("convert", "a.png", "-o", "out", "--keep", "--caption", "a", "--range-bar")
        #expect(kept.status == 0 && kept.errorText.contains("no effect: caption, range-bar"))
    }

    @Test("Rule files have captions too, with blanks between quotation marks") func rules() throws {
        let tool = try toolWithField()
        try tool.folder.write(Array("a.npy caption=\"of {name} # 1\" range-bar=yes  # all of it\n".utf8), to: "rules")
        let outcome = try run(tool, "--rules", "rules")
        #expect(outcome.status == 0, "\(outcome.errorText)")
        #expect(try tool.picture("a.png").height > 110)
        for (rule, words) in [
            ("a.npy caption=\"of {name}", "line 1: a quotation mark is never closed"),
            ("a.npy caption={what}", "line 1: caption: there is no place \"{what}\""),
            ("a.npy range-bar=1", "line 1: range-bar: \"1\" is neither yes nor no"),
        ] {
            try tool.folder.write(Array(rule.utf8), to: "rules")
            let outcome = try run(tool, "--rules", "rules")
            #expect(outcome.status == 64 && outcome.errorText.contains(words), "\(outcome.errorText)")
        }
    }

    @Test("Characters without a glyph are named, and refused under --strict") func missingGlyphs() throws {
        let tool = try toolWithField()
        let outcome = try run(tool, "--caption", "日本")
        #expect(outcome.status == 0)
        #expect(outcome.errorText.contains("a.npy: text: the typeface has no 日 (U+65E5), 本 (U+672C)"))
        let strict = try run(tool, "--caption", "日本", "--strict", "--range", "unit")
        #expect(strict.status == 1 && strict.errorText.contains("the typeface has no"))
    }

    @Test("--font adds characters; one that cannot be read is an error before anything is done") func fonts() throws {
        let tool = try toolWithField()
        let missing = try run(tool, "--caption", "日本", "--font", "none.ttf")
        #expect(missing.status == 64 && missing.errorText.contains("none.ttf"), "\(missing.status)")
        try tool.folder.write(Array("no font".utf8), to: "text.ttf")
        let malformed = try run(tool, "--caption", "日本", "--font", "text.ttf")
        #expect(malformed.status != 0 && malformed.errorLines.count == 1)
        let font = "/usr/share/fonts/opentype/ipafont-gothic/ipag.ttf"
        guard PythonTools.isRequired || FileManager.default.fileExists(atPath: font) else { return }
        let outcome = try run(tool, "--caption", "日本 and Latin", "--font", font)
        #expect(outcome.status == 0 && outcome.errorText.isEmpty, "\(outcome.errorText)")
    }

    @Test("A batch that is taken up again notices another caption") func resuming() throws {
        let tool = try toolWithField()
        func run(_ caption: String) throws -> String {
            let outcome = try tool.run("convert", "a.npy", "-o", "out", "--resume", "--caption", caption)
            #expect(outcome.status == 0)
            return outcome.text
        }
        let first = try run("one")
        #expect(first.contains("a.npy → out/a.png"))
        let bytes = try tool.contents(of: "out")["a.png"]
        #expect(try !run("one").contains("a.npy → out/a.png"))
        #expect(try run("two").contains("a.npy → out/a.png"))
        #expect(try tool.contents(of: "out")["a.png"] != bytes)
    }
}
