import AudioCoding
import Foundation
import TestSupport
import Testing

@Suite("Sounds at another rate") struct ResampledSoundTests {
    /// Decibels of a magnitude.
    private static func decibels(_ magnitude: Double) -> Double { 20 * log10(max(magnitude, 1e-15)) }

    /// A rate and another, and how many samples of the sound are looked at.
    private static let rates: [(Int, Int)] = [
        (44_100, 48_000), (48_000, 44_100), (48_000, 16_000), (44_100, 16_000), (192_000, 8000), (8000, 48_000),
        (8000, 192_000), (44_100, 44_101), (44_101, 48_000), (48_000, 44_101), (48_000, 100),
    ]

    /// Samples of a sine, which begins long before the range that is asked for and ends long behind it.
    private struct Tone: SampleSource {
        let rate: Int
        /// In hertz.
        let frequency: Double
        var channels: Int { 1 }
        var count: Int? { 1 << 40 }

        func fill(_ range: Range<Int>, into samples: inout MutableSpan<Float>) -> Int {
            for index in range { samples[index - range.lowerBound] = Float(value(Double(index) / Double(rate))) }
            return range.count
        }

        func value(_ time: Double) -> Double { sin(2 * .pi * (frequency * time).truncatingRemainder(dividingBy: 1)) }
    }

    @Test(
        "A tone that both rates hold is the same tone, sample by sample: no gain, no delay, no images", arguments: rates
    )
    func tones(from: Int, to: Int) throws {
        let nyquist = Double(min(from, to)) / 2
        for part in [0.0103, 0.37, 0.71, 0.9] {
            let tone = Tone(rate: from, frequency: part * nyquist)
            let sound = try ResampledSound(tone, rate: to)
            // Far from the beginning; the cycle of places is not begun at its first.
            let first = 1000 * max(1, to / from) + 7
            let numbers = try sound.numbers(first..<first + 200)
            for (index, number) in numbers.enumerated() {
                let error = Double(number) - tone.value(Double(first + index) / Double(to))
                try #require(Self.decibels(error.magnitude) < -115, "sample \(first + index) of \(tone.frequency) Hz")
            }
        }
    }

    @Test("A tone that the lower rate cannot hold is not to be heard", arguments: rates.filter { $0.0 > $0.1 })
    func aliasing(from: Int, to: Int) throws {
        for part in [1, 1.01, 1.09, 1.4, 1.93, 3.1, 7.7] where part * Double(to) < Double(from) {
            let sound = try ResampledSound(Tone(rate: from, frequency: part * Double(to) / 2), rate: to)
            let loudest = try sound.numbers(1003..<1203).map(\.magnitude).max() ?? 1
            #expect(Self.decibels(Double(loudest)) < -117, "\(part) times the highest frequency")
        }
    }

    @Test("A second of sound as one sample, and a second of nothing but one sample")
    func extremes() throws {
        // A fifth of the rate: its period is five samples out.
        let slow = Tone(rate: 1, frequency: 0.2)
        let many = try ResampledSound(slow, rate: 48_000)
        let first = 300 * 48_000 + 11
        for (index, number) in try many.numbers(first..<first + 300).enumerated() {
            let error = Double(number) - slow.value(Double(first + index) / 48_000)
            try #require(Self.decibels(error.magnitude) < -110)
        }
        let fast = Tone(rate: 4800, frequency: 0.2)
        for (index, number) in try ResampledSound(fast, rate: 1).numbers(202..<207).enumerated() {
            #expect(Self.decibels((Double(number) - fast.value(Double(202 + index))).magnitude) < -110)
        }
    }

    @Test(
        "Noise comes out as SciPy makes it with the same window, ends included", .python("scipy"),
        arguments: [(44_100, 48_000), (48_000, 44_100), (96_000, 48_000)])
    func filter(from: Int, to: Int) throws {
        let folder = try TemporaryFolder()
        let numbers = noise(3000, seed: 4)
        let input = try folder.write(bytes(of: numbers), to: "in")
        let resampled = try ResampledSound(PlainSource(rate: from, numbers: numbers), rate: to)
        let output = try folder.write(bytes(of: resampled.allNumbers()), to: "out")
        // 120 dB, on a slope from 0.91 to 1 of the lower Nyquist frequency, by Kaiser's rule; taps come by 16.
        let line = try PythonTools.run(
            """
            import math, sys, numpy, scipy.signal
            a, b = int(sys.argv[3]), int(sys.argv[4])
            up, down = b // math.gcd(a, b), a // math.gcd(a, b)
            x, y = (numpy.fromfile(path, "<f4").astype(float) for path in sys.argv[1:3])
            most, slope = max(up, down), 14.36 * 0.045 * min(1, up / down)
            taps = 16 * math.ceil((120 - 7.95) / slope / 16)
            beta = 0.1102 * (7.95 + taps * slope - 8.7)
            h = scipy.signal.firwin(taps * up + 1, 0.955 / most, window=("kaiser", beta))
            z = scipy.signal.resample_poly(x, up, down, window=h)
            print(len(y) == len(z), 20 * math.log10(numpy.abs(y - z).max()))
            """, arguments: [input, output, "\(from)", "\(to)"]
        ).lines.first
        let parts = line?.split(separator: " ") ?? []
        try #require(parts.count == 2)
        #expect(parts[0] == "True" && Double(parts[1]) ?? 0 < -115, "\(parts)")
    }

    @Test("An impulse becomes a sinc around its own time, with its own sum")
    func impulse() throws {
        var numbers = [Float](repeating: 0, count: 301)
        numbers[150] = 1
        let output = try ResampledSound(PlainSource(numbers: numbers), rate: 24_000).allNumbers()
        #expect(output.count == 903)
        for k in 0...450 { #expect(abs(output[450 - k] - output[450 + k]) < 1e-7) }
        #expect(abs(output[450] - 0.955) < 1e-4 && abs(output.reduce(0, +) - 3) < 1e-5)
    }

    @Test(
        "Any blocks, any order and any number of threads give the same bits",
        arguments: [(44_100, 16_000), (8000, 11_025)])
    func blocks(from: Int, to: Int) async throws {
        let source = PlainSource(rate: from, channels: 2, numbers: noise(40_000, seed: 9))
        let sound = try ResampledSound(source, rate: to)
        let wanted = bytes(of: try sound.allNumbers())
        let count = try #require(sound.count)
        for block in [1, 7, 1000, 6000] {
            var numbers: [Float] = []
            let last = block == 1 ? 300 : count
            for start in stride(from: 0, to: last, by: block) {
                numbers += try sound.numbers(start..<min(last, start + block))
            }
            #expect(firstDifference(bytes(of: numbers), Array(wanted.prefix(8 * last))) == nil, "blocks of \(block)")
        }
        for start in stride(from: count - 50, to: 0, by: -997) {
            #expect(bytes(of: try sound.numbers(start..<start + 50)) == Array(wanted[8 * start..<8 * start + 400]))
        }
        let pieces = try await withThrowingTaskGroup(of: (Int, [UInt8]).self) { group in
            for piece in 0..<8 {
                group.addTask { (piece, bytes(of: try sound.numbers(piece * count / 8..<(piece + 1) * count / 8))) }
            }
            return try await group.reduce(into: [Int: [UInt8]]()) { $0[$1.0] = $1.1 }
        }
        #expect(firstDifference((0..<8).flatMap { pieces[$0] ?? [] }, wanted) == nil)
        // Nobody has to say how long a sound is.
        let uncounted = try ResampledSound(
            PlainSource(rate: from, channels: 2, numbers: source.numbers, isCounted: false), rate: to)
        #expect(uncounted.count == nil)
        var room = [Float](repeating: 0, count: 8)
        var end = room.mutableSpan
        #expect(try uncounted.fill(count + 5..<count + 9, into: &end) == 0)
        var numbers = [Float](repeating: 7, count: wanted.count / 4 + 64)
        var span = numbers.mutableSpan
        #expect(try uncounted.fill(0..<count + 32, into: &span) == count)
        #expect(firstDifference(bytes(of: Array(numbers.prefix(2 * count))), wanted) == nil)
    }

    @Test("Channels do not meet", arguments: [2, 3, 40])
    func channels(count: Int) throws {
        let numbers = noise(500 * count, seed: 5)
        let together = try ResampledSound(PlainSource(channels: count, numbers: numbers), rate: 12_000).allNumbers()
        for channel in [0, 1, count - 1] {
            let own = stride(from: channel, to: numbers.count, by: count).map { numbers[$0] }
            let alone = try ResampledSound(PlainSource(numbers: own), rate: 12_000).allNumbers()
            #expect(stride(from: channel, to: together.count, by: count).map { together[$0] } == alone)
        }
    }

    @Test("Tensors of any type and strides are read as they are")
    func tensors() throws {
        let integers = noise(2000, seed: 6).map { Int16($0 * 32_767) }
        let tensor = try Tensor(integers, shape: [2, 1000])
        let rows = try Sound(tensor, rate: 8000, options: SoundOptions { $0.layout = .ct })
        let floats = (0..<2000).map { Float(integers[$0 % 2 * 1000 + $0 / 2]) / 32_768 }
        let plain = PlainSource(channels: 2, numbers: floats)
        #expect(try rows.resampled(to: 6000).allNumbers() == ResampledSound(plain, rate: 6000).allNumbers())
        let facts = try rows.resampled(to: 6000).facts
        #expect(facts.originalRate == 8000 && facts.layout == .ct && facts.elementType == .int16)
    }
}

extension SampleSource {
    /// The numbers of a range that the sound has.
    func numbers(_ range: Range<Int>) throws -> [Float] {
        var numbers = [Float](repeating: .nan, count: range.count * channels)
        var span = numbers.mutableSpan
        try #require(try fill(range, into: &span) == range.count)
        return numbers
    }
}
