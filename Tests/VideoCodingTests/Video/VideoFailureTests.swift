import TestSupport
import Testing
import VideoCoding

@Suite("Bad input to the video encoder") struct VideoFailureTests {
    private let clip = MadeClip(width: 16, height: 16, channels: 1, bytes: Array(repeating: 9, count: 256 * 60))

    private func refused(_ encoder: VideoEncoder, width: Int = 16, height: Int = 16) throws -> MediaError? {
        let sink = MemorySink()
        let error = #expect(throws: MediaError.self) {
            _ = try encoder.begin(
                ClipDescription(width: width, height: height, format: .rgb, timeBase: .hundredth), to: sink)
        }
        #expect(sink.byteCount == 0)
        return error
    }

    @Test("Options that do not go together are refused by name, before anything is written")
    func options() throws {
        #expect(try refused(VideoEncoder(format: .gif))?.location.field == "format")
        #expect(try refused(VideoEncoder(format: .mp4, codec: .vp8))?.location.field == "codec")
        #expect(try refused(VideoEncoder(format: .ogg, codec: .vp9))?.location.field == "codec")
        #expect(try refused(VideoEncoder(quality: .rateFactor(52)))?.location.field == "crf")
        #expect(try refused(VideoEncoder(format: .ogg, quality: .rateFactor(3)))?.location.field == "crf")
        #expect(try refused(VideoEncoder(quality: .bitrate(0)))?.location.field == "bitrate")
        #expect(try refused(VideoEncoder(codec: .av1, quality: .lossless))?.location.field == "lossless")
        #expect(try refused(VideoEncoder(format: .ogg, subsampling: .none))?.location.field == "subsampling")
        #expect(try refused(VideoEncoder(opacity: .kept))?.location.field == "opacity")
        #expect(try refused(VideoEncoder(threads: 0))?.location.field == "threads")
        #expect(try refused(VideoEncoder(codecOptions: ["threads": "2"]))?.location.field == "codecOptions")
        #expect(try refused(VideoEncoder(codecOptions: ["preset": "none"]))?.location.field == "codecOptions")
        for side in [0, -1, 16385, Int.max] {
            #expect(try refused(VideoEncoder(), width: side)?.location.field == "width")
            #expect(try refused(VideoEncoder(), height: side)?.location.field == "width")
        }
        #expect(try refused(VideoEncoder(format: .ogg), width: 16384)?.location.field == "width")
    }

    @Test("An option that the codec does not know is an error with its name, as is a value that it does not take")
    func codecOptions() throws {
        let frames = try clip.frames(try FrameRate(10))
        let unknown = #expect(throws: MediaError.self) {
            try VideoProbe.encode(frames, VideoEncoder(codecOptions: ["bogus": "1"]))
        }
        #expect(unknown?.code == .argumentInvalid)
        #expect(unknown?.message.contains("bogus") == true)
        // An option of another codec is not used either.
        #expect(throws: MediaError.self) {
            try VideoProbe.encode(frames, VideoEncoder(codecOptions: ["row-mt": "1"]))
        }
        let wrong = #expect(throws: MediaError.self) {
            try VideoProbe.encode(frames, VideoEncoder(codecOptions: ["crf": "much"]))
        }
        #expect(wrong?.code == .libraryFailed)
        #expect(wrong?.message.contains("much") == true)
        // Those that it knows are used.
        let plain = try VideoProbe.encode(frames, VideoEncoder()).bytes
        let other = try VideoProbe.encode(frames, VideoEncoder(codecOptions: ["bf": "0", "refs": "1"])).bytes
        #expect(plain != other)
    }

    @Test(
        "No frames, frames of another size, times that do not rise, frames after the end", arguments: ClipFormat.videos)
    func frames(format: ClipFormat) throws {
        let frame = try clip.frames(try FrameRate(1)).frames[0]
        func writer() throws -> VideoWriter {
            try VideoEncoder(format: format).begin(
                ClipDescription(width: 16, height: 16, format: .gray, timeBase: .hundredth), to: MemorySink())
        }
        let empty = try writer()
        #expect(throws: MediaError.self) { try empty.finish() }
        let other = try MadeClip(width: 8, height: 16, channels: 1, bytes: Array(repeating: 1, count: 128))
            .frames(FrameRate(1)).frames[0]
        let sizes = try writer()
        try sizes.append(frame, endingAt: 2)
        #expect(throws: MediaError.self) { try sizes.append(other, endingAt: 4) }
        #expect(throws: MediaError.self) { try sizes.append(frame, endingAt: 4) }
        #expect(throws: MediaError.self) { try sizes.finish() }
        let times = try writer()
        try times.append(frame, endingAt: 2)
        #expect(throws: MediaError.self) { try times.append(frame, endingAt: 2) }
        let done = try writer()
        try done.append(frame, endingAt: 2)
        _ = try done.finish()
        #expect(throws: MediaError.self) { try done.append(frame, endingAt: 4) }
        #expect(throws: MediaError.self) { try done.finish() }
    }

    @Test("What was there before a file stays in its sink", arguments: ClipFormat.videos)
    func offset(format: ClipFormat) throws {
        let frames = try clip.frames(try FrameRate(10))
        let alone = try VideoProbe.encode(frames, VideoEncoder(format: format)).bytes
        let sink = MemorySink()
        let before: [UInt8] = [1, 2, 3]
        try sink.write(before.span.bytes)
        let report = try VideoEncoder(format: format).encode(frames, to: sink)
        #expect(sink.bytes == before + alone)
        #expect(report.byteCount == alone.count)
    }
}
