import ImageCoding
import TensorIO
import TestSupport
import Testing

@Suite("convert: options") struct ConvertOptionTests {
    /// A tool with a float field of 4 × 6 between 0 and 23.
    private func toolWithField() throws -> Tool {
        let tool = try Tool()
        try tool.write(try Tensor((0..<24).map { Float($0) }, shape: [4, 6]), to: "a.npy")
        return tool
    }

    /// Converts `a.npy` into `a.png` and decodes it.
    private func convert(_ tool: Tool, _ options: String...) throws -> DecodedImage {
        let outcome = try tool.run(["convert", "a.npy", "-o", "a.png"] + options)
        #expect(outcome.status == 0, "\(outcome.errorText)")
        return try tool.picture("a.png")
    }

    @Test("--range stretches the values that it names") func range() throws {
        let tool = try toolWithField()
        #expect(try convert(tool, "--range", "byte").pixels == (0..<24).map { UInt8($0) })
        #expect(try convert(tool, "--range", "0:23").pixels[23] == 255)
        #expect(try convert(tool, "--range", "23:0").pixels[23] == 0)
        #expect(try convert(tool, "--range=-23:23").pixels[0] == 128)
        #expect(try convert(tool, "--range", "min-max").pixels[23] == 255)
        #expect(try convert(tool, "--range", "percentile:25:75").pixels[0...5] == [0, 0, 0, 0, 0, 0])
        let clipped = try tool.run("convert", "a.npy", "-o", "a.png", "--range", "unit")
        #expect(
            clipped.errorText
                == "tensor-media: warning: a.npy: values: 22 of 24 values (92 %) outside 0…1, clipped; state a range that holds them\n"
        )
    }

    @Test("--layout and --mode say what the axes and the pixels are") func layoutAndMode() throws {
        let tool = try Tool()
        try tool.write(try Tensor((0..<36).map { UInt8($0) }, shape: [3, 4, 3]), to: "a.npy")
        let guessed = try tool.run("convert", "a.npy", "-o", "a.png")
        #expect(guessed.text.contains("image hwc inferred, 4×3 rgb"))
        #expect(guessed.errorText.contains("could be channels too; pass layout chw if it is"))
        let stated = try tool.run("convert", "a.npy", "-o", "a.png", "--layout", "chw")
        #expect(stated.text.contains("image chw, 3×4 rgb"))
        #expect(stated.errorText.isEmpty)
        for (mode, format) in [
            ("gray", PixelFormat.gray), ("L", .gray), ("RGBA", .rgba), ("rgb16", .rgb16), ("1", .bilevel),
            ("gray-alpha", .grayAlpha),
        ] {
            #expect(try convert(tool, "--layout", "hwc", "--mode", mode).format == format)
        }
    }

    @Test("--as reads labels, flow, normals and depth") func kinds() throws {
        let tool = try Tool()
        try tool.copyFixture("tensors/scene/frame.npz", to: "frame.npz")
        try tool.copyFixture("tensors/scene/labels-hw-i64.npy", to: "labels.npy")
        try tool.copyFixture("tensors/scene/depth-hw-f32.npy", to: "depth.npy")
        for (input, kind, words) in [
            ("frame.npz:flow", "flow", "flow chw inferred, 128×96 rgb, flow 0…14.875 inferred"),
            ("frame.npz:normals", "normals", "normals chw inferred, 128×96 rgb"),
            ("labels.npy", "labels", "labels hw inferred, 128×96 indexed4, labels 0…4"),
            ("depth.npy", "log-depth", "log-depth hw inferred, 128×96 indexed"),
            ("depth.npy", "inverse-depth", "inverse-depth hw inferred, 128×96 indexed"),
        ] {
            let outcome = try tool.run("convert", input, "--as", kind, "-o", "a.png")
            #expect(outcome.status == 0)
            #expect(outcome.text.contains(words), "\(outcome.text)")
        }
    }

    @Test("The fields of a batch share one range, so that their colours can be compared") func batchedFields() throws {
        let tool = try Tool()
        let near = (0..<64).map { _ in Float(2) }
        let far = (0..<64).map { 4 + Float($0) }
        try tool.write(try Tensor(near + far, shape: [2, 8, 8]), to: "a.npy")
        let depth = try tool.run("convert", "a.npy", "-o", "out", "--as", "log-depth", "--range", "min-max")
        #expect(depth.status == 0)
        let ranges = depth.lines.dropLast().compactMap { $0.components(after: "logarithm depth ").last }
        #expect(ranges.count == 2)
        #expect(ranges.allSatisfy { $0.hasPrefix("2…67") }, "\(ranges)")
        try tool.write(
            try Tensor((0..<64).map { Float($0 < 32 ? 1 : 10) }, shape: [2, 2, 4, 4]), to: "f.npy")
        let flow = try tool.run("convert", "f.npy", "-o", "out", "--as", "flow")
        #expect(flow.lines.dropLast().allSatisfy { $0.contains("flow nchw inferred, 4×4 rgb, flow 0…14.14213") })
    }

    @Test("--colormap colours one channel and refuses three") func colormap() throws {
        let tool = try toolWithField()
        #expect(try convert(tool, "--colormap", "viridis").format.model == .indexed)
        try tool.copyFixture("tensors/photos/coffee-hwc-u8.npy", to: "rgb.npy")
        let refused = try tool.run("convert", "rgb.npy", "-o", "b.png", "--colormap", "viridis")
        #expect(refused.status == 1)
        #expect(refused.errorText.contains("a colour map is for one channel, shape (128, 192, 3) has 3"))
    }

    @Test("--format, the ending of -o, --quality and --preset decide the file") func formats() throws {
        let tool = try Tool()
        try tool.copyFixture("tensors/photos/coffee-hwc-u8.npy", to: "a.npy")
        func size(_ arguments: String...) throws -> Int {
            let outcome = try tool.run(["convert", "a.npy", "-q"] + arguments)
            #expect(outcome.status == 0)
            #expect(outcome.output.isEmpty && outcome.errorText.isEmpty)
            return try tool.folder.bytes(arguments.last ?? "").count
        }
        #expect(try size("--quality", "95", "-o", "a.jpg") > 2 * size("--quality", "20", "-o", "b.jpg"))
        #expect(try size("--preset", "smallest", "-o", "a.png") < size("--preset", "fastest", "-o", "b.png"))
        #expect(try size("-o", "a.bmp") > 128 * 192 * 3)
        for (format, expected) in [("png", ImageHeader.FileFormat.png), ("jpg", .jpeg), ("jpeg", .jpeg), ("bmp", .bmp)]
        {
            #expect(try tool.run("convert", "a.npy", "-o", "out", "--format", format).status == 0)
            #expect(try tool.format(of: "out/a." + format) == expected)
        }
    }

    @Test("--bits 16 keeps what 8 bits lose, --bits 8 narrows and says so") func bits() throws {
        let tool = try toolWithField()
        #expect(try convert(tool, "--bits", "16", "--range", "0:23").format == .gray16)
        try tool.write(try Tensor((0..<4).map { UInt16($0 * 0x1111) }, shape: [2, 2]), to: "a.npy")
        #expect(try convert(tool).format == .gray16)
        let narrow = try tool.run("convert", "a.npy", "-o", "a.png", "--bits", "8")
        #expect(narrow.errorText.contains("16-bit values are shown in 8 bits"))
        #expect(try tool.picture("a.png").format == .gray)
    }

    @Test("--max-side makes larger pictures smaller and leaves small ones") func maxSide() throws {
        let tool = try toolWithField()
        let small = try convert(tool, "--max-side", "3", "--range", "byte")
        #expect((small.width, small.height) == (3, 2))
        #expect(try convert(tool, "--max-side", "600", "--range", "byte").width == 6)
    }

    @Test("--grid lays a batch side by side, pages where rows are given") func grid() throws {
        let tool = try Tool()
        try tool.write(try Tool.batch(7), to: "a.npy")
        let auto = try convert(tool, "--grid", "4")
        #expect(auto.width >= 20 && auto.height >= 6)
        let paged = try tool.run("convert", "a.npy", "-o", "out", "--grid", "2x2")
        #expect(paged.status == 0)
        #expect(try tool.contents(of: "out").keys.sorted() == ["a_000000.png", "a_000001.png"])
    }

    @Test("--raw reads numbers without a header, also from a folder") func raw() throws {
        let tool = try Tool()
        try tool.copyFixture("raw/astronaut-3x64x64.f32", to: "in/a.f32")
        let outcome = try tool.run("convert", "in", "-o", "out", "--raw", "f32:3x64x64")
        #expect(outcome.status == 0)
        #expect(try tool.picture("out/a.png").width == 64)
        let wrong = try tool.run("convert", "in/a.f32", "-o", "out", "--raw", "f32:3x64x65")
        #expect(wrong.status == 1)
        #expect(
            wrong.errorText.contains("in/a.f32: raw: the dump float32:3x64x65 needs 49920 bytes, the file has 49152"))
    }

    @Test("--strict refuses guesses and losses of every kind and writes nothing") func strict() throws {
        let tool = try Tool()
        try tool.write(try Tensor((0..<24).map { Float($0) - 500 }, shape: [4, 6]), to: "guess.npy")
        try tool.write(try Tensor((0..<24).map { Float($0) / 23 * 1.04 }, shape: [4, 6]), to: "clip.npy")
        try tool.write(try Tensor((0..<36).map { UInt8($0) }, shape: [3, 4, 3]), to: "layout.npy")
        try tool.write(try Tensor((0..<24).map { $0 == 7 ? .nan : Float($0) / 23 }, shape: [4, 6]), to: "nan.npy")
        try tool.write(try Tensor((0..<24).map { Float($0) }, shape: [4, 6]), to: "zero-depth.npy")
        try tool.write(try Tensor((0..<24).map { Int32($0 - 1) }, shape: [4, 6]), to: "labels.npy")
        try tool.write(try Tensor((0..<48).map { $0 == 9 ? .nan : Float($0) }, shape: [2, 4, 6]), to: "flow.npy")
        for (name, kind, words) in [
            ("guess", "image", "values from -500 to -477 are neither 0…1, −1…1 nor 0…255"),
            ("clip", "image", "the value 1.04 at (3, 5) is outside 0…1"),
            ("layout", "image", "axis 0 of 3 could be channels too"),
            ("nan", "image", "the value at (1, 1) is not finite"),
            ("zero-depth", "log-depth", "outside 1.22…22.78, clipped"),
            ("labels", "labels", "is no class id from 0 to 255"),
            ("flow", "flow", "the value at (0, 1, 3) is not finite"),
        ] {
            let outcome = try tool.run("convert", name + ".npy", "-o", "out", "--as", kind, "--strict")
            #expect(outcome.status == 1, "\(name)")
            #expect(outcome.errorLines.count == 1)
            #expect(outcome.errorText.contains(words), "\(outcome.errorText)")
            let stream = try tool.run("convert", name + ".npy", "-o", "-", "--as", kind, "--strict")
            #expect(stream.output.isEmpty)
        }
        #expect(try tool.contents(of: "out").isEmpty)
    }

    @Test("--compat takes the versions as the issue writes them, and their bare numbers") func compat() throws {
        let tool = try Tool()
        try tool.write(try Tensor((0..<24).map { Float($0) / 23 }, shape: [4, 6]), to: "a.npy")
        for version in ["wandb-0.19", "wandb-0.28", "wandb-0.31", "0.28", "standard"] {
            let outcome = try tool.run("convert", "a.npy", "-o", "a.png", "--compat", version)
            #expect(outcome.status == 0)
            let name = version == "standard" ? "unit" : version == "0.28" ? "wandb-0.28" : version
            #expect(outcome.text.contains(", \(name) 0…"), "\(outcome.text)")
        }
        try tool.write(try Tensor((0..<60).map { UInt8($0) }, shape: [3, 4, 5]), to: "chw.npy")
        let refused = try tool.run("convert", "chw.npy", "-o", "b.png", "--compat", "wandb-0.31")
        #expect(refused.errorText.contains("for a tensor of PyTorch give the layout chw"))
    }

    @Test("--dry-run prints the plan and writes nothing") func dryRun() throws {
        let tool = try toolWithField()
        let outcome = try tool.run("convert", "a.npy", "-o", "out", "--dry-run")
        #expect(outcome.status == 0)
        #expect(
            outcome.lines == [
                "a.npy → out/a.png: (4, 6) float32, image hw inferred, 6×4 gray, byte 0…255 inferred",
                "1 picture would be written to out from 1 input",
            ])
        #expect(tool.folder.files() == ["a.npy"])
    }

    @Test("--quiet prints failures alone") func quiet() throws {
        let tool = try toolWithField()
        let outcome = try tool.run("convert", "a.npy", "none.npy", "-o", "out", "--quiet", "--range", "unit")
        #expect(outcome.status == 1)
        #expect(outcome.output.isEmpty)
        #expect(outcome.errorText == "tensor-media: error: none.npy: there is no such file; check the name\n")
        #expect(try tool.contents(of: "out").count == 1)
    }

    @Test("One thread and two make the same bytes of every fixture") func jobs() throws {
        let tool = try Tool()
        let rules = Fixtures.path("tensors.rules")
        for jobs in ["1", "2"] {
            let outcome = try tool.run(
                "convert", Fixtures.path("tensors"), "-o", jobs, "--rules", rules, "--jobs", jobs)
            #expect(outcome.status == 0)
        }
        let one = try tool.contents(of: "1")
        #expect(one.count == 24)
        #expect(one == (try tool.contents(of: "2")))
    }
}

extension Substring {
    /// What stands behind `mark`.
    fileprivate func components(after mark: String) -> [String] {
        guard let range = firstRange(of: mark) else { return [] }
        return [String(self[range.upperBound...])]
    }
}
