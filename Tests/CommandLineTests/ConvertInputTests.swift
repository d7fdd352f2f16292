import ImageCoding
import TestSupport
import Testing

@Suite("convert: what can be named") struct ConvertInputTests {
    @Test("A file becomes a picture of its name, and the line says how it was read") func file() throws {
        let tool = try Tool()
        try tool.write(try Tool.ramp(5, 4), to: "a.npy")
        let outcome = try tool.run("convert", "a.npy", "-o", "out")
        #expect(outcome.status == 0)
        #expect(outcome.errorText.isEmpty)
        #expect(outcome.lines.count == 2)
        let line = try #require(outcome.lines.first)
        #expect(line.hasPrefix("a.npy → out/a.png: (4, 5) uint8, image hw inferred, 5×4 gray, integer 0…255, "))
        #expect(outcome.lines.last == "1 picture written to out from 1 input")
        #expect(try tool.picture("out/a.png").pixels == (0..<20).map { UInt8($0) })
    }

    @Test("Folders are searched to their bottom, their relative folders kept, other and hidden files left out")
    func folders() throws {
        let tool = try Tool()
        for name in ["in/x.npy", "in/deep/er/y.npy", "in/.hidden.npy", "in/.git/z.npy", "in/deep/w.NPY"] {
            try tool.write(try Tool.ramp(3, 3), to: name)
        }
        try tool.folder.write("notes", to: "in/readme.txt")
        try tool.copyFixture("images/rgb.png", to: "in/picture.png")
        let outcome = try tool.run("convert", "in", "-o", "out")
        #expect(outcome.status == 0)
        #expect(try tool.contents(of: "out").keys.sorted() == ["deep/er/y.png", "deep/w.png", "x.png"])
    }

    @Test("A folder without tensors is a failure that says which files are taken") func emptyFolder() throws {
        let tool = try Tool()
        try tool.folder.makeFolder("in")
        let outcome = try tool.run("convert", "in", "-o", "out")
        #expect(outcome.status == 1)
        #expect(outcome.errorText.hasPrefix("tensor-media: error: in: there is no tensor file in the folder; "))
        #expect(outcome.errorLines.count == 1)
        #expect(tool.folder.files().isEmpty)
    }

    @Test(
        "Patterns work where the shell does not expand them",
        arguments: [
            ("in/*.npy", ["a.png", "b.png"]), ("in/?.npy", ["a.png", "b.png"]), ("in/[a]*", ["a.png"]),
            ("in/*/*.npy", ["x/c.png"]), ("in/**/*.npy", ["a.png", "b.png", "x/c.png", "x/y/d.png"]),
            ("in/x*", ["x/c.png", "x/y/d.png"]), ("*/a.npy", ["in/a.png"]), ("in/*.npz:v", ["m/v.png"]),
        ])
    func patterns(pattern: String, expected: [String]) throws {
        let tool = try Tool()
        for name in ["in/a.npy", "in/b.npy", "in/x/c.npy", "in/x/y/d.npy"] {
            try tool.write(try Tool.ramp(3, 3), to: name)
        }
        let members = [("v", try Tool.ramp(2, 2)), ("w", try Tool.ramp(3, 2))]
        try tool.writeArchive(members.map { (Array("\($0.0).npy".utf8), $0.1) }, to: "in/m.npz")
        let outcome = try tool.run("convert", pattern, "-o", "out")
        #expect(outcome.status == 0, "\(outcome.errorText)")
        #expect(try tool.contents(of: "out").keys.sorted() == expected)
    }

    @Test("A pattern that nothing fits is a failure") func idlePattern() throws {
        let outcome = try Tool().run("convert", "*.npz", "-o", "out")
        #expect(outcome.status == 1)
        #expect(outcome.errorText == "tensor-media: error: *.npz: no file fits the pattern; check the name\n")
    }

    @Test("All members of an archive go into a folder of its name, a named one alone; colons in names are no obstacle")
    func members() throws {
        let tool = try Tool()
        let names = ["depth", "a:b", "sub/c"]
        try tool.writeArchive(
            names.map { (Array("\($0).npy".utf8), try Tool.ramp(4, 4)) }, to: "x:y.npz")
        #expect(try tool.run("convert", "x:y.npz", "-o", "all").status == 0)
        #expect(
            try tool.contents(of: "all").keys.sorted() == ["x:y/a%3Ab.png", "x:y/depth.png", "x:y/sub/c.png"])
        let one = try tool.run("convert", "x:y.npz:a:b", "-o", "one")
        #expect(one.status == 0)
        #expect(one.text.hasPrefix("x:y.npz:a:b → one/x:y/a%3Ab.png: "))
        let none = try tool.run("convert", "x:y.npz:d", "-o", "none")
        #expect(none.status == 1)
        #expect(
            none.errorText
                == "tensor-media: error: x:y.npz: there is no tensor \"d\"; it holds \"depth\", \"a:b\", \"sub/c\"\n")
    }

    @Test("safetensors and PyTorch files are archives too; a lone tensor of PyTorch is a picture of its file's name")
    func otherArchives() throws {
        let tool = try Tool()
        try tool.copyFixture("tensors/maps/features.safetensors", to: "f.safetensors")
        try tool.copyFixture("torch/tensor.pt", to: "t.pt")
        try tool.copyFixture("torch/protocol4.pt", to: "p.pt")
        #expect(try tool.run("convert", "f.safetensors", "t.pt", "p.pt", "-o", "out", "--range", "min-max").status == 0)
        #expect(
            try tool.contents(of: "out").keys.sorted() == [
                "f/decoder.picture.png", "f/encoder.attention.png", "p/a.png", "p/b.0.png", "t.png",
            ])
        let one = try tool.run("convert", "f.safetensors:encoder.attention", "-o", "one.png")
        #expect(one.status == 0)
        #expect(try tool.picture("one.png").width == 64)
    }

    @Test("- is standard input and standard output; the line about it goes to standard error") func streams() throws {
        let tool = try Tool()
        let bytes = try Tool.npy(try Tool.ramp(6, 2))
        let named = try tool.run("convert", "-", "-o", "out", input: bytes)
        #expect(named.text.hasPrefix("standard input → out/stdin.png: "))
        let piped = try tool.run("convert", "-", "-o", "-", input: bytes)
        #expect(piped.status == 0)
        #expect(piped.output == (try tool.folder.bytes("out/stdin.png")))
        #expect(piped.errorText.hasPrefix("tensor-media: standard input → standard output: (2, 6) uint8, "))
        // A pipe is read as well as a file is.
        try tool.folder.write(bytes, to: "a.npy")
        let shell = try tool.shell("cat a.npy | $tool convert - -o - -q --format bmp | cat > a.bmp")
        #expect(shell.status == 0)
        #expect(try tool.format(of: "a.bmp") == .bmp)
        let empty = try tool.run("convert", "-", "-o", "out")
        #expect(empty.status == 1)
        #expect(empty.errorText == "tensor-media: error: standard input: the file is empty; write it again\n")
    }

    @Test("Picture files are encoded again when they are named, and taken from folders on request")
    func pictures() throws {
        let tool = try Tool()
        try tool.copyFixture("images/rgb-420.jpg", to: "in/photo.jpg")
        try tool.copyFixture("images/palette.png", to: "in/palette.png")
        try tool.write(try Tool.ramp(3, 3), to: "in/t.npy")
        let named = try tool.run("convert", "in/photo.jpg", "-o", "p.png", "--max-side", "30", "--mode", "gray")
        #expect(named.status == 0)
        let small = try tool.picture("p.png")
        #expect((small.width, small.height) == (30, 20))
        #expect(small.format == .gray)
        #expect(try tool.run("convert", "in", "-o", "without").status == 0)
        #expect(try tool.contents(of: "without").keys.sorted() == ["t.png"])
        #expect(try tool.run("convert", "in", "-o", "with", "--pictures", "--max-side", "16").status == 0)
        #expect(try tool.contents(of: "with").keys.sorted() == ["palette.png", "photo.png", "t.png"])
        // Colours of a palette cannot be mixed as numbers: the picture becomes one of colours first.
        #expect(try tool.picture("with/palette.png").format == .rgb)
    }

    @Test("--keep copies picture files byte for byte, under the ending of their content") func keptPictures() throws {
        let tool = try Tool()
        for name in ["rgb-420.jpg", "rgb.png", "two-frames.gif", "rgb.bmp", "lossy.webp"] {
            try tool.copyFixture("images/" + name, to: "in/" + name)
        }
        try tool.copyFixture("images/gray.jpg", to: "in/liar.png")
        let outcome = try tool.run("convert", "in", "-o", "out", "--pictures", "--keep")
        #expect(outcome.status == 0)
        let written = try tool.contents(of: "out")
        #expect(
            written.keys.sorted() == [
                "liar.jpg", "lossy.webp", "rgb-420.jpg", "rgb.bmp", "rgb.png", "two-frames.gif",
            ])
        #expect(written["lossy.webp"] == (try Fixtures.bytes("images/lossy.webp")))
        #expect(written["liar.jpg"] == (try Fixtures.bytes("images/gray.jpg")))
        #expect(outcome.errorText.contains("warning: in/liar.png: "))
        // Without it, what cannot be decoded says so.
        let refused = try tool.run("convert", "in/lossy.webp", "-o", "no")
        #expect(refused.status == 1)
        #expect(refused.errorText.contains("copy it as it is (--keep)"))
    }

    @Test("A picture says which settings it does not follow; under --strict that is a failure")
    func idleSettings() throws {
        let tool = try Tool()
        try tool.copyFixture("images/rgb.png", to: "a.png")
        let outcome = try tool.run("convert", "a.png", "-o", "out", "--range", "unit", "--layout", "chw")
        #expect(outcome.status == 0)
        #expect(
            outcome.errorText == "tensor-media: warning: a.png: this is a picture; no effect: layout, range\n")
        #expect(try tool.run("convert", "a.png", "-o", "strict", "--range", "unit", "--strict").status == 1)
        #expect(try tool.contents(of: "strict").isEmpty)
    }
}
