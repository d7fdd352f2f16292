import ImageCoding
import MediaAnnotations
import MediaCore
import TensorIO
import TestSupport
import Testing

@Suite("pictures of data sets with what is on them") struct DataSetOverlayTests {
    /// A gray picture of 40×30.
    private func picture() throws -> any PixelSource {
        try Tensor([UInt8](repeating: 100, count: 40 * 30 * 3), shape: [30, 40, 3]).pictures(PictureOptions())[0]
    }

    /// The first image of a COCO file with these annotations; class 70000 and class 1 are there.
    private func image(_ annotations: String, width: Int = 40) throws -> DataSetImage {
        let folder = try TemporaryFolder()
        try folder.write(
            """
            {"images": [{"id": 1, "file_name": "a.png", "width": \(width), "height": 30}], "annotations": [\(annotations)],
             "categories": [{"id": 1, "name": "cat"}, {"id": 70000, "name": "far"}]}
            """, to: "a.json")
        var options = DataSetOptions()
        options.findsPictures = false
        return try #require(try WalkedSet(folder.path("a.json"), options: options).images.first)
    }

    @Test("An outline that cannot be drawn is a warning with its place; the box beside it is drawn")
    func partly() throws {
        let flat =
            #"{"id": 1, "image_id": 1, "category_id": 1, "bbox": [4, 4, 9, 9], "segmentation": [[4, 4, 8, 8, 12, 12]]}"#
        let overlay = try AnnotationOverlay(try picture(), annotations: try image(flat))
        #expect(overlay.report.drawn == 1)
        #expect(overlay.report.findings.map { "\($0.code) \($0.path)" }.first == "shape.empty annotations[0].points")
    }

    @Test("A class that no mask can hold keeps its outline; its inside has no colour")
    func farClass() throws {
        let far =
            #"{"id": 1, "image_id": 1, "category_id": 70000, "bbox": [4, 4, 9, 9], "segmentation": [[4, 4, 12, 4, 12, 12]]}"#
        let overlay = try AnnotationOverlay(try picture(), annotations: try image(far))
        #expect(overlay.report.drawn == 1 && overlay.height == 30)
        #expect(overlay.report.findings.first?.code == .maskIDRange)
    }

    @Test("Annotations for a picture of another size are an error that names both")
    func otherSize() throws {
        let error = #expect(throws: MediaError.self) {
            try AnnotationOverlay(try picture(), annotations: try image("", width: 50))
        }
        #expect(error?.code == .dataSetPictureSize)
        #expect(error?.message == "the picture has 40×30 pixels, its annotations are for 50×30")
    }

    @Test("Names of the filter that are not on this picture are told apart from findings")
    func missingNames() throws {
        var filter = AnnotationFilter()
        filter.classes = ["dog"]
        filter.hiddenGroups = ["boxes"]
        let box = #"{"id": 1, "image_id": 1, "category_id": 1, "bbox": [4, 4, 9, 9]}"#
        let overlay = try AnnotationOverlay(try picture(), annotations: try image(box), filter: filter)
        #expect(overlay.report.hiddenByClass == 1 && overlay.report.drawn == 0)
        #expect(overlay.report.missingNames.map(\.value) == ["dog"] && overlay.report.findings.isEmpty)
    }
}
