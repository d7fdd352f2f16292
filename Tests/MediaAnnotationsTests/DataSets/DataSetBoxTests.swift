import MediaAnnotations
import TestSupport
import Testing

@Suite("Boxes and shapes of data sets") struct DataSetBoxTests {
    @Test("All four formats say the same boxes of the same pictures") func sameBoxes() throws {
        let size = try ImageSize(width: 64, height: 48)
        let voc = try WalkedSet(dataSet("voc")).images[0]
        let expected = try voc.boxes().map { try $0.coco(in: size) }
        #expect(expected.count == 3)
        let coco = try WalkedSet(dataSet("coco")).images[0]
        // COCO marks the floor first and an axis last.
        let cocoBoxes = try coco.boxes().dropFirst().dropLast().map { try $0.coco(in: size) }
        let yolo = try WalkedSet(dataSet("yolo")).images[0].boxes().map { try $0.coco(in: size) }
        #expect(cocoBoxes.elementsEqual(expected, by: ==))
        // Six decimals of a fraction.
        let isNear = { (a: Double, b: Double) in abs(a - b) < 1e-4 }
        #expect(
            yolo.elementsEqual(expected) {
                isNear($0.x, $1.x) && isNear($0.y, $1.y) && isNear($0.width, $1.width) && isNear($0.height, $1.height)
            })
    }

    @Test("Scores, polygons and keypoints are carried over") func shapes() throws {
        let set = try WalkedSet(dataSet("coco"))
        let annotations = set.images[0].annotations
        let polygon = try #require(try annotations[1].polygons().first)
        #expect(polygon.points.count == 4 && polygon.classID == 2 && polygon.domain == .pixel)
        let points = try #require(try annotations.last?.keypointSet(set.skeletons[7]))
        #expect(points.skeleton.names == ["left", "middle", "right"] && points.points.last?.visibility == .unlabeled)
        #expect(try annotations[1].keypointSet() == nil && annotations[0].polygons().isEmpty)
        var scored = annotations[1]
        scored.score = 0.5
        #expect(try scored.boundingBox()?.scores["score"] == 0.5)
    }
}
