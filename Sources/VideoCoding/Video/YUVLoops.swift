/// Packed pixels of 8 bits to rows of YUV: the twins of the kernels, which take what these have left or what no kernel does.
///
/// `channels` is 1 for gray, 3 for RGB, 4 for RGBA, whose last sample is left out.
package enum YUVLoops {
    /// Where the rows of luma of two rows of pixels go, and the row of chroma that they share.
    @safe
    package struct QuarterRows {
        package var first: UnsafeMutablePointer<UInt8>, second: UnsafeMutablePointer<UInt8>
        package var u: UnsafeMutablePointer<UInt8>, v: UnsafeMutablePointer<UInt8>

        package init(
            first: UnsafeMutablePointer<UInt8>, second: UnsafeMutablePointer<UInt8>, u: UnsafeMutablePointer<UInt8>,
            v: UnsafeMutablePointer<UInt8>
        ) {
            unsafe self.first = first
            unsafe self.second = second
            unsafe self.u = u
            unsafe self.v = v
        }
    }

    /// Pixels from `start` on, an even number, of two rows to 4:2:0. Behind an odd `count` the last pixel stands once more.
    package static func quarter(
        _ first: UnsafePointer<UInt8>, _ second: UnsafePointer<UInt8>, channels: Int, from start: Int, count: Int,
        weights: YUVWeights, to rows: QuarterRows
    ) {
        let green = channels == 1 ? 0 : 1, blue = channels == 1 ? 0 : 2
        for column in stride(from: start, to: count, by: 2) {
            let next = min(column &+ 1, count &- 1)
            var sum = SIMD3<Int32>()
            func luma(_ row: UnsafePointer<UInt8>, _ column: Int) -> UInt8 {
                let pixel = unsafe row + column &* channels
                let color = unsafe SIMD3(Int32(pixel[0]), Int32(pixel[green]), Int32(pixel[blue]))
                sum &+= color
                return weights.y(color.x, color.y, color.z)
            }
            unsafe rows.first[column] = unsafe luma(first, column)
            unsafe rows.first[column &+ 1] = unsafe luma(first, next)
            unsafe rows.second[column] = unsafe luma(second, column)
            unsafe rows.second[column &+ 1] = unsafe luma(second, next)
            unsafe rows.u[column >> 1] = weights.chroma(weights.blueness, sum.x, sum.y, sum.z, shift: 2)
            unsafe rows.v[column >> 1] = weights.chroma(weights.redness, sum.x, sum.y, sum.z, shift: 2)
        }
    }

    /// Pixels from `start` on of a row to 4:4:4.
    package static func full(
        _ row: UnsafePointer<UInt8>, channels: Int, from start: Int, count: Int, weights: YUVWeights,
        y: UnsafeMutablePointer<UInt8>, u: UnsafeMutablePointer<UInt8>, v: UnsafeMutablePointer<UInt8>
    ) {
        for column in start..<max(start, count) {
            let pixel = unsafe row + column &* channels
            let red = unsafe Int32(pixel[0])
            let green = unsafe Int32(pixel[channels == 1 ? 0 : 1]), blue = unsafe Int32(pixel[channels == 1 ? 0 : 2])
            unsafe y[column] = weights.y(red, green, blue)
            unsafe u[column] = weights.chroma(weights.blueness, red, green, blue, shift: 0)
            unsafe v[column] = weights.chroma(weights.redness, red, green, blue, shift: 0)
        }
    }

    /// Gray from `start` on to luma.
    package static func gray(
        _ row: UnsafePointer<UInt8>, from start: Int, count: Int, weight: Int16, to y: UnsafeMutablePointer<UInt8>
    ) {
        let weight = Int32(weight)
        for column in start..<max(start, count) {
            let level = weight &* (unsafe Int32(row[column])) &+ (16 << 15 + 1 << 14)
            unsafe y[column] = UInt8(truncatingIfNeeded: level >> 15)
        }
    }

    /// The opacity of RGBA from `start` on.
    package static func alpha(
        _ row: UnsafePointer<UInt8>, from start: Int, count: Int, to alpha: UnsafeMutablePointer<UInt8>
    ) {
        for column in start..<max(start, count) { unsafe alpha[column] = unsafe row[4 &* column &+ 3] }
    }
}
