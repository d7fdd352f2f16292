import CLibavLoader
import ImageCoding
import MediaCore

/// Frames to the RGB that lossless encoders take: packed for x264, three planes for VP9.
struct RGBRows {
    private let width: Int
    private var row: [UInt8]

    /// Rows of frames of a width.
    init(width: Int) {
        self.width = width
        row = [UInt8](repeating: 0, count: width * 3)
    }

    /// Writes a frame of RGB into one of libav.
    mutating func render(
        _ frame: any PixelSource, into target: UnsafeMutablePointer<tm_av_frame>, tally: inout PixelTally
    ) throws(MediaError) {
        let isPacked = unsafe target.pointee.format == Int32(TM_AV_RGB24)
        let planes = unsafe target.pointee.data, strides = unsafe target.pointee.linesize
        guard let first = unsafe planes.0, unsafe isPacked || planes.1 != nil && planes.2 != nil else {
            throw MediaError(.libraryFailed, "libav gave a frame without memory")
        }
        let second = unsafe planes.1 ?? first, third = unsafe planes.2 ?? first
        for index in 0..<frame.height {
            var span = row.mutableSpan
            var bytes = unsafe span.mutableBytes
            try frame.fill(rows: index..<index + 1, into: &bytes, tally: &tally)
            let start = unsafe first + index * Int(strides.0)
            if isPacked {
                unsafe start.update(from: row, count: row.count)
                continue
            }
            let blue = unsafe second + index * Int(strides.1), red = unsafe third + index * Int(strides.2)
            for column in 0..<width {
                unsafe red[column] = row[3 * column]
                unsafe start[column] = row[3 * column + 1]
                unsafe blue[column] = row[3 * column + 2]
            }
        }
    }
}
