/// Packed pixels of 8 bits to rows of YUV: the twins of the kernels.
///
/// `channels` is 3 for RGB, 4 for RGBA, whose last sample is left out. A loop for each, because a stride that is known makes
/// it twice as fast.
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

    /// Two rows to 4:2:0. Behind an odd `count` the last pixel stands once more.
    package static func quarter(
        _ first: UnsafePointer<UInt8>, _ second: UnsafePointer<UInt8>, channels: Int, count: Int,
        weights: YUVWeights, to rows: QuarterRows
    ) {
        if channels == 3 {
            unsafe squares(first, second, stride: 3, count, weights, rows)
        } else {
            unsafe squares(first, second, stride: 4, count, weights, rows)
        }
    }

    @inline(__always)
    private static func squares(
        _ first: UnsafePointer<UInt8>, _ second: UnsafePointer<UInt8>, stride: Int, _ count: Int,
        _ weights: YUVWeights, _ rows: QuarterRows
    ) {
        var column = 0
        while column < count {
            let next = min(column &+ 1, count &- 1)
            let a = unsafe pixel(first, stride, column), b = unsafe pixel(first, stride, next)
            let c = unsafe pixel(second, stride, column), d = unsafe pixel(second, stride, next)
            unsafe rows.first[column] = weights.y(a.x, a.y, a.z)
            unsafe rows.first[column &+ 1] = weights.y(b.x, b.y, b.z)
            unsafe rows.second[column] = weights.y(c.x, c.y, c.z)
            unsafe rows.second[column &+ 1] = weights.y(d.x, d.y, d.z)
            let sum = (x: a.x &+ b.x &+ c.x &+ d.x, y: a.y &+ b.y &+ c.y &+ d.y, z: a.z &+ b.z &+ c.z &+ d.z)
            unsafe rows.u[column >> 1] = weights.chroma(weights.blueness, sum.x, sum.y, sum.z, shift: 2)
            unsafe rows.v[column >> 1] = weights.chroma(weights.redness, sum.x, sum.y, sum.z, shift: 2)
            column &+= 2
        }
    }

    /// A row to 4:4:4.
    package static func full(
        _ row: UnsafePointer<UInt8>, channels: Int, count: Int, weights: YUVWeights, y: UnsafeMutablePointer<UInt8>,
        u: UnsafeMutablePointer<UInt8>, v: UnsafeMutablePointer<UInt8>
    ) {
        for column in 0..<max(0, count) {
            let color = unsafe pixel(row, channels, column)
            unsafe y[column] = weights.y(color.x, color.y, color.z)
            unsafe u[column] = weights.chroma(weights.blueness, color.x, color.y, color.z, shift: 0)
            unsafe v[column] = weights.chroma(weights.redness, color.x, color.y, color.z, shift: 0)
        }
    }

    /// Gray to luma.
    package static func gray(
        _ row: UnsafePointer<UInt8>, count: Int, weight: Int16, to y: UnsafeMutablePointer<UInt8>
    ) {
        for column in 0..<max(0, count) {
            let level = Int32(weight) &* (unsafe Int32(row[column])) &+ 33 << 14
            unsafe y[column] = UInt8(truncatingIfNeeded: level >> 15)
        }
    }

    /// The opacity of RGBA.
    package static func alpha(_ row: UnsafePointer<UInt8>, count: Int, to alpha: UnsafeMutablePointer<UInt8>) {
        for column in 0..<max(0, count) { unsafe alpha[column] = unsafe row[4 &* column &+ 3] }
    }

    @inline(__always)
    private static func pixel(_ row: UnsafePointer<UInt8>, _ stride: Int, _ column: Int) -> (
        x: Int32, y: Int32, z: Int32
    ) {
        let place = unsafe row + column &* stride
        return unsafe (Int32(place[0]), Int32(place[1]), Int32(place[2]))
    }
}
