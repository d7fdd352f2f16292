import ImageCoding
import MediaCore
import TensorIO
import TestSupport
import Testing

@Suite("Value mapping")
struct ValueMappingTests {
    private struct Drawn {
        var samples: [Int]
        var format: PixelFormat
        var mapping: AppliedMapping?
        var findings: [Finding]
        var tally: PixelTally
    }

    /// The picture of one row of numbers.
    private func draw<Number: TensorElement>(
        _ values: [Number], _ change: (inout PictureOptions) -> Void = { _ in }
    ) throws -> Drawn {
        try draw(Tensor(values, shape: [1, values.count]), change)
    }

    private func draw(_ tensor: Tensor, _ change: (inout PictureOptions) -> Void = { _ in }) throws -> Drawn {
        let picture = try tensor.picture(PictureOptions(change))
        var tally = PixelTally()
        _ = try render(picture, tally: &tally)
        return Drawn(
            samples: try samples(picture), format: picture.format, mapping: picture.facts.mapping,
            findings: picture.facts.findings, tally: tally)
    }

    // MARK: Floats

    @Test(
        "Floats choose by their range, at the exact edges of the rule",
        arguments: [
            ([0, 0.5, 1], "unit"), ([-0.05, 1.05], "unit"), ([0.25, 0.25], "unit"),
            ([(-0.05).nextDown, 1.05], "signed-unit"), ([-1.05, 1.05], "signed-unit"), ([-0.06, 0.3], "signed-unit"),
            ([(-1.05).nextDown, 1], "min-max"), ([0, 1.05.nextUp], "min-max"), ([-1.05, 1.05.nextUp], "min-max"),
            ([0, 8], "byte"), ([0, 8.0.nextDown], "min-max"), ([-13, 268], "byte"),
            ([(-13.0).nextDown, 268], "min-max"),
            ([-13, 268.0.nextUp], "min-max"), ([200, 210], "byte"), ([-5, -1], "min-max"),
        ])
    func automaticEdges(values: [Double], name: String) throws {
        let drawn = try draw(values)
        #expect(drawn.mapping?.name == name)
        #expect(drawn.mapping?.wasInferred == true)
        #expect(drawn.mapping?.observed?.lowerBound == values.min())
        #expect(drawn.mapping?.observed?.upperBound == values.max())
        #expect(drawn.findings.map(\.code) == (name == "min-max" ? [.valueRangeGuessed] : []))
    }

    @Test("The edges of the rule are those of the tensor's own type")
    func typedEdges() throws {
        for type in [ElementType.float16, .bfloat16, .float32, .float64] {
            var generator = SeededGenerator(seed: 1)
            func name(_ values: [Double]) throws -> String? {
                // The nearest number of the type; a bfloat16 is cut off, so half a step is added.
                let values = type == .bfloat16 ? values.map { $0 * (1 + 0x1p-9) } : values
                let tensor = try RandomTensor(
                    type, shape: [1, 2], values: values, isPlain: true, using: &generator
                ).tensor
                return try draw(tensor).mapping?.name
            }
            #expect(try name([-0.05, 1.05]) == "unit", "\(type)")
            #expect(try name([-1.05, 1.05]) == "signed-unit", "\(type)")
            #expect(try name([-0.051, 1]) == "signed-unit", "\(type)")
            #expect(try name([-1.06, 1]) == "min-max", "\(type)")
        }
    }

    @Test("A guess names the range and the choices")
    func guess() throws {
        let finding = try #require(try draw([-50, 3000] as [Float]).findings.first)
        #expect(finding.code.rawValue == "value-range.guessed")
        #expect(finding.severity == .warning)
        #expect(finding.message.contains("-50") && finding.message.contains("3000"))
        for choice in ["unit", "signed-unit", "byte", "min-max", "percentile:1:99", "LOW:HIGH"] {
            #expect(finding.hint?.contains(choice) == true, "\(choice)")
        }
        let report = try PNGEncoder().encode(
            Tensor([-50, 3000] as [Float], shape: [1, 2]).picture(), to: MemorySink())
        #expect(report.facts.findings == [finding])
    }

    @Test("Every float type is read as its numbers; what overshoots is clipped and counted")
    func floatTypes() throws {
        let values = [-0.04, 0, 0.25, 0.5, 1, 1.04, .nan, .infinity]
        for type in [ElementType.float16, .bfloat16, .float32, .float64] {
            var generator = SeededGenerator(seed: 1)
            let tensor = try RandomTensor(type, shape: [1, 8], values: values, isPlain: true, using: &generator).tensor
            let drawn = try draw(tensor)
            #expect(drawn.mapping?.name == "unit", "\(type)")
            // 0.25 · 255 = 63.75; 0.5 · 255 = 127.5, half to even.
            #expect(drawn.samples == [0, 0, 64, 128, 255, 255, 0, 0], "\(type)")
            #expect(
                drawn.tally.clippedLow == 1 && drawn.tally.clippedHigh == 1 && drawn.tally.notFinite == 2, "\(type)")
            #expect(drawn.tally.firstNotFinite == [0, 6], "\(type)")
        }
    }

    @Test("Ties round to the even sample, in 8 and in 16 bits")
    func ties() throws {
        #expect(try draw([0.5, 1.5, 2.5, 254.5] as [Float]) { $0.mapping = .byte }.samples == [0, 2, 2, 254])
        let wide = try draw([0.5, 1.5, 2.5, 65534.5]) {
            $0.mapping = .range(0, 65535)
            $0.bits = 16
        }
        #expect(wide.samples == [0, 2, 2, 65534])
        #expect(wide.format == .gray16)
    }

    @Test("Values that are all not finite are black, and said so")
    func nothingFinite() throws {
        let drawn = try draw([.nan, .infinity, -.infinity] as [Float])
        #expect(drawn.samples == [0, 0, 0])
        #expect(drawn.tally.notFinite == 3)
        #expect(drawn.findings.map(\.code) == [.valueRangeGuessed])
        for mapping in [ValueMapping.minMax, .percentile(1, 99), .unit] {
            #expect(try draw([.nan] as [Double]) { $0.mapping = mapping }.samples == [0], "\(mapping)")
        }
    }

    @Test("What is not finite is left out of every range")
    func rangeOfFinite() throws {
        let values: [Float] = [.infinity, 2, 4, .nan, -.infinity, 3]
        let drawn = try draw(values) { $0.mapping = .minMax }
        #expect(drawn.samples == [0, 0, 255, 0, 0, 128])
        #expect(drawn.tally.clipped == 0)
        #expect(drawn.mapping?.observed == 2...4)
    }

    @Test("A constant tensor under min-max is black, and nothing is clipped")
    func constant() throws {
        for value in [Float(0), 7, -3, .greatestFiniteMagnitude] {
            let drawn = try draw([value, value]) { $0.mapping = .minMax }
            #expect(drawn.samples == [0, 0])
            #expect(drawn.tally.clipped == 0)
        }
    }

    @Test("The ends of a tensor's own range are never counted as clipped, whatever their roundings")
    func ownEnds() throws {
        var generator = SeededGenerator(seed: 5)
        for _ in 0..<300 {
            let values = (0..<5).map { _ in Float(generator.double(-9, 9)) }
            let drawn = try draw(values) { $0.mapping = .minMax }
            #expect(drawn.tally.clipped == 0, "\(values)")
            #expect(drawn.samples.min() == 0 && drawn.samples.max() == 255, "\(values)")
        }
    }

    @Test("The greatest and the least float64 numbers are stretched, not lost")
    func hugeAndTiny() throws {
        let huge = Double.greatestFiniteMagnitude
        #expect(try draw([-huge, 0, huge]).samples == [0, 128, 255])
        #expect(try draw([1e300, 3e300, 2e300]) { $0.mapping = .minMax }.samples == [0, 255, 128])
        #expect(try draw([0, 2e-300, 1e-300]) { $0.mapping = .minMax }.samples == [0, 255, 128])
        // The width is so small that its scale is no number; a picture of nothing is better than one of noise.
        #expect(try draw([0, 0x1p-1074]) { $0.mapping = .minMax }.samples == [0, 0])
        #expect(try draw([-3e38, 0, 3e38] as [Float]).samples == [0, 128, 255])
    }

    @Test("Float32 far from zero keeps its steps: the offset is computed in float64")
    func farFromZero() throws {
        let values = (0...255).map { Float(1_000_000) + Float($0) }
        let drawn = try draw(values) { $0.mapping = .minMax }
        #expect(drawn.samples == Array(0...255))
    }

    // MARK: Integers and truth values

    @Test("uint8 and uint16 are the samples; bits narrow or widen them")
    func unsignedSamples() throws {
        #expect(try draw([0, 7, 255] as [UInt8]).samples == [0, 7, 255])
        let wide = try draw([0, 7, 65535] as [UInt16])
        #expect(wide.samples == [0, 7, 65535])
        #expect(wide.format == .gray16)
        #expect(wide.findings.isEmpty)
        #expect(try draw([0, 7, 255] as [UInt8]) { $0.bits = 16 }.samples == [0, 7 * 257, 65535])
        let narrow = try draw([0, 128, 129, 385, 386, 65535] as [UInt16]) { $0.bits = 8 }
        #expect(narrow.samples == [0, 0, 1, 1, 2, 255])
        #expect(narrow.format == .gray)
        #expect(narrow.findings.map(\.code.rawValue) == ["value-range.narrowed"])
    }

    @Test("Other integers are values of 0…255, clipped and counted")
    func integers() throws {
        func check<Number: TensorElement & FixedWidthInteger>(_ values: [Number], _ samples: [Int], _ clipped: Int)
            throws
        {
            let drawn = try draw(values)
            #expect(drawn.samples == samples, "\(Number.self)")
            #expect(drawn.tally.clipped == clipped, "\(Number.self)")
            #expect(drawn.mapping?.name == "integer")
            #expect(drawn.findings.isEmpty)
        }
        try check([-128, -1, 5, 127] as [Int8], [0, 0, 5, 127], 2)
        try check([-32768, 5, 256, 255] as [Int16], [0, 5, 255, 255], 2)
        try check([.min, 5, .max] as [Int32], [0, 5, 255], 2)
        try check([0, 5, .max] as [UInt32], [0, 5, 255], 1)
        try check([.min, 5, .max] as [Int64], [0, 5, 255], 2)
        try check([0, 5, .max] as [UInt64], [0, 5, 255], 1)
    }

    @Test("Integers of 0 and 1 alone are warned about: most likely they are a mask")
    func binary() throws {
        #expect(try draw([0, 1, 1] as [UInt8]).findings.map(\.code.rawValue) == ["value-range.binary"])
        #expect(try draw([0, 1, 1] as [Int64]).findings.map(\.code.rawValue) == ["value-range.binary"])
        #expect(try draw([0, 0] as [UInt8]).findings.isEmpty)
        #expect(try draw([0, 1, 2] as [UInt8]).findings.isEmpty)
        #expect(try draw([0, 1, -1] as [Int32]).findings.isEmpty)
        #expect(try draw([0, 1, 256] as [Int32]).findings.isEmpty)
        var generator = SeededGenerator(seed: 2)
        for _ in 0..<20 {
            let tensor = try RandomTensor(
                .int16, shape: [3, 5], values: [0, 1] + [Double](repeating: 1, count: 13), using: &generator)
            #expect(try draw(tensor.tensor).findings.map(\.code.rawValue) == ["value-range.binary"])
        }
    }

    @Test("Truth values are one bit; any byte but 0 is true")
    func booleans() throws {
        let storage = TensorStorage.array([0, 1, 2, 255] as [UInt8])
        let tensor = try Tensor(storage: storage, elementType: .bool, shape: [1, 4])
        let drawn = try draw(tensor)
        #expect(drawn.samples == [0, 1, 1, 1])
        #expect(drawn.format == .bilevel)
        #expect(try draw(tensor) { $0.bits = 8 }.samples == [0, 255, 255, 255])
        #expect(try draw(tensor) { $0.bits = 16 }.samples == [0, 65535, 65535, 65535])
        for mapping in [ValueMapping.unit, .minMax, .range(0, 1)] {
            let stretched = try draw(tensor) { $0.mapping = mapping }
            #expect(stretched.samples == [0, 255, 255, 255], "\(mapping)")
            #expect(stretched.tally.clipped == 0, "\(mapping)")
        }
        let colors = try draw(Tensor(storage: storage, elementType: .bool, shape: [1, 1, 4]))
        #expect(colors.format == .rgba && colors.samples == [0, 255, 255, 255])
    }

    // MARK: Stated ranges

    @Test("A stated range is kept: values outside are clipped and counted, a falling one shows the negative")
    func stated() throws {
        let drawn = try draw([-1, 0, 2, 4, 5, 6] as [Float]) { $0.mapping = .range(0, 4) }
        #expect(drawn.samples == [0, 0, 128, 255, 255, 255])
        #expect([drawn.tally.clippedLow, drawn.tally.clippedHigh] == [1, 2])
        #expect(drawn.mapping == AppliedMapping(name: "range", low: 0, high: 4, wasInferred: false))
        let negative = try draw([0, 1, 4, 5] as [Double]) { $0.mapping = .range(4, 0) }
        #expect(negative.samples == [255, 191, 0, 0])
        #expect([negative.tally.clippedLow, negative.tally.clippedHigh] == [0, 1])
        for bad in [
            ValueMapping.range(1, 1), .range(.nan, 1), .range(0, .infinity), .percentile(5, 5), .percentile(-1, 5),
        ] {
            let error = #expect(throws: MediaError.self) { try draw([0, 1] as [Float]) { $0.mapping = bad } }
            #expect(error?.code == .argumentInvalid)
        }
    }

    @Test("Percentiles are numpy's, to the bit in float64, for every type", .python("numpy"))
    func percentiles() throws {
        var generator = SeededGenerator(seed: 9)
        let folder = try TemporaryFolder()
        var ours: [String] = []
        var lines: [String] = []
        let points: [(Double, Double)] = [(1, 99), (0, 100), (2.5, 97.5), (33, 66.6), (0, 50), (50, 100)]
        for (number, type) in (ElementType.allCases + ElementType.allCases).enumerated() where type != .bfloat16 {
            let count = number < 13 ? 1 + generator.below(40) : 3000
            let values = RandomTensor.numbers(count, type, using: &generator).map { $0.isFinite ? $0 : 3 }
            let tensor = try RandomTensor(type, shape: [1, count], values: values, using: &generator).tensor
            try folder.write(tensor.packedBytes(), to: "\(number)")
            let (low, high) = points[number % points.count]
            let mapping = try draw(tensor) { $0.mapping = .percentile(low, high) }.mapping
            ours.append("\(mapping?.low.bitPattern ?? 0) \(mapping?.high.bitPattern ?? 0)")
            lines.append("\(number) \(type) \(low) \(high)")
        }
        let script = """
            import sys
            import numpy as np
            for line in sys.stdin.read().splitlines():
                number, dtype, *points = line.split()
                x = np.fromfile(sys.argv[1] + "/" + number, dtype).astype(np.float64)
                print(*(np.percentile(x, [float(p) for p in points]) + 0.0).view(np.uint64))
            """
        let theirs = try PythonTools.run(
            script, arguments: [folder.path], input: Array(lines.joined(separator: "\n").utf8)
        ).lines.map(String.init)
        for (line, (ours, theirs)) in zip(lines, zip(ours, theirs)) { #expect(ours == theirs, "\(line)") }
        #expect(theirs.count == ours.count)
    }

    @Test("A batch is decided once: a dark picture stays dark beside a bright one")
    func batch() throws {
        let tensor = try Tensor([0, 0.5, 100, 200] as [Float], shape: [2, 1, 2])
        let pictures = try tensor.pictures(PictureOptions { $0.layout = .nhw })
        #expect(try pictures.map { try samples($0) } == [[0, 0], [100, 200]])
        #expect(pictures.map(\.facts.mapping?.name) == ["byte", "byte"])
        let stretched = try tensor.pictures(
            PictureOptions {
                $0.layout = .nhw
                $0.mapping = .minMax
            })
        #expect(try stretched.map { try samples($0) } == [[0, 1], [128, 255]])
    }

    // MARK: Names

    @Test("Names are read and written")
    func names() throws {
        let mappings: [ValueMapping] =
            [.automatic, .unit, .signedUnit, .byte, .minMax, .range(0, 4), .range(-1.5, 1e9), .percentile(1, 99)]
            + WandbVersion.allCases.map { .wandb($0) }
        for mapping in mappings { #expect(ValueMapping(mapping.description) == mapping, "\(mapping)") }
        #expect(ValueMapping("0..4") == .range(0, 4))
        #expect(ValueMapping("-1:1") == .range(-1, 1))
        #expect(ValueMapping("-2..-0.5") == .range(-2, -0.5))
        for wrong in [
            "", "units", "1", "1:1", "a:b", "0:inf", "nan:1", "percentile:9:1", "percentile:-1:9", "percentile:1:101",
            "percentile:", "wandb-0.20", ":", "..", "0:", "0:1:2",
        ] {
            #expect(ValueMapping(wrong) == nil, "\(wrong)")
        }
    }

    @Test("The table in the documentation is true")
    func documented() throws {
        #expect(try draw([0, 0.5, 1] as [Float]).samples == [0, 128, 255])
        #expect(try draw([-1, 0, 1] as [Float]).samples == [0, 128, 255])
        #expect(try draw([0, 100, 200] as [Float]).samples == [0, 100, 200])
        #expect(try draw([0, 2, 4] as [Float]).samples == [0, 128, 255])
        #expect(try draw([0, 0.5, .nan] as [Float]).samples == [0, 128, 0])
        #expect(try draw([-3, 7, 300] as [Int64]).samples == [0, 7, 255])
        #expect(try draw([0.5, 2, 30] as [Float]) { $0.mapping = .range(0, 20) }.samples == [6, 26, 255])
        #expect(try draw([0, 0.5, 1] as [Float]) { $0.bits = 16 }.samples == [0, 32768, 65535])
    }
}
