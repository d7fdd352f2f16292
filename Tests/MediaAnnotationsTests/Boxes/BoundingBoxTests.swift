import MediaAnnotations
import TestSupport
import Testing

@Suite("Bounding boxes")
struct BoundingBoxTests {
    @Test(
        "a box that breaks a rule cannot be made, and the error names the number",
        arguments: [
            (.minMax(minX: .nan, maxX: 0.2, minY: 0, maxY: 1), .percentage, "value.not-finite", "position.minX"),
            (.minMax(minX: 0, maxX: 0.2, minY: 0, maxY: .infinity), .pixel, "value.not-finite", "position.maxY"),
            (.minMax(minX: 0.9, maxX: 0.1, minY: 0, maxY: 1), .percentage, "box.inverted", "position.maxX"),
            (.minMax(minX: 0, maxX: 1, minY: 0.5, maxY: 0.5), .percentage, "box.empty", "position.maxY"),
            (.minMax(minX: 0, maxX: 1.4, minY: 0, maxY: 1), .percentage, "box.outside", "position.maxX"),
            (.minMax(minX: -0.01, maxX: 1, minY: 0, maxY: 1), .percentage, "box.outside", "position.minX"),
            (.minMax(minX: 0, maxX: 1e10, minY: 0, maxY: 1), .pixel, "value.out-of-range", "position.maxX"),
            (.middle(x: 0.5, y: 0.5, width: 0, height: 0.1), .percentage, "box.empty", "position.width"),
            (.middle(x: 0.5, y: 0.5, width: 0.1, height: -1), .pixel, "box.inverted", "position.height"),
            (.middle(x: 0.5, y: 0.5, width: 1e-30, height: 0.1), .percentage, "box.empty", "position.width"),
            (.middle(x: 0.9, y: 0.5, width: 0.3, height: 0.1), .percentage, "box.outside", "position.width"),
            (.middle(x: 3, y: 0.5, width: 1, height: 0.1), .percentage, "box.outside", "position.middle[0]"),
        ] as [(BoundingBox.Position, BoundingBox.Domain, MediaError.Code, String)])
    func rules(
        position: BoundingBox.Position, domain: BoundingBox.Domain, code: MediaError.Code, field: String
    ) throws {
        let error = try #require(throws: MediaError.self) { try BoundingBox(position, domain: domain) }
        #expect(error.code == code)
        #expect(error.location.field == field)
        #expect(error.hint != nil && error.report?.count == 1)
    }

    @Test("pixels taken for fractions get the hint that helps, and everything that is wrong is reported")
    func hint() throws {
        let error = try #require(throws: MediaError.self) {
            try BoundingBox(minX: 10, maxX: 200, minY: 30, maxY: .nan, scores: ["acc": .infinity, "b": 1, "acc": 0])
        }
        #expect(error.report?.findings.map(\.path) == ["position.maxY", "scores[\"acc\"]", "scores[\"acc\"]"])
        let outside = try #require(throws: MediaError.self) {
            try BoundingBox(minX: 10, maxX: 200, minY: 30, maxY: 40)
        }
        #expect(outside.report?.count == 4)
        #expect(outside.hint == "pass domain: .pixel for pixel coordinates")
    }

    @Test("rounding to 32-bit floats does not put a box outside")
    func floats() throws {
        let (x, width) = (Double(Float(0.85)), Double(Float(0.3)))
        #expect(x + width / 2 > 1)
        #expect(throws: Never.self) { try BoundingBox(.middle(x: x, y: 0.5, width: width, height: 1)) }
    }

    @Test("boxes of other programs have the edges that those programs mean")
    func formats() throws {
        let size = try ImageSize(width: 100, height: 50)
        let coco = try BoundingBox.coco(x: 10, y: 20, width: 30, height: 5, classID: 3)
        #expect(coco.rectangle(in: size) == Rectangle(minX: 10, minY: 20, maxX: 40, maxY: 25))
        #expect(try coco.coco(in: size) == (10, 20, 30, 5))
        #expect(try coco.yolo(in: size) == (0.25, 0.45, 0.3, 0.1))
        #expect(try BoundingBox.yolo(x: 0.25, y: 0.45, width: 0.3, height: 0.1).coco(in: size).x == 10)
        #expect(try coco.pascalVOC(in: size) == (11, 21, 40, 25))
        let one = try BoundingBox.pascalVOC(xmin: 1, ymin: 1, xmax: 1, ymax: 1)
        #expect(one.rectangle(in: size) == Rectangle(minX: 0, minY: 0, maxX: 1, maxY: 1))
        #expect(try one.pascalVOC(in: size) == (1, 1, 1, 1))
        let thin = try BoundingBox(minX: 7.6, maxX: 8.2, minY: 0, maxY: 50, domain: .pixel)
        #expect(try thin.pascalVOC(in: size) == (8, 1, 8, 50))
        let error = #expect(throws: MediaError.self) { try BoundingBox.coco(x: 1, y: 1, width: -2, height: 1) }
        #expect(error?.location.field == "position.width")
    }

    @Test("every edge moves by half a pixel at the most on the way to Pascal VOC and back")
    func pascalVOC() throws {
        var random = SeededGenerator(seed: 3)
        for _ in 0..<100_000 {
            let size = try ImageSize(width: random.integer(1...5000), height: random.integer(1...5000))
            let box = try randomBox(.pixel, .minMax, size, &random)
            let voc = try box.pascalVOC(in: size)
            let back = try BoundingBox.pascalVOC(
                xmin: Double(voc.xmin), ymin: Double(voc.ymin), xmax: Double(voc.xmax), ymax: Double(voc.ymax))
            let (a, b) = (box.rectangle(in: size), back.rectangle(in: size))
            // A box under a pixel becomes a pixel; its edges move by up to one.
            let limit = min(a.width, a.height) < 1 ? 1 : 0.5
            #expect(abs(a.minX - b.minX) <= limit && abs(a.maxX - b.maxX) <= limit)
            #expect(abs(a.minY - b.minY) <= limit && abs(a.maxY - b.maxY) <= limit)
            #expect((1...size.width).contains(voc.xmin) && (voc.xmin...size.width).contains(voc.xmax))
        }
    }

    @Test("cutting keeps what is on the picture and counts the rest")
    func clipping() throws {
        let size = try ImageSize(width: 10, height: 10)
        let boxes = try [
            BoundingBox(minX: -5, maxX: 5, minY: 2, maxY: 12, domain: .pixel),
            BoundingBox(minX: 1, maxX: 2, minY: 1, maxY: 2, domain: .pixel),
            BoundingBox(minX: 10, maxX: 12, minY: 1, maxY: 2, domain: .pixel),
            BoundingBox(middle: Point(x: 0, y: 5), width: 4, height: 2, domain: .pixel),
        ]
        let (kept, clipping) = BoundingBox.clipped(boxes, to: size)
        #expect(clipping.cut == 2 && clipping.vanished == 1)
        #expect(
            kept.map(\.position) == [
                .minMax(minX: 0, maxX: 5, minY: 2, maxY: 10), .minMax(minX: 1, maxX: 2, minY: 1, maxY: 2),
                .middle(x: 1, y: 5, width: 2, height: 2),
            ])
    }
}

/// A box on a picture, in any form.
func randomBox(
    _ domain: BoundingBox.Domain, _ form: BoundingBox.Form, _ size: ImageSize, _ random: inout SeededGenerator
) throws -> BoundingBox {
    func edges(_ side: Int) -> (Double, Double) {
        let scale = domain == .pixel ? Double(side) : 1
        let (a, b) = (random.unit(), random.unit())
        return (min(a, b) * scale, max(a, b) * scale)
    }
    let (x, y) = (edges(size.width), edges(size.height))
    switch form {
    case .minMax: return try BoundingBox(minX: x.0, maxX: x.1, minY: y.0, maxY: y.1, domain: domain)
    case .middle:
        return try BoundingBox(
            .middle(x: (x.0 + x.1) / 2, y: (y.0 + y.1) / 2, width: x.1 - x.0, height: y.1 - y.0), domain: domain)
    }
}
