import CMediaKernels

/// Rows of packed gray, RGB or RGBA of 8 bits to rows of YUV, by the kernels of the processor and, for the rest, plainly.
struct YUVRows: Sendable {
    /// 1, 3 or 4 samples a pixel.
    let channels: Int
    let weights: YUVWeights

    /// Two rows to 4:2:0; behind an odd `count` the last pixel stands once more.
    @unsafe func quarter(
        _ first: UnsafePointer<UInt8>, _ second: UnsafePointer<UInt8>, count: Int, to rows: YUVLoops.QuarterRows
    ) {
        if channels == 1 {
            unsafe gray(first, count: count, to: rows.first)
            unsafe gray(second, count: count, to: rows.second)
            let half = (count &+ 1) / 2
            if count > 0, count & 1 == 1 {
                unsafe rows.first[count] = unsafe rows.first[count &- 1]
                unsafe rows.second[count] = unsafe rows.second[count &- 1]
            }
            unsafe rows.u.update(repeating: 128, count: half)
            unsafe rows.v.update(repeating: 128, count: half)
            return
        }
        unsafe YUVLoops.quarter(
            first, second, channels: channels, from: 0, count: count, weights: weights, to: rows)
    }

    /// A row to 4:4:4.
    @unsafe func full(
        _ row: UnsafePointer<UInt8>, count: Int, y: UnsafeMutablePointer<UInt8>, u: UnsafeMutablePointer<UInt8>,
        v: UnsafeMutablePointer<UInt8>
    ) {
        if channels == 1 {
            unsafe gray(row, count: count, to: y)
            unsafe u.update(repeating: 128, count: count)
            unsafe v.update(repeating: 128, count: count)
            return
        }
        unsafe YUVLoops.full(row, channels: channels, from: 0, count: count, weights: weights, y: y, u: u, v: v)
    }

    /// The opacity of a row of RGBA; of others it is 255.
    @unsafe func alpha(_ row: UnsafePointer<UInt8>, count: Int, to alpha: UnsafeMutablePointer<UInt8>) {
        guard channels == 4 else {
            unsafe alpha.update(repeating: 255, count: count)
            return
        }
        unsafe YUVLoops.alpha(row, from: 0, count: count, to: alpha)
    }

    private func gray(_ row: UnsafePointer<UInt8>, count: Int, to y: UnsafeMutablePointer<UInt8>) {
        unsafe YUVLoops.gray(row, from: 0, count: count, weight: weights.gray, to: y)
    }
}
