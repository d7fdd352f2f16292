import MediaDrawing
import TestSupport
import Testing

@Suite("Lines")
struct StrokeTests {
    private func area(_ path: Path, _ style: StrokeStyle) throws -> Double {
        Double(try levels(120, 100) { $0.stroke(path, style: style, color: .white) }.reduce(0, +)) / 255
    }

    @Test("A line covers its length times its width, and what its ends add")
    func caps() throws {
        let line = Path(through: [Point(x: 20.3, y: 30.1), Point(x: 80.3, y: 75.1)])  // 75 long
        for (cap, added) in [(StrokeStyle.Cap.butt, 0.0), (.square, 64), (.round, 16 * Double.pi)] {
            let area = try area(line, StrokeStyle(width: 8, cap: cap))
            #expect(abs(area - (75 * 8 + added)) < 0.5, "\(cap) \(area)")
        }
        for (cap, alone) in [(StrokeStyle.Cap.butt, 0.0), (.square, 64), (.round, 16 * Double.pi)] {
            let dot = Path(through: [Point(x: 50, y: 50), Point(x: 50, y: 50)])
            #expect(abs(try area(dot, StrokeStyle(width: 8, cap: cap)) - alone) < 0.5)
        }
    }

    @Test("Corners are mitred up to their limit, rounded, or cut off")
    func joins() throws {
        // Two lines of 40 that meet at a right angle: without the corner they cover 2·40·8 − 4·4.
        let corner = Path(through: [Point(x: 20, y: 20), Point(x: 60, y: 20), Point(x: 60, y: 60)])
        let plain = 2 * 40 * 8.0 - 16
        for (join, added) in [(StrokeStyle.Join.miter, 16.0), (.round, 4 * Double.pi), (.bevel, 8)] {
            #expect(abs(try area(corner, StrokeStyle(width: 8, join: join)) - plain - added) < 0.3, "\(join)")
        }
        #expect(abs(try area(corner, StrokeStyle(width: 8, miterLimit: 1.4)) - plain - 8) < 0.3)
        #expect(abs(try area(corner, StrokeStyle(width: 8, miterLimit: 1.5)) - plain - 16) < 0.3)
        // A closed line has no ends, and all corners.
        let square = Path(Rectangle(x: 20, y: 20, width: 50, height: 40))
        #expect(abs(try area(square, StrokeStyle(width: 6)) - (56 * 46 - 44 * 34)) < 0.3)
    }

    @Test("Round lines cover all that is nearer to the path than half their width", .python("numpy"))
    func distance() throws {
        let script = """
            import sys
            import numpy as np
            width, height, radius = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
            points = np.frombuffer(sys.stdin.buffer.read(), np.float64).reshape(-1, 2)
            n = 16
            y, x = np.mgrid[0:height * n, 0:width * n]
            y, x = (y + 0.5) / n, (x + 0.5) / n
            near = np.full(x.shape, np.inf)
            for a, b in zip(points[:-1], points[1:]):
                d = b - a
                t = np.clip(((x - a[0]) * d[0] + (y - a[1]) * d[1]) / (d @ d), 0, 1)
                near = np.minimum(near, np.hypot(x - a[0] - t * d[0], y - a[1] - t * d[1]))
            inside = (near <= radius).reshape(height, n, width, n).mean(axis=(1, 3))
            sys.stdout.buffer.write(np.rint(inside * 255).astype(np.uint8).tobytes())
            """
        var generator = SeededGenerator(seed: 4)
        for width in [1.0, 3.5, 12] {
            let points = (0..<5).map { _ in Point(x: generator.double(0, 60), y: generator.double(0, 50)) }
            let ours = try levels(60, 50) {
                $0.stroke(
                    Path(through: points), style: StrokeStyle(width: width, cap: .round, join: .round), color: .white)
            }
            let theirs = try PythonTools.run(
                script, arguments: ["60", "50", "\(width / 2)"], input: bytes(of: points.flatMap { [$0.x, $0.y] })
            ).output
            let differences = zip(ours, theirs).map { abs($0 - Int($1)) }
            #expect(ours.count == theirs.count)
            // Pixels in which two borders cross may be fuller: levels of overlapping parts add up.
            #expect(differences.count { $0 > 20 } <= 40, "\(differences.count { $0 > 20 })")
            #expect(Double(differences.reduce(0, +)) / Double(differences.count) < 0.8)
        }
    }

    @Test("Dashes cover their share of the line, begin where the phase says, and go around corners")
    func dashes() throws {
        let line = Path(through: [Point(x: 10, y: 50), Point(x: 110, y: 50)])
        let row = try levels(120, 100) {
            $0.stroke(line, style: StrokeStyle(width: 1, dashes: [6, 4]), color: .white)
        }
        let along = zip(row[49 * 120..<50 * 120], row[50 * 120..<51 * 120]).map { $0 + $1 }
        for x in 10..<110 {
            let expected = (x - 10) % 10 < 6 ? 254...256 : 0...0
            #expect(expected.contains(along[x]), "\(x)")
        }
        let shares: [(StrokeStyle, Double)] = [
            (StrokeStyle(width: 2, dashes: [6, 4]), 0.6), (StrokeStyle(width: 2, dashes: [5]), 0.5),
            (StrokeStyle(width: 2, dashes: [6, 4], dashPhase: 6), 0.6),
            (StrokeStyle(width: 2, dashes: [0.01, 0.01]), 1),
        ]
        for (style, share) in shares {
            #expect(abs(try area(line, style) - 200 * share) < 0.5, "\(style)")
        }
        let shifted = try levels(120, 100) {
            $0.stroke(line, style: StrokeStyle(width: 2, dashes: [6, 4], dashPhase: 6), color: .white)
        }
        #expect(shifted[50 * 120 + 10] == 0 && shifted[50 * 120 + 14] == 255)
        let corner = Path(through: [Point(x: 20, y: 20), Point(x: 60, y: 20), Point(x: 60, y: 60)])
        let bent = try area(corner, StrokeStyle(width: 4, dashes: [60, 100]))
        #expect(abs(bent - 240) < 0.3, "\(bent)")
    }
}
