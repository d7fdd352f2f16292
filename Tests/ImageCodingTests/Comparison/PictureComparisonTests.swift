import Foundation
import ImageCoding
import MediaCore
import TestSupport
import Testing

@Suite("Comparing pictures")
struct PictureComparisonTests {
    @Test(
        "Identical pictures: nothing differs, PSNR is infinite, SSIM 1", arguments: [PixelFormat.gray, .rgba, .rgb16])
    func identical(format: PixelFormat) throws {
        var generator = SeededGenerator(seed: 1)
        let picture = ArrayPixels(random: 40, 300, format, using: &generator)
        let comparison = try PictureComparison(picture, picture)
        #expect(comparison.isIdentical)
        #expect(comparison.peakSignalToNoise == Double.infinity)
        #expect(comparison.structuralSimilarity == 1.0)
        let color = try #require(comparison.colorDifference)
        #expect(color.mean == 0)
        #expect(color.maximum == 0)
        #expect(comparison.worst == nil)
        #expect(comparison.meanDifference == 0)
        #expect(comparison.brighteningFactor == 1)
    }

    @Test("One changed sample is found, with its place and both values")
    func onePixel() throws {
        var changed = ArrayPixels(width: 30, height: 200, format: .rgb, samples: Array(repeating: 100, count: 18000))
        let original = changed
        changed.samples[3 * (150 * 30 + 7) + 1] = 140
        let comparison = try PictureComparison(original, changed)
        #expect(comparison.differingPixels == 1)
        #expect(comparison.largestDifference == 40)
        let worst = try #require(comparison.worst)
        #expect(worst.x == 7 && worst.y == 150)
        #expect(worst.first == [100, 100, 100] && worst.second == [100, 140, 100])
        #expect(comparison.colorDifference?.worst == comparison.worst)
        #expect(comparison.meanDifference == 40.0 / 18000)
        #expect(comparison.meanSquaredError == 1600.0 / 18000)
        // 10·log₁₀(255²·18000 / 1600)
        #expect(abs(comparison.peakSignalToNoise - 58.6423) < 1e-4)
        #expect(comparison.brighteningFactor == 6)
    }

    @Test("PSNR, SSIM and differences are those of scikit-image", .python("numpy", "skimage"))
    func scikit() throws {
        var generator = SeededGenerator(seed: 2)
        let formats: [PixelFormat] = [.gray, .rgb, .rgba, .grayAlpha, .gray16, .rgb16, .rgba16]
        // Several bands, rows of several tiles, and one window alone.
        let sizes = formats.map { ($0, 83, 290) } + [(.rgb, 700, 23), (.gray, 11, 11), (.rgba, 12, 129)]
        for (format, width, height) in sizes {
            let one = try smooth(width, height, format, &generator)
            var two = one
            for i in two.samples.indices where generator.chance(0.7) {
                let noise = generator.below(format.maximum / 12) - format.maximum / 24
                two.samples[i] = UInt16(clamping: min(format.maximum, max(0, Int(one.samples[i]) + noise)))
            }
            let expected = try numbers(
                """
                from skimage.metrics import structural_similarity, peak_signal_noise_ratio
                a, b = pictures
                peak = np.iinfo(a.dtype).max
                d = np.abs(a.astype(np.int64) - b)
                ssim = structural_similarity(
                    a.astype(np.float64), b.astype(np.float64), gaussian_weights=True, sigma=1.5,
                    use_sample_covariance=False, data_range=peak, channel_axis=None if a.ndim == 2 else -1)
                flat = d.reshape(d.shape[0] * d.shape[1], -1)
                worst = int(np.argmax(flat.max(axis=1)))
                result = np.array([peak_signal_noise_ratio(a, b, data_range=peak), ssim, d.max(), d.mean(),
                    (flat.max(axis=1) > 0).sum(), worst % d.shape[1], worst // d.shape[1]], dtype=np.float64)
                """, [one, two])
            let comparison = try PictureComparison(one, two)
            #expect(abs(comparison.peakSignalToNoise - expected[0]) < 1e-9, "\(format)")
            #expect(abs((comparison.structuralSimilarity ?? 0) - expected[1]) < 1e-5, "\(format)")
            #expect(Double(comparison.largestDifference) == expected[2])
            #expect(abs(comparison.meanDifference - expected[3]) < 1e-9 * expected[3])
            #expect(Double(comparison.differingPixels) == expected[4])
            let worst = try #require(comparison.worst)
            #expect(worst.x == Int(expected[5]) && worst.y == Int(expected[6]))
        }
    }

    @Test("The bands and the threads do not matter")
    func threads() throws {
        var generator = SeededGenerator(seed: 3)
        let one = ArrayPixels(random: 50, 700, .rgb, using: &generator)
        let two = ArrayPixels(random: 50, 700, .rgb, using: &generator)
        let alone = try PictureComparison(one, two)
        let many = try PictureComparison(one, two, options: .init(pool: WorkerPool(threadCount: 4)))
        #expect(alone.structuralSimilarity == many.structuralSimilarity)
        #expect(alone.meanSquaredError == many.meanSquaredError)
        #expect(alone.colorDifference?.mean == many.colorDifference?.mean)
        #expect(alone.worst == many.worst)
    }

    @Test("Gray and colour, palettes, opacity and depths are brought together, and that is said")
    func conversions() throws {
        let gray = ArrayPixels(width: 2, height: 1, format: .gray, samples: [10, 200])
        let rgb = ArrayPixels(width: 2, height: 1, format: .rgb, samples: [10, 10, 10, 200, 200, 200])
        let deep = ArrayPixels(width: 2, height: 1, format: .gray16, samples: [2570, 51400])
        let opaque = ArrayPixels(width: 2, height: 1, format: .rgba, samples: [10, 10, 10, 255, 200, 200, 200, 255])
        let palette = Palette([Palette.Color(gray: 200), Palette.Color(gray: 10)])
        let indexed = ArrayPixels(width: 2, height: 1, format: .indexed, palette: palette, samples: [1, 0])
        for other in [rgb, deep, opaque, indexed] {
            for (one, two) in [(gray, other), (other, gray)] {
                let comparison = try PictureComparison(one, two)
                #expect(comparison.isIdentical, "\(other.format)")
                #expect(comparison.conversions.count == 1)
            }
        }
        #expect(try PictureComparison(gray, deep).conversions == ["the first from gray to gray16"])
        #expect(try PictureComparison(rgb, indexed).conversions.isEmpty)
        #expect(try PictureComparison(deep, opaque).format == .rgba16)
        #expect(try PictureComparison(gray, gray).conversions.isEmpty)
    }

    @Test("Any two formats can be compared, and both ways round give the same", arguments: 0..<60 as Range<UInt64>)
    func anything(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let palette = Palette([.black, .white, .clear, Palette.Color(red: 200, green: 10, blue: 30, alpha: 99)])
        let formats: [PixelFormat] = [
            .bilevel, .gray2, .gray, .gray16, .grayAlpha, .grayAlpha16, .rgb, .rgb16, .rgba, .rgba16, .indexed,
        ]
        let (width, height) = (1 + generator.below(30), 1 + generator.below(30))
        var pictures: [ArrayPixels] = []
        for _ in 0..<2 {
            let format = generator.pick(formats)
            pictures.append(
                ArrayPixels(
                    random: width, height, format, palette: format == .indexed ? palette : nil, using: &generator))
        }
        let there = try PictureComparison(pictures[0], pictures[1]),
            back = try PictureComparison(pictures[1], pictures[0])
        #expect(there.meanSquaredError == back.meanSquaredError)
        #expect(there.structuralSimilarity == back.structuralSimilarity)
        #expect((there.structuralSimilarity == nil) == (width < 11 || height < 11))
        let colors = try (#require(there.colorDifference), #require(back.colorDifference))
        #expect(abs(colors.0.mean - colors.1.mean) < 1e-9 && colors.0.maximum >= colors.0.mean)
        #expect(there.worst?.first == back.worst?.second)
        #expect(try PictureComparison(pictures[0], pictures[0]).isIdentical)
        let difference = try DifferenceSource(pictures[0], pictures[1], factor: there.brighteningFactor)
        try expectRowsInAnyOrder(difference, seed: seed)
    }

    @Test("Pictures of other sizes are refused; small ones have no SSIM")
    func sizes() throws {
        var generator = SeededGenerator(seed: 4)
        let small = ArrayPixels(random: 10, 11, .gray, using: &generator)
        let other = ArrayPixels(random: 11, 10, .gray, using: &generator)
        let error = #expect(throws: MediaError.self) { try PictureComparison(small, other) }
        #expect(error?.code == .argumentInvalid)
        #expect(error?.message == "the first picture has 10×11 pixels, the second 11×10")
        #expect(try PictureComparison(small, small).structuralSimilarity == nil)
        let least = ArrayPixels(random: 11, 11, .gray, using: &generator)
        #expect(try PictureComparison(least, least).structuralSimilarity == 1)
    }

    @Test("The difference picture: amplified, clipped at white, opacity as brightness", .python("numpy"))
    func difference() throws {
        var generator = SeededGenerator(seed: 5)
        for format in [PixelFormat.gray, .rgb, .rgba, .grayAlpha, .gray16, .rgba16] {
            let one = ArrayPixels(random: 37, 61, format, using: &generator)
            let two = ArrayPixels(random: 37, 61, format, using: &generator)
            for factor in [1, 3] {
                let source = try DifferenceSource(one, two, factor: factor)
                let expected = try pythonPicture(
                    """
                    a, b = (p.astype(np.float64) / np.iinfo(p.dtype).max for p in pictures)
                    d = np.abs(a - b).reshape(a.shape[0], a.shape[1], -1)
                    if d.shape[2] % 2 == 0: d = np.maximum(d[:, :, :-1], d[:, :, -1:])
                    result = np.minimum(255, np.floor(d * \(factor) * 255 + 0.5)).astype(np.uint8)
                    """, [one, two])
                let made = try render(source)
                #expect(made.count == expected.count)
                // Halves of float32 and float64 may round apart.
                #expect(zip(made, expected).allSatisfy { abs(Int($0) - Int($1)) <= (format.bits == 16 ? 1 : 0) })
                try expectRowsInAnyOrder(source)
            }
        }
        #expect(throws: MediaError.self) {
            let picture = ArrayPixels(width: 1, height: 1, format: .gray, samples: [0])
            return try DifferenceSource(picture, picture, factor: 0)
        }
    }

    /// A picture without much noise, whose windows have something in common.
    private func smooth(
        _ width: Int, _ height: Int, _ format: PixelFormat, _ generator: inout SeededGenerator
    ) throws -> ArrayPixels {
        let coarse = ArrayPixels(random: 9, 21, format, using: &generator)
        let fine = try ResizedSource(coarse, width: width, height: height, filter: .lanczos3, light: .asStored)
        return ArrayPixels(
            width: width, height: height, format: format, samples: try samples(fine).map(UInt16.init))
    }

    /// The numbers that a script leaves in `result`.
    private func numbers(_ script: String, _ pictures: [ArrayPixels]) throws -> [Double] {
        try pythonPicture(script, pictures).withUnsafeBytes { Array($0.bindMemory(to: Double.self)) }
    }
}
