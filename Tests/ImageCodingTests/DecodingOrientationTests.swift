import ImageCoding
import MediaCore
import TestSupport
import Testing

@Suite("EXIF orientation")
struct DecodingOrientationTests {
    /// Where each orientation shows the six pixels of a stored picture `a b c / d e f`, by CIPA DC-008, 4.6.4.
    static let expected: [ImageOrientation: [String]] = [
        .up: ["abc", "def"], .upMirrored: ["cba", "fed"], .down: ["fed", "cba"], .downMirrored: ["def", "abc"],
        .leftMirrored: ["ad", "be", "cf"], .right: ["da", "eb", "fc"], .rightMirrored: ["fc", "eb", "da"],
        .left: ["cf", "be", "ad"],
    ]

    /// A PNG of 3×2 letters with an eXIf chunk.
    private func png(_ format: PixelFormat, _ exif: [UInt8]) throws -> [UInt8] {
        let letters = Array("abcdef".utf8)
        let source = SampleSource(
            width: 3, height: 2, format: format,
            bytes: letters.flatMap { [UInt8](repeating: $0, count: format.bytesPerPixel) })
        let sink = CollectingSink()
        _ = try ReferencePNGEncoder().encode(source, to: sink)
        return insertingChunk("eXIf", exif, into: sink.bytes)
    }

    @Test("all eight orientations are applied, at every pixel size", arguments: ImageOrientation.allCases)
    func applied(orientation: ImageOrientation) throws {
        let rows = try #require(Self.expected[orientation])
        for format in [PixelFormat.gray, .grayAlpha, .rgb, .rgba, .rgb16, .rgba16] {
            for isLittle in [false, true] {
                let file = try png(format, exif(orientation: orientation.rawValue, isLittle: isLittle))
                let image = try PNGDecoder().decode(file)
                #expect(image.width == rows[0].utf8.count && image.height == rows.count)
                let step = format.bytesPerPixel
                let text = stride(from: 0, to: image.pixels.count, by: step).map { image.pixels[$0] }
                #expect(String(decoding: text, as: UTF8.self) == rows.joined())
                #expect(image.metadata.orientation == orientation)
                let stored = try PNGDecoder(appliesOrientation: false).decode(file)
                #expect(stored.width == 3 && stored.metadata.orientation == orientation)
                #expect(!stored.metadata.orientationWasApplied)
                let header = try ImageHeader.read(file)
                #expect(header.orientation == orientation && header.width == 3)
                #expect(header.orientedWidth == image.width && header.orientedHeight == image.height)
            }
        }
    }

    @Test("Pillow turns a JPEG the same way", .python("PIL"), arguments: ImageOrientation.allCases)
    func pillow(orientation: ImageOrientation) throws {
        let script = """
            import sys, io
            from PIL import Image, ImageOps
            i = ImageOps.exif_transpose(Image.open(io.BytesIO(sys.stdin.buffer.read())))
            sys.stdout.buffer.write(bytes([i.width, i.height]) + i.tobytes())
            """
        var metadata = ImageMetadata()
        metadata.exif = exif(orientation: orientation.rawValue)
        let sink = CollectingSink()
        _ = try JPEGEncoder(metadata: metadata).encode(SampleSource.smooth(.gray, width: 24, height: 16), to: sink)
        let image = try JPEGDecoder().decode(sink.bytes)
        let theirs = try PythonTools.run(script, input: sink.bytes).output
        #expect([UInt8(image.width), UInt8(image.height)] + image.pixels == theirs)
    }

    @Test("EXIF data that makes no sense is no orientation and no failure")
    func nonsense() throws {
        let sound = exif(orientation: 6)
        var cases: [[UInt8]] = [exif(orientation: 0), exif(orientation: 9), [0x4D], [0x4D, 0x4D, 0, 42]]
        for count in 0..<sound.count - 6 { cases.append(Array(sound[..<count])) }
        // A directory behind the end, and one that claims 65535 entries.
        cases.append([0x4D, 0x4D, 0, 42, 0xFF, 0xFF, 0xFF, 0xFF] + sound.dropFirst(8))
        cases.append([0x4D, 0x4D, 0, 42, 0, 0, 0, 8, 0xFF, 0xFF] + [UInt8](repeating: 1, count: 40))
        for data in cases {
            var metadata = ImageMetadata()
            metadata.exif = data
            let sink = CollectingSink()
            _ = try JPEGEncoder(metadata: metadata).encode(SampleSource.smooth(.gray, width: 5, height: 3), to: sink)
            let image = try JPEGDecoder().decode(sink.bytes)
            #expect(image.width == 5 && image.metadata.orientation == .up, "\(hex(data))")
        }
    }
}
