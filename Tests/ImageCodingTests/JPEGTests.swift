import Foundation
import ImageCoding
import MediaCore
import TestSupport
import Testing

@Suite("JPEG")
struct JPEGTests {
    private func encoded(_ source: any PixelSource, _ encoder: JPEGEncoder = JPEGEncoder()) throws -> [UInt8] {
        let sink = CollectingSink()
        let report = try encoder.encode(source, to: sink)
        #expect(report.byteCount == sink.bytes.count && report.width == source.width && report.height == source.height)
        return sink.bytes
    }

    private func psnr(_ left: [UInt8], _ right: [UInt8]) -> Double {
        guard left.count == right.count, !left.isEmpty else { return 0 }
        let sum = zip(left, right).reduce(0.0) { $0 + pow(Double($1.0) - Double($1.1), 2) }
        return sum == 0 ? .infinity : 10 * log10(255 * 255 * Double(left.count) / sum)
    }

    @Test(
        "every quality, sampling and scan order decodes close to the source, and gives the same bytes twice",
        arguments: JPEGEncoder.Subsampling.allCases, [false, true])
    func roundTrip(subsampling: JPEGEncoder.Subsampling, isProgressive: Bool) throws {
        // The bounds are 2 dB under what libjpeg-turbo 2.1.5 reaches on this picture, 4:2:0 being the worst.
        for (quality, bound) in [(30, 25.0), (75, 29.0), (95, 32.0)] {
            for (width, height) in [(1, 1), (7, 9), (16, 16), (101, 77)] {
                let source = SampleSource.smooth(.rgb, width: width, height: height)
                let encoder = JPEGEncoder(
                    quality: quality, subsampling: subsampling, isProgressive: isProgressive,
                    optimizesTables: quality == 75, restartRows: quality == 30 ? 1 : 0)
                let bytes = try encoded(source, encoder)
                #expect(try encoded(source, encoder) == bytes)
                let image = try JPEGDecoder().decode(bytes)
                #expect(image.width == width && image.height == height && image.format == .rgb)
                let distance = psnr(image.pixels, source.bytes)
                #expect(distance > bound, "quality \(quality), \(width)×\(height): \(distance) dB")
                let header = try ImageHeader.read(bytes)
                #expect(header.width == width && header.height == height && header.channels == 3)
            }
        }
    }

    @Test("gray stays gray, and packed gray and gray palettes become gray without loss before compression")
    func gray() throws {
        let source = SampleSource.smooth(.gray, width: 60, height: 40)
        let image = try JPEGDecoder().decode(try encoded(source))
        #expect(image.format == .gray && psnr(image.pixels, source.bytes) > 35)

        var generator = SeededGenerator(seed: 5)
        let packed = SampleSource.random(.gray4, width: 33, height: 20, using: &generator)
        let spread = SampleSource(width: 33, height: 20, format: .gray, bytes: packed.bytes.map { $0 * 17 })
        #expect(try encoded(packed) == encoded(spread))

        let indexed = SampleSource(
            width: 33, height: 20, format: .indexed,
            palette: Palette((0..<16).map { Palette.Color(red: $0 * 17, green: $0 * 17, blue: $0 * 17) }),
            bytes: packed.bytes)
        #expect(try encoded(indexed) == encoded(spread))
    }

    @Test("opacity is composed, dropped or refused; 16 bits are rounded or refused, and both are said")
    func narrowing() throws {
        var generator = SeededGenerator(seed: 6)
        let source = SampleSource.random(.rgba, width: 20, height: 10, using: &generator)
        var over: [UInt8] = [], dropped: [UInt8] = []
        for i in stride(from: 0, to: source.bytes.count, by: 4) {
            let alpha = Double(source.bytes[i + 3]) / 255
            for c in 0..<3 {
                dropped.append(source.bytes[i + c])
                over.append(UInt8((Double(source.bytes[i + c]) * alpha + 100 * (1 - alpha)).rounded()))
            }
        }
        let composed = SampleSource(width: 20, height: 10, format: .rgb, bytes: over)
        let opaque = SampleSource(width: 20, height: 10, format: .rgb, bytes: dropped)
        let gray = OpacityRule.over(red: 100, green: 100, blue: 100)
        #expect(try encoded(source, JPEGEncoder(opacity: gray)) == encoded(composed))
        #expect(try encoded(source, JPEGEncoder(opacity: .drop)) == encoded(opaque))
        #expect(JPEGEncoder().losses(of: source).count == 1 && JPEGEncoder().losses(of: opaque).isEmpty)
        let sink = CollectingSink()
        #expect(
            mediaError { () throws(MediaError) in
                _ = try JPEGEncoder(opacity: .refuse).encode(source, to: sink)
            }?.code == .valueOutOfRange)
        #expect(sink.bytes.isEmpty)

        let deep = SampleSource(
            width: 4, height: 1, format: .gray16, bytes: bytes(of: [0, 128, 129, 65535] as [UInt16]))
        let rounded = SampleSource(width: 4, height: 1, format: .gray, bytes: [0, 0, 1, 255])
        #expect(try encoded(deep) == encoded(rounded))
        #expect(JPEGEncoder().losses(of: deep).count == 1)
        #expect(
            mediaError { () throws(MediaError) in
                _ = try JPEGEncoder(refuses16Bits: true).encode(deep, to: sink)
            }?.code == .valueOutOfRange)
    }

    @Test("density, comment, profile and EXIF data come back, also over many markers")
    func metadata() throws {
        var metadata = ImageMetadata()
        metadata.density = .init(x: 11811, y: 5906, isPerMetre: true)
        metadata.texts = [.init(key: "Comment", value: "naïve café")]
        var generator = SeededGenerator(seed: 7)
        metadata.profile = profile(space: "RGB ") + generator.bytes(200_000)
        metadata.exif = exif(orientation: 1)
        let bytes = try encoded(
            SampleSource.smooth(.rgb, width: 9, height: 9), JPEGEncoder(metadata: metadata))
        let image = try JPEGDecoder().decode(bytes)
        #expect(image.metadata.texts == metadata.texts && image.metadata.exif == metadata.exif)
        #expect(image.metadata.profile == metadata.profile && image.metadata.colorSpace == .profile)
        // 300 and 150 dots per inch.
        let density = try #require(image.metadata.density)
        #expect(abs(density.x - 11811) < 1 && abs(density.y - 5906) < 1 && density.isPerMetre)
        let header = try ImageHeader.read(bytes)
        #expect(header.hasProfile && header.orientation == .up && header.findings.isEmpty)

        // A profile for other pixels is left out, and that is said.
        let encoder = JPEGEncoder(metadata: metadata)
        let gray = SampleSource.smooth(.gray, width: 9, height: 9)
        #expect(encoder.losses(of: gray).count == 1)
        #expect(try JPEGDecoder().decode(try encoded(gray, encoder)).metadata.profile == nil)
    }

    @Test("a picture that was turned does not tell the next reader to turn it again")
    func orientationOnce() throws {
        var metadata = ImageMetadata()
        metadata.exif = exif(orientation: 6)
        let source = SampleSource.smooth(.rgb, width: 12, height: 5)
        let turned = try JPEGDecoder().decode(try encoded(source, JPEGEncoder(metadata: metadata)))
        #expect(turned.width == 5 && turned.height == 12)
        #expect(turned.metadata.orientation == .right && turned.metadata.orientationWasApplied)
        let again = try JPEGDecoder().decode(
            try encoded(turned, JPEGEncoder(metadata: turned.metadata)))
        #expect(again.width == 5 && again.height == 12 && again.metadata.orientation == .up)
        #expect(psnr(again.pixels, turned.pixels) > 30)
    }

    @Test("options out of range, sides over 65500 and oversized markers are refused before anything is written")
    func badOptions() {
        let source = SampleSource.smooth(.gray, width: 2, height: 2)
        var long = ImageMetadata()
        long.texts = [.init(key: "Comment", value: String(repeating: "x", count: 70_000))]
        let cases: [(JPEGEncoder, any PixelSource)] = [
            (JPEGEncoder(quality: 0), source), (JPEGEncoder(quality: 101), source),
            (JPEGEncoder(restartRows: -1), source), (JPEGEncoder(metadata: long), source),
            (JPEGEncoder(), SampleSource(width: 65501, height: 1, format: .gray, bytes: [])),
        ]
        for (encoder, source) in cases {
            let sink = CollectingSink()
            let error = mediaError { () throws(MediaError) in _ = try encoder.encode(source, to: sink) }
            #expect(error?.code == .argumentInvalid && error?.hint != nil && sink.bytes.isEmpty)
        }
    }

    @Test("a file cut anywhere is an error, or, when asked, a picture with a finding")
    func truncated() throws {
        for isProgressive in [false, true] {
            let source = SampleSource.smooth(.rgb, width: 64, height: 64)
            let bytes = try encoded(source, JPEGEncoder(isProgressive: isProgressive))
            for count in stride(from: 0, to: bytes.count - 2, by: 13) {
                let part = Array(bytes[..<count])
                let error = mediaError { () throws(MediaError) in _ = try JPEGDecoder().decode(part) }
                // Without its two first bytes it is no JPEG at all.
                #expect(error?.code == .truncated || (count < 3 && error?.code == .malformed), "\(count) bytes")
            }
            let most = Array(bytes[..<(bytes.count * 9 / 10)])
            let image = try JPEGDecoder(acceptsTruncated: true).decode(most)
            #expect(image.width == 64 && !image.findings.isEmpty)
        }
    }

    @Test("inks become light, with Adobe's inverted values and without", .python("PIL"))
    func inks() throws {
        let script = """
            import sys, io
            from PIL import Image
            i = Image.new("CMYK", (16, 8), (0, 255, 255, 0))
            i.paste((255, 0, 0, 128), (8, 0, 16, 8))
            b = io.BytesIO(); i.save(b, "JPEG", quality=98, subsampling=0)
            sys.stdout.buffer.write(b.getvalue())
            """
        var file = try PythonTools.run(script).output
        let image = try JPEGDecoder().decode(file)
        #expect(image.format == .rgb && image.findings.count == 1)
        func near(_ image: DecodedImage, _ x: Int, _ expected: [Int]) -> Bool {
            let at = 3 * x
            return (0..<3).allSatisfy { abs(Int(image.pixels[at + $0]) - expected[$0]) <= 4 }
        }
        // Full magenta and yellow is red; full cyan under half black is dark cyan.
        #expect(near(image, 2, [255, 0, 0]) && near(image, 13, [0, 127, 127]))

        // Without the marker the same numbers are ink, so that they mean the opposite.
        let marker = try #require(file.indices.first { file[$0...].starts(with: Array("Adobe".utf8)) })
        file[marker] = 0x58
        let plain = try JPEGDecoder().decode(file)
        #expect(near(plain, 2, [0, 0, 0]))
    }

    @Test("bytes equal Pillow's where both say the same", .python("PIL", "numpy"))
    func pillow() throws {
        let source = SampleSource.smooth(.rgb, width: 100, height: 60)
        let gray = SampleSource.smooth(.gray, width: 37, height: 61)
        let script = """
            import sys, io
            from PIL import Image
            w, h, mode = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
            options = eval(sys.argv[4])
            b = io.BytesIO()
            Image.frombytes(mode, (w, h), sys.stdin.buffer.read()).save(b, "JPEG", **options)
            sys.stdout.buffer.write(b.getvalue())
            """
        let cases: [(JPEGEncoder, String)] = [
            (.pillow, "{}"), (JPEGEncoder(quality: 92, subsampling: .none), "dict(quality=92, subsampling=0)"),
            (
                JPEGEncoder(quality: 60, isProgressive: true, optimizesTables: true),
                "dict(quality=60, progressive=True, optimize=True)"
            ),
            (
                JPEGEncoder(quality: 75, subsampling: .horizontal, optimizesTables: true),
                "dict(subsampling=1, optimize=True)"
            ),
        ]
        for (encoder, options) in cases {
            for (source, mode) in [(source, "RGB"), (gray, "L")] {
                // Pillow writes the factor of 4:2:2 into gray files too, where it says nothing.
                if mode == "L", encoder.subsampling == .horizontal { continue }
                let theirs = try PythonTools.run(
                    script, arguments: ["\(source.width)", "\(source.height)", mode, options], input: source.bytes
                ).output
                #expect(firstDifference(try encoded(source, encoder), theirs) == nil, "\(options) \(mode)")
            }
        }
    }

    @Test("an error of the sink passes through unchanged, at whatever byte it comes")
    func failingSink() throws {
        let source = SampleSource.smooth(.rgb, width: 300, height: 300)
        let whole = try encoded(source, JPEGEncoder(quality: 100, subsampling: .none)).count
        #expect(whole > 70_000)
        for capacity in [0, 1, 65_535, 65_536, whole - 1] {
            let sink = CollectingSink(capacity: capacity)
            let error = mediaError { () throws(MediaError) in
                _ = try JPEGEncoder(quality: 100, subsampling: .none).encode(source, to: sink)
            }
            #expect(error?.code == .writeFailed && error?.location.file == "sink", "\(capacity)")
        }
    }
}
