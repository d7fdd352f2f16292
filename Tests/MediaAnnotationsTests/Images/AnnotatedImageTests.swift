import MediaAnnotations
import TestSupport
import Testing

@Suite("Annotated images")
struct AnnotatedImageTests {
    private let folder: TemporaryFolder
    private let media: MediaFolder

    init() throws {
        folder = try TemporaryFolder()
        media = try MediaFolder(path: folder.path)
    }

    private func picture(_ width: Int, _ height: Int, caption: String? = nil) throws -> Image {
        try Image(
            try Tensor((0..<width * height * 3).map { UInt8($0 % 251) }, shape: [height, width, 3]), caption: caption)
    }

    private func mask(_ width: Int, _ height: Int, _ id: UInt8 = 1) throws -> SegmentationMask {
        try SegmentationMask(try Tensor([UInt8](repeating: id, count: width * height), shape: [height, width]))
    }

    @Test("every finding of every group is in the error, with its path")
    func findings() throws {
        let outside = try BoundingBox(minX: 2, maxX: 9, minY: 1, maxY: 3, domain: .pixel, classID: 1)
        let nameless = try BoundingBox(minX: 0, maxX: 1, minY: 0, maxY: 1)
        let error = try #require(throws: MediaError.self) {
            try AnnotatedImage(
                picture(8, 6), masks: ["ground truth": mask(6, 8)],
                boxes: ["pred": BoundingBoxGroup([nameless, outside])])
        }
        let errors = (error.report?.findings ?? []).filter { $0.severity == .error }
        #expect(errors.map(\.code) == [.maskSize, .boxClassMissing, .boxOutside])
        #expect(
            errors.map(\.path) == [
                #"masks["ground truth"].mask_data"#, #"boxes["pred"][0].class_id"#,
                #"boxes["pred"][1].position.maxX"#,
            ])
        #expect(errors.allSatisfy { $0.hint != nil })
        #expect(folder.files() == [])
    }

    @Test("masks are resized and boxes cut when that is asked for, and it is said")
    func fitting() throws {
        let outside = try BoundingBox(minX: 2, maxX: 9, minY: 1, maxY: 3, domain: .pixel, classID: 1)
        let gone = try BoundingBox(minX: 20, maxX: 21, minY: 1, maxY: 3, domain: .pixel, classID: 1)
        let image = try AnnotatedImage(
            picture(8, 6), masks: ["m": mask(4, 3)], boxes: ["b": BoundingBoxGroup([outside, gone])],
            fitting: .init(masks: .nearest, clipsBoxes: true))
        #expect((image.clipping.cut, image.clipping.vanished) == (1, 1))
        #expect(image.boxes["b"]?.boxes.map(\.position) == [.minMax(minX: 2, maxX: 8, minY: 1, maxY: 3)])
        guard case .ids(let fitted)? = image.masks["m"] else { throw MediaError(.argumentInvalid, "no mask") }
        #expect((fitted.width, fitted.height) == (8, 6))
        #expect(image.findings.map(\.code) == [.boxOutside])
    }

    @Test("lists of different sizes are refused, padded or kept; padded boxes stay where they are in pixels")
    func lists() throws {
        let box = try BoundingBox(minX: 0.25, maxX: 0.75, minY: 0, maxY: 0.5, classID: 2)
        let images = [
            try AnnotatedImage(
                picture(8, 6, caption: "a"), masks: ["m": mask(8, 6)], boxes: ["b": BoundingBoxGroup([box])]),
            try AnnotatedImage(picture(16, 4)),
        ]
        let error = #expect(throws: MediaError.self) {
            try AnnotatedImageList(images, sizes: .requireEqual).write(to: media, key: "k", step: .step(0))
        }
        #expect(error?.code == .shapeInvalid && error?.location.field == "[1]")

        let kept = try AnnotatedImageList(images).write(to: media, key: "k", step: .step(1))
        #expect(kept.json["all_masks"]?.array?.map { $0 == .null } == [false, true])
        #expect(kept.json["all_boxes"]?.array?.map { $0 == .null } == [false, true])
        #expect(kept.json["sizes"] == [[8, 6], [16, 4]])
        #expect(
            kept.configRecords.map(\.path) == [
                ["_wandb", "mask/class_labels", "k_wandb_delimeter_m"],
                ["_wandb", "bounding_box/class_labels", "k_wandb_delimeter_b"],
            ])

        let padded = try AnnotatedImageList(images, sizes: .padToLargest).write(to: media, key: "p", step: .step(2))
        let maskPath = try #require(padded.json["all_masks"]?.array?[0]["m"]?["path"]?.string)
        let decoded = try FileContents.open(folder.path(maskPath)).withBytes { try PNGDecoder().decode($0) }
        #expect((decoded.width, decoded.height) == (16, 6))
        #expect(decoded.pixels.reduce(0) { $0 + Int($1) } == 8 * 6)
        let boxPath = try #require(padded.json["all_boxes"]?.array?[0]["b"]?["path"]?.string)
        let moved = try BoxDocument(path: folder.path(boxPath)).groups["boxes"]?.boxes.first
        #expect(moved?.position == .minMax(minX: 0.125, maxX: 0.375, minY: 0, maxY: 0.5))
    }

    @Test("a failure names the group, and writes nothing under the wandb rules that they do not have")
    func wideIDs() throws {
        let wide = try SegmentationMask(try Tensor([300, 1] as [UInt16], shape: [1, 2]))
        let image = try AnnotatedImage(picture(2, 1), masks: ["p": wide])
        let error = #expect(throws: MediaError.self) {
            try image.write(to: media, key: "k", step: .step(0), compatibility: .wandb(.v0_31))
        }
        #expect(error?.location.field == #"masks["p"].mask_data"#)
        let record = try image.write(to: media, key: "k", step: .step(0))
        let path = try #require(record.json["masks"]?["p"]?["path"]?.string)
        let decoded = try FileContents.open(folder.path(path)).withBytes { try PNGDecoder().decode($0) }
        #expect(decoded.format == .gray16)
    }
}
