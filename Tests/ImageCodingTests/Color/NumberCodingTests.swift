import ImageCoding
import MediaCore
import TensorIO
import TestSupport
import Testing

@Suite("Colour codings of flow, normals and depth")
struct NumberCodingTests {
    private func tally(of source: any PixelSource) throws -> PixelTally {
        var tally = PixelTally()
        _ = try render(source, tally: &tally)
        return tally
    }

    @Test("Flow: hues of the axes, white for stillness, black for the unknown, darker beyond the scale")
    func flow() throws {
        let vectors: [Float] = [0, 0, 1, 0, 0, 1, -1, 0, 0, -1, 2, 0, .nan, 0, 1e10, 0]
        let source = try FlowSource(Tensor(vectors, shape: [1, 8, 2]), scale: .length(1))
        // The wheel's first hue is pure red; Middlebury's code gives the other ones.
        #expect(
            try samples(source) == [
                255, 255, 255, 255, 0, 0, 255, 229, 0, 0, 209, 255, 88, 0, 255, 191, 0, 0, 0, 0, 0, 0, 0, 0,
            ])
        let lost = try tally(of: source)
        #expect(lost.notFinite == 2)
        #expect(lost.firstNotFinite == [0, 6, 0])
        #expect(lost.clippedHigh == 1)
    }

    @Test("Flow of channel planes is the flow of interleaved ones; the longest vector gives the scale")
    func flowLayouts() throws {
        var generator = SeededGenerator(seed: 21)
        let planes = (0..<2 * 9 * 7).map { _ in Float(generator.double(-30, 30)) }
        let chw = try Tensor(planes, shape: [2, 9, 7])
        let hwc = try chw.transposed([1, 2, 0])
        let one = try FlowSource(chw), two = try FlowSource(hwc)
        #expect(one.facts.layout == "chw")
        #expect(two.facts.layout == "hwc")
        #expect(try render(one) == render(two))
        var longest = 0.0
        for i in 0..<63 {
            let u = Double(planes[i]), v = Double(planes[63 + i])
            longest = max(longest, (u * u + v * v).squareRoot())
        }
        #expect(one.facts.mapping?.high == longest)
        try expectRowsInAnyOrder(one)
        let ambiguous = try FlowSource(Tensor([Float](repeating: 1, count: 12), shape: [2, 3, 2]))
        #expect(ambiguous.facts.findings.map(\.code) == [.layoutAmbiguous])
    }

    @Test("Shapes that hold no vectors are refused", arguments: [[4, 4], [4, 4, 3], [2], [0, 4, 2], [1, 2, 3, 2]])
    func flowShapes(shape: [Int]) throws {
        let tensor = try Tensor([Float](repeating: 0, count: shape.reduce(1, *)), shape: shape)
        let error = #expect(throws: MediaError.self) { try FlowSource(tensor) }
        #expect(error?.code == .shapeInvalid)
    }

    @Test("Flow equals the Middlebury colour code, written with NumPy", .python("numpy", "PIL"))
    func middlebury() throws {
        var generator = SeededGenerator(seed: 22)
        let vectors = (0..<40 * 50 * 2).map { _ in Float(generator.double(-9, 9)) }
        let source = try FlowSource(Tensor(vectors, shape: [40, 50, 2]), scale: .length(7))
        let script = """
            import sys
            import numpy as np
            uv = np.frombuffer(sys.stdin.buffer.read(), np.float32).reshape(40, 50, 2).astype(np.float64) / 7
            wheel = []
            for n, (f, g, h) in [(15, ("1", "u", "0")), (6, ("d", "1", "0")), (4, ("0", "1", "u")), (11, ("0", "d", "1")),
                                 (13, ("u", "0", "1")), (6, ("1", "0", "d"))]:
                for i in range(n):
                    up = 255 * i // n
                    wheel.append([{"0": 0, "1": 255, "u": up, "d": 255 - up}[k] for k in (f, g, h)])
            wheel = np.array(wheel) / 255
            u, v = uv[..., 0], uv[..., 1]
            radius = np.hypot(u, v)[..., None]
            fk = (np.arctan2(-v, -u) / np.pi + 1) / 2 * (len(wheel) - 1)
            k0 = np.floor(fk).astype(int)
            part = (fk - k0)[..., None]
            color = (1 - part) * wheel[k0] + part * wheel[(k0 + 1) % len(wheel)]
            color = np.where(radius <= 1, 1 - radius * (1 - color), color * 0.75)
            sys.stdout.buffer.write(np.floor(255 * color).astype(np.uint8).tobytes())
            """
        let theirs = try PythonTools.run(script, input: bytes(of: vectors)).output
        let ours = try render(source)
        #expect(largestDifference(ours, theirs) <= 1)
        // Rounding down meets results that differ in the last place now and then.
        #expect(zip(ours, theirs).filter { $0 != $1 }.count <= 2)
    }

    @Test("Normals: −1…1 becomes 0…255, rounded half to even; what is outside is clipped and counted")
    func normals() throws {
        let vectors: [Float] = [-1, 0, 1, 0.5, -0.5, 0.25, 1.5, -2, .nan, -.infinity, 0, 0]
        let source = try NormalSource(Tensor(vectors, shape: [1, 4, 3]))
        #expect(try samples(source) == [0, 128, 255, 191, 64, 159, 255, 0, 0, 0, 128, 128])
        let lost = try tally(of: source)
        #expect([lost.clippedLow, lost.clippedHigh, lost.notFinite] == [1, 1, 2])
        #expect(lost.firstNotFinite == [0, 2, 2])
        let planes = try Tensor(vectors, shape: [1, 4, 3]).transposed([2, 0, 1])
        #expect(try render(NormalSource(planes, layout: .chw)) == render(source))
        #expect(throws: MediaError.self) { try NormalSource(Tensor(vectors, shape: [2, 3, 2])) }
    }

    @Test("Depth: logarithm and inverse run over the map; what says nothing has a colour of its own")
    func depth() throws {
        let values: [Float] = [1, 10, 100, 0, -1, .nan, .infinity, 1000, 0.1]
        let tensor = try Tensor(values, shape: [3, 3])
        let log = try DepthSource(tensor, range: .between(1, 100), invalid: .white)
        #expect(try samples(log) == [1, 128, 255, 0, 0, 0, 0, 255, 1])
        #expect(log.palette?.colors.first == .white)
        #expect(log.palette?.colors[1] == ColorMap.turbo.palette.colors.first)
        #expect(log.palette?.colors.last == ColorMap.turbo.palette.colors.last)
        let lost = try tally(of: log)
        #expect([lost.clippedLow, lost.clippedHigh, lost.notFinite] == [1, 1, 4])
        #expect(lost.firstNotFinite == [1, 0])
        let inverse = try DepthSource(tensor, coding: .inverse, range: .between(1, 100))
        // 254·(1/x − 1/100)/(1 − 1/100)
        #expect(try samples(inverse) == [255, 24, 1, 0, 0, 0, 0, 1, 255])
        for bad in [DepthSource.Range.between(0, 1), .between(2, 1), .percentile(5, 5), .percentile(-1, 50)] {
            #expect(throws: MediaError.self) { try DepthSource(tensor, range: bad) }
        }
    }

    @Test("Percentiles of the valid values are numpy's", .python("numpy"))
    func percentiles() throws {
        var generator = SeededGenerator(seed: 23)
        let values = (0..<61 * 47).map { _ in generator.chance(0.1) ? Float(0) : Float(generator.double(0.01, 90)) }
        let source = try DepthSource(Tensor(values, shape: [61, 47]), range: .percentile(2.5, 97))
        let text = try PythonTools.run(
            """
            import sys
            import numpy as np
            x = np.frombuffer(sys.stdin.buffer.read(), np.float32).astype(np.float64)
            print(*np.percentile(x[x > 0], [2.5, 97]))
            """, input: bytes(of: values)
        ).text
        let ends = text.split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
        let mapping = try #require(source.facts.mapping)
        #expect(abs(mapping.low - ends[0]) < 1e-9)
        #expect(abs(mapping.high - ends[1]) < 1e-9)
    }

    @Test("A field without a valid value, and a constant one, are pictures too")
    func degenerate() throws {
        #expect(try samples(DepthSource(Tensor([Float](repeating: 0, count: 4), shape: [2, 2]))) == [0, 0, 0, 0])
        #expect(try samples(DepthSource(Tensor([Float](repeating: 7, count: 4), shape: [2, 2]))) == [1, 1, 1, 1])
        #expect(
            try samples(FlowSource(Tensor([Float](repeating: 0, count: 4), shape: [2, 1, 2]))) == [
                255, 255, 255, 255, 255, 255,
            ])
    }

    @Test("Every element type is read as its numbers")
    func elementTypes() throws {
        let expected = try samples(
            DepthSource(Tensor([Float](arrayLiteral: 1, 2, 3, 4), shape: [2, 2]), range: .between(1, 4)))
        func check<Number: TensorElement>(_ values: [Number]) throws {
            #expect(try samples(DepthSource(Tensor(values, shape: [2, 2]), range: .between(1, 4))) == expected)
        }
        try check([1, 2, 3, 4] as [Double])
        try check([1, 2, 3, 4] as [Float16])
        try check([1, 2, 3, 4] as [UInt8])
        try check([1, 2, 3, 4] as [Int8])
        try check([1, 2, 3, 4] as [UInt16])
        try check([1, 2, 3, 4] as [Int16])
        try check([1, 2, 3, 4] as [UInt32])
        try check([1, 2, 3, 4] as [Int32])
        try check([1, 2, 3, 4] as [UInt64])
        try check([1, 2, 3, 4] as [Int64])
        let bfloat: [UInt16] = [0x3F80, 0x4000, 0x4040, 0x4080]
        let tensor = try Tensor(storage: .array(bfloat), elementType: .bfloat16, shape: [2, 2])
        #expect(try samples(DepthSource(tensor, range: .between(1, 4))) == expected)
    }
}
