import MediaAnnotations
import TestSupport
import Testing

@Suite("Drawing of shapes")
struct ShapeDrawingTests {
    private static let red = Palette.Color(red: 255, green: 0, blue: 0)

    private func canvas(_ width: Int = 120, _ height: Int = 90) throws -> Canvas {
        try Canvas(over: SolidColor(width: width, height: height))
    }

    /// Red, green and blue of a pixel.
    private func pixel(_ canvas: Canvas, _ x: Int, _ y: Int) throws -> [UInt8] {
        var row = [UInt8](repeating: 0, count: canvas.width * 3)
        var tally = PixelTally()
        var span = row.mutableSpan
        var bytes = span.mutableBytes
        try canvas.fill(rows: y..<y + 1, into: &bytes, tally: &tally)
        return Array(row[x * 3..<x * 3 + 3])
    }

    @Test("edges are where the box is, in its colour, and the inside is tinted")
    func edges() throws {
        var drawing = ShapeDrawing()
        drawing.lineWidth = 2
        drawing.fillOpacity = 0.5
        var canvas = try canvas()
        let box = try BoundingBox(minX: 20, maxX: 100, minY: 30, maxY: 70, domain: .pixel, color: Self.red)
        let report = try drawing.draw(["a": BoundingBoxGroup([box])], on: &canvas)
        #expect(report.shapes == 1 && report.droppedChips == 0)
        for (x, y, color) in [
            (19, 50, [255, 0, 0]), (20, 50, [255, 0, 0]), (18, 50, [0, 0, 0]), (21, 50, [128, 0, 0]),
            (60, 29, [255, 0, 0]),
            (60, 28, [0, 0, 0]), (60, 50, [128, 0, 0]), (100, 70, [255, 0, 0]), (101, 71, [0, 0, 0]),
        ] as [(Int, Int, [UInt8])] { #expect(try pixel(canvas, x, y) == color, "\(x) \(y)") }
    }

    @Test("chips have the colour of their class and stand above their boxes; lines of a second group are dashed")
    func chips() throws {
        var canvas = try canvas()
        let box = try BoundingBox(
            minX: 20, maxX: 100, minY: 30, maxY: 70, domain: .pixel, classID: 3, scores: ["acc": 0.5])
        let other = try BoundingBox(minX: 20, maxX: 100, minY: 80, maxY: 85, domain: .pixel, color: Self.red)
        let labels = try ClassLabels([ImageClass(id: 3, name: "mm")])
        let groups: AnnotationGroups<BoundingBoxGroup> = [
            "a": BoundingBoxGroup([box], labels: labels), "b": BoundingBoxGroup([other]),
        ]
        let report = try ShapeDrawing().draw(groups, on: &canvas)
        #expect(report.droppedChips == 0 && canvas.report.findings.isEmpty)
        let color = CategoryPalette.distinct.color(for: 3)
        #expect(try pixel(canvas, 25, 26) == [color.red, color.green, color.blue])
        let dashed = try (20..<100).map { try pixel(canvas, $0, 80) }
        #expect(dashed.contains([0, 0, 0]) && dashed.contains([255, 0, 0]))

        var silent = ShapeDrawing()
        silent.chips = []
        var plain = try self.canvas()
        _ = try silent.draw(groups, on: &plain)
        #expect(try pixel(plain, 25, 26) == [0, 0, 0])
    }

    @Test("chips that there is no place for are counted")
    func dropped() throws {
        var canvas = try canvas(64, 56)
        let boxes = try (0..<100).map { try BoundingBox(minX: 0.1, maxX: 0.9, minY: 0.1, maxY: 0.9, classID: $0) }
        let report = try ShapeDrawing().draw(["a": BoundingBoxGroup(boxes)], on: &canvas)
        #expect(report.shapes == 100 && report.droppedChips > 80 && report.droppedChips < 100)
        #expect(report.findings.map(\.value) == [String(report.droppedChips)])
        var few = ShapeDrawing()
        few.mostChips = 1
        #expect(try few.draw(["a": BoundingBoxGroup(boxes)], on: &canvas).droppedChips == 99)
    }

    @Test("turned boxes, polygons and keypoints are drawn where they are")
    func shapes() throws {
        var drawing = ShapeDrawing()
        drawing.lineWidth = 3
        var canvas = try canvas()
        let turned = try OrientedBox(
            center: Point(x: 60, y: 45), width: 40, height: 20, angle: .pi / 2, domain: .pixel, color: Self.red)
        #expect(try drawing.draw(["a": ShapeGroup([.oriented(turned)])], on: &canvas).shapes == 1)
        #expect(try pixel(canvas, 70, 45) == [255, 0, 0] && pixel(canvas, 80, 45) == [0, 0, 0])
        let polygon = try PolygonAnnotation(
            [Point(x: 5, y: 5), Point(x: 15, y: 5), Point(x: 5, y: 15)], domain: .pixel, color: Self.red)
        _ = try drawing.draw(["a": ShapeGroup([.polygon(polygon)])], on: &canvas)
        #expect(try pixel(canvas, 9, 5) == [255, 0, 0] && pixel(canvas, 14, 14) == [0, 0, 0])
        let skeleton = try Skeleton(names: ["a", "b", "c"], edges: [.init(0, 1), .init(1, 2)])
        let points = try KeypointSet(
            [
                .init(Point(x: 100, y: 10)), .init(Point(x: 100, y: 30), .hidden), .init(Point(x: 0, y: 0), .unlabeled),
            ], skeleton: skeleton, domain: .pixel, color: Self.red)
        _ = try drawing.draw(["a": ShapeGroup([.keypoints(points)])], on: &canvas)
        #expect(try pixel(canvas, 100, 20) == [255, 0, 0] && pixel(canvas, 96, 10) == [255, 0, 0])
        #expect(try pixel(canvas, 50, 15) == [0, 0, 0])
        #expect(canvas.report.findings.isEmpty)
    }
}

/// A black picture.
private struct SolidColor: PixelSource {
    let width: Int, height: Int
    var format: PixelFormat { .rgb }

    func fill(rows: Range<Int>, into band: inout MutableRawSpan, tally: inout PixelTally) throws(MediaError) {
        for offset in 0..<rows.count * width * 3 { band.storeBytes(of: 0, toByteOffset: offset, as: UInt8.self) }
    }
}
