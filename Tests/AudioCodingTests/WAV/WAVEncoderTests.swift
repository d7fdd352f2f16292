import AudioCoding
import MediaCore
import TestSupport
import Testing

@Suite("WAV files are written as they should be")
struct WAVEncoderTests {
    private static func code(_ body: () throws -> Void) -> MediaError.Code? {
        do { try body() } catch { return (error as? MediaError)?.code }
        return nil
    }

    @Test("the plain header has 44 bytes, and says what follows")
    func plainHeader() throws {
        let sound = try Sound(Tensor([Int16(1), -2, 3, -4], shape: [2, 2]), rate: 44100)
        let (file, report) = try encoded(sound)
        #expect(
            file
                == bytes(
                    hex: """
                        52494646 2c000000 57415645 666d7420 10000000 0100 0200 44ac0000 10b10200 0400 1000
                        64617461 08000000 0100feff 0300fcff
                        """))
        #expect(report.count == 2 && report.channels == 2 && report.seconds == 2.0 / 44100 && !report.isRF64)
    }

    @Test(
        "more than two channels and more than 16 bits ask for the long form, floats for a fact",
        arguments: [
            (SampleFormat.pcm16, 2, 1, 16, false), (.u8, 2, 1, 16, false), (.pcm16, 3, 0xFFFE, 40, false),
            (.pcm24, 1, 0xFFFE, 40, false), (.pcm32, 2, 0xFFFE, 40, false), (.float32, 2, 3, 18, true),
            (.float64, 1, 3, 18, true), (.float32, 6, 0xFFFE, 40, true),
        ])
    func forms(format: SampleFormat, channels: Int, code: Int, size: Int, hasFact: Bool) throws {
        let sound = try Sound(Tensor([Float](repeating: 0, count: 20 * channels), shape: [20, channels]), rate: 8000)
        let (file, _) = try encoded(sound, WAVEncoder(sampleFormat: format))
        #expect(file.little(16, 4) == size)
        #expect(file.little(20, 2) == code)
        #expect((file.tag(20 + size) == "fact") == hasFact)
        if hasFact { #expect(file.little(20 + size + 8, 4) == 20) }
        if size == 40 {
            #expect(file.little(36, 2) == 22 && file.little(38, 2) == format.bits)
            #expect(file.little(40, 4) == (channels == 1 ? 4 : channels == 2 ? 3 : 0))
            #expect(file.little(44, 2) == (format.isFloatingPoint ? 3 : 1))
        }
        #expect(file.little(4, 4) == file.count - 8)
    }

    @Test("an odd number of bytes is filled up, and not counted as sound")
    func padding() throws {
        let sound = try Sound(Tensor([UInt8(1), 2, 3], shape: [3]), rate: 8000)
        let (file, _) = try encoded(sound, WAVEncoder(sampleFormat: .u8))
        #expect(file.count == 48 && file.little(40, 4) == 3 && file.little(4, 4) == 40)
        #expect(Array(file.suffix(4)) == [1, 2, 3, 0])
    }

    @Test("texts stand in a chunk of their own", .python("numpy", "soundfile"))
    func metadata() throws {
        let folder = try TemporaryFolder()
        let sound = try Sound(Tensor([Int16](repeating: 0, count: 10), shape: [10]), rate: 8000)
        let metadata = WAVMetadata { ($0.title, $0.artist, $0.comment) = ("Régen", "me", "a wet one") }
        let path = try folder.write(encoded(sound, WAVEncoder(metadata: metadata)).bytes, to: "a.wav")
        let found = try PythonTools.run(
            """
            import sys, soundfile
            with soundfile.SoundFile(sys.argv[1]) as f: print(f.title, f.artist, f.comment, f.frames, sep="|")
            """, arguments: [path]
        ).lines.first
        #expect(found == "Régen|me|a wet one|10")
        let wrong = WAVMetadata { $0.title = "a\0b" }
        #expect(Self.code { _ = try encoded(sound, WAVEncoder(metadata: wrong)) } == .argumentInvalid)
    }

    @Test("clipping and what is not finite are counted, with the first place and number")
    func losses() throws {
        var numbers = [Float](repeating: 0.25, count: 200_000)
        (numbers[70_001], numbers[70_002], numbers[150_000]) = (1.5, -3, .nan)
        numbers[3] = 1
        numbers[4] = -1
        let (file, report) = try encoded(Sound(Tensor(numbers, shape: [100_000, 2]), rate: 8000))
        #expect(report.tally.clippedHigh == 1 && report.tally.clippedLow == 1 && report.tally.notFinite == 1)
        #expect(report.tally.firstClipped == SoundPlace(sample: 35_000, channel: 1))
        #expect(report.tally.firstClippedValue == 1.5)
        #expect(report.tally.firstNotFinite == SoundPlace(sample: 75_000, channel: 0))
        #expect(report.allFindings.map(\.code) == [.valueNotFinite, .valueOutOfRange])
        #expect(file.little(44 + 2 * 70_001, 2) == 32767 && file.little(44 + 2 * 70_002, 2) == 32768)
        #expect(file.little(44 + 2 * 150_000, 2) == 0)
        // 1 itself is the loudest number, half a step above what the file has: no loss.
        #expect(file.little(44 + 6, 2) == 32767 && file.little(44 + 8, 2) == 32768)
    }

    @Test("under .strict a loss is an error that names the first, and a float file takes what is loud")
    func strict() throws {
        let sound = try Sound(Tensor([0, 2, Float.nan, 0], shape: [2, 2]), rate: 8000)
        let error = #expect(throws: MediaError.self) { try encoded(sound, WAVEncoder(strictness: .strict)) }
        #expect(error?.code == .valueOutOfRange && error?.location.field == "samples[0]")
        #expect(error?.message == "the number 2 at sample 0, channel 1 is louder than 1")
        let loud = #expect(throws: MediaError.self) {
            try encoded(sound, WAVEncoder(sampleFormat: .float32, strictness: .strict))
        }
        #expect(loud?.code == .valueNotFinite && loud?.message.contains("sample 1, channel 0") == true)
        let huge = try Sound(Tensor([1e300, -1e300, 2.0], shape: [3]), rate: 8000)
        let (_, report) = try encoded(huge, WAVEncoder(sampleFormat: .float32))
        #expect(report.tally.clipped == 2 && report.tally.firstClippedValue == 1e300)
    }

    @Test("samples of 16 bits in a wider type are remarked on; loud ones and silence are not")
    func silent() throws {
        func codes<Number: TensorElement>(_ numbers: [Number]) throws -> [MediaError.Code] {
            try encoded(Sound(Tensor(numbers, shape: [numbers.count]), rate: 8000)).report.findings.map(\.code)
        }
        #expect(try codes([Int64(32767), -32768]) == [.soundSilent])
        #expect(try codes([Int32(1000), 0]) == [.soundSilent])
        #expect(try codes([UInt32(1 << 31) + 500, 1 << 31]) == [.soundSilent])
        #expect(try codes([Int32(32768), 5]).isEmpty)
        #expect(try codes([Int64(0), 0]).isEmpty)
        #expect(try codes([Int16(5)]).isEmpty)
    }

    @Test("dither is seeded noise of ±1 step, the same whatever the blocks, and leaves alone what fits")
    func dither() throws {
        let quiet = [Float](repeating: 0.25 / 32768, count: 100_000)
        let sound = try Sound(Tensor(quiet, shape: [50_000, 2]), rate: 8000)
        let encoder = WAVEncoder(dither: .triangular(seed: 1))
        let (file, report) = try encoded(sound, encoder)
        #expect(report.isDithered)
        let numbers = (0..<100_000).map { Int(Int16(truncatingIfNeeded: file.little(44 + 2 * $0, 2))) }
        // The mean is that of the sound, which rounding alone would make 0; noise of ±1 step has a variance of 1/6.
        let mean = Double(numbers.reduce(0, +)) / 100_000
        let variance = numbers.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / 100_000
        #expect(abs(mean - 0.25) < 0.01 && Set(numbers).isSubset(of: [-1, 0, 1]))
        #expect(abs(variance - (1.0 / 6 + 1.0 / 12)) < 0.01)

        let sink = MemorySink()
        let writer = try encoder.begin(SoundDescription(rate: 8000, channels: 2, count: 50_000), to: sink)
        for start in stride(from: 0, to: 100_000, by: 2468) {
            try writer.append(quiet.span.extracting(start..<min(100_000, start + 2468)))
        }
        _ = try writer.finish()
        #expect(firstDifference(sink.bytes, file) == nil)
        #expect(try encoded(sound, WAVEncoder(dither: .triangular(seed: 2))).bytes != file)
        let fitting = try Sound(Tensor([Int16(5), 6], shape: [2]), rate: 8000)
        let (exact, exactReport) = try encoded(fitting, encoder)
        #expect(try exact == encoded(fitting).bytes && !exactReport.isDithered)
        #expect(
            Self.code { _ = try encoded(sound, WAVEncoder(sampleFormat: .float32, dither: .triangular())) }
                == .argumentInvalid)
    }

    @Test("a source without a type or a length gives the same samples, in a file that was patched")
    func plainSources() throws {
        let numbers = (0..<150_000).map { Float($0 % 1000) / 1000 }
        let typed = try encoded(Sound(Tensor(numbers, shape: [75_000, 2]), rate: 8000)).bytes
        #expect(try firstDifference(encoded(PlainSource(channels: 2, numbers: numbers)).bytes, typed) == nil)
        let (open, report) = try encoded(PlainSource(channels: 2, numbers: numbers, isCounted: false))
        #expect(open.count == typed.count + 36 && open.tag(12) == "JUNK" && report.count == 75_000)
        #expect(open.little(4, 4) == open.count - 8 && open.little(76, 4) == 300_000)
        #expect(Array(open.suffix(300_000)) == Array(typed.suffix(300_000)))
        // What cannot be patched would carry wrong sizes.
        #expect(
            Self.code { _ = try WAVEncoder().encode(PlainSource(numbers: [0], isCounted: false), to: CountingSink()) }
                == .argumentInvalid)
    }

    @Test("beyond 4 GiB sizes have 64 bits", .python("numpy", "soundfile", "scipy"))
    func wideSizes() throws {
        // The header of a file that nobody writes to its end.
        let sink = MemorySink()
        let count = 1 << 31
        _ = try WAVEncoder().begin(SoundDescription(rate: 48_000, channels: 2, count: count), to: sink)
        let header = sink.bytes
        #expect(header.tag(0) == "RF64" && header.little(4, 4) == 0xFFFF_FFFF && header.tag(12) == "ds64")
        #expect(header.little(20, 8) == 72 + 4 * count && header.little(28, 8) == 4 * count)
        #expect(header.little(36, 8) == count && header.little(76, 4) == 0xFFFF_FFFF && header.count == 80)
        // The last size that 32 bits hold.
        let edge = MemorySink()
        _ = try WAVEncoder().begin(SoundDescription(rate: 8000, channels: 1, count: 2_147_483_629), to: edge)
        #expect(edge.bytes.tag(0) == "RIFF" && edge.bytes.little(4, 4) == 0xFFFF_FFFE)
        let over = MemorySink()
        _ = try WAVEncoder().begin(SoundDescription(rate: 8000, channels: 1, count: 2_147_483_630), to: over)
        #expect(over.bytes.tag(0) == "RF64")

        // A small file with the sizes of a large one, of known and of unknown length, and what others read from it.
        let folder = try TemporaryFolder()
        var encoder = WAVEncoder(sampleFormat: .float32)
        encoder.largestPlainSize = 1000
        let numbers = (0..<999).map { Float($0) / 1000 }
        for isCounted in [true, false] {
            let (file, report) = try encoded(PlainSource(numbers: numbers, isCounted: isCounted), encoder)
            #expect(report.isRF64)
            try folder.write(file, to: "\(isCounted).wav")
        }
        try PythonTools.run(
            """
            import sys, subprocess, numpy as np, soundfile
            e = np.arange(999, dtype=np.float32) / np.float32(1000)
            for name in ("true", "false"):
                path = f"{sys.argv[1]}/{name}.wav"
                assert soundfile.info(path).format == "RF64"
                a, _ = soundfile.read(path, dtype="float32")
                b = np.frombuffer(subprocess.run(["ffmpeg", "-v", "error", "-i", path, "-f", "f32le", "-"],
                    capture_output=True, check=True).stdout, "<f4")
                assert (a == e).all() and (b == e).all() and len(a) == len(b) == 999
            """, arguments: [folder.path])
    }

    @Test("rates and options that the header has no room for are refused")
    func refusals() throws {
        let sound = SoundDescription(rate: 8000, channels: 1, count: 4)
        func begin(_ change: (inout SoundDescription) -> Void, _ encoder: WAVEncoder = WAVEncoder()) -> MediaError.Code?
        {
            var changed = sound
            change(&changed)
            return Self.code { _ = try encoder.begin(changed, to: MemorySink()) }
        }
        #expect(begin { _ in } == nil)
        #expect(begin { $0.rate = 0 } == .argumentInvalid)
        #expect(begin { $0.rate = 1 << 31 } == .argumentInvalid)
        #expect(begin { $0.rate = .max } == .argumentInvalid)
        #expect(begin { $0.channels = 0 } == .argumentInvalid)
        #expect(begin { $0.channels = 1025 } == .argumentInvalid)
        #expect(begin { $0.count = -1 } == .argumentInvalid)
        #expect(begin { $0.count = .max } == .argumentInvalid)
        #expect(begin({ _ in }, WAVEncoder(sampleFormat: .pcm24, compatibility: .wandb(.v0_31))) == .argumentInvalid)
    }

    @Test("a writer takes whole samples, as many as were announced, until it is finished")
    func writers() throws {
        let writer = try WAVEncoder().begin(SoundDescription(rate: 8000, channels: 2, count: 2), to: MemorySink())
        try writer.append([Int16(1), 2].span)
        #expect(Self.code { try writer.append([Int16(1)].span) } == .argumentInvalid)
        #expect(Self.code { try writer.append([Int16(1), 2].span) } == .argumentInvalid)
        let short = try WAVEncoder().begin(SoundDescription(rate: 8000, channels: 1, count: 2), to: MemorySink())
        try short.append([Float(1)].span)
        #expect(Self.code { _ = try short.finish() } == .argumentInvalid)
        let long = try WAVEncoder().begin(SoundDescription(rate: 8000, channels: 1, count: 1), to: MemorySink())
        #expect(Self.code { try long.append([Float(1), 2].span) } == .argumentInvalid)
        let mixed = try WAVEncoder().begin(SoundDescription(rate: 8000, channels: 1, count: 2), to: MemorySink())
        try mixed.append([Float(0.5)].span)
        try mixed.append([Int32.max].span)
        #expect(try mixed.finish().count == 2)
        #expect(Self.code { try mixed.append([true].span) } == .argumentInvalid)
    }

    @Test("a raised flag, a full sink and a failing source end the work")
    func failures() async throws {
        let sound = try Sound(Tensor([Float](repeating: 0, count: 200_000), shape: [200_000]), rate: 8000)
        let flag = CancellationFlag()
        flag.cancel()
        #expect(Self.code { _ = try encoded(sound, WAVEncoder(cancellation: flag)) } == .cancelled)
        let error = #expect(throws: MediaError.self) {
            try WAVEncoder().encode(sound, to: MemorySink(limit: 200_000))
        }
        #expect(error?.code == .limitExceeded && error?.location.field == "samples[98304]")

        struct Broken: SampleSource {
            let rate = 8000, channels = 1
            var count: Int? { 5 }
            func fill(_ range: Range<Int>, into samples: inout MutableSpan<Float>) throws(MediaError) -> Int {
                throw MediaError(.fileUnreadable, "broken")
            }
        }
        #expect(Self.code { _ = try encoded(Broken()) } == .fileUnreadable)
        let folder = try TemporaryFolder()
        let pool = WorkerPool(threadCount: 2)
        let sink = try FileSink(path: folder.path("a.wav"))
        let report = try await WAVEncoder().encode(sound, to: sink, on: pool)
        #expect(try sink.commit().byteCount == report.byteCount)
    }
}
