import MediaAnnotations
import Testing

@Suite("Turned boxes, polygons, keypoints")
struct ShapeTests {
    @Test("a turned box has its corners where a turn puts them")
    func oriented() throws {
        let size = try ImageSize(width: 200, height: 100)
        let box = try OrientedBox(center: Point(x: 0.5, y: 0.5), width: 0.2, height: 0.1, angle: .pi / 2)
        let expected = [(105.0, 30.0), (105, 70), (95, 70), (95, 30)]
        for (corner, (x, y)) in zip(box.corners(in: size), expected) {
            #expect(abs(corner.x - x) < 1e-9 && abs(corner.y - y) < 1e-9)
        }
        let error = try #require(throws: MediaError.self) {
            try OrientedBox(center: Point(x: .nan, y: 30), width: 0, height: -1, angle: .infinity)
        }
        #expect(error.report?.findings.map(\.path) == ["center.x", "center.y", "width", "height", "angle"])
    }

    @Test("polygons have an area, and say when their outline crosses itself")
    func polygon() throws {
        let size = try ImageSize(width: 10, height: 10)
        func points(_ values: [(Double, Double)]) -> [Point] { values.map { Point(x: $0.0, y: $0.1) } }
        let square = try PolygonAnnotation(points([(0, 0), (1, 0), (1, 1), (0, 1)]))
        #expect(square.area == 1 && square.findings.isEmpty)
        #expect(square.bounds(in: size) == Rectangle(minX: 0, minY: 0, maxX: 10, maxY: 10))
        let crossing = try PolygonAnnotation(points([(0, 0), (4, 4), (4, 0), (0, 2)]), domain: .pixel)
        #expect(crossing.findings.map(\.path) == ["points[0]"])
        for (corners, code, path) in [
            ([(0, 0), (1, 1)], .shapeEmpty, "points"), ([(0, 0), (0.5, 0.5), (1, 1)], .shapeEmpty, "points"),
            ([(0, 0), (1, .nan), (1, 1)], .valueNotFinite, "points[1].y"),
            ([(0, 0), (1, 0), (7, 1)], .boxOutside, "points[2].x"),
        ] as [([(Double, Double)], MediaError.Code, String)] {
            let error = #expect(throws: MediaError.self) { try PolygonAnnotation(points(corners)) }
            #expect(error?.code == code && error?.location.field == path)
        }
    }

    @Test("keypoints are joined where both ends are known")
    func keypoints() throws {
        let size = try ImageSize(width: 10, height: 10)
        let skeleton = try Skeleton(names: ["a", "b", "c"], edges: [.init(0, 1), .init(1, 2)])
        let set = try KeypointSet(coco: [1, 2, 2, 3, 4, 1, 0, 0, 0], skeleton: skeleton)
        #expect(set.path(in: size).elements == [.move(Point(x: 1.5, y: 2.5)), .line(Point(x: 3.5, y: 4.5))])
        #expect(set.points.map(\.visibility) == [.visible, .hidden, .unlabeled])
        // What an unlabelled point's numbers are does not matter.
        #expect(throws: Never.self) { try KeypointSet(coco: [1, 2, 2, 3, 4, 1, .nan, 0, 0], skeleton: skeleton) }
        for (numbers, code) in [
            ([1, 2, 2], .shapeInvalid), ([1, 2, 3, 3, 4, 1, 0, 0, 0], .valueOutOfRange),
            ([1, 2, 0.5, 3, 4, 1, 0, 0, 0], .valueOutOfRange), ([.nan, 2, 2, 3, 4, 1, 0, 0, 0], .valueNotFinite),
        ] as [([Double], MediaError.Code)] {
            let error = #expect(throws: MediaError.self) { try KeypointSet(coco: numbers, skeleton: skeleton) }
            #expect(error?.code == code)
        }
        let error = #expect(throws: MediaError.self) {
            try Skeleton(names: ["a", "b"], edges: [.init(0, 2), .init(-1, 0), .init(1, 1), .init(0, 1)])
        }
        #expect(error?.report?.count == 3)
    }
}
