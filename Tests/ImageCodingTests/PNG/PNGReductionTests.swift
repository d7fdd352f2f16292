import ImageCoding
import MediaCore
import TestSupport
import Testing

@Suite("PNG encoder: the same picture in a smaller format")
struct PNGReductionTests {
    /// What a picture shows: red, green, blue, opacity of 16 bits each.
    private static func colors(_ source: any PixelSource) throws -> [[Int]] {
        let all = try samples(source)
        let scale = 65535 / source.format.maximum
        return stride(from: 0, to: all.count, by: source.format.channels).map { i in
            let s = (0..<source.format.channels).map { all[i + $0] * scale }
            switch source.format.model {
            case .gray: return [s[0], s[0], s[0], 65535]
            case .grayAlpha: return [s[0], s[0], s[0], s[1]]
            case .rgb: return [s[0], s[1], s[2], 65535]
            case .rgba: return s
            case .indexed:
                let c = source.palette?.colors[all[i]] ?? .init(red: 0, green: 0, blue: 0)
                return [c.red, c.green, c.blue, c.alpha].map { Int($0) * 257 }
            }
        }
    }

    private static func picture(_ format: PixelFormat, _ pixel: (Int) -> [UInt16]) -> ArrayPixels {
        ArrayPixels(width: 90, height: 70, format: format, samples: (0..<90 * 70).flatMap(pixel))
    }

    /// A number without pattern.
    private static func hash(_ i: Int) -> Int { (i &* 2_654_435_761) >> 7 & 0xFFFF }

    @Test("each format becomes the smallest that shows the same, and no other")
    func formats() throws {
        typealias Case = (source: ArrayPixels, expected: PixelFormat)
        let hash = Self.hash
        func wide(_ value: Int) -> UInt16 { UInt16(value & 255) * 257 }
        let cases: [Case] = [
            (Self.picture(.rgba) { [UInt16(hash($0) & 255), 3, UInt16(hash($0) >> 8), 255] }, .rgb),
            (Self.picture(.rgb) { i in [UInt16](repeating: UInt16(hash(i) & 255), count: 3) }, .gray),
            (Self.picture(.gray) { [UInt16(hash($0) & 1) * 255] }, .bilevel),
            (Self.picture(.gray) { [UInt16(hash($0) & 3) * 85] }, .gray2),
            (Self.picture(.gray) { [UInt16(hash($0) & 15) * 17] }, .gray4),
            (Self.picture(.gray) { [UInt16(hash($0) & 255)] }, .gray),
            (Self.picture(.grayAlpha) { [UInt16(hash($0) & 255), 255] }, .gray),
            (Self.picture(.grayAlpha) { [UInt16(hash($0) & 255), UInt16(hash($0) >> 8)] }, .grayAlpha),
            (Self.picture(.rgb16) { [wide(hash($0)), wide(hash($0) >> 4), wide(hash($0) >> 8)] }, .rgb),
            (Self.picture(.gray16) { [UInt16(hash($0))] }, .gray16),
            (Self.picture(.rgba16) { [UInt16(hash($0)), UInt16(hash($0)), UInt16(hash($0)), .max] }, .gray16),
            (Self.picture(.rgba16) { [UInt16(hash($0)), 7, UInt16(hash($0)), .max] }, .rgb16),
        ]
        for (source, expected) in cases {
            let (bytes, report) = try PNGVariant(preset: .smallest).encode(source, reduction: .automatic)
            let image = try PNGDecoder().decode(bytes)
            #expect(report.format == expected && image.format == expected, "\(source.format) became \(report.format)")
            #expect(try Self.colors(image) == Self.colors(source), "\(source.format)")
        }
    }

    @Test("few colours become a palette of as many bits as they need", arguments: [2, 4, 5, 16, 17, 200, 256, 257])
    func palettes(count: Int) throws {
        for format in [PixelFormat.rgb, .rgba, .rgb16] {
            let source = Self.picture(format) { i in
                let k = Self.hash(i) % count
                let color = [k & 255, 255 - k & 255, 40 + k >> 8, k % 3 == 0 ? 128 : 255].prefix(format.channels)
                return color.map { UInt16($0) * (format.bits == 16 ? 257 : 1) }
            }
            let (bytes, report) = try PNGVariant(preset: .smallest).encode(source, reduction: .automatic)
            let image = try PNGDecoder().decode(bytes)
            let bits = count <= 2 ? 1 : count <= 4 ? 2 : count <= 16 ? 4 : 8
            let expected = count <= 256 ? PixelFormat(model: .indexed, bits: bits) : format.hasAlpha ? .rgba : .rgb
            #expect(report.format == expected, "\(format)")
            #expect(try Self.colors(image) == Self.colors(source), "\(format)")
        }
    }

    @Test("nothing is reduced unless it is asked for, and indices take as few bits as the palette needs all the same")
    func never() throws {
        let gray = Self.picture(.rgb) { _ in [9, 9, 9] }
        for preset in [EncodingPreset.fastest, .balanced] {
            #expect(try PNGVariant(preset: preset).encode(gray, reduction: .automatic).report.format == .rgb)
        }
        #expect(try PNGVariant(preset: .smallest).encode(gray).report.format == .rgb)
        var indices = Self.picture(.indexed) { [UInt16(Self.hash($0) % 3)] }
        indices.palette = Palette((0..<3).map { .init(red: $0, green: 0, blue: 0) })
        let (bytes, report) = try PNGVariant(preset: .fastest).encode(indices)
        #expect(report.format == PixelFormat(model: .indexed, bits: 2))
        #expect(try samples(PNGDecoder().decode(bytes)) == samples(indices))
    }
}
