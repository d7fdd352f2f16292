import AudioCoding
import Foundation
import MediaCore
import TensorIO
import TestSupport
import Testing

@Suite("Sounds at another rate on the command line") struct SoundResamplingTests {
    /// A second of 440 Hz beside 310 Hz: samples × channels.
    private static func tone(_ rate: Int) throws -> Tensor {
        let numbers = (0..<rate).flatMap { index -> [Float] in
            let time = Double(index) / Double(rate)
            return [Float(0.5 * sin(2 * .pi * 440 * time)), Float(0.4 * sin(2 * .pi * 310 * time))]
        }
        return try Tensor(numbers, shape: [rate, 2])
    }

    /// Which frequencies the channels of a file have, as libsndfile reads and NumPy transforms it, and its rate and length.
    private static func content(_ path: String) throws -> [String] {
        let line = try PythonTools.run(
            """
            import sys, numpy, soundfile
            x, rate = soundfile.read(sys.argv[1], always_2d=True)
            powers = numpy.abs(numpy.fft.rfft(x * numpy.hanning(len(x))[:, None], axis=0))
            print(rate, len(x), *(numpy.round(powers.argmax(axis=0) * rate / len(x)).astype(int)))
            """, arguments: [path]
        ).lines.first
        return line?.split(separator: " ").map(String.init) ?? []
    }

    @Test(
        "A tensor is written at another rate, in every kind of file", .python("numpy", "soundfile"),
        arguments: ["wav", "flac", "aiff", "opus", "oga"])
    func tensors(ending: String) throws {
        let tool = try Tool()
        try tool.write(try Self.tone(44_100), to: "tone.npy")
        let outcome = try tool.run(
            "convert", "tone.npy", "--rate", "44100", "--resample", "16000", "-o", "a." + ending)
        #expect(outcome.status == 0, "\(outcome.errorText)")
        let words = "audio tc inferred, 2 channels at 16000 Hz from 44100 Hz, 1 s, "
        #expect(outcome.text.contains(words), "\(outcome.text)")
        // libsndfile decodes Opus at the rate that it was made of.
        #expect(try Self.content(tool.folder.path("a." + ending)) == ["16000", "16000", "440", "310"])
    }

    @Test(
        "Files of sound are brought to another rate", .python("numpy", "soundfile"),
        arguments: ["wav", "flac", "mp3", "ogg"])
    func files(ending: String) throws {
        let tool = try Tool()
        try tool.write(try Self.tone(44_100), to: "tone.npy")
        try #require(try tool.run("convert", "tone.npy", "--rate", "44100", "-o", "first.wav").status == 0)
        let made = try Program(
            "/usr/bin/env",
            ["ffmpeg", "-v", "error", "-i", tool.folder.path("first.wav"), tool.folder.path("in." + ending)]
        ).run()
        try #require(made.status == 0, "\(made.errorText)")
        let outcome = try tool.run("convert", "in." + ending, "--resample", "48000", "-o", "out.opus")
        #expect(outcome.status == 0, "\(outcome.errorText)")
        #expect(outcome.text.contains("2 channels at 48000 Hz from 44100 Hz"), "\(outcome.text)")
        let content = try Self.content(tool.folder.path("out.opus"))
        #expect(content.first == "48000" && content.suffix(2) == ["440", "310"], "\(content)")
        // Others begin or end with something of their own.
        #expect(!["wav", "flac"].contains(ending) || content[1] == "48000", "\(content)")
        // At its own rate a file is what it is without the option.
        let own = try tool.run("convert", "in." + ending, "--as", "audio", "--resample", "44100", "-o", "own.wav")
        #expect(own.status == 0 && !own.text.contains("from"), "\(own.text)")
        _ = try tool.run("convert", "in." + ending, "--as", "audio", "-o", "plain.wav")
        #expect(try tool.folder.bytes("own.wav") == tool.folder.bytes("plain.wav"))
    }

    @Test("The hint of Opus names the option")
    func hint() throws {
        let tool = try Tool()
        try tool.write(try Self.tone(44_100), to: "tone.npy")
        let refused = try tool.run("convert", "tone.npy", "--rate", "44100", "-o", "a.opus")
        #expect(refused.status == 1 && refused.errorText.contains("give --resample 48000"), "\(refused.errorText)")
    }

    @Test("Pictures are drawn of the sound at that rate; inspect says what a file would be")
    func pictures() throws {
        let tool = try Tool()
        try tool.write(try Self.tone(16_000), to: "tone.npy")
        try #require(
            try tool.run(
                "convert", "tone.npy", "--rate", "16000", "--resample", "4000", "--sample-format", "float32", "-o",
                "a.wav"
            ).status == 0)
        for command in ["spectrogram", "waveform"] {
            let outcome = try tool.run(command, "tone.npy", "--rate", "16000", "--resample", "4000", "-o", "one.png")
            #expect(outcome.status == 0, "\(outcome.errorText)")
            try #require(try tool.run(command, "a.wav", "-o", "two.png").status == 0)
            #expect(try tool.folder.bytes("one.png") == tool.folder.bytes("two.png"))
            let many = try tool.run(
                "convert", "tone.npy", "--as", command, "--rate", "16000", "--resample", "4000", "-o", "three.png")
            #expect(many.status == 0, "\(many.errorText)")
            #expect(try tool.folder.bytes("three.png") == tool.folder.bytes("one.png"))
        }
        try tool.folder.write("* as=audio rate=16000 resample=4000\n", to: "rules")
        let inspected = try tool.run("inspect", "tone.npy", "--rules", "rules")
        #expect(inspected.text.contains("2 channels at 4000 Hz from 16000 Hz, 1 s, pcm16"), "\(inspected.text)")
    }

    @Test("A rule and a manifest know the rate, and a run with another one is no continuation")
    func batches() throws {
        let tool = try Tool()
        try tool.write(try Self.tone(8000), to: "in/tone.npy")
        func run(_ rate: String) throws -> Program.Outcome {
            try tool.run(
                "convert", "in", "--as", "audio", "--rate", "8000", "--resample", rate, "-o", "out", "--manifest",
                "m.jsonl", "--resume")
        }
        #expect(try run("4000").lines.last == "1 sound written to out from 1 input")
        let text = try readText(tool.folder.path("m.jsonl"))
        let line = try #require(text.split(separator: "\n").last)
        let record = try JSONReader.parse(Array(line.utf8).span.bytes, limits: .default)
        #expect(record["rate"] == 4000 && record["samples"] == 4000 && record["facts"]?["original_rate"] == 8000)
        let kept = try tool.folder.bytes("out/tone.wav")
        #expect(try run("4000").text.contains("1 kept from an earlier run"))
        #expect(try tool.folder.bytes("out/tone.wav") == kept)
        #expect(try run("2000").lines.last == "1 sound written to out from 1 input")
        #expect(try WAVFile(path: tool.folder.path("out/tone.wav")).rate == 2000)
    }

    @Test("What is lost is found at the place in the file, and refused under --strict")
    func losses() throws {
        let tool = try Tool()
        var numbers = [Float](repeating: 0.25, count: 4000)
        numbers[1001] = .nan
        try tool.write(try Tensor(numbers, shape: [4000]), to: "a.npy")
        let outcome = try tool.run("convert", "a.npy", "-o", "a.wav", "--rate", "8000", "--resample", "4000")
        #expect(outcome.errorText.contains("1 number is not finite; the first is at sample 500, channel 0"))
        let strict = try tool.run(
            "convert", "a.npy", "-o", "b.wav", "--rate", "8000", "--resample", "4000", "--strict")
        #expect(strict.status == 1 && strict.errorText.contains("a.npy: samples[500]: the number at sample 500"))
        #expect(tool.folder.files() == ["a.npy", "a.wav"])
    }

    @Test("Mistakes name the option and what to do; nothing is written")
    func mistakes() throws {
        let tool = try Tool()
        try tool.write(try Self.tone(400), to: "a.npy")
        try tool.write(try Tool.ramp(4, 3), to: "ramp.npy")
        for (arguments, status, words) in [
            (
                ["a.npy", "-o", "x.wav", "--rate", "9", "--resample", "16k"], 64,
                "--resample: \"16k\" is no rate of samples"
            ),
            (
                ["a.npy", "-o", "x.wav", "--rate", "9", "--resample", "0"], 64,
                "--resample: \"0\" is no rate of samples"
            ),
            (["a.npy", "-o", "x.wav", "--rate", "9", "--resample", "-8000"], 64, "resample"),
            (["a.npy", "-o", "x.wav", "--rate", "9", "--resample", "4294967296"], 64, "\"4294967296\" is no rate"),
            (["a.npy", "-o", "x.wav", "--resample", "8000"], 1, "nobody says how many samples a second has"),
            (
                ["ramp.npy", "-o", "x.png", "--resample", "8000"], 1,
                "resample is of sounds, the input is read as something else"
            ),
            (
                ["a.npy", "-o", "x.wav", "--rate", "9", "--resample", "8", "--compat", "wandb-0.28"], 1,
                "leave resample out"
            ),
        ] {
            let outcome = try tool.run(["convert"] + arguments)
            #expect(outcome.status == status, "\(arguments)")
            #expect(outcome.errorText.contains(words), "\(arguments): \(outcome.errorText)")
        }
        #expect(tool.folder.files() == ["a.npy", "ramp.npy"])
    }
}
