import ImageCoding
import MediaCore
import TensorIO
import TestSupport
import Testing
import VideoCoding

@Suite("Clips as media items")
struct ClipItemTests {
    private func clip(_ caption: String? = nil, layout: ClipLayout = .tchw) throws -> Clip {
        try Clip(
            try noise([3, 3, 4, 5]),
            options: ClipOptions {
                $0.layout = layout
                $0.frameRate = try? FrameRate(20)
            }, caption: caption)
    }

    @Test(
        "A clip of a tensor is a GIF with those frames, and its record is the one of the SDK", .python("numpy", "PIL"))
    func tensor() throws {
        let folder = try TemporaryFolder()
        let record = try clip("字幕").write(
            to: try MediaFolder(path: folder.path), key: "gen/v", step: .step(3), compatibility: .wandb(.v0_31))
        let file = try #require(record.file)
        #expect(file.path == "media/videos/gen/v_3_\(file.sha256.hex.prefix(20)).gif")
        #expect(
            record.json.object?.members.map(\.name) == [
                "caption", "_type", "sha256", "size", "path", "width", "height",
            ])
        #expect(record.json["_type"]?.string == "video-file")
        #expect(record.json["caption"]?.string == "字幕")
        #expect(record.json["width"]?.integer == 5)
        #expect(record.json["height"]?.integer == 4)
        let outcome = try PythonTools.run(
            """
            import sys
            import numpy as np
            from PIL import Image, ImageSequence
            image = Image.open(sys.argv[1])
            frames = [(f.info["duration"], np.array(f.convert("RGB"))) for f in ImageSequence.Iterator(image)]
            print([d for d, _ in frames], image.info["loop"])
            print(b"".join(a.tobytes() for _, a in frames).hex())
            """, arguments: [folder.path(file.path)])
        let lines = outcome.text.split(separator: "\n").map(String.init)
        #expect(lines[0] == "[50, 50, 50] 0")
        #expect(bytes(hex: lines[1]) == (try render(try #require(try clip().frames))))
    }

    /// The bytes of a GIF.
    private func gif() throws -> [UInt8] {
        let sink = MemorySink()
        _ = try GIFEncoder().encode(try #require(try clip().frames), to: sink)
        return sink.bytes
    }

    // Paths are taken out of records first: the optimiser of Swift 6.3.1 stops over a record inside an expectation.

    @Test("Existing files are copied after a look at them, and have no size in the history")
    func files() throws {
        let folder = try TemporaryFolder()
        let media = try MediaFolder(path: folder.path("run"))
        let gif = try gif()
        try folder.write(gif, to: "a.GIF")
        let ours = try written(Clip(contentsOf: folder.path("a.GIF")), to: media, .summary)
        #expect(try folder.bytes("run/" + ours.path) == gif)
        #expect(ours.path.hasSuffix(".gif"))
        #expect(ours.json["width"] == nil)
        let wandb = try written(
            Clip(contentsOf: folder.path("a.GIF"), compatibility: .wandb(.v0_31)), to: media, .step(1),
            .wandb(.v0_31))
        #expect(wandb.path.hasSuffix(".GIF"))
        let bytes = try written(Clip(FileContents(bytes: gif, name: "memory")), to: media, .step(2))
        #expect(bytes.json["size"] == JSONValue(gif.count))
    }

    private func written(
        _ clip: Clip, to media: MediaFolder, _ step: MediaStep, _ compatibility: Compatibility = .standard
    ) throws -> (path: String, json: JSONValue) {
        let record = try clip.write(to: media, key: "v", step: step, compatibility: compatibility)
        return (record.json["path"]?.string ?? "", record.json)
    }

    @Test("An animated PNG is copied too, a still one is no clip, and the SDK knows neither")
    func animatedPNG() throws {
        let folder = try TemporaryFolder()
        let media = try MediaFolder(path: folder.path("run"))
        let frames = try #require(try clip().frames)
        let sink = MemorySink()
        _ = try APNGEncoder().encode(frames, to: sink)
        try folder.write(sink.bytes, to: "a.apng")
        let copy = try written(Clip(contentsOf: folder.path("a.apng")), to: media, .summary)
        #expect(try folder.bytes("run/" + copy.path) == sink.bytes)
        let made = try written(Clip(frames, format: .apng), to: media, .step(1))
        #expect(made.path.hasSuffix(".apng"))
        let refused = #expect(throws: MediaError.self) {
            try Clip(contentsOf: folder.path("a.apng"), compatibility: .wandb(.v0_31))
        }
        #expect(refused?.code == .argumentInvalid)
        let still = try PNGEncoder().encode(try #require(try frames.frame(0)))
        try folder.write(still, to: "still.apng")
        let error = #expect(throws: MediaError.self) { try Clip(contentsOf: folder.path("still.apng")) }
        #expect(error?.code == .malformed)
    }

    @Test("Files of another kind than they say, cut or empty ones are refused")
    func damagedFiles() throws {
        let folder = try TemporaryFolder()
        let gif = try gif()
        for (name, content, code) in [
            ("a.mp4", gif, MediaError.Code.malformed), ("a.gif", Array("no clip at all".utf8), .malformed),
            ("b.gif", Array(gif.prefix(40)), .truncated), ("c.gif", [], .truncated), ("a.avi", gif, .argumentInvalid),
            ("gif", gif, .argumentInvalid),
        ] as [(String, [UInt8], MediaError.Code)] {
            try folder.write(content, to: name)
            let error = #expect(throws: MediaError.self, "\(name)") { try Clip(contentsOf: folder.path(name)) }
            #expect(error?.code == code, "\(name)")
            #expect(error?.location.file?.hasSuffix(name) == true)
        }
        let missing = #expect(throws: MediaError.self) { try Clip(contentsOf: folder.path("none.gif")) }
        #expect(missing?.code == .fileNotFound)
    }

    @Test("A rate for a file that has its own is an error, and a warning under the rules of the SDK")
    func rate() throws {
        let sink = MemorySink()
        _ = try GIFEncoder().encode(try #require(try clip().frames), to: sink)
        let contents = FileContents(bytes: sink.bytes, name: "memory")
        let rate = try FrameRate(10)
        #expect(throws: MediaError.self) { try Clip(contents, format: .gif, frameRate: rate) }
        let folder = try TemporaryFolder()
        let record = try Clip(contents, format: .gif, frameRate: rate, compatibility: .wandb(.v0_31)).write(
            to: try MediaFolder(path: folder.path), key: "v", step: .step(0))
        #expect(record.findings.map(\.path) == ["frameRate"])
    }

    @Test("Lists keep captions as the SDK does, and better")
    func lists() throws {
        let folder = try TemporaryFolder()
        let media = try MediaFolder(path: folder.path)
        for (captions, standard, wandb) in [
            (["x", "y"], #"["x","y"]"#, #"["x","y"]"#), (["x", nil], #"["x",null]"#, #"["x",null]"#),
            ([nil, "y"], #"[null,"y"]"#, "false"), ([nil, nil], "false", "false"),
        ] as [([String?], String, String)] {
            let items = try captions.map { try clip($0) }
            for (compatibility, expected) in [(Compatibility.standard, standard), (.wandb(.v0_31), wandb)] {
                let record = try items.write(to: media, key: "v", step: .step(0), compatibility: compatibility)
                #expect(record.json.object?.members.map(\.name) == ["_type", "count", "videos", "captions"])
                #expect(record.json["count"]?.integer == 2)
                #expect(try JSONWriter.string(try #require(record.json["captions"])) == expected)
            }
        }
    }

    @Test("Videos are written too; the SDK's rules enlarge nothing", arguments: [ClipFormat.mp4, .webm, .ogg])
    func videos(format: ClipFormat) throws {
        let folder = try TemporaryFolder()
        let media = try MediaFolder(path: folder.path("run"))
        let clip = try Clip(
            try Tensor([UInt8](repeating: 90, count: 3 * 3 * 20 * 30), shape: [3, 3, 20, 30]),
            options: ClipOptions { $0.layout = .tchw }, format: format)
        let ours = try written(clip, to: media, .step(0))
        #expect(ours.path.hasPrefix("media/videos/v_0_") && ours.path.hasSuffix("." + format.rawValue))
        // 20 lines become 260.
        #expect(ours.json["width"] == 390 && ours.json["height"] == 260)
        #expect(try VideoProbe(try folder.bytes("run/" + ours.path), as: format).size == "390×260")
        let wandb = try written(clip, to: media, .step(1), .wandb(.v0_31))
        #expect(wandb.json["width"] == 30 && wandb.json["height"] == 20)
        let probe = try VideoProbe(try folder.bytes("run/" + wandb.path), as: format)
        #expect(probe.size == "30×20" && probe.frameCount == 3)
    }

    @Test("Kinds of files are known by their exact endings; encoders have to go with them")
    func formats() throws {
        #expect(throws: MediaError.self) { try ClipFormat(fileExtension: "GIF") }
        #expect(try ClipFormat(fileExtension: "webm") == .webm)
        let error = #expect(throws: MediaError.self) {
            try Clip(try noise([3, 3, 4, 5]), format: .ogg, videoEncoder: VideoEncoder(codec: .h264))
        }
        #expect(error?.location.field == "codec")
        #expect(throws: MediaError.self) {
            try Clip(try noise([3, 3, 4, 5]), format: .mp4, encoder: GIFEncoder(opacity: .threshold(128)))
        }
    }

    @Test("A clip is the same on any number of threads")
    func threads() throws {
        let frames = try TensorFrames(try noise([40, 3, 32, 32]), options: ClipOptions { $0.layout = .tchw })
        var files: [[UInt8]] = []
        for pool in [nil, WorkerPool(threadCount: 1), WorkerPool(threadCount: 3)] {
            let sink = MemorySink()
            _ = try GIFEncoder(pool: pool).encode(frames, to: sink)
            files.append(sink.bytes)
        }
        #expect(files[1] == files[0])
        #expect(files[2] == files[0])
    }
}
