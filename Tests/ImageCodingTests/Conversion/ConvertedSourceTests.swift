import ImageCoding
import MediaCore
import TestSupport
import Testing

@Suite("Conversion of pixel formats")
struct ConvertedSourceTests {
    /// One pixel of each of these colours.
    private let colors = ArrayPixels(
        width: 4, height: 1, format: .rgb, samples: [255, 0, 0, 0, 255, 0, 0, 0, 255, 200, 100, 50])

    @Test("Luma is ITU-R 601-2 with Pillow's rounding")
    func luma() throws {
        // Image.fromarray(a).convert("L") in Pillow 13
        #expect(try samples(ConvertedSource(colors, to: .gray)) == [76, 150, 29, 124])
    }

    @Test("Samples of 16 bits become the nearest of 8 and come back")
    func depths() throws {
        let all = ArrayPixels(width: 256, height: 256, format: .gray16, samples: (0..<65536).map { UInt16($0) })
        let narrow = try ConvertedSource(all, to: .gray)
        #expect(try samples(narrow) == (0..<65536).map { Int((Double($0) / 257).rounded()) })
        let bytes = ArrayPixels(width: 256, height: 1, format: .gray, samples: (0..<256).map { UInt16($0) })
        let wide = try ConvertedSource(bytes, to: .gray16)
        #expect(try samples(wide) == (0..<256).map { $0 * 257 })
        #expect(try samples(ConvertedSource(wide, to: .gray)) == Array(0..<256))
    }

    @Test("Mode I keeps the numbers of 8 bits; back to 8 bits it saturates")
    func unchangedNumbers() throws {
        let bytes = ArrayPixels(width: 3, height: 1, format: .gray, samples: [0, 7, 255])
        let mode = try PixelMode("I")
        let wide = try ConvertedSource(bytes, to: mode.format, rule: mode.rule)
        #expect(wide.format == .gray16)
        #expect(try samples(wide) == [0, 7, 255])
        let words = ArrayPixels(width: 3, height: 1, format: .gray16, samples: [0, 255, 256])
        #expect(try samples(ConvertedSource(words, to: .gray, rule: mode.rule)) == [0, 255, 255])
    }

    @Test("Luma of 8-bit colours for 16 bits keeps the fraction")
    func wideLuma() throws {
        let (r, g, b) = (200 * 257, 100 * 257, 50 * 257)
        let gray = try samples(ConvertedSource(colors, to: .gray16))
        #expect(gray[3] == (r * 19595 + g * 38470 + b * 7471 + 32768) >> 16)
    }

    @Test("Opacity is dropped, added in full, or composed over a colour")
    func opacity() throws {
        let half = ArrayPixels(width: 2, height: 1, format: .rgba, samples: [200, 100, 0, 128, 10, 20, 30, 0])
        #expect(try samples(ConvertedSource(half, to: .rgb)) == [200, 100, 0, 10, 20, 30])
        #expect(
            try samples(ConvertedSource(ConvertedSource(half, to: .rgb), to: .rgba)).suffix(4) == [10, 20, 30, 255])
        let over = ConversionRule(alpha: .compose(over: Palette.Color(red: 255, green: 0, blue: 10)))
        // (200·128 + 255·127)/255, (100·128)/255, (10·127)/255, each to nearest
        #expect(try samples(ConvertedSource(half, to: .rgb, rule: over)) == [227, 50, 5, 255, 0, 10])
        let wide = try ConvertedSource(half, to: .rgba16)
        #expect(try samples(ConvertedSource(wide, to: .rgb, rule: over)) == [227, 50, 5, 255, 0, 10])
        let gray = ArrayPixels(width: 2, height: 1, format: .grayAlpha, samples: [100, 0, 100, 255])
        #expect(try samples(ConvertedSource(gray, to: .rgb, rule: over)) == [255, 0, 10, 100, 100, 100])
        // 77 is the luma of the colour.
        #expect(try samples(ConvertedSource(gray, to: .gray16, rule: over)) == [77 * 257, 100 * 257])
    }

    @Test("Indices become the colours of their palette, and keep their opacity")
    func palettes() throws {
        let palette = try #require(
            Palette([
                .black, Palette.Color(red: 1, green: 2, blue: 3), Palette.Color(red: 9, green: 8, blue: 7, alpha: 6),
            ]))
        let picture = ArrayPixels(width: 3, height: 1, format: .indexed, palette: palette, samples: [2, 1, 0])
        #expect(try samples(ConvertedSource(picture, to: .rgba)) == [9, 8, 7, 6, 1, 2, 3, 255, 0, 0, 0, 255])
        #expect(try samples(ConvertedSource(picture, to: .rgb)) == [9, 8, 7, 1, 2, 3, 0, 0, 0])
        #expect(try samples(ConvertedSource(picture, to: .gray)) == [8, 2, 0])
        let narrow = try ConvertedSource(picture, to: try #require(PixelFormat(model: .indexed, bits: 2)))
        #expect(try samples(narrow) == [2, 1, 0])
        #expect(narrow.palette == palette)
    }

    @Test("Colours are not reduced to a palette unless a rule says to which")
    func refusal() throws {
        let error = #expect(throws: MediaError.self) { try ConvertedSource(colors, to: .indexed) }
        #expect(error?.code == .argumentInvalid)
        #expect(error?.hint != nil)
        let mode = try PixelMode("P")
        let reduced = try ConvertedSource(colors, to: mode.format, rule: mode.rule)
        // Red is the last of the first row of the cube, which begins after ten blacks.
        #expect(try samples(reduced).first == 15)
        #expect(reduced.palette?.colors.count == 226)
    }

    @Test("Gray of few bits is scaled both ways; a threshold makes black and white")
    func fewBits() throws {
        let gray2 = ArrayPixels(width: 4, height: 1, format: .gray2, samples: [0, 1, 2, 3])
        #expect(try samples(ConvertedSource(gray2, to: .gray)) == [0, 85, 170, 255])
        #expect(try samples(ConvertedSource(gray2, to: .rgb16)).prefix(6) == [0, 0, 0, 21845, 21845, 21845])
        let gray = ArrayPixels(width: 4, height: 1, format: .gray, samples: [0, 8, 9, 255])
        #expect(try samples(ConvertedSource(gray, to: .gray4)) == [0, 0, 1, 15])
        let threshold = ConversionRule(bilevel: .threshold(9))
        #expect(try samples(ConvertedSource(gray, to: .bilevel, rule: threshold)) == [0, 0, 1, 1])
    }

    @Test("Error diffusion gives Pillow's pixels")
    func dither() throws {
        let ramp = ArrayPixels(width: 8, height: 3, format: .gray, samples: (0..<24).map { UInt16($0 * 11) })
        // Image.fromarray(a).convert("1") in Pillow 13
        let expected = [0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1]
        #expect(try samples(ConvertedSource(ramp, to: .bilevel)) == expected)
    }

    @Test("Dithered rows come out in any order, from several threads, and count each loss once")
    func ditherOrder() async throws {
        var generator = SeededGenerator(seed: 5)
        var picture = ArrayPixels(random: 37, 50, .gray, using: &generator)
        picture.losesOnePerRow = true
        let whole = try render(ConvertedSource(picture, to: .bilevel))
        let shared = try ConvertedSource(picture, to: .bilevel)
        try await withThrowingTaskGroup(of: Int.self) { group in
            for row in (0..<50).reversed() {
                group.addTask {
                    var tally = PixelTally()
                    let bytes = try render(shared, rows: row..<row + 1, tally: &tally)
                    let expected = Array(whole[row * 37..<row * 37 + 37])
                    #expect(bytes == expected)
                    return tally.clippedLow
                }
            }
            let lost = try await group.reduce(0, +)
            #expect(lost == 50)
        }
    }

    @Test("Every conversion gives the same rows in any order", arguments: 0..<40)
    func order(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let formats: [PixelFormat] = [
            .bilevel, .gray2, .gray4, .gray, .gray16, .grayAlpha, .grayAlpha16, .rgb, .rgb16, .rgba, .rgba16, .indexed,
        ]
        let from = generator.pick(formats)
        let to = generator.pick(formats.filter { $0.model != .indexed })
        let palette = from.model == .indexed ? Palette([.black, .white, .clear]) : nil
        let source = ArrayPixels(
            random: 1 + generator.below(300), 1 + generator.below(40), from, palette: palette, using: &generator)
        try expectRowsInAnyOrder(ConvertedSource(source, to: to), seed: seed)
    }

    @Test("Conversions equal Pillow's to the pixel", .python("numpy", "PIL"))
    func pillow() throws {
        var generator = SeededGenerator(seed: 7)
        let names = ["1", "L", "LA", "RGB", "RGBA", "I", "P"]
        let pictures = [PixelFormat.gray, .grayAlpha, .rgb, .rgba].map {
            ArrayPixels(random: 61, 43, $0, using: &generator)
        }
        let theirs = try pythonPicture(
            """
            result = []
            for array in pictures:
                picture = Image.fromarray(array)
                for mode in sys.argv[1:]:
                    if mode == "P" and picture.mode == "RGBA": continue
                    start = picture.convert("L") if mode == "I" else picture
                    result.append(np.array(start.convert(mode)).astype(np.uint16 if mode == "I" else np.uint8))
            """, pictures, arguments: names)
        var offset = 0
        for picture in pictures {
            // What Pillow does with opacity and a palette is another algorithm.
            for name in names where name != "P" || picture.format != .rgba {
                let mode = try PixelMode(name)
                let ours = try render(ConvertedSource(picture, to: mode.format, rule: mode.rule))
                let part = Array(theirs.dropFirst(offset).prefix(ours.count))
                #expect(firstDifference(ours, part) == nil, "\(picture.format) to \(name)")
                offset += ours.count
            }
        }
        #expect(offset == theirs.count)
    }
}
