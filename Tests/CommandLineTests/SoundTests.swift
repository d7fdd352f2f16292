import AudioCoding
import Foundation
import MediaCore
import TensorIO
import TestSupport
import Testing

@Suite("Sounds on the command line") struct SoundTests {
    /// Two channels that rise: samples × channels.
    private static func tone(_ count: Int = 400) throws -> Tensor {
        try Tensor((0..<count * 2).map { Float($0 % 100) / 128 }, shape: [count, 2])
    }

    @Test("A tensor becomes a WAV file by the name of the output or by --as; the line says what was used")
    func convert() throws {
        let tool = try Tool()
        try tool.write(try Self.tone(), to: "tone.npy")
        let one = try tool.run("convert", "tone.npy", "-o", "one.wav", "--rate", "8000")
        #expect(one.status == 0 && one.errorText.isEmpty)
        #expect(
            one.lines == [
                "tone.npy → one.wav: (400, 2) float32, audio tc inferred, 2 channels at 8000 Hz, 0.05 s, pcm16, 1.6 kB"
            ])
        let many = try tool.run("convert", "tone.npy", "--as", "audio", "--rate", "8000", "-o", "out")
        #expect(many.lines.last == "1 sound written to out from 1 input")
        #expect(try tool.folder.bytes("out/tone.wav") == tool.folder.bytes("one.wav"))
        let stream = try tool.run("convert", "tone.npy", "--format", "wav", "--rate", "8000", "-o", "-")
        #expect(stream.output == (try tool.folder.bytes("one.wav")))
        // The library makes the same bytes.
        let sink = MemorySink()
        _ = try WAVEncoder().encode(Sound(try Self.tone(), rate: 8000), to: sink)
        #expect(try tool.folder.bytes("one.wav") == sink.bytes)
    }

    @Test("Formats of samples, dither and layouts are used", arguments: SampleFormat.allCases)
    func options(format: SampleFormat) throws {
        let tool = try Tool()
        try tool.write(try Self.tone().transposed([1, 0]), to: "tone.npy")
        var arguments = ["convert", "tone.npy", "--rate", "44100", "--sample-format", "\(format)", "-o", "a.wav"]
        if !format.isFloatingPoint { arguments += ["--dither", "tpdf:7"] }
        let outcome = try tool.run(arguments)
        #expect(outcome.status == 0, "\(outcome.errorText)")
        let words = "audio ct inferred, 2 channels at 44100 Hz, 0.00907 s, \(format)"
        #expect(outcome.text.contains(words + (format.isFloatingPoint ? "," : " dithered,")), "\(outcome.text)")
        let file = try WAVFile(path: tool.folder.path("a.wav"))
        #expect(file.format == format && file.rate == 44100 && file.channels == 2 && file.sampleCount == 400)
        let stated = try tool.run("convert", "tone.npy", "--rate", "8000", "--layout", "ct", "-o", "b.wav")
        #expect(stated.text.contains("audio ct, 2 channels"))
    }

    @Test("What is lost is a warning, and an error that leaves no file under --strict")
    func losses() throws {
        let tool = try Tool()
        try tool.write(try Tensor([0, 2, Float.nan, 0], shape: [4]), to: "a.npy")
        let outcome = try tool.run("convert", "a.npy", "-o", "a.wav", "--rate", "8000")
        #expect(outcome.status == 0)
        #expect(outcome.errorText.contains("1 number is not finite; the first is at sample 2, channel 0"))
        #expect(outcome.errorText.contains("1 number is louder than 1, and clipped; the first is 2 at sample 1"))
        let strict = try tool.run("convert", "a.npy", "-o", "b.wav", "--rate", "8000", "--strict")
        #expect(strict.status == 1)
        #expect(strict.errorText.contains("a.npy: samples[1]: the number 2 at sample 1, channel 0 is louder than 1"))
        #expect(tool.folder.files() == ["a.npy", "a.wav"])
    }

    @Test("Mistakes name the option and what to do; nothing is written")
    func mistakes() throws {
        let tool = try Tool()
        try tool.write(try Self.tone(), to: "a.npy")
        try tool.write(try Tensor([true, false], shape: [2]), to: "bool.npy")
        try tool.write(try Tensor([Float](repeating: 0, count: 600), shape: [20, 30]), to: "wide.npy")
        for (arguments, status, words) in [
            (["a.npy", "-o", "x.wav"], 1, "rate: nobody says how many samples a second has; give the rate"),
            (["a.npy", "-o", "x.wav", "--rate", "44.1k"], 64, "--rate: \"44.1k\" is no rate of samples"),
            (["a.npy", "-o", "x.wav", "--rate", "0"], 64, "--rate: \"0\""),
            (["a.npy", "-o", "x.wav", "--rate", "22050.5"], 64, "whole number such as 44100"),
            (["a.npy", "-o", "x.wav", "--rate", "9", "--sample-format", "pcm8"], 64, "choose one of u8, pcm16"),
            (["a.npy", "-o", "x.wav", "--rate", "9", "--dither", "tpdf:x"], 64, "write tpdf, or tpdf:SEED"),
            (["a.npy", "-o", "x.wav", "--rate", "9", "--layout", "hwc"], 1, "choose one of t, tc, ct"),
            (["a.npy", "-o", "x.wav", "--rate", "9", "--grid", "2"], 1, "grid does not go with a sound"),
            (["a.npy", "-o", "x.wav", "--rate", "9", "--as", "video"], 64, "kind video does not go with the output"),
            (["a.npy", "-o", "x.png", "--rate", "9", "--as", "audio"], 64, "kind audio does not go with the output"),
            (["a.npy", "-o", "x.png", "--sample-format", "pcm24"], 1, "say that it is a sound: as audio"),
            (["a.npy", "-o", "x.wav", "--rate", "99999999999"], 1, "do not fit the header"),
            (["a.npy", "-o", "x.png", "--rate", "9"], 1, "rate is of sounds, the input is read as something else"),
            (["bool.npy", "-o", "x.wav", "--rate", "9"], 1, "bool is no type of sound"),
            (["wide.npy", "-o", "x.wav", "--rate", "9"], 1, "20 samples of 30 channels; transpose it"),
        ] {
            let outcome = try tool.run(["convert"] + arguments)
            #expect(outcome.status == status, "\(arguments)")
            #expect(outcome.errorText.contains(words), "\(arguments): \(outcome.errorText)")
        }
        #expect(tool.folder.files() == ["a.npy", "bool.npy", "wide.npy"])
    }

    @Test("The sound of a file is written again, and a damaged one is told")
    func files() throws {
        let tool = try Tool()
        try tool.folder.write(try Fixtures.bytes("sounds/extensible.wav"), to: "in.wav")
        let outcome = try tool.run("convert", "in.wav", "-o", "out.wav", "--sample-format", "pcm32")
        #expect(outcome.text.contains("in.wav → out.wav: wav sound, 3 channels at 8000 Hz, 0.0025 s, pcm32"))
        #expect(try WAVFile(path: tool.folder.path("out.wav")).sampleCount == 20)
        let rated = try tool.run("convert", "in.wav", "-o", "x.wav", "--rate", "9")
        #expect(rated.errorText.contains("rate does not go with a file of sound"))
        try tool.folder.write(Array(try tool.folder.bytes("in.wav").dropLast(20)), to: "cut.wav")
        let cut = try tool.run("convert", "cut.wav", "-o", "x.wav")
        #expect(
            cut.status == 1 && cut.errorText.contains("cut.wav (byte 4): the header says 248 bytes, the file has 228"))
    }

    @Test(
        "Compressed files are decoded to other kinds, as ffmpeg decodes them",
        arguments: ["flac", "mp3", "ogg", "opus", "aiff"])
    func decoded(ending: String) throws {
        let tool = try Tool()
        try tool.folder.write(try Fixtures.bytes("sounds/coded/tone." + ending), to: "in." + ending)
        let outcome = try tool.run(
            "convert", "in." + ending, "--as", "audio", "--sample-format", "float32", "-o", "out.wav")
        #expect(outcome.status == 0, "\(outcome.errorText)")
        let wanted = try Program(
            "/usr/bin/env", ["ffmpeg", "-v", "error", "-i", tool.folder.path("in." + ending), "-f", "f32le", "-"]
        ).run().output
        let file = try WAVFile(path: tool.folder.path("out.wav"))
        #expect(
            file.rate == (ending == "opus" ? 48_000 : 8000) && file.channels == 2
                && file.sampleCount * 8 == wanted.count && !wanted.isEmpty)
        #expect(try tool.folder.bytes("out.wav").suffix(wanted.count).elementsEqual(wanted))
    }

    @Test("What is called a sound and is none is told as one; folders and outputs name what is taken") func noSounds()
        throws
    {
        let tool = try Tool()
        try tool.folder.write(Array("hello".utf8), to: "in/a.wav")
        for arguments in [["convert", "in/a.wav", "-o", "x.wav"], ["inspect", "in/a.wav"]] {
            let outcome = try tool.run(arguments)
            #expect(outcome.status == 1, "\(arguments)")
            #expect(
                outcome.errorText.contains("in/a.wav: the content is no sound that is known"), "\(outcome.errorText)")
        }
        try tool.folder.write([0], to: "none/a.txt")
        let none = try tool.run("convert", "none", "--sounds", "--as", "audio", "-o", "out")
        #expect(none.errorText.contains("there is no tensor or sound file in the folder"), "\(none.errorText)")
        let other = try tool.run("convert", "in/a.wav", "-o", "x.wma")
        #expect(other.errorText.contains("wma files are not written here"), "\(other.errorText)")
    }

    @Test("A WAV file of a kind that our reader does not know is decoded, too") func unusualWAV() throws {
        let tool = try Tool()
        try tool.folder.write(try Fixtures.bytes("sounds/a-law.wav"), to: "a.wav")
        let outcome = try tool.run("convert", "a.wav", "-o", "out.wav")
        #expect(outcome.status == 0, "\(outcome.errorText)")
        let wanted = try Program(
            "/usr/bin/env", ["ffmpeg", "-v", "error", "-i", tool.folder.path("a.wav"), "-f", "s16le", "-"]
        ).run().output
        #expect(try !wanted.isEmpty && tool.folder.bytes("out.wav").suffix(wanted.count).elementsEqual(wanted))
    }

    @Test("A compressed file that was cut short is told, whether or not its decoder notices")
    func cut() throws {
        let tool = try Tool()
        try tool.write(Tensor((0..<80_000).map { Float($0 * $0 % 1009) / 2048 }, shape: [80_000]), to: "in.npy")
        for ending in ["flac", "aiff", "mp3", "ogg"] {
            let made = try tool.run("convert", "in.npy", "--as", "audio", "--rate", "48000", "-o", "in." + ending)
            #expect(made.status == 0, "\(made.errorText)")
        }
        // Frames of FLAC begin with the same two bytes, and in one file with the same four; the last is left out.
        let flac = try tool.folder.bytes("in.flac")
        let frames = flac.indices.dropLast(4).filter { flac[$0] == 0xFF && flac[$0 + 1] == 0xF8 }
        let first = try #require(frames.first)
        let last = try #require(
            frames.dropLast().last { flac[$0 + 2..<$0 + 4].elementsEqual(flac[first + 2..<first + 4]) })
        try tool.folder.write(Array(flac[..<last]), to: "cut.flac")
        let decoded = try tool.run("convert", "cut.flac", "-o", "x.wav")
        #expect(
            decoded.status == 1 && decoded.errorText.contains("the header says 80000 samples, the file ends after "))
        for ending in ["aiff", "ogg"] {
            try tool.folder.write(Array(try tool.folder.bytes("in." + ending).dropLast(404)), to: "cut." + ending)
            let outcome = try tool.run("convert", "cut." + ending, "--as", "audio", "-o", "x.wav")
            #expect(outcome.status == 1 && outcome.errorText.contains(" are left"), "\(outcome.errorText)")
        }
        #expect((try? tool.folder.bytes("x.wav")) == nil)
        try tool.folder.write(Array(try tool.folder.bytes("in.mp3").dropLast(100)), to: "cut.mp3")
        let outcome = try tool.run("convert", "cut.mp3", "-o", "x.wav")
        #expect(
            outcome.status == 0 && outcome.errorText.contains("warning: cut.mp3: the last "), "\(outcome.errorText)")
        let strict = try tool.run("convert", "cut.mp3", "-o", "y.wav", "--strict")
        #expect(strict.status == 1 && strict.errorText.contains("error: cut.mp3: the last "), "\(strict.errorText)")
    }

    @Test("Sound files come from folders when that is asked for, and sounds out of videos")
    func foldersAndVideos() throws {
        let tool = try Tool()
        for ending in ["flac", "mp3", "m4a", "aiff"] {
            try tool.folder.write(try Fixtures.bytes("sounds/coded/tone." + ending), to: "in/\(ending)/tone." + ending)
        }
        try tool.write(try Self.tone(), to: "in/tone.npy")
        let plain = try tool.run("convert", "in", "--as", "audio", "--rate", "8000", "-o", "plain")
        #expect(plain.status == 0)
        #expect(try Set(tool.contents(of: "plain").keys) == ["tone.wav"])
        try FileManager.default.removeItem(atPath: tool.folder.path("in/tone.npy"))
        let all = try tool.run("convert", "in", "--sounds", "--as", "audio", "--resample", "16000", "-o", "out")
        #expect(all.status == 0, "\(all.errorText)")
        let made = try tool.contents(of: "out")
        #expect(Set(made.keys) == ["aiff/tone.wav", "flac/tone.wav", "m4a/tone.wav", "mp3/tone.wav"])
        #expect(all.text.contains("in/m4a/tone.m4a → out/m4a/tone.wav: mp4 sound, 2 channels at 16000 Hz from 8000 Hz"))
        let told = try tool.run("inspect", "in")
        #expect(told.status == 0 && told.text.contains("in/m4a/tone.m4a: MP4 sound, aac, 2 channels at 8000 Hz, 0.2"))
        // A video's sound is what ffmpeg takes out of it.
        try tool.write(try Tensor([UInt8](repeating: 90, count: 5 * 64 * 64), shape: [5, 64, 64]), to: "clip.npy")
        try tool.write(try Self.tone(24_000), to: "tone.npy")
        let film = try tool.run(
            "convert", "clip.npy", "--layout", "thw", "--fps", "10", "--audio", "tone.npy", "--rate", "44100",
            "--resample", "48000", "-o", "film.mp4")
        #expect(film.status == 0, "\(film.errorText)")
        let taken = try tool.run("convert", "film.mp4", "--sample-format", "float32", "-o", "film.wav")
        let line = "film.mp4 → film.wav: mp4 sound, 2 channels at 48000 Hz, 0.5"
        #expect(taken.text.contains(line), "\(taken.errorText)")
        let wanted = try Program(
            "/usr/bin/env", ["ffmpeg", "-v", "error", "-i", tool.folder.path("film.mp4"), "-f", "f32le", "-"]
        ).run().output
        #expect(try !wanted.isEmpty && tool.folder.bytes("film.wav").suffix(wanted.count).elementsEqual(wanted))
        let drawn = try tool.run("waveform", "film.mp4", "-o", "film.png")
        #expect(drawn.status == 0, "\(drawn.errorText)")
        try tool.write(try Tensor([UInt8](repeating: 9, count: 2 * 64 * 64), shape: [2, 64, 64]), to: "still.npy")
        _ = try tool.run("convert", "still.npy", "--layout", "thw", "-o", "silent.mp4")
        let silent = try tool.run("convert", "silent.mp4", "-o", "silent.wav")
        #expect(silent.status == 1 && silent.errorText.contains("silent.mp4: "), "\(silent.errorText)")
    }

    @Test("The quality of compressed sounds is that of the library; sounds without one refuse it")
    func quality() throws {
        let tool = try Tool()
        try tool.write(try Self.tone(4000), to: "a.npy")
        let sound = try Sound(try Self.tone(4000), rate: 48_000)
        for (format, quality) in [(SoundFormat.mp3, 20), (.ogg, 90), (.flac, 100), (.opus, 30)] {
            let name = "a." + format.rawValue
            let outcome = try tool.run(
                "convert", "a.npy", "--as", "audio", "--rate", "48000", "--quality", String(quality), "-o", name)
            #expect(outcome.status == 0, "\(outcome.errorText)")
            let sink = MemorySink()
            _ = try CodedSoundEncoder(format: format, quality: Double(quality) / 100).encode(sound, to: sink)
            #expect(try tool.folder.bytes(name) == sink.bytes)
        }
        for name in ["x.wav", "x.aiff"] {
            let outcome = try tool.run("convert", "a.npy", "--rate", "48000", "--quality", "50", "-o", name)
            #expect(outcome.status != 0 && outcome.errorText.contains("which is not compressed"))
        }
        // It may be that of the picture beside.
        let preview = try tool.run(
            "convert", "a.npy", "--rate", "48000", "--quality", "50", "--preview", "-o", "p.wav")
        #expect(preview.status == 0, "\(preview.errorText)")
    }

    @Test("An Ogg with a video is one, whichever of its streams comes first") func oggWithVideo() throws {
        let tool = try Tool()
        let made = try Program(
            "/usr/bin/env",
            [
                "ffmpeg", "-v", "error", "-f", "lavfi", "-i", "sine=d=0.5", "-f", "lavfi", "-i",
                "testsrc=d=0.5:s=64x48:r=4", "-map", "0:a", "-map", "1:v", "-c:a", "libvorbis", "-c:v", "libvpx",
                tool.folder.path("a.ogg"),
            ]
        ).run()
        try #require(made.status == 0, "\(made.errorText)")
        let inspected = try tool.run("inspect", "a.ogg")
        #expect(inspected.text.hasPrefix("a.ogg: vp8 video, 64×48"), "\(inspected.text)")
        let outcome = try tool.run("convert", "a.ogg", "-o", "a.gif")
        #expect(outcome.status == 0 && outcome.text.contains("2 frames"), "\(outcome.text) \(outcome.errorText)")
    }

    @Test("A rule makes sounds of some inputs, and the manifest says what they are")
    func rules() throws {
        let tool = try Tool()
        try tool.write(try Self.tone(), to: "in/tone.npy")
        try tool.write(try Tool.ramp(4, 3), to: "in/ramp.npy")
        try tool.folder.write("tone.npy as=audio rate=8000 sample-format=float32\n", to: "rules")
        let outcome = try tool.run("convert", "in", "--rules", "rules", "-o", "out", "--manifest", "m.jsonl")
        #expect(outcome.lines.last == "2 files written to out from 2 inputs")
        let line = try #require(try readText(tool.folder.path("m.jsonl")).split(separator: "\n").last)
        let record = try JSONReader.parse(Array(line.utf8).span.bytes, limits: .default)
        #expect(record["path"] == "tone.wav" && record["media_type"] == "audio/wav" && record["format"] == "float32")
        #expect(record["rate"] == 8000 && record["channels"] == 2 && record["samples"] == 400)
        #expect(record["facts"]?["layout"] == "tc" && record["source"]?["kind"] == "audio")
    }

    @Test("inspect says how a tensor sounds, and what a file holds")
    func inspect() throws {
        let tool = try Tool()
        try tool.write(try Tensor([Float](repeating: -0.5, count: 800), shape: [2, 400]), to: "a.npy")
        let text = try tool.run("inspect", "a.npy", "--as", "audio", "--rate", "8000")
        #expect(text.text.contains("read as a sound: 2 channels at 8000 Hz, 0.05 s, pcm16"))
        #expect(text.text.contains("layout ct: 2 rows of 400 numbers, which are channels"))
        #expect(text.text.contains("the loudest number is at −6.0 dB"))
        let json = try tool.run("inspect", "a.npy", "--as", "audio", "--rate", "8000", "--json")
        let object = try JSONReader.parse(json.output.span.bytes, limits: .default)
        #expect(object["sound"]?["channels"] == 2 && object["sound"]?["seconds"] == 0.05)
        #expect(try tool.run("inspect", "a.npy", "--as", "audio").text.contains("nobody says how many samples"))
        try tool.folder.write(try Fixtures.bytes("sounds/bytes.wav"), to: "b.wav")
        let file = try tool.run("inspect", "b.wav")
        #expect(file.lines == ["b.wav: WAV sound, u8, 2 channels at 8000 Hz, 0.002 s"])
        let fileJSON = try tool.run("inspect", "b.wav", "--json")
        let found = try JSONReader.parse(fileJSON.output.span.bytes, limits: .default)
        #expect(found["codec"] == "u8" && found["samples"] == 16)
        try tool.folder.write(try Fixtures.bytes("sounds/a-law.wav"), to: "c.wav")
        let refused = try tool.run("inspect", "c.wav")
        #expect(refused.status == 1 && refused.errorText.contains("A-law (format 6)"))
    }
}
