public import ImageCoding
public import MediaCore

/// A picture with things drawn on it, which is a picture again: nothing is painted before rows are asked for.
///
///     var canvas = try Canvas(over: picture)
///     canvas.stroke(Rectangle(x: 20, y: 30, width: 200, height: 120), width: 3, color: .white)
///     canvas.fill(Path(circleAround: Point(x: 40, y: 50), radius: 6), color: red)
///     try PNGEncoder().encode(canvas, to: sink)
///
/// What is drawn is kept as shapes, each with the rows that it touches; a band of rows pays only for what is on it. Each pixel
/// gets a coverage level of 0…255, the exact share of its area that is inside the shape, times 255, rounded to nearest;
/// the colour is then laid over the picture's samples as they are stored (sRGB, not linear light). With *m* = `(level · alpha
/// + 127) / 255` and whole numbers throughout, a sample *d* under a colour *s* becomes `(d · (255 − m) + s · m + 127) / 255`.
/// Pictures with opacity are composed by Porter and Duff's *over*, with the weights `p = m · M` of the colour and
/// `q = b · (255 − m)` of a pixel of opacity *b* of *M*: samples become `(s · p + d · q + (p + q) / 2) / (p + q)`, the
/// opacity `(p + q + 127) / 255`. The bytes depend neither on the bands nor on threads.
///
/// Whatever cannot be drawn is left out and counted in ``report``; nothing traps.
public struct Canvas: PixelSource {
    /// The picture below, in the canvas's format.
    public let base: any PixelSource
    /// What could not be drawn.
    public internal(set) var report = DrawingReport()

    var marks: MarkList
    var glyphs = GlyphCache()

    /// A canvas over a picture.
    ///
    /// The result has red, green and blue, and opacity when the picture has; indices become their colours. Samples have 8
    /// bits, or 16 where those of the picture have 16.
    /// - Throws: what ``/ImageCoding/ConvertedSource/init(_:to:rule:)`` throws.
    public init(over picture: any PixelSource) throws(MediaError) {
        let colors = picture.palette?.colors ?? []
        let isClear = colors.contains { $0.alpha < 255 }
        let hasAlpha = picture.format.hasAlpha || (picture.format.model == .indexed && isClear)
        let isDeep = picture.format.bits == 16
        let format: PixelFormat =
            switch (hasAlpha, isDeep) {
            case (false, false): .rgb
            case (true, false): .rgba
            case (false, true): .rgb16
            case (true, true): .rgba16
            }
        base = picture.format == format ? picture : try ConvertedSource(picture, to: format)
        marks = MarkList(height: picture.height)
    }

    /// How many pixels a row has.
    public var width: Int { base.width }
    /// How many rows there are.
    public var height: Int { base.height }
    /// `rgb`, `rgba`, `rgb16` or `rgba16`.
    public var format: PixelFormat { base.format }
    /// What was decided when the first source was made, and what could not be drawn.
    public var facts: PixelFacts {
        var facts = base.facts
        facts.findings += report.findings
        return facts
    }
    /// All of the picture.
    public var bounds: Rectangle { Rectangle(x: 0, y: 0, width: Double(width), height: Double(height)) }

    /// Fills rows of the picture below and paints what touches them.
    public func fill(
        rows: Range<Int>, into band: inout MutableRawSpan, tally: inout PixelTally
    ) throws(MediaError) {
        if marks.isEmpty { return try base.fill(rows: rows, into: &band, tally: &tally) }
        let (base, marks) = (base, marks)
        var counts = PixelTally()
        try unsafe band.withBytes(for: format) { (bytes) throws(MediaError) in
            var own = unsafe bytes.mutableBytes
            try base.fill(rows: rows, into: &own, tally: &counts)
            guard let start = bytes.baseAddress else { return }
            if base.format.bytesPerSample == 1 {
                let pixels = unsafe start.assumingMemoryBound(to: UInt8.self)
                let painter = unsafe BandPainter(
                    pixels, firstRow: rows.lowerBound, width: base.width, format: base.format)
                marks.forEachMark(in: rows) { mark, touched in painter.paint(mark, rows: touched) }
            } else {
                let pixels = unsafe start.assumingMemoryBound(to: UInt16.self)
                let painter = unsafe BandPainter(
                    pixels, firstRow: rows.lowerBound, width: base.width, format: base.format)
                marks.forEachMark(in: rows) { mark, touched in painter.paint(mark, rows: touched) }
            }
        }
        tally.add(counts)
    }
}
