import Foundation
import ImageCoding
import MediaCore
import TensorIO
import TestSupport
import Testing

@Suite("Random tensors become the pictures that the rules promise")
struct PropertyTests {
    @Test(
        "2400 random combinations of type, shape, layout, view, mapping, mode, preset and threads: libpng reads what the rules say",
        arguments: 0..<12)
    func reference(part: Int) throws {
        var generator = SeededGenerator(seed: 300 + UInt64(part))
        let workshop = Workshop()
        for number in 0..<200 {
            let random = try PictureCase(isLarge: number == 0, using: &generator)
            let pictures = try random.tensor.tensor.pictures(random.options)
            let name = "part \(part), case \(number): \(random)"
            try #require(pictures.count == random.expected.count, "\(name)")
            for (picture, expected) in zip(pictures, random.expected) {
                let (file, report) = try workshop.encode(picture, random.preset, name)
                let image = try PNGDecoder().decode(file)
                let problem = difference(image, expected, random)
                #expect(problem == nil, "\(name)")
                #expect(report.tally == expected.tally, "\(name)")
            }
        }
    }

    @Test("Pillow and OpenCV read the same pixels from the same files", .python("numpy", "PIL", "cv2"))
    func otherReaders() throws {
        var generator = SeededGenerator(seed: 17)
        let folder = try TemporaryFolder()
        let workshop = Workshop()
        var lines: [String] = []
        for number in 0..<400 {
            let random = try PictureCase(isLarge: false, using: &generator)
            let pictures = try random.tensor.tensor.pictures(random.options)
            let picture = try #require(pictures.last), expected = try #require(random.expected.last)
            let file = try workshop.encode(picture, random.preset, "\(random)").bytes
            // What the file says, not what was asked for: the smallest preset may have found a smaller format.
            let format = try PNGDecoder().decode(file).format
            if format == .grayAlpha16 { continue }
            try folder.write(file, to: "\(number).png")
            let colors = ReferencePicture.colors(expected.samples, expected.format, random.palette)
            try folder.write(bytes(of: colors), to: "\(number).raw")
            let tool = format == .rgb16 || format == .rgba16 ? "cv2" : format == .gray16 ? "gray16" : "pillow"
            lines.append("\(number) \(tool) \(expected.width) \(expected.height)")
        }
        let script = """
            import sys
            import cv2
            import numpy as np
            from PIL import Image
            counts = {"pillow": 0, "gray16": 0, "cv2": 0}
            for line in sys.stdin.read().splitlines():
                number, tool, width, height = line.split()
                path = sys.argv[1] + "/" + number
                expected = np.fromfile(path + ".raw", np.uint16).reshape(int(height), int(width), 4)
                if tool == "cv2":
                    pixels = cv2.imread(path + ".png", cv2.IMREAD_UNCHANGED)
                    assert pixels.dtype == np.uint16, (number, pixels.dtype)
                    pixels = pixels[:, :, [2, 1, 0, 3][:pixels.shape[2]]]
                    same = np.array_equal(pixels, expected[:, :, :pixels.shape[2]])
                    if pixels.shape[2] == 3:
                        same = same and (expected[:, :, 3] == 65535).all()
                elif tool == "gray16":
                    pixels = np.array(Image.open(path + ".png"))
                    same = all(np.array_equal(pixels, expected[:, :, c]) for c in range(3))
                else:
                    pixels = np.array(Image.open(path + ".png").convert("RGBA")).astype(np.uint16) * 257
                    same = np.array_equal(pixels, expected)
                counts[tool] += 1
                if not same:
                    print("differs:", line)
            print(*counts.values())
            """
        let output = try PythonTools.run(
            script, arguments: [folder.path], input: Array(lines.joined(separator: "\n").utf8)
        ).lines
        #expect(output.dropLast().isEmpty, "\(output.dropLast())")
        let counts = try #require(output.last).split(separator: " ").compactMap { Int($0) }
        #expect(counts.reduce(0, +) == lines.count)
        #expect(counts.allSatisfy { $0 >= 20 }, "\(counts) files read by Pillow, by Pillow in 16 bits, by OpenCV")
    }

    @Test("numpy computes the same samples from the same numbers", .python("numpy"))
    func numpy() throws {
        var generator = SeededGenerator(seed: 23)
        let folder = try TemporaryFolder()
        var lines: [String] = []
        for number in 0..<300 {
            let random = try PictureCase(isLarge: false, using: &generator)
            guard random.isDirect else { continue }
            let pictures = try random.tensor.tensor.pictures(random.options)
            var drawn: [UInt8] = []
            var tally = PixelTally()
            for picture in pictures { drawn += try render(picture, tally: &tally) }
            try folder.write(random.tensor.tensor.packedBytes(), to: "\(number).in")
            try folder.write(drawn, to: "\(number).out")
            let shape = random.shape.map(String.init).joined(separator: ",")
            let bits = try #require(pictures.first).format.bits
            let mapping = random.options.mapping == .automatic ? "auto" : random.options.mapping.description
            lines.append(
                "\(number) \(random.type) \(shape) \(random.layout) \(mapping) \(bits) \(tally.clippedLow) "
                    + "\(tally.clippedHigh) \(tally.notFinite)")
        }
        #expect(lines.count > 150)
        let problems = try PythonTools.run(
            Self.numpyScript, arguments: [folder.path], input: Array(lines.joined(separator: "\n").utf8)
        ).lines
        #expect(problems.isEmpty, "\(problems.joined(separator: "\n"))")
    }

    /// The rules once more, by somebody else's arithmetic.
    private static let numpyScript = """
        import sys
        import numpy as np

        def ends(x, dtype, mapping):
            finite = x[np.isfinite(x)].astype(np.float64)
            lo, hi = (finite.min(), finite.max()) if finite.size else (0.0, 0.0)
            named = {"unit": (0, 1), "signed-unit": (-1, 1), "byte": (0, 255), "min-max": (lo, hi)}
            if mapping in named:
                return named[mapping]
            if mapping.startswith("percentile:"):
                points = [float(p) for p in mapping.split(":")[1:]]
                return tuple(np.percentile(finite, points)) if finite.size else (0, 0)
            if mapping != "auto":
                return tuple(float(p) for p in mapping.split(":"))
            if dtype == "bool":
                return 0, 1
            if dtype == "uint16":
                return 0, 65535
            if np.issubdtype(x.dtype, np.integer):
                return 0, 255
            def bound(x):
                if dtype == "bfloat16":
                    bits = np.array([x], np.float32).view(np.uint32) + np.uint32(0x8000)
                    return float((bits & np.uint32(0xFFFF0000)).view(np.float32)[0])
                return float(np.float32(x)) if dtype == "float32" else x
            if not finite.size or lo >= bound(-0.05) and hi <= bound(1.05):
                return 0, 1
            if lo >= bound(-1.05) and hi <= bound(1.05):
                return -1, 1
            if lo >= -13 and hi <= 268 and hi >= 8:
                return 0, 255
            return lo, hi

        for line in sys.stdin.read().splitlines():
            number, dtype, shape, layout, mapping, bits, *lost = line.split()
            shape = [int(n) for n in shape.split(",")]
            raw = np.fromfile(f"{sys.argv[1]}/{number}.in", np.uint16 if dtype == "bfloat16" else dtype)
            if dtype == "bfloat16":
                raw = (raw.astype(np.uint32) << 16).view(np.float32)
            x = raw.reshape(shape)
            if layout.endswith("chw"):
                x = np.moveaxis(x, -3, -1)
            lo, hi = ends(x, dtype, mapping)
            top = (1 << int(bits)) - 1
            finite = np.isfinite(x)
            wide = np.where(finite, x, 0).astype(np.float64)
            counts = [(finite & (wide < min(lo, hi))).sum(), (finite & (wide > max(lo, hi))).sum(), (~finite).sum()]
            if lo == hi:
                samples = np.zeros(x.shape)
            else:
                a = top / (hi - lo)
                b = -lo * a
                if dtype in ("float16", "bfloat16", "float32") and abs(b) <= 65536:
                    with np.errstate(all="ignore"):
                        y = (wide.astype(np.float32) * np.float32(a)) + np.float32(b)
                    assert y.dtype == np.float32
                else:
                    y = wide * a + b
                samples = np.where(finite, np.rint(np.clip(y, 0, top)), 0)
            expected = samples.astype(np.uint16 if bits == "16" else np.uint8).tobytes()
            drawn = open(f"{sys.argv[1]}/{number}.out", "rb").read()
            if drawn != expected or counts != [int(n) for n in lost]:
                print(line, "numpy:", counts, "equal" if drawn == expected else "other samples")
        """

    /// What is wrong with a decoded picture; `nil` when nothing is.
    private func difference(_ image: DecodedImage, _ expected: ReferencePicture, _ random: PictureCase) -> String? {
        guard (image.width, image.height) == (expected.width, expected.height) else {
            return "\(image.width)×\(image.height) instead of \(expected.width)×\(expected.height)"
        }
        let pixels = image.pixels
        let samples: [Int] =
            image.format.bits == 16
            ? pixels.withUnsafeBytes { raw in raw.bindMemory(to: UInt16.self).map(Int.init) } : pixels.map(Int.init)
        // The smallest preset may write another format, as long as it shows the same.
        if random.preset != .smallest {
            guard image.format == expected.format else { return "\(image.format) instead of \(expected.format)" }
            guard samples != expected.samples else { return nil }
            let place = zip(samples, expected.samples).enumerated().first { $1.0 != $1.1 }
            return "sample \(place?.offset ?? -1) is \(place?.element.0 ?? -1), not \(place?.element.1 ?? -1)"
        }
        let shown = ReferencePicture.colors(samples, image.format, image.palette)
        let wanted = ReferencePicture.colors(expected.samples, expected.format, random.palette)
        return shown == wanted ? nil : "the smallest preset shows other colours"
    }
}

/// Encoders that are kept from picture to picture, with and without threads.
private struct Workshop {
    private let encoders: [EncodingPreset: [PNGEncoder]]

    init() {
        let pools = [nil, WorkerPool(threadCount: 2), WorkerPool(threadCount: 4)]
        encoders = Dictionary(
            uniqueKeysWithValues: EncodingPreset.allCases.map { preset in
                (preset, pools.map { PNGEncoder(.init(preset: preset, pool: $0)) })
            })
    }

    /// The file, which must be the same on 1, 2 and 4 threads, and what its encoder said.
    func encode(
        _ picture: any PixelSource, _ preset: EncodingPreset, _ name: String
    ) throws -> (bytes: [UInt8], report: EncodingReport) {
        var first: (bytes: [UInt8], report: EncodingReport)?
        for encoder in encoders[preset, default: []] {
            let sink = MemorySink()
            let report = try encoder.encode(picture, to: sink)
            let file = sink.takeBytes()
            guard let first else {
                first = (file, report)
                continue
            }
            #expect(firstDifference(file, first.bytes) == nil, "\(name)")
            #expect(report == first.report, "\(name)")
        }
        return try #require(first)
    }
}
