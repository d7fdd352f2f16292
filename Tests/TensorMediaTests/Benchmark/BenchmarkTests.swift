import ImageCoding
import MediaCore
import TensorIO
import TestSupport
import Testing

@testable import TensorMedia

@Suite("Benchmark") struct BenchmarkTests {
    /// A gray ramp as `convert` would encode it.
    private func subject(first: Int) throws -> BenchmarkSubject {
        let tensor = try Tensor((0..<600).map { UInt8(truncatingIfNeeded: $0 + first) }, shape: [20, 30])
        let source = try tensor.picture()
        let output = InputConversion.Output(
            content: .pixels(source), path: "a.png", settings: ConversionSettings(),
            origin: .init(tensor: tensor, member: nil, index: 0, count: 1))
        return try BenchmarkSubject(name: "a.npy", output, source: source, decisions: [:])
    }

    @Test("A file with other pixels is found out, whatever its kind", arguments: BenchmarkOptions.Format.allCases)
    func otherPixels(format: BenchmarkOptions.Format) throws {
        let subject = try self.subject(first: 0), other = try self.subject(first: 1)
        for preset in EncodingPreset.allCases {
            let contestant = BenchmarkContestant(format: format, encoder: .ours(preset, .portable))
            let sink = MemorySink()
            _ = try subject.encoder(format, preset).encode(try subject.source(), to: sink)
            try subject.check(sink.bytes, contestant)
            let error = #expect(throws: MediaError.self) { try other.check(sink.bytes, contestant) }
            #expect(
                error?.message == "ours \(preset.rawValue) at portable wrote a \(format.rawValue) with other pixels")
            #expect(throws: MediaError.self) { try subject.check(Array(sink.bytes.dropLast(20)), contestant) }
        }
    }

    @Test("Places are spread evenly, and inputs with few pictures give all of them") func spreading() {
        #expect(BenchmarkSample.spread(4, over: 100) == [12, 37, 62, 87])
        #expect(BenchmarkSample.spread(1, over: 9) == [4])
        #expect(BenchmarkSample.spread(9, over: 9) == Array(0..<9))
        #expect(BenchmarkSample.shares(of: [1000, 1, 30, 3], most: 50) == [23, 1, 23, 3])
        #expect(BenchmarkSample.shares(of: [2, 3], most: 50) == [2, 3])
        #expect(BenchmarkSample.shares(of: [9, 9, 9], most: 2).reduce(0, +) == 2)
    }

    @Test("The peak of memory is seen, and what was there before is not") func peak() throws {
        let before = [UInt8](repeating: 1, count: 32 << 20)
        var total = 0
        let peak = PeakMemory.during { total = [UInt8](repeating: 1, count: 64 << 20).count + before.count }
        #expect(total == 96 << 20)
        #if os(Linux)
            // Other tests run meanwhile.
            if let peak { #expect(peak > 32 << 20) }
        #else
            #expect(peak == nil)
        #endif
    }

    @Test("Means and ratios are geometric, over the pictures that both wrote") func means() throws {
        var options = BenchmarkOptions()
        options.formats = [.png]
        var report = BenchmarkReport(options: options)
        report.contestants = [
            .init(format: .png, encoder: .ours(.balanced, .portable)), .init(format: .png, encoder: .libpng(level: 6)),
            .init(format: .png, encoder: .pillow),
        ]
        for (ours, libpng, pillow) in [(1.0, 4.0, 8.0), (1.0, 9.0, nil), (4.0, 8.0, 16.0)]
            as [(Double, Double, Double?)]
        {
            report.pictures.append(
                .init(
                    name: "a", width: 10, height: 10, format: .gray, byteCount: 1_000_000, rounds: 1,
                    entries: [
                        .init(byteCount: 100, seconds: ours, peakMemory: Int(ours)),
                        .init(byteCount: 200, seconds: libpng),
                        pillow.map { .init(byteCount: 400, seconds: $0) },
                    ]))
        }
        let ours = report.summary(0), libpng = report.summary(1), pillow = report.summary(2)
        // (8 · 4)^½, (8/4 · 16/8)^½
        #expect(abs((ours.speedRatio ?? 0) - 32.0.squareRoot()) < 1e-12)
        #expect(abs((libpng.speedRatio ?? 0) - 2) < 1e-12)
        #expect(pillow.speedRatio == 1)
        #expect([ours.sizeRatio, libpng.sizeRatio, pillow.sizeRatio].map { ($0 ?? 0) } == [0.5, 1, 2])
        #expect(ours.peakMemory == 4)
        #expect([ours.pictures, libpng.pictures, pillow.pictures] == [3, 3, 2])
        #expect([ours.byteCount, libpng.byteCount, pillow.byteCount] == [300, 600, 800])
    }
}
