import AudioCoding
import ImageCoding
import MediaCore
import TensorIO
import TestSupport
import Testing

@Suite("Pictures of sounds on the command line") struct SoundPictureTests {
    /// A tone of 1000 Hz in two channels at 8000 samples a second.
    private static func tone(_ count: Int = 4000) throws -> Tensor {
        try Tensor((0..<2 * count).map { Float([0, 5, 7, 5, 0, -5, -7, -5][$0 / 2 % 8]) / 10 }, shape: [count, 2])
    }

    @Test("A tensor becomes a spectrogram or a waveform; the line says what was used")
    func tensors() throws {
        let tool = try Tool()
        try tool.write(try Self.tone(), to: "a.npy")
        let one = try tool.run(
            "spectrogram", "a.npy", "--rate", "8000", "--width", "100", "--height", "64", "--no-axes", "-o", "s.png")
        #expect(one.status == 0 && one.errorText.isEmpty)
        #expect(
            one.text.hasPrefix("a.npy → s.png: (4000, 2) float32, audio tc inferred, 100×64 indexed, decibels -83."))
        // The library makes the same bytes.
        let picture = try Spectrogram(
            Sound(try Self.tone(), rate: 8000), options: SpectrogramOptions { ($0.width, $0.height) = (100, 64) })
        #expect(try tool.folder.bytes("s.png") == PNGEncoder().encode(picture))
        let two = try tool.run("waveform", "a.npy", "--rate", "8000", "--mix", "--no-axes", "-o", "w.bmp")
        #expect(two.text.contains("audio tc inferred, 1024×256"))
        let stream = try tool.run(
            "spectrogram", "a.npy", "--rate", "8000", "--width", "100", "--height", "64", "--no-axes", "-o", "-")
        #expect(stream.output == (try tool.folder.bytes("s.png")))
        let framed = try tool.run("waveform", "a.npy", "--rate", "8000", "-o", "f.png")
        #expect(try framed.status == 0 && (tool.picture("f.png").width) > 1024)
    }

    @Test("A file of sound has its own rate; every option is used")
    func files() throws {
        let tool = try Tool()
        try tool.write(try Self.tone(), to: "a.npy")
        #expect(
            try tool.run("convert", "a.npy", "-o", "a.wav", "--rate", "8000", "--sample-format", "float32").status == 0)
        let outcome = try tool.run(
            "spectrogram", "a.wav", "--scale", "mel", "--frequencies", "100:3000", "--window", "256", "--hop", "64",
            "--window-function", "blackman", "--db", "-70:-10", "--channel", "1", "--colormap", "viridis", "--width",
            "90", "--height", "50", "--no-axes", "-o", "s.png")
        #expect(outcome.text.contains("a.wav → s.png: wav sound, 90×50 indexed, decibels -70…-10"), "\(outcome.text)")
        let picture = try Spectrogram(
            WAVFile(path: tool.folder.path("a.wav")),
            options: SpectrogramOptions {
                ($0.scale, $0.frequencies, $0.windowLength, $0.hop) = (.mel, 100...3000, 256, 64)
                ($0.window, $0.decibels, $0.channel, $0.colorMap) = (.blackman, .between(-70, -10), 1, .viridis)
                ($0.width, $0.height) = (90, 50)
            })
        #expect(try tool.folder.bytes("s.png") == PNGEncoder().encode(picture))
        let rated = try tool.run("waveform", "a.wav", "--rate", "9", "-o", "x.png")
        #expect(rated.status == 1 && rated.errorText.contains("rate does not go with a file of sound"))
    }

    @Test("convert draws sounds with --as, and writes a preview beside each")
    func converting() throws {
        let tool = try Tool()
        try tool.write(try Self.tone(), to: "in/a.npy")
        try tool.write(try Self.tone(500), to: "in/b.npy")
        let drawn = try tool.run(
            "convert", "in", "--as", "spectrogram", "--rate", "8000", "--colormap", "gray", "-o", "drawn")
        #expect(drawn.lines.last == "2 pictures written to drawn from 2 inputs", "\(drawn.errorText)")
        let one = try tool.run("convert", "in/a.npy", "--as", "waveform", "--rate", "8000", "-o", "a.png")
        #expect(try one.status == 0 && (tool.format(of: "a.png")) == .png)
        let both = try tool.run("convert", "in", "--as", "audio", "--rate", "8000", "--preview", "-o", "out")
        #expect(both.lines.last == "4 files written to out from 2 inputs")
        #expect(
            Set(try tool.contents(of: "out").keys) == ["a.wav", "a.preview.png", "b.wav", "b.preview.png"])
        #expect(try tool.folder.bytes("out/a.preview.png") == tool.folder.bytes("a.png"))
        let single = try tool.run("convert", "in/a.npy", "--rate", "8000", "--preview", "-o", "x.wav")
        #expect(try single.lines.count == 2 && (tool.format(of: "x.preview.png")) == .png)
    }

    @Test("Mistakes name the option and what to do; nothing is written")
    func mistakes() throws {
        let tool = try Tool()
        try tool.write(try Self.tone(), to: "a.npy")
        try tool.write(try Tensor([0, Float.nan, 1, 0], shape: [4]), to: "nan.npy")
        try tool.write(try Tool.ramp(3, 4), to: "c.npy")
        try tool.folder.write("no sound", to: "text.wav")
        #expect(try tool.run("convert", "c.npy", "-o", "old.png").status == 0)
        for (arguments, status, words) in [
            (["spectrogram", "a.npy", "-o", "x.png"], 1, "nobody says how many samples a second has"),
            (["spectrogram", "a.npy", "--rate", "8000", "-o", "x.gif"], 64, "ends in .png, .jpg or .bmp"),
            (
                ["spectrogram", "a.npy", "--rate", "8000", "-o", "x.png", "--scale", "bark"], 64,
                "choose linear, log or mel"
            ),
            (["spectrogram", "a.npy", "--rate", "8000", "-o", "x.png", "--window", "1000"], 1, "a power of two"),
            (["spectrogram", "a.npy", "--rate", "8000", "-o", "x.png", "--db", "loud"], 64, "--db: \"loud\""),
            (["spectrogram", "a.npy", "--rate", "8000", "-o", "x.png", "--frequencies", "9:1"], 64, "the lower first"),
            (
                ["spectrogram", "a.npy", "--rate", "8000", "-o", "x.png", "--frequencies", "1:9000"], 1,
                "half of the rate"
            ),
            (["spectrogram", "a.npy", "--rate", "8000", "-o", "x.png", "--channel", "2"], 1, "the sound has 0 to 1"),
            (["spectrogram", "a.npy", "--rate", "8000", "-o", "x.png", "--width", "0"], 1, "choose 1 to 65536"),
            (["waveform", "a.npy", "--rate", "8000", "-o", "x.png", "--amplitude", "0"], 1, "give a positive number"),
            (["waveform", "a.npy", "--rate", "8000", "-o", "x.png", "--layout", "hwc"], 1, "choose one of t, tc, ct"),
            (["waveform", "none.npy", "--rate", "8000", "-o", "x.png"], 1, "none.npy"),
            (["waveform", "text.wav", "-o", "x.png"], 1, "text.wav"),
            (["waveform", "old.png", "-o", "x.png"], 1, "this is a picture (png), no sound"),
            (["waveform", "nan.npy", "--rate", "9", "-o", "x.png", "--strict"], 1, "1 number is not finite"),
            (["convert", "a.npy", "--as", "waveform", "--rate", "9", "-o", "x.wav"], 64, "kind waveform does not go"),
            (
                ["convert", "a.npy", "--as", "waveform", "--rate", "9", "-o", "x.png", "--colormap", "gray"], 1,
                "colormap"
            ),
            (
                ["convert", "a.npy", "--as", "spectrogram", "--rate", "9", "-o", "x.png", "--grid", "2"], 1,
                "grid does not"
            ),
            (
                ["convert", "a.npy", "--format", "wav", "--rate", "9", "--preview", "-o", "-"], 1,
                "no place for a preview"
            ),
            (["convert", "c.npy", "--preview", "-o", "x.png"], 1, "say that it is a sound"),
        ] {
            let outcome = try tool.run(arguments)
            #expect(outcome.status == status, "\(arguments) \(outcome.errorText)")
            #expect(outcome.errorText.contains(words), "\(arguments): \(outcome.errorText)")
        }
        #expect(tool.folder.files() == ["a.npy", "c.npy", "nan.npy", "old.png", "text.wav"])
    }
}
