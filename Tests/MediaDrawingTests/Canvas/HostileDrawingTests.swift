import MediaDrawing
import TestSupport
import Testing

@Suite("Drawing what cannot be drawn")
struct HostileDrawingTests {
    static let numbers: [Double] = [
        .nan, .infinity, -.infinity, .greatestFiniteMagnitude, -1e300, 1e13, 0x1p40, -0x1p40, .leastNonzeroMagnitude, 0,
        -0.0, 3.5, 1e9,
    ]

    @Test("Any numbers at all: no trap, and what was left out is counted")
    func numbers() throws {
        var generator = SeededGenerator(seed: 1)
        var canvas = try Canvas(over: ArrayPixels(20, 20, all: [9, 9, 9]))
        func number() -> Double { generator.pick(Self.numbers) }
        func point() -> Point { Point(x: number(), y: number()) }
        for _ in 0..<3000 {
            let box = Rectangle(minX: number(), minY: number(), maxX: number(), maxY: number())
            let path = Path([.line(point()), .cubic(point(), point(), point()), .quadratic(point(), point()), .close])
            let style = StrokeStyle(
                width: number(), cap: generator.pick(StrokeStyle.Cap.allCases),
                join: generator.pick(StrokeStyle.Join.allCases), miterLimit: number(),
                dashes: generator.chance(0.5) ? [number(), number()] : [], dashPhase: number())
            switch generator.below(8) {
            case 0: canvas.fill(path, color: .signal)
            case 1: canvas.stroke(path, style: style, color: .signal)
            case 2: canvas.fill(box, color: .signal, cornerRadius: number())
            case 3: canvas.stroke(box, width: number(), color: .signal, cornerRadius: number())
            case 4: canvas.fillDisc(at: point(), radius: number(), color: .signal)
            case 5: canvas.drawArrow(from: point(), to: point(), width: number(), color: .signal, headLength: number())
            case 6: canvas.strokeCircle(at: point(), radius: number(), width: number(), color: .signal)
            default:
                canvas.draw(
                    "lo\u{0}\u{1F600}", at: point(),
                    style: TextStyle(
                        typeface: StubTypeface(), size: number(), halo: .init(color: .signal, width: number())))
            }
        }
        #expect(canvas.report.invalidShapes > 1000)
        #expect(canvas.facts.findings.contains { $0.code == .drawingShapeInvalid })
        #expect(try render(canvas).count == 1200)
    }

    @Test("Shapes that are none are left out, their neighbours are not")
    func leftOut() throws {
        let drawn = try levels(3, 1) { canvas in
            canvas.fill(Rectangle(x: .nan, y: 0, width: 1, height: 1), color: .white)
            canvas.fill(Rectangle(minX: 2, minY: 0, maxX: 1, maxY: 1), color: .white)
            canvas.stroke(Path(through: [.zero, Point(x: .infinity, y: 0)]), width: 1, color: .white)
            canvas.stroke(Path(through: [.zero, Point(x: 3, y: 0)]), width: -1, color: .white)
            canvas.fill(Rectangle(x: 1, y: 0, width: 1, height: 1), color: .white)
            #expect(canvas.report.invalidShapes == 4)
        }
        #expect(drawn == [0, 255, 0])
    }

    @Test("A million segments are drawn, ten million are not and are counted")
    func manySegments() throws {
        var generator = SeededGenerator(seed: 2)
        var canvas = try Canvas(over: ArrayPixels(40, 40, all: [0, 0, 0]))
        let million = Path(
            through: (0..<1_000_000).map { _ in Point(x: generator.double(0, 40), y: generator.double(0, 20)) })
        canvas.fill(million, color: .signal)
        #expect(canvas.report == DrawingReport())
        let red = try samples(canvas)
        #expect(red[3 * (10 * 40 + 20)] == 255 && red[3 * (30 * 40 + 20)] == 0)
        var copies = Path()
        for _ in 0..<7 { copies.append(million) }
        canvas.fill(copies, color: .signal)
        #expect(canvas.report.excessiveShapes == 1)
        #expect(canvas.facts.findings.map(\.code) == [.drawingShapeExcessive])
    }

    @Test("A dashed line of a trillion pixels costs what is seen of it")
    func longDashes() throws {
        let drawn = try levels(30, 3) { canvas in
            canvas.stroke(
                Path(through: [Point(x: -1e11, y: 1.5), Point(x: 1e11, y: 1.5)]),
                style: StrokeStyle(width: 1, dashes: [2, 2]), color: .white)
            canvas.stroke(
                Path(circleAround: Point(x: 15, y: 1e9), radius: 1e9 - 1.5),
                style: StrokeStyle(width: 0.5, dashes: [1, 1]), color: .signal)
            #expect(canvas.report == DrawingReport())
        }
        #expect(drawn[30..<60].count { $0 == 255 } >= 14)
    }
}
