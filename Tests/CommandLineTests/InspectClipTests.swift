import MediaCore
import TensorIO
import TestSupport
import Testing

@Suite("inspect: tensors as clips") struct InspectClipTests {
    /// The object that `inspect --json` prints.
    private func inspect(_ tool: Tool, _ arguments: String...) throws -> JSONValue {
        let outcome = try tool.run(["inspect", "--as", "video", "--json"] + arguments)
        #expect(outcome.status == 0, "\(outcome.errorText)")
        let line = try #require(outcome.lines.first)
        return try JSONReader.parse(Array(line.utf8).span.bytes, limits: .default)
    }

    /// Colours that look random: `count` of them and no more.
    private func tensor(_ shape: [Int], colors count: Int) throws -> Tensor {
        var generator = SeededGenerator(seed: 5)
        let pixels = shape[0] * shape[1] * shape[2]
        let values = (0..<pixels).flatMap { pixel in
            let color = pixel < count ? pixel : generator.below(count)
            return [UInt8(color % 256), UInt8(color / 256), UInt8(color * 7 % 256)]
        }
        return try Tensor(values, shape: shape)
    }

    @Test("Frames, rate, colours and what a GIF makes of them, as NumPy counts and as convert writes", .python("numpy"))
    func numbers() throws {
        let tool = try Tool()
        for count in [1, 200, 256, 257, 900] {
            try tool.write(try tensor([5, 16, 20, 3], colors: count), to: "a.npy")
            let object = try inspect(tool, "a.npy", "--layout", "thwc")
            let clip = try #require(object["clip"])
            let numpy = try PythonTools.run(
                """
                import sys
                import numpy as np
                print(len(np.unique(np.load(sys.argv[1]).reshape(-1, 3), axis=0)))
                """, arguments: [tool.folder.path("a.npy")]
            ).lines[0]
            #expect(clip["colors"] == (count > 256 ? .null : JSONValue(Int(numpy) ?? 0)), "\(count)")
            #expect(clip["frames"] == 5 && clip["width"] == 20 && clip["height"] == 16 && clip["channels"] == 3)
            #expect(clip["layout"] == "thwc" && clip["layout_default"] == false)
            #expect(clip["frame_rate"] == "4" && clip["frame_rate_default"] == true && clip["seconds"] == 1.25)
            #expect(clip["mapping"]?["name"] == "integer")

            #expect(try tool.run("convert", "a.npy", "--layout", "thwc", "-o", "a.gif").status == 0)
            #expect(clip["gif"]?["size"] == JSONValue(try tool.folder.bytes("a.gif").count))
            let written = try tool.run("inspect", "a.gif", "--json")
            let gif = try JSONReader.parse(written.output.span.bytes, limits: .default)
            #expect(clip["gif"]?["palettes"] == gif["palettes"])
            #expect(clip["gif"]?["exact"] == .bool(gif["colors"] == JSONValue(Int(numpy) ?? 0)))
        }
    }

    @Test("The text says the same, what nobody stated is a default, and a batch is laid out") func text() throws {
        let tool = try Tool()
        try tool.write(try tensor([2, 3, 4, 3], colors: 24), to: "a.npy")
        let outcome = try tool.run("inspect", "--as", "video", "a.npy")
        #expect(outcome.text.contains("read as a clip: 2 frames of 4×3 rgb, integer 0…255, 4 fps default, 0.5 s"))
        #expect(outcome.text.contains("layout tcwh: the default of 4 axes"))
        #expect(outcome.text.contains("warning: layout: shape (2, 3, 4, 3) is read as tcwh, the default"))
        try tool.write(try Tensor([UInt8](repeating: 9, count: 24), shape: [3, 2, 2, 2]), to: "b.npy")
        let batch = try tool.run("inspect", "--as", "video", "--layout", "nthw", "b.npy")
        #expect(batch.text.contains("2 frames of 8×2 gray, 3 clips in 1 row of 4"), "\(batch.text)")
        // The black of the place that is left is a colour too.
        #expect(batch.text.contains("2 colours, exact in a GIF of 1 palette and "), "\(batch.text)")
    }

    @Test(
        "What is no clip is said with its reason",
        arguments: [
            (["--as", "video"], "shape (3, 4) has 2 axes; a clip has 3 (thw)"),
            (["--as", "video", "--layout", "hw"], "layout hw is of pictures, this becomes a clip"),
            (["--layout", "thw"], "layout thw is of clips; say that it is one: as video"),
        ])
    func refusals(options: [String], message: String) throws {
        let tool = try Tool()
        try tool.write(try Tool.ramp(4, 3), to: "a.npy")
        let outcome = try tool.run(["inspect", "a.npy"] + options)
        #expect(outcome.status == 0 && outcome.text.contains("read as nothing: "))
        #expect(outcome.text.contains(message), "\(outcome.text)")
    }
}
