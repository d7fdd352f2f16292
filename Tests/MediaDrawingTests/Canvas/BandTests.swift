import MediaDrawing
import TestSupport
import Testing

@Suite("A canvas in bands")
struct BandTests {
    /// A canvas with something of every kind on it.
    static func canvas(seed: UInt64, _ width: Int, _ height: Int, _ format: PixelFormat) throws -> Canvas {
        var generator = SeededGenerator(seed: seed)
        var canvas = try Canvas(over: ArrayPixels(random: width, height, format, using: &generator))
        func point() -> Point {
            Point(x: generator.double(-20, Double(width) + 20), y: generator.double(-20, Double(height) + 20))
        }
        for _ in 0..<40 {
            let parts = generator.bytes(4)
            let color = Palette.Color(red: parts[0], green: parts[1], blue: parts[2], alpha: parts[3] | 15)
            let a = point(), b = point()
            let box = Rectangle(minX: min(a.x, b.x), minY: min(a.y, b.y), maxX: max(a.x, b.x), maxY: max(a.y, b.y))
            let path = Path([.move(a), .cubic(point(), point(), b), .line(point()), .quadratic(point(), point())])
            switch generator.below(8) {
            case 0: canvas.fill(path, color: color, rule: generator.pick(FillRule.allCases))
            case 1:
                canvas.stroke(
                    path,
                    style: StrokeStyle(
                        width: generator.double(0.1, 9), cap: generator.pick(StrokeStyle.Cap.allCases),
                        join: generator.pick(StrokeStyle.Join.allCases),
                        dashes: generator.chance(0.5) ? [generator.double(0, 9), 3] : []), color: color)
            case 2: canvas.fill(box, color: color)
            case 3: canvas.stroke(box, width: generator.double(0.2, 6), color: color)
            case 4: canvas.fillDisc(at: a, radius: generator.double(0, 30), color: color)
            case 5: canvas.drawArrow(from: a, to: b, width: generator.double(0.5, 5), color: color)
            case 6: canvas.strokeCircle(at: a, radius: generator.double(0, 30), width: 2, color: color)
            default:
                canvas.draw(
                    "lo lo?", at: a,
                    style: TextStyle(
                        typeface: StubTypeface(), size: generator.double(3, 150), color: color,
                        halo: .init(color: .black, width: 1.5)))
            }
        }
        return canvas
    }

    @Test("Rows come out the same in any bands, at odd addresses too", arguments: 0..<24)
    func bands(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed &+ 100)
        let format = generator.pick([PixelFormat.rgb, .rgba, .rgb16, .rgba16, .gray, .bilevel])
        let canvas = try Self.canvas(
            seed: seed, generator.integer(1...90), generator.integer(1...130), format)
        let whole = try render(canvas)
        var row = 0
        var pieces: [UInt8] = []
        while row < canvas.height {
            let rows = row..<min(canvas.height, row + generator.integer(1...40))
            pieces += try render(canvas, rows: rows, misalignment: generator.below(2))
            row = rows.upperBound
        }
        #expect(firstDifference(whole, pieces) == nil)
    }

    @Test("An encoder's threads change no byte")
    func threads() throws {
        let canvas = try Self.canvas(seed: 77, 900, 700, .rgb)
        func encoded(_ count: Int) throws -> [UInt8] {
            let encoder = PNGEncoder(.init(pool: WorkerPool(threadCount: count)))
            let sink = MemorySink()
            _ = try encoder.encode(canvas, to: sink)
            return sink.bytes
        }
        #expect(firstDifference(try encoded(1), try encoded(4)) == nil)
    }

    @Test("Later shapes lie over earlier ones, however many there are", .python("numpy"))
    func order() throws {
        var generator = SeededGenerator(seed: 9)
        var canvas = try Canvas(over: ArrayPixels(300, 700, all: [0, 0, 0]))
        var numbers: [Int32] = []
        for _ in 0..<20_000 {
            let x = generator.below(300), y = generator.below(700), w = generator.integer(2...60),
                h = generator.integer(2...60)
            let bytes = generator.bytes(3)
            let color = Palette.Color(red: bytes[0], green: bytes[1], blue: bytes[2])
            // A frame of one pixel, on whole pixels.
            let box = Rectangle(x: Double(x) + 0.5, y: Double(y) + 0.5, width: Double(w), height: Double(h))
            canvas.stroke(box, width: 1, color: color)
            numbers += [x, y, w, h].map { Int32($0) } + bytes.map { Int32($0) }
        }
        let script = """
            import sys
            import numpy as np
            picture = np.zeros((800, 400, 3), np.uint8)
            for x, y, w, h, *c in np.frombuffer(sys.stdin.buffer.read(), np.int32).reshape(-1, 7):
                picture[y, x:x + w + 1] = picture[y + h, x:x + w + 1] = c
                picture[y:y + h + 1, x] = picture[y:y + h + 1, x + w] = c
            sys.stdout.buffer.write(np.ascontiguousarray(picture[:700, :300]).tobytes())
            """
        #expect(
            firstDifference(try render(canvas), try PythonTools.run(script, input: bytes(of: numbers)).output) == nil)
    }
}
