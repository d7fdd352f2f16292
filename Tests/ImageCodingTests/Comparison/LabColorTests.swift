import Foundation
import ImageCoding
import TestSupport
import Testing

@Suite("Colour difference")
struct LabColorTests {
    /// The test pairs of Sharma, Wu, Dalal, "The CIEDE2000 color-difference formula" (2005), table 1: hues on both sides of
    /// the discontinuities, grays, and pairs of each kind.
    private static let pairs: [[Double]] = [
        [50, 2.6772, -79.7751, 50, 0, -82.7485, 2.0425], [50, 3.1571, -77.2803, 50, 0, -82.7485, 2.8615],
        [50, 2.8361, -74.0200, 50, 0, -82.7485, 3.4412], [50, -1.3802, -84.2814, 50, 0, -82.7485, 1.0000],
        [50, -1.1848, -84.8006, 50, 0, -82.7485, 1.0000], [50, -0.9009, -85.5211, 50, 0, -82.7485, 1.0000],
        [50, 0, 0, 50, -1, 2, 2.3669], [50, -1, 2, 50, 0, 0, 2.3669],
        [50, 2.4900, -0.0010, 50, -2.4900, 0.0009, 7.1792], [50, 2.4900, -0.0010, 50, -2.4900, 0.0010, 7.1792],
        [50, 2.4900, -0.0010, 50, -2.4900, 0.0011, 7.2195], [50, 2.4900, -0.0010, 50, -2.4900, 0.0012, 7.2195],
        [50, -0.0010, 2.4900, 50, 0.0009, -2.4900, 4.8045], [50, -0.0010, 2.4900, 50, 0.0010, -2.4900, 4.8045],
        [50, -0.0010, 2.4900, 50, 0.0011, -2.4900, 4.7461], [50, 2.5000, 0, 50, 0, -2.5000, 4.3065],
        [50, 2.5, 0, 73, 25, -18, 27.1492], [50, 2.5, 0, 61, -5, 29, 22.8977], [50, 2.5, 0, 56, -27, -3, 31.9030],
        [50, 2.5, 0, 58, 24, 15, 19.4535], [50, 2.5, 0, 50, 3.1736, 0.5854, 1.0000],
        [50, 2.5, 0, 50, 3.2972, 0, 1.0000], [50, 2.5, 0, 50, 1.8634, 0.5757, 1.0000],
        [50, 2.5, 0, 50, 3.2592, 0.3350, 1.0000], [60.2574, -34.0099, 36.2677, 60.4626, -34.1751, 39.4387, 1.2644],
        [63.0109, -31.0961, -5.8663, 62.8187, -29.7946, -4.0864, 1.2630],
        [61.2901, 3.7196, -5.3901, 61.4292, 2.2480, -4.9620, 1.8731],
        [35.0831, -44.1164, 3.7933, 35.0232, -40.0716, 1.5901, 1.8645],
        [22.7233, 20.0904, -46.6940, 23.0331, 14.9730, -42.5619, 2.0373],
        [36.4612, 47.8580, 18.3852, 36.2715, 50.5065, 21.2231, 1.4146],
        [90.8027, -2.0831, 1.4410, 91.1528, -1.6435, 0.0447, 1.4441],
        [90.9257, -0.5406, -0.9208, 88.6381, -0.8985, -0.7239, 1.5381],
        [6.7747, -0.2908, -2.4247, 5.8714, -0.0985, -2.2286, 0.6377],
        [2.0776, 0.0795, -1.1350, 0.9033, -0.0636, -0.5514, 0.9082],
    ]

    @Test("CIEDE2000 gives the published differences, both ways round")
    func published() {
        for pair in Self.pairs {
            let one = LabColor(lightness: pair[0], a: pair[1], b: pair[2])
            let two = LabColor(lightness: pair[3], a: pair[4], b: pair[5])
            #expect(abs(one.difference(to: two) - pair[6]) < 0.00005 + 1e-9, "\(pair)")
            #expect(abs(two.difference(to: one) - pair[6]) < 0.00005 + 1e-9, "\(pair) reversed")
            #expect(one.difference(to: one) == 0)
        }
    }

    @Test("Colour differences of pictures are those of scikit-image", .python("numpy", "skimage"))
    func pictures() throws {
        var generator = SeededGenerator(seed: 6)
        for format in [PixelFormat.rgb, .gray, .rgb16, .rgba] {
            let one = ArrayPixels(random: 60, 50, format, using: &generator)
            var two = one
            // Near pairs and far ones.
            for i in two.samples.indices where generator.chance(0.6) {
                two.samples[i] = generator.chance(0.3) ? UInt16(generator.below(format.maximum)) : two.samples[i] ^ 3
            }
            let expected = try pythonPicture(
                """
                from skimage.color import rgb2lab, deltaE_ciede2000
                def lab(p, back):
                    p = p.astype(np.float64) / np.iinfo(p.dtype).max
                    if p.ndim == 2: p = np.stack([p] * 3, axis=-1)
                    if p.shape[2] == 4:
                        p = np.floor((p[:, :, :3] * p[:, :, 3:] + back * (1 - p[:, :, 3:])) * 255 + 0.5) / 255
                    return rgb2lab(p)
                d = [deltaE_ciede2000(lab(pictures[0], back), lab(pictures[1], back)) for back in (0, 1)]
                d = np.maximum(d[0], d[1])
                result = np.array([d.mean(), d.max()], dtype=np.float64)
                """, [one, two]
            ).withUnsafeBytes { Array($0.bindMemory(to: Double.self)) }
            let difference = try #require(try PictureComparison(one, two).colorDifference)
            // scikit-image has the primaries and white of other publications.
            #expect(abs(difference.mean - expected[0]) < 0.01, "\(format)")
            #expect(abs(difference.maximum - expected[1]) < 0.05, "\(format)")
        }
    }
}
