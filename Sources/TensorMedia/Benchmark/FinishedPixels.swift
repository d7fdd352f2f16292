import ImageCoding
import MediaCore

/// Pixels that lie ready in memory, as rivals get them.
struct FinishedPixels: PixelSource {
    let width: Int
    let height: Int
    let format: PixelFormat
    let palette: Palette?
    /// All rows, packed.
    let bytes: [UInt8]

    /// All rows of a source.
    ///
    /// - Throws: `limit.exceeded` for more pixels than may be held in memory; what the source throws.
    init(of source: any PixelSource, limits: Limits) throws(MediaError) {
        width = source.width
        height = source.height
        format = source.format
        palette = source.palette
        let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
        guard !overflow, pixels <= limits.imagePixels else {
            throw MediaError(
                .limitExceeded, "\(width)×\(height) pixels, \(limits.imagePixels) may be held in memory",
                hint: "measure a smaller picture")
        }
        var bytes = [UInt8](repeating: 0, count: pixels * source.format.bytesPerPixel)
        var tally = PixelTally()
        var span = bytes.mutableSpan
        var band = unsafe span.mutableBytes
        try source.fill(rows: 0..<height, into: &band, tally: &tally)
        self.bytes = bytes
    }

    func fill(rows: Range<Int>, into band: inout MutableRawSpan, tally: inout PixelTally) throws(MediaError) {
        let places = rows.lowerBound * bytesPerRow..<rows.upperBound * bytesPerRow
        guard rows.lowerBound >= 0, rows.upperBound <= height, band.byteCount == places.count else {
            throw MediaError(.argumentInvalid, "rows \(rows) of \(height) for a band of \(band.byteCount) bytes")
        }
        unsafe bytes.withUnsafeBytes { all in
            unsafe band.withUnsafeMutableBytes { target in
                unsafe target.copyMemory(from: UnsafeRawBufferPointer(rebasing: all[places]))
            }
        }
    }
}
