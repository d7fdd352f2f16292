import Foundation
import TestSupport
import Testing
import VideoCoding

/// Files that the ffmpeg program wrote, and their frames as it decodes them.
struct ForeignVideo {
    let path: String
    /// RGB, or RGBA, of all frames.
    let pixels: [UInt8]

    /// Writes a moving, colourful clip.
    ///
    /// - Parameters:
    ///   - name: of the file in `folder`; its ending says the kind.
    ///   - rate: as ffmpeg reads it.
    ///   - codec: options of ffmpeg.
    init(
        _ name: String, in folder: TemporaryFolder, frames: Int = 12, width: Int = 64, height: Int = 48,
        rate: String = "25", codec: [String], hasAlpha: Bool = false
    ) throws {
        path = folder.path(name)
        let decoded = path + ".raw"
        _ = try PythonTools.run(
            """
            import subprocess, sys
            import numpy as np
            path, decoded, frames, width, height, rate, alpha = sys.argv[1:8]
            codec = sys.argv[8:]
            frames, width, height, channels = int(frames), int(width), int(height), 4 if alpha == "1" else 3
            y, x = np.mgrid[:height, :width]
            clip = np.stack([np.stack([128 + 100 * np.sin((x + 3 * t) / 9), 128 + 100 * np.cos((y - 2 * t) / 7), (x * 4 + y + 5 * t) % 256,
                                       ((x + t) // 8 % 2) * 255], -1)[..., :channels] for t in range(frames)]).clip(0, 255).astype(np.uint8)
            pixels = "rgba" if channels == 4 else "rgb24"
            subprocess.run(["ffmpeg", "-y", "-v", "error", "-f", "rawvideo", "-pix_fmt", pixels, "-s", f"{width}x{height}", "-r", rate, "-i", "-",
                            *codec, path], input=clip.tobytes(), check=True)
            decoder = ["-c:v", "libvpx-vp9"] if channels == 4 else []
            subprocess.run(["ffmpeg", "-y", "-v", "error", *decoder, "-i", path, "-f", "rawvideo", "-pix_fmt", pixels, "-fps_mode", "passthrough",
                            "-sws_flags", "bicubic+accurate_rnd+full_chroma_int+full_chroma_inp+bitexact", decoded], check=True)
            """,
            arguments: [path, decoded, "\(frames)", "\(width)", "\(height)", rate, hasAlpha ? "1" : "0"] + codec)
        pixels = try [UInt8](Data(contentsOf: URL(fileURLWithPath: decoded)))
    }

    static let kinds: [(name: String, codec: [String])] = [
        ("a.mp4", ["-c:v", "libx264", "-pix_fmt", "yuv420p"]),
        (
            "tail.mp4",
            ["-c:v", "libx264", "-pix_fmt", "yuv444p", "-colorspace", "bt709", "-x264-params", "colormatrix=bt709"]
        ),
        ("b.webm", ["-c:v", "libvpx-vp9", "-cpu-used", "8", "-deadline", "realtime"]),
        ("c.webm", ["-c:v", "libvpx", "-auto-alt-ref", "1", "-lag-in-frames", "10", "-b:v", "1M"]),
        ("d.ogg", ["-c:v", "libvpx", "-b:v", "1M"]),
        ("e.mp4", ["-c:v", "libx264rgb", "-crf", "0"]),
    ]
}

@Suite("Reading mp4, webm and ogg", .python("numpy"))
struct VideoReadingTests {
    @Test(
        "frames are those that ffmpeg decodes, in number, order and every sample", arguments: ForeignVideo.kinds.indices
    )
    func frames(_ kind: Int) throws {
        let folder = try TemporaryFolder()
        let (name, codec) = ForeignVideo.kinds[kind]
        let video = try ForeignVideo(name, in: folder, codec: codec)
        let decoder = try VideoDecoder(path: video.path)
        #expect(decoder.file.frameCount == 12)
        #expect((decoder.width, decoder.height) == (64, 48))
        #expect(decoder.file.frameRate == (try FrameRate(25)))
        #expect((decoder.file.seconds - 0.48).magnitude < 0.002)
        #expect(decoder.file.sound == nil && !decoder.file.hasAlpha)
        #expect(try render(decoder) == video.pixels)
        // Back, and the same frame twice.
        let frame = 64 * 48 * 3
        for index in [3, 3, 11, 0] {
            let pixels = try render(try #require(try decoder.frame(index)))
            #expect(pixels == Array(video.pixels[index * frame..<(index + 1) * frame]), "frame \(index)")
        }
        #expect(try decoder.frame(12) == nil)
    }

    @Test("rates and times", arguments: ["30000/1001", "60", "1/3", "12.5", "7"])
    func rates(_ rate: String) throws {
        let folder = try TemporaryFolder()
        let expected = try FrameRate(parsing: rate)
        let seconds = 9 * Double(expected.denominator) / Double(expected.numerator)
        for (name, codec) in ForeignVideo.kinds.prefix(5) where name != "c.webm" {
            let video = try ForeignVideo(name, in: folder, frames: 9, rate: rate, codec: codec)
            let file = try VideoDecoder(path: video.path).file
            #expect(file.frameCount == 9, "\(name)")
            #expect(file.frameRate == expected, "\(name)")
            #expect((file.seconds - seconds).magnitude <= 2 * file.timeBase.seconds, "\(name): \(file.seconds)")
        }
    }

    @Test("our own files have the rate and the times that were asked for", arguments: ClipFormat.allCases.suffix(3))
    func ownFiles(_ format: ClipFormat) throws {
        for (text, count) in [("8", 64), ("29.97", 60), ("60", 7), ("1/3", 3), ("25", 1)] {
            let rate = try FrameRate(parsing: text)
            let bytes = (0..<count * 32 * 32).map { UInt8(truncatingIfNeeded: $0 / 7 &+ $0 / 1024 &* 9) }
            let frames = try MadeClip(width: 32, height: 32, channels: 1, bytes: bytes).frames(rate)
            let sink = MemorySink()
            _ = try VideoEncoder(format: format).encode(frames, to: sink)
            let file = try VideoFile(FileContents(bytes: sink.bytes, name: "own"))
            #expect(file.frameCount == count)
            #expect(file.frameRate == rate, "\(text): \(String(describing: file.frameRate))")
            let seconds = Double(count * rate.denominator) / Double(rate.numerator)
            #expect((file.seconds - seconds).magnitude <= 2 * file.timeBase.seconds, "\(text): \(file.seconds) s")
        }
    }

    @Test("opacity of VP9 is read")
    func alpha() throws {
        let folder = try TemporaryFolder()
        let video = try ForeignVideo(
            "a.webm", in: folder, codec: ["-c:v", "libvpx-vp9", "-pix_fmt", "yuva420p", "-auto-alt-ref", "0"],
            hasAlpha: true)
        let decoder = try VideoDecoder(path: video.path)
        #expect(decoder.format == .rgba)
        #expect(try render(decoder) == video.pixels)
    }

    @Test("a file that was cut is an error that says so, at any length")
    func cut() throws {
        let folder = try TemporaryFolder()
        for (name, codec) in ForeignVideo.kinds {
            let video = try ForeignVideo(
                name, in: folder, codec: codec + (name == "a.mp4" ? ["-movflags", "faststart"] : []))
            let bytes = try readBytes(video.path)
            let step = max(1, bytes.count / 40)
            for length in Array(stride(from: 0, to: bytes.count - 1, by: step)) + [bytes.count - 1] {
                let error = #expect(throws: MediaError.self, "\(name) cut at \(length) of \(bytes.count)") {
                    _ = try VideoDecoder(FileContents(bytes: Array(bytes.prefix(length)), name: name))
                }
                let codes: [MediaError.Code] = [.truncated, .malformed, .unrecognized, .unsupported]
                #expect(
                    error.map { codes.contains($0.code) } == true, "\(name) at \(length): \(String(describing: error))")
            }
        }
    }

    @Test("damage is a typed error or other pixels, never a crash")
    func damage() throws {
        let folder = try TemporaryFolder()
        var generator = SeededGenerator(seed: 3)
        for (name, codec) in ForeignVideo.kinds {
            let bytes = try readBytes(try ForeignVideo(name, in: folder, frames: 4, codec: codec).path)
            for _ in 0..<40 {
                var damaged = bytes
                for _ in 0..<generator.integer(1...6) {
                    damaged[generator.below(bytes.count)] = UInt8(generator.below(256))
                }
                guard let decoder = try? VideoDecoder(FileContents(bytes: damaged, name: name)) else { continue }
                guard decoder.width * decoder.height < 1 << 20 else { continue }
                for index in 0..<min(decoder.file.frameCount, 8) { _ = try? decoder.frame(index) }
            }
        }
    }

    @Test(
        "tables of an mp4 that claim more than there is are refused before memory is taken; so are compressed headers")
    func tables() throws {
        let file = try Fixtures.bytes("videos/ramp.mp4")
        func patched(_ name: String, _ offset: Int, _ bytes: [UInt8]) throws -> MediaError? {
            let name = Array(name.utf8)
            let place = try #require(file.indices.dropLast(4).first { Array(file[$0..<$0 + 4]) == name }) + offset
            var file = file
            file.replaceSubrange(place..<place + bytes.count, with: bytes)
            return #expect(throws: MediaError.self) { _ = try VideoFile(FileContents(bytes: file, name: "a.mp4")) }
        }
        // Behind a name: version and flags, and for the sizes of samples the size that all have.
        let million: [UInt8] = [0, 16, 0, 0]
        for (name, offset) in [("stts", 8), ("stsc", 8), ("stco", 8), ("stsz", 12)] {
            let error = try patched(name, offset, million)
            #expect(error?.code == .malformed)
            #expect(error?.message.contains("a table \(name) of 1048576 entries, there is room for ") == true)
        }
        #expect(try patched("stsz", 8, [0, 0, 0, 1] + million)?.code == .malformed)
        #expect(try patched("trak", 0, Array("cmov".utf8))?.code == .unsupported)
        #expect(try patched("mdia", -4, million)?.code == .malformed)
    }

    @Test("a header that lies about the duration is an error")
    func duration() throws {
        let folder = try TemporaryFolder()
        let video = try ForeignVideo("b.webm", in: folder, codec: ForeignVideo.kinds[2].codec)
        var bytes = try readBytes(video.path)
        // The element Duration, a double (Matroska 0x4489).
        let place = try #require(bytes.indices.dropLast(10).first { Array(bytes[$0..<$0 + 3]) == [0x44, 0x89, 0x88] })
        for (value, code) in [(60_000.0, MediaError.Code.truncated), (50.0, .malformed)] {
            withUnsafeBytes(of: value.bitPattern.bigEndian) { bytes.replaceSubrange(place + 3..<place + 11, with: $0) }
            let error = #expect(throws: MediaError.self) {
                _ = try VideoFile(FileContents(bytes: bytes, name: "b.webm"))
            }
            #expect(error?.code == code)
            #expect(error?.location.field == "duration")
        }
    }

    @Test("a file without a video, and one of another kind, are refused")
    func others() throws {
        let folder = try TemporaryFolder()
        _ = try PythonTools.run(
            """
            import subprocess, sys
            subprocess.run(["ffmpeg", "-y", "-v", "error", "-f", "lavfi", "-i", "sine=duration=1", "-c:a", "aac", sys.argv[1]], check=True)
            """, arguments: [folder.path("sound.mp4")])
        let error = #expect(throws: MediaError.self) { _ = try VideoDecoder(path: folder.path("sound.mp4")) }
        #expect(error?.code == .unsupported)
        let picture = [0, 0, 0, 24] + Array("ftypavif".utf8)
        for bytes in [[], [1, 2, 3], Array("GIF89a".utf8), picture] as [[UInt8]] {
            let error = #expect(throws: MediaError.self) { _ = try VideoDecoder(FileContents(bytes: bytes, name: "x")) }
            #expect(error?.code == (bytes.isEmpty ? .truncated : .unrecognized))
        }
        let video = try ForeignVideo("a.mp4", in: folder, codec: ForeignVideo.kinds[0].codec)
        var limits = Limits.default
        limits.imagePixels = 64 * 48 - 1
        let large = #expect(throws: MediaError.self) { _ = try VideoDecoder(path: video.path, limits: limits) }
        #expect(large?.code == .limitExceeded)
    }
}
