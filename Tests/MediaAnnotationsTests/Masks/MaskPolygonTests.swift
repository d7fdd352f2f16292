import MediaAnnotations
import TestSupport
import Testing

@Suite("Polygons of COCO")
struct MaskPolygonTests {
    private static let script = """
        from pycocotools import mask as coco
        result = []
        for case in given:
            runs = coco.frPyObjects([case["p"]], case["h"], case["w"])
            result.append(runs[0]["counts"].decode())
        """

    private func polygon(_ kind: Int, _ random: inout SeededGenerator) -> [Double] {
        let corners = random.integer(3...30)
        func coordinate(_ index: Int) -> Double {
            switch kind % 6 {
            case 0: random.double(0, 40)
            case 1: Double(random.integer(-5...45))  // whole numbers, ties of all kinds
            case 2: Double(random.integer(-40...400)) / 10 + 0.1 * Double(random.below(3))  // fifths and halves of them
            case 3: random.double(-100, 150)
            case 4: random.double(-0.3, 3.3)
            default: random.chance(0.02) ? random.double(-3e4, 3e4) : random.double(0, 40)
            }
        }
        return (0..<2 * corners).map(coordinate)
    }

    @Test("2,000 random polygons cover the pixels that they cover for pycocotools", .python("pycocotools"))
    func pycocotools() throws {
        var random = SeededGenerator(seed: 77)
        var cases: [(polygon: [Double], width: Int, height: Int)] = []
        for i in 0..<2000 {
            cases.append((polygon(i, &random), random.integer(1...50), random.integer(1...50)))
        }
        // Corners that stand twice, edges that go back on themselves, a point, a line.
        cases.append(([1, 1, 1, 1, 8, 1, 8, 1, 8, 8, 8, 8, 1, 8], 10, 10))
        cases.append(([1, 1, 8, 1, 4, 1, 4, 8, 4, 1], 10, 10))
        cases.append(([3, 3, 3, 3, 3, 3], 10, 10))
        cases.append(([2, 2, 7, 7, 2, 2], 10, 10))
        cases.append(([-3, -3, 13, -3, 13, 13, -3, 13], 10, 10))
        let given = cases.map { entry -> JSONValue in
            ["p": JSONValue(entry.polygon), "w": JSONValue(entry.width), "h": JSONValue(entry.height)]
        }
        let answers = try #require(try python(Self.script, .array(given)).array)
        #expect(answers.count == cases.count)
        var covered = 0
        for (entry, answer) in zip(cases, answers) {
            let runs = try RunLengths(polygon: entry.polygon, width: entry.width, height: entry.height)
            covered += runs.area
            #expect(runs.compressed == answer.string, "\(entry)")
        }
        #expect(covered > 100_000)
    }

    @Test("the parts of an object are united")
    func parts() throws {
        let parts: [[Double]] = [[0, 0, 4, 0, 4, 4, 0, 4], [2, 2, 6, 2, 6, 6, 2, 6]]
        let union = try RunLengths(polygons: parts, width: 8, height: 8)
        #expect(union.area == 28)
        var builder = try MaskBuilder(width: 8, height: 8)
        try builder.paint(polygons: parts, class: 1)
        #expect(ids(try builder.mask()) == ids(try SegmentationMask(union)))
        let error = try #require(throws: MediaError.self) {
            try RunLengths(polygons: parts + [[1, 2, 3]], width: 8, height: 8)
        }
        #expect(error.code == .polygonOdd)
    }

    @Test(
        "polygons that are wrong or odd",
        arguments: [
            ([1, 1, 5, 1, 5], ["polygon.odd"]), ([1, 1, 5, 5], ["polygon.short"]), ([], ["polygon.short"]),
            ([1, 1, .nan, 1, 5, .infinity], ["polygon.not-finite"]), ([1, 1, 1e30, 1, 5, 5], ["polygon.range"]),
            ([1, 1, 5, 1, 12, 5], ["polygon.outside"]), ([1, 1, 5, 5, 3, 3], ["polygon.area"]),
            ([0, 0, 8, 8, 8, 0, 0, 6], ["polygon.self-intersecting"]), ([0, 0, 8, 0, 8, 8], []),
            // A square with a hole, joined by a cut that is walked twice.
            ([0, 0, 9, 0, 9, 9, 0, 9, 0, 0, 3, 3, 3, 6, 6, 6, 6, 3, 3, 3], []),
        ] as [([Double], [String])])
    func validation(polygon: [Double], codes: [String]) {
        let report = MaskPolygon.validate(polygon, imageWidth: 10, imageHeight: 10, path: "segmentation[2]")
        #expect(report.findings.map(\.code.rawValue) == codes)
        #expect(report.findings.allSatisfy { $0.path.hasPrefix("segmentation[2]") })
    }

    @Test("a crossing is found with its edges and its place")
    func crossing() throws {
        let finding = try #require(
            MaskPolygon.validate([0, 0, 8, 8, 8, 0, 0, 8]).findings.first { $0.code == .polygonSelfIntersecting })
        #expect(finding.message.contains("edges 0 and 2 cross near (4.0, 4.0)") && finding.path == "polygon[0]")
    }

    @Test("crossings are those of comparing every edge with every other", arguments: 0..<40)
    func crossings(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let corners = random.integer(3...60)
        let polygon = (0..<2 * corners).map { _ in random.double(0, 100) }
        func side(_ a: Int, _ b: Int, _ c: Int) -> Double {
            (polygon[2 * b] - polygon[2 * a]) * (polygon[2 * c + 1] - polygon[2 * a + 1])
                - (polygon[2 * b + 1] - polygon[2 * a + 1]) * (polygon[2 * c] - polygon[2 * a])
        }
        var count = 0
        for i in 0..<corners {
            for k in 0..<i {
                let (a, b, c, d) = (i, (i + 1) % corners, k, (k + 1) % corners)
                if side(a, b, c) * side(a, b, d) < 0, side(c, d, a) * side(c, d, b) < 0 { count += 1 }
            }
        }
        let finding = MaskPolygon.validate(polygon).findings.first { $0.code == .polygonSelfIntersecting }
        #expect(Int(finding?.value ?? "0") == count)
    }

    @Test("many corners are looked at, however they lie")
    func many() {
        // A saw around a circle does not cross itself: all of it is looked at.
        var saw: [Double] = []
        var (x, y) = (1.0, 0.0)
        let turn = (cosine: 0.99999999802607912, sine: 6.2831853030e-5)
        for i in 0..<100_000 {
            (x, y) = (x * turn.cosine - y * turn.sine, x * turn.sine + y * turn.cosine)
            let radius = 500 + Double(i % 100) / 100
            saw += [500 + radius * x, 500 + radius * y]
        }
        #expect(MaskPolygon.validate(saw).findings.isEmpty)
        // Edges that all lie in the same boxes: looking ends somewhere, and says so.
        var zigzag: [Double] = []
        for i in 0..<20_000 { zigzag += i % 2 == 0 ? [0, Double(i)] : [1000, Double(i) + 50_000] }
        #expect(MaskPolygon.validate(zigzag).findings.map(\.code).contains(.polygonUnchecked))
    }

    @Test("corners far away and edges without end take no time")
    func far() throws {
        let runs = try RunLengths(polygon: [-6e7, -6e7, 6e7, -6e7, 6e7, 6e7, -6e7, 6e7], width: 30, height: 20)
        #expect(runs.counts == [0, 600])
        var zigzag: [Double] = []
        for i in 0..<40_000 { zigzag += [i % 2 == 0 ? -10 : 900_000, Double(i % 7)] }
        let error = try #require(throws: MediaError.self) {
            try RunLengths(polygon: zigzag, width: 900_000, height: 8)
        }
        #expect(error.code == .limitExceeded)
    }
}
