import AudioCoding
import ImageCoding
import MediaDrawing
import TestSupport
import Testing

@Suite("Spectrograms") struct SpectrogramTests {
    /// One picture to compare with SciPy.
    struct Case: Sendable, CustomTestStringConvertible {
        var samples: Int
        var window: Int
        var hop: Int
        var width: Int, height: Int
        var function = WindowFunction.hann
        var testDescription: String { "\(samples) samples, \(function) \(window)/\(hop), \(width)×\(height)" }
    }

    /// The levels that a spectrum has by SciPy, and how far from them those of the picture are.
    private static let comparing = """
        import sys, numpy as np, scipy.signal
        from fractions import Fraction
        count, n, hop, w, h = map(int, sys.argv[1:6])
        name, low, high = sys.argv[6], float(sys.argv[7]), float(sys.argv[8])
        data = sys.stdin.buffer.read()
        x = np.frombuffer(data[:4 * count], "<f4").astype(float)
        pixels = np.frombuffer(data[4 * count:], "u1").reshape(h, w)
        frames = -(-count // hop)
        start, length = hop // 2 - n // 2, (frames - 1) * hop + n
        p = np.zeros(length)
        for i in range(length):
            if 0 <= start + i < count: p[i] = x[start + i]
        window = scipy.signal.get_window("boxcar" if name == "rectangle" else name, n)
        _, _, z = scipy.signal.stft(p, window=window, nperseg=n, noverlap=n - hop, boundary=None, padded=False) \\
            if hop <= n else (0, 0, np.stack([np.fft.rfft(p[t * hop:t * hop + n] * window) / window.sum()
            for t in range(frames)], 1))
        assert z.shape == (n // 2 + 1, frames), z.shape
        power = np.abs(2 * z) ** 2
        power[[0, -1]] /= 4
        columns = min(w, frames)
        loudest = np.zeros((n // 2 + 1, columns))
        for t in range(frames): loudest[:, t * columns // frames] = np.maximum(loudest[:, t * columns // frames], power[:, t])
        worst, seen = 0, 0
        for r in range(h):
            bottom, top = (Fraction(h - r - d, h) * (n // 2) for d in (1, 0))
            inside = [k for k in range(n // 2 + 1) if bottom <= k < top or k == top and r == 0]
            if inside: row = loudest[inside].max(0)
            else:
                middle = (bottom + top) / 2
                k, part = int(middle), float(middle - int(middle))
                row = loudest[k] * (1 - part) + loudest[k + 1] * part
            level = (10 * np.log10(row + 1e-300) - low) / (high - low) * 255
            level = level[[c * columns // w for c in range(w)]]
            clipped = np.clip(level, 0, 255)
            worst = max(worst, np.abs(pixels[r] - clipped).max())
            seen += np.count_nonzero((level > 0) & (level < 255))
        print(worst, seen)
        """

    @Test(
        "Levels are those of SciPy's spectrum to a hundredth of a decibel", .python("numpy", "scipy"),
        arguments: [
            Case(samples: 9000, window: 256, hop: 64, width: 50, height: 128),
            Case(samples: 9000, window: 512, hop: 100, width: 90, height: 100, function: .hamming),
            Case(samples: 70_000, window: 2048, hop: 512, width: 64, height: 64, function: .blackman),
            Case(samples: 3000, window: 16, hop: 5, width: 33, height: 8, function: .rectangle),
            Case(samples: 3000, window: 32, hop: 45, width: 100, height: 40),
            Case(samples: 500, window: 1024, hop: 33, width: 20, height: 300),
            Case(samples: 70_000, window: 65_536, hop: 30_000, width: 5, height: 70),
            Case(samples: 1, window: 64, hop: 1, width: 3, height: 16),
        ])
    func numbers(of one: Case) throws {
        let samples = noise(one.samples, seed: 5)
        // 80 dB in steps of a third, and a part of them in steps of a hundredth, where rounding is half a step.
        for (low, high, slack) in [(-80.0, 0.0, 0.55), (-42.55, -40.0, 1.5)] {
            let picture = try Spectrogram(
                PlainSource(numbers: samples),
                options: SpectrogramOptions {
                    ($0.width, $0.height, $0.windowLength, $0.hop) = (one.width, one.height, one.window, one.hop)
                    ($0.window, $0.decibels) = (one.function, .between(low, high))
                })
            let output =
                try PythonTools.run(
                    Self.comparing,
                    arguments: [one.samples, one.window, one.hop, one.width, one.height].map(String.init)
                        + [one.function.rawValue, String(low), String(high)],
                    input: bytes(of: samples) + pixels(of: picture)
                ).text.split(separator: "\n").first ?? ""
            let numbers = output.split(separator: " ").compactMap { Double($0) }
            try #require(numbers.count == 2)
            #expect(numbers[0] <= slack, "\(low)")
            #expect(one.samples == 1 || low > -80 || numbers[1] > 50, "too little was compared")
        }
    }

    @Test("A sine shows at its frequency on every scale, at 0 dB in any window", arguments: FrequencyScale.allCases)
    func sines(scale: FrequencyScale) throws {
        for function in WindowFunction.allCases {
            for bin in [8, 64, 300, 1000] {
                let frequency = Double(bin) * 44100 / 4096
                let picture = try Spectrogram(
                    PlainSource(rate: 44100, numbers: sine(frequency, rate: 44100, count: 20_000)),
                    options: SpectrogramOptions {
                        ($0.scale, $0.window, $0.windowLength, $0.width, $0.height) = (scale, function, 4096, 21, 400)
                    })
                let range = picture.frequencies
                let place =
                    AxisScaleTruth.position(of: frequency, scale, from: range.lowerBound, to: range.upperBound) * 400
                let row = loudestRow(try pixels(of: picture), width: 21, column: 10)
                #expect(abs(Double(400 - row) - 0.5 - place) <= 1, "\(function) \(bin)")
                #expect(abs(picture.decibels.upperBound) < 0.02)
            }
        }
    }

    @Test("A chirp peaks within one frequency of the one that it has in the middle of each window")
    func chirp() throws {
        let (rate, seconds, low, slope) = (16_000, 10.0, 500.0, 700.0)
        let numbers = (0..<160_000).map { index -> Float in
            let time = Double(index) / Double(rate)
            return Float(RepeatableMath.sinPi(2 * (low + slope / 2 * time) * time))
        }
        // A window for each column, a frequency for each row.
        let options = SpectrogramOptions {
            ($0.windowLength, $0.hop, $0.width, $0.height) = (512, 320, 500, 256)
            $0.decibels = .between(-20, 0)
        }
        let picture = try Spectrogram(Sound(Tensor(numbers, shape: [160_000]), rate: rate), options: options)
        let levels = try pixels(of: picture)
        let distance = Double(rate) / 512
        for column in 2..<498 {
            let expected = low + slope * (Double(column) + 0.5) * seconds / 500
            let found = Double(255 - loudestRow(levels, width: 500, column: column)) * distance
            #expect((found - expected).magnitude <= distance, "column \(column): \(found) Hz, not \(expected)")
        }
    }

    @Test("The axis of a picture has a number where the picture has it")
    func axes() {
        for (scale, low, high) in [(FrequencyScale.linear, 0.0, 8000.0), (.logarithmic, 20, 8000), (.mel, 0, 8000)] {
            for frequency in [25.0, 440, 1000, 7999] {
                let place = scale.axisScale.position(of: frequency, from: low, to: high) ?? -1
                #expect(abs(place - AxisScaleTruth.position(of: frequency, scale, from: low, to: high)) < 1e-9)
            }
        }
        let ticks = AxisTicks(from: 0, to: 22050, scale: .mel, atMost: 20).ticks.map(\.label)
        #expect(ticks == ["0", "100", "200", "500", "1000", "2000", "5000", "10000", "20000"])
        #expect(AxisTicks(from: 0, to: 300, scale: .mel, atMost: 4).ticks.map(\.label) == ["0", "100", "200", "300"])
    }

    @Test("A click shows in its column, whatever the hop", arguments: [nil, 1, 64, 100, 999])
    func click(hop: Int?) throws {
        for place in [0, 1234, 5000, 9999] {
            var numbers = [Float](repeating: 0, count: 10_000)
            numbers[place] = 1
            let picture = try Spectrogram(
                PlainSource(numbers: numbers),
                options: SpectrogramOptions { ($0.width, $0.height, $0.windowLength, $0.hop) = (100, 20, 1024, hop) })
            let all = try pixels(of: picture)
            let row = Array(all[0..<100])
            let found = row.firstIndex(of: 255) ?? -1
            // Neighbours are as loud but for less than a level.
            let width = 1.5 * Double(max(100, picture.hop))
            #expect(abs((Double(found) + 0.5) * 100 - Double(place)) <= width, "\(place): column \(found)")
        }
    }

    @Test("Silence, one sample, few samples and what is not finite have pictures")
    func oddities() throws {
        let options = SpectrogramOptions { ($0.width, $0.height) = (30, 20) }
        let silence = try Spectrogram(PlainSource(numbers: [Float](repeating: 0, count: 5000)), options: options)
        #expect(try pixels(of: silence) == [UInt8](repeating: 0, count: 600))
        #expect(silence.decibels == -80...0 && silence.facts.findings.isEmpty)
        let one = try Spectrogram(PlainSource(numbers: [1]), options: options)
        #expect(try pixels(of: one).max() == 255)
        #expect(one.seconds == 1.0 / 8000)
        // What is not finite is 0, is counted, and is told with its place.
        var broken = noise(5000, seed: 2)
        (broken[3], broken[4000], broken[4999]) = (.nan, .infinity, -.infinity)
        var mended = broken
        (mended[3], mended[4000], mended[4999]) = (0, 0, 0)
        let first = try Spectrogram(PlainSource(numbers: broken), options: options)
        #expect(try pixels(of: first) == pixels(of: Spectrogram(PlainSource(numbers: mended), options: options)))
        #expect(first.facts.findings.map(\.message) == ["3 numbers are not finite"])
        #expect(first.facts.findings.first?.value == "sample 3, channel 0")
        // A hop longer than the sound has its one window in the middle.
        let far = try Spectrogram(
            PlainSource(numbers: sine(1000, rate: 8000, count: 4000)),
            options: SpectrogramOptions { ($0.width, $0.height, $0.hop) = (3, 20, 1_048_576) })
        #expect(abs(far.decibels.upperBound) < 0.02 && far.hop == 4000)
        // Numbers whose squares are no floats have a picture of their own.
        let loud = try Spectrogram(
            PlainSource(numbers: [3e38, -3e38, 3e38, -3e38] + [Float](repeating: 0, count: 96)), options: options)
        #expect(try loud.decibels.upperBound.isFinite && (pixels(of: loud)).max() == 255)
    }

    @Test("Channels are mixed or chosen; the length need not be known; blocks leave no seams")
    func sources() throws {
        let left = sine(1000, rate: 8000, count: 100_000), right = sine(3000, rate: 8000, count: 100_000)
        let both = PlainSource(channels: 2, numbers: zip(left, right).flatMap { [$0, $1] })
        func picture(_ source: PlainSource, _ channel: Int?) throws -> [UInt8] {
            try pixels(
                of: Spectrogram(
                    source, options: SpectrogramOptions { ($0.width, $0.height, $0.channel) = (64, 40, channel) }))
        }
        #expect(try picture(both, 0) == picture(PlainSource(numbers: left), nil))
        #expect(try picture(both, 1) == picture(PlainSource(numbers: right), nil))
        let mix = zip(left, right).map { $0 * 0.5 + $1 * 0.5 }
        #expect(try picture(both, nil) == picture(PlainSource(numbers: mix), nil))
        #expect(
            try picture(both, nil)
                == picture(PlainSource(channels: 2, numbers: both.numbers, isCounted: false), nil))
        // In the middle of a tone nothing changes, where blocks of the source meet either.
        let rows = try picture(PlainSource(numbers: left), nil)
        #expect((1..<63).allSatisfy { rows[30 * 64 + $0] == rows[30 * 64 + 1] })
    }

    @Test("Options that cannot be are refused by name")
    func mistakes() throws {
        let source = PlainSource(channels: 2, numbers: noise(200, seed: 1))
        for (change, field) in [
            ({ $0.width = 0 }, "width"), ({ ($0.width, $0.height) = (65_536, 65_536) }, "height"),
            ({ $0.height = 65_537 }, "height"),
            ({ $0.windowLength = 1000 }, "windowLength"),
            ({ $0.windowLength = 8 }, "windowLength"), ({ $0.windowLength = .min }, "windowLength"),
            ({ $0.hop = 0 }, "hop"), ({ $0.channel = 2 }, "channel"), ({ $0.channel = -1 }, "channel"),
            ({ $0.frequencies = 0...4001 }, "frequencies"), ({ $0.frequencies = 50...50 }, "frequencies"),
            ({ ($0.scale, $0.frequencies) = (.logarithmic, 0...4000) }, "frequencies"),
            ({ $0.decibels = .belowMaximum(0) }, "decibels"), ({ $0.decibels = .belowMaximum(.nan) }, "decibels"),
            ({ $0.decibels = .between(0, -80) }, "decibels"),
        ] as [((inout SpectrogramOptions) -> Void, String)] {
            let error = #expect(throws: MediaError.self) {
                try Spectrogram(source, options: SpectrogramOptions(change))
            }
            #expect(error?.code == .argumentInvalid && error?.location.field == field)
        }
        let empty = #expect(throws: MediaError.self) { try Spectrogram(PlainSource(numbers: [])) }
        #expect(empty?.code == .shapeInvalid)
        let flag = CancellationFlag()
        flag.cancel()
        let cancelled = #expect(throws: MediaError.self) { try Spectrogram(source, cancellation: flag) }
        #expect(cancelled?.code == .cancelled)
    }

    @Test("The frame leaves the picture as it is")
    func frame() throws {
        let picture = try Spectrogram(
            PlainSource(numbers: noise(4000, seed: 3)), options: SpectrogramOptions { ($0.width, $0.height) = (90, 70) }
        )
        let framed = try picture.framed()
        let all = try pixels(of: framed), inner = try pixels(of: ConvertedSource(picture, to: .rgb))
        // It is the first place where its pixels are.
        let found = (0...(framed.height - 70)).contains { y in
            (0...(framed.width - 90)).contains { x in
                (0..<70).allSatisfy { row in
                    let start = ((y + row) * framed.width + x) * 3
                    return all[start..<start + 270] == inner[row * 270..<(row + 1) * 270]
                }
            }
        }
        #expect(found)
        #expect(all.prefix(3) == [255, 255, 255])
        #expect(try Spectrogram(PlainSource(numbers: [1])).framed().height > 512)
        let small = try Spectrogram(
            PlainSource(numbers: [1]), options: SpectrogramOptions { ($0.width, $0.height) = (1, 1) }
        ).framed()
        #expect(small.width > 1 && small.report.findings.isEmpty)
    }
}

/// Where a frequency stands, by the formulas as they are published.
enum AxisScaleTruth {
    static func position(of frequency: Double, _ scale: FrequencyScale, from low: Double, to high: Double) -> Double {
        func code(_ x: Double) -> Double {
            switch scale {
            case .linear: x
            case .logarithmic: RepeatableMath.log(x)
            case .mel: 2595 * RepeatableMath.log(1 + x / 700) / RepeatableMath.log(10)
            }
        }
        return (code(frequency) - code(low)) / (code(high) - code(low))
    }
}
