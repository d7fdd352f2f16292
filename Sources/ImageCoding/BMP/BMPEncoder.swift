public import MediaCore

/// Writes Windows bitmaps without compression.
///
/// Black and white takes 1 bit per pixel, gray and indices 8 bits with a palette, everything else 24 bits, or 32 with
/// opacity where that is kept. Rows go from the bottom up, as all readers expect, so the source is asked for its last
/// band first. 16 bits are rounded to 8; what was lost is a finding.
public struct BMPEncoder: Sendable {
    /// Whether opacity is kept, in a file of 32 bits per pixel with a header of version 4. Not every reader shows it.
    public var keepsOpacity: Bool
    /// What becomes of opacity that is not kept.
    public var opacity: OpacityRule
    /// Whether 16-bit samples are refused instead of rounded to 8 bits.
    public var refuses16Bits: Bool
    /// Pixels per metre that the header states; Pillow's 3780 are 96 per inch.
    public var pixelsPerMetre: Int32

    /// Creates an encoder.
    public init(
        keepsOpacity: Bool = true, opacity: OpacityRule = .overWhite, refuses16Bits: Bool = false,
        pixelsPerMetre: Int32 = 3780
    ) {
        self.keepsOpacity = keepsOpacity
        self.opacity = opacity
        self.refuses16Bits = refuses16Bits
        self.pixelsPerMetre = pixelsPerMetre
    }

    /// What encoding `source` would lose; empty when nothing.
    public func losses(of source: any PixelSource) -> [Finding] {
        NarrowRows.losses(of: source, opacity: keepsOpacity ? nil : opacity, in: "BMP")
    }

    /// Encodes a picture.
    ///
    /// - Throws: what the source or the sink throws; `argument.invalid` when the file would pass 4 GiB;
    ///   `value.out-of-range` when opacity or 16 bits are refused.
    public func encode(_ source: any PixelSource, to sink: any ByteSink) throws(MediaError) -> EncodingReport {
        let rule = keepsOpacity ? .drop : opacity
        try NarrowRows.check(source, opacity: rule, refuses16Bits: refuses16Bits, in: "BMP")
        let layout = try BMPLayout(source, keepsOpacity: keepsOpacity, rule: rule)
        let start = sink.byteCount
        let header = layout.header(pixelsPerMetre: pixelsPerMetre)
        try unsafe sink.write(header.span.bytes)
        let convert = layout.narrowed.flatMap { NarrowRows.conversion(of: source, to: $0, opacity: rule) }
        let tally = try writeRows(of: source, layout, convert, to: sink)
        return EncodingReport(
            width: source.width, height: source.height, format: layout.format, byteCount: sink.byteCount - start,
            facts: source.facts, tally: tally, findings: losses(of: source))
    }

    private func writeRows(
        of source: any PixelSource, _ layout: BMPLayout, _ convert: EncodingContext.Conversion?, to sink: any ByteSink
    ) throws(MediaError) -> PixelTally {
        let bandRows = min(source.height, max(1, (256 << 10) / max(source.bytesPerRow, layout.rowBytes)))
        let band = try PixelStorage(byteCount: bandRows * source.bytesPerRow)
        let samples = convert == nil ? band : try PixelStorage(byteCount: bandRows * layout.sampleRowBytes)
        let output = try PixelStorage(byteCount: bandRows * layout.rowBytes)
        var tally = PixelTally()
        var bottom = source.height
        while bottom > 0 {
            let top = max(0, bottom - bandRows), count = bottom - top
            var lost = try fill(band, from: source, rows: top..<bottom)
            // The first value that is not finite is the one nearest to the top.
            lost.add(tally)
            tally = lost
            let taken = unsafe band.read(count * source.bytesPerRow)
            if let convert {
                let target = unsafe samples.write(count * layout.sampleRowBytes)
                var rows = unsafe target.mutableBytes
                convert(unsafe taken.bytes, &rows)
            }
            let narrow = unsafe samples.read(count * layout.sampleRowBytes)
            let target = unsafe output.write(count * layout.rowBytes)
            var packed = unsafe target.mutableBytes
            layout.pack(unsafe narrow.bytes, rows: count, into: &packed)
            let file = unsafe output.read(count * layout.rowBytes)
            try sink.write(unsafe file.bytes)
            bottom = top
        }
        return tally
    }
    private func fill(
        _ band: PixelStorage, from source: any PixelSource, rows: Range<Int>
    ) throws(MediaError) -> PixelTally {
        var lost = PixelTally()
        let memory = unsafe band.write(rows.count * source.bytesPerRow)
        var span = unsafe memory.mutableBytes
        try source.fill(rows: rows, into: &span, tally: &lost)
        return lost
    }
}
