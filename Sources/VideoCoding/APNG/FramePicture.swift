import ImageCoding
import MediaCore

/// An area of a frame as a picture.
struct FramePicture: PixelSource {
    let pixels: FramePixels
    let area: FrameArea
    let format: PixelFormat
    var width: Int { area.columns.count }
    var height: Int { area.rows.count }

    func fill(rows: Range<Int>, into band: inout MutableRawSpan, tally: inout PixelTally) throws(MediaError) {
        let length = bytesPerRow
        guard rows.lowerBound >= 0, rows.upperBound <= height, band.byteCount == rows.count * length else {
            throw MediaError(
                .argumentInvalid, "rows \(rows) of \(height) do not fit a band of \(band.byteCount) bytes")
        }
        unsafe band.withUnsafeMutableBytes { target in
            guard let base = target.baseAddress else { return }
            for (place, row) in rows.enumerated() {
                let source =
                    unsafe pixels.row(area.rows.lowerBound + row) + area.columns.lowerBound * pixels.words.stride
                unsafe (base + place * length).copyMemory(from: source, byteCount: length)
            }
        }
    }
}
