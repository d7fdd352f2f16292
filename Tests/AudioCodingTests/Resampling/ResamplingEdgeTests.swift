import AudioCoding
import Synchronization
import TestSupport
import Testing

@Suite("Sounds at another rate: ends, losses and refusals") struct ResamplingEdgeTests {
    @Test("There are as many samples as begin before the sound ends")
    func lengths() throws {
        for (from, to) in [(48_000, 44_100), (44_100, 48_000), (44_100, 44_101), (48_000, 1), (1, 48_000), (3, 2)] {
            let source = Silence(rate: from, count: 0)
            let sound = try ResampledSound(source, rate: to)
            for count in [0, 1, 2, 3, 7, 160, 47_999, 48_000, 48_001, 1_000_000_007] {
                source.length.withLock { $0 = count }
                #expect(sound.count == (count * to + from - 1) / from, "\(count) samples, \(from) to \(to)")
            }
        }
    }

    @Test("No sample and one sample are sounds too")
    func short() throws {
        #expect(try ResampledSound(PlainSource(numbers: []), rate: 9000).allNumbers().isEmpty)
        let one = try ResampledSound(PlainSource(numbers: [0.5]), rate: 16_000).allNumbers()
        #expect(one.count == 2 && abs(one[0] - 0.4775) < 1e-4 && abs(one[1] - 0.3175) < 1e-3)
        #expect(try ResampledSound(PlainSource(numbers: [0.5]), rate: 1).allNumbers().count == 1)
    }

    @Test("Counts and places beyond all sounds do not trap")
    func huge() throws {
        for (from, to) in [(1, 2), (1, ResampledSound.mostRate), (ResampledSound.mostRate, 1), (7, 6)] {
            let sound = try ResampledSound(Silence(rate: from, count: .max), rate: to)
            #expect(sound.count ?? 0 > 0)
            var numbers: [Float] = [7]
            var span = numbers.mutableSpan
            #expect(try sound.fill(.max - 1 ..< .max, into: &span) == 0)
        }
    }

    @Test("At its own rate a sound passes bit for bit, from its own type")
    func unchanged() throws {
        let numbers: [Float] = [0, -0.0, .nan, .infinity, 3e38, 0x1p-149]
        let passed = try ResampledSound(PlainSource(numbers: numbers), rate: 8000)
        #expect(passed.isUnchanged)
        #expect(try bytes(of: passed.allNumbers()) == bytes(of: numbers))
        let sound = try Sound(Tensor([Int32.max - 1, 5, .min], shape: [3]), rate: 8000)
        let encoder = WAVEncoder(sampleFormat: .pcm32)
        #expect(try encoded(ResampledSound(sound, rate: 8000), encoder).bytes == encoded(sound, encoder).bytes)
        #expect(try sound.resampled(to: 8000).facts == sound.facts)
    }

    @Test(
        "What is not finite spoils the sample at its time alone, and encoders find it", arguments: [4000, 8001, 24_000])
    func notFinite(rate: Int) throws {
        var numbers = noise(1200, seed: 2)
        for (place, value) in [(401, Float.nan), (402, .infinity), (900, 1e37)] { numbers[place] = value }
        let spoiled = try ResampledSound(PlainSource(channels: 2, numbers: numbers), rate: rate)
        for place in [401, 402, 900] { numbers[place] = 0 }
        var expected = try ResampledSound(PlainSource(channels: 2, numbers: numbers), rate: rate).allNumbers()
        let places = [(200, 1), (201, 0), (450, 0)].map { 2 * ($0.0 * rate / 8000) + $0.1 }
        for place in places { expected[place] = .nan }
        let found = try spoiled.allNumbers()
        #expect(zip(found, expected).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN } && found.count == expected.count)
        // Also where they are asked for one by one.
        #expect(try spoiled.numbers(places[0] / 2..<places[0] / 2 + 1)[1].isNaN)
        let report = try encoded(Sound(spoiled)).report
        #expect(report.tally.notFinite == 3)
        let first = try #require(places.min())
        #expect(report.tally.firstNotFinite == SoundPlace(sample: first / 2, channel: first % 2))
        #expect(report.allFindings.contains { $0.code == .valueNotFinite })
        let error = #expect(throws: MediaError.self) { try encoded(Sound(spoiled), WAVEncoder(strictness: .strict)) }
        #expect(error?.code == .valueNotFinite && error?.location.field == "samples[\(first / 2)]")
    }

    @Test("A loud sound may become louder than 1, which is clipped and counted")
    func overshoot() throws {
        let square = (0..<2000).map { Float($0 / 10 % 2 == 0 ? 1 : -1) }
        #expect(try encoded(PlainSource(numbers: square)).report.tally.clipped == 0)
        let report = try encoded(ResampledSound(PlainSource(numbers: square), rate: 12_000)).report
        #expect(report.tally.clipped > 100 && report.tally.notFinite == 0 && report.count == 3000)
    }

    @Test("A source that fails says at which of its own samples")
    func failure() throws {
        struct Broken: SampleSource {
            var (rate, channels) = (8000, 1)
            var count: Int? { 100_000 }
            func fill(_ range: Range<Int>, into samples: inout MutableSpan<Float>) throws(MediaError) -> Int {
                guard range.upperBound <= 30_000 else { throw MediaError(.malformed, "damage") }
                return range.count
            }
        }
        let error = #expect(throws: MediaError.self) { try encoded(ResampledSound(Broken(), rate: 4000)) }
        #expect(error?.code == .malformed && error?.location.field?.hasPrefix("samples[") == true, "\(error as Any)")
    }

    @Test("What is no rate, no sound or no range is refused", arguments: [0, -1, .min, .max, 1 << 32])
    func refusals(rate: Int) throws {
        for (source, rate) in [(PlainSource(numbers: [0]), rate), (PlainSource(rate: rate, numbers: [0]), 8000)] {
            let error = #expect(throws: MediaError.self) { try ResampledSound(source, rate: rate) }
            #expect(
                error?.code == .argumentInvalid
                    && error?.message.contains("rate of \(rate == 8000 ? source.rate : rate)") == true)
        }
        for channels in [0, -1, 1025] {
            #expect(throws: MediaError.self) {
                try ResampledSound(Silence(rate: 8000, count: 1, channels: channels), rate: 9000)
            }
        }
        let sound = try ResampledSound(PlainSource(numbers: [0, 0, 0, 0]), rate: 9000)
        var numbers: [Float] = [0, 0]
        var span = numbers.mutableSpan
        #expect(throws: MediaError.self) { try sound.fill(-1..<1, into: &span) }
        #expect(throws: MediaError.self) { try sound.fill(0..<3, into: &span) }
        #expect(try sound.fill(4..<900, into: &span) == 1)
    }
}

/// Any number of zeros.
private final class Silence: SampleSource {
    let rate: Int
    let channels: Int
    let length: Mutex<Int>
    var count: Int? { length.withLock { $0 } }

    init(rate: Int, count: Int, channels: Int = 1) {
        (self.rate, self.channels) = (rate, channels)
        length = Mutex(count)
    }

    func fill(_ range: Range<Int>, into samples: inout MutableSpan<Float>) -> Int {
        for index in 0..<range.count { samples[index] = 0 }
        return range.count
    }
}
