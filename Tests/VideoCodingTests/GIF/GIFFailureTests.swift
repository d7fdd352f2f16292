import TestSupport
import Testing
import VideoCoding

@Suite("Bad input to the GIF encoder")
struct GIFFailureTests {
    private let clip = MadeClip(width: 4, height: 3, channels: 1, bytes: Array(repeating: 9, count: 12 * 100))

    @Test("sides over 65,535, no frames, no loops are refused before anything is written")
    func refusals() throws {
        let sink = MemorySink()
        let base = try TimeBase(1, 10)
        func refused(_ encoder: GIFEncoder = GIFEncoder(), width: Int = 1, height: Int = 1) -> MediaError? {
            #expect(throws: MediaError.self) {
                let clip = ClipDescription(width: width, height: height, format: .rgb, timeBase: base)
                _ = try encoder.begin(clip, to: sink)
            }
        }
        #expect(refused(width: 65536)?.location.field == "width")
        #expect(refused(height: 0)?.code == .argumentInvalid)
        #expect(refused(GIFEncoder(loops: .times(0)))?.location.field == "loops")
        #expect(refused(GIFEncoder(opacity: .threshold(0)))?.location.field == "opacity")
        let writer = try GIFEncoder().begin(
            ClipDescription(width: 1, height: 1, format: .rgb, timeBase: base), to: sink)
        #expect(throws: MediaError.self) { _ = try writer.finish() }
        #expect(sink.byteCount == 0)
    }

    @Test("an error names its frame")
    func places() throws {
        let frames = try clip.frames(try FrameRate(10))
        let failing = frames.mapFrames(width: 4, height: 3, format: .gray) { (index, frame) throws(MediaError) in
            guard index != 57 else { throw MediaError(.fileUnreadable, "the disk is gone") }
            return frame
        }
        let error = #expect(throws: MediaError.self) { _ = try GIFEncoder().encode(failing, to: MemorySink()) }
        #expect(error?.location.field == "frames[57]")
        #expect(error?.code == .fileUnreadable)
        // Found while it is rendered, on another thread.
        struct Broken: PixelSource {
            let width = 4, height = 3
            let format = PixelFormat.gray
            func fill(rows: Range<Int>, into band: inout MutableRawSpan, tally: inout PixelTally) throws(MediaError) {
                throw MediaError(.fileUnreadable, "no pixels")
            }
        }
        let late = frames.mapFrames(width: 4, height: 3, format: .gray) { (index, frame) throws(MediaError) in
            index == 63 ? Broken() : frame
        }
        let lateError = #expect(throws: MediaError.self) {
            _ = try GIFEncoder(pool: WorkerPool(threadCount: 2)).encode(late, to: MemorySink())
        }
        #expect(lateError?.location.field == "frames[63]")
    }

    @Test("frames of another size, times that do not rise, frames that last too long, frames after the end")
    func frames() throws {
        let base = try TimeBase(1, 1)
        let frame = try clip.frames(try FrameRate(1)).frames[0]
        func writer() throws -> GIFWriter {
            try GIFEncoder().begin(
                ClipDescription(width: 4, height: 3, format: .gray, timeBase: base), to: MemorySink())
        }
        let small = try Tensor([UInt8](repeating: 0, count: 4), shape: [2, 2]).picture()
        #expect(throws: MediaError.self) { try writer().append(small, endingAt: 1) }
        #expect(throws: MediaError.self) { try writer().append(frame, endingAt: 0) }
        #expect(throws: MediaError.self) {
            let writer = try writer()
            try writer.append(frame, endingAt: 656)
            _ = try writer.finish()
        }
        #expect(throws: MediaError.self) {
            let writer = try writer()
            try writer.append(frame, endingAt: Int.max)
            _ = try writer.finish()
        }
        let done = try writer()
        try done.append(frame, endingAt: 1)
        _ = try done.finish()
        #expect(throws: MediaError.self) { try done.append(frame, endingAt: 2) }
    }

    @Test("after an error nothing can be added, and the file is not finished")
    func afterErrors() throws {
        let frame = try clip.frames(try FrameRate(1)).frames[0]
        let base = try TimeBase(1, 1)
        let writers: [any ClipWriter] = [
            try GIFEncoder().begin(
                ClipDescription(width: 4, height: 3, format: .gray, timeBase: base), to: MemorySink()),
            try APNGEncoder().begin(
                ClipDescription(width: 4, height: 3, format: .gray, timeBase: base), to: MemorySink()),
        ]
        for writer in writers {
            try writer.append(frame, endingAt: 2)
            let error = #expect(throws: MediaError.self) { try writer.append(frame, endingAt: 1) }
            #expect(error?.location.field == "frames[1]")
            #expect(throws: MediaError.self) { try writer.append(frame, endingAt: 3) }
            #expect(throws: MediaError.self) { _ = try writer.finish() }
        }
    }

    @Test("a cancelled encode ends")
    func cancellation() throws {
        let flag = CancellationFlag()
        flag.cancel()
        let error = #expect(throws: MediaError.self) {
            _ = try GIFEncoder(cancellation: flag).encode(try clip.frames(try FrameRate(1)), to: MemorySink())
        }
        #expect(error?.code == .cancelled)
    }
}
