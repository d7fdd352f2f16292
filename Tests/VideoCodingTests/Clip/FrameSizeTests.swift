import MediaCore
import Testing
import VideoCoding

@Suite("Sizes of frames")
struct FrameSizeTests {
    @Test("A size as text, and what it makes of frames of 640 × 360")
    func sizes() throws {
        for (text, width, height) in [
            ("320x240", 320, 240), ("320x", 320, 180), ("x90", 160, 90), ("fit:320x320", 320, 180),
            ("fit:1000x90", 160, 90), ("fit:1000x1000", 640, 360), ("64", 64, 36), ("2000", 640, 360),
            ("1280x", 1280, 720),
            ("1x", 1, 1),
        ] {
            let size = try #require(FrameSize(text), "\(text)")
            #expect(try size.applied(width: 640, height: 360) == (width, height), "\(text)")
            #expect(size.description == text)
        }
    }

    @Test("What is no size is refused")
    func refusals() throws {
        for text in ["", "x", "axb", "1x2x3", "-1x", "fit:", "fit:3x", "1.5x2", " 3"] {
            #expect(FrameSize(text) == nil, "\(text)")
        }
        for text in ["0x5", "5x0", "0", "10000000x", "99999999999999x"] {
            guard let size = FrameSize(text) else { continue }
            #expect(throws: MediaError.self, "\(text)") { try size.applied(width: 640, height: 360) }
        }
        // A side in proportion that nothing could hold.
        #expect(throws: MediaError.self) { try FrameSize.width(1_000_000).applied(width: 1, height: 1_000_000) }
    }
}
