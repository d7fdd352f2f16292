import MediaCore

/// Where an encoder's rows come from: a source that makes them, or memory where they lie ready.
@safe struct PNGRows: @unchecked Sendable {
    /// What makes the rows.
    let source: any PixelSource
    /// What makes them smaller, when that shows the same.
    let reduction: PNGReduction?
    /// Row 0 in memory and the distance to the next one, when the rows lie there as the source would make them.
    let stored: (first: UnsafePointer<UInt8>, pitch: Int)?

    /// Calls `body` with the rows of `source`: in place where they can be used as they lie in memory, which saves the copy.
    static func with<Result>(
        _ source: any PixelSource, _ reduction: PNGReduction?, _ layout: PNGLayout,
        _ body: (PNGRows) throws(MediaError) -> Result
    ) throws(MediaError) -> Result {
        // A tiny picture is copied sooner than anybody asked what its source is.
        guard layout.filteredBytes > SmallCodes.mostBytes, layout.format.bits == 8, layout.format.model != .indexed,
            reduction == nil,
            // The only source that has its pixels in memory; asking for the protocol would take memory of the heap.
            let stored = source as? TensorPixels
        else { return try body(unsafe PNGRows(source: source, reduction: reduction, stored: nil)) }
        return try unsafe stored.withStoredRows { (rows) throws(MediaError) in
            try body(unsafe PNGRows(source: source, reduction: nil, stored: rows))
        }
    }

    /// Makes rows, one after another, as small as they may be.
    ///
    /// - Parameter place: has room for the rows as the source makes them.
    func make(
        _ rows: Range<Int>, at place: UnsafeMutablePointer<UInt8>, tally: inout PixelTally
    ) throws(MediaError) {
        var span = unsafe MutableRawSpan(_unsafeStart: place, byteCount: rows.count * source.bytesPerRow)
        try source.fill(rows: rows, into: &span, tally: &tally)
        if let reduction { unsafe reduction.apply(to: place, pixels: rows.count * source.width) }
    }
}
