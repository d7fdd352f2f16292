import AudioCoding
import TestSupport
import Testing

@Suite("WAV files are read, and what is damaged is told")
struct WAVFileTests {
    private static func file(_ bytes: [UInt8]) throws(MediaError) -> WAVFile {
        try WAVFile(FileContents(bytes: bytes, name: "a.wav"))
    }

    private static func floats(_ file: WAVFile) throws -> [Float] {
        var numbers = [Float](repeating: .nan, count: file.sampleCount * file.channels)
        var span = numbers.mutableSpan
        #expect(try file.fill(0..<file.sampleCount + 5, into: &span) == file.sampleCount)
        return numbers
    }

    private static func error(_ bytes: [UInt8]) -> MediaError? {
        do throws(MediaError) { _ = try file(bytes) } catch { return error }
        return nil
    }

    private static func little(_ number: Int, _ count: Int = 4) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }

    private static func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
        Array(name.utf8) + little(content.count) + content + (content.count % 2 == 1 ? [0] : [])
    }

    /// A file of these chunks.
    private static func riff(_ chunks: [UInt8]...) -> [UInt8] {
        chunk("RIFF", Array("WAVE".utf8) + chunks.flatMap { $0 })
    }

    private static func format(
        code: Int = 1, channels: Int = 1, rate: Int = 8000, block: Int = 2, bits: Int = 16
    ) -> [UInt8] {
        chunk(
            "fmt ",
            little(code, 2) + little(channels, 2) + little(rate) + little(rate * block) + little(block, 2)
                + little(bits, 2))
    }

    private static let data = chunk("data", [1, 0, 2, 0, 3, 0])

    @Test("what the encoder writes is read back, and written again byte for byte", arguments: SampleFormat.allCases)
    func ownFiles(format: SampleFormat) throws {
        var random = SeededGenerator(seed: 3)
        let numbers = (0..<300).map { _ in random.double(-1, 1) }
        let metadata = WAVMetadata { ($0.title, $0.date) = ("Regen", "2026") }
        let encoder = WAVEncoder(sampleFormat: format, metadata: metadata)
        let (bytes, _) = try encoded(Sound(Tensor(numbers, shape: [100, 3]), rate: 11_025), encoder)
        let file = try Self.file(bytes)
        #expect(file.format == format && file.rate == 11_025 && file.channels == 3 && file.sampleCount == 100)
        #expect(file.metadata == metadata && file.findings.isEmpty && !file.isRF64)
        #expect(file.seconds == 100.0 / 11_025)
        #expect(try firstDifference(encoded(file, encoder).bytes, bytes) == nil)
        #expect(try firstDifference(encoded(Sound(file), encoder).bytes, bytes) == nil)
        let step = format.isFloatingPoint ? 1e-6 : 1 / Double(1 << (format.bits - 1)) + 1e-6
        for (found, number) in zip(try Self.floats(file), numbers) { #expect(abs(Double(found) - number) <= step) }
    }

    @Test("what other programs write is read as they read it", .python("numpy", "soundfile", "scipy"))
    func foreignFiles() throws {
        let folder = try TemporaryFolder()
        try PythonTools.run(
            """
            import sys, subprocess, numpy as np, soundfile, scipy.io.wavfile
            folder, names = sys.argv[1], []
            rng = np.random.default_rng(5)
            a = rng.uniform(-1, 1, (701, 2))
            def add(name):
                x, rate = soundfile.read(f"{folder}/{name}.wav", dtype="float32")
                x.tofile(f"{folder}/{name}.f32"); names.append(name)
            for form in ("WAV", "WAVEX", "RF64"):
                for sub in ("PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE"):
                    name = f"{form}-{sub}"
                    soundfile.write(f"{folder}/{name}.wav", a, 22050, format=form, subtype=sub)
                    add(name)
            for t in ("uint8", "int16", "int32", "float32", "float64"):
                x = a if t[0] == "f" else a * np.iinfo(t).max / (2 if t[0] == "u" else 1) + (128 if t[0] == "u" else 0)
                scipy.io.wavfile.write(f"{folder}/scipy-{t}.wav", 22050, x.astype(t))
                add(f"scipy-{t}")
            source = f"{folder}/WAV-FLOAT.wav"
            for codec in ("pcm_u8", "pcm_s16le", "pcm_s24le", "pcm_s32le", "pcm_f32le", "pcm_f64le"):
                for more in ([], ["-rf64", "always"], ["-metadata", "title=x", "-write_bext", "1"]):
                    name = f"ffmpeg-{codec}-{len(more)}-{more[0][1:] if more else ''}"
                    subprocess.run(["ffmpeg", "-v", "error", "-i", source, "-c:a", codec, *more, f"{folder}/{name}.wav"], check=True)
                    add(name)
            with open(f"{folder}/pipe.wav", "wb") as f:
                subprocess.run(["ffmpeg", "-v", "error", "-i", source, "-c:a", "pcm_s16le", "-f", "wav", "-"], stdout=f, check=True)
            names.append("pipe"); np.fromfile(f"{folder}/ffmpeg-pcm_s16le-0-.f32", np.float32).tofile(f"{folder}/pipe.f32")
            open(f"{folder}/names", "w").write("\\n".join(names))
            for codec in ("pcm_alaw", "pcm_mulaw", "adpcm_ms", "adpcm_ima_wav"):
                subprocess.run(["ffmpeg", "-v", "error", "-i", source, "-c:a", codec, f"{folder}/{codec}.wav"], check=True)
            """, arguments: [folder.path])
        let names = try readText(folder.path("names")).split(separator: "\n")
        #expect(names.count == 42)
        for name in names {
            let file = try WAVFile(path: folder.path("\(name).wav"))
            #expect(file.rate == 22_050 && file.channels == 2 && file.sampleCount == 701, "\(name)")
            #expect(file.isRF64 == (name.hasPrefix("RF64") || name.hasSuffix("rf64")), "\(name)")
            let found = bytes(of: try Self.floats(file))
            #expect(firstDifference(found, try folder.bytes("\(name).f32")) == nil, "\(name)")
        }
        #expect(try WAVFile(path: folder.path("pipe.wav")).findings.count == 1)
        for (codec, word) in [
            ("pcm_alaw", "A-law (format 6)"), ("pcm_mulaw", "µ-law (format 7)"), ("adpcm_ms", "Microsoft ADPCM"),
            ("adpcm_ima_wav", "IMA ADPCM"),
        ] {
            let error = #expect(throws: MediaError.self) { try WAVFile(path: folder.path("\(codec).wav")) }
            #expect(error?.code == .unsupported && error?.message.contains(word) == true, "\(codec)")
        }
    }

    @Test(
        "the fixtures are what they are said to be",
        arguments: [
            ("plain", SampleFormat.pcm16, 1, 64, 0), ("bytes", .u8, 2, 16, 0), ("extensible", .pcm24, 3, 20, 0),
            ("floats", .float32, 1, 64, 0), ("wide", .pcm16, 1, 64, 0), ("stream", .pcm16, 1, 64, 1),
        ])
    func fixtures(name: String, format: SampleFormat, channels: Int, count: Int, findings: Int) throws {
        let file = try WAVFile(path: Fixtures.path("sounds/\(name).wav"))
        #expect(file.format == format && file.channels == channels && file.sampleCount == count && file.rate == 8000)
        #expect(file.findings.count == findings)
        if name == "bytes" { #expect(file.metadata.title == "tone" && file.metadata.comment == "64 samples") }
    }

    @Test("chunks may come in any order, unknown ones and odd sizes are passed over")
    func order() throws {
        let odd = Self.chunk("odd ", [7, 7, 7]), long = Self.chunk("junk", [UInt8](repeating: 9, count: 100))
        for bytes in [
            Self.riff(Self.format(), Self.data), Self.riff(Self.data, Self.format()),
            Self.riff(odd, Self.format(), long, odd, Self.data, odd),
            // The byte that fills up the last chunk is missing; one of a header is left over.
            Array(Self.riff(Self.format(), Self.data, odd).dropLast()), Self.riff(Self.format(), Self.data, [1]),
        ] {
            let file = try Self.file(bytes)
            #expect(file.sampleCount == 3)
            #expect(try Self.floats(file) == [1, 2, 3].map { $0 / 32768 })
            #expect(file.findings.isEmpty)
        }
        let trailing = try Self.file(Self.riff(Self.format(), Self.data) + [1, 2, 3])
        #expect(trailing.findings.map(\.message) == ["3 bytes behind the end of the sound are passed over"])
        let cut = try Self.file(Self.riff(Self.format(), Self.chunk("data", [1, 0, 2])))
        #expect(cut.sampleCount == 1 && cut.findings.count == 1)
        #expect(try Self.file(Self.riff(Self.format(), Self.chunk("data", []))).sampleCount == 0)
    }

    @Test("lies and contradictions are told")
    func lies() {
        let whole = Self.riff(Self.format(), Self.data)
        func changed(_ place: Int, _ new: [UInt8]) -> [UInt8] {
            var bytes = whole
            bytes.replaceSubrange(place..<place + new.count, with: new)
            return bytes
        }
        let cases: [([UInt8], MediaError.Code, String)] = [
            ([], .truncated, "empty"), (Array("RIFF".utf8), .truncated, "after 4 bytes"),
            (Array("no sound here".utf8), .unrecognized, "no WAV"),
            (changed(8, Array("WEBP".utf8)), .unrecognized, "RIFF"),
            (changed(0, Array("RIFX".utf8)), .unsupported, "RIFX"),
            (changed(4, Self.little(1000)), .truncated, "1008 bytes, the file has 50"),
            (changed(40, Self.little(7)), .truncated, "says 7 bytes, 6 are left"),
            (changed(16, Self.little(1 << 30)), .truncated, "\"fmt \" says 1073741824"),
            (Array(whole.dropLast(3)), .truncated, "50 bytes, the file has 47"),
            (Self.riff(Self.format()), .malformed, "no chunk \"data\""), (Self.riff(Self.data), .malformed, "\"fmt \""),
            (Self.riff(Self.format(), Self.data, Self.data), .malformed, "second chunk"),
            (Self.riff(Self.format(), Self.format(), Self.data), .malformed, "second chunk"),
            (Self.riff(Self.chunk("fmt ", [1, 0, 1, 0]), Self.data), .malformed, "has 4 bytes"),
            (Self.riff(Self.format(channels: 0, block: 0), Self.data), .malformed, "0 channels"),
            (Self.riff(Self.format(channels: 1025, block: 2050), Self.data), .malformed, "1025 channels"),
            (Self.riff(Self.format(rate: 0), Self.data), .malformed, "0 samples a second"),
            (Self.riff(Self.format(block: 3), Self.data), .malformed, "would have 3 bytes"),
            (Self.riff(Self.format(block: 8, bits: 64), Self.data), .unsupported, "PCM of 64 bits"),
            (Self.riff(Self.format(code: 3, block: 2, bits: 16), Self.data), .unsupported, "of 16 bits"),
            (Self.riff(Self.format(code: 0xFFFE), Self.data), .malformed, "extensible"),
            (Self.riff(Self.format(code: 0x55), Self.data), .unsupported, "MP3 (format 85)"),
            (changed(0, Array("RF64".utf8)), .malformed, "64 bits, and they are missing"),
        ]
        for (bytes, code, words) in cases {
            let error = Self.error(bytes)
            #expect(error?.code == code && error?.message.contains(words) == true, "\(words): \(error as Any)")
            #expect(error?.location.file == "a.wav")
        }
    }

    @Test("damaged files are refused or read, and never read beyond their end")
    func damage() throws {
        var random = SeededGenerator(seed: 9)
        var encoder = WAVEncoder(sampleFormat: .pcm24, metadata: WAVMetadata { $0.title = "x" })
        encoder.largestPlainSize = 10
        let numbers = (0..<40).map { Float($0) / 40 }
        let seeds = try [
            encoded(PlainSource(channels: 2, numbers: numbers), encoder).bytes,
            encoded(PlainSource(channels: 2, numbers: numbers)).bytes,
            encoded(PlainSource(numbers: numbers), WAVEncoder(sampleFormat: .float64)).bytes,
        ]
        var read = 0
        for seed in seeds {
            for length in 0..<seed.count {
                if let file = try? Self.file(Array(seed.prefix(length))) { _ = try Self.floats(file) }
            }
            for _ in 0..<3000 {
                let bytes = mutated(seed, using: &random)
                guard let file = try? Self.file(bytes) else { continue }
                read += 1
                #expect(try Self.floats(file).count <= bytes.count)
            }
        }
        #expect(read > 100)
    }
}
