import ImageCoding
import MediaCore
import TensorIO
import TestSupport
import Testing
import VideoCoding

@Suite("Frames from tensors, functions, folders and sequences")
struct FrameSourcesTests {
    private struct Trouble: Error {}

    private func save(_ tensor: Tensor, _ name: String, in folder: TemporaryFolder) throws {
        let sink = MemorySink()
        try NPYWriter().write(tensor, to: sink)
        try folder.write(sink.bytes, to: name)
    }

    @Test("Tensors are frames under one mapping, in the layout of a clip without its frames")
    func tensors() throws {
        let clip = try noise([4, 3, 5, 6])
        for layout in [ClipLayout.tchw, .tcwh, .cthw, .ctwh] {
            let whole = try TensorFrames(clip, options: ClipOptions { $0.layout = .tchw })
            let order: [Int] =
                switch layout {
                case .tcwh, .ctwh: [0, 2, 1]
                default: [0, 1, 2]
                }
            let frames = try (0..<4).map { try clip.slice(at: $0).transposed(order) }
            let sequence = try TensorSequence(frames, options: ClipOptions { $0.layout = layout })
            #expect(sequence.frameCount == 4)
            #expect(try render(sequence) == render(whole), "\(layout)")
        }
        // The first alone would be 0…1.
        let floats = try [[0, 1], [0, 255], [8, 128]].map { try Tensor($0 as [Float], shape: [1, 2]) }
        let sequence = try TensorSequence(floats, options: ClipOptions { $0.layout = .thw })
        #expect(try render(sequence) == [0, 1, 0, 255, 8, 128])
        #expect(sequence.facts.mapping?.name == "byte")
        let stretched = try TensorSequence(
            floats,
            options: ClipOptions {
                $0.layout = .thw
                $0.mapping = .minMax
            })
        #expect(stretched.facts.mapping?.high == 255)
    }

    @Test("A tensor unlike the first is named; so is a batch, and no tensor at all")
    func unlike() throws {
        let frames = [try noise([3, 4, 5]), try noise([3, 4, 5]), try noise([3, 5, 4])]
        let sequence = try TensorSequence(frames, options: ClipOptions { $0.layout = .tchw })
        let error = #expect(throws: MediaError.self) { _ = try render(sequence) }
        #expect(error?.code == .shapeInvalid)
        #expect(error?.location.field == "frames[2]")
        #expect(throws: MediaError.self) { try TensorSequence([]) }
        #expect(throws: MediaError.self) {
            try TensorSequence(frames, options: ClipOptions { $0.layout = .ntchw })
        }
        #expect(throws: MediaError.self) {
            try TensorSequence(
                [try Tensor([0.5] as [Float], shape: [1, 1])], options: ClipOptions { $0.mapping = .percentile(1, 99) })
        }
    }

    @Test("Floats that can be had once need a stated range, before the second frame is asked for")
    func once() throws {
        let float = try Tensor([0.25, 1] as [Float], shape: [1, 2])
        let make: @Sendable (Int) throws(MediaError) -> Tensor? = { $0 < 3 ? float : nil }
        let error = #expect(throws: MediaError.self) { try TensorSequence(canRewind: false, make) }
        #expect(error?.location.field == "mapping")
        let stated = try TensorSequence(canRewind: false, options: ClipOptions { $0.mapping = .unit }, make)
        #expect(try render(stated) == [64, 255, 64, 255, 64, 255])
        #expect(stated.frameCount == nil)
        let bytes = try noise([2, 3])
        #expect(try TensorSequence(canRewind: false) { $0 < 1 ? bytes : nil }.facts.mapping?.name == "integer")
    }

    @Test("A function that fails at frame 57 fails there, by name, and leaves nothing behind")
    func generator() throws {
        let picture = try noise([2, 2]).picture()
        func clip(_ failure: any Error) throws -> GeneratedFrames {
            try GeneratedFrames(width: 2, height: 2, format: .gray, frameRate: FrameRate(10)) { index in
                if index == 57 { throw failure }
                return index < 100 ? picture : nil
            }
        }
        for (failure, code) in [
            (Trouble() as any Error, MediaError.Code.sourceFailed),
            (MediaError(.valueOutOfRange, "x"), .valueOutOfRange),
        ] {
            let folder = try TemporaryFolder()
            let error = #expect(throws: MediaError.self) {
                try Clip(try clip(failure)).write(to: try MediaFolder(path: folder.path), key: "v", step: .step(0))
            }
            #expect(error?.code == code)
            #expect(error?.location.field == "frames[57]")
            #expect(folder.files().isEmpty)
        }
        let wider = try noise([2, 3]).picture()
        let unlike = try GeneratedFrames(width: 2, height: 2, format: .gray, frameRate: FrameRate(10), frameCount: 3) {
            $0 == 0 ? picture : $0 == 1 ? wider : nil
        }
        #expect(#expect(throws: MediaError.self) { try unlike.frame(1) }?.location.field == "frames[1]")
        #expect(#expect(throws: MediaError.self) { try unlike.frame(2) }?.location.field == "frames[2]")
        #expect(try unlike.frame(3) == nil)
    }

    @Test("A folder is a clip in the order of the numbers in its names")
    func folder() throws {
        let folder = try TemporaryFolder()
        for (name, level) in [
            ("f10.npy", 10), ("f2.npy", 2), ("f002.npy", 3), (".f0.npy", 9), ("g1.npy", 20), ("note.txt", 0),
        ] {
            try save(try Tensor([UInt8(level)], shape: [1, 1]), "in/" + name, in: folder)
        }
        let clip = try FrameFolder.frames(at: folder.path("in"), options: ClipOptions { $0.layout = .thw })
        #expect(clip.frameCount == 4)
        #expect(try render(clip) == [2, 3, 10, 20])

        for (index, tensor) in [try noise([4, 5, 3]), try noise([4, 5])].enumerated() {
            let sink = MemorySink()
            _ = try PNGEncoder().encode(
                try tensor.picture(PictureOptions { $0.layout = index == 0 ? .hwc : .hw }), to: sink)
            try folder.write(sink.bytes, to: "pictures/\(index + 9).png")
        }
        let pictures = try FrameFolder.frames(at: folder.path("pictures"))
        #expect(pictures.format == .rgb)
        #expect(try render(pictures).count == 120)
        #expect(try render(try #require(try pictures.frame(0))) == render(try noise([4, 5, 3]).picture()))

        try save(try noise([4, 5]), "pictures/1.npy", in: folder)
        try folder.makeFolder("empty")
        for name in ["pictures", "empty"] {
            #expect(throws: MediaError.self) { try FrameFolder.frames(at: folder.path(name)) }
        }
        try folder.write("no picture", to: "damaged/1.png")
        let error = #expect(throws: MediaError.self) { try FrameFolder.frames(at: folder.path("damaged")) }
        #expect(error?.location.file?.hasSuffix("1.png") == true)
    }

    @Test("Frames of an asynchronous sequence give the file that an array gives, with every encoder")
    func asynchronous() async throws {
        let clip = try TensorFrames(try noise([9, 3, 8, 8]), options: ClipOptions { $0.layout = .tchw })
        let pictures = try (0..<9).map { try #require(try clip.frame($0)) }
        let pool = WorkerPool(threadCount: 2)
        func compare(_ encoder: some FrameEncoder) async throws {
            let expected = MemorySink()
            _ = try encoder.encode(try ArrayFrames(pictures, frameRate: FrameRate(4)), to: expected)
            let (stream, continuation) = AsyncStream<any PixelSource>.makeStream()
            for picture in pictures { continuation.yield(picture) }
            continuation.finish()
            let sink = MemorySink()
            let report = try await encoder.encode(stream, frameRate: FrameRate(4), to: sink, on: pool)
            #expect(report.frameCount == 9)
            #expect(sink.bytes == expected.bytes)
            let again = MemorySink()
            _ = try await encoder.encode(clip, to: again, on: pool)
            #expect(again.bytes == expected.bytes)
        }
        try await compare(GIFEncoder())
        try await compare(APNGEncoder())
        try await compare(VideoEncoder(format: .webm))

        let failing = AsyncThrowingStream<any PixelSource, any Error> { continuation in
            continuation.yield(pictures[0])
            continuation.finish(throwing: Trouble())
        }
        let error = await #expect(throws: MediaError.self) {
            try await GIFEncoder().encode(failing, frameRate: FrameRate(4), to: MemorySink(), on: pool)
        }
        #expect(error?.code == .sourceFailed)
        #expect(error?.location.field == "frames[1]")
        let empty = AsyncStream<any PixelSource> { $0.finish() }
        let none = await #expect(throws: MediaError.self) {
            try await GIFEncoder().encode(empty, frameRate: FrameRate(4), to: MemorySink(), on: pool)
        }
        #expect(none?.code == .argumentInvalid)
    }
}
