import AudioCoding
import ImageCoding
import MediaDrawing
import TestSupport
import Testing

@Suite("Waveforms") struct WaveformTests {
    /// Minima, maxima and root mean squares of columns by NumPy.
    private static let reducing = """
        import sys, numpy as np
        count, channels, columns, mixed = map(int, sys.argv[1:5])
        x = np.frombuffer(sys.stdin.buffer.read(), "<f4").reshape(count, channels).copy()
        x[~np.isfinite(x)] = 0
        if mixed:
            share, sum = np.float32(1) / np.float32(channels), np.zeros(count, np.float32)
            for c in range(channels): sum += x[:, c] * share
            x = sum[:, None]
        columns = min(columns, count)
        for c in range(x.shape[1]):
            for k in range(columns):
                part = x[k * count // columns:(k + 1) * count // columns, c]
                wide = part.astype(float)
                print(float(part.min()).hex(), float(part.max()).hex(), float(np.sqrt((wide * wide).mean())).hex())
        """

    @Test(
        "Columns have the minimum, the maximum and the root mean square that NumPy finds", .python("numpy"),
        arguments: [(10, 1, 7), (5, 2, 100), (1, 3, 4), (70_001, 1, 300), (50_000, 3, 64), (200_000, 1, 1)])
    func numbers(count: Int, channels: Int, columns: Int) throws {
        var samples = noise(count * channels, seed: 9)
        (samples[0], samples[count / 2]) = (.nan, -.infinity)
        for isMixed in [false, true] {
            let source = PlainSource(channels: channels, numbers: samples)
            let envelope = try SoundEnvelope(source, columns: columns, isMixed: isMixed)
            let output = try PythonTools.run(
                Self.reducing, arguments: [count, channels, columns, isMixed ? 1 : 0].map(String.init),
                input: bytes(of: samples))
            let expected = output.lines.map { $0.split(separator: " ").compactMap { Double($0) } }
            #expect(envelope.columns.count == expected.count)
            for (column, numbers) in zip(envelope.columns, expected) {
                #expect(Double(column.minimum) == numbers[0] && Double(column.maximum) == numbers[1])
                #expect(abs(column.rms - numbers[2]) <= 1e-12 * numbers[2])
            }
            #expect(envelope.tally.notFinite == (count / 2 == 0 ? 1 : 2))
            #expect(envelope.sampleCount == count)
        }
    }

    /// The picture as text: a letter for each pixel.
    private func text(_ source: PlainSource, _ change: (inout WaveformOptions) -> Void) throws -> [String] {
        let picture = try Waveform(source, options: WaveformOptions(change))
        let all = try pixels(of: picture, rowsAtOnce: 2)
        return stride(from: 0, to: all.count, by: picture.width).map { start in
            String(all[start..<start + picture.width].map { ".+#"[".+#".index(".+#".startIndex, offsetBy: Int($0))] })
        }
    }

    @Test("A column is drawn from its least to its greatest number, and joined to the one before")
    func rows() throws {
        let numbers: [Float] = [0, 0, 0.9, 0.9, -0.9, -0.9, 0.2, -0.2]
        #expect(
            try text(PlainSource(numbers: numbers)) { ($0.width, $0.height, $0.rmsColor) = (4, 8, nil) } == [
                ".++.", ".++.", ".++.", ".+++", "++++", "..++", "..++", "..++",
            ])
    }

    @Test("Silence, one sample, and fewer samples than columns")
    func oddities() throws {
        #expect(
            try text(PlainSource(numbers: [0, 0, 0])) { ($0.width, $0.height) = (3, 4) } == [
                "...", "...", "###", "...",
            ])
        #expect(try text(PlainSource(numbers: [1])) { ($0.width, $0.height) = (3, 2) } == ["###", "..."])
        #expect(
            try text(PlainSource(numbers: [1, -1])) { ($0.width, $0.height, $0.rmsColor) = (4, 2, nil) }
                == ["++++", "..++"])
        // Louder than 1: the edges move, unless they are stated.
        #expect(try Waveform(PlainSource(numbers: [4, -2])).amplitude == 4)
        #expect(try Waveform(PlainSource(numbers: [4, -2]), options: .init { $0.amplitude = 0.5 }).amplitude == 0.5)
        #expect(try Waveform(PlainSource(numbers: [.nan, 3e38, -3e38])).amplitude == 3e38)
    }

    @Test("Channels stand below each other; mixed, they are one")
    func channels() throws {
        let both = PlainSource(channels: 2, numbers: [1, -1, 1, -1])
        #expect(try text(both) { ($0.width, $0.height, $0.rmsColor) = (2, 4, nil) } == ["++", "..", "..", "++"])
        #expect(try text(both) { ($0.width, $0.height, $0.isMixed) = (2, 2, true) } == ["..", "##"])
        // Rows that do not divide: each channel has one at least.
        let three = PlainSource(channels: 3, numbers: [0, 0, 0])
        #expect(try text(three) { ($0.width, $0.height, $0.rmsColor) = (1, 5, nil) } == ["+", ".", "+", ".", "+"])
        let uncounted = PlainSource(channels: 2, numbers: noise(8000, seed: 4), isCounted: false)
        var counted = uncounted
        counted.isCounted = true
        #expect(try pixels(of: Waveform(uncounted)) == pixels(of: Waveform(counted)))
    }

    @Test("Options that cannot be are refused by name; the frame has room for everything")
    func mistakes() throws {
        let source = PlainSource(channels: 4, numbers: noise(400, seed: 1))
        for (change, field) in [
            ({ $0.width = 0 }, "width"), ({ $0.height = 0 }, "height"), ({ $0.height = 3 }, "height"),
            ({ $0.amplitude = 0 }, "amplitude"), ({ $0.amplitude = .nan }, "amplitude"),
        ] as [((inout WaveformOptions) -> Void, String)] {
            let error = #expect(throws: MediaError.self) { try Waveform(source, options: WaveformOptions(change)) }
            #expect(error?.code == .argumentInvalid && error?.location.field == field)
        }
        let empty = #expect(throws: MediaError.self) { try Waveform(PlainSource(numbers: [])) }
        #expect(empty?.code == .shapeInvalid)
        let framed = try Waveform(source).framed()
        #expect(framed.width > 1024 && framed.height > 256 && framed.report.findings.isEmpty)
        #expect(try Waveform(source, options: .init { ($0.width, $0.height) = (1, 4) }).framed().width > 1)
    }
}
