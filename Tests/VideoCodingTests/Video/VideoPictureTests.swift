import Foundation
import TestSupport
import Testing
import VideoCoding

@Suite("Pictures of videos") struct VideoPictureTests {
    /// Smooth colours that move: `count` frames.
    private static func waves(_ width: Int, _ height: Int, count: Int = 6, channels: Int = 3) -> MadeClip {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(width * height * channels * count)
        for frame in 0..<count {
            for y in 0..<height {
                for x in 0..<width {
                    let color = [x + 4 * frame, y + 2 * frame, (x + y) / 2, x < width / 2 ? 0 : 255]
                    for channel in 0..<channels {
                        let value = color[channel]
                        bytes.append(UInt8(channel == 3 ? value : abs(value % 510 - 255)))
                    }
                }
            }
        }
        return MadeClip(width: width, height: height, channels: channels, bytes: bytes)
    }

    /// One frame of one colour.
    private static func flat(_ color: [UInt8], _ width: Int, _ height: Int, count: Int = 1) -> MadeClip {
        MadeClip(
            width: width, height: height, channels: color.count,
            bytes: (0..<width * height * count).flatMap { _ in color })
    }

    @Test("A clip is not worse than the ffmpeg program's with the same settings", arguments: ClipFormat.videos)
    func quality(format: ClipFormat) throws {
        let clip = Self.waves(176, 144, count: 10)
        let ours = try VideoProbe.decode(
            try VideoProbe.encode(try clip.frames(FrameRate(25)), VideoEncoder(format: format)).bytes, as: format)
        let folder = try TemporaryFolder()
        let source = try folder.write(clip.bytes, to: "raw")
        let settings =
            switch format {
            case .mp4: ["-c:v", "libx264", "-preset", "veryfast", "-crf", "20"]
            case .webm: ["-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-crf", "32", "-b:v", "0"]
            default: ["-c:v", "libvpx", "-deadline", "good", "-cpu-used", "5", "-crf", "10", "-b:v", "2M"]
            }
        let path = folder.path("theirs." + format.rawValue)
        let made = try Program(
            "/usr/bin/env",
            ["ffmpeg", "-v", "error", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", "176x144", "-r", "25", "-i", source]
                + settings + ["-pix_fmt", "yuv420p", "-threads", "1", path]
        ).run()
        try #require(made.status == 0, "\(made.errorText)")
        let theirs = try VideoProbe.decode(try readBytes(path), as: format)
        let quality = psnr(ours, clip.bytes)
        #expect(quality >= psnr(theirs, clip.bytes) - 0.5)
        #expect(quality > 35)
    }

    @Test("Files are tagged, and flat colours come back", arguments: ClipFormat.videos, [144, 720])
    func colors(format: ClipFormat, height: Int) throws {
        // VP8 in Ogg says nothing, and is BT.601 at every height.
        let name = height < 720 ? "smpte170m" : "bt709"
        for color in [[200, 30, 40], [0, 255, 0], [20, 40, 220], [255, 255, 255], [0, 0, 0], [128, 128, 128]]
            as [[UInt8]]
        {
            let clip = Self.flat(color, 64, height)
            let (bytes, report) = try VideoProbe.encode(
                try clip.frames(FrameRate(4)), VideoEncoder(format: format, enlargesTinyFrames: false))
            let decoded = try VideoProbe.decode(bytes, as: format)
            let middle = (height / 2 * 64 + 32) * 3
            for channel in 0..<3 {
                #expect(abs(Int(decoded[middle + channel]) - Int(color[channel])) <= 3, "\(color) as \(format)")
            }
            guard color[0] == 200 else { continue }
            #expect(report.findings.count == (format == .ogg && height == 720 ? 1 : 0))
            let stream = try VideoProbe(bytes, as: format).stream
            guard format != .ogg else { continue }
            for field in ["color_space", "color_transfer", "color_primaries"] {
                #expect(stream[field] == name, "\(field)")
            }
            #expect(stream["color_range"] == "tv")
        }
    }

    @Test("VP8 is BT.601 in webm too, and says so; strictness refuses it from 720 lines on")
    func vp8() throws {
        let frames = try Self.flat([200, 30, 40], 64, 720).frames(FrameRate(4))
        var encoder = VideoEncoder(format: .webm, codec: .vp8, enlargesTinyFrames: false)
        let (bytes, report) = try VideoProbe.encode(frames, encoder)
        #expect(report.findings.map(\.path) == ["codec"])
        #expect(try VideoProbe(bytes, as: .webm).stream["color_space"] == "smpte170m")
        encoder.strictness = .strict
        #expect(throws: MediaError.self) { try VideoProbe.encode(frames, encoder) }
    }

    @Test("mp4 is High 4:2:0 with its index in front; webm is VP9, ogg is VP8")
    func kinds() throws {
        let frames = try Self.waves(64, 48).frames(FrameRate(4))
        let mp4 = try VideoProbe.encode(frames, VideoEncoder(enlargesTinyFrames: false)).bytes
        let stream = try VideoProbe(mp4, as: .mp4).stream
        #expect(stream["codec_name"] == "h264" && stream["profile"] == "High" && stream["pix_fmt"] == "yuv420p")
        let text = String(decoding: mp4, as: Unicode.ASCII.self)
        let index = try #require(text.range(of: "moov")), data = try #require(text.range(of: "mdat"))
        #expect(index.lowerBound < data.lowerBound)
        let webm = try VideoProbe.encode(frames, VideoEncoder(format: .webm)).bytes
        #expect(try VideoProbe(webm, as: .webm).stream["codec_name"] == "vp9")
        let ogg = try VideoProbe.encode(frames, VideoEncoder(format: .ogg)).bytes
        #expect(try VideoProbe(ogg, as: .ogg).stream["codec_name"] == "vp8")
    }

    @Test("Other codecs, 4:4:4 and all presets make files that decode", arguments: ClipPreset.allCases)
    func variants(preset: ClipPreset) throws {
        let clip = Self.waves(160, 160, count: 3)
        for format in ClipFormat.videos {
            for codec in VideoCodec.all(for: format) {
                for subsampling in YUVSubsampling.allCases where subsampling == .quarter || codec != .vp8 {
                    let encoder = VideoEncoder(
                        format: format, codec: codec, preset: preset, subsampling: subsampling)
                    let (bytes, report) = try VideoProbe.encode(try clip.frames(FrameRate(10)), encoder)
                    #expect(report.video?.codec == codec && report.video?.threads == 1)
                    let stream = try VideoProbe(bytes, as: format).stream
                    #expect(stream["codec_name"] == codec.rawValue)
                    #expect(stream["pix_fmt"] == (subsampling == .quarter ? "yuv420p" : "yuv444p"))
                    if codec == .hevc { #expect(stream["codec_tag_string"] == "hvc1") }
                    let decoded = try VideoProbe.decode(bytes, as: format)
                    #expect(psnr(decoded, clip.bytes) > 30, "\(codec) in \(format), \(preset), \(subsampling)")
                }
            }
        }
    }

    @Test("Odd sides get one column and row more, copies of the last", arguments: ClipFormat.videos)
    func odd(format: ClipFormat) throws {
        let clip = Self.waves(171, 163, count: 2)
        let (bytes, report) = try VideoProbe.encode(try clip.frames(FrameRate(4)), VideoEncoder(format: format))
        #expect((report.width, report.height) == (171, 163))
        #expect(report.video.map { [$0.codedWidth, $0.codedHeight] } == [172, 164])
        #expect(report.facts.remarks.contains { $0.contains("172×164") })
        #expect(try VideoProbe(bytes, as: format).size == "172×164")
        let decoded = try VideoProbe.decode(bytes, as: format)
        var expected: [UInt8] = []
        for frame in 0..<2 {
            for row in 0..<164 {
                for column in 0..<172 {
                    let place = ((frame * 163 + min(row, 162)) * 171 + min(column, 170)) * 3
                    expected += clip.bytes[place..<place + 3]
                }
            }
        }
        #expect(psnr(decoded, expected) > 35)
    }

    @Test("Tiny frames of few colours are enlarged by a whole factor, others are not")
    func tiny() throws {
        let clip = MadeClip.random(3, colors: 8)
        var generator = SeededGenerator(seed: 3)
        let bytes = (0..<40 * 30 * 3).map { _ in UInt8(generator.below(256)) }
        let noise = MadeClip(width: 40, height: 30, channels: 3, bytes: bytes)
        func scale(_ clip: MadeClip, _ encoder: VideoEncoder = VideoEncoder()) throws -> Int? {
            let (bytes, report) = try VideoProbe.encode(try clip.frames(FrameRate(4)), encoder)
            let facts = try #require(report.video)
            #expect(report.width == clip.width * facts.scale)
            #expect(try VideoProbe(bytes, as: encoder.format).size == "\(facts.codedWidth)×\(facts.codedHeight)")
            return facts.scale
        }
        let short = min(clip.width, clip.height)
        #expect(try scale(clip) == (255 + short) / short)
        #expect(try scale(clip, VideoEncoder(enlargesTinyFrames: false)) == 1)
        #expect(try scale(clip, VideoEncoder(subsampling: .none)) == 1)
        #expect(try scale(noise) == 1)
        #expect(try scale(Self.flat([9, 9, 9], 160, 200)) == 1)
        #expect(try scale(Self.flat([9, 9, 9], 159, 200)) == 2)
        // What would be too long stays as it is.
        #expect(try scale(Self.flat([9, 9, 9], 2, 1000)) == 1)
    }

    @Test("1×1, 2×2 and 3×5 pixels make files", arguments: ClipFormat.videos, [[1, 1], [2, 2], [3, 5]])
    func smallest(format: ClipFormat, size: [Int]) throws {
        let clip = Self.flat([90, 10, 200], size[0], size[1], count: 2)
        let bytes = try VideoProbe.encode(
            try clip.frames(FrameRate(4)), VideoEncoder(format: format, enlargesTinyFrames: false)
        ).bytes
        #expect(try VideoProbe(bytes, as: format).frameCount == 2)
    }

    @Test("Without loss every sample is as it was", arguments: [ClipFormat.mp4, .webm], [1, 3])
    func lossless(format: ClipFormat, channels: Int) throws {
        let clip = MadeClip(
            width: 37, height: 21, channels: channels,
            bytes: (0..<37 * 21 * channels * 3).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 11) })
        let (bytes, report) = try VideoProbe.encode(
            try clip.frames(FrameRate(4)), VideoEncoder(format: format, quality: .lossless))
        #expect(report.exactFrameCount == 3 && report.video?.scale == 1)
        #expect(try VideoProbe.decode(bytes, as: format) == clip.rgb)
        #expect(try VideoProbe(bytes, as: format).stream["color_range"] == "pc")
    }

    @Test("Opacity is laid over a colour, or kept in webm")
    func alpha() throws {
        let frames = try Self.waves(160, 160, count: 2, channels: 4).frames(FrameRate(4))
        let red = ClipOpacity.over(red: 255, green: 0, blue: 0)
        for format in ClipFormat.videos {
            let decoded = try VideoProbe.decode(
                try VideoProbe.encode(frames, VideoEncoder(format: format, opacity: red)).bytes, as: format)
            #expect(decoded[0] > 250 && decoded[1] < 5 && decoded[2] < 5)
        }
        let (bytes, report) = try VideoProbe.encode(frames, VideoEncoder(format: .webm, opacity: .kept))
        #expect(report.video?.keepsAlpha == true)
        let decoded = try VideoProbe.decode(bytes, as: .webm, to: "rgba", options: ["-c:v", "libvpx-vp9"])
        try #require(decoded.count == 160 * 160 * 4 * 2)
        for column in [0, 40, 76, 84, 159] {
            #expect(abs(Int(decoded[(80 * 160 + column) * 4 + 3]) - (column < 80 ? 0 : 255)) <= 3)
        }
    }

    @Test("The same frames give the same bytes, beside others and through any sink", arguments: ClipFormat.videos)
    func repeatability(format: ClipFormat) async throws {
        let clip = Self.waves(161, 163, count: 12)
        let frames = try clip.frames(FrameRate(10))
        let encoder = VideoEncoder(format: format)
        let first = try VideoProbe.encode(frames, encoder).bytes
        try await withThrowingTaskGroup(of: [UInt8].self) { group in
            for _ in 0..<4 { group.addTask { try VideoProbe.encode(frames, encoder).bytes } }
            for try await bytes in group { #expect(bytes == first) }
        }
        let counting = PlainSink()
        _ = try encoder.encode(frames, to: counting)
        #expect(counting.bytes == first)
        let folder = try TemporaryFolder()
        let file = try FileSink(path: folder.path("a"))
        _ = try encoder.encode(frames, to: file)
        _ = try file.commit()
        #expect(try folder.bytes("a") == first)
    }

    /// A sink that cannot be patched.
    private final class PlainSink: ByteSink {
        var bytes: [UInt8] = []
        var byteCount: Int { bytes.count }

        func write(_ bytes: RawSpan) throws(MediaError) {
            for index in 0..<bytes.byteCount {
                self.bytes.append(bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self))
            }
        }
    }

    @Test("A bitrate is met at any rate of frames")
    func bitrate() throws {
        var generator = SeededGenerator(seed: 1)
        let noise = MadeClip(
            width: 160, height: 160, channels: 3,
            bytes: (0..<160 * 160 * 3 * 40).map { _ in UInt8(generator.below(256)) })
        for rate in [10, 40] {
            let (bytes, report) = try VideoProbe.encode(
                try noise.frames(FrameRate(rate)), VideoEncoder(quality: .bitrate(1_000_000)))
            let bits = Double(bytes.count) * 8 / report.seconds
            #expect(bits > 500_000 && bits < 2_000_000, "\(bits) at \(rate)")
        }
    }
}
