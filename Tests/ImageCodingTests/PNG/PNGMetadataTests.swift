import ImageCoding
import MediaCore
import TestSupport
import Testing

@Suite("PNG encoder: what the file says besides its pixels")
struct PNGMetadataTests {
    private static let source = PNGContent.gradient.source(.rgb, 20, 10, seed: 1)

    private static func encode(_ metadata: PNGMetadata) throws(MediaError) -> [UInt8] {
        try PNGVariant(preset: .fastest).encode(source, metadata: metadata).bytes
    }

    @Test("texts are Latin-1 where that holds them, else UTF-8, and libpng reads them back")
    func texts() throws {
        var metadata = PNGMetadata()
        metadata.texts = [
            .init("Title", "Épreuve n° 7\nsecond line"), .init("Comment", "5 µm → 日本語"), .init("Empty", ""),
            .init("Beschreibung", "Grüße", language: "de", translatedKeyword: "Überschrift"),
        ]
        metadata.physicalSize = .dotsPerInch(300)
        metadata.colorSpace = .sRGB()
        let bytes = try Self.encode(metadata)
        let types = PNGChunk.all(of: bytes).map(\.type)
        #expect(types == ["IHDR", "gAMA", "sRGB", "pHYs", "tEXt", "iTXt", "tEXt", "iTXt", "IDAT", "IEND"])
        let read = try PNGDecoder().decode(bytes).metadata
        #expect(read.texts.map(\.key) == metadata.texts.map(\.keyword))
        #expect(read.texts.map(\.value) == metadata.texts.map(\.text))
        #expect(read.density == .init(x: 11811, y: 11811, isPerMetre: true))
        #expect(read.colorSpace == .sRGB)
    }

    @Test(
        "Pillow reads texts, size, gamma and profile", .enabled(if: PythonTools.has(["PIL"]) || PythonTools.isRequired))
    func pillow() throws {
        var metadata = PNGMetadata()
        metadata.texts = [.init("Title", "Épreuve"), .init("Comment", "日本語")]
        metadata.physicalSize = .init(horizontal: 3937, vertical: 3937)
        metadata.colorSpace = .profile(name: "test profile", bytes: Array(repeating: 65, count: 300))
        let script = """
            import io, sys
            from PIL import Image
            image = Image.open(io.BytesIO(sys.stdin.buffer.read()))
            image.load()
            print(image.text["Title"], image.text["Comment"], round(image.info["dpi"][0]), len(image.info["icc_profile"]))
            print(image.size, image.mode)
            """
        let text = try PythonTools.run(script, input: Self.encode(metadata)).text
        #expect(text == "Épreuve 日本語 100 300\n(20, 10) RGB\n")
    }

    @Test("colour spaces become the chunks that name them")
    func colorSpaces() throws {
        func chunks(_ space: PNGMetadata.ColorSpace) throws -> [PNGChunk] {
            var metadata = PNGMetadata()
            metadata.colorSpace = space
            return PNGChunk.all(of: try Self.encode(metadata)).filter { !["IHDR", "IDAT", "IEND"].contains($0.type) }
        }
        #expect(try chunks(.unspecified).isEmpty)
        let video = try chunks(.codePoints(primaries: 9, transfer: 16))
        #expect(video.map(\.type) == ["cICP"] && video[0].data == [9, 16, 0, 1])
        let point = PNGMetadata.Chromaticities.Point(x: 0.3127, y: 0.329)
        let gamma = try chunks(
            .gamma(0.45455, chromaticities: .init(white: point, red: point, green: point, blue: point)))
        #expect(gamma.map(\.type) == ["gAMA", "cHRM"])
        #expect(gamma[0].data == [0, 0, 0xB1, 0x8F])
        // 31270 and 32900, four times.
        #expect(gamma[1].data == (0..<4).flatMap { _ in [0, 0, 0x7A, 0x26, 0, 0, 0x80, 0x84] as [UInt8] })
    }

    @Test("what PNG cannot say is refused, with the place")
    func refused() {
        func code(_ change: (inout PNGMetadata) -> Void) -> MediaError.Code? {
            var metadata = PNGMetadata()
            change(&metadata)
            return mediaError { () throws(MediaError) in _ = try Self.encode(metadata) }?.code
        }
        let long = String(repeating: "k", count: 80)
        for keyword in ["", " a", "a ", "a  b", "日本", "a\nb", long] {
            #expect(code { $0.texts = [.init(keyword, "x")] } == .argumentInvalid, "\"\(keyword)\"")
        }
        #expect(code { $0.texts = [.init("a", "x\0y")] } == .argumentInvalid)
        #expect(code { $0.texts = [.init("a", "x", language: "d e")] } == .argumentInvalid)
        for gamma in [0, -1, Double.nan, .infinity, 1e9] {
            #expect(code { $0.colorSpace = .gamma(gamma) } == .argumentInvalid, "\(gamma)")
        }
        #expect(code { $0.colorSpace = .profile(name: "", bytes: [1]) } == .argumentInvalid)
        #expect(PNGMetadata.PhysicalSize.dotsPerInch(.nan) == nil && PNGMetadata.PhysicalSize.dotsPerInch(-1) == nil)
    }
}
