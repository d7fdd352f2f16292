import MediaAnnotations
import TestSupport
import Testing

@Suite("Places for captions")
struct ChipLayoutTests {
    private let bounds = Rectangle(x: 0, y: 0, width: 640, height: 480)

    @Test("a caption alone stands above its box, or inside where the picture ends")
    func alone() {
        func place(_ box: Rectangle) -> Rectangle? {
            ChipLayout([.init(box: box, width: 50, height: 10)], in: bounds).places[0]
        }
        #expect(
            place(Rectangle(x: 100, y: 100, width: 80, height: 40)) == Rectangle(x: 100, y: 90, width: 50, height: 10))
        #expect(place(Rectangle(x: 620, y: 2, width: 15, height: 40)) == Rectangle(x: 590, y: 0, width: 50, height: 10))
        #expect(place(Rectangle(x: .nan, y: 0, width: 1, height: 1)) == nil)
    }

    @Test("captions never overlap, lie on the picture, and are the same again")
    func overlap() {
        var random = SeededGenerator(seed: 4)
        func length(_ range: ClosedRange<Int>) -> Double { Double(random.integer(range)) + random.unit() }
        for count in [10, 200, 3000] {
            let labels = (0..<count).map { _ in
                let (x, y) = (length(-20...630), length(-20...470))
                return ChipLayout.Label(
                    box: Rectangle(x: x, y: y, width: length(1...200), height: length(1...200)),
                    width: length(5...90), height: length(6...14))
            }
            let layout = ChipLayout(labels, in: bounds, spacing: 1)
            let placed = layout.places.compactMap(\.self)
            #expect(placed.count + layout.dropped == count)
            if count == 10 { #expect(layout.dropped == 0) }
            for (index, place) in placed.enumerated() {
                #expect(place.minX >= 0 && place.minY >= 0 && place.maxX <= 640 && place.maxY <= 480)
                for other in placed[..<index] { #expect(!place.inset(by: -0.99).intersects(other)) }
            }
            #expect(layout == ChipLayout(labels, in: bounds, spacing: 1))
        }
    }

    @Test("boxes at one place get their captions around it as long as there is room")
    func stacked() {
        let box = Rectangle(x: 300, y: 200, width: 60, height: 60)
        let labels = [ChipLayout.Label](repeating: .init(box: box, width: 40, height: 10), count: 60)
        #expect(ChipLayout(labels, in: bounds).dropped == 0)
    }

    @Test("beyond the limit, and where the picture is full, captions are left out and counted")
    func dropped() {
        let label = ChipLayout.Label(box: Rectangle(x: 0, y: 0, width: 5, height: 5), width: 10, height: 10)
        let small = Rectangle(x: 0, y: 0, width: 21, height: 10)
        #expect(ChipLayout([label, label, label], in: small).dropped == 1)
        #expect(ChipLayout([label, label, label], in: bounds, limit: 2).dropped == 1)
        let huge = ChipLayout.Label(box: label.box, width: 1e9, height: 10)
        let empty = ChipLayout.Label(box: label.box, width: 0, height: 0)
        #expect(ChipLayout([huge, empty], in: bounds).dropped == 2)
        #expect(ChipLayout([label], in: Rectangle(x: 0, y: 0, width: 0, height: 0)).dropped == 1)
        #expect(ChipLayout([], in: bounds).dropped == 0)
    }
}
