import Foundation
import ImageCoding
import MediaCore
import TestSupport
import Testing

@Suite("Colour profiles")
struct DecodingProfileTests {
    static func long(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) } }
    static func short(_ value: Int) -> [UInt8] {
        [UInt8(truncatingIfNeeded: value >> 8), UInt8(truncatingIfNeeded: value)]
    }
    static func fixed(_ value: Double) -> [UInt8] { long(Int((value * 65536).rounded())) }
    static func xyz(_ values: [Double]) -> [UInt8] { Array("XYZ ".utf8) + long(0) + values.flatMap(fixed) }
    static func gamma(_ value: Double) -> [UInt8] {
        Array("curv".utf8) + long(0) + long(1) + short(Int((value * 256).rounded()))
    }
    static func para(_ type: Int, _ values: [Double]) -> [UInt8] {
        Array("para".utf8) + long(0) + short(type) + short(0) + values.flatMap(fixed)
    }
    static func table(_ count: Int, _ curve: (Double) -> Double) -> [UInt8] {
        let values = (0..<count).flatMap { short(Int((curve(Double($0) / Double(count - 1)) * 65535).rounded())) }
        return Array("curv".utf8) + long(0) + long(count) + values
    }

    /// Colorants under D50: Adobe RGB (1998), Display P3, sRGB.
    static let adobe = [[0.60974, 0.31111, 0.01947], [0.20528, 0.62567, 0.06087], [0.14919, 0.06322, 0.74457]]
    static let p3 = [[0.51512, 0.24120, -0.00105], [0.29198, 0.69225, 0.04189], [0.15710, 0.06657, 0.78407]]
    static let sRGB = [
        [0.436035, 0.222488, 0.013916], [0.385117, 0.716904, 0.097061], [0.143051, 0.060608, 0.713913],
    ]
    static let sRGBCurve = [2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045]

    static func rgb(_ colorants: [[Double]], _ curve: [UInt8]) -> [UInt8] {
        profile(
            space: "RGB ",
            tags: [
                ("wtpt", xyz([0.9642, 1, 0.8249])), ("rXYZ", xyz(colorants[0])), ("gXYZ", xyz(colorants[1])),
                ("bXYZ", xyz(colorants[2])), ("rTRC", curve), ("gTRC", curve), ("bTRC", curve),
            ])
    }

    private func image(_ source: any PixelSource, _ profile: [UInt8]) throws -> DecodedImage {
        let sink = CollectingSink()
        _ = try ReferencePNGEncoder().encode(source, to: sink)
        var image = try PNGDecoder().decode(sink.bytes)
        image.metadata.profile = profile
        return image
    }

    static let profiles: [(String, [UInt8])] = [
        ("Adobe RGB", rgb(adobe, gamma(2.19921875))), ("Display P3", rgb(p3, para(3, sRGBCurve))),
        ("a table", rgb(p3, table(1024) { pow($0, 1.8) })), ("linear", rgb(adobe, table(0) { $0 })),
        ("para 0", rgb(sRGB, para(0, [2]))), ("para 1", rgb(sRGB, para(1, [2, 0.9, 0.1]))),
        ("para 2", rgb(sRGB, para(2, [2, 0.8, 0.1, 0.05]))),
        ("para 4", rgb(sRGB, para(4, [2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045, 0, 0]))),
    ]

    @Test("RGB of 8 bits is within 1 of LittleCMS", .python("PIL"), arguments: profiles.map(\.0))
    func littleCMS(name: String) throws {
        let profile = try #require(Self.profiles.first { $0.0 == name }?.1)
        var generator = SeededGenerator(seed: 51)
        let source = SampleSource.random(.rgb, width: 64, height: 64, using: &generator)
        let script = """
            import sys, io
            from PIL import Image, ImageCms
            data = sys.stdin.buffer.read()
            n = int(sys.argv[1])
            i = Image.frombytes("RGB", (64, 64), data[n:])
            # NOOPTIMIZE | HIGHRESPRECALC: LittleCMS otherwise rounds the curves to 8 bits on the way.
            t = ImageCms.buildTransform(ImageCms.ImageCmsProfile(io.BytesIO(data[:n])), ImageCms.createProfile("sRGB"),
                "RGB", "RGB", ImageCms.Intent.RELATIVE_COLORIMETRIC, 0x0100 | 0x0400)
            sys.stdout.buffer.write(ImageCms.applyTransform(i, t).tobytes())
            """
        let theirs = try PythonTools.run(script, arguments: ["\(profile.count)"], input: profile + source.bytes).output
        let ours = try image(source, profile).convertedToSRGB()
        #expect(ours.metadata.profile == nil && ours.metadata.colorSpace == .sRGB)
        try #require(ours.pixels.count == theirs.count)
        let worst = zip(ours.pixels, theirs).map { abs(Int($0) - Int($1)) }.max() ?? 0
        #expect(worst <= 1)
    }

    @Test("sRGB stays what it is, in 8 and 16 bits, and opacity stays")
    func identity() throws {
        var generator = SeededGenerator(seed: 52)
        let profile = Self.rgb(Self.sRGB, Self.para(3, Self.sRGBCurve))
        for format in [PixelFormat.rgb, .rgba, .rgb16, .rgba16] {
            let source = SampleSource.random(format, width: 40, height: 30, using: &generator)
            let result = try image(source, profile).convertedToSRGB().pixels
            // The profile's curve has 16 fractional bits, which shows in 16-bit samples.
            var worst = 0
            for i in stride(from: 0, to: result.count, by: format.bytesPerSample) {
                func sample(_ bytes: [UInt8]) -> Int {
                    format.bits == 8
                        ? Int(bytes[i]) : Int(UInt16(littleEndian: UInt16(bytes[i]) | UInt16(bytes[i + 1]) << 8))
                }
                let distance = abs(sample(result) - sample(source.bytes))
                worst = max(worst, distance)
                if format.hasAlpha, i / format.bytesPerSample % 4 == 3 { #expect(distance == 0) }
            }
            #expect(worst <= (format.bits == 8 ? 0 : 4), "\(format)")
        }
    }

    @Test("gray curves and palettes are converted")
    func grayAndPalette() throws {
        let gray = SampleSource(width: 5, height: 1, format: .gray, bytes: [0, 10, 128, 200, 255])
        let linear = profile(space: "GRAY", tags: [("kTRC", Self.gamma(1))])
        // 255 · (1.055 · (v / 255)^(1 / 2.4) − 0.055), and 12.92 · v below 0.0031308.
        #expect(try image(gray, linear).convertedToSRGB().pixels == [0, 56, 188, 229, 255])
        let four = SampleSource(width: 2, height: 1, format: .gray4, bytes: [4, 15])
        #expect(try image(four, linear).convertedToSRGB().pixels == [8, 15])
        let sixteen = SampleSource(width: 1, height: 1, format: .gray16, bytes: bytes(of: [32768 as UInt16]))
        #expect(try image(sixteen, linear).convertedToSRGB().pixels == bytes(of: [48192 as UInt16]))

        let palette = try #require(Palette([.init(red: 128, green: 128, blue: 128, alpha: 7)]))
        let indexed = SampleSource(width: 1, height: 1, format: .indexed, palette: palette, bytes: [0])
        let color = try #require(
            try image(indexed, Self.rgb(Self.sRGB, Self.gamma(1))).convertedToSRGB().palette?.colors.first)
        #expect(color == .init(red: 188, green: 188, blue: 188, alpha: 7))
    }

    @Test("profiles that work by tables, for inks, for other pixels, or that are broken are refused with a hint")
    func refused() throws {
        let source = SampleSource.smooth(.rgb, width: 2, height: 2)
        let sound = Self.rgb(Self.p3, Self.gamma(2.2))
        var huge = sound
        huge.replaceSubrange(128..<132, with: [0xFF, 0xFF, 0xFF, 0xFF])
        var lab = sound
        lab.replaceSubrange(20..<24, with: Array("Luv ".utf8))
        let cases: [([UInt8], MediaError.Code)] = [
            (profile(space: "RGB ", tags: [("A2B0", Self.gamma(1))]), .unsupported),
            (profile(space: "CMYK"), .malformed), (profile(space: "GRAY"), .malformed), ([1, 2, 3], .malformed),
            (huge, .malformed), (lab, .malformed), (Self.rgb(Self.p3, Self.para(7, [1])), .malformed),
            (Self.rgb(Self.p3, Array("curv".utf8) + Self.long(0) + Self.long(99_999)), .malformed),
        ]
        for (profile, code) in cases {
            let picture = try image(source, profile)
            let error = mediaError { () throws(MediaError) in _ = try picture.convertedToSRGB() }
            #expect(error?.code == code && error?.hint != nil, "\(String(describing: error))")
        }
        #expect(try image(source, sound).convertedToSRGB().width == 2)
        var none = try image(source, sound)
        none.metadata.profile = nil
        #expect(try none.convertedToSRGB().pixels == source.bytes)
    }

    @Test("ten thousand damaged profiles are used or refused")
    func mutations() throws {
        var generator = SeededGenerator(seed: 53)
        let palette = try #require(Palette([.init(red: 1, green: 2, blue: 3)]))
        var picture = try image(
            SampleSource(width: 1, height: 1, format: .indexed, palette: palette, bytes: [0]), [])
        for _ in 0..<10_000 {
            picture.metadata.profile = mutated(generator.pick(Self.profiles).1, using: &generator)
            _ = try? picture.convertedToSRGB()
        }
    }
}
