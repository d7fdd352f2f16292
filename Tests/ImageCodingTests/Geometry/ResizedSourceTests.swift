import ImageCoding
import MediaCore
import TestSupport
import Testing

@Suite("Resizing")
struct ResizedSourceTests {
    @Test("A constant picture stays as it is, in every filter, light and depth", arguments: ResizeFilter.allCases)
    func constant(filter: ResizeFilter) throws {
        for format in [PixelFormat.gray, .gray16, .rgb, .rgba16] {
            for value in [0, 1, 77, format.maximum] {
                var pixel = [UInt16](repeating: UInt16(value), count: format.channels)
                if format.hasAlpha { pixel[format.channels - 1] = UInt16(format.maximum) }
                let source = ArrayPixels(
                    width: 13, height: 9, format: format, samples: (0..<13 * 9).flatMap { _ in pixel })
                for light in [ResizedSource.Light.linear, .asStored] {
                    for (width, height) in [(5, 4), (40, 31), (1, 1)] {
                        let resized = try ResizedSource(
                            source, width: width, height: height, filter: filter, light: light)
                        let expected = (0..<width * height).flatMap { _ in pixel.map(Int.init) }
                        #expect(try samples(resized) == expected, "\(format) \(value) \(light)")
                    }
                }
            }
        }
    }

    @Test("Black and white mix to the sample of half the light, or to half the sample")
    func halfLight() throws {
        let source = ArrayPixels(width: 2, height: 1, format: .gray, samples: [0, 255])
        let linear = try ResizedSource(source, width: 1, height: 1, filter: .box)
        #expect(try samples(linear) == [188])  // 255 · (1.055 · 0.5^(1/2.4) − 0.055) = 187.5…
        let stored = try ResizedSource(source, width: 1, height: 1, filter: .box, light: .asStored)
        #expect(try samples(stored) == [128])
    }

    @Test("What cannot be seen does not colour what can")
    func premultiplied() throws {
        let source = ArrayPixels(width: 2, height: 1, format: .rgba, samples: [250, 10, 20, 255, 0, 255, 0, 0])
        let resized = try ResizedSource(source, width: 1, height: 1, filter: .box)
        #expect(try samples(resized) == [250, 10, 20, 128])
    }

    @Test("Labels keep their values, and the palette its place")
    func labels() throws {
        let palette = Palette([.black, .white, .clear])
        let source = ArrayPixels(width: 3, height: 2, format: .indexed, palette: palette, samples: [0, 1, 2, 2, 1, 0])
        let large = try ResizedSource(source, width: 6, height: 4, filter: .nearest)
        #expect(try samples(large) == [0, 0, 1, 1, 2, 2, 0, 0, 1, 1, 2, 2, 2, 2, 1, 1, 0, 0, 2, 2, 1, 1, 0, 0])
        #expect(large.palette == palette)
        #expect(try samples(ResizedSource(large, width: 3, height: 2, filter: .nearest)) == [0, 1, 2, 2, 1, 0])
        #expect(try ResizedSource(source, width: 2, height: 2, filter: .lanczos3).format == .rgba)
    }

    @Test("Fitting keeps proportions and never enlarges unless told to")
    func fitting() throws {
        func fitted(_ width: Int, _ height: Int, _ side: Int, _ enlarging: Bool = false) throws -> [Int] {
            let size = try ResizedSource.fittedSize(width: width, height: height, maxSide: side, enlarging: enlarging)
            return [size.width, size.height]
        }
        #expect(try fitted(1920, 1080, 512) == [512, 288])
        #expect(try fitted(1080, 1920, 512) == [288, 512])
        #expect(try fitted(100, 50, 512) == [100, 50])
        #expect(try fitted(100, 50, 512, true) == [512, 256])
        #expect(try fitted(1_000_000, 1, 10) == [10, 1])
        #expect(try fitted(Int.max / 2, 3, 7) == [7, 1])
        for bad in [0, -1, Int.max] { #expect(throws: MediaError.self) { try fitted(5, 5, bad) } }
        let source = ArrayPixels(width: 2, height: 1, format: .gray, samples: [0, 255])
        #expect(try ResizedSource.fit(source, maxSide: 2) is ArrayPixels)
        #expect(try ResizedSource.fit(source, maxSide: 1).width == 1)
        for (width, height) in [(0, 1), (1, 0), (1, Int.max)] {
            #expect(throws: MediaError.self) { try ResizedSource(source, width: width, height: height) }
        }
    }

    @Test("Rows come out the same in any bands", arguments: 0..<24)
    func order(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let format = generator.pick([PixelFormat.gray, .gray16, .grayAlpha, .rgb, .rgba, .rgb16, .bilevel])
        let source = ArrayPixels(random: 1 + generator.below(60), 1 + generator.below(60), format, using: &generator)
        let resized = try ResizedSource(
            source, width: 1 + generator.below(90), height: 1 + generator.below(90),
            filter: generator.pick(ResizeFilter.allCases), light: generator.chance(0.5) ? .linear : .asStored)
        try expectRowsInAnyOrder(resized, seed: seed)
    }

    @Test("What rows lose is counted once, in whatever bands they are asked for", arguments: ResizeFilter.allCases)
    func tallies(filter: ResizeFilter) throws {
        var source = ArrayPixels(width: 3, height: 40, format: .gray, samples: [UInt16](repeating: 9, count: 120))
        source.losesOnePerRow = true
        for height in [7, 40, 133] {
            let resized = try ResizedSource(source, width: 3, height: height, filter: filter)
            var tally = PixelTally()
            for row in 0..<height { _ = try render(resized, rows: row..<row + 1, tally: &tally) }
            #expect(tally.clippedLow == (filter == .nearest ? min(height, 40) : 40), "to \(height) rows")
        }
    }

    static let cases: [(Int, Int, Int, Int)] = [
        (64, 48, 20, 15), (64, 48, 100, 77), (31, 57, 31, 9), (7, 5, 64, 64), (90, 70, 1, 1),
    ]

    /// Random pictures of every case in every format.
    private func pictures(_ formats: [PixelFormat], odd: Bool = false, seed: UInt64) -> [ArrayPixels] {
        var generator = SeededGenerator(seed: seed)
        return Self.cases.flatMap { width, height, _, _ in
            formats.map {
                ArrayPixels(random: odd ? width | 1 : width, odd ? height | 1 : height, $0, using: &generator)
            }
        }
    }

    /// The largest difference between our resized pictures and theirs, which follow each other.
    private func worst(
        _ pictures: [ArrayPixels], _ theirs: [UInt8], filter: ResizeFilter, light: ResizedSource.Light
    ) throws -> [PixelFormat: Int] {
        var worst: [PixelFormat: Int] = [:]
        var offset = 0
        for (i, picture) in pictures.enumerated() {
            let (_, _, width, height) = Self.cases[i * Self.cases.count / pictures.count]
            let ours = try render(ResizedSource(picture, width: width, height: height, filter: filter, light: light))
            let part = Array(theirs.dropFirst(offset).prefix(ours.count))
            offset += ours.count
            let difference =
                picture.format.bytesPerSample == 1
                ? largestDifference(ours, part) : largestDifference(words(ours), words(part))
            worst[picture.format] = max(worst[picture.format, default: 0], difference)
        }
        #expect(offset == theirs.count)
        return worst
    }

    /// `width height` of each new picture.
    private func sizes(of count: Int) -> [String] {
        (0..<count).flatMap { i in
            let (_, _, width, height) = Self.cases[i * Self.cases.count / count]
            return ["\(width)", "\(height)"]
        }
    }

    @Test(
        "Without linear light the pixels are Pillow's, within 1", .python("numpy", "PIL"),
        arguments: ResizeFilter.allCases)
    func pillow(filter: ResizeFilter) throws {
        // With odd sizes no new pixel's middle lies between two old ones, where Pillow's sums of steps decide.
        let pictures = pictures([.gray, .rgb], odd: filter == .nearest, seed: 11)
        let theirs = try pythonPicture(
            """
            name, sizes = sys.argv[1], list(map(int, sys.argv[2:]))
            result = [np.array(Image.fromarray(a).resize((sizes[2 * i], sizes[2 * i + 1]), Image.Resampling[name]))
                      for i, a in enumerate(pictures)]
            """, pictures,
            arguments: [filter == .lanczos3 ? "LANCZOS" : filter.rawValue.uppercased()] + sizes(of: pictures.count))
        let worst = try worst(pictures, theirs, filter: filter, light: .asStored)
        #expect(worst.values.allSatisfy { $0 <= (filter == .nearest ? 0 : 1) }, "\(worst)")
    }

    @Test("In linear light the pixels are those of the formulas in float64, within 1", .python("numpy", "PIL"))
    func linearLight() throws {
        let pictures = pictures([.gray, .gray16, .rgba, .rgba16], seed: 12)
        let theirs = try pythonPicture(Self.reference, pictures, arguments: sizes(of: pictures.count))
        let worst = try worst(pictures, theirs, filter: .lanczos3, light: .linear)
        // Colours of 16 bits are divided by their opacity, which enlarges the rounding of float32.
        for (format, difference) in worst { #expect(difference <= (format == .rgba16 ? 2 : 1), "\(format)") }
    }

    /// Dense matrices from the definition of the filter; colours count by their opacity.
    private static let reference = """
        def matrix(n, m):
            scale = n / m
            stretch = max(1.0, scale)
            out = np.zeros((m, n))
            for i in range(m):
                t = (np.arange(n) + 0.5 - (i + 0.5) * scale) / stretch
                w = np.where(np.abs(t) < 3, np.sinc(t) * np.sinc(t / 3), 0)
                out[i] = w / w.sum()
            return out

        def resized(a, w, h):
            full = 255.0 if a.dtype == np.uint8 else 65535.0
            x = a.astype(np.float64) / full
            if x.ndim == 2: x = x[:, :, None]
            has_alpha = x.shape[2] in (2, 4)
            decode = lambda s: np.where(s <= 0.04045, s / 12.92, ((s + 0.055) / 1.055) ** 2.4)
            encode = lambda l: np.where(l <= 0.0031308, 12.92 * l, 1.055 * np.maximum(l, 1e-9) ** (1 / 2.4) - 0.055)
            alpha = x[:, :, -1:] if has_alpha else np.ones(x.shape[:2] + (1,))
            colors = decode(x[:, :, :-1] if has_alpha else x) * alpha
            stack = np.concatenate([colors, alpha], axis=2)
            stack = np.clip(np.einsum("ij,hjc->hic", matrix(stack.shape[1], w), stack), 0, 1)
            stack = np.clip(np.einsum("ij,jwc->iwc", matrix(stack.shape[0], h), stack), 0, 1)
            alpha = stack[:, :, -1:]
            colors = encode(np.clip(np.where(alpha > 0, stack[:, :, :-1] / np.maximum(alpha, 1e-12), 0), 0, 1))
            if has_alpha: colors = np.concatenate([colors, alpha], axis=2)
            return np.rint(colors * full).astype(a.dtype)

        sizes = list(map(int, sys.argv[1:]))
        result = [resized(a, sizes[2 * i], sizes[2 * i + 1]) for i, a in enumerate(pictures)]
        """
}

func words(_ bytes: [UInt8]) -> [UInt16] { bytes.withUnsafeBytes { Array($0.bindMemory(to: UInt16.self)) } }

func largestDifference<Sample: FixedWidthInteger>(_ left: [Sample], _ right: [Sample]) -> Int {
    guard left.count == right.count else { return .max }
    return zip(left, right).reduce(0) { max($0, abs(Int($1.0) - Int($1.1))) }
}
