import Foundation
import ImageCoding
import MediaCore
import TensorIO
import TestSupport
import Testing

@Suite("mp4, webm and ogg as inputs of the command line", .python("numpy"))
struct VideoInputTests {
    /// Writes a video of 20 frames of 48×32 at 10 frames/s, with sound, and its frames as ffmpeg decodes them.
    private func video(_ name: String, in tool: borrowing Tool) throws {
        _ = try PythonTools.run(
            """
            import subprocess, sys
            import numpy as np
            path, truth = sys.argv[1:]
            subprocess.run(["ffmpeg", "-y", "-v", "error", "-f", "lavfi", "-i", "testsrc=size=48x32:rate=10:duration=2", "-f", "lavfi", "-i",
                            "sine=duration=2", "-pix_fmt", "yuv420p", path], check=True)
            raw = subprocess.run(["ffmpeg", "-v", "error", "-i", path, "-f", "rawvideo", "-pix_fmt", "rgb24", "-fps_mode", "passthrough", "-sws_flags",
                                  "bicubic+accurate_rnd+full_chroma_int+full_chroma_inp+bitexact", "-"], capture_output=True, check=True).stdout
            np.save(truth, np.frombuffer(raw, np.uint8).reshape(-1, 32, 48, 3))
            """, arguments: [tool.folder.path(name), tool.folder.path("truth.npy")])
    }

    @Test("extract gives the frames as a tensor and as pictures", arguments: ["a.mp4", "a.webm"])
    func extract(_ name: String) throws {
        let tool = try Tool()
        try video(name, in: tool)
        let whole = try tool.run("extract", name, "-o", "all.npy")
        #expect(whole.status == 0, "\(whole.errorText)")
        #expect(
            try tool.folder.bytes("all.npy").suffix(20 * 32 * 48 * 3)
                == tool.folder.bytes("truth.npy").suffix(20 * 32 * 48 * 3))
        let some = try tool.run("extract", name, "-o", "frames", "--start", "1s", "--every", "4")
        #expect(some.status == 0, "\(some.errorText)")
        #expect(tool.folder.files().filter { $0.hasPrefix("frames/") }.count == 3)
    }

    @Test("inspect says what there is, in a line and as JSON")
    func inspect() throws {
        let tool = try Tool()
        try video("a.mp4", in: tool)
        let text = try tool.run("inspect", "a.mp4")
        #expect(
            text.text
                == "a.mp4: h264 video, 48×32 yuv420p, 20 frames, 10 fps, 2 s, colours not stated, sound aac, 44100 Hz, 1 channel\n"
        )
        let json = try JSONReader.parse(try tool.run("inspect", "a.mp4", "--json").text)
        let object = json.array?.first ?? json
        #expect(
            object["frames"] == 20 && object["rate"] == "10" && object["audio"] == true && object["format"] == "mp4")
        #expect(object["sound"]?["codec"] == "aac" && object["sound"]?["rate"] == 44_100)
    }

    @Test("convert makes a GIF of a part, and a picture only of what is one")
    func convert() throws {
        let tool = try Tool()
        try video("a.mp4", in: tool)
        let outcome = try tool.run(
            "convert", "a.mp4", "--format", "gif", "--start", "0.5s", "--end", "1.5s", "--every", "2", "--size", "24x",
            "-o", "b.gif")
        #expect(outcome.status == 0, "\(outcome.errorText)")
        let inspected = try tool.run("inspect", "b.gif").text
        #expect(inspected.contains("24×16, 5 frames, 5 fps, 1 s"), "\(inspected)")
        let picture = try tool.run("convert", "a.mp4", "-o", "a.png")
        #expect(picture.status == 1)
        #expect(picture.errorText.contains("this is a video (mp4), no picture"), "\(picture.errorText)")
        try tool.folder.write(Array(try tool.folder.bytes("a.mp4").dropLast(100)), to: "cut.mp4")
        let cut = try tool.run("convert", "cut.mp4", "-o", "cut.gif")
        #expect(cut.status == 1 && cut.errorLines.count == 1, "\(cut.errorText)")
        #expect(!tool.folder.files().contains("cut.gif"))
    }
}
