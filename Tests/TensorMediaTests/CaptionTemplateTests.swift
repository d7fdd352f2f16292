import TensorMedia
import Testing

@Suite("Templates of captions")
struct CaptionTemplateTests {
    @Test("Texts that are templates, and texts that are none")
    func reading() throws {
        for text in ["", "a", "{name}", "{{name}}", "a {min}…{max} b", "\\n", "{index}{index}", "}}{{"] {
            _ = try CaptionTemplate(text)
        }
        for text in ["{", "}", "{}", "{Name}", "{name", "name}", "{{name}", "{na me}", "{name}}"] {
            let error = #expect(throws: MediaError.self, "\(text)") { try CaptionTemplate(text) }
            #expect(error?.code == .argumentInvalid)
        }
    }

    @Test("Settings compare captions by what they say")
    func settings() throws {
        var settings = ConversionSettings()
        try settings.set("caption", to: "{name}")
        #expect(settings.caption == (try CaptionTemplate("{name}")))
        try settings.set("caption", to: "")
        #expect(settings.caption == nil)
        try settings.set("range-bar", to: "yes")
        #expect(settings.hasRangeBar)
    }
}
