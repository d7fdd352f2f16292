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
