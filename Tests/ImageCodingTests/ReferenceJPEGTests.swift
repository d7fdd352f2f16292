import ImageCoding
import MediaCore
import TestSupport
import Testing

@Suite("Reference JPEG encoder") struct ReferenceJPEGTests {
    @Test("From finished pixels it writes what the encoder writes", arguments: [PixelFormat.gray, .rgb])
    func sameBytes(format: PixelFormat) throws {
        let pixels = (0..<37 * 70 * format.channels).map { UInt8(truncatingIfNeeded: ($0 &* $0) >> 5) }
        let source = ArrayPixels(width: 37, height: 70, format: format, samples: pixels.map(UInt16.init))
        for quality in [1, 60, 100] {
            let expected = MemorySink(), sink = MemorySink()
            _ = try JPEGEncoder(quality: quality).encode(source, to: expected)
            let count = try ReferenceJPEGEncoder(quality: quality).encode(
                pixels.span.bytes, width: 37, height: 70, channels: format.channels, to: sink)
            #expect(sink.bytes == expected.bytes)
            #expect(count == sink.byteCount)
        }
    }

    @Test("Numbers that do not fit together are refused, and what a sink throws comes through") func refused() {
        let pixels = [UInt8](repeating: 7, count: 300)
        for (quality, width, height, channels) in [(90, 10, 11, 3), (0, 10, 10, 3), (90, 0, 10, 3), (90, 15, 10, 2)] {
            #expect(throws: MediaError.self) {
                try ReferenceJPEGEncoder(quality: quality).encode(
                    pixels.span.bytes, width: width, height: height, channels: channels, to: MemorySink())
            }
        }
        let error = #expect(throws: MediaError.self) {
            try ReferenceJPEGEncoder(quality: 90).encode(
                pixels.span.bytes, width: 10, height: 10, channels: 3, to: MemorySink(limit: 9))
        }
        #expect(error?.code == .limitExceeded)
    }
}
