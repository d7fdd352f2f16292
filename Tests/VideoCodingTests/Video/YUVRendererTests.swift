import ImageCoding
import MediaCore
import TensorIO
import TestSupport
import Testing

@testable import VideoCoding

@Suite("Frames become the planes that video encoders take")
struct YUVRendererTests {
    struct Case: Sendable, CustomStringConvertible {
        var width: Int, height: Int, channels: Int, scale = 1
        var matrix = YUVMatrix.bt601, subsampling = YUVSubsampling.quarter
        var description: String {
            "\(width)x\(height)x\(channels)-\(scale)-\(matrix.rawValue)-\(subsampling.rawValue)"
        }
    }

    /// Odd and even sizes, pictures of several bands, every format, matrix and subsampling, enlarged and not.
    private static var cases: [Case] {
        var cases: [Case] = []
        for (width, height) in [(1, 1), (2, 2), (3, 2), (2, 3), (7, 5), (64, 33), (131, 6), (260, 201)] {
            for channels in [1, 3, 4] {
                for matrix in YUVMatrix.allCases {
                    for subsampling in YUVSubsampling.allCases {
                        for scale in width > 100 ? [1] : [1, 2, 3, 8] {
                            cases.append(
                                Case(
                                    width: width, height: height, channels: channels, scale: scale, matrix: matrix,
                                    subsampling: subsampling))
                        }
                    }
                }
            }
        }
        cases.append(Case(width: 5, height: 4001, channels: 4, scale: 3))
        cases.append(Case(width: 900, height: 61, channels: 3, scale: 3))
        return cases
    }

    /// The formulas of BT.601-7 and BT.709-6 in float64. Luma may be off by half a level and 0.02, chroma by half and 0.01.
    private static let script = """
        import numpy as np, os, sys
        folder = sys.argv[1]
        luma_errors, chroma_errors = [], []
        for name in sorted(os.listdir(folder)):
            if not name.endswith(".rgb"): continue
            size, scale, matrix, subsampling = name[:-4].split("-")
            width, height, channels = map(int, size.split("x"))
            scale = int(scale)
            a = np.fromfile(f"{folder}/{name}", np.uint8).reshape(height, width, channels).astype(float)
            a = a.repeat(scale, 0).repeat(scale, 1)
            step = 2 if subsampling == "quarter" else 1
            a = np.pad(a, ((0, a.shape[0] % step), (0, a.shape[1] % step), (0, 0)), "edge")
            red, blue = {"bt601": (0.299, 0.114), "bt709": (0.2126, 0.0722)}[matrix]
            r, g, b = (a[..., 0],) * 3 if channels == 1 else np.moveaxis(a[..., :3], 2, 0)
            y = red * r + (1 - red - blue) * g + blue * b
            u, v = (b - y) / (2 * (1 - blue)), (r - y) / (2 * (1 - red))
            u, v = (c.reshape(c.shape[0] // step, step, c.shape[1] // step, step).mean((1, 3)) for c in (u, v))
            truth = [16 + 219 / 255 * y, 128 + 224 / 255 * u, 128 + 224 / 255 * v]
            if channels == 4: truth.append(a[..., 3])
            for plane, exact in enumerate(truth):
                own = np.fromfile(f"{folder}/{name[:-4]}.{plane}", np.uint8)
                if own.size != exact.size: print(name, plane, own.size, "bytes, not", exact.size); continue
                error = own.reshape(exact.shape) - exact
                bound = [0.52, 0.51, 0.51, 0][plane]
                if np.abs(error).max() > bound: print(name, plane, "is off by", np.abs(error).max())
                if plane < 3 and channels > 1: (luma_errors if plane == 0 else chroma_errors).append(error.ravel())
        for errors in luma_errors, chroma_errors:
            mean = np.concatenate(errors).mean()
            if abs(mean) > 0.005: print("the mean error is", mean)
        print("done")
        """

    @Test("every plane is what float64 gives, to the nearest level; nothing else is written", .python("numpy"))
    func planes() throws {
        let folder = try TemporaryFolder()
        for (index, item) in Self.cases.enumerated() {
            var random = SeededGenerator(seed: UInt64(index))
            var samples = random.bytes(item.width * item.height * item.channels)
            // Many at the ends, where a sum could leave its byte.
            for i in samples.indices where random.chance(0.3) { samples[i] = random.chance(0.5) ? 0 : 255 }
            let frame = try Tensor(samples, shape: [item.height, item.width, item.channels]).picture(
                PictureOptions { $0.layout = .hwc })
            var tally = PixelTally()
            let planes = try yuv(
                frame, item.matrix, item.subsampling, scale: item.scale, hasAlpha: item.channels == 4, tally: &tally)
            #expect(planes.marginsAreIntact, "\(item)")
            try folder.write(samples, to: "\(item).rgb")
            for plane in planes.sizes.indices { try folder.write(planes.bytes(plane), to: "\(item).\(plane)") }
        }
        #expect(try PythonTools.run(Self.script, arguments: [folder.path]).text == "done\n")
    }

    /// Flat patches of 8×8 through ffmpeg's own conversion back.
    private static let decoding = """
        import numpy as np, subprocess, sys
        folder, name, matrix, form = sys.argv[1:]
        truth = np.fromfile(f"{folder}/{name}.rgb", np.uint8)
        run = subprocess.run(["ffmpeg", "-v", "error", "-f", "rawvideo", "-pix_fmt", form, "-s", "128x128", "-i",
            f"{folder}/{name}.yuv", "-vf", f"scale=in_color_matrix={matrix}:in_range=tv:out_range=pc:flags=accurate_rnd+full_chroma_int+neighbor",
            "-f", "rawvideo", "-pix_fmt", "rgb24", "-"], capture_output=True)
        if run.stderr: print(run.stderr.decode()[:300])
        error = np.abs(np.frombuffer(run.stdout, np.uint8).astype(int) - truth)
        print(error.max(), "of at most 3" if error.max() <= 3 and error.mean() < 1 else f"is too much, mean {error.mean()}")
        """

    @Test("ffmpeg sees the colours of flat patches again", .python("numpy"), arguments: YUVMatrix.allCases)
    func patches(matrix: YUVMatrix) throws {
        var random = SeededGenerator(seed: 5)
        let colors = (0..<256).map { index -> [UInt8] in
            index < 8 ? (0..<3).map { index >> $0 & 1 == 1 ? 255 : 0 } : random.bytes(3)
        }
        var samples: [UInt8] = []
        for place in 0..<128 * 128 { samples += colors[place / 1024 * 16 + place % 128 / 8] }
        let frame = try Tensor(samples, shape: [128, 128, 3]).picture()
        for (subsampling, form) in [(YUVSubsampling.quarter, "yuv420p"), (.none, "yuv444p")] {
            let folder = try TemporaryFolder()
            var tally = PixelTally()
            let planes = try yuv(frame, matrix, subsampling, tally: &tally)
            try folder.write(samples, to: "a.rgb")
            try folder.write((0..<3).flatMap(planes.bytes), to: "a.yuv")
            let text = try PythonTools.run(
                Self.decoding, arguments: [folder.path, "a", matrix.rawValue, form]
            ).text
            #expect(text.hasSuffix("of at most 3\n"), "\(text)")
        }
    }

    @Test("black, white and gray are 16, 235 and between, without colour; pure colours reach 240")
    func ends() throws {
        for matrix in YUVMatrix.allCases {
            for level in 0...255 {
                var tally = PixelTally()
                let gray = try yuv(
                    try Tensor([UInt8](repeating: UInt8(level), count: 12), shape: [2, 2, 3]).picture(), matrix,
                    tally: &tally)
                let alone = try yuv(
                    try Tensor([UInt8](repeating: UInt8(level), count: 4), shape: [2, 2]).picture(), matrix,
                    tally: &tally)
                #expect(gray.bytes(0)[0] == UInt8(16 + (Double(level) * 219 / 255).rounded()))
                #expect(gray.bytes(1) + gray.bytes(2) == [128, 128])
                for plane in 0..<3 { #expect(gray.bytes(plane) == alone.bytes(plane)) }
            }
            var tally = PixelTally()
            let blue = try yuv(
                try Tensor([0, 0, 255] as [UInt8], shape: [1, 1, 3]).picture(), matrix, .none, tally: &tally)
            let yellow = try yuv(
                try Tensor([255, 255, 0] as [UInt8], shape: [1, 1, 3]).picture(), matrix, .none, tally: &tally)
            #expect((blue.bytes(1), yellow.bytes(1)) == ([240], [16]))
        }
    }

    @Test("losses between numbers and samples are counted once, in pictures of several bands too")
    func losses() throws {
        let numbers = (0..<300 * 200 * 3).map { Float($0 % 7 == 0 ? 1.5 : 0.5) }
        let frame = try Tensor(numbers, shape: [200, 300, 3]).picture(PictureOptions { $0.mapping = .unit })
        var tally = PixelTally()
        _ = try yuv(frame, scale: 3, tally: &tally)
        #expect(tally.clippedHigh == numbers.count(where: { $0 > 1 }))
    }

    @Test("frames of another size or format, sizes that no codec takes and short strides are refused")
    func refusals() throws {
        let frame = try noise([4, 6, 3]).picture()
        let memory = BorrowedPlanes(width: 6, height: 4, step: 2, hasAlpha: true)
        func attempt(
            width: Int = 6, height: Int = 4, format: PixelFormat = .rgb, scale: Int = 1,
            _ change: (inout YUVPlanes) -> Void = { _ in }
        ) throws {
            var renderer = YUVRenderer(
                width: width, height: height, format: format, matrix: .bt601, subsampling: .quarter, scale: scale)
            var planes = try memory.planes
            change(&planes)
            var tally = PixelTally()
            try renderer.render(frame, into: planes, tally: &tally)
        }
        try attempt()
        let refused: [() throws -> Void] = [
            { try attempt(width: 5) }, { try attempt(height: 5) }, { try attempt(format: .gray) },
            { try attempt(format: .rgb16) }, { try attempt(width: 0) }, { try attempt(scale: 0) },
            { try attempt(width: .max, scale: .max) }, { try attempt(scale: 20_000) },
            { try attempt { $0.yStride = 5 } }, { try attempt { $0.chromaStride = -3 } },
            { try attempt { $0.alphaStride = 0 } },
        ]
        for (index, body) in refused.enumerated() {
            let error = #expect(throws: MediaError.self, "case \(index)") { try body() }
            #expect(error?.code == .argumentInvalid)
        }
    }
}
