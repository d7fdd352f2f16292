import ImageCoding
import MediaCore
import TestSupport
import Testing

@Suite("Frames")
struct FrameSourceTests {
    private func picture(_ value: UInt16, width: Int = 2) -> ArrayPixels {
        ArrayPixels(width: width, height: 1, format: .gray, samples: [UInt16](repeating: value, count: width))
    }

    /// Frames that can be had once, in order.
    private struct Once: FrameSource {
        var width: Int { 2 }
        var height: Int { 1 }
        var format: PixelFormat { .gray }
        var frameCount: Int? { nil }
        let timeBase: TimeBase
        var canRewind: Bool { false }
        func frame(_ index: Int) throws(MediaError) -> (any PixelSource)? {
            index < 2 ? ArrayPixels(width: 2, height: 1, format: .gray, samples: [1, 2]) : nil
        }
    }

    @Test("An array of pictures is a clip: its frames, its end, its times")
    func array() throws {
        let clip = try ArrayFrames([picture(1), picture(2)], frameRate: FrameRate(25))
        #expect(clip.frameCount == 2)
        #expect(clip.canRewind)
        #expect(try samples(#require(try clip.frame(1))) == [2, 2])
        #expect(try clip.frame(2) == nil)
        #expect(throws: MediaError.self) { try clip.frame(-1) }
        #expect(clip.timeBase == (try TimeBase(1, 25)))
        #expect(clip.time(ofFrame: 2) == 2)
    }

    @Test("Frames of different sizes are refused by their index")
    func sizes() throws {
        let error = #expect(throws: MediaError.self) {
            try ArrayFrames([picture(1), picture(2), picture(3, width: 3)], frameRate: FrameRate(25))
        }
        #expect(error?.location.field == "frames[2]")
        #expect(throws: MediaError.self) { try ArrayFrames([], frameRate: FrameRate(25)) }
    }

    @Test("mapFrames does something to every frame, with its index")
    func mapping() throws {
        let clip = try ArrayFrames([picture(1), picture(2)], frameRate: FrameRate(30))
        let padded = try clip.mapFrames { (index, frame) throws(MediaError) in
            try PaddedSource(frame, insets: EdgeInsets(left: 1), with: .color(Palette.Color(gray: UInt8(index) + 100)))
        }
        #expect(padded.width == 3)
        #expect(padded.frameCount == 2)
        #expect(try samples(#require(try padded.frame(0))) == [100, 1, 1])
        #expect(try samples(#require(try padded.frame(1))) == [101, 2, 2])
        #expect(try padded.frame(2) == nil)
    }

    @Test("A frame that comes out unlike the first is refused when it is made")
    func unlike() throws {
        let clip = try ArrayFrames([picture(1), picture(2)], frameRate: FrameRate(30))
        let growing = try clip.mapFrames { (index, frame) throws(MediaError) in
            try PaddedSource(frame, insets: EdgeInsets(left: index), with: .edge)
        }
        #expect(throws: MediaError.self) { try growing.frame(1) }
    }

    @Test("A source that is read once needs the new size")
    func once() throws {
        let source = Once(timeBase: try TimeBase(1, 10))
        #expect(throws: MediaError.self) { try source.mapFrames { (_, frame) throws(MediaError) in frame } }
        let mapped = source.mapFrames(width: 2, height: 1, format: .rgb) { (_, frame) throws(MediaError) in
            try ConvertedSource(frame, to: .rgb)
        }
        #expect(try samples(#require(try mapped.frame(0))) == [1, 1, 1, 2, 2, 2])
    }

    @Test("Rates are exact fractions, in lowest terms")
    func rates() throws {
        #expect(try FrameRate(50, per: 2) == FrameRate(25))
        #expect(try FrameRate(30000, per: 1001).description == "30000/1001")
        #expect(try FrameRate(30000, per: 1001).frameDuration == TimeBase(1001, 30000))
        for (number, expected) in [
            (25.0, "25"), (29.97, "2997/100"), (30000.0 / 1001, "30000/1001"), (0.1, "1/10"), (12.5, "25/2"),
            (1e6, "1000000"), (1.0 / 3, "1/3"),
        ] {
            #expect(try FrameRate(number).description == expected)
        }
        for bad in [0, -1, Double.nan, .infinity, 1e7] { #expect(throws: MediaError.self) { try FrameRate(bad) } }
        #expect(throws: MediaError.self) { try FrameRate(0, per: 1) }
        #expect(throws: MediaError.self) { try TimeBase(1, 0) }
    }
}
