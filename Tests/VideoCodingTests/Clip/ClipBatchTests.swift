import ImageCoding
import MediaCore
import TensorIO
import TestSupport
import Testing
import VideoCoding

@Suite("Batches of clips")
struct ClipBatchTests {
    @Test("Clips are tiled as the SDK does it, with black for those that are missing", .python("numpy"))
    func tiles() throws {
        let counts = [1, 2, 3, 4, 5, 7, 8, 9, 16, 17]
        let tensors = try counts.map { try noise([$0, 2, 3, 4, 5]) }
        let ours = try tensors.map { try render(try TensorFrames($0, options: ClipOptions { $0.layout = .ntchw })) }
        // The rule: pad to a power of two; rows from the bits of the count, columns from what is left.
        let truth = try numpy(
            """
            for v in arrays:
                b, t, c, h, w = v.shape
                padded = 1 << (b - 1).bit_length()
                v = np.concatenate([v, np.zeros((padded - b, t, c, h, w), v.dtype)])
                rows = 2 ** ((b.bit_length() - 1) // 2)
                v = v.reshape(rows, padded // rows, t, c, h, w).transpose(2, 0, 4, 1, 5, 3)
                results.append(v.reshape(t, rows * h, padded // rows * w, c))
            """, tensors)
        for (index, count) in counts.enumerated() {
            #expect(firstDifference(ours[index], truth[index]) == nil, "\(count) clips")
        }
        let clip = try TensorFrames(tensors[4], options: ClipOptions { $0.layout = .ntchw })
        #expect((clip.width, clip.height) == (20, 8))
        #expect(clip.facts.remarks == ["5 clips in 2 rows of 4"])
    }

    @Test("Frames of the recorded SDK come out of its recorded arrays", .python("numpy"), .shared)
    func recorded() throws {
        for name in ["batch-1--a", "batch-3--a", "batch-5--b", "batch-8--a"] {
            let folder = try #require(Fixtures.shared) + "/oracle/video--\(name)/"
            let tensor = try TensorFile.open(folder + "in_data.npy").tensor(at: 0)
            let expected = try TensorFile.open(folder + "expect_frames_thwc.npy").tensor(at: 0)
            let clip = try TensorFrames(tensor, options: ClipOptions { $0.compatibility = .wandb(.v0_31) })
            #expect([clip.frameCount ?? 0, clip.height, clip.width] == Array(expected.shape.prefix(3)), "\(name)")
            let truth = try numpy("results.append(arrays[0])", [expected])
            #expect(firstDifference(try render(clip), truth[0]) == nil, "\(name)")
        }
    }

    @Test("A grid has the columns, the padding and the colour that were asked for")
    func grid() throws {
        let tensor = try Tensor([10, 20, 30] as [UInt8], shape: [3, 1, 1, 1])
        let grid = ImageGrid.Options(columns: 2, padding: 1, border: 1, background: Palette.Color(gray: 99))
        let clip = try TensorFrames(
            tensor,
            options: ClipOptions {
                $0.layout = .nthw
                $0.arrangement = .grid(grid)
            })
        #expect(
            try render(clip) == [
                99, 99, 99, 99, 99, 99, 10, 99, 20, 99, 99, 99, 99, 99, 99, 99, 30, 99, 99, 99, 99, 99, 99, 99, 99,
            ])
        let error = #expect(throws: MediaError.self) {
            try TensorFrames(
                tensor,
                options: ClipOptions {
                    $0.layout = .nthw
                    $0.arrangement = .grid(grid, rows: 1)
                })
        }
        #expect(error?.location.field == "grid")
    }

    @Test("Missing clips are black among colours and opacity too")
    func blank() throws {
        let clip = try TensorFrames(
            try noise([3, 1, 2, 2]),
            options: ClipOptions {
                $0.layout = .nthw
                $0.colorMap = .viridis
                $0.mode = try? PixelMode("rgb")
            })
        let pixels = try render(clip)
        #expect(Array(pixels[18..<24]) == [0, 0, 0, 0, 0, 0])
        let clear = try TensorFrames(try noise([3, 1, 4, 1, 1]), options: ClipOptions { $0.layout = .ntchw })
        #expect(try render(clear).suffix(4) == [0, 0, 0, 255])
    }
}
