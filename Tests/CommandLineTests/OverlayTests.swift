import ImageCoding
import MediaCore
import TensorIO
import TestSupport
import Testing

@Suite("overlay, and annotations beside the inputs of convert")
struct OverlayTests {
    private let tool: Tool

    /// A gray picture of 80×60, a mask whose right half is class 1, a mask of the other half, and boxes.
    init() throws {
        tool = try Tool()
        try tool.write(Tensor([UInt8](repeating: 100, count: 80 * 60 * 3), shape: [60, 80, 3]), to: "x.npy")
        var ids = [Int64](repeating: 0, count: 80 * 60)
        for place in ids.indices where place % 80 >= 40 { ids[place] = 1 }
        try tool.write(Tensor(ids, shape: [60, 80]), to: "m.npy")
        try tool.write(Tensor(ids.map { 1 - $0 }, shape: [60, 80]), to: "t.npy")
        try tool.write(Tensor(Array(ids.prefix(40)), shape: [5, 8]), to: "small.npy")
        try tool.folder.write(
            """
            {"pred": {"box_data": [
              {"position": {"minX": 0.1, "maxX": 0.4, "minY": 0.1, "maxY": 0.5}, "class_id": 1, "scores": {"acc": 0.9}},
              {"position": {"minX": 0.5, "maxX": 0.9, "minY": 0.1, "maxY": 0.5}, "class_id": 2, "scores": {"acc": 0.2}}]}}
            """, to: "b.json")
        try tool.folder.write(
            #"{"box_data": [{"position": {"minX": 4, "maxX": 9, "minY": 1, "maxY": 5}, "class_id": 1}]}"#, to: "p.json")
    }

    private func pixels(_ name: String) throws -> DecodedImage {
        try FileContents.open(tool.folder.path(name)).withBytes { try PNGDecoder().decode($0) }
    }

    /// Red, green and blue of a pixel.
    private func pixel(_ image: DecodedImage, _ x: Int, _ y: Int) -> [UInt8] {
        let place = (y * image.width + x) * image.format.channels
        return Array(image.pixels[place..<place + 3])
    }

    @Test("masks and boxes are drawn, and what is hidden is counted")
    func draws() throws {
        let outcome = try tool.run(
            "overlay", "x.npy", "--mask", "m.npy", "--boxes", "b.json", "--score", "acc>=0.5", "--legend", "none",
            "--stroke", "2", "--no-names", "-o", "out.png")
        #expect(outcome.status == 0, "\(outcome.errorText)")
        #expect(outcome.text.contains("1 of 2 annotations shown, hidden: 1 by score"))
        let image = try pixels("out.png")
        #expect((image.width, image.height) == (80, 60))
        #expect(pixel(image, 20, 50) == [100, 100, 100] && pixel(image, 70, 50) != [100, 100, 100])
        #expect(pixel(image, 8, 20) != [100, 100, 100] && pixel(image, 40 - 1, 3) == [100, 100, 100])
    }

    @Test(
        "what does not fit is an error with all findings, and nothing is written",
        arguments: [
            (["--mask", "small.npy"], ["8×5", "80×60"]),
            (["--boxes", "p.json"], ["boxes[0].position.minX", "boxes[0].position.maxY", "--pixels"]),
            (["--mask", "none.npy"], ["none.npy: there is no such file"]),
            (["--mask", "a=m.npy", "--mask", "a=t.npy"], ["there is a group \"a\" already"]),
        ])
    func refuses(arguments: [String], messages: [String]) throws {
        let outcome = try tool.run(["overlay", "x.npy", "-o", "out.png"] + arguments)
        #expect(outcome.status == 1)
        for message in messages {
            #expect(outcome.errorText.contains(message), "\(outcome.errorText)")
        }
        #expect(!tool.folder.files().contains("out.png"))
    }

    @Test("masks are resized and boxes read as pixels when that is asked for")
    func fits() throws {
        let outcome = try tool.run(
            "overlay", "x.npy", "--mask", "small.npy", "--boxes", "p.json", "--resize-masks", "--pixels", "-o",
            "out.png")
        #expect(outcome.status == 0, "\(outcome.errorText)")
    }

    @Test("convert draws the masks and boxes beside its inputs, in groups; --no-annotations leaves them alone")
    func convert() throws {
        try tool.folder.makeFolder("in")
        for (from, to) in [
            ("x.npy", "in/x.npy"), ("m.npy", "in/x.mask.npy"), ("t.npy", "in/x.truth.mask.npy"),
            ("b.json", "in/x.boxes.json"),
        ] {
            try tool.folder.write(try tool.folder.bytes(from), to: to)
        }
        let drawn = try tool.run("convert", "in", "-o", "out", "--legend", "none", "--no-names", "--resume")
        #expect(drawn.status == 0, "\(drawn.errorText)")
        #expect(try pixel(pixels("out/x.png"), 20, 50) != [100, 100, 100])
        #expect(tool.folder.files().filter { $0.hasPrefix("out/") && $0.hasSuffix(".png") } == ["out/x.png"])

        let again = try tool.run("convert", "in", "-o", "out", "--legend", "none", "--no-names", "--resume")
        #expect(again.status == 0 && !again.text.contains("→"), "\(again.text)")
        try tool.folder.write(try tool.folder.bytes("t.npy"), to: "in/x.mask.npy")
        let before = try tool.folder.bytes("out/x.png")
        #expect(try tool.run("convert", "in", "-o", "out", "--legend", "none", "--no-names", "--resume").status == 0)
        #expect(try tool.folder.bytes("out/x.png") != before)

        let alone = try tool.run("convert", "in", "-o", "plain", "--no-annotations")
        #expect(alone.status == 0)
        #expect(try pixel(pixels("plain/x.png"), 20, 50) == [100, 100, 100])
        #expect(tool.folder.files().filter { $0.hasPrefix("plain/") && $0.hasSuffix(".png") }.count == 3)
    }

    @Test("a batch takes a mask for each picture, or one for all; masks of another number are refused")
    func batch() throws {
        let pixels = [UInt8](repeating: 100, count: 2 * 20 * 20 * 3)
        try tool.write(Tensor(pixels, shape: [2, 20, 20, 3]), to: "n.npy")
        let second = (0..<800).map { UInt8($0 / 400) }
        try tool.write(Tensor(second, shape: [2, 20, 20]), to: "n.mask.npy")
        let outcome = try tool.run("convert", "n.npy", "-o", "out", "--legend", "none")
        #expect(outcome.status == 0, "\(outcome.errorText)")
        #expect(try pixel(self.pixels("out/n_000000.png"), 5, 5) == [100, 100, 100])
        #expect(try pixel(self.pixels("out/n_000001.png"), 5, 5) != [100, 100, 100])
        try tool.write(Tensor([UInt8](repeating: 1, count: 1200), shape: [3, 20, 20]), to: "n.mask.npy")
        let wrong = try tool.run("convert", "n.npy", "-o", "out", "--legend", "none")
        #expect(wrong.status == 1 && wrong.errorText.contains("holds 3 masks, there are 2 pictures"))
    }

    @Test(
        "masks that are pictures of nobody are left alone, patterns find what lies beside, --strict refuses odd masks")
    func beside() throws {
        try tool.folder.makeFolder("in")
        try tool.folder.write(try tool.folder.bytes("x.npy"), to: "in/x.npy")
        try tool.folder.write(try tool.folder.bytes("b.json"), to: "in/x.boxes.json")
        let png = try tool.run("convert", "m.npy", "-o", "in/lone.mask.png", "--as", "labels")
        #expect(png.status == 0)
        #expect(try tool.run("convert", "in", "-o", "out", "--no-names").status == 0)
        #expect(tool.folder.files().filter { $0.hasPrefix("out/") && $0.hasSuffix(".png") } == ["out/x.png"])
        let folder = try tool.folder.bytes("out/x.png")
        #expect(try tool.run("convert", "in/*.npy", "-o", "pattern", "--no-names").status == 0)
        #expect(try tool.folder.bytes("pattern/x.png") == folder)

        try tool.folder.write(#"["sky"]"#, to: "labels.json")
        let options = [
            "overlay", "x.npy", "--mask", "m.npy", "--labels", "labels.json", "--layout", "hwc", "-o", "o.png",
        ]
        let odd = try tool.run(options)
        #expect(odd.status == 0 && odd.errorText.contains("class 1 on 2400 pixels has no label"))
        #expect(try tool.run(options + ["--strict"]).status == 1)
    }

    @Test("validate masks and boxes: findings, JSON, exit status")
    func validate() throws {
        let boxes = try tool.run("validate", "boxes", "p.json", "b.json")
        #expect(boxes.status == 1)
        #expect(boxes.lines.last == "2 files of boxes, 3 errors, 0 warnings")
        #expect(try tool.run("validate", "boxes", "p.json", "--pixels", "--size", "80x60").status == 0)
        let masks = try tool.run("validate", "masks", "m.npy", "small.npy", "--size", "80x60", "--json")
        #expect(masks.status == 1)
        let lines = try masks.lines.map { try JSONReader.parse(String($0)) }
        #expect(lines.count == 2 && lines.first?["code"] == "mask.size" && lines.last?["summary"]?["errors"] == 1)
        #expect(try tool.run("validate", "masks", "none.npy").status == 65)
        #expect(try tool.run("validate", "masks", "m.npy", "--size", "80").status == 64)
    }
}
