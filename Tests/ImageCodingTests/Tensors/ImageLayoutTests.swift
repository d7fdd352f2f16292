import ImageCoding
import MediaCore
import TensorIO
import TestSupport
import Testing

@Suite("Layouts are inferred by the documented rule")
struct ImageLayoutTests {
    private func pictures(
        _ shape: [Int], _ change: (inout PictureOptions) -> Void = { _ in }
    ) throws -> [any PixelSource] {
        try Tensor([UInt8](repeating: 9, count: shape.reduce(1, *)), shape: shape).pictures(PictureOptions(change))
    }

    private func failure(
        _ shape: [Int], _ change: (inout PictureOptions) -> Void = { _ in }
    ) -> MediaError? {
        #expect(throws: MediaError.self, "\(shape)") { _ = try pictures(shape, change) }
    }

    @Test(
        "Shapes and what they are read as: layout, width, height, format, number",
        arguments: [
            ([5, 7], "hw", 7, 5, PixelFormat.gray, 1), ([1, 1], "hw", 1, 1, .gray, 1),
            ([1, 7], "hw", 7, 1, .gray, 1), ([7, 1], "hw", 1, 7, .gray, 1),
            ([5, 7, 3], "hwc", 7, 5, .rgb, 1), ([5, 7, 4], "hwc", 7, 5, .rgba, 1), ([5, 7, 1], "hwc", 7, 5, .gray, 1),
            ([3, 5, 7], "chw", 7, 5, .rgb, 1), ([4, 5, 7], "chw", 7, 5, .rgba, 1), ([1, 5, 7], "chw", 7, 5, .gray, 1),
            ([1, 1, 3], "hwc", 1, 1, .rgb, 1),
            ([6, 5, 7, 3], "nhwc", 7, 5, .rgb, 6), ([6, 5, 7, 1], "nhwc", 7, 5, .gray, 6),
            ([6, 3, 5, 7], "nchw", 7, 5, .rgb, 6), ([1, 1, 5, 7], "nchw", 7, 5, .gray, 1),
            ([2, 4, 5, 7], "nchw", 7, 5, .rgba, 2),
        ])
    func inference(shape: [Int], layout: String, width: Int, height: Int, format: PixelFormat, count: Int) throws {
        let pictures = try pictures(shape)
        #expect(pictures.count == count)
        for picture in pictures {
            #expect(picture.facts.layout == layout)
            #expect((picture.width, picture.height) == (width, height))
            #expect(picture.format == format)
        }
    }

    @Test("An ambiguous shape is channels last, with a warning that names the other layout; strict refuses")
    func ambiguous() throws {
        for (shape, chosen, other) in [
            ([3, 5, 3], "hwc", "chw"), ([1, 7, 1], "hwc", "chw"), ([4, 7, 3], "hwc", "chw"),
            ([2, 3, 5, 4], "nhwc", "nchw"),
        ] {
            let picture = try #require(try pictures(shape).first)
            #expect(picture.facts.layout == chosen)
            let finding = try #require(picture.facts.findings.first)
            #expect(finding.code == .layoutAmbiguous && finding.severity == .warning)
            #expect(finding.hint?.contains(other) == true)
            let error = failure(shape) { $0.strictness = .strict }
            #expect(error?.code == .layoutAmbiguous)
            #expect(error?.hint?.contains(other) == true)
            // Said, it is no guess.
            let stated = try pictures(shape) {
                $0.layout = ImageLayout(rawValue: other)
                $0.strictness = .strict
            }
            #expect(stated.first?.facts.layout == other && stated.first?.facts.findings.isEmpty == true)
        }
    }

    @Test("Two channels are believed only when a mode with two is asked for")
    func twoChannels() throws {
        let mode = try PixelMode("gray-alpha")
        for (shape, layout) in [
            ([5, 7, 2], "hwc"), ([2, 5, 7], "chw"), ([3, 5, 7, 2], "nhwc"), ([3, 2, 5, 7], "nchw"),
        ] {
            let error = failure(shape)
            #expect(error?.code == .shapeInvalid)
            #expect(error?.hint?.contains("gray-alpha") == true && error?.hint?.contains(layout) == true)
            let stated = failure(shape) { $0.layout = ImageLayout(rawValue: layout) }
            #expect(stated?.code == .shapeInvalid && stated?.hint?.contains("gray-alpha") == true)
            let picture = try #require(try pictures(shape) { $0.mode = mode }.first)
            #expect(picture.facts.layout == layout && picture.format == .grayAlpha)
        }
    }

    @Test("Shapes that are no picture are refused, with the layouts that could be meant")
    func refused() {
        for (shape, words) in [
            ([5, 6, 7], ["nhw", "hwc", "chw"]), ([5, 6, 7, 8], ["nhwc", "nchw"]), ([], ["rows"]), ([9], ["rows"]),
            ([2, 3, 4, 5, 3], ["clips"]), ([1, 1, 1, 1, 1, 1], ["axes"]),
        ] {
            let error = failure(shape)
            #expect(error?.code == .shapeInvalid)
            #expect(error?.location.field == "shape")
            let axes = shape.count == 1 ? "1 axis" : "\(shape.count) axes"
            #expect(error?.message.contains(axes) == true || shape.count == 3 || shape.count == 4)
            for word in words { #expect(error?.hint?.contains(word) == true, "\(shape): \(error?.hint ?? "")") }
        }
    }

    @Test("A stated layout must have the shape's rank and 1 to 4 channels; the error says what fits")
    func stated() {
        let rank = failure([5, 6, 3]) { $0.layout = .hw }
        #expect(rank?.location.field == "layout")
        let channels = failure([5, 6, 3]) { $0.layout = .chw }
        #expect(channels?.code == .shapeInvalid)
        #expect(channels?.hint?.contains("hwc") == true)
    }

    @Test("A picture without a row or a column is refused", arguments: [[0, 5], [5, 0], [0, 5, 3], [2, 3, 0, 4]])
    func empty(shape: [Int]) {
        #expect(failure(shape)?.code == .shapeInvalid)
    }

    @Test("An empty batch is no pictures")
    func emptyBatch() throws {
        #expect(try pictures([0, 5, 5, 3]).isEmpty)
        let tensor = try Tensor([UInt8](), shape: [0, 5, 5, 3])
        #expect(throws: MediaError.self) { try tensor.picture() }
    }

    @Test("One picture is wanted: a batch says how many it is, unless it is one")
    func one() throws {
        #expect(try Tensor([UInt8](repeating: 0, count: 75), shape: [1, 5, 5, 3]).picture().width == 5)
        let error = #expect(throws: MediaError.self) {
            try Tensor([UInt8](repeating: 0, count: 150), shape: [2, 5, 5, 3]).picture()
        }
        #expect(error?.message.contains("2 pictures") == true)
    }
}
