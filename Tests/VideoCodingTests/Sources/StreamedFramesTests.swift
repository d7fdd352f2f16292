import ImageCoding
import MediaCore
import TensorIO
import TestSupport
import Testing
import VideoCoding

@Suite("Streams of frames")
struct StreamedFramesTests {
    private func open(
        _ bytes: [UInt8], _ form: StreamForm = .y4m, rate: FrameRate? = nil, limits: Limits = .default
    ) throws(MediaError) -> StreamedFrames {
        try StreamedFrames(FileContents(bytes: bytes, name: "stream"), form: form, frameRate: rate, limits: limits)
    }

    private func y4m(_ header: String, _ frames: [[UInt8]]) -> [UInt8] {
        Array("YUV4MPEG2 \(header)\n".utf8) + frames.flatMap { Array("FRAME\n".utf8) + $0 }
    }

    private func bytes(_ count: Int) throws -> [UInt8] {
        let tensor = try noise([count])
        return tensor.withStorage { span in (0..<count).map { span.unsafeLoad(fromByteOffset: $0, as: UInt8.self) } }
    }

    @Test("Colours of every sampling are those of the standard's formula", .python("numpy"))
    func colors() throws {
        let (width, height) = (7, 5)
        for (name, chroma) in [("420", 24), ("420jpeg", 24), ("422", 40), ("444", 70), ("mono", 0)] {
            for range in ["", " XCOLORRANGE=FULL", " XCOLORRANGE=LIMITED"] {
                let frame = try bytes(width * height + chroma)
                let clip = try open(y4m("W7 H5 F25:1 Ip A1:1 C\(name)\(range)", [frame, frame]))
                #expect((clip.width, clip.height) == (7, 5))
                #expect(clip.format == (name == "mono" ? .gray : .rgb))
                #expect(clip.frameRate == (try FrameRate(25)))
                let first = try render(try #require(try clip.frame(0)))
                #expect(try render(try #require(try clip.frame(1))) == first)
                #expect(try clip.frame(2) == nil)
                let truth = try numpy(
                    """
                    w, h, name, full = 7, 5, "\(name)", "FULL" in "\(range)"
                    a = arrays[0].astype(np.float64)
                    y = a[: w * h].reshape(h, w)
                    y = y if full else (y - 16) * 255 / 219
                    if name == "mono":
                        rgb = y
                    else:
                        across = 1 if name == "444" else 2
                        down = 2 if name.startswith("420") else 1
                        planes = a[w * h :].reshape(2, -(-h // down), -(-w // across))
                        planes = planes.repeat(down, 1).repeat(across, 2)[:, :h, :w] - 128
                        u, v = planes if full else planes * 255 / 224
                        # From the luma weights 0.299 and 0.114.
                        r, b = y + 1.402 * v, y + 1.772 * u
                        g = (y - 0.299 * r - 0.114 * b) / 0.587
                        rgb = np.stack([r, g, b], -1)
                    results.append(np.clip(np.rint(rgb), 0, 255))
                    """, [try Tensor(frame, shape: [frame.count])])
                let worst = zip(first, truth[0]).map { abs(Int($0) - Int($1)) }.max()
                #expect(first.count == truth[0].count)
                #expect(worst ?? 9 <= 1, "\(name)\(range): \(worst ?? -1)")
            }
        }
    }

    @Test("Raw frames come out as they are, and can be had once")
    func raw() throws {
        for (format, channels) in [("gray", 1), ("gray-alpha", 2), ("rgb24", 3), ("rgba", 4)] {
            let all = try bytes(3 * 4 * 5 * channels)
            let clip = try open(all, try #require(StreamForm("\(format):5x4")), rate: FrameRate(10))
            #expect(!clip.canRewind)
            #expect(clip.timeBase == (try TimeBase(1, 10)))
            #expect(try render(clip) == all)
            #expect(throws: MediaError.self) { try clip.frame(0) }
        }
        for text in ["rgb", "rgb:", "rgb:5", "rgb:5x", "rgb:0x4", "yuv:5x4", "y4m:5x4", "", "rgb:fit:5x4"] {
            #expect(StreamForm(text) == nil, "\(text)")
        }
        let cut = #expect(throws: MediaError.self) {
            let clip = try open([1, 2, 3, 4, 5], .raw(.gray, width: 2, height: 2))
            _ = try render(clip)
        }
        #expect(cut?.code == .truncated)
        #expect(cut?.location.field == "frames[1]")
        #expect(throws: MediaError.self) { try open([], .raw(.gray, width: 1_000_000, height: 1_000_000)) }
    }

    @Test(
        "Headers that say what cannot be are refused",
        arguments: [
            ("", MediaError.Code.malformed), ("W4", .malformed), ("H4 F1:1", .malformed), ("W0 H4", .malformed),
            ("W-4 H4", .malformed), ("W4 H4 W4", .malformed), ("W4 H4 Q", .malformed), ("W4  H4", .malformed),
            ("W4 H4 F1", .malformed), ("W4 H4 F1:0", .malformed), ("W4 H4 F-1:1", .malformed), ("W4 H4 A1", .malformed),
            ("W4 H4 It", .unsupported), ("W4 H4 C420p10", .unsupported), ("W4 H4 C444alpha", .unsupported),
            ("W99999999999999999999 H4", .malformed), ("W2000000 H4", .limitExceeded),
            ("W900000 H900000", .limitExceeded), ("W4 H4 \u{7}", .malformed), ("Wx H4", .malformed),
        ])
    func headers(header: String, code: MediaError.Code) throws {
        let error = #expect(throws: MediaError.self) { try open(y4m(header, [])) }
        #expect(error?.code == code, "\(header): \(error?.description ?? "")")
        #expect(error?.location.file == "stream")
    }

    @Test("Streams that end early, or hold something else between frames, name the frame")
    func damage() throws {
        let frame = [UInt8](repeating: 128, count: 24)
        let whole = y4m("W4 H4 F30:1", [frame, frame])
        #expect(try render(try open(whole)).count == 96)
        for (bytes, code) in [
            (Array(whole.dropLast(3)), MediaError.Code.truncated), (Array(whole.dropLast(27)), .truncated),
            (whole + Array("FRAMES\n".utf8), .malformed), (whole + Array("no\n".utf8), .malformed),
            (whole + [UInt8](repeating: 65, count: 5000), .malformed),
        ] {
            let error = #expect(throws: MediaError.self) { _ = try render(try open(bytes)) }
            #expect(error?.code == code)
            #expect(error?.location.field?.hasPrefix("frames[") == true)
        }
        for (bytes, code) in [
            ([], MediaError.Code.truncated), (Array("YUV4MPEG2 W4 H4".utf8), .truncated),
            (Array("GIF89a\n".utf8), .unrecognized), ([UInt8](repeating: 65, count: 5000), .malformed),
        ] as [([UInt8], MediaError.Code)] {
            #expect(#expect(throws: MediaError.self) { try open(bytes) }?.code == code)
        }
        // A header alone promises much and costs nothing.
        let empty = try open(y4m("W30000 H30000 C444", []))
        #expect(try empty.frame(0) == nil)
    }

    @Test("A rate that nobody states is a default, one that contradicts the stream's an error")
    func rates() throws {
        #expect(try open(y4m("W4 H4 F0:0", [])).frameRateIsDefault)
        #expect(try open(y4m("W4 H4", []), rate: FrameRate(7)).frameRate == FrameRate(7))
        #expect(try open(y4m("W4 H4 F60:2", []), rate: FrameRate(30)).frameRate == FrameRate(30))
        #expect(throws: MediaError.self) { try open(y4m("W4 H4 F25:1", []), rate: FrameRate(30)) }
    }
}
