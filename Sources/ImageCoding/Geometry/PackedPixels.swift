package import MediaCore

/// Pixels that lie ready in memory.
package struct PackedPixels: PixelSource {
    package let width: Int
    package let height: Int
    package let format: PixelFormat
    package let palette: Palette?
    /// All rows, packed, top row first.
    package let bytes: [UInt8]

    /// Pixels that are there.
    ///
    /// - Throws: `argument.invalid` when there are not `width × height` of them.
    package init(
        width: Int, height: Int, format: PixelFormat, palette: Palette? = nil, bytes: [UInt8]
    ) throws(MediaError) {
        guard bytes.count == width * height * format.bytesPerPixel else {
            throw MediaError(
                .argumentInvalid, "\(bytes.count) bytes for \(width)×\(height) pixels of \(format)")
        }
        self.width = width
        self.height = height
        self.format = format
        self.palette = palette
        self.bytes = bytes
    }

    /// All rows of a source.
    ///
    /// - Throws: `limit.exceeded` for more pixels than may be held in memory; what the source throws.
    package init(of source: any PixelSource, limits: Limits) throws(MediaError) {
        let (pixels, overflow) = source.width.multipliedReportingOverflow(by: source.height)
        guard !overflow, pixels <= limits.imagePixels else {
            throw MediaError(
                .limitExceeded,
                "\(source.width)×\(source.height) pixels, \(limits.imagePixels) may be held in memory",
                hint: "take a smaller picture, or raise Limits.imagePixels")
        }
        var bytes = [UInt8](repeating: 0, count: pixels * source.format.bytesPerPixel)
        var tally = PixelTally()
        try source.fillAll(&bytes, tally: &tally)
        try self.init(
            width: source.width, height: source.height, format: source.format, palette: source.palette, bytes: bytes)
    }

    package func fill(
        rows: Range<Int>, into band: inout MutableRawSpan, tally: inout PixelTally
    ) throws(MediaError) {
        let places = rows.lowerBound * bytesPerRow..<rows.upperBound * bytesPerRow
        guard rows.lowerBound >= 0, rows.upperBound <= height, band.byteCount == places.count else {
            throw MediaError(
                .argumentInvalid, "rows \(rows) of \(height) for a band of \(band.byteCount) bytes")
        }
        unsafe bytes.withUnsafeBytes { all in
            unsafe band.withUnsafeMutableBytes { target in
                unsafe target.copyMemory(from: UnsafeRawBufferPointer(rebasing: all[places]))
            }
        }
    }
}

extension PixelSource {
    /// Writes all rows into an array of exactly their bytes.
    package func fillAll(_ bytes: inout [UInt8], tally: inout PixelTally) throws(MediaError) {
        var span = bytes.mutableSpan
        var band = unsafe span.mutableBytes
        try fill(rows: 0..<height, into: &band, tally: &tally)
    }
}
