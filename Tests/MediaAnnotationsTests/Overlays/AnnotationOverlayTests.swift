import Foundation
import MediaAnnotations
import TestSupport
import Testing

@Suite("Overlays")
struct AnnotationOverlayTests {
    private let width = 48, height = 36

    /// A smooth picture, the same in every run.
    private func picture() throws -> any PixelSource {
        let (width, height) = (width, height)
        var samples: [UInt8] = []
        for y in 0..<height {
            for x in 0..<width { samples += [UInt8(x * 5), UInt8(y * 7), UInt8((x + y) * 3)] }
        }
        return try Tensor(samples, shape: [height, width, 3]).picture()
    }

    private func mask() throws -> SegmentationMask {
        var ids: [UInt8] = []
        for y in 0..<height {
            for x in 0..<width { ids.append(x < 10 ? 0 : y < 18 ? 1 : 2) }
        }
        return try SegmentationMask(try Tensor(ids, shape: [height, width]))
    }

    private func quiet() -> OverlayStyle {
        var style = OverlayStyle(legend: .none)
        style.shapes.chips = []
        style.shapes.lineWidth = 2
        return style
    }

    @Test("masks are blended and frames are laid over them, as NumPy computes it", .python("numpy"))
    func blend() throws {
        let box = try BoundingBox(
            minX: 12, maxX: 40, minY: 8, maxY: 28, domain: .pixel, classID: 3,
            color: Palette.Color(red: 250, green: 10, blue: 20))
        let overlay = try AnnotationOverlay(
            picture(), masks: ["m": mask()], boxes: ["b": BoundingBoxGroup([box])], style: quiet())
        let color = CategoryPalette.distinct
        let script = """
            y, x = np.mgrid[:36, :48]
            base = np.stack([x * 5, y * 7, (x + y) * 3], -1).astype(np.uint8).astype(int)
            ids = np.where(x < 10, 0, np.where(y < 18, 1, 2))
            colors = np.array(given["colors"])
            a = np.array([0, 128, 128])[ids][..., None]
            out = (base * (255 - a) + colors[ids] * a + 127) // 255
            frame = (x >= 11) & (x < 41) & (y >= 7) & (y < 29) & ~((x >= 13) & (x < 39) & (y >= 9) & (y < 27))
            out[frame] = [250, 10, 20]
            result = out.ravel().tolist()
            """
        let colors = (0..<3).map { id -> [Int] in
            let c = color.color(for: id)
            return [Int(c.red), Int(c.green), Int(c.blue)]
        }
        let expected = try python(script, ["colors": .array(colors.map { JSONValue($0) })]).integers
        #expect(try render(overlay).map { Int($0) } == expected)
        #expect(overlay.report.hiddenPixels == 10 * 36 && overlay.report.drawn == 1)
    }

    @Test("a clip's frames carry annotations")
    func clip() throws {
        let frames = try ArrayFrames([try picture(), try picture()], frameRate: try FrameRate(4))
        let mask = try mask()
        let style = quiet()
        let mapped = try frames.mapFrames { (index, frame) throws(MediaError) in
            try AnnotationOverlay(frame, masks: index == 1 ? ["m": mask] : [:], style: style)
        }
        let first = try #require(try mapped.frame(0)), second = try #require(try mapped.frame(1))
        #expect(try render(first) == render(picture()))
        #expect(try render(second) == render(AnnotationOverlay(picture(), masks: ["m": mask], style: style)))
    }

    @Test("asking for a class by name shows it, background or not, and hiding wins")
    func classes() throws {
        let labels = try ClassLabels(["background", "road", "car"].enumerated().map { ImageClass(id: $0, name: $1) })
        let named = try SegmentationMask(mask().tensor, labels: labels)
        func hidden(_ change: (inout AnnotationFilter) -> Void) throws -> Int {
            var filter = AnnotationFilter()
            change(&filter)
            return try AnnotationOverlay(picture(), masks: ["m": named], style: quiet(), filter: filter).report
                .hiddenPixels
        }
        #expect(try hidden { _ in } == 10 * 36)
        #expect(try hidden { $0.classes = ["background"] } == 38 * 36)
        #expect(try hidden { $0.hiddenClasses = ["1"] } == 10 * 36 + 38 * 18)
        #expect(
            try hidden {
                $0.classes = ["car", "road"]; $0.hiddenClasses = ["car"]
            } == 10 * 36 + 38 * 18)
    }

    @Test("where names would cover a small picture, they are left out and counted")
    func small() throws {
        let box = try BoundingBox(minX: 0.1, maxX: 0.6, minY: 0.4, maxY: 0.95, classID: 1)
        let overlay = try AnnotationOverlay(picture(), boxes: ["b": BoundingBoxGroup([box])])
        #expect(overlay.report.droppedNames == 1)
        #expect(overlay.report.findings.map(\.code) == [.drawingChipsDropped])
        let large = try AnnotationOverlay(enlarged(picture()), boxes: ["b": BoundingBoxGroup([box])])
        #expect(large.report.droppedNames == 0)
    }

    @Test("goldens are drawn as they were, pixel by pixel, on any bands", arguments: ["masks", "boxes", "shapes"])
    func goldens(_ name: String) throws {
        let overlay = try Self.golden(name, over: enlarged(picture()))
        let path = Fixtures.path("overlays/\(name).png")
        if ProcessInfo.processInfo.environment["TENSOR_MEDIA_WRITE_GOLDENS"] != nil {
            let sink = try FileSink(path: path)
            _ = try PNGEncoder(.init(preset: .smallest, reduction: .never)).encode(overlay, to: sink)
            _ = try sink.commit()
        }
        let golden = try FileContents.open(path).withBytes { try PNGDecoder().decode($0) }
        #expect((golden.width, golden.height) == (overlay.width, overlay.height))
        #expect(try render(overlay) == golden.pixels)
    }

    /// Lines, points and chips differ by less than a twelfth of the scale anywhere: where an edge passes a pixel, 64 samples of it
    /// are that coarse. On the average it is a 150th.
    @Test(
        "goldens are what Pillow draws at eight times the size; text is legible and inside its chip",
        .python("PIL", "numpy"), arguments: ["masks", "boxes", "shapes"])
    func independentDrawing(_ name: String) throws {
        let style = TextStyle(typeface: VectorTypeface.embedded, size: 11)
        let widths = ["Straße", "μ-car", "Straße 0.87", "class_1", "class_2", "class_3"].map { text in
            (text, JSONValue.number(TextLayout(text, style: style).width))
        }
        let colors = (0..<4).map { id -> JSONValue in
            let color = CategoryPalette.distinct.color(for: id)
            return JSONValue([Int(color.red), Int(color.green), Int(color.blue)])
        }
        let found = try python(
            GoldenScenes.script,
            [
                "name": .string(name), "path": .string(Fixtures.path("overlays/\(name).png")),
                "colors": .array(colors), "widths": .object(JSONObject(widths)),
            ])
        let most = try #require(found["most"]?.double), mean = try #require(found["mean"]?.double)
        #expect(most <= 20 && mean <= 1.6, "\(most) \(mean)")
        #expect(found["elsewhere"]?.integer == 0)
        let faults = try #require(found["texts"]?.array)
        #expect(!faults.isEmpty && faults.allSatisfy { $0.string == "" }, "\(faults)")
    }

    /// The picture five times as large, so that there is room for names.
    private func enlarged(_ picture: any PixelSource) throws -> any PixelSource {
        try ResizedSource(picture, width: 240, height: 180, filter: .nearest)
    }

    private static func golden(_ name: String, over picture: any PixelSource) throws -> AnnotationOverlay {
        let mask = try Self().mask().resized(width: 240, height: 180)
        let labels = try ClassLabels(["void", "Straße", "μ-car"].enumerated().map { ImageClass(id: $0, name: $1) })
        switch name {
        case "masks":
            var style = OverlayStyle()
            style.masks.outline = 2
            return try AnnotationOverlay(
                picture, masks: ["m": SegmentationMask(mask.tensor, labels: labels)], style: style)
        case "boxes":
            let boxes = try BoundingBoxGroup(
                [
                    BoundingBox(minX: 0.1, maxX: 0.6, minY: 0.4, maxY: 0.95, classID: 1, scores: ["acc": 0.87]),
                    BoundingBox(middle: Point(x: 180, y: 60), width: 90, height: 70, domain: .pixel, classID: 2),
                ], labels: labels)
            let truth = try BoundingBoxGroup([BoundingBox(minX: 0.15, maxX: 0.66, minY: 0.5, maxY: 0.9, classID: 1)])
            return try AnnotationOverlay(picture, boxes: ["pred": boxes, "truth": truth])
        default:
            let skeleton = try Skeleton(names: ["head", "hip", "foot"], edges: [.init(0, 1), .init(1, 2)])
            return try AnnotationOverlay(
                picture,
                shapes: [
                    "all": ShapeGroup([
                        .oriented(
                            OrientedBox(
                                center: Point(x: 70, y: 60), width: 80, height: 40, angle: 0.5, domain: .pixel,
                                classID: 1)),
                        .polygon(
                            PolygonAnnotation(
                                [Point(x: 140, y: 20), Point(x: 220, y: 50), Point(x: 160, y: 100)], domain: .pixel,
                                classID: 2)),
                        .keypoints(
                            KeypointSet(
                                [
                                    .init(Point(x: 50, y: 120)), .init(Point(x: 100, y: 140), .hidden),
                                    .init(Point(x: 150, y: 160)),
                                ], skeleton: skeleton, domain: .pixel, classID: 3)),
                    ])
                ])
        }
    }
}
