import ImageCoding
import MediaCore
import MediaDrawing
import TensorIO

/// Font files that a fuzzer makes up: every glyph that they have of some characters is drawn.
struct FontTarget {
    private let contents: FileContents
    /// Those of Fixtures/fonts, and some that fonts have seldom.
    private static let text = "AHVo ó\u{301}\u{1F600}日ß\u{FFFD}"

    init(_ contents: FileContents) { self.contents = contents }

    func run() throws(MediaError) {
        let face = try FreeTypeTypeface(contents)
        for length in [face.ascent, face.descent, face.capHeight, face.lineHeight] {
            precondition(length.isFinite && length >= 0, "a length that is none")
        }
        precondition(face.lineHeight > 0, "lines without height")
        let scalars = Array(Self.text.unicodeScalars)
        for (first, second) in zip(scalars, scalars.dropFirst()) {
            precondition(face.kerning(first, second).isFinite, "a distance that is no number")
            check(face.glyph(for: first))
            check(face.glyph(for: first, marks: [second]))
        }
        // As text, at a size that is kept as a mask and at one that is drawn.
        let picture = try Tensor([UInt8](repeating: 9, count: 64 * 48), shape: [48, 64]).picture()
        for size in [12.0, 300] {
            var canvas = try Canvas(over: picture)
            canvas.draw(Self.text, at: Point(x: 1, y: 1), style: TextStyle(typeface: face, size: size, color: .white))
            var row = [UInt8](repeating: 0, count: canvas.bytesPerRow * canvas.height)
            var span = row.mutableSpan
            var band = span.mutableBytes
            var tally = PixelTally()
            try canvas.fill(rows: 0..<canvas.height, into: &band, tally: &tally)
        }
    }

    /// Every number of a glyph is one.
    private func check(_ glyph: Glyph?) {
        guard let glyph, case .outline(let path) = glyph.shape else { return }
        precondition(glyph.advance.isFinite, "a width that is no number")
        for element in path.elements {
            switch element {
            case .move(let point), .line(let point): check(point)
            case .quadratic(let control, let end): check(control, end)
            case .cubic(let one, let two, let end): check(one, two, end)
            case .close: break
            }
        }
    }

    private func check(_ points: Point...) {
        for point in points { precondition(point.x.isFinite && point.y.isFinite, "a point that is none") }
    }
}
