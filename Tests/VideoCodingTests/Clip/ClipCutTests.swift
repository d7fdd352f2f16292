import ImageCoding
import MediaCore
import TensorIO
import TestSupport
import Testing
import VideoCoding

@Suite("Parts of clips, posters and contact sheets")
struct ClipCutTests {
    /// Frames of one pixel whose level is their number, shown for 1, 2, 3, … hundredths; read once, in order.
    private final class Uneven: FrameSource, @unchecked Sendable {
        let length: Int?
        let canRewind: Bool
        let timeBase: TimeBase
        private var next = 0

        init(length: Int?, canRewind: Bool) throws {
            (self.length, self.canRewind) = (length, canRewind)
            timeBase = try TimeBase(1, 100)
        }

        var width: Int { 1 }
        var height: Int { 1 }
        var format: PixelFormat { .gray }
        var frameCount: Int? { length }
        func time(ofFrame index: Int) -> Int { index * (index + 1) / 2 }

        func frame(_ index: Int) throws(MediaError) -> (any PixelSource)? {
            guard index == next || (canRewind && index == 0) else { throw MediaError(.argumentInvalid, "out of order") }
            next = index + 1
            guard index < length ?? 20 else { return nil }
            return try Tensor([UInt8(index)], shape: [1, 1]).picture()
        }
    }

    private func ramp(_ count: Int, rate: Int = 10) throws -> TensorFrames {
        try TensorFrames(
            try Tensor((0..<count).map { UInt8($0) }, shape: [count, 1, 1]),
            options: ClipOptions { $0.frameRate = try? FrameRate(rate) })
    }

    @Test("A part has the frames that Python's slice has, and the times that they had")
    func slices() throws {
        for (start, end, every) in [(nil, nil, 1), (3, nil, 1), (nil, 7, 2), (2, 9, 3), (9, 100, 1), (0, 1, 5)]
            as [(Int?, Int?, Int)]
        {
            let cut = try ramp(10).cut(
                ClipCut(start: start.map(ClipPosition.frame), end: end.map(ClipPosition.frame), every: every))
            let expected = Array(stride(from: start ?? 0, to: min(end ?? 10, 10), by: every))
            #expect(try render(cut) == expected.map { UInt8($0) })
            #expect(cut.frameCount == expected.count)
            #expect(
                (0...expected.count).map { cut.time(ofFrame: $0) }
                    == expected.map { $0 - (start ?? 0) } + [min(end ?? 10, 10) - (start ?? 0)])
        }
    }

    @Test("Times name the frame that is shown then; an end is the first frame that begins then or later")
    func times() throws {
        // At 10 per second frame 3 is shown from 0.3 to 0.4.
        for (start, end, expected) in [
            ("0.3s", "0.5s", [3, 4]), ("350ms", "0.41s", [3, 4]), ("0s", "0.05s", [0]), ("0.999s", nil, [9]),
            ("5", "0.7s", [5, 6]),
        ] as [(String, String?, [UInt8])] {
            let cut = try ramp(10).cut(
                ClipCut(start: ClipPosition(start), end: end.flatMap { ClipPosition($0) }))
            #expect(try render(cut) == expected, "\(start)…\(end ?? "")")
        }
        let uneven = try Uneven(length: 10, canRewind: true).cut(
            ClipCut(start: ClipPosition("0.06s"), end: ClipPosition("0.2s"), every: 2))
        // Frames begin at 0, 1, 3, 6, 10, 15, 21 hundredths.
        #expect(try render(uneven) == [3, 5])
        #expect((0...2).map { uneven.time(ofFrame: $0) } == [0, 9, 15])
    }

    @Test("A source that is read once is asked in order, and may end early")
    func once() throws {
        let cut = try Uneven(length: nil, canRewind: false).cut(ClipCut(start: .frame(4), every: 5))
        #expect(cut.frameCount == nil)
        #expect(try render(cut) == [4, 9, 14, 19])
        #expect(try render(try Uneven(length: nil, canRewind: false).cut(ClipCut(start: .frame(40)))) == [])
        #expect(throws: MediaError.self) { try Uneven(length: 3, canRewind: false).poster(0) }
        #expect(throws: MediaError.self) { try Uneven(length: 3, canRewind: false).contactSheet(of: 2) }
    }

    @Test("Parts without a frame are refused, and places that are none")
    func refusals() throws {
        let clip = try ramp(10)
        for (cut, field) in [
            (ClipCut(start: .frame(10)), "start"), (ClipCut(start: .frame(5), end: .frame(5)), "end"),
            (ClipCut(end: .frame(0)), "end"), (ClipCut(every: 0), "every"), (ClipCut(start: .frame(-1)), "start"),
            (ClipCut(start: .microseconds(1_000_000)), "start"), (ClipCut(end: .microseconds(0)), "end"),
            (ClipCut(start: .microseconds(.max)), "start"), (ClipCut(start: .microseconds(-1)), "start"),
        ] {
            let error = #expect(throws: MediaError.self, "\(cut)") { try clip.cut(cut) }
            #expect(error?.location.field == field, "\(cut)")
        }
        for text in ["", "s", "1.2.3s", "-1", "1.5", "0.1234567s", "1e3s", "99999999999999999999", "2000000000s", ".s"]
        {
            #expect(ClipPosition(text) == nil, "\(text)")
        }
        for text in ["12", "1.5s", "0.25s", "3s"] { #expect(ClipPosition(text)?.description == text) }
    }

    @Test("A poster is a frame, a contact sheet frames from all over the clip")
    func pictures() throws {
        let clip = try ramp(9)
        #expect(try render(try clip.poster(8)) == [8])
        for index in [-1, 9] { #expect(throws: MediaError.self) { try clip.poster(index) } }
        let sheet = try clip.contactSheet(of: 3, options: ImageGrid.Options(columns: 3, padding: 0))
        #expect(try render(sheet) == [1, 4, 7])
        #expect(try clip.contactSheet(of: 100, options: ImageGrid.Options(columns: 9, padding: 0)).width == 9)
        #expect(throws: MediaError.self) { try clip.contactSheet(of: 0) }
    }

    @Test("Frames of any source are resized like pictures")
    func resized() throws {
        let frames = try TensorFrames(try noise([2, 6, 8, 3]), options: ClipOptions { $0.layout = .thwc })
        let small = try frames.resized(to: .exact(width: 4, height: 2))
        let alone = try ResizedSource(try frames.poster(1), width: 4, height: 2)
        #expect(try render(try small.poster(1)) == render(alone))
        #expect(try frames.resized(to: .maxSide(8)) is TensorFrames)
    }
}
