import TestSupport
import Testing
import VideoCoding

@Suite("GIF files of random clips")
struct GIFPropertyTests {
    private static let ditherings: [GIFEncoder.Dithering] = [
        .automatic, .none, .automatic, .diffusion(strength: 0.6), .ordered(strength: 1),
    ]

    /// Writes `count` clips into a folder, in turn with each preset, way of dithering and number of threads.
    private func write(
        _ count: Int, seed: UInt64, colors: (inout SeededGenerator) -> Int?, into folder: TemporaryFolder
    ) throws -> Int {
        var generator = SeededGenerator(seed: seed)
        let pools = [nil, WorkerPool(threadCount: 2), WorkerPool(threadCount: 3)]
        var exact = 0
        for index in 0..<count {
            let clip = MadeClip.random(seed &* 10_000 &+ UInt64(index), colors: colors(&generator))
            let frames = try clip.frames(try FrameRate(generator.integer(1...50)))
            let encoder = GIFEncoder(
                preset: ClipPreset.allCases[index % 4], dithering: Self.ditherings[index % 5],
                pool: pools[generator.below(pools.count)])
            let sink = MemorySink()
            let report = try encoder.encode(frames, to: sink)
            #expect(report.frameCount == clip.frameCount)
            #expect(report.byteCount == sink.bytes.count)
            try folder.write(sink.bytes, to: "\(index).gif")
            if report.exactFrameCount == report.frameCount {
                exact += 1
                try folder.write(clip.rgb, to: "\(index).rgb")
            }
        }
        return exact
    }

    @Test("clips of up to 256 colours have every pixel in giflib, ffmpeg and Pillow", .python("numpy", "PIL"))
    func exactClips() throws {
        let folder = try TemporaryFolder()
        let exact = try write(
            400, seed: 1, colors: { [2, 3, 4, 16, 17, 255, 256][$0.below(7)] }, into: folder)
        #expect(exact == 400)
        #expect(try GIFDecoders.differences(in: folder) == [])
    }

    @Test("clips of any colours decode alike in giflib, ffmpeg and Pillow", .python("numpy", "PIL"))
    func reducedClips() throws {
        let folder = try TemporaryFolder()
        let exact = try write(120, seed: 2, colors: { $0.below(3) == 0 ? $0.integer(257...400) : nil }, into: folder)
        #expect(exact < 120)
        #expect(try GIFDecoders.differences(in: folder) == [])
    }

    @Test("any number of threads gives the same bytes", arguments: ClipPreset.allCases)
    func threads(_ preset: ClipPreset) throws {
        for seed in 0..<6 as Range<UInt64> {
            let frames = try MadeClip.random(700 + seed, colors: seed % 2 == 0 ? nil : 300).frames(try FrameRate(25))
            let bytes = try [1, 2, 5].map { threads in
                let sink = MemorySink()
                _ = try GIFEncoder(preset: preset, pool: threads == 1 ? nil : WorkerPool(threadCount: threads))
                    .encode(frames, to: sink)
                return sink.bytes
            }
            #expect(bytes[0] == bytes[1] && bytes[1] == bytes[2])
        }
    }

    /// The dictionary of the compression fills up many times; a key of all ones must not be taken for a free place.
    @Test("a full dictionary loses no pixel", .python("numpy", "PIL"))
    func fullDictionary() throws {
        let folder = try TemporaryFolder()
        var generator = SeededGenerator(seed: 77)
        for (index, high) in [255, 255, 254, 3].enumerated() {
            // Runs of the highest index and noise, so that every pair of code and index comes up.
            var bytes: [UInt8] = []
            while bytes.count < 600 * 500 {
                let value = generator.below(3) == 0 ? UInt8(high) : UInt8(generator.below(high + 1))
                bytes += Array(repeating: value, count: generator.below(8) == 0 ? generator.integer(1...700) : 1)
            }
            let clip = MadeClip(width: 600, height: 500, channels: 1, bytes: Array(bytes.prefix(600 * 500)))
            let sink = MemorySink()
            let report = try GIFEncoder().encode(try clip.frames(try FrameRate(1)), to: sink)
            #expect(report.exactFrameCount == 1)
            try folder.write(sink.bytes, to: "\(index).gif")
            try folder.write(clip.rgb, to: "\(index).rgb")
        }
        #expect(try GIFDecoders.differences(in: folder) == [])
    }

    /// The first frame to be reduced changes a few pixels of a large picture, all of which counting in columns may pass by.
    @Test("few changes of many colours in a large exact clip get their colours", .python("numpy", "PIL"))
    func sparseChanges() throws {
        let (width, height) = (1500, 1400)
        var frame = [UInt8](repeating: 9, count: width * height * 3)
        var bytes = frame
        // 300 colours, on a line that no column of the count meets more than once.
        for step in 0..<300 {
            let place = (step * (height - 1) / 299 * width + (step * 7) % width) * 3
            frame[place] = UInt8(step % 256)
            frame[place + 1] = UInt8(step / 2)
            frame[place + 2] = 200
        }
        bytes += frame
        let clip = MadeClip(width: width, height: height, channels: 3, bytes: bytes)
        let sink = MemorySink()
        let report = try GIFEncoder().encode(try clip.frames(try FrameRate(5)), to: sink)
        #expect(report.exactFrameCount == 1)
        let decoder = try GIFDecoder(FileContents(bytes: sink.bytes, name: "a.gif"))
        let shown = try render(try #require(try decoder.frame(1)))
        var worst = 0
        for pixel in 0..<width * height {
            for channel in 0..<3 {
                worst = max(worst, abs(Int(shown[pixel * 4 + channel]) - Int(frame[pixel * 3 + channel])))
            }
        }
        #expect(worst <= 8, "a sample is \(worst) levels off")
    }

    @Test("clear pixels stay clear and the others are exact", .python("numpy", "PIL"))
    func clearPixels() throws {
        let folder = try TemporaryFolder()
        var generator = SeededGenerator(seed: 5)
        for index in 0..<20 {
            let width = generator.integer(1...40), height = generator.integer(1...30)
            let bytes = (0..<width * height * 4 * 5).map { place -> UInt8 in
                place % 4 == 3 ? UInt8(generator.below(256)) : UInt8(generator.below(3) * 100)
            }
            let frames = try MadeClip(width: width, height: height, channels: 4, bytes: bytes).frames(try FrameRate(10))
            let sink = MemorySink()
            _ = try GIFEncoder(opacity: .threshold(128)).encode(frames, to: sink)
            try folder.write(sink.bytes, to: "\(index).gif")
            // What is clear has no colour: giflib's screen is 0 there, and so is the truth.
            var truth: [UInt8] = []
            for place in stride(from: 0, to: bytes.count, by: 4) {
                truth += bytes[place + 3] >= 128 ? Array(bytes[place..<place + 3]) : [0, 0, 0]
            }
            try folder.write(truth, to: "\(index).rgb")
        }
        #expect(try GIFDecoders.differences(in: folder) == [])
    }
}
