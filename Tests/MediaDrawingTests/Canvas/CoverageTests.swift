import MediaDrawing
import TestSupport
import Testing

@Suite("Coverage of filled areas")
struct CoverageTests {
    /// The share of sample points of each pixel, 32 × 32, whose winding number is inside, times 255.
    private static let sampled = """
        import sys
        import numpy as np
        width, height, rule = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
        points = np.frombuffer(sys.stdin.buffer.read(), np.float64).reshape(-1, 2)
        n = 32
        xs = (np.arange(width * n) + 0.5) / n
        out = np.zeros((height, width))
        for row in range(height):
            for part in range(n):
                y = row + (part + 0.5) / n
                winding = np.zeros(width * n, int)
                for (x0, y0), (x1, y1) in zip(points, np.roll(points, -1, axis=0)):
                    if (y0 <= y) == (y1 <= y): continue
                    winding += np.where(x0 + (y - y0) * (x1 - x0) / (y1 - y0) <= xs, 1 if y0 <= y else -1, 0)
                inside = winding != 0 if rule == "nonZero" else winding % 2 == 1
                out[row] += inside.reshape(width, n).sum(axis=1)
        sys.stdout.buffer.write(np.rint(out / n / n * 255).astype(np.uint8).tobytes())
        """

    @Test("Polygons cover what sampling 1,024 points per pixel finds", .python("numpy"), arguments: FillRule.allCases)
    func polygons(rule: FillRule) throws {
        var generator = SeededGenerator(seed: 5)
        for _ in 0..<4 {
            let points = (0..<generator.integer(3...7)).map { _ in
                Point(x: generator.double(-15, 55), y: generator.double(-15, 45))
            }
            let ours = try levels(40, 30) { $0.fill(Path(through: points, isClosed: true), color: .white, rule: rule) }
            let theirs = try PythonTools.run(
                Self.sampled, arguments: ["40", "30", rule.rawValue], input: bytes(of: points.flatMap { [$0.x, $0.y] })
            ).output.map(Int.init)
            #expect(ours.count == theirs.count)
            // Where two edges cross in one pixel, areas of opposite windings cancel out.
            let differences = zip(ours, theirs).map { abs($0 - $1) }
            #expect(differences.count { $0 > 12 } <= 12, "\(differences.max() ?? 0)")
            #expect(Double(differences.reduce(0, +)) / Double(differences.count) < 0.6)
        }
    }

    /// Pillow's polygons hold their border pixels too: at 16 times the size, a thirty-second of a pixel on every side.
    @Test("Pillow's polygon at 16 times the size, made smaller, is the same within 24 levels", .python("PIL", "numpy"))
    func pillow() throws {
        let script = """
            import sys
            import numpy as np
            from PIL import Image, ImageDraw
            picture = Image.new("L", (64 * 16, 48 * 16))
            points = np.frombuffer(sys.stdin.buffer.read(), np.float64).reshape(-1, 2) * 16 - 0.5
            ImageDraw.Draw(picture).polygon([tuple(p) for p in points], fill=255)
            array = np.asarray(picture).reshape(48, 16, 64, 16).mean(axis=(1, 3))
            sys.stdout.buffer.write(np.rint(array).astype(np.uint8).tobytes())
            """
        for points in [
            [Point(x: 5.3, y: 4.1), Point(x: 58.2, y: 20.7), Point(x: 22.9, y: 44.4)],
            [
                Point(x: 8, y: 8), Point(x: 56, y: 6), Point(x: 30, y: 20), Point(x: 57, y: 43), Point(x: 33, y: 35),
                Point(x: 9, y: 41),
            ],
        ] {
            let ours = try levels(64, 48) { $0.fill(Path(through: points, isClosed: true), color: .white) }
            let theirs = try PythonTools.run(script, input: bytes(of: points.flatMap { [$0.x, $0.y] })).output
            let worst = zip(ours, theirs).reduce(0) { max($0, abs($1.0 - Int($1.1))) }
            #expect(ours.count == theirs.count && worst <= 24, "\(worst)")
            let mean = zip(ours, theirs).reduce(0) { $0 + abs($1.0 - Int($1.1)) }
            #expect(Double(mean) / Double(ours.count) < 0.6)
        }
    }

    @Test("The levels of a shape add up to its area")
    func areas() throws {
        func area(_ draw: (inout Canvas) -> Void) throws -> Double {
            Double(try levels(200, 160, draw).reduce(0, +)) / 255
        }
        // Levels are rounded, each to the nearest: over a border of some hundred pixels that evens out.
        let triangle = Path(
            through: [Point(x: 10.25, y: 11.5), Point(x: 190.1, y: 40.3), Point(x: 75.7, y: 150.9)], isClosed: true)
        let exact = abs((190.1 - 10.25) * (150.9 - 11.5) - (75.7 - 10.25) * (40.3 - 11.5)) / 2
        #expect(abs(try area { $0.fill(triangle, color: .white) } / exact - 1) < 1e-4)
        let disc = try area { $0.fillDisc(at: Point(x: 90.3, y: 80.7), radius: 70, color: .white) }
        #expect(abs(disc / (Double.pi * 4900) - 1) < 1e-3)
        let oval = try area {
            $0.fill(Path(ellipseIn: Rectangle(x: 5.5, y: 7.25, width: 180, height: 90)), color: .white)
        }
        #expect(abs(oval / (Double.pi * 90 * 45) - 1) < 1e-3)
        let round = try area {
            $0.fill(Rectangle(x: 5.5, y: 7.25, width: 100, height: 50), color: .white, cornerRadius: 20)
        }
        #expect(abs(round / (5000 - (4 - Double.pi) * 400) - 1) < 1e-3)
    }

    @Test("Upright rectangles by their own way and by edges are the same within one level")
    func rectangles() throws {
        var generator = SeededGenerator(seed: 8)
        for _ in 0..<40 {
            let box = Rectangle(
                x: generator.double(-8, 30), y: generator.double(-8, 20), width: generator.double(0, 20),
                height: generator.double(0, 20))
            // In frames without a hole the borders of two sides may fill one pixel twice.
            let width = min(generator.double(0.1, 5), box.width, box.height) * 0.99
            let direct = try levels(33, 21) { $0.fill(box, color: .white) }
            let byEdges = try levels(33, 21) { $0.fill(Path(box), color: .white) }
            #expect(zip(direct, byEdges).allSatisfy { abs($0 - $1) <= 1 })
            let frame = try levels(33, 21) { $0.stroke(box, width: width, color: .white) }
            let stroke = try levels(33, 21) { $0.stroke(Path(box), width: width, color: .white) }
            #expect(zip(frame, stroke).allSatisfy { abs($0 - $1) <= 1 }, "\(box) \(width)")
        }
    }

    @Test("What begins left of the picture, ends right of it, or does both is cut, not lost")
    func cutting() throws {
        let wide = try levels(4, 3) { $0.fill(Path(Rectangle(x: -1e11, y: 1, width: 2e11, height: 1)), color: .white) }
        #expect(wide == [0, 0, 0, 0, 255, 255, 255, 255, 0, 0, 0, 0])
        let slope = Path(through: [Point(x: -4, y: 0), Point(x: 8, y: 0), Point(x: 8, y: 3), Point(x: -4, y: 3)])
        #expect(try levels(4, 3) { $0.fill(slope, color: .white) }.allSatisfy { $0 == 255 })
        // A line from far away that crosses the picture from corner to corner.
        let half = Path(through: [Point(x: -1e12, y: -1e12), Point(x: 1e12, y: 1e12), Point(x: -1e12, y: 1e12)])
        #expect(try levels(2, 2) { $0.fill(half, color: .white) } == [128, 0, 255, 128])
    }
}
