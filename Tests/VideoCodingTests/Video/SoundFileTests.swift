import Foundation
import ImageCoding
import MediaCore
import TensorIO
import TestSupport
import Testing
import VideoCoding

/// A ramp: the number of a sample is in its value.
struct Ramp: SampleSource {
    var rate = 1000
    let channels = 2
    let length: Int

    var count: Int? { length }

    func fill(_ range: Range<Int>, into samples: inout MutableSpan<Float>) throws(MediaError) -> Int {
        let end = max(range.lowerBound, min(range.upperBound, length))
        for index in range.lowerBound..<end {
            samples[(index - range.lowerBound) * 2] = Float(index + 1)
            samples[(index - range.lowerBound) * 2 + 1] = -Float(index + 1)
        }
        return end - range.lowerBound
    }
}

extension SampleSource {
    /// The samples of a range.
    func samples(_ range: Range<Int>) throws -> [Float] {
        var samples = [Float](repeating: .nan, count: range.count * channels)
        var span = samples.mutableSpan
        let count = try fill(range, into: &span)
        return Array(samples.prefix(count * channels))
    }
}

@Suite("Sound of files") struct SoundFileTests {
    /// Noise of two channels as a file that ffmpeg wrote.
    private static func made(_ name: String, _ options: [String], in folder: TemporaryFolder) throws -> String {
        var generator = SeededGenerator(seed: 3)
        let samples = (0..<2 * 12_345).map { _ in Float(generator.integer(-30_000...30_000)) / 32_768 }
        let raw = try folder.write(samples.withUnsafeBytes { Array($0) }, to: "raw.f32")
        let path = folder.path(name)
        let outcome = try Program(
            "/usr/bin/env",
            ["ffmpeg", "-y", "-v", "error", "-f", "f32le", "-ar", "44100", "-ac", "2", "-i", raw] + options + [path]
        ).run()
        guard outcome.status == 0 else { throw ProgramFailure(outcome.errorText) }
        return path
    }

    /// All samples as ffmpeg decodes them.
    private static func decoded(_ path: String) throws -> [Float] {
        let outcome = try Program("/usr/bin/env", ["ffmpeg", "-v", "error", "-i", path, "-f", "f32le", "-"]).run()
        guard outcome.status == 0 else { throw ProgramFailure(outcome.errorText) }
        return outcome.output.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
    }

    @Test(
        "Chunks that say more than there is are refused before libav takes memory for them", arguments: ["wav", "aiff"])
    func lyingChunks(ending: String) throws {
        let folder = try TemporaryFolder()
        let path = try Self.made("a." + ending, [], in: folder)
        let bytes = try folder.bytes("a." + ending)
        let isWAV = ending == "wav"
        // Behind the header of the file: a text of a gigabyte, of which there are three bytes.
        var lie = Array((isWAV ? "LIST" : "NAME").utf8) + (isWAV ? [0, 0, 0, 0x40] : [0x40, 0, 0, 0])
        lie += Array("INFO".utf8)
        let lying = Array(bytes[..<12]) + lie + Array(bytes[12...])
        let error = #expect(throws: MediaError.self) { try SoundFile(FileContents(bytes: lying, name: "a")) }
        #expect(error?.code == .truncated && error?.message.contains("a chunk says 1073741824 bytes") == true)
        // Samples that end early, and what is no chunk behind them, were always read.
        let whole = try SoundFile(FileContents.open(path)).samples(0..<100)
        let junk = try SoundFile(FileContents(bytes: bytes + [1, 2, 3, 4, 5, 6, 7, 8, 9], name: "a"))
        #expect(try junk.samples(0..<100) == whole)
    }

    private static let kinds: [(String, [String])] = [
        ("a.wav", ["-c:a", "pcm_s16le"]), ("b.wav", ["-c:a", "pcm_u8"]), ("c.wav", ["-c:a", "pcm_s24le"]),
        ("d.wav", ["-c:a", "pcm_s32le"]), ("e.wav", ["-c:a", "pcm_f32le"]), ("f.wav", ["-c:a", "pcm_f64le"]),
        ("g.flac", []), ("h.aiff", []), ("i.mp3", []), ("j.ogg", ["-c:a", "libvorbis"]), ("k.mp4", ["-c:a", "aac"]),
        ("l.webm", ["-c:a", "libvorbis"]), ("m.w64", []), ("n.wav", ["-rf64", "always"]),
    ]

    @Test("Samples are those that ffmpeg decodes, in any order of asking", arguments: kinds)
    func samples(name: String, options: [String]) throws {
        let folder = try TemporaryFolder()
        let path = try Self.made(name, options, in: folder)
        let file = try SoundFile(FileContents.open(path))
        #expect(file.rate == 44_100 && file.channels == 2 && file.count == nil)
        let wanted = try Self.decoded(path)
        try #require(wanted.count > 2 * 12_000)
        #expect(try file.samples(0..<20_000) == wanted)
        #expect(try file.samples(500..<900) == Array(wanted[1000..<1800]))
        #expect(try file.samples(900..<901) == Array(wanted[1800..<1802]))
        #expect(try file.samples(10..<20) == Array(wanted[20..<40]))
        #expect(try file.samples(20_000..<20_010).isEmpty)
    }

    @Test("The sound of a video is read past its frames") func video() throws {
        let folder = try TemporaryFolder()
        let path = try Self.made(
            "v.mp4", ["-f", "lavfi", "-i", "testsrc=d=0.3:s=64x64", "-c:a", "aac"], in: folder)
        #expect(try SoundFile(FileContents.open(path)).samples(0..<20_000) == Self.decoded(path))
    }

    @Test("Files without sound, of other kinds, empty and cut short are errors that name the file") func failures()
        throws
    {
        let folder = try TemporaryFolder()
        let wav = try FileContents.open(Self.made("a.wav", [], in: folder))
        let bytes = wav.withBytes { $0.withUnsafeBytes { Array($0) } }
        func code(_ bytes: [UInt8], samples: Range<Int> = 0..<20_000) -> MediaError.Code? {
            do {
                _ = try SoundFile(FileContents(bytes: bytes, name: "x")).samples(samples)
                return nil
            } catch {
                #expect((error as? MediaError)?.location.file == "x")
                return (error as? MediaError)?.code
            }
        }
        #expect(code(bytes) == nil)
        #expect(code([]) == .truncated)
        #expect(code(Array("no sound at all".utf8)) == .unrecognized)
        #expect(code(Array(bytes.prefix(30))) == .truncated)
        #expect(code(Array(bytes.prefix(5001))) == .malformed)
        let silent = try FileContents.open(Fixtures.path("videos/ramp.mp4"))
        let error = try #require(throws: MediaError.self) { try SoundFile(silent) }
        #expect(error.code == .unsupported && error.message == "there is no sound in it")
    }

    @Test("A part begins where it is asked to, with silence before the whole and nothing behind it") func parts() throws
    {
        let ramp = Ramp(length: 50)
        let part = SoundPart(ramp, from: 0.01, lasting: 0.02)
        #expect(part.count == 20 && part.rate == 1000 && part.channels == 2)
        #expect(try part.samples(0..<2) == [11, -11, 12, -12])
        #expect(try part.samples(18..<30) == [29, -29, 30, -30])
        #expect(try part.samples(30..<31).isEmpty)
        let late = SoundPart(ramp, from: -0.002)
        #expect(late.count == 52)
        #expect(try late.samples(0..<3) == [0, 0, 0, 0, 1, -1])
        #expect(try late.samples(1..<2) == [0, 0])
        #expect(try late.samples(2..<3) == [1, -1])
        #expect(try late.samples(51..<60) == [50, -50])
        #expect(try SoundPart(ramp, from: -0.01, lasting: 0.005).samples(0..<9).count == 10)
        #expect(SoundPart(ramp, from: 1).count == 0)
    }
}
