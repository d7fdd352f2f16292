import MediaDrawing
import Testing

@Suite("Geometry of drawings")
struct GeometryTests {
    @Test("rectangles meet, hold each other and shrink")
    func rectangles() {
        let a = Rectangle(x: 1, y: 2, width: 4, height: 6)
        let b = Rectangle(minX: 3, minY: 0, maxX: 9, maxY: 4)
        #expect(a.intersection(b) == Rectangle(minX: 3, minY: 2, maxX: 5, maxY: 4))
        #expect(a.union(b) == Rectangle(minX: 1, minY: 0, maxX: 9, maxY: 8))
        #expect(a.intersects(b) && !a.intersects(b.moved(x: 2, y: 0)))
        #expect(a.inset(by: 2).isEmpty && !a.inset(by: 1.5).isEmpty)
        #expect(Rectangle(minX: .nan, minY: 0, maxX: 1, maxY: 1).isEmpty)
        #expect(a.center == Point(x: 3, y: 5))
    }

    @Test("a path keeps its steps and can be moved as a whole")
    func paths() {
        let path = Path(Rectangle(x: 0, y: 0, width: 2, height: 1))
        let moved = path.map { $0 + Point(x: 10, y: 20) }
        #expect(
            moved.elements == [
                .move(Point(x: 10, y: 20)), .line(Point(x: 12, y: 20)), .line(Point(x: 12, y: 21)),
                .line(Point(x: 10, y: 21)), .close,
            ])
        #expect(Path(through: []).isEmpty)
    }
}
