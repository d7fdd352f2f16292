import ImageCoding
import MediaCore
import Testing

@Suite("Names of pixel formats")
struct PixelModeTests {
    @Test(
        "Our names and the Python library's are understood",
        arguments: [
            ("bilevel", PixelFormat.bilevel), ("gray", .gray), ("gray-alpha", .grayAlpha), ("rgb16", .rgb16),
            ("RGBA", .rgba),
            ("1", .bilevel), ("L", .gray), ("LA", .grayAlpha), ("P", .indexed), ("I;16", .gray16), ("I", .gray16),
            ("Gray16", .gray16), ("gray-alpha16", .grayAlpha16),
        ])
    func names(name: String, format: PixelFormat) throws {
        #expect(try PixelMode(name).format == format)
    }

    @Test("Every name in the list is understood, and every format's own description")
    func list() throws {
        for name in PixelMode.names { #expect(try PixelMode(name).name == name) }
        for model in PixelFormat.Model.allCases {
            for bits in [1, 2, 4, 8, 16] {
                guard let format = PixelFormat(model: model, bits: bits) else { continue }
                #expect(try PixelMode(format.description).format == format)
            }
        }
    }

    @Test(
        "Modes that no file can hold and unknown names are refused with the list",
        arguments: ["CMYK", "YCbCr", "F", "bad", ""])
    func refusals(name: String) throws {
        let error = try #require(throws: MediaError.self) { try PixelMode(name) }
        #expect(error.code == (["bad", ""].contains(name) ? .argumentInvalid : .unsupported))
        #expect(error.hint?.contains("rgb16") == true)
        #expect(error.location.field == "mode")
    }
}
