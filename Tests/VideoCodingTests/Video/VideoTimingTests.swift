import TestSupport
import Testing
import VideoCoding

@Suite("Frames and times of videos") struct VideoTimingTests {
    /// Frames of one gray each, which rises.
    private static func steps(_ count: Int, _ rate: FrameRate) throws -> MadeClip {
        MadeClip(
            width: 16, height: 16, channels: 1,
            bytes: (0..<count).flatMap { [UInt8](repeating: level($0, of: count), count: 256) })
    }

    private static func level(_ index: Int, of count: Int) -> UInt8 { UInt8(20 + index * 200 / max(1, count)) }

    /// A tick of the file, in seconds: of an mp4 finer than 1/10,000, of an ogg one frame, which is never off.
    private static func tick(_ format: ClipFormat) -> Double { format == .webm ? 0.001 : 0.0001 }

    private static func check(_ count: Int, _ rate: FrameRate, _ format: ClipFormat) throws {
        let frames = try steps(count, rate).frames(rate)
        let (bytes, report) = try VideoProbe.encode(
            frames, VideoEncoder(format: format, preset: .fastest, enlargesTinyFrames: false))
        #expect(report.frameCount == count)
        let probe = try VideoProbe(bytes, as: format)
        let wanted = Double(count) / rate.framesPerSecond
        #expect(probe.frameCount == count, "\(count) frames at \(rate) as \(format)")
        #expect(abs(probe.seconds - wanted) <= tick(format) + 1e-6, "\(count) frames at \(rate) as \(format)")
        #expect(abs(report.seconds - wanted) <= tick(format), "\(count) frames at \(rate) as \(format)")
    }

    @Test("3 frames in are 3 frames out, as long as asked for, at every whole rate", arguments: ClipFormat.videos)
    func rates(format: ClipFormat) throws {
        for rate in 1...120 { try Self.check(3, FrameRate(rate), format) }
    }

    @Test("So it is for other rates and lengths", arguments: ClipFormat.videos)
    func lengths(format: ClipFormat) throws {
        let rates = [
            try FrameRate(23.976), try FrameRate(29.97), try FrameRate(30000, per: 1001), try FrameRate(12.5),
            try FrameRate(1, per: 3), try FrameRate(7), try FrameRate(60),
        ]
        for rate in rates { for count in [1, 2, 3, 7, 50] { try Self.check(count, rate, format) } }
    }

    @Test("300 frames come back in order, each as it was", arguments: ClipFormat.videos)
    func order(format: ClipFormat) throws {
        let count = 300
        let bytes = try VideoProbe.encode(
            try Self.steps(count, FrameRate(30)).frames(FrameRate(30)),
            VideoEncoder(format: format, enlargesTinyFrames: false)
        ).bytes
        let decoded = try VideoProbe.decode(bytes, as: format, to: "gray")
        try #require(decoded.count == count * 256)
        for index in 0..<count {
            let sum = decoded[index * 256..<(index + 1) * 256].reduce(0) { $0 + Int($1) }
            #expect(abs(sum / 256 - Int(Self.level(index, of: count))) <= 3, "frame \(index)")
        }
    }

    @Test("Frames of uneven length begin when they should", arguments: [ClipFormat.mp4, .webm])
    func uneven(format: ClipFormat) throws {
        let ends = [3, 4, 40, 41, 100]
        let sink = MemorySink()
        let frame = try Self.steps(1, FrameRate(1)).frames(FrameRate(1)).frames[0]
        let writer = try VideoEncoder(format: format, enlargesTinyFrames: false).begin(
            ClipDescription(width: 16, height: 16, format: .gray, timeBase: .hundredth), to: sink)
        for end in ends { try writer.append(frame, endingAt: end) }
        let report = try writer.finish()
        #expect(report.seconds == 1)
        let folder = try TemporaryFolder()
        let path = try folder.write(sink.bytes, to: "a." + format.rawValue)
        let times = try Program(
            "/usr/bin/env",
            ["ffprobe", "-v", "error", "-show_entries", "packet=pts_time", "-of", "csv=p=0", path]
        ).run().lines.compactMap { Double($0.prefix { $0 != "," }) }.sorted()
        #expect(times == [0, 0.03, 0.04, 0.4, 0.41])
        #expect(abs(try VideoProbe(sink.bytes, as: format).seconds - 1) < 1e-6)
    }

    @Test(
        "The last frame of an mp4 keeps its length where programs ask the codec for it",
        arguments: ["60", "24", "29.97", "1/3"])
    func copied(rate: String) throws {
        let rate = try FrameRate(parsing: rate)
        let bytes = try VideoProbe.encode(
            try Self.steps(7, rate).frames(rate), VideoEncoder(format: .mp4, enlargesTinyFrames: false)
        ).bytes
        let folder = try TemporaryFolder()
        let path = try folder.write(bytes, to: "a.mp4")
        // Frames out of order have no lengths in ffmpeg but those of the codec's clock.
        for options in [["-c", "copy"], ["-c:v", "mpeg4"]] {
            let copy = folder.path("b.mp4")
            let outcome = try Program(
                "/usr/bin/env", ["ffmpeg", "-v", "error", "-y", "-i", path] + options + [copy]
            ).run()
            try #require(outcome.status == 0, "\(outcome.errorText)")
            let probe = try VideoProbe(try folder.bytes("b.mp4"), as: .mp4)
            #expect(probe.frameCount == 7)
            #expect(abs(probe.seconds - 7 / rate.framesPerSecond) < 0.001, "\(options)")
        }
    }

    @Test("An ogg, which counts frames, takes frames of any length, and refuses those of another")
    func evenness() throws {
        let sink = MemorySink()
        let frame = try Self.steps(1, FrameRate(1)).frames(FrameRate(1)).frames[0]
        func writer() throws -> VideoWriter {
            try VideoEncoder(format: .ogg, enlargesTinyFrames: false).begin(
                ClipDescription(width: 16, height: 16, format: .gray, timeBase: .hundredth), to: sink)
        }
        let even = try writer()
        for end in [30, 60, 90] { try even.append(frame, endingAt: end) }
        #expect(try even.finish().seconds == 0.9)
        #expect(abs(try VideoProbe(sink.bytes, as: .ogg).seconds - 0.9) < 1e-6)
        let uneven = try writer()
        try uneven.append(frame, endingAt: 30)
        let error = #expect(throws: MediaError.self) { try uneven.append(frame, endingAt: 61) }
        #expect(error?.location.field == "frames[1]")
    }

    @Test("The size of a clip does not depend on its rate")
    func size() throws {
        let clip = MadeClip.random(5, colors: nil)
        let sizes = try [1, 60].map { rate in
            try VideoProbe.encode(try clip.frames(FrameRate(rate)), VideoEncoder()).bytes.count
        }
        #expect(abs(sizes[0] - sizes[1]) < 200)
    }

    @Test("A frame that is shown too shortly or too long for the file is refused by its number")
    func limits() throws {
        let clip = try Self.steps(3, FrameRate(1))
        let fast = #expect(throws: MediaError.self) {
            try VideoProbe.encode(try clip.frames(FrameRate(2000)), VideoEncoder(format: .webm))
        }
        #expect(fast?.location.field == "frames[1]")
        let slow = #expect(throws: MediaError.self) {
            try VideoProbe.encode(try clip.frames(FrameRate(1, per: 1_000_000)), VideoEncoder(format: .mp4))
        }
        #expect(slow?.location.field == "frames[0]")
        #expect(slow?.code == .argumentInvalid)
    }
}
