import Foundation
import MediaAnnotations
import TestSupport
import Testing

@Suite("Data sets on disk") struct AnnotatedDataSetTests {
    @Test(
        "The kind is found from folders and files",
        arguments: [
            ("coco", DataSetFormat.coco), ("coco/annotations", .coco), ("yolo", .yolo), ("yolo/data.yaml", .yolo),
            ("yolo/labels", .yolo), ("yolo/labels/train/view0.txt", .yolo), ("labelme", .labelMe),
            ("labelme/view0.json", .labelMe), ("voc", .voc), ("voc/Annotations/", .voc),
        ])
    func detection(path: String, format: DataSetFormat) throws {
        #expect(try DataSetFormat.detect(dataSet(path)) == format)
        // However it is named, the pictures are found.
        let set = try WalkedSet(dataSet(path))
        #expect(set.summary.pictureCount == set.images.count && set.images.count > 0, "\(set.codes)")
        #expect(set.summary.errorCount == 0)
    }

    @Test("What is of no kind or of several is refused with what to do") func undetected() throws {
        let folder = try TemporaryFolder()
        let none = #expect(throws: MediaError.self) { try DataSetFormat.detect(folder.path) }
        #expect(none?.code == .unrecognized)
        #expect(throws: MediaError.self) { try DataSetFormat.detect(folder.path("missing")) }
        try folder.write("<annotation/>", to: "a.xml")
        try folder.write("0 0.5 0.5 1 1", to: "b.txt")
        let several = #expect(throws: MediaError.self) { try DataSetFormat.detect(folder.path) }
        #expect(several?.message == "the folder has annotations of several kinds: YOLO and Pascal VOC")
        try folder.write("{\"a\": 1}", to: "c.json")
        #expect(throws: MediaError.self) { try DataSetFormat.detect(folder.path("c.json")) }
    }

    /// A LabelMe file that names a picture.
    private func annotations(of picture: String) throws -> String {
        try JSONWriter.string(["imagePath": .string(picture), "imageWidth": 60, "imageHeight": 40, "shapes": []])
    }

    @Test(
        "No picture outside the folder is found",
        arguments: [
            ("../out.png", "\"..\" leads out of it"), ("in/../../out.png", "\"..\" leads out of it"),
            ("/etc/hostname", "the path is absolute"), ("link.png", "a link leads to "), ("in\\a.png", "backslashes"),
            ("folder/out.png", "a link leads to "), ("a\u{0}.png", "NUL"), (".", "names the folder itself"),
        ])
    func confinement(name: String, reason: String) throws {
        let outer = try TemporaryFolder()
        let picture = try outer.write(try Fixtures.bytes("images/gray.png"), to: "out.png")
        try outer.write(try annotations(of: name), to: "set/a.json")
        try outer.makeFolder("set/in")
        try FileManager.default.createSymbolicLink(atPath: outer.path("set/link.png"), withDestinationPath: picture)
        try FileManager.default.createSymbolicLink(atPath: outer.path("set/folder"), withDestinationPath: outer.path)
        let set = try WalkedSet(outer.path("set"))
        #expect(set.images.first?.picture == nil && set.codes == ["path.invalid imagePath"])
        #expect(set.findings.first?.message.contains(reason) == true, "\(set.findings)")
    }

    @Test("Paths and links that stay inside are followed; a named folder of pictures is a root of its own")
    func insideFolder() throws {
        let outer = try TemporaryFolder()
        let picture = try outer.write(try Fixtures.bytes("images/gray.png"), to: "set/pictures/b.png")
        try outer.write(try annotations(of: "../pictures/./b.png"), to: "set/json/a.json")
        try FileManager.default.createSymbolicLink(atPath: outer.path("set/c.png"), withDestinationPath: picture)
        try outer.write(try annotations(of: "c.png"), to: "set/c.json")
        let set = try WalkedSet(outer.path("set"), format: .labelMe)
        #expect(
            set.codes.isEmpty
                && set.images.map(\.picture) == [outer.path("set/c.png"), outer.path("set/pictures/b.png")])
        // The link to the whole folder, as the caller may have one.
        try FileManager.default.createSymbolicLink(atPath: outer.path("other"), withDestinationPath: outer.path("set"))
        #expect(try WalkedSet(outer.path("other"), format: .labelMe).codes.isEmpty)
        var options = DataSetOptions()
        options.pictureFolder = outer.path("set/pictures")
        try outer.write(try annotations(of: "b.png"), to: "elsewhere/a.json")
        #expect(try WalkedSet(outer.path("elsewhere"), options: options).summary.pictureCount == 1)
    }

    @Test("Files of annotations that lead out of the folder are not read") func linkedAnnotations() throws {
        let outer = try TemporaryFolder()
        let secret = try outer.write(try annotations(of: "a.png"), to: "secret.json")
        try outer.makeFolder("set")
        try FileManager.default.createSymbolicLink(atPath: outer.path("set/a.json"), withDestinationPath: secret)
        let set = try WalkedSet(outer.path("set"), format: .labelMe)
        #expect(set.codes == ["path.invalid "])
    }

    @Test("A picture of another size is an error, turned by EXIF it fits either way") func sizes() throws {
        let folder = try TemporaryFolder()
        try folder.write(try Fixtures.bytes("images/exif-turned.jpg"), to: "turned.jpg")
        for (name, width, height) in [("a", 60, 40), ("b", 40, 60), ("c", 61, 40)] {
            try folder.write(
                "{\"imagePath\":\"turned.jpg\",\"imageWidth\":\(width),\"imageHeight\":\(height),\"shapes\":[]}",
                to: name + ".json")
        }
        try folder.write("{\"imagePath\":\"gone.jpg\",\"imageWidth\":1,\"imageHeight\":1,\"shapes\":[]}", to: "d.json")
        let set = try WalkedSet(folder.path)
        #expect(
            set.images.map { $0.report.findings.map(\.code) } == [
                [], [], [.dataSetPictureSize], [.dataSetPictureMissing],
            ])
        #expect(set.images[3].report.findings[0].severity == .warning)
    }

    @Test("Damaged files are findings or are read; whatever is kept keeps the rules") func mutations() throws {
        let seeds: [(DataSetFormat, String)] = [
            (.coco, "coco/annotations/instances_train.json"), (.yolo, "yolo/labels/train/view0.txt"),
            (.yolo, "yolo/labels/train/view1.txt"), (.labelMe, "labelme/view0.json"),
            (.voc, "voc/Annotations/view0.xml"),
        ]
        let folder = try TemporaryFolder()
        var random = SeededGenerator(seed: 31)
        var options = DataSetOptions()
        options.findsPictures = false
        var kept = 0
        for round in 0..<1500 {
            let (format, file) = seeds[round % seeds.count]
            let bytes = mutated(try Fixtures.bytes("annotations/" + file), using: &random)
            let path = try folder.write(bytes, to: "a." + (file.split(separator: ".").last.map(String.init) ?? ""))
            let set = try WalkedSet(path, format: format, options: options)
            for annotation in set.annotations {
                kept += 1
                if let box = annotation.box { #expect(!box.isEmpty && box.edges.allSatisfy(\.isFinite)) }
                if case .polygons(let polygons)? = annotation.shape {
                    #expect(polygons.allSatisfy { $0.count >= 3 && $0.allSatisfy(\.isFinite) })
                }
            }
            for finding in set.findings { #expect(finding.hint != nil, "\(finding)") }
        }
        #expect(kept > 500)
    }
}
