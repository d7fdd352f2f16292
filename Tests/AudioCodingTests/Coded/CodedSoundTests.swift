import AudioCoding
import Foundation
import TestSupport
import Testing

@Suite("FLAC, Vorbis, Opus, MP3 and AIFF files") struct CodedSoundTests {
    private static func encode(
        _ source: any SampleSource, _ encoder: CodedSoundEncoder
    ) throws -> (bytes: [UInt8], report: SoundReport) {
        let sink = MemorySink()
        let report = try encoder.encode(source, to: sink)
        #expect(report.byteCount == sink.bytes.count)
        return (sink.bytes, report)
    }

    /// Noise of all magnitudes, samples × channels.
    private static func numbers(_ count: Int) -> [Float] {
        var generator = SeededGenerator(seed: 11)
        return (0..<count).map { _ in Float(generator.integer(-(1 << 23)...(1 << 23) - 1)) / Float(1 << 23) }
    }

    /// A tone of two channels.
    private static func tone(_ rate: Int, seconds: Double) throws -> Sound {
        let count = Int(seconds * Double(rate))
        let numbers = (0..<count).flatMap { index -> [Float] in
            let time = Double(index) / Double(rate)
            return [Float(0.5 * sin(2 * .pi * 440 * time)), Float(0.4 * cos(2 * .pi * 310 * time))]
        }
        return try Sound(Tensor(numbers, shape: [count, 2]), rate: rate)
    }

    private static let lossless: [(SoundFormat, SampleFormat)] = [
        (.flac, .pcm16), (.flac, .pcm24), (.aiff, .pcm16), (.aiff, .pcm24), (.aiff, .pcm32), (.aiff, .float32),
        (.aiff, .float64),
    ]

    @Test(
        "Files without loss hold the numbers of a WAV file, as libsndfile and ffmpeg read them",
        .python("numpy", "soundfile"), arguments: lossless)
    func exact(format: SoundFormat, sampleFormat: SampleFormat) throws {
        let folder = try TemporaryFolder()
        // An odd number of bytes in 24 bits.
        let sound = try Sound(Tensor(Self.numbers(3 * 70_001), shape: [70_001, 3]), rate: 44_100)
        let (bytes, report) = try Self.encode(sound, CodedSoundEncoder(format: format, sampleFormat: sampleFormat))
        #expect(report.count == 70_001 && report.channels == 3 && report.format == sampleFormat)
        let coded = try folder.write(bytes, to: "a." + format.rawValue)
        let plain = try folder.write(encoded(sound, WAVEncoder(sampleFormat: sampleFormat)).bytes, to: "a.wav")
        let outcome = try PythonTools.run(
            """
            import sys, numpy, soundfile
            type = "float64" if sys.argv[3].startswith("float") else "int32"
            (a, rate), (b, _) = (soundfile.read(path, dtype=type, always_2d=True) for path in sys.argv[1:3])
            print(a.shape, rate, numpy.array_equal(a, b), numpy.abs(a).max() > 0, soundfile.info(sys.argv[1]).subtype)
            """, arguments: [coded, plain, sampleFormat.rawValue])
        let names: [SampleFormat: String] = [
            .pcm16: "PCM_16", .pcm24: "PCM_24", .pcm32: "PCM_32", .float32: "FLOAT", .float64: "DOUBLE",
        ]
        #expect(outcome.lines.first == "(70001, 3) 44100 True True \(names[sampleFormat] ?? "")")
        let checked = try Program("/usr/bin/env", ["ffmpeg", "-v", "error", "-i", coded, "-f", "null", "-"]).run()
        #expect(checked.status == 0 && checked.errorText.isEmpty, "\(checked.errorText)")
    }

    @Test(
        "Compressed files sound like what they were made of, and last as long", .python("numpy", "soundfile"),
        arguments: [
            (SoundFormat.ogg, 44_100, 25.0), (.ogg, 8000, 12), (.opus, 48_000, 20), (.opus, 16_000, 20),
            (.mp3, 44_100, 20), (.mp3, 16_000, 20),
        ])
    func lossy(format: SoundFormat, rate: Int, decibels: Double) throws {
        let folder = try TemporaryFolder()
        let sound = try Self.tone(rate, seconds: 1.25)
        let (bytes, report) = try Self.encode(sound, CodedSoundEncoder(format: format))
        #expect(report.tally.clipped == 0 && report.allFindings.isEmpty)
        let coded = try folder.write(bytes, to: "a." + format.rawValue)
        let plain = try folder.write(
            encoded(sound, WAVEncoder(sampleFormat: .float32)).bytes, to: "a.wav")
        let line = try PythonTools.run(
            """
            import sys, numpy, soundfile
            (a, rate), (b, _) = (soundfile.read(path) for path in sys.argv[1:])
            quiet = 10 * numpy.log10((b ** 2).sum() / ((a[:len(b)] - b) ** 2).sum())
            print(len(a) == len(b), rate, quiet)
            """, arguments: [coded, plain]
        ).lines.first
        let parts = line?.split(separator: " ") ?? []
        try #require(parts.count == 3)
        #expect(parts[0] == "True" && Int(parts[1]) == rate)
        #expect(Double(parts[2]) ?? 0 > decibels, "\(parts[2]) dB")
        // Numbers of streams, which the library draws by chance, are stated.
        #expect(try Self.encode(sound, CodedSoundEncoder(format: format)).bytes == bytes)
        let other = try Self.encode(sound, CodedSoundEncoder(format: format, serial: 7)).bytes
        #expect(format == .mp3 || bytes.little(14, 4) == 1 && other.little(14, 4) == 7 && other.count == bytes.count)
        let checked = try Program("/usr/bin/env", ["ffmpeg", "-v", "error", "-xerror", "-i", coded, "-f", "null", "-"])
            .run()
        #expect(checked.status == 0 && checked.errorText.isEmpty, "\(checked.errorText)")
    }

    @Test(
        "A file, and memory that is written to once, get the same bytes",
        arguments: [SoundFormat.aiff, .flac, .ogg, .opus, .mp3])
    func sinks(format: SoundFormat) throws {
        final class Pipe: ByteSink {
            var bytes: [UInt8] = []
            var byteCount: Int { bytes.count }
            func write(_ span: RawSpan) throws(MediaError) {
                span.withUnsafeBytes { bytes.append(contentsOf: $0) }
            }
        }
        let folder = try TemporaryFolder()
        let sound = try Self.tone(48_000, seconds: 0.3)
        let wanted = try Self.encode(sound, CodedSoundEncoder(format: format)).bytes
        let pipe = Pipe()
        _ = try CodedSoundEncoder(format: format).encode(sound, to: pipe)
        #expect(pipe.bytes == wanted)
        let file = try FileSink(path: folder.path("a"))
        _ = try CodedSoundEncoder(format: format).encode(sound, to: file)
        _ = try file.commit()
        #expect(try folder.bytes("a") == wanted)
        // Nobody has to say how long a sound is.
        let stream = PlainSource(rate: 48_000, channels: 2, numbers: try sound.allNumbers(), isCounted: false)
        #expect(try Self.encode(stream, CodedSoundEncoder(format: format)).bytes == wanted)
    }

    @Test("What is loud is clipped and counted in compressed files, too; .strict refuses it") func losses() throws {
        var numbers = [Float](repeating: 0.1, count: 20_000)
        (numbers[5], numbers[6], numbers[7]) = (1.5, -2, .nan)
        let sound = try Sound(Tensor(numbers, shape: [10_000, 2]), rate: 48_000)
        for format in [SoundFormat.flac, .ogg, .opus, .mp3, .aiff] {
            let report = try Self.encode(sound, CodedSoundEncoder(format: format)).report
            #expect(report.tally.clippedHigh == 1 && report.tally.clippedLow == 1 && report.tally.notFinite == 1)
            #expect(report.tally.firstClipped == SoundPlace(sample: 2, channel: 1), "\(format)")
            let error = #expect(throws: MediaError.self) {
                try Self.encode(sound, CodedSoundEncoder(format: format, strictness: .strict))
            }
            #expect(error?.code == .valueOutOfRange && error?.location.field == "samples[2]")
        }
    }

    private static let bad: [(CodedSoundEncoder, Int, Int, String)] = [
        (CodedSoundEncoder(format: .opus), 44_100, 2, "opus has no rate of 44100 samples a second"),
        (CodedSoundEncoder(format: .mp3), 96_000, 2, "mp3 has no rate of 96000 samples a second"),
        (CodedSoundEncoder(format: .mp3), 48_000, 3, "3 channels: mp3 has 1 to 2"),
        (CodedSoundEncoder(format: .flac), 8000, 9, "9 channels: flac has 1 to 8"),
        (CodedSoundEncoder(format: .flac, sampleFormat: .float32), 8000, 1, "flac files hold no float32"),
        (CodedSoundEncoder(format: .ogg, sampleFormat: .pcm16), 8000, 1, "ogg files hold no pcm16"),
        (CodedSoundEncoder(format: .wav), 8000, 1, "wav is not written by libsndfile here"),
        (CodedSoundEncoder(format: .aiff, quality: 0.5), 8000, 1, "a quality for aiff"),
        (CodedSoundEncoder(format: .ogg, quality: 1.5), 8000, 1, "a quality of 1.5"),
        (CodedSoundEncoder(format: .ogg, dither: .triangular()), 8000, 1, "dither for ogg"),
    ]

    @Test("What cannot be written is refused, saying what there is", arguments: bad)
    func refusals(encoder: CodedSoundEncoder, rate: Int, channels: Int, message: String) throws {
        let source = PlainSource(rate: rate, channels: channels, numbers: [Float](repeating: 0, count: 100 * channels))
        let error = try #require(throws: MediaError.self) { _ = try Self.encode(source, encoder) }
        #expect(error.code == .argumentInvalid && error.message.contains(message), "\(error)")
        #expect(error.hint != nil)
    }

    @Test("More quality takes more bytes, of FLAC fewer", arguments: [SoundFormat.flac, .ogg, .opus, .mp3])
    func quality(format: SoundFormat) throws {
        let count = 48_000
        let numbers = Self.numbers(count).enumerated().map { index, noise in
            Float(sin(Double(index) / 20)) * 0.4 + noise * 0.1
        }
        let sound = try Sound(Tensor(numbers, shape: [count]), rate: 48_000)
        let sizes = try [0, 1.0].map {
            try Self.encode(sound, CodedSoundEncoder(format: format, quality: $0)).report.byteCount
        }
        #expect(format == .flac ? sizes[1] < sizes[0] : sizes[1] > 2 * sizes[0], "\(sizes)")
    }

    @Test("A full disk is its own error, and nothing goes on after it", arguments: [SoundFormat.flac, .ogg, .aiff])
    func fullDisk(format: SoundFormat) throws {
        let sound = try Sound(Tensor(Self.numbers(400_000), shape: [200_000, 2]), rate: 44_100)
        let error = try #require(throws: MediaError.self) {
            _ = try CodedSoundEncoder(format: format).encode(sound, to: MemorySink(limit: 50_000))
        }
        #expect(error.code == .limitExceeded && error.message.contains("the limit is 50000"), "\(error)")
    }

    @Test("A library that is missing is an error that names the package") func missing() {
        let error = #expect(throws: MediaError.self) { try SoundFileLibrary(name: "libnone.so.1") }
        #expect(error?.code == .libraryMissing && error?.message.contains("libnone.so.1") == true)
        #expect(error?.hint?.contains("libsndfile1") == true)
    }
}

extension SampleSource {
    /// All numbers of a short sound.
    func allNumbers() throws -> [Float] {
        var numbers = [Float](repeating: 0, count: (count ?? 0) * channels)
        var span = numbers.mutableSpan
        _ = try fill(0..<(count ?? 0), into: &span)
        return numbers
    }
}
