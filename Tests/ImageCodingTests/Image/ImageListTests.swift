import ImageCoding
import MediaCore
import TensorIO
import TestSupport
import Testing

@Suite("Lists of pictures")
struct ImageListTests {
    private func images(_ count: Int, captions: [String?] = []) throws -> [Image] {
        try (0..<count).map {
            try Image(counting(1, 2, from: 2 * $0 + 10), caption: $0 < captions.count ? captions[$0] : nil)
        }
    }

    private func write(
        _ list: ImageList, _ box: MediaBox, _ compatibility: Compatibility = .standard
    ) throws -> MediaRecord {
        try list.write(to: box.folder, key: "list", step: .step(4), compatibility: compatibility)
    }

    @Test("a list is one value that names its files in order")
    func plain() throws {
        let box = try MediaBox()
        let record = try images(3).write(to: box.folder, key: "list", step: .step(4), compatibility: .standard)
        let names = record.files.map { JSONValue.string($0.path) }
        #expect(
            record.json
                == [
                    "_type": "images/separated", "width": 2, "height": 1, "format": "png", "count": 3,
                    "filenames": .array(names),
                ])
        #expect(record.json.object?.members.map(\.name).prefix(3) == ["_type", "width", "height"])
        for (index, file) in record.files.enumerated() {
            #expect(try box.pixels(file.path) == [UInt8(2 * index + 10), UInt8(2 * index + 11)])
        }
        #expect(record.file == nil)
        #expect(record.findings.isEmpty)
    }

    @Test("no picture at all is an empty array")
    func empty() throws {
        let box = try MediaBox()
        let record = try write(ImageList([]), box)
        #expect(record.json == [])
        #expect(record.files.isEmpty && box.disk.files().isEmpty)
    }

    @Test(
        "captions are kept when any picture has one, and null stands for those without",
        arguments: [
            [nil, nil, nil], ["a", "b", "c"], ["a", nil, nil], [nil, nil, "c"], [nil, "", nil],
        ] as [[String?]])
    func captions(captions: [String?]) throws {
        let box = try MediaBox()
        let list = ImageList(try images(3, captions: captions))
        let all = Optional(JSONValue.array(captions.map { $0.map(JSONValue.string) ?? .null }))
        let none: JSONValue? = .none
        let hasAny = captions.contains { $0 != nil }
        #expect(try write(list, box).json["captions"] == (hasAny ? all : none))
        // The SDK looks at the first one only, and loses the others without it.
        #expect(try write(list, box, .wandb(.v0_31)).json["captions"] == (captions[0] != nil ? all : none))
    }

    @Test("sizes and groupings that differ are kept, which the wandb rules lose")
    func sizesAndGroupings() throws {
        let box = try MediaBox()
        let list = ImageList([
            try Image(counting(2, 3)), try Image(counting(2, 3, from: 9), grouping: 2), try Image(counting(5, 4)),
        ])
        let record = try write(list, box)
        #expect(record.json["sizes"] == [[3, 2], [3, 2], [4, 5]])
        #expect(record.json["groupings"] == [0, 2, 0])
        #expect(record.json["width"] == 3 && record.json["height"] == 2)
        #expect(record.findings.map(\.code) == [.sizesDiffer])
        #expect(record.findings.first?.value == "1")
        let wandb = try write(list, box, .wandb(.v0_31))
        #expect(wandb.json["sizes"] == nil && wandb.json["groupings"] == nil)
        #expect(wandb.findings.map(\.code) == [.sizesDiffer])
    }

    @Test("sizes that must be equal name the first picture that differs")
    func requireEqual() throws {
        let box = try MediaBox()
        var list = ImageList(try images(4), sizes: .requireEqual)
        #expect(try write(list, box).json["count"] == 4)
        list.images[2] = try Image(counting(2, 2))
        list.images[3] = try Image(counting(3, 3))
        let before = box.disk.files()
        let error = #expect(throws: MediaError.self) { try write(list, box) }
        #expect(error?.code == .shapeInvalid)
        #expect(error?.location.field == "[2]")
        #expect(error?.message.contains("2×2") == true && error?.message.contains("2×1") == true)
        #expect(box.disk.files() == before)
    }

    @Test("smaller pictures are set on black at the top left, and counted")
    func padToLargest() throws {
        let box = try MediaBox()
        let color = try Image(
            Tensor([10, 20, 30] as [UInt8], shape: [1, 1, 3]), options: PictureOptions { $0.layout = .hwc })
        let list = ImageList(
            [
                try Image(counting(2, 1, from: 5), caption: "tall"), color,
                try Image(counting(2, 3, from: 1)),
            ],
            sizes: .padToLargest)
        let record = try write(list, box)
        #expect(record.json["width"] == 3 && record.json["height"] == 2)
        #expect(record.json["sizes"] == nil)
        #expect(record.json["captions"] == ["tall", .null, .null])
        #expect(try box.pixels(record.files[0].path) == [5, 0, 0, 6, 0, 0])
        #expect(try box.pixels(record.files[1].path) == [10, 20, 30] + [UInt8](repeating: 0, count: 15))
        #expect(try box.pixels(record.files[2].path) == [1, 2, 3, 4, 5, 6])
        #expect(record.findings.map(\.code) == [.sizesDiffer])
        #expect(record.findings.first?.value == "2")

        let files = ImageList(
            [try Image(counting(90, 90)), try Image(contentsOf: Fixtures.path("images/rgb.png"))], sizes: .padToLargest)
        let error = #expect(throws: MediaError.self) { try write(files, box) }
        #expect(error?.code == .unsupported)
        #expect(error?.location.field == "[1]")
    }

    @Test("too many pictures are an error unless the caller chose otherwise")
    func overflowError() throws {
        let box = try MediaBox()
        #expect(try write(ImageList(try images(108)), box).json["count"] == 108)
        let error = #expect(throws: MediaError.self) { try write(ImageList(images(109)), box) }
        #expect(error?.code == .limitExceeded)
        #expect(error?.location.field == "[108]")
        #expect(error?.hint?.contains(".split") == true)
        #expect(throws: MediaError.self) { try write(ImageList([], limit: 0), box) }
    }

    @Test("the rest of a list is left out and counted")
    func truncation() throws {
        let box = try MediaBox()
        let list = ImageList(try images(7, captions: ["a"]), limit: 3, overflow: .truncate)
        let record = try write(list, box)
        #expect(record.json["count"] == 3)
        #expect(record.json["captions"] == ["a", .null, .null])
        #expect(record.files.count == 3 && box.disk.files().count == 3)
        #expect(record.findings.map(\.code) == [.limitExceeded])
        #expect(record.findings.first?.message.contains("4 of 7") == true)
        // The SDK drops them too, whatever was chosen.
        let wandb = try write(ImageList(try images(7), limit: 3), box, .wandb(.v0_31))
        #expect(wandb.json["count"] == 3)
        #expect(wandb.findings.map(\.code) == [.limitExceeded])
    }

    @Test("a long list becomes several, named by the place of their first picture; nothing is lost")
    func split() throws {
        let box = try MediaBox()
        let captions: [String?] = [nil, nil, nil, nil, "e", nil, nil]
        let record = try write(ImageList(try images(7, captions: captions), limit: 3, overflow: .split), box)
        #expect(record.json.object?.members.map(\.name) == ["0", "3", "6"])
        #expect(record.json["0"]?["count"] == 3 && record.json["3"]?["count"] == 3 && record.json["6"]?["count"] == 1)
        #expect(record.json["0"]?["captions"] == nil)
        #expect(record.json["3"]?["captions"] == [.null, "e", .null])
        let names = ["0", "3", "6"].flatMap { record.json[$0]?["filenames"]?.array ?? [] }
        #expect(names == record.files.map { .string($0.path) })
        #expect(names.count == 7)
        #expect(record.findings.map(\.code) == [.limitExceeded])
        #expect(record.findings.first?.message.contains("7 pictures became 3 lists") == true)
    }

    @Test("identical pictures share one file")
    func sharing() throws {
        let box = try MediaBox()
        let same = try Image(counting(3, 3))
        let record = try write(ImageList([same, try Image(counting(3, 3, from: 1)), same]), box)
        let names = try #require(record.json["filenames"]?.array)
        #expect(names.count == 3 && names[0] == names[2] && names[0] != names[1])
        #expect(box.disk.files().count == 2)
        #expect(record.files.map(\.isShared) == [false, false, true])
    }

    @Test("formats and files may be mixed; the value names the format of the first")
    func mixed() throws {
        let box = try MediaBox()
        let bitmap = PictureOptions { $0.fileType = .bmp }
        let list = ImageList([
            try Image(counting(40, 60), options: bitmap), try Image(contentsOf: Fixtures.path("images/palette.gif")),
            try Image(counting(40, 60, from: 3)),
        ])
        let record = try write(list, box)
        #expect(record.json["format"] == "bmp")
        #expect(record.files.map { $0.path.split(separator: ".").last } == ["bmp", "gif", "png"])
        #expect(try box.disk.bytes(record.files[1].path) == (try Fixtures.bytes("images/palette.gif")))
    }

    @Test("findings and failures name the place in the list")
    func places() throws {
        let box = try MediaBox()
        let holes = try Image(try Tensor([0, .nan] as [Float], shape: [1, 2]))
        let record = try write(ImageList([try Image(counting(1, 2, from: 7)), holes]), box)
        #expect(record.findings.map(\.path) == ["[1].values"])
        struct Broken: PixelSource {
            let width = 2, height = 1
            let format = PixelFormat.gray
            func fill(rows: Range<Int>, into band: inout MutableRawSpan, tally: inout PixelTally) throws(MediaError) {
                throw MediaError(.argumentInvalid, "no pixels")
            }
        }
        let error = #expect(throws: MediaError.self) {
            try write(ImageList(images(5) + [Image(Broken())], limit: 3, overflow: .split), box)
        }
        #expect(error?.location.field?.hasPrefix("[5]") == true)
    }
}
