import AudioCoding
import TestSupport
import Testing

@Suite("Sounds are media items")
struct SoundItemTests {
    private static func sound(_ count: Int, rate: Int = 8000, caption: String? = nil) throws -> Sound {
        try Sound(Tensor([Float](repeating: 0.1, count: count), shape: [count]), rate: rate, caption: caption)
    }

    @Test("one sound")
    func one() throws {
        let folder = try TemporaryFolder()
        let media = try MediaFolder(path: folder.path)
        let record = try Self.sound(16, caption: "Nice").write(to: media, key: "a/b", step: .step(7))
        let file = try #require(record.file)
        #expect(file.path == "media/audio/a/b_7_\(file.sha256.hex.prefix(20)).wav" && file.byteCount == 76)
        #expect(try WAVFile(path: folder.path(file.path)).sampleCount == 16)
        let json = try JSONWriter.string(record.json)
        #expect(
            json
                == "{\"caption\":\"Nice\",\"_type\":\"audio-file\",\"sha256\":\"\(file.sha256.hex)\",\"size\":76,\"path\":\"\(file.path)\"}"
        )
        // The rules decide about the samples: 0.1 is 3276.8 steps.
        let theirs = try Self.sound(16).write(to: media, key: "c", step: .step(7), compatibility: .wandb(.v0_31))
        #expect(try folder.bytes(file.path).little(44, 2) == 3277)
        #expect(try folder.bytes(theirs.path ?? "").little(44, 2) == 3276)
    }

    @Test("the encoder of the sound writes the file, and its findings are in the record")
    func encoder() throws {
        let folder = try TemporaryFolder()
        let media = try MediaFolder(path: folder.path)
        var sound = try Sound(Tensor([Float.nan, 2, 0], shape: [3]), rate: 8000)
        sound.encoder = WAVEncoder(sampleFormat: .float32)
        let record = try sound.write(to: media, key: "k", step: .summary)
        #expect(record.findings.map(\.code) == [.valueNotFinite])
        #expect(try WAVFile(path: folder.path(record.path ?? "")).format == .float32)
        sound.encoder = WAVEncoder(strictness: .strict)
        let error = #expect(throws: MediaError.self) { try sound.write(to: media, key: "l", step: .summary) }
        #expect(error?.code == .valueNotFinite)
        #expect(folder.files().count == 1)
    }

    @Test("lists keep rates, durations and captions of every sound")
    func lists() throws {
        let folder = try TemporaryFolder()
        let media = try MediaFolder(path: folder.path)
        let path = try folder.write(encoded(Self.sound(80)).bytes, to: "x.wav")
        let sounds = [
            try Self.sound(20, caption: "one"), try Self.sound(33, rate: 4000), try Sound(contentsOf: path),
        ]
        let record = try Sound.write(sounds, to: media, key: "k", step: .step(3))
        #expect(record.json["_type"] == "audio" && record.json["count"] == 3)
        #expect(record.json["audio"]?.array?.count == 3 && record.files.count == 3)
        #expect(record.json["sampleRates"] == [8000, 4000, 8000])
        #expect(record.json["durations"] == [0.0025, 0.00825, 0.01])
        #expect(record.json["captions"] == ["one", "", ""])
        let theirs = try Sound.write(sounds, to: media, key: "k", step: .step(3), compatibility: .wandb(.v0_31))
        #expect(theirs.json["sampleRates"] == [8000, 4000, .null])
        #expect(try Sound.write([], to: media, key: "k", step: .step(3)).json == [])
        let bare = try Sound.write([Self.sound(5)], to: media, key: "k", step: .step(3))
        #expect(bare.json["captions"] == nil)
    }

    @Test("more than a hundred sounds are a warning with their number")
    func tooMany() throws {
        let folder = try TemporaryFolder()
        let media = try MediaFolder(path: folder.path)
        let sound = try Self.sound(4)
        func findings(_ count: Int) throws -> [Finding] {
            try Sound.write(Array(repeating: sound, count: count), to: media, key: "k", step: .step(0)).findings
        }
        #expect(try findings(100).isEmpty)
        #expect(try findings(101).map(\.value) == ["101"])
    }
}
