import Foundation
import MediaAnnotations
import TestSupport
import Testing

@Suite("Sidecars and files of masks")
struct MaskSidecarTests {
    private func mask(_ numbers: [Int], labels: ClassLabels? = nil) throws -> SegmentationMask {
        try SegmentationMask(try Tensor(numbers.map { UInt16($0) }, shape: [2, numbers.count / 2]), labels: labels)
    }

    @Test("Pillow reads the ids as they are, of 8 bits and of 16", .python("PIL"))
    func pillow() throws {
        let temporary = try TemporaryFolder()
        let folder = try MediaFolder(path: temporary.path)
        for (numbers, mode) in [([0, 1, 127, 128, 255, 7], "L"), ([0, 1, 256, 40_000, 65_535, 7], "I;16")] {
            let file = try mask(numbers).writeSidecar(to: folder, key: "seg/train", step: .step(40))
            #expect(file.path == "media/images/mask/seg/train_40_\(file.sha256.hex.prefix(20)).mask.png")
            #expect(file.role == .sidecar)
            let script = """
                from PIL import Image
                image = Image.open(given["path"])
                result = [image.mode, np.array(image).ravel().tolist()]
                """
            let answer = try python(script, ["path": .string(temporary.path + "/" + file.path)]).array ?? []
            try #require(answer.count == 2)
            #expect(answer[0].string == mode && answer[1].integers == numbers)
        }
    }

    @Test("a mask of wandb has 8 bits")
    func wandb() throws {
        let folder = try MediaFolder(path: try TemporaryFolder().path)
        let wide = try mask([0, 1, 256, 3])
        let error = try #require(throws: MediaError.self) {
            try wide.writeSidecar(to: folder, key: "k", step: .step(0), compatibility: .wandb(.v0_31))
        }
        #expect(error.code == .maskIDRange)
    }

    @Test("history and labels are written as wandb writes them")
    func records() throws {
        let temporary = try TemporaryFolder()
        let folder = try MediaFolder(path: temporary.path)
        let labels = try ClassLabels([ImageClass(id: 1, name: "tree"), ImageClass(id: 0, name: "sky")])
        let named = try mask([0, 1, 1, 2], labels: labels)
        let file = try named.writeSidecar(to: folder, key: "a", step: .step(2), compatibility: .wandb(.v0_31))
        let history = SegmentationMask.historyJSON(of: file)
        #expect(
            try JSONWriter.string(.object(history))
                == #"{"_type":"mask","sha256":"\#(file.sha256.hex)","size":\#(file.byteCount),"path":"\#(file.path)"}"#)
        let record = named.labelRecord(key: "a", group: "ground truth")
        #expect(record.path == ["_wandb", "mask/class_labels", "a_wandb_delimeter_ground truth"])
        #expect(
            try JSONWriter.string(record.value)
                == #"{"type":"mask/class_labels","key":"a_wandb_delimeter_ground truth","value":{"1":"tree","0":"sky"}}"#
        )
        let plain = try mask([5, 1, 1, 2]).labelRecord(key: "a", group: "g")
        #expect(plain.value["value"] == ["1": "class_1", "2": "class_2", "5": "class_5"])
    }

    @Test("a mask in a file is copied byte for byte under its own extension")
    func copies() throws {
        let temporary = try TemporaryFolder()
        let folder = try MediaFolder(path: temporary.path + "/run")
        let png = try PNGEncoder().encode(try mask([0, 1, 2, 3, 4, 5]).source)
        for (name, ending) in [("m.png", ".png"), ("a.b.mask.PNG", ".PNG"), ("plain", ""), (".hidden", "")] {
            let path = temporary.path + "/" + name
            try Data(png).write(to: URL(fileURLWithPath: path))
            let copy = try SegmentationMask.copySidecar(fileAt: path, to: folder, key: "mk", step: .step(1))
            #expect(copy.file.path == "media/images/mask/mk_1_\(copy.file.sha256.hex.prefix(20))\(ending)")
            #expect(copy.width == 3 && copy.height == 2)
            #expect(try readBytes(temporary.path + "/run/" + copy.file.path) == png)
        }
        let broken = temporary.path + "/broken.png"
        try Data(png.dropLast(20)).write(to: URL(fileURLWithPath: broken))
        for path in [broken, temporary.path + "/none.png"] {
            #expect(throws: MediaError.self) {
                _ = try SegmentationMask.copySidecar(fileAt: path, to: folder, key: "broken", step: .step(1))
            }
        }
        let written =
            FileManager.default.enumerator(atPath: temporary.path + "/run")?.compactMap { $0 as? String } ?? []
        #expect(written.allSatisfy { !$0.contains("broken_1") })
    }

    @Test("files of every kind of one number per pixel are read as Pillow reads them", .python("PIL"))
    func files() throws {
        for name in ["gray.png", "gray16.png", "palette.png", "bilevel.png"] {
            let path = Fixtures.path("images/" + name)
            let script = """
                from PIL import Image
                image = Image.open(given)
                result = np.array(image).astype(int).ravel().tolist()
                """
            let mask = try SegmentationMask(contentsOf: path)
            #expect(ids(mask) == (try python(script, .string(path))).integers, "\(name)")
        }
    }

    @Test("colours are classes where it is said which")
    func colors() throws {
        let bytes: [UInt8] = [255, 0, 0, 0, 255, 0, 255, 0, 0, 1, 2, 3]
        let png = try PNGEncoder().encode(try Tensor(bytes, shape: [2, 2, 3]).picture())
        let red = Palette.Color(red: 255, green: 0, blue: 0)
        let green = Palette.Color(red: 0, green: 255, blue: 0)
        let dark = Palette.Color(red: 1, green: 2, blue: 3)
        #expect(
            ids(try SegmentationMask(file: png.span.bytes, colors: [red: 3, green: 700, dark: 0])) == [3, 700, 3, 0])
        let unknown = try #require(throws: MediaError.self) {
            try SegmentationMask(file: png.span.bytes, colors: [red: 3, green: 1])
        }
        #expect(
            unknown.code == .maskColor && unknown.location.field == "mask[1][1]" && unknown.message.contains("#010203"))
        let none = try #require(throws: MediaError.self) { try SegmentationMask(file: png.span.bytes) }
        #expect(none.code == .maskColor)
        #expect(throws: MediaError.self) { try SegmentationMask(file: png.span.bytes, colors: [red: -1]) }
        let lossy = try #require(throws: MediaError.self) {
            try SegmentationMask(contentsOf: Fixtures.path("images/gray.jpg"))
        }
        #expect(lossy.code == .maskLossy && lossy.location.file?.hasSuffix("gray.jpg") == true)
    }

    @Test("what wandb made of masks is what we make", .shared, .python("numpy"))
    func oracle() throws {
        let oracle = try #require(Fixtures.shared) + "/oracle/"
        let names = try FileManager.default.contentsOfDirectory(atPath: oracle).filter { $0.hasPrefix("image-mask--") }
        var compared = 0
        for name in names.sorted() { compared += try compare(oracle + name) }
        #expect(compared >= 10)
    }

    /// Compares the masks of one recorded case; returns how many files were compared.
    private func compare(_ folder: String) throws -> Int {
        let json = try JSONReader.parse(try readText(folder + "/case.json"))
        let files = json["expect"]?["files"]?.array ?? []
        var compared = 0
        for group in json["args"]?["masks"]?.object?.members ?? [] {
            guard let data = group.value["mask_data"]?["$npy"]?.string else { continue }
            let tensor = try TensorFile.open(folder + "/" + data).onlyTensor()
            // Ids above 255 are refused when they are written; fractions are a hazard that is refused here.
            let isRefused = folder.contains("--invalid.") || folder.contains("--float-fractions")
            if isRefused {
                let report = SegmentationMask.validate(tensor)
                #expect(report.hasErrors != folder.contains("over255"), "\(folder)")
                continue
            }
            guard let path = self.path(of: group.name, in: json), let pixels = self.pixels(of: path, in: files)
            else { continue }
            let expected = try TensorFile.open(folder + "/" + pixels).onlyTensor()
            let mask = try SegmentationMask(tensor)
            let numbers = expected.values().map { Int($0) }
            #expect(ids(mask) == numbers, "\(folder)")
            #expect(mask.source.format == .gray)
            compared += 1
        }
        return compared
    }

    /// The path that the history has for the mask of a group.
    private func path(of group: String, in json: JSONValue) -> String? {
        guard let key = json["log"]?["key"]?.string, let history = json["expect"]?["history"]?[key] else { return nil }
        return history["masks"]?[group]?["path"]?.string
    }

    /// The name of the file with the pixels of a file.
    private func pixels(of path: String, in files: [JSONValue]) -> String? {
        for file in files where file["path"]?.string == path { return file["pixels"]?.string }
        return nil
    }
}
