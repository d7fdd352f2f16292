import ImageCoding
import MediaCore

/// Pixels that lie ready in memory, as the peers get them.
struct FinishedPixels: PixelSource {
    let width: Int
    let height: Int
    let format: PixelFormat
    let rows: [UInt8]

    /// All rows of a source.
    init(of source: any PixelSource) throws {
        width = source.width
        height = source.height
        format = source.format
        var rows = [UInt8](repeating: 0, count: source.bytesPerRow * source.height)
        var tally = PixelTally()
        var span = rows.mutableSpan
        var bytes = span.mutableBytes
        try source.fill(rows: 0..<source.height, into: &bytes, tally: &tally)
        self.rows = rows
    }

    func fill(rows wanted: Range<Int>, into band: inout MutableRawSpan, tally: inout PixelTally) throws(MediaError) {
        rows.withUnsafeBytes { all in
            band.withUnsafeMutableBytes { into in
                into.copyMemory(
                    from: UnsafeRawBufferPointer(
                        rebasing: all[(wanted.lowerBound * bytesPerRow)..<(wanted.upperBound * bytesPerRow)]))
            }
        }
    }
}
