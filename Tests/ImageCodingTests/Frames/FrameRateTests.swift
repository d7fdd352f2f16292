import ImageCoding
import MediaCore
import Testing

@Suite("Frame rates as text")
struct FrameRateTests {
    @Test("Rates are exact fractions")
    func rates() throws {
        for (text, expected) in [
            ("30", "30"), ("30000/1001", "30000/1001"), ("29.97", "2997/100"), ("12.5", "25/2"), ("1/3", "1/3"),
            ("0.1", "1/10"), ("1000000", "1000000"), ("23.976", "2997/125"), ("25.000", "25"), (".5", "1/2"),
            // More digits than a fraction of 31 bits has.
            ("29.97002997003", "30000/1001"),
        ] {
            #expect(try FrameRate(parsing: text).description == expected, "\(text)")
        }
    }

    @Test("What is no rate is refused, with what one looks like")
    func refusals() {
        for text in [
            "", " 30", "-1", "+1", "nan", "inf", "1e9", "30fps", "30/1/1", "30/", "1.2.3", "0", "0.0", "1/0", "0/1",
            "1000001", "1000000000", "0.0000001", "99999999999999999999", "٣",
        ] {
            let error = #expect(throws: MediaError.self, "\(text)") { try FrameRate(parsing: text) }
            #expect(error?.code == .argumentInvalid)
            #expect(error?.location.field == "frameRate")
        }
    }

    @Test("A time for every frame is a rate")
    func durations() throws {
        for (text, expected) in [
            ("0.25s", "4"), ("250ms", "4"), ("4cs", "25"), ("2s", "1/2"), ("33.3ms", "10000/333"),
        ] {
            #expect(try FrameRate(parsingFrameDuration: text).description == expected, "\(text)")
        }
        for text in ["", "s", "0s", "0.25", "-1s", "1e9s", "1 s", "10000000s", "0.0001ms"] {
            let error = #expect(throws: MediaError.self, "\(text)") { try FrameRate(parsingFrameDuration: text) }
            #expect(error?.location.field == "delay")
        }
    }
}
