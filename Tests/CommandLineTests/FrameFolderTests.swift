import ImageCoding
import MediaCore
import TensorIO
import TestSupport
import Testing

@Suite("Folders and streams of frames on the command line")
struct FrameFolderTests {
    private static let size = (width: 8, height: 6)

    /// A frame of one level.
    private func frame(_ level: Int) throws -> Tensor {
        let count = Self.size.width * Self.size.height
        return try Tensor(
            [UInt8](repeating: UInt8(level), count: count), shape: [Self.size.height, Self.size.width])
    }

    private func png(_ tensor: Tensor) throws -> [UInt8] {
        let sink = MemorySink()
        _ = try PNGEncoder().encode(try tensor.picture(PictureOptions { $0.layout = .hw }), to: sink)
        return sink.bytes
    }

    /// A tool with frames of the levels 0, 10, 20, … in `pictures` and `tensors`.
    private func tool(frames count: Int = 12) throws -> Tool {
        let tool = try Tool()
        for index in 0..<count {
            try tool.folder.write(try png(try frame(index * 10)), to: "pictures/f\(index).png")
            try tool.write(try frame(index * 10), to: "tensors/f\(index).npy")
        }
        return tool
    }

    /// The first red sample of each frame and its duration in milliseconds, as Pillow reads them.
    private func levels(_ tool: Tool, _ name: String) throws -> String {
        try PythonTools.run(
            """
            import sys
            from PIL import Image, ImageSequence
            image = Image.open(sys.argv[1])
            print(*[f"{f.convert('RGB').getpixel((0, 0))[0]}:{f.info['duration']}" for f in ImageSequence.Iterator(image)])
            """, arguments: [tool.folder.path(name)]
        ).lines.joined()
    }

    @Test("Pictures and tensors of a folder are frames, frame 2 before frame 10", .python("PIL"))
    func frames() throws {
        let tool = try tool()
        let all = (0..<12).map { "\($0 * 10):80" }.joined(separator: " ")
        for (name, text) in [
            ("pictures", "12 pictures, video, 8×6 gray"), ("tensors", "12 tensors, video thw default"),
        ] {
            let outcome = try tool.run("convert", name, "--frames", "--fps", "12.5", "-o", name + ".gif")
            #expect(outcome.status == 0, "\(outcome.errorText)")
            #expect(outcome.text.hasPrefix("\(name) → \(name).gif: \(text)"), "\(outcome.text)")
            #expect(try levels(tool, name + ".gif") == all)
        }
        // A slash at the end, both at once, a pattern; a folder names its clip, points and all.
        try tool.folder.write(try png(try frame(7)), to: "more/take.1/a.png")
        let batch = try tool.run("convert", "pictures/", "tensors", "more/*", "--frames", "-o", "out")
        #expect(batch.status == 0, "\(batch.errorText)")
        #expect(try tool.contents(of: "out").keys.sorted() == ["pictures.gif", "take.1.gif", "tensors.gif"])
    }

    @Test("Part, size, caption, poster and contact sheet of a folder", .python("PIL"))
    func options() throws {
        let tool = try tool()
        let outcome = try tool.run(
            "convert", "pictures", "--frames", "--start", "2", "--end", "9", "--every", "3", "--size", "16x",
            "--caption",
            "{name} {frame} {time}", "--poster", "11", "--contact-sheet", "2", "-o", "a.gif")
        #expect(outcome.status == 0, "\(outcome.errorText)")
        #expect(try levels(tool, "a.gif") == "20:750 50:750 80:250")
        let poster = try tool.picture("a.poster.png")
        #expect(poster.width > 16 && poster.height > 12 && poster.pixels[0] == 110)
        let sheet = try tool.picture("a.sheet.png")
        #expect(sheet.width == 2 * poster.width + 2 && sheet.height == poster.height)
    }

    @Test("A run is taken up where the frames are the same, and made again where one is not")
    func resume() throws {
        let tool = try tool()
        let arguments = ["convert", "pictures", "--frames", "-o", "out"]
        #expect(try tool.run(arguments + ["--manifest", "out/manifest.jsonl"]).status == 0)
        let kept = try tool.run(arguments + ["--resume", "--manifest", "out/manifest.jsonl"])
        #expect(kept.status == 0 && !kept.text.contains("→"), "\(kept.text)")
        try tool.folder.write(try png(try Tensor([UInt8](0..<48), shape: [6, 8])), to: "pictures/f3.png")
        let again = try tool.run(arguments + ["--resume", "--manifest", "out/manifest.jsonl"])
        #expect(again.text.contains("pictures → out/pictures.gif"), "\(again.text)")
    }

    @Test(
        "What is no clip of frames is one line that names the file",
        arguments: [
            (["damaged", "--frames", "-o", "a.gif"], 1, "damaged/f10.png: frames[1]: "),
            (["unlike", "--frames", "-o", "a.gif"], 1, "unlike/f1.npy: frames[1]: frame 1 is (2, 2) uint8"),
            (["empty", "--frames", "-o", "a.gif"], 1, "empty: there is no frame in the folder"),
            (["both", "--frames", "-o", "a.gif"], 1, "both: there are tensors (1) and pictures (1)"),
            (["pictures", "--frames", "-o", "pictures/a.gif"], 1, "would lie among the frames in pictures"),
            (["pictures", "--frames", "--layout", "thw", "-o", "a.gif"], 1, "layout does not go with pictures"),
            (["pictures", "--frames", "--grid", "2x2", "-o", "a.gif"], 1, "grid does not go with a folder of frames"),
            (["tensors", "--frames", "--caption", "{min}", "-o", "a.gif"], 1, "there is no {min}"),
            (["pictures", "--frames", "--as", "flow", "-o", "out"], 64, "--frames: a folder of frames becomes a clip"),
            (["pictures", "--as", "video", "-o", "out"], 1, "take the folder as the frames of one clip"),
        ] as [([String], Int32, String)])
    func refusals(arguments: [String], status: Int32, message: String) throws {
        let tool = try tool(frames: 2)
        try tool.folder.write(try png(try frame(1)), to: "damaged/f9.png")
        try tool.folder.write("no picture", to: "damaged/f10.png")
        try tool.write(try frame(1), to: "unlike/f0.npy")
        try tool.write(try Tensor([1, 2, 3, 4] as [UInt8], shape: [2, 2]), to: "unlike/f1.npy")
        try tool.folder.makeFolder("empty")
        try tool.folder.write(try png(try frame(1)), to: "both/a.png")
        try tool.write(try frame(1), to: "both/b.npy")
        let before = tool.folder.files()
        let outcome = try tool.run(["convert"] + arguments)
        #expect(outcome.status == status, "\(outcome.errorText)")
        #expect(outcome.errorLines.count == 1)
        #expect(outcome.errorText.contains(message), "\(outcome.errorText)")
        #expect(tool.folder.files() == before)
    }

    @Test("A stream has captions of one size, and a poster that is kept as it passes by", .python("PIL"))
    func streams() throws {
        let tool = try Tool()
        let raw = (0..<12).flatMap { [UInt8](repeating: UInt8($0 * 10), count: 48) }
        let outcome = try tool.run(
            "convert", "-", "--stream", "gray:8x6", "--caption", "{frame} {time}", "--poster", "5", "--start", "7",
            "-o",
            "a.gif", input: raw)
        #expect(outcome.status == 0, "\(outcome.errorText)")
        #expect(try levels(tool, "a.gif") == "70:250 80:250 90:250 100:250 110:250")
        let poster = try tool.picture("a.poster.png")
        #expect(poster.width > 8 && poster.height > 6 && poster.pixels[0] == 50)
        let plan = try tool.run(
            "convert", "-", "--stream", "gray:8x6", "--poster", "5", "-o", "b.gif", "--dry-run", input: raw)
        #expect(plan.status == 0, "\(plan.errorText)")
        let late = try tool.run("convert", "-", "--stream", "gray:8x6", "--poster", "12", "-o", "c.gif", input: raw)
        #expect(late.status == 1)
        #expect(late.errorText.contains("poster: 12 frames were read, there is no frame 12"), "\(late.errorText)")
        let unknown = try tool.run(
            "convert", "-", "--stream", "gray:8x6", "--caption", "{max}", "-o", "d.gif", input: raw)
        #expect(unknown.status == 1 && unknown.errorText.contains("there is no {max}"))
        #expect(tool.folder.files() == ["a.gif", "a.poster.png", "c.gif"])
    }
}
