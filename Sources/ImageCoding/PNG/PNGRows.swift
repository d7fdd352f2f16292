import MediaCore

/// Where an encoder's rows come from: a source that makes them, or memory where they lie ready.
@safe struct PNGRows: @unchecked Sendable {
    /// What makes the rows.
    let source: any PixelSource
    /// Row 0 in memory and the distance to the next one, when the rows lie there as the source would make them.
    let stored: (first: UnsafePointer<UInt8>, pitch: Int)?

    /// Calls `body` with the rows of `source`: in place where they can be used as they lie in memory, which saves the copy.
    static func with<Result>(
        _ source: any PixelSource, _ layout: PNGLayout, _ body: (PNGRows) throws(MediaError) -> Result
    ) throws(MediaError) -> Result {
        // A tiny picture is copied sooner than anybody asked what its source is.
        guard layout.filteredBytes > SmallCodes.mostBytes, layout.format.bits == 8, layout.format.model != .indexed,
            // The only source that has its pixels in memory; asking for the protocol would take memory of the heap.
            let stored = source as? TensorPixels
        else { return try body(unsafe PNGRows(source: source, stored: nil)) }
        return try unsafe stored.withStoredRows { (rows) throws(MediaError) in
            try body(unsafe PNGRows(source: source, stored: rows))
        }
    }
}
