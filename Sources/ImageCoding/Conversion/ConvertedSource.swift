public import MediaCore

/// A picture in another pixel format.
///
/// Every format becomes every other; colours are reduced to a palette only where the rule says to which. Gray turned into colour is
/// repeated; colour turned into gray is ITU-R 601-2 luma (as Pillow computes it, to the bit); new opacity is full; indices
/// become the colours of their palette. Where there is a choice, ``ConversionRule`` makes it.
///
/// Memory: about 100 KiB per band, no copy of the picture. Error diffusion is the exception: a pixel depends on all rows
/// above it, so the rows are made once, in order, at the first request that needs them, and kept as one bit per pixel, or
/// one byte for the web palette. Copies of the value share them, threads wait for each other.
public struct ConvertedSource: PixelSource {
    /// The picture that is converted.
    public let base: any PixelSource
    /// What a pixel is now.
    public let format: PixelFormat
    /// How it was done.
    public let rule: ConversionRule
    /// The colours of indices.
    public let palette: Palette?

    private let steps: [ConversionStep]
    private let dithered: DitheredRows?
    private let reduced: WebPaletteRows?

    /// `source` in another format.
    ///
    /// - Throws: `argument.invalid` when colours would have to be reduced to a palette.
    public init(
        _ source: any PixelSource, to format: PixelFormat, rule: ConversionRule = ConversionRule()
    ) throws(MediaError) {
        base = source
        self.format = format
        self.rule = rule
        if format == .indexed, rule.colors == .webPalette, source.format.channels >= 3 {
            palette = WebPaletteRows.palette
            reduced = try WebPaletteRows(source, rule: rule)
            (steps, dithered) = ([], nil)
            return
        }
        reduced = nil
        let grayBits = rule.colors == .webPalette ? 8 : min(8, source.format.bits)
        palette = format.model == .indexed ? source.palette ?? Palette.grays(bits: grayBits) : nil
        if format == .bilevel, source.format != .bilevel, rule.bilevel == .floydSteinberg {
            steps = []
            dithered = try DitheredRows(source, rule: rule)
        } else {
            steps = try ConversionStep.plan(from: source.format, palette: source.palette, to: format, rule: rule)
            dithered = nil
        }
    }

    /// How many pixels a row has.
    public var width: Int { base.width }
    /// How many rows there are.
    public var height: Int { base.height }
    /// What was decided when the first source was made.
    public var facts: PixelFacts { base.facts }

    /// Converts `rows` of the other picture.
    public func fill(
        rows: Range<Int>, into band: inout MutableRawSpan, tally: inout PixelTally
    ) throws(MediaError) {
        if let reduced { return try reduced.fill(rows: rows, into: &band, tally: &tally) }
        if let dithered { return try dithered.fill(rows: rows, into: &band, tally: &tally) }
        if steps.isEmpty { return try base.fill(rows: rows, into: &band, tally: &tally) }
        let base = base, steps = steps, format = format
        var counts = PixelTally()
        try unsafe band.withBytes(for: format) { (bytes) throws(MediaError) in
            try unsafe ConvertedSource.convert(base, rows, steps, bytes, tally: &counts)
        }
        tally.add(counts)
    }

    /// Runs the steps over a few rows at a time: source → scratch → … → band.
    private static func convert(
        _ source: any PixelSource, _ rows: Range<Int>, _ steps: [ConversionStep], _ band: UnsafeMutableRawBufferPointer,
        tally: inout PixelTally
    ) throws(MediaError) {
        guard let start = band.baseAddress, let last = steps.last else { return }
        let width = source.width
        let widest = steps.reduce(source.format.bytesPerPixel) { max($0, $1.bytesPerPixel) }
        let step = ScratchRows.rowsPerStep(bytesPerRow: width * widest, count: rows.count)
        let input = ScratchRows(byteCount: step * source.bytesPerRow)
        let one = ScratchRows(byteCount: steps.count > 1 ? step * width * widest : 1)
        let two = ScratchRows(byteCount: steps.count > 2 ? step * width * widest : 1)
        var first = rows.lowerBound
        while first < rows.upperBound {
            let part = first..<min(rows.upperBound, first + step)
            try input.fill(from: source, rows: part, tally: &tally)
            var from = unsafe input.bytes.baseAddress
            for (index, pass) in steps.enumerated() {
                let next =
                    index == steps.count - 1
                    ? unsafe start + (first - rows.lowerBound) * width * last.bytesPerPixel
                    : unsafe (index % 2 == 0 ? one.bytes : two.bytes).baseAddress
                guard let source = unsafe from, let target = unsafe next else { return }
                unsafe pass.run(source, target, count: part.count * width)
                unsafe from = target
            }
            first = part.upperBound
        }
    }
}
