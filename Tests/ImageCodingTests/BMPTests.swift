import ImageCoding
import MediaCore
import TestSupport
import Testing

@Suite("BMP")
struct BMPTests {
    private func encoded(_ source: any PixelSource, _ encoder: BMPEncoder = BMPEncoder()) throws -> [UInt8] {
        let sink = CollectingSink()
        let report = try encoder.encode(source, to: sink)
        #expect(report.byteCount == sink.bytes.count)
        return sink.bytes
    }

    /// What Pillow makes of a file, as RGBA.
    private func pixelsInPillow(_ file: [UInt8]) throws -> [UInt8] {
        let script = """
            import sys, io
            from PIL import Image
            i = Image.open(io.BytesIO(sys.stdin.buffer.read()))
            assert i.format == "BMP"
            sys.stdout.buffer.write(i.convert("RGBA").tobytes())
            """
        return try PythonTools.run(script, input: file).output
    }

    @Test("Pillow reads every format back, at every row padding", .python("PIL"))
    func readBack() throws {
        var generator = SeededGenerator(seed: 21)
        for format in DecodingPNGTests.formats {
            for (width, height) in [(1, 1), (9, 4), (34, 3)] {
                let source = SampleSource.random(format, width: width, height: height, using: &generator)
                let pixels = try pixelsInPillow(try encoded(source))
                var expected: [UInt8] = []
                for i in 0..<width * height {
                    func sample(_ c: Int) -> UInt8 {
                        let at = i * format.bytesPerPixel + c * format.bytesPerSample
                        guard format.bits == 16 else { return source.bytes[at] }
                        let wide = UInt16(source.bytes[at]) | UInt16(source.bytes[at + 1]) << 8
                        return UInt8((Double(UInt16(littleEndian: wide)) / 257).rounded())
                    }
                    switch format.model {
                    case .gray:
                        let level = format.bits == 16 ? sample(0) : UInt8(Int(sample(0)) * 255 / format.maximum)
                        expected += [level, level, level, 255]
                    case .grayAlpha: expected += [sample(0), sample(0), sample(0), sample(1)]
                    case .rgb: expected += [sample(0), sample(1), sample(2), 255]
                    case .rgba: expected += [sample(0), sample(1), sample(2), sample(3)]
                    case .indexed:
                        let color = try #require(source.palette).colors[Int(sample(0))]
                        expected += [color.red, color.green, color.blue, color.alpha]
                    }
                }
                #expect(firstDifference(pixels, expected) == nil, "\(format) \(width)×\(height)")
            }
        }
    }

    @Test("files equal Pillow's, byte for byte, for black and white, gray, RGB", .python("PIL"))
    func equalToPillow() throws {
        var generator = SeededGenerator(seed: 22)
        let script = """
            import sys, io
            from PIL import Image
            w, h, mode = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
            data = sys.stdin.buffer.read()
            i = Image.frombytes("L" if mode == "1" else mode, (w, h), data)
            if mode == "1": i = i.point(lambda v: 255 if v else 0).convert("1", dither=0)
            b = io.BytesIO(); i.save(b, "BMP"); sys.stdout.buffer.write(b.getvalue())
            """
        for (format, mode) in [(PixelFormat.bilevel, "1"), (.gray, "L"), (.rgb, "RGB")] {
            let source = SampleSource.random(format, width: 29, height: 11, using: &generator)
            let theirs = try PythonTools.run(script, arguments: ["29", "11", mode], input: source.bytes).output
            #expect(firstDifference(try encoded(source), theirs) == nil, "\(mode)")
        }
    }

    @Test("a picture of many bands has its bottom row first and its top row last")
    func bands() throws {
        let width = 2000, height = 500
        let source = SampleSource.smooth(.rgb, width: width, height: height)
        let file = try encoded(source)
        #expect(file.count == 54 + 6000 * height)
        for row in [0, 1, 249, 498, 499] {
            let stored = Array(file[(54 + (height - 1 - row) * 6000)..<(54 + (height - row) * 6000)])
            var swapped = Array(source.bytes[row * 6000..<(row + 1) * 6000])
            for x in 0..<width { swapped.swapAt(3 * x, 3 * x + 2) }
            #expect(firstDifference(stored, swapped) == nil, "row \(row)")
        }
        let header = try ImageHeader.read(file)
        #expect(header.fileFormat == .bmp && header.width == width && header.height == height)
        #expect(header.findings.isEmpty)
    }

    @Test("opacity that is not kept is composed, also in a palette, and said")
    func opacity() throws {
        let source = SampleSource(width: 1, height: 1, format: .rgba, bytes: [200, 100, 0, 51])
        let over = BMPEncoder(keepsOpacity: false, opacity: .overWhite)
        // 255 + (200 − 255) · 51/255, …
        #expect(try encoded(source, over).suffix(4) == [204, 224, 244, 0])
        #expect(over.losses(of: source).count == 1 && BMPEncoder().losses(of: source).isEmpty)
        let palette = try #require(Palette([.init(red: 200, green: 100, blue: 0, alpha: 51)]))
        let indexed = SampleSource(width: 1, height: 1, format: .indexed, palette: palette, bytes: [0])
        #expect(try encoded(indexed, over)[54..<58] == [204, 224, 244, 0])
        let refusing = BMPEncoder(keepsOpacity: false, opacity: .refuse)
        let sink = CollectingSink()
        #expect(
            mediaError { () throws(MediaError) in _ = try refusing.encode(source, to: sink) }?.code == .valueOutOfRange)
        #expect(sink.bytes.isEmpty)
    }

    @Test("a picture that would pass 4 GiB is refused; an error of the sink passes through")
    func failures() {
        let sink = CollectingSink()
        let huge = SampleSource(width: 40_000, height: 40_000, format: .rgb, bytes: [])
        #expect(
            mediaError { () throws(MediaError) in _ = try BMPEncoder().encode(huge, to: sink) }?.code
                == .argumentInvalid)
        #expect(sink.bytes.isEmpty)
        let source = SampleSource.smooth(.rgb, width: 600, height: 600)
        for capacity in [0, 54, 300_000] {
            let error = mediaError { () throws(MediaError) in
                _ = try BMPEncoder().encode(source, to: CollectingSink(capacity: capacity))
            }
            #expect(error?.code == .writeFailed && error?.location.file == "sink")
        }
    }
}
