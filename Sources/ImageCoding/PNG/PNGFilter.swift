/// The five ways in which PNG predicts a byte from its neighbours (PNG 1.2, chapter 6); what is stored is the difference.
///
/// `a` is the byte one pixel to the left, `b` the one above, `c` the one above `a`; outside the picture they are 0.
enum PNGFilter: UInt8, Sendable, CaseIterable {
    /// Nothing is predicted.
    case none = 0
    /// `a`.
    case sub = 1
    /// `b`.
    case up = 2
    /// `(a + b) / 2`, rounded down.
    case average = 3
    /// Whichever of `a`, `b`, `c` is nearest to `a + b − c`; in this order when they are equally near.
    case paeth = 4
}

/// The filters in plain Swift: what the kernels of `png_filter_….c` must equal, and what runs where those cannot.
enum PNGFilterLoops {
    /// Writes `count` filtered bytes of `row`, without the byte that names the filter.
    ///
    /// - Parameters:
    ///   - row: the row's packed bytes.
    ///   - above: the row above; zeros for the first.
    ///   - step: bytes per pixel, at least 1.
    ///   - output: room for `count` bytes; overlaps neither row.
    static func apply(
        _ filter: PNGFilter, row: UnsafePointer<UInt8>, above: UnsafePointer<UInt8>, count: Int, step: Int,
        output: UnsafeMutablePointer<UInt8>
    ) {
        let head = min(step, count)
        switch filter {
        case .none:
            unsafe output.update(from: row, count: count)
        case .sub:
            for i in 0..<head { unsafe output[i] = row[i] }
            var i = head
            while i < count {
                unsafe output[i] = row[i] &- row[i &- step]
                i &+= 1
            }
        case .up:
            var i = 0
            while i < count {
                unsafe output[i] = row[i] &- above[i]
                i &+= 1
            }
        case .average:
            for i in 0..<head { unsafe output[i] = row[i] &- (above[i] >> 1) }
            var i = head
            while i < count {
                // (a + b) / 2 without a ninth bit: what both share, and half of what they do not.
                let a = unsafe row[i &- step]
                let b = unsafe above[i]
                unsafe output[i] = row[i] &- ((a & b) &+ ((a ^ b) >> 1))
                i &+= 1
            }
        case .paeth:
            for i in 0..<head { unsafe output[i] = row[i] &- above[i] }
            var i = head
            while i < count {
                let a = unsafe row[i &- step]
                let b = unsafe above[i]
                let c = unsafe above[i &- step]
                unsafe output[i] = row[i] &- paeth(a, b, c)
                i &+= 1
            }
        }
    }

    /// The Paeth predictor in 8-bit arithmetic.
    ///
    /// The distances are |b − c|, |a − c| and |(b − c) + (a − c)|. When both differences point the same way the third is
    /// the largest, otherwise it is the difference of the other two: no step needs more than 8 bits.
    @inline(__always)
    static func paeth(_ a: UInt8, _ b: UInt8, _ c: UInt8) -> UInt8 {
        let toA = b > c ? b &- c : c &- b
        let toB = a > c ? a &- c : c &- a
        let apart = toA > toB ? toA &- toB : toB &- toA
        let toC: UInt8 = (b > c) == (a > c) ? 255 : apart
        let nearest = toB < toA ? b : a
        let distance = min(toA, toB)
        return toC < distance ? c : nearest
    }

    /// The sum of the filtered bytes' distances from 0, taken as signed: the usual guess at how well a row will compress.
    static func score(_ bytes: UnsafePointer<UInt8>, count: Int) -> UInt64 {
        var total: UInt64 = 0
        var i = 0
        while i < count {
            let end = min(i &+ 4096, count)
            var part: UInt32 = 0
            while i < end {
                let value = unsafe bytes[i]
                part &+= UInt32(truncatingIfNeeded: min(value, 0 &- value))
                i &+= 1
            }
            total &+= UInt64(part)
        }
        return total
    }
}
