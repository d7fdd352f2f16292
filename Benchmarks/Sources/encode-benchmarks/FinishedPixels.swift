import ImageCoding
import MediaCore

/// Pixels that lie ready in memory, as the peers get them: 8 or 16 bits a sample.
struct FinishedPixels {
    let width: Int
    let height: Int
    let format: PixelFormat
    let rows: [UInt8]

    /// All rows of a source; truth values become 0 and 255, which is what other encoders are given.
    init(of source: any PixelSource) throws {
        width = source.width
        height = source.height
        format = source.format.bits == 1 ? .gray : source.format
        var rows = [UInt8](unsafeUninitializedCapacity: source.bytesPerRow * source.height) { $1 = $0.count }
        var tally = PixelTally()
        var span = rows.mutableSpan
        var bytes = span.mutableBytes
        try source.fill(rows: 0..<source.height, into: &bytes, tally: &tally)
        if source.format.bits == 1 { for i in rows.indices { rows[i] &*= 255 } }
        self.rows = rows
    }
}
