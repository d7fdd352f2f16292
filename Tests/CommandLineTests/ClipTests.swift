import Foundation
import ImageCoding
import MediaCore
import TensorIO
import TestSupport
import Testing

@Suite("Clips on the command line")
struct ClipTests {
    /// A moving ramp of few colours: frames × channels × rows × columns.
    private func clip(_ frames: Int = 6, _ height: Int = 6, _ width: Int = 8) throws -> Tensor {
        var values: [UInt8] = []
        for frame in 0..<frames {
            for channel in 0..<3 {
                for row in 0..<height {
                    for column in 0..<width {
                        values.append(UInt8(truncatingIfNeeded: (frame + column) % 7 * 30 + channel * 5 + row % 3 * 2))
                    }
                }
            }
        }
        return try Tensor(values, shape: [frames, 3, height, width])
    }

    /// Durations in milliseconds and the RGB bytes of all frames, as Pillow reads them.
    private func decode(_ path: String) throws -> (durations: String, pixels: [UInt8]) {
        let text = try PythonTools.run(
            """
            import sys
            import numpy as np
            from PIL import Image, ImageSequence
            image = Image.open(sys.argv[1])
            frames = [(f.info["duration"], np.array(f.convert("RGB"))) for f in ImageSequence.Iterator(image)]
            print(*[d for d, _ in frames])
            print(b"".join(a.tobytes() for _, a in frames).hex())
            """, arguments: [path]
        ).text.split(separator: "\n").map(String.init)
        return (text[0], bytes(hex: text[1]))
    }

    /// The RGB bytes of frames of a `tchw` tensor.
    private func interleaved(_ tensor: Tensor, frames: [Int]) throws -> [UInt8] {
        try frames.flatMap { index in
            let picture = try tensor.slice(at: index).picture(PictureOptions { $0.layout = .chw })
            var row = [UInt8](repeating: 0, count: picture.height * picture.bytesPerRow)
            var tally = PixelTally()
            var span = row.mutableSpan
            var band = span.mutableBytes
            try picture.fill(rows: 0..<picture.height, into: &band, tally: &tally)
            return row
        }
    }

    @Test("A tensor becomes a GIF with its frames; the line says what was used", .python("numpy", "PIL"))
    func convert() throws {
        let tool = try Tool()
        let tensor = try clip()
        try tool.write(tensor, to: "clip.npy")
        let outcome = try tool.run(
            "convert", "clip.npy", "--as", "video", "--layout", "tchw", "--fps", "20", "--format", "gif", "-o", "out")
        #expect(outcome.status == 0, "\(outcome.errorText)")
        #expect(
            outcome.text.hasPrefix(
                "clip.npy → out/clip.gif: (6, 3, 6, 8) uint8, video tchw, 8×6 rgb, 6 frames at 20 fps, 0.3 s, exact colours, integer 0…255, "
            ), "\(outcome.text)")
        #expect(outcome.text.contains("1 clip written to out from 1 input"))
        let gif = try decode(tool.folder.path("out/clip.gif"))
        #expect(gif.durations == "50 50 50 50 50 50")
        #expect(gif.pixels == (try interleaved(tensor, frames: Array(0..<6))))
    }

    @Test("An output that ends in gif makes a clip; what nobody stated is named a default")
    func defaults() throws {
        let tool = try Tool()
        try tool.write(try clip(), to: "clip.npy")
        let outcome = try tool.run("convert", "clip.npy", "-o", "a.gif")
        #expect(outcome.status == 0, "\(outcome.errorText)")
        #expect(outcome.text.contains("video tcwh default, 6×8 rgb, 6 frames at 4 fps default, 1.5 s"))
        #expect(try tool.format(of: "a.gif") == .gif)
        let piped = try tool.run("convert", "clip.npy", "--as", "video", "-o", "-")
        #expect(piped.output == (try tool.folder.bytes("a.gif")))
        let dry = try tool.run("convert", "clip.npy", "-o", "none.gif", "--dry-run")
        #expect(dry.text.hasPrefix("clip.npy → none.gif: (6, 3, 6, 8) uint8, video tcwh default"))
        #expect(tool.folder.files() == ["a.gif", "clip.npy"])
    }

    @Test("Parts, posters and contact sheets; times stay right", .python("numpy", "PIL"))
    func parts() throws {
        let tool = try Tool()
        let tensor = try clip(9)
        try tool.write(tensor, to: "clip.npy")
        let outcome = try tool.run(
            "convert", "clip.npy", "--layout", "tchw", "--fps", "10", "--start", "0.2s", "--end", "8", "--every", "2",
            "--poster", "1", "--contact-sheet", "2", "-o", "a.gif")
        #expect(outcome.status == 0, "\(outcome.errorText)")
        let gif = try decode(tool.folder.path("a.gif"))
        #expect(gif.durations == "200 200 200")
        #expect(gif.pixels == (try interleaved(tensor, frames: [2, 4, 6])))
        #expect(tool.folder.files() == ["a.gif", "a.poster.png", "a.sheet.png", "clip.npy"])
        let poster = try tool.picture("a.poster.png")
        #expect((poster.width, poster.height) == (8, 6))
        #expect(try tool.picture("a.sheet.png").width == 18)
        let piped = try tool.run("convert", "clip.npy", "--format", "gif", "--poster", "1", "-o", "-")
        #expect(piped.status == 1)
        #expect(piped.errorText.contains("no place for a poster"))
    }

    @Test("Captions with frame and time keep the size of all frames, below narrow clips too")
    func captions() throws {
        let tool = try Tool()
        try tool.write(try clip(120, 6, 8), to: "clip.npy")
        let outcome = try tool.run(
            "convert", "clip.npy", "--layout", "tchw", "--size", "16x", "--caption", "{name} {frame} at {time} s",
            "-o", "a.gif")
        #expect(outcome.status == 0, "\(outcome.errorText)")
        let picture = try tool.run("convert", "clip.npy", "--layout", "nchw", "--caption", "{frame}", "-o", "out")
        #expect(picture.status == 1)
        #expect(picture.errorText.contains("there is no {frame} of a picture"))
    }

    @Test("Masks beside a clip are drawn on its frames", .python("numpy", "PIL"))
    func masks() throws {
        let tool = try Tool()
        let black = try Tensor([UInt8](repeating: 0, count: 2 * 4 * 4), shape: [2, 4, 4])
        var ids = [UInt8](repeating: 0, count: 2 * 4 * 4)
        for place in 16..<24 { ids[place] = 1 }
        try tool.write(black, to: "clip.npy")
        try tool.write(try Tensor(ids, shape: [2, 4, 4]), to: "clip.mask.npy")
        let outcome = try tool.run("convert", "clip.npy", "--legend", "none", "-o", "a.gif")
        #expect(outcome.status == 0, "\(outcome.errorText)")
        let pixels = try decode(tool.folder.path("a.gif")).pixels
        #expect(pixels.prefix(48).allSatisfy { $0 == 0 })
        #expect(pixels[48..<72].contains { $0 > 0 })
        #expect(pixels.suffix(24).allSatisfy { $0 == 0 })
    }

    @Test("A folder of clips is a batch; what fails is named, and the manifest tells frames and rate")
    func batch() throws {
        let tool = try Tool()
        try tool.write(try clip(), to: "in/a.npy")
        try tool.write(try clip(2), to: "in/b/c.npy")
        try tool.write(try Tool.ramp(3, 3), to: "in/flat.npy")
        try tool.folder.write("a.npy fps=12.5\n", to: "rules")
        let outcome = try tool.run(
            "convert", "in", "--as", "video", "--layout", "tchw", "--rules", "rules", "--manifest", "m.jsonl", "-o",
            "out",
            "--progress", "plain")
        #expect(outcome.status == 1)
        #expect(outcome.text.contains("6 frames at 25/2 fps, 0.48 s"))
        #expect(outcome.text.contains("2 clips written to out from 3 inputs, 1 failed"))
        #expect(outcome.errorText.contains("in/flat.npy: layout: shape (3, 3) has 2 axes, layout tchw has 4"))
        #expect(outcome.errorText.contains(" frames/s"))
        let lines = try readText(tool.folder.path("m.jsonl")).split(separator: "\n")
        #expect(
            lines.contains {
                $0.contains(#""media_type":"image/gif""#)
                    && $0.contains(#""frames":6,"seconds":0.48,"frame_rate":"25/2""#)
            })
        #expect(try tool.contents(of: "out").keys.sorted() == ["a.gif", "b/c.gif"])
        let resumed = try tool.run(
            "convert", "in/a.npy", "in/b", "--as", "video", "--layout", "tchw", "-o", "out", "--resume")
        #expect(resumed.status == 0, "\(resumed.errorText)")
    }

    @Test("Ways of dithering and the preset smallest reach the encoder")
    func dithering() throws {
        let tool = try Tool()
        var generator = SeededGenerator(seed: 8)
        let noise = (0..<2 * 3 * 140 * 140).map { UInt8(128 + $0 % 140 / 2 + generator.integer(-30...30)) }
        try tool.write(try Tensor(noise, shape: [2, 3, 140, 140]), to: "clip.npy")
        func file(_ options: String...) throws -> [UInt8] {
            let outcome = try tool.run(["convert", "clip.npy", "--layout", "tchw", "-o", "a.gif"] + options)
            #expect(outcome.status == 0, "\(outcome.errorText)")
            return try tool.folder.bytes("a.gif")
        }
        let usual = try file()
        #expect(try file("--dither", "auto") == usual)
        #expect(try file("--dither", "diffusion:0.8") == usual)
        #expect(try Set([usual, file("--dither", "none"), file("--dither", "ordered:0.5")]).count == 3)
        #expect(try file("--preset", "smallest").count < usual.count * 9 / 10)
    }

    @Test(
        "What does not fit a clip is one line",
        arguments: [
            (["--layout", "nchw", "-o", "a.gif"], 1, "layout: layout nchw is of pictures, this becomes a clip"),
            (["--layout", "tchw", "-o", "out"], 1, "layout: layout tchw is of clips; say that it is one"),
            (
                ["--layout", "thwc", "-o", "a.gif"], 1,
                "axis 3 of shape (6, 3, 6, 8) would be 8 channels under layout thwc; the shape looks like tchw"
            ),
            (["--fps", "0", "-o", "a.gif"], 1, "fps: a frame rate of 0"),
            (["--as", "flow", "--format", "gif", "-o", "out"], 1, "gif files hold clips"),
            (["--as", "video", "--preset", "best", "--start", "6", "-o", "a.gif"], 1, "it cannot begin with frame 6"),
            (["--preset", "best", "-o", "a.png"], 1, "preset best is for clips"),
            (["--fps=-1", "-o", "a.gif"], 64, "--fps: \"-1\" is no frame rate"),
            (["--fps", "1e9", "-o", "a.gif"], 64, "--fps: \"1e9\" is no frame rate"),
            (["--fps", "nan", "-o", "a.gif"], 64, "--fps: \"nan\" is no frame rate"),
            (["--fps", "4", "--delay", "1s", "-o", "a.gif"], 64, "--delay: a rate and a time for each frame"),
            (["--loop", "65537", "-o", "a.gif"], 64, "--loop: \"65537\" is no number of times"),
            (["--alpha", "threshold:0", "-o", "a.gif"], 64, "--alpha: \"threshold:0\" says nothing"),
            (["--dither", "ordered:2", "-o", "a.gif"], 64, "--dither: \"ordered:2\" is no way to dither"),
            (["--merge", "-o", "a.apng"], 1, "merge: merge is for gif, this becomes apng"),
            (
                ["--alpha", "ff0000", "-o", "a.apng"], 1,
                "alpha: a colour below opacity is for gif, mp4, webm, ogg, this becomes apng"
            ),
            (["--dither", "none", "-o", "a.apng"], 1, "dither: dither is for gif, this becomes apng"),
            (["--dither", "none:1", "-o", "a.gif"], 64, "--dither: \"none:1\" is no way to dither"),
            (["--every", "0", "-o", "a.gif"], 64, "--every: \"0\" is not a whole number"),
            (["--size", "0y", "-o", "a.gif"], 64, "--size: \"0y\" is no size of frames"),
            (["--as", "video", "-o", "a.png"], 64, "--as: the kind video does not go with the output a.png"),
            (["--as", "image", "-o", "a.gif"], 64, "--as: the kind image does not go with the output a.gif"),
            (["--format", "png", "-o", "a.gif"], 64, "--format: the format png does not go with the output a.gif"),
            (["-o", "a.avi"], 64, "--output: avi files are not written here"),
            (["--codec", "theora", "-o", "a.mp4"], 64, "--codec: \"theora\" is no codec"),
            (["--crf", "64", "-o", "a.mp4"], 64, "--crf: \"64\" is not a whole number"),
            (["--bitrate", "fast", "-o", "a.mp4"], 64, "--bitrate: \"fast\" is no number of bits per second"),
            (["--codec-options", "crf", "-o", "a.mp4"], 64, "--codec-options: \"crf\" is no option of a codec"),
        ] as [([String], Int32, String)])
    func refusals(options: [String], status: Int32, message: String) throws {
        let tool = try Tool()
        try tool.write(try clip(), to: "clip.npy")
        let outcome = try tool.run(["convert", "clip.npy"] + options)
        #expect(outcome.status == status, "\(outcome.errorText)")
        #expect(outcome.errorLines.count == 1)
        #expect(outcome.errorText.contains(message), "\(outcome.errorText)")
        #expect(tool.folder.files() == ["clip.npy"])
    }

    @Test("Strict rules refuse doubtful axes, clipped values and frames shown longer than asked for")
    func strict() throws {
        let tool = try Tool()
        try tool.write(try Tensor([UInt8](repeating: 9, count: 2 * 3 * 4 * 3), shape: [2, 3, 4, 3]), to: "doubt.npy")
        try tool.write(try Tensor([0, 0.5, 2, 1] as [Float], shape: [2, 1, 2]), to: "high.npy")
        try tool.write(try clip(), to: "fast.npy")
        for (arguments, message) in [
            (["doubt.npy"], "could be thwc"), (["high.npy", "--range", "unit"], "the value 2 at (1, 0, 0)"),
            (["fast.npy", "--fps", "60"], "retimed 60 → 50 fps"),
        ] {
            let outcome = try tool.run(["convert"] + arguments + ["--strict", "-o", "a.gif"])
            #expect(outcome.status == 1)
            #expect(outcome.errorText.contains(message), "\(outcome.errorText)")
        }
        #expect(tool.folder.files() == ["doubt.npy", "fast.npy", "high.npy"])
    }

    @Test("A rate of 0 means four under the rules of the SDK, which read rows before columns")
    func wandb() throws {
        let tool = try Tool()
        try tool.write(try clip(), to: "clip.npy")
        let outcome = try tool.run("convert", "clip.npy", "--fps", "0", "--compat", "wandb-0.31", "-o", "a.gif")
        #expect(outcome.status == 0, "\(outcome.errorText)")
        #expect(outcome.text.contains("video tchw default, 8×6 rgb, 6 frames at 4 fps default"))
    }

    @Test("Streams of frames are read from standard input, once and in order", .python("numpy", "PIL"))
    func streams() throws {
        let tool = try Tool()
        let tensor = try clip()
        let raw = try interleaved(tensor, frames: Array(0..<6))
        let outcome = try tool.run("convert", "-", "--stream", "rgb:8x6", "--fps", "25", "-o", "a.gif", input: raw)
        #expect(outcome.status == 0, "\(outcome.errorText)")
        #expect(outcome.text.contains("rgb:8x6 stream, video, 8×6 rgb, 6 frames at 25 fps, 0.24 s"), "\(outcome.text)")
        #expect(try decode(tool.folder.path("a.gif")).pixels == raw)
        let some = try tool.run(
            "convert", "-", "--stream", "rgb:8x6", "--start", "1", "--every", "3", "-o", "b.gif", input: raw)
        #expect(some.status == 0, "\(some.errorText)")
        #expect(try decode(tool.folder.path("b.gif")).pixels == (try interleaved(tensor, frames: [1, 4])))

        for (arguments, input, message) in [
            (["--stream", "rgb:8x6"], Array(raw.dropLast()), "frames[5]: frame 5 has 143 of 144 bytes"),
            (["--stream", "y4m"], raw, "standard input"),
            (["--stream", "y4m", "--contact-sheet", "2"], raw, "contact-sheet does not go with a stream"),
            (["--stream", "rgb:8x6"], [], "a clip of no frames"),
        ] as [([String], [UInt8], String)] {
            let refused = try tool.run(["convert", "-"] + arguments + ["-o", "c.gif"], input: input)
            #expect(refused.status == 1)
            #expect(refused.errorText.contains(message), "\(refused.errorText)")
        }
        #expect(tool.folder.files() == ["a.gif", "b.gif"])
    }
}
