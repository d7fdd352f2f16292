import MediaAnnotations
import TestSupport
import Testing

@Suite("Masks of data sets") struct DataSetMaskTests {
    @Test("Fractions are scaled, circles are filled, later shapes lie over earlier ones") func shapes() throws {
        let yolo = try WalkedSet(dataSet("yolo"))
        #expect(try yolo.images[0].mask() == nil)
        let polygon = try #require(yolo.images[1].annotations.first)
        guard case .polygons(let polygons)? = polygon.shape else { throw ProgramFailure("no polygon") }
        let pixels = polygons[0].flatMap { [$0.x * 64, $0.y * 48] }
        #expect(try polygon.region(width: 64, height: 48) == RunLengths(polygon: pixels, width: 64, height: 48))

        let labelMe = try WalkedSet(dataSet("labelme"))
        let circle = try #require(labelMe.annotations.first { if case .circle = $0.shape { true } else { false } })
        guard case .circle(_, let radius)? = circle.shape else { return }
        let area = Double(try #require(try circle.region(width: 64, height: 48)).area)
        #expect(abs(area - .pi * radius * radius) < 4 * radius)
    }

    @Test("Without a size there is no mask, with runs of another size neither") func refusals() throws {
        var options = DataSetOptions()
        options.findsPictures = false
        let yolo = try WalkedSet(dataSet("yolo"), options: options)
        let error = #expect(throws: MediaError.self) { try yolo.images[1].mask() }
        #expect(error?.code == .argumentInvalid)
        var image = try WalkedSet(dataSet("coco")).images[0]
        image.width = 63
        #expect(throws: MediaError.self) { try image.mask() }
    }
}
