import Foundation
import TestSupport
import Testing

@Suite("Failures of inputs and of usage") struct FailureTests {
    @Test("Every broken file is one line that names it; the sound ones are converted all the same")
    func brokenFiles() throws {
        let tool = try Tool()
        let broken = Fixtures.files(in: "broken")
        for name in broken { try tool.copyFixture(name, to: "in/" + URL(fileURLWithPath: name).lastPathComponent) }
        try tool.write(try Tool.ramp(3, 3), to: "in/a-first.npy")
        try tool.write(try Tool.ramp(3, 3), to: "in/z-last.npy")
        let taken = broken.filter { $0.hasSuffix(".npy") || $0.hasSuffix(".npz") || $0.hasSuffix(".safetensors") }
        #expect(taken.count >= 10)
        let outcome = try tool.run("convert", "in", "-o", "out")
        #expect(outcome.status == 1)
        #expect(try tool.contents(of: "out").keys.sorted() == ["a-first.png", "z-last.png"])
        #expect(
            outcome.lines.last == "2 pictures written to out from \(taken.count + 2) inputs, \(taken.count) failed")
        let lines = outcome.errorLines
        #expect(lines.count == taken.count + 1)
        for (line, name) in zip(lines, taken.map { URL(fileURLWithPath: $0).lastPathComponent }.sorted()) {
            #expect(line.hasPrefix("tensor-media: error: in/\(name)"), "\(line)")
            #expect(line.contains("; "), "a hint is missing: \(line)")
        }
        #expect(lines.last == "tensor-media: \(taken.count) failures in \(taken.count) inputs")
    }

    @Test(
        "Formats that are not read are refused with the line that converts them", arguments: ["plain.pkl", "volume.h5"])
    func refusedFormats(name: String) throws {
        let tool = try Tool()
        try tool.copyFixture("broken/" + name, to: name)
        let outcome = try tool.run("convert", name, "-o", "out")
        #expect(outcome.status == 1)
        #expect(outcome.errorText.hasPrefix("tensor-media: error: \(name)"))
        #expect(outcome.errorText.contains("np.save("))
        #expect(outcome.errorLines.count == 1)
    }

    @Test("Members of an archive fail one by one, under their names") func members() throws {
        let tool = try Tool()
        try tool.copyFixture("torch/checkpoint.pt", to: "c.pt")
        let outcome = try tool.run("convert", "c.pt", "-o", "out", "--range", "min-max")
        #expect(outcome.status == 1)
        #expect(
            outcome.errorLines.first?.hasPrefix(
                "tensor-media: error: c.pt:model.first.bias: shape: shape (3,) has 1 axis; a picture has 2 or 3")
                == true
        )
        #expect(outcome.errorLines.last?.hasSuffix("failures in 1 input") == true)
        #expect(try tool.contents(of: "out").keys.sorted() == ["c/model.first.weight.png", "c/model.last.weight.png"])
    }

    @Test(
        "A wrong value is one line that names the option, the value and the choices, and status 64",
        arguments: [
            (["--as", "cloud"], "--as: \"cloud\" is not known here; choose one of image, labels, flow"),
            (["--layout", "whc"], "--layout: \"whc\" is not known here; choose one of hw, hwc"),
            (["--range", "1:1"], "--range: \"1:1\" is no range of values; choose auto, unit"),
            (["--range", "nan:1"], "--range: \"nan:1\" is no range"),
            (["--range", "percentile:60:40"], "--range: \"percentile:60:40\" is no range"),
            (["--mode", "CMYK"], "--mode: pixels of mode CMYK cannot be written; choose one of bilevel"),
            (["--mode", "purple"], "--mode: there is no pixel format \"purple\"; choose one of bilevel"),
            (["--colormap", "jet"], "--colormap: there is no colour map \"jet\"; choose one of viridis"),
            (["--format", "webp"], "--format: files are not written as \"webp\"; choose one of png"),
            (
                ["--preset", "worst"],
                "--preset: \"worst\" is not known here; choose one of fastest, balanced, smallest"
            ),
            (["--quality", "101"], "--quality: \"101\" is not a whole number from 1 to 100"),
            (["--quality", "x"], "--quality: \"x\" is not a whole number from 1 to 100"),
            (["--bits", "12"], "--bits: \"12\" bits for a sample; choose 8 or 16"),
            (["--max-side", "0"], "--max-side: \"0\" is not a whole number from 1"),
            (["--grid", "0x3"], "--grid: \"0x3\" is no grid; write COLUMNSxROWS"),
            (["--grid", "99999999999999999999"], "--grid: "),
            (["--raw", "f32"], "--raw: \"f32\" describes no dump: expected a type, a colon and a shape; write it as"),
            (
                ["--compat", "wandb-0.20"],
                "--compat: \"wandb-0.20\" is no version to be compatible with; choose standard"
            ),
            (["--jobs", "0"], "--jobs: \"0\" is not a whole number from 1 to 1024"),
            (["--jobs", "99999999"], "--jobs: \"99999999\" is not"),
            (["--rules", "none.rules"], "none.rules: there is no such file"),
            (["-o", ""], "--output: the path is empty; name a folder"),
            (["-o", "a.tiff"], "--output: tiff files are not written here; choose png"),
            (["-o", "a.png", "--format", "jpg"], "--format: the format jpg does not go with the output a.png"),
        ])
    func values(options: [String], message: String) throws {
        let tool = try Tool()
        try tool.write(try Tool.ramp(3, 3), to: "a.npy")
        let output = options.contains("-o") ? [] : ["-o", "out"]
        let outcome = try tool.run(["convert", "a.npy"] + output + options)
        #expect(outcome.status == 64)
        #expect(outcome.output.isEmpty)
        #expect(outcome.errorLines.count == 1)
        #expect(outcome.errorText.hasPrefix("tensor-media: error: " + message), "\(outcome.errorText)")
        #expect(tool.folder.files() == ["a.npy"])
    }

    @Test(
        "A wrong command line says what is wrong and how it is used, with status 64",
        arguments: [
            (["convert"], "Missing expected argument '--output <dir>'"),
            (["convert", "-o", "out"], "Nothing to convert: name files, folders, or - for standard input."),
            (["convert", "a.npy", "-o"], "Missing value for '-o <dir>'"),
            (["convert", "a.npy", "-o", "out", "--max-sides", "3"], "Did you mean '--max-side'?"),
            (["inspect"], "Nothing to inspect"), (["frobnicate"], "Unexpected argument 'frobnicate'"),
        ])
    func usage(arguments: [String], message: String) throws {
        let outcome = try Tool().run(arguments)
        #expect(outcome.status == 64)
        #expect(outcome.output.isEmpty)
        #expect(outcome.errorText.hasPrefix("Error: "))
        #expect(outcome.errorText.contains(message), "\(outcome.errorText)")
        #expect(outcome.errorText.contains("\nUsage: tensor-media"))
    }

    @Test("Rules go before options, later rules before earlier ones, and may be for members alone") func rules() throws
    {
        let tool = try Tool()
        try tool.write(try Tool.ramp(4, 4), to: "in/a.npy")
        try tool.write(try Tool.ramp(4, 4), to: "in/deep/b.npy")
        try tool.writeArchive(
            [("v", 4), ("w", 4)].map { (Array("\($0.0).npy".utf8), try Tool.ramp($0.1, 4)) }, to: "in/m.npz")
        try tool.folder.write(
            """
            \u{FEFF}# pattern      settings\r
            *.npy          as=labels\r
            deep/*         as=image format=jpg   # the whole path\r
            :w             as=labels\r
            m.npz:v        format=bmp\r
            """, to: "r.rules")
        let outcome = try tool.run(
            "convert", "in", "-o", "out", "--rules", "r.rules", "--format", "png", "--as", "image")
        #expect(outcome.status == 0)
        #expect(
            outcome.lines.dropLast().map { String($0.prefix { $0 != ":" || $0 == " " }) }.count == 4)
        #expect(try tool.contents(of: "out").keys.sorted() == ["a.png", "deep/b.jpg", "m/v.bmp", "m/w.png"])
        #expect(outcome.text.contains("out/a.png: (4, 4) uint8, labels hw"))
        #expect(outcome.text.contains("out/deep/b.jpg: (4, 4) uint8, image hw"))
        #expect(outcome.text.contains("out/m/w.png: (4, 4) uint8, labels hw"))
        #expect(outcome.text.contains("out/m/v.bmp: (4, 4) uint8, image hw"))
    }

    @Test(
        "A mistake in a rule file is found before any work, with its line",
        arguments: [
            ("*.npy", "line 2: the pattern \"*.npy\" stands alone; add settings such as as=labels"),
            ("*.npy as=cloud", "line 2: as: \"cloud\" is not known here"),
            ("*.npy sizes=3", "line 2: sizes: there is no setting \"sizes\"; settings are as, layout"),
            ("*.npy as labels", "line 2: \"as\" is no setting; write NAME=VALUE, or NAME=\"VALUE WITH BLANKS\""),
        ])
    func wrongRules(line: String, message: String) throws {
        let tool = try Tool()
        try tool.folder.write("# rules\r\n\(line)\r\n", to: "r.rules")
        let outcome = try tool.run("convert", "a.npy", "-o", "out", "--rules", "r.rules")
        #expect(outcome.status == 64)
        #expect(outcome.errorText.hasPrefix("tensor-media: error: r.rules: " + message), "\(outcome.errorText)")
    }
}
