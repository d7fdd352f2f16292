import CMediaKernels

/// Rows of packed gray, RGB or RGBA of 8 bits to rows of YUV: by the kernels of the processor, else by their twins.
struct YUVRows: Sendable {
    /// 1, 3 or 4 samples a pixel.
    let channels: Int
    let weights: YUVWeights
    private let kernelWeights: tm_yuv_weights

    init(channels: Int, weights: YUVWeights) {
        self.channels = channels
        self.weights = weights
        func tuple(_ color: SIMD3<Int16>) -> (Int16, Int16, Int16) { (color.x, color.y, color.z) }
        kernelWeights = tm_yuv_weights(
            y: tuple(weights.luma), u: tuple(weights.blueness), v: tuple(weights.redness))
    }

    /// Two rows to 4:2:0; behind an odd `count` the last pixel stands once more.
    @unsafe func quarter(
        _ first: UnsafePointer<UInt8>, _ second: UnsafePointer<UInt8>, count: Int, to rows: YUVLoops.QuarterRows
    ) {
        if channels == 1 {
            unsafe gray(first, count: count, to: rows.first)
            unsafe gray(second, count: count, to: rows.second)
            if count > 0, count & 1 == 1 {
                unsafe rows.first[count] = unsafe rows.first[count &- 1]
                unsafe rows.second[count] = unsafe rows.second[count &- 1]
            }
            unsafe rows.u.update(repeating: 128, count: (count &+ 1) / 2)
            unsafe rows.v.update(repeating: 128, count: (count &+ 1) / 2)
            return
        }
        var kernelWeights = kernelWeights
        var targets = unsafe tm_yuv_rows(first: rows.first, second: rows.second, u: rows.u, v: rows.v)
        let isDone = unsafe tm_yuv_quarter(first, second, Int32(channels), count, &kernelWeights, &targets)
        guard isDone == 0 else { return }
        unsafe YUVLoops.quarter(first, second, channels: channels, count: count, weights: weights, to: rows)
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
        var kernelWeights = kernelWeights
        guard unsafe tm_yuv_full(row, Int32(channels), count, &kernelWeights, y, u, v) == 0 else { return }
        unsafe YUVLoops.full(row, channels: channels, count: count, weights: weights, y: y, u: u, v: v)
    }

    /// The opacity of a row of RGBA; that of others is 255.
    @unsafe func alpha(_ row: UnsafePointer<UInt8>, count: Int, to alpha: UnsafeMutablePointer<UInt8>) {
        guard channels == 4 else {
            unsafe alpha.update(repeating: 255, count: count)
            return
        }
        guard unsafe tm_yuv_alpha(row, count, alpha) == 0 else { return }
        unsafe YUVLoops.alpha(row, count: count, to: alpha)
    }

    private func gray(_ row: UnsafePointer<UInt8>, count: Int, to y: UnsafeMutablePointer<UInt8>) {
        guard unsafe tm_yuv_gray(row, count, Int32(weights.gray), y) == 0 else { return }
        unsafe YUVLoops.gray(row, count: count, weight: weights.gray, to: y)
    }
}
