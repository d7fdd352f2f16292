import Foundation
import ImageCoding
import MediaCore
import TensorIO
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

@Suite("Videos on the command line") struct VideoTests {
    /// Gray frames that become lighter: frames × rows × columns.
    private func clip(_ frames: Int = 6, _ height: Int = 170, _ width: Int = 180) throws -> Tensor {
        try Tensor(
            (0..<frames * height * width).map { UInt8(truncatingIfNeeded: 20 + $0 / (height * width) % 40 * 5) },
            shape: [frames, height, width])
    }

    /// The codec, the number of frames and the duration of a file, as ffprobe tells them.
    private func probe(_ path: String) throws -> [String] {
        let outcome = try Program(
            "/usr/bin/env",
            [
                "ffprobe", "-v", "error", "-count_frames", "-show_entries",
                "stream=codec_name,nb_read_frames:format=duration", "-of", "csv=p=0", path,
            ]
        ).run()
        return outcome.lines.flatMap { $0.split(separator: ",").map(String.init) }
    }

    @Test("A tensor becomes an mp4, webm or ogg by the name of the output; the line says what was used")
    func convert() throws {
        let tool = try Tool()
        try tool.write(try clip(), to: "clip.npy")
        for (ending, codec) in [("mp4", "h264"), ("webm", "vp9"), ("ogg", "vp8")] {
            let outcome = try tool.run("convert", "clip.npy", "--layout", "thw", "--fps", "12", "-o", "out.\(ending)")
            #expect(outcome.status == 0, "\(outcome.errorText)")
            #expect(outcome.text.contains("180×170 gray, 6 frames at 12 fps, 0.5 s, \(codec), "), "\(outcome.text)")
            #expect(outcome.errorText.isEmpty)
            #expect(try probe(tool.folder.path("out.\(ending)")) == [codec, "6", "0.500000"])
        }
    }

    @Test("Any number of workers and standard output give the same bytes")
    func sameBytes() throws {
        let tool = try Tool()
        for index in 0..<5 { try tool.write(try clip(3 + index), to: "in/\(index).npy") }
        for jobs in ["1", "4"] {
            let outcome = try tool.run(
                "convert", "in", "--layout", "thw", "--format", "mp4", "-o", "out\(jobs)", "--jobs", jobs)
            #expect(outcome.status == 0, "\(outcome.errorText)")
        }
        let one = try tool.contents(of: "out1")
        #expect(one.count == 5)
        #expect(try tool.contents(of: "out4") == one)
        let stream = try tool.run("convert", "in/2.npy", "--layout", "thw", "--format", "mp4", "-o", "-")
        #expect(stream.status == 0, "\(stream.errorText)")
        #expect(stream.output == one["2.mp4"])
    }

    @Test("The options of videos are used, and tiny frames are enlarged unless one says no")
    func options() throws {
        let tool = try Tool()
        try tool.write(try clip(4, 20, 30), to: "clip.npy")
        func line(_ options: String...) throws -> String {
            let outcome = try tool.run(["convert", "clip.npy", "--layout", "thw"] + options)
            #expect(outcome.status == 0, "\(outcome.errorText)")
            return outcome.text
        }
        #expect(try line("-o", "a.mp4").contains("h264, unit 0…1") == false)
        #expect(try line("-o", "a.mp4").contains("enlarged 13× to 390×260"))
        #expect(try !line("-o", "b.mp4", "--no-upscale").contains("enlarged"))
        #expect(try !line("-o", "b.mp4", "--compat", "wandb-0.31", "--layout", "thw").contains("enlarged"))
        #expect(try line("-o", "c.webm", "--codec", "av1", "--crf", "40").contains(", av1, "))
        #expect(try line("-o", "d.mp4", "--lossless").contains(", h264 RGB, "))
        #expect(try line("-o", "e.webm", "--chroma", "444", "--bitrate", "200k").contains(", vp9 4:4:4, "))
        #expect(try line("-o", "f.mp4", "--codec-threads", "2").contains(", h264 on 2 threads, "))
        #expect(try line("-o", "g.mp4", "--codec-options", "tune=animation,bf=0").contains(", h264, "))
    }

    @Test(
        "What does not fit a video is one line, and leaves no file",
        arguments: [
            (["-o", "a.gif", "--crf", "20"], "crf: crf is for mp4, webm, ogg, this becomes gif"),
            (["-o", "a.mp4", "--crf", "20", "--lossless"], "lossless: crf and lossless at once"),
            (["-o", "a.mp4", "--codec", "vp8"], "codec: vp8 does not go into mp4; choose one of h264, hevc, vp9, av1"),
            (["-o", "a.ogg", "--lossless"], "lossless: vp8 is not written without loss here"),
            (["-o", "a.mp4", "--alpha", "keep"], "alpha: opacity that is kept is for apng, webm, this becomes mp4"),
            (["-o", "a.mp4", "--alpha", "threshold:9"], "alpha: a threshold of opacity is for gif"),
            (["-o", "a.gif", "--alpha", "keep"], "alpha: opacity that is kept is for apng, webm, this becomes gif"),
            (["-o", "a.mp4", "--loop", "3"], "loop: loop is for gif, apng, this becomes mp4"),
            (["-o", "a.mp4", "--codec-options", "bogus=1"], "libx264 knows no option \"bogus\""),
            (["-o", "a.mp4", "--codec-options", "preset=none"], "x264 knows no preset \"none\""),
            (["-o", "a.webm", "--fps", "2000"], "frames[1]: frame 1 is shown for less than 1/1000 s"),
        ] as [([String], String)])
    func refusals(options: [String], message: String) throws {
        let tool = try Tool()
        try tool.write(try clip(), to: "clip.npy")
        let outcome = try tool.run(["convert", "clip.npy", "--layout", "thw"] + options)
        #expect(outcome.status == 1)
        #expect(outcome.errorLines.count == 1)
        #expect(outcome.errorText.contains(message), "\(outcome.errorText)")
        #expect(tool.folder.files() == ["clip.npy"])
    }

    /// A tone of two channels, samples × channels, so many thousandths of a second long at 8,000 samples a second.
    private func tone(_ milliseconds: Int) throws -> Tensor {
        let count = milliseconds * 8
        let numbers = (0..<count).flatMap { index -> [Float] in
            let value = Float(sin(Double(index) / 8000 * 2 * .pi * 440)) / 2
            return [value, -value]
        }
        return try Tensor(numbers, shape: [count, 2])
    }

    @Test("Sound comes from a tensor or a file, and is kept, cut and left out with the frames of a video")
    func sound() throws {
        let tool = try Tool()
        try tool.write(try clip(12), to: "clip.npy")
        try tool.write(try tone(1000), to: "tone.npy")
        let made = try tool.run(
            "convert", "clip.npy", "--layout", "thw", "--fps", "12", "--audio", "tone.npy", "--rate", "8000", "-o",
            "a.mp4")
        #expect(made.status == 0 && made.errorText.isEmpty, "\(made.errorText)")
        #expect(made.text.contains("1 s, h264, sound aac, 8000 Hz, 2 channels"), "\(made.text)")
        for (options, output, line) in [
            ([], "b.webm", "sound opus, 48000 Hz, 2 channels"), (["--audio", "none"], "c.mp4", "no sound"),
            (["--start", "500ms"], "d.ogg", "6 frames, 12 fps, 0.5 s, colours not stated, sound opus, 48000 Hz"),
            (["--start", "3", "--end", "9"], "e.mp4", "sound aac, 8000 Hz, 2 channels"),
        ] {
            let outcome = try tool.run(["convert", "a.mp4", "-o", output] + options)
            #expect(outcome.status == 0 && outcome.errorText.isEmpty, "\(outcome.errorText)")
            let told = try tool.run("inspect", output)
            #expect(told.text.contains(line), "\(told.text)")
        }
        // Another file gives its sound, and says its rate itself.
        let other = try tool.run(
            "convert", "clip.npy", "--layout", "thw", "--fps", "12", "--audio", "b.webm", "--audio-codec", "opus", "-o",
            "f.mp4")
        #expect(other.status == 0 && other.text.contains("sound opus, 48000 Hz"), "\(other.text) \(other.errorText)")
        let streams = try Program(
            "/usr/bin/env",
            [
                "ffprobe", "-v", "error", "-show_entries", "stream=codec_type,duration", "-of", "csv=p=0",
                tool.folder.path("e.mp4"),
            ]
        ).run()
        #expect(streams.lines == ["video,0.500000", "audio,0.500000"])
    }

    @Test(
        "Sound that cannot be had or does not fit is an error that says what to do",
        arguments: [
            (
                ["--audio", "tone.npy"],
                "a tensor does not say how many samples a second has; give the rate, such as 48000"
            ),
            (["--rate", "8000"], "8000 samples a second of no sound; name its file: audio"),
            (["--audio", "no.wav"], "no.wav: there is no such file"),
            (["--audio", "clip.npy", "--rate", "8000"], "shape (6, 170, 180) has 3 axes"),
            (
                ["--audio", "tone.npy", "--rate", "8001"],
                "aac has no rate of 8001 samples a second; give --resample 8000"
            ),
            (["--audio", "tone.npy", "--rate", "0"], "0"),
            (
                ["--audio", "tone.npy", "--rate", "8000", "--format", "gif"],
                "audio is for mp4, webm, ogg, this becomes gif"
            ),
            (["--audio", "tone.npy", "--rate", "8000", "--audio-codec", "mp3"], "\"mp3\" is no codec of sound"),
            (["--resample", "8000"], "resample: 8000 samples a second of no sound; name its file: audio"),
        ])
    func soundRefusals(options: [String], message: String) throws {
        let tool = try Tool()
        try tool.write(try clip(), to: "clip.npy")
        try tool.write(try tone(100), to: "tone.npy")
        let format = options.contains("--format") ? [] : ["--format", "mp4"]
        let outcome = try tool.run(["convert", "clip.npy", "--layout", "thw", "-o", "out"] + format + options)
        #expect(outcome.status != 0)
        #expect(outcome.errorText.contains(message), "\(outcome.errorText)")
        #expect(try tool.contents(of: "out").isEmpty)
    }

    @Test("Several kinds of files come out of one pass, each as it would alone") func severalFormats() throws {
        let tool = try Tool()
        try tool.write(try clip(7), to: "clip.npy")
        for format in ["mp4", "gif", "webm"] {
            let alone = try tool.run("convert", "clip.npy", "--layout", "thw", "--format", format, "-o", "alone")
            #expect(alone.status == 0)
        }
        let poster = try tool.run(
            "convert", "clip.npy", "--layout", "thw", "--format", "gif", "--poster", "2", "-o", "alone")
        #expect(poster.status == 0)
        let together = try tool.run(
            "convert", "clip.npy", "--layout", "thw", "--format", "mp4,gif,webm", "--poster", "2", "-o", "together")
        #expect(together.status == 0 && together.errorText.isEmpty, "\(together.errorText)")
        #expect(together.text.contains("4 files written to together from 1 input"))
        #expect(try tool.contents(of: "together") == tool.contents(of: "alone"))
        let planned = try tool.run(
            "convert", "clip.npy", "--layout", "thw", "--format", "mp4,gif", "-o", "planned", "--dry-run")
        #expect(planned.text.contains("planned/clip.mp4") && planned.text.contains("planned/clip.gif"))
        // A stream can be read once only.
        let pixels = [UInt8](repeating: 90, count: 16 * 16 * 5)
        let streamed = try tool.run(
            ["convert", "-", "--stream", "gray:16x16", "--format", "gif,mp4", "-o", "s.gif"], input: pixels)
        #expect(streamed.status == 0, "\(streamed.errorText)")
        #expect(try probe(tool.folder.path("s.mp4")).prefix(2) == ["h264", "5"])
        #expect(try probe(tool.folder.path("s.gif")).prefix(2) == ["gif", "5"])
    }

    @Test("What goes wrong with one of several files leaves none") func severalFail() throws {
        let tool = try Tool()
        try tool.write(try clip(5), to: "clip.npy")
        for (options, message) in [
            (["--format", "mp4,gif", "-o", "-"], "standard output has no place for several files"),
            (["--format", "mp4,png", "-o", "out"], "files are not written as \"mp4,png\""),
            (["--format", "gif,gif", "-o", "out"], "names a format twice"),
            (
                ["--format", "apng,gif", "--crf", "20", "-o", "out"],
                "crf is for mp4, webm, ogg, this becomes apng and gif"
            ),
            (
                ["--format", "gif,mp4", "--codec-options", "nonsense=1", "-o", "out"],
                "libx264 knows no option \"nonsense\""
            ),
        ] {
            let outcome = try tool.run(["convert", "clip.npy", "--layout", "thw"] + options)
            #expect(outcome.status != 0 && outcome.errorText.contains(message), "\(outcome.errorText)")
            #expect(try tool.contents(of: "out").isEmpty)
        }
    }

    @Test("Ctrl-C in the middle of a video leaves no file") func interruption() throws {
        let tool = try Tool()
        try tool.write(try clip(400, 400, 600), to: "clip.npy")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Tool.executable)
        process.arguments = ["convert", "clip.npy", "--layout", "thw", "-o", "a.mp4", "--preset", "best"]
        process.currentDirectoryURL = URL(fileURLWithPath: tool.folder.path)
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        let before = signal(SIGINT, SIG_DFL)
        defer { signal(SIGINT, before) }
        try process.run()
        usleep(700_000)
        kill(process.processIdentifier, SIGINT)
        process.waitUntilExit()
        #expect(process.terminationStatus == 130)
        #expect(tool.folder.files() == ["clip.npy"])
    }
}
