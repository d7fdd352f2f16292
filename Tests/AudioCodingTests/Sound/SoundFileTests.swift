import AudioCoding
import TestSupport
import Testing

@Suite("Existing files of sound are looked into and copied")
struct SoundFileTests {
    private static func error(_ bytes: [UInt8]) -> MediaError? {
        do throws(MediaError) { _ = try SoundFileHeader.read(FileContents(bytes: bytes, name: "a")) } catch {
            return error
        }
        return nil
    }

    /// Files of other programs, with what these read from them in `facts`: name, kind, codec, rate, channels, samples.
    private static func makeFiles(_ folder: TemporaryFolder) throws -> [[String]] {
        try PythonTools.run(
            """
            import sys, subprocess, numpy as np, soundfile
            folder = sys.argv[1]
            a = np.random.default_rng(5).uniform(-0.5, 0.5, (30011, 2))
            facts = []
            def add(name, kind, codec):
                i = soundfile.info(f"{folder}/{name}")
                facts.append(f"{name} {kind} {codec} {i.samplerate} {i.channels} {i.frames}")
            for name, kind, codec, rate, channels, options in [
                ("a.wav", "wav", "pcm24", 44100, 2, {"subtype": "PCM_24"}), ("b.wav", "wav", "float32", 8000, 1, {"subtype": "FLOAT"}),
                ("a.flac", "flac", "flac", 44100, 2, {}), ("b.flac", "flac", "flac", 96000, 1, {"subtype": "PCM_24"}),
                ("a.ogg", "ogg", "vorbis", 22050, 1, {}), ("b.oga", "ogg", "vorbis", 48000, 2, {"format": "OGG"}),
                ("a.opus", "ogg", "opus", 48000, 2, {"format": "OGG", "subtype": "OPUS"}),
                ("a.mp3", "mp3", "mp3", 44100, 2, {}), ("b.mp3", "mp3", "mp3", 22050, 1, {}), ("c.mp3", "mp3", "mp3", 8000, 1, {}),
                ("a.aiff", "aiff", "pcm16", 44100, 2, {}), ("b.aif", "aiff", "pcm24", 96000, 1, {"subtype": "PCM_24", "format": "AIFF"}),
                ("c.aifc", "aiff", "float32", 11025, 2, {"subtype": "FLOAT", "format": "AIFF"}),
                ("d.aiff", "aiff", "ulaw", 8000, 1, {"subtype": "ULAW"}), ("e.aiff", "aiff", "pcm16", 48000, 2, {"endian": "LITTLE"}),
            ]:
                soundfile.write(f"{folder}/{name}", a[:, :channels], rate, **options)
                add(name, kind, codec)
            subprocess.run(["ffmpeg", "-v", "error", "-i", f"{folder}/a.flac", "-c:a", "copy", f"{folder}/c.ogg"], check=True)
            facts.append("c.ogg ogg flac 44100 2 30011")
            subprocess.run(["ffmpeg", "-v", "error", "-i", f"{folder}/a.wav", "-metadata", "title=x", "-id3v2_version", "3", f"{folder}/d.mp3"], check=True)
            add("d.mp3", "mp3", "mp3")
            subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc=d=0.2:s=32x32", "-c:v", "libtheora", f"{folder}/video.ogv"], check=True)
            open(f"{folder}/facts", "w").write("\\n".join(facts))
            """, arguments: [folder.path])
        return try readText(folder.path("facts")).split(separator: "\n").map { line in
            line.split(separator: " ").map(String.init)
        }
    }

    @Test("headers say what libsndfile reads, and files are copied byte for byte", .python("numpy", "soundfile"))
    func headers() throws {
        let folder = try TemporaryFolder()
        for facts in try Self.makeFiles(folder) {
            let path = folder.path(facts[0])
            let sound = try Sound(contentsOf: path)
            let header = try #require(sound.fileHeader)
            #expect(header.kind.rawValue == facts[1] && header.codec == facts[2], "\(facts)")
            #expect(sound.rate == Int(facts[3]) && sound.channels == Int(facts[4]), "\(facts)")
            let count = try #require(sound.count), wanted = try #require(Int(facts[5]))
            #expect(count == wanted, "\(facts): \(count)")
            #expect(header.findings.isEmpty, "\(facts)")
            let media = try MediaFolder(path: folder.path("media"))
            let record = try sound.write(to: media, key: "s", step: .step(1))
            #expect(try readBytes(media.path + "/" + (record.path ?? "")) == readBytes(path))
            #expect(record.path?.hasSuffix("." + (facts[0].split(separator: ".").last ?? "")) == true)
            #expect(try Sound(FileContents.open(path)).fileHeader == header)
        }
        let video = #expect(throws: MediaError.self) { try Sound(contentsOf: folder.path("video.ogv")) }
        #expect(video?.code == .unrecognized)
        // The samples of a WAV file can be read; others are told to be converted.
        #expect(try encoded(Sound(contentsOf: folder.path("a.wav"))).report.count == 30_011)
        let flac = #expect(throws: MediaError.self) { try encoded(Sound(contentsOf: folder.path("a.flac"))) }
        #expect(flac?.code == .unsupported)
        // An ending of another kind is a mistake, but for the SDK.
        try folder.write(folder.bytes("a.wav"), to: "wrong.flac")
        let wrong = #expect(throws: MediaError.self) { try Sound(contentsOf: folder.path("wrong.flac")) }
        #expect(wrong?.code == .malformed && wrong?.message == "the content is wav, the name ends in \"flac\"")
        #expect(throws: Never.self) { try Sound(contentsOf: folder.path("wrong.flac"), compatibility: .wandb(.v0_31)) }
        try Self.damage(folder)
    }

    /// Cuts and damages the files: a typed error or a header is right, whatever comes.
    private static func damage(_ folder: TemporaryFolder) throws {
        var random = SeededGenerator(seed: 4)
        for name in ["a.flac", "a.ogg", "a.opus", "c.ogg", "a.mp3", "d.mp3", "a.aiff", "c.aifc"] {
            let bytes = try folder.bytes(name)
            #expect(error([]) != nil)
            for length in [4, 12, 30, 41] {
                #expect(error(Array(bytes.prefix(length))) != nil, "\(name), \(length)")
            }
            // A FLAC file does not say how long it is in bytes.
            if !name.hasSuffix("flac"), !name.hasSuffix("mp3") {
                #expect(error(Array(bytes.dropLast(9)))?.code == .truncated, "\(name)")
            }
            if name.hasSuffix("mp3") {
                let cut = try SoundFileHeader.read(FileContents(bytes: Array(bytes.dropLast(9)), name: name))
                #expect(cut.findings.map(\.code) == [.truncated], "\(name)")
            }
            for _ in 0..<500 {
                guard
                    let header = try? SoundFileHeader.read(
                        FileContents(bytes: mutated(bytes, using: &random), name: name))
                else { continue }
                #expect(header.rate > 0 && header.channels > 0)
            }
        }
    }

    @Test("what is no sound is told")
    func noSound() {
        #expect(Self.error(Array("hello, this is text".utf8))?.code == .unrecognized)
        #expect(Self.error(Array("RIFF".utf8))?.code == .truncated)
        #expect(Self.error([0xFF, 0xFB])?.code == .unrecognized)
        #expect(Self.error(Array("OggS".utf8))?.code == .unrecognized)
        #expect(Self.error(Array("fLaC".utf8))?.code == .truncated)
        #expect(throws: MediaError.self) { try Sound(contentsOf: "/no/such/file.wav") }
    }
}
