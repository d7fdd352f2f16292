public import MediaCore

/// A rectangle cut out of a picture.
public struct CroppedSource: PixelSource {
    /// The picture that is cut.
    public let base: any PixelSource
    /// The columns that are kept.
    public let columns: Range<Int>
    /// The rows that are kept.
    public let rows: Range<Int>

    /// The part of `source` in `columns` and `rows`.
    ///
    /// - Throws: `argument.invalid` when the rectangle is empty or leaves the picture.
    public init(_ source: any PixelSource, columns: Range<Int>, rows: Range<Int>) throws(MediaError) {
        for (name, part, length) in [("columns", columns, source.width), ("rows", rows, source.height)] {
            guard !part.isEmpty, part.lowerBound >= 0, part.upperBound <= length else {
                throw MediaError(
                    .argumentInvalid,
                    "\(name) \(part.lowerBound)..<\(part.upperBound) of a picture with \(length) \(name)",
                    hint: "choose a range that is not empty, inside 0..<\(length)", at: .init(field: name))
            }
        }
        base = source
        self.columns = columns
        self.rows = rows
    }

    /// How many columns are kept.
    public var width: Int { columns.count }
    /// How many rows are kept.
    public var height: Int { rows.count }
    /// What a pixel is.
    public var format: PixelFormat { base.format }
    /// The colours of indices.
    public var palette: Palette? { base.palette }
    /// What was decided when the first source was made.
    public var facts: PixelFacts { base.facts }

    /// Copies the columns out of the same rows of the picture. What is lost left and right of them is counted too.
    public func fill(
        rows wanted: Range<Int>, into band: inout MutableRawSpan, tally: inout PixelTally
    ) throws(MediaError) {
        let first = rows.lowerBound
        let whole = first + wanted.lowerBound..<first + wanted.upperBound
        if columns.count == base.width { return try base.fill(rows: whole, into: &band, tally: &tally) }
        var copier = RowCopier(base, rowsAtMost: wanted.count)
        try copier.copy(
            rows: whole, columns: columns, into: &band, at: 0, stride: bytesPerRow, tally: &tally)
    }
}

/// Copies parts of rows of a source into a larger or smaller band.
struct RowCopier: ~Copyable {
    private let source: any PixelSource
    private let step: Int
    private let scratch: ScratchRows

    /// Takes memory for a few rows of `source`.
    init(_ source: any PixelSource, rowsAtMost count: Int) {
        self.source = source
        step = ScratchRows.rowsPerStep(bytesPerRow: source.bytesPerRow, count: count)
        scratch = ScratchRows(byteCount: step * source.bytesPerRow)
    }

    /// Copies `columns` of `rows` into `band`, the first of them at byte `offset`, the next `stride` bytes further.
    mutating func copy(
        rows: Range<Int>, columns: Range<Int>, into band: inout MutableRawSpan, at offset: Int, stride: Int,
        tally: inout PixelTally
    ) throws(MediaError) {
        let bytes = columns.count * source.format.bytesPerPixel
        let skipped = columns.lowerBound * source.format.bytesPerPixel
        var first = rows.lowerBound
        while first < rows.upperBound {
            let part = first..<min(rows.upperBound, first + step)
            try scratch.fill(from: source, rows: part, tally: &tally)
            unsafe band.withUnsafeMutableBytes { band in
                for row in part {
                    let from = (row - first) * source.bytesPerRow + skipped
                    let to = offset + (row - rows.lowerBound) * stride
                    unsafe UnsafeMutableRawBufferPointer(rebasing: band[to..<to + bytes]).copyMemory(
                        from: UnsafeRawBufferPointer(rebasing: scratch.bytes[from..<from + bytes]))
                }
            }
            first = part.upperBound
        }
    }
}
