import ImageCoding
import MediaCore
import TestSupport
import Testing

@Suite("PNG through libpng")
struct DecodingPNGTests {
    /// Every format that a picture can have.
    static let formats: [PixelFormat] = PixelFormat.Model.allCases.flatMap { model in
        [1, 2, 4, 8, 16].compactMap { PixelFormat(model: model, bits: $0) }
    }

    @Test("a chunk that promises more than the file holds is refused before memory is taken for it")
    func longChunk() throws {
        var file = try Fixtures.bytes("images/exif-turned.png")
        let name = try #require((8..<100).first { Array(file[$0..<$0 + 4]) == Array("eXIf".utf8) })
        file.replaceSubrange(name - 4..<name, with: [0x5D, 0, 0, 0x1A])
        let error = #expect(throws: MediaError.self) { try PNGDecoder(ignoresChecksums: true).decode(file) }
        #expect(error?.code == .truncated && error?.location.offset == name - 4)
    }

    @Test("what libpng writes comes back sample for sample, in every format, interlaced or not", arguments: formats)
    func roundTrip(format: PixelFormat) throws {
        var generator = SeededGenerator(seed: UInt64(format.bits * 10 + format.channels))
        for (width, height) in [(1, 1), (3, 5), (8, 8), (17, 9), (130, 67)] {
            let source = SampleSource.random(format, width: width, height: height, using: &generator)
            for isInterlaced in [false, true] {
                let sink = CollectingSink()
                let encoder = ReferencePNGEncoder(level: 3, filters: .all, isInterlaced: isInterlaced)
                let report = try encoder.encode(source, to: sink)
                let image = try PNGDecoder().decode(sink.bytes)
                #expect(image.width == width && image.height == height && image.format == format)
                #expect(firstDifference(image.pixels, source.bytes) == nil)
                #expect(image.palette == source.palette)
                #expect(report.byteCount == sink.bytes.count && report.format == format)
                #expect(image.findings.isEmpty)
            }
        }
    }
}
