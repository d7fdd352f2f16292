import Foundation
import ImageCoding
import MediaCore
import TensorIO
import TestSupport
import Testing

/// A folder for media that goes when the test ends.
struct MediaBox {
    let disk: TemporaryFolder
    let folder: MediaFolder

    init() throws {
        disk = try TemporaryFolder()
        folder = try MediaFolder(path: disk.path)
    }

    /// The decoded pixels of a PNG that a record names.
    func pixels(_ path: String) throws -> [UInt8] {
        let bytes = try disk.bytes(path)
        return try render(PNGDecoder().decode(bytes.span.bytes))
    }
}

/// A gray tensor that counts from `first`.
func counting(_ height: Int, _ width: Int, from first: Int = 0) throws -> Tensor {
    try Tensor((0..<height * width).map { UInt8(truncatingIfNeeded: first + $0) }, shape: [height, width])
}

@Suite("Pictures as media items")
struct ImageTests {
    @Test("five lines make a file, its record and the value for the history")
    func fiveLines() throws {
        let box = try MediaBox()
        let values = (0..<3 * 2 * 4).map { Float($0) / 23 }

        let tensor = try Tensor(values, shape: [3, 2, 4])
        let options = PictureOptions { $0.layout = .chw }
        let image = try Image(tensor, options: options, caption: "epoch 3", grouping: 2)
        let record = try image.write(to: box.folder, key: "samples", step: .step(3))
        let path = try #require(record.path)

        let bytes = try box.disk.bytes(path)
        let digest = SHA256.of(bytes.span.bytes).hex
        #expect(path == "media/images/samples_3_\(digest.prefix(20)).png")
        #expect(
            try JSONWriter.string(record.json)
                == #"{"caption":"epoch 3","_type":"image-file","sha256":"\#(digest)","size":\#(bytes.count),"#
                + #""path":"\#(path)","format":"png","width":4,"height":2,"grouping":2}"#)
        #expect(box.disk.files() == [path])
        #expect(record.findings.isEmpty)
        let expected = (0..<8).flatMap { pixel in
            (0..<3).map { UInt8((values[$0 * 8 + pixel] * 255).rounded(.toNearestOrEven)) }
        }
        #expect(try box.pixels(path) == expected)
    }

    @Test("no caption and a group of none leave their members out; an empty caption stays")
    func optionalMembers() throws {
        let box = try MediaBox()
        let bare = try Image(counting(2, 2), grouping: 0).write(to: box.folder, key: "a", step: .step(0)).json
        #expect(bare["caption"] == nil && bare["grouping"] == nil)
        let empty = try Image(counting(2, 2), caption: "").write(to: box.folder, key: "a", step: .step(0)).json
        #expect(empty["caption"] == "")
        let classes = [ImageClass(id: 1, name: "tree")]
        let named = try Image(counting(2, 2), classes: classes).write(to: box.folder, key: "a", step: .step(0)).json
        #expect(named == bare)
    }

    @Test("keys with slashes make folders, and the summary has a name of its own")
    func keys() throws {
        let box = try MediaBox()
        let image = try Image(counting(3, 2))
        let nested = try image.write(to: box.folder, key: "val/night/cam", step: .step(12))
        #expect(nested.path?.hasPrefix("media/images/val/night/cam_12_") == true)
        let summary = try image.write(to: box.folder, key: "best", step: .summary)
        #expect(summary.path?.hasPrefix("media/images/best_summary_") == true)
        let escaping = try #require(try image.write(to: box.folder, key: "../../up", step: .step(0)).path)
        #expect(escaping.hasPrefix("media/images/") && !escaping.split(separator: "/").contains(".."))
        #expect(box.disk.files().count == 3)
    }

    @Test("what was guessed and lost is in the findings of the record")
    func findings() throws {
        let box = try MediaBox()
        let tensor = try Tensor([-40, 0, 3, .nan, 900, 7] as [Float], shape: [2, 3])
        let record = try Image(tensor).write(to: box.folder, key: "a", step: .step(0))
        #expect(record.findings.map(\.code) == [.valueRangeGuessed, .valueNotFinite])
        let options = PictureOptions { $0.mapping = .byte }
        let clipped = try Image(tensor, options: options).write(to: box.folder, key: "a", step: .step(0))
        #expect(clipped.findings.map(\.code) == [.valueOutOfRange, .valueNotFinite])
        #expect(clipped.findings.first?.value == "2")
    }

    @Test(
        "files of every format are passed on byte for byte",
        arguments: [
            ("rgb.png", 60, 40), ("gray16.png", 60, 40), ("rgb-444-progressive.jpg", 60, 40), ("cmyk.jpg", 60, 40),
            ("exif-turned.jpg", 60, 40), ("two-frames.gif", 60, 40), ("palette.bmp", 60, 40), ("lossy.webp", 60, 40),
            ("alpha.webp", 60, 40),
        ])
    func passThrough(name: String, width: Int, height: Int) throws {
        let box = try MediaBox()
        let bytes = try Fixtures.bytes("images/" + name)
        let image = try Image(contentsOf: Fixtures.path("images/" + name), caption: name)
        #expect(image.source == nil)
        let record = try image.write(to: box.folder, key: "file", step: .step(1))
        let path = try #require(record.path)
        #expect(try box.disk.bytes(path) == bytes)
        let type = String(try #require(name.split(separator: ".").last))
        #expect(path.hasSuffix("." + type))
        #expect(record.json["format"] == .string(type))
        #expect(record.json["width"]?.integer == Int64(width) || record.json["width"]?.integer == Int64(height))
        #expect(record.json["sha256"] == .string(SHA256.of(bytes.span.bytes).hex))
        #expect(record.json["size"]?.integer == Int64(bytes.count))
        #expect(record.findings.isEmpty)
    }

    @Test("an ending that lies is corrected and reported; the wandb rules keep it")
    func lyingEndings() throws {
        let box = try MediaBox()
        let path = try box.disk.write(try Fixtures.bytes("images/rgb.png"), to: "photo.jpg")
        let record = try Image(contentsOf: path).write(to: box.folder, key: "a", step: .step(0))
        #expect(record.path?.hasSuffix(".png") == true)
        #expect(record.json["format"] == "png")
        #expect(record.findings.map(\.code) == [.unrecognized])
        let wandb = Compatibility.wandb(.v0_31)
        let kept = try Image(contentsOf: path, compatibility: wandb)
            .write(to: box.folder, key: "a", step: .step(0), compatibility: wandb)
        #expect(kept.path?.hasSuffix(".jpg") == true)
        #expect(kept.json["format"] == "jpg")
    }

    @Test(
        "names without an ending, or an odd one",
        arguments: [
            ("photo", "png", ""), (".png", "png", ""), ("...png", "png", ""), ("photo.", "png", "."),
            ("a.b.PNG", "PNG", ".PNG"), ("a..png", "png", ".png"),
        ])
    func oddNames(name: String, format: String, ending: String) throws {
        let box = try MediaBox()
        let path = try box.disk.write(try Fixtures.bytes("images/gray.png"), to: name)
        let record = try Image(contentsOf: path).write(to: box.folder, key: "a", step: .step(0))
        #expect(record.json["format"] == .string(format))
        #expect(record.path?.hasSuffix("." + format) == true)
        let wandb = Compatibility.wandb(.v0_31)
        let kept = try Image(contentsOf: path, compatibility: wandb)
            .write(to: box.folder, key: "a", step: .step(0), compatibility: wandb)
        let digest = try #require(kept.sha256?.hex.prefix(20))
        #expect(kept.path == "media/images/a_0_\(digest)\(ending)")
        #expect(kept.json["format"] == .string(String(ending.dropFirst())))
    }

    @Test("what is no picture, ends early, is missing or is elsewhere is refused, with its name and a hint")
    func refusedFiles() throws {
        let disk = try TemporaryFolder()
        let cases: [(String, [UInt8]?, MediaError.Code)] = [
            ("empty.png", [], .unrecognized), ("text.png", Array("not a picture".utf8), .unrecognized),
            ("missing.png", nil, .fileNotFound),
            ("cut.png", try Fixtures.bytes("images/rgb.png").dropLast(40), .truncated),
            ("cut.jpg", try Fixtures.bytes("images/rgb-420.jpg").dropLast(40), .truncated),
            ("cut.gif", try Fixtures.bytes("images/palette.gif").dropLast(40), .truncated),
            ("cut.bmp", try Fixtures.bytes("images/rgb.bmp").dropLast(40), .truncated),
            ("cut.webp", try Fixtures.bytes("images/lossy.webp").dropLast(40), .truncated),
        ]
        for (name, bytes, code) in cases {
            if let bytes { try disk.write(bytes, to: name) }
            let error = #expect(throws: MediaError.self) { try Image(contentsOf: disk.path(name)) }
            #expect(error?.code == code, "\(name)")
            #expect(error?.location.file == disk.path(name))
            #expect(error?.hint != nil, "\(name)")
        }
        for url in ["s3://bucket/key.png", "gs://b/k.jpg", "https://example.org/a.png"] {
            let error = #expect(throws: MediaError.self) { try Image(contentsOf: url) }
            #expect(error?.code == .unsupported)
            #expect(error?.location.file == url)
            #expect(error?.hint?.contains("download") == true)
        }
    }

    @Test("a picture that cannot be written leaves no file")
    func nothingHalfWritten() throws {
        let box = try MediaBox()
        struct Broken: PixelSource {
            let width = 40, height = 4000
            let format = PixelFormat.gray
            func fill(rows: Range<Int>, into band: inout MutableRawSpan, tally: inout PixelTally) throws(MediaError) {
                if rows.upperBound > 2000 { throw MediaError(.argumentInvalid, "row 2000 is lost") }
            }
        }
        #expect(throws: MediaError.self) { try Image(Broken()).write(to: box.folder, key: "a", step: .step(0)) }
        #expect(box.disk.files().isEmpty)
    }

    @Test(
        "kinds of files are chosen by their ending, exactly",
        arguments: [
            ("png", ImageFileType.png), ("", .png), ("jpg", .jpg), ("jpeg", .jpeg), ("bmp", .bmp), ("PNG", nil),
            ("gif", nil), ("jpg ", nil),
        ])
    func fileTypes(name: String, type: ImageFileType?) throws {
        guard let type else {
            let error = #expect(throws: MediaError.self) { try ImageFileType(fileExtension: name) }
            #expect(error?.hint?.contains("png, jpg, jpeg, bmp") == true)
            return
        }
        let chosen = try ImageFileType(fileExtension: name)
        #expect(chosen == type)
        let box = try MediaBox()
        let options = PictureOptions { $0.fileType = chosen }
        let record = try Image(counting(8, 8), options: options).write(to: box.folder, key: "a", step: .step(0))
        #expect(record.json["format"] == .string(type.rawValue))
        let bytes = try box.disk.bytes(try #require(record.path))
        let header = try ImageHeader.read(bytes.span.bytes, name: record.path)
        #expect(header.findings.isEmpty)
        #expect(header.width == 8)
    }
}
