import CMediaKernels
import ImageCoding

/// The Fourier transform of real numbers, as powers; eight windows at a time, a lane of a register for each.
///
/// Even and odd numbers are the real and imaginary parts of half as many complex ones (see Press et al., *Numerical Recipes*,
/// §12.3), which go through passes of radix 4, in place, by decimation in frequency; their order is undone when they are read.
/// Lanes never meet, so nothing is shuffled, and a window's powers do not depend on its neighbours. There are no fused
/// multiplications, so that they do not depend on the processor either.
package struct RealTransform {
    /// A number of each window.
    package typealias Lanes = SIMD8<Float>

    /// How many numbers a window has: a power of two, at least 8.
    package let length: Int
    private let half: Int
    /// For each pass of radix 4 but the last: the first, second and third power of each root of unity.
    private let roots: [Float]
    /// The roots by which even and odd numbers come together.
    private let splits: [Float]
    /// Where the passes leave the number of a frequency.
    private let places: [Int32]

    /// - Returns: `nil` unless `length` is a power of two from 8 on.
    package init?(length: Int) {
        guard length >= 8, length <= 1 << 24, length.nonzeroBitCount == 1 else { return nil }
        self.length = length
        half = length / 2
        var roots: [Float] = []
        var size = half
        while size > 4 {
            for index in 0..<size / 4 {
                for power in 1...3 { roots += Self.root(index * power, of: size) }
            }
            size /= 4
        }
        self.roots = roots
        splits = (0...half / 2).flatMap { Self.root($0, of: length) }
        places = (0..<half).map { [half] in Int32(Self.place(of: $0, in: half)) }
    }

    /// e^(−2πi · index / count).
    private static func root(_ index: Int, of count: Int) -> [Float] {
        let turn = 2 * Double(index) / Double(count)
        return [Float(RepeatableMath.sinPi(turn + 0.5)), Float(-RepeatableMath.sinPi(turn))]
    }

    private static func place(of frequency: Int, in count: Int) -> Int {
        var place = 0, rest = frequency, size = count
        while size > 1 {
            let radix = size % 4 == 0 ? 4 : 2
            size /= radix
            place += rest % radix * size
            rest /= radix
        }
        return place
    }

    /// The powers |X|² of eight windows.
    ///
    /// - Parameters:
    ///   - numbers: `length` numbers of each window; what is left of them is of no use.
    ///   - powers: room for `length / 2 + 1` of each, from frequency 0 up.
    package func powers(_ numbers: inout [Lanes], to powers: inout [Lanes]) {
        guard numbers.count >= length, powers.count > half else { return }
        unsafe numbers.withUnsafeMutableBytes { numbers in
            unsafe powers.withUnsafeMutableBytes { powers in
                unsafe tm_spectrum_powers(
                    numbers.baseAddress?.assumingMemoryBound(to: Float.self), roots, splits, places, length,
                    powers.baseAddress?.assumingMemoryBound(to: Float.self))
            }
        }
    }

    /// The twin of the kernel: the same sums and products in Swift.
    package func plainPowers(_ numbers: inout [Lanes], to powers: inout [Lanes]) {
        guard numbers.count >= length, powers.count > half else { return }
        unsafe numbers.withUnsafeMutableBufferPointer { numbers in
            unsafe powers.withUnsafeMutableBufferPointer { powers in
                guard let x = numbers.baseAddress, let p = powers.baseAddress else { return }
                unsafe transform(x)
                unsafe combine(x, to: p)
            }
        }
    }

    /// Complex numbers, real and imaginary parts in turn, to their transform in another order.
    @unsafe private func transform(_ x: UnsafeMutablePointer<Lanes>) {
        var size = half
        unsafe roots.withUnsafeBufferPointer { roots in
            var first = 0
            while size > 4 {
                let quarter = size / 4
                for base in stride(from: 0, to: half, by: size) {
                    for index in 0..<quarter {
                        let w = first &+ 6 &* index
                        unsafe Self.butterfly(
                            x + 2 &* (base &+ index), 2 &* quarter,
                            (roots[w], roots[w &+ 1]), (roots[w &+ 2], roots[w &+ 3]), (roots[w &+ 4], roots[w &+ 5]))
                    }
                }
                first &+= 6 &* quarter
                size = quarter
            }
        }
        if size == 4 {
            for base in stride(from: 0, to: half, by: 4) { unsafe Self.butterfly(x + 2 &* base) }
        } else if size == 2 {
            for base in stride(from: 0, to: half, by: 2) {
                let p = unsafe x + 2 &* base
                let (a, b, c, d) = unsafe (p[0], p[1], p[2], p[3])
                unsafe (p[0], p[1], p[2], p[3]) = (a + c, b + d, a - c, b - d)
            }
        }
    }

    /// Four complex numbers `step` apart, the second to fourth result turned by a root each.
    @inline(always)
    @unsafe private static func butterfly(
        _ p: UnsafeMutablePointer<Lanes>, _ step: Int, _ w1: (Float, Float), _ w2: (Float, Float), _ w3: (Float, Float)
    ) {
        let (q, r, s) = unsafe (p + step, p + 2 &* step, p + 3 &* step)
        let evenSum = unsafe (p[0] + r[0], p[1] + r[1]), evenGap = unsafe (p[0] - r[0], p[1] - r[1])
        let oddSum = unsafe (q[0] + s[0], q[1] + s[1]), oddGap = unsafe (q[0] - s[0], q[1] - s[1])
        unsafe (p[0], p[1]) = (evenSum.0 + oddSum.0, evenSum.1 + oddSum.1)
        let one = (evenGap.0 + oddGap.1, evenGap.1 - oddGap.0)
        unsafe (q[0], q[1]) = (one.0 * w1.0 - one.1 * w1.1, one.0 * w1.1 + one.1 * w1.0)
        let two = (evenSum.0 - oddSum.0, evenSum.1 - oddSum.1)
        unsafe (r[0], r[1]) = (two.0 * w2.0 - two.1 * w2.1, two.0 * w2.1 + two.1 * w2.0)
        let three = (evenGap.0 - oddGap.1, evenGap.1 + oddGap.0)
        unsafe (s[0], s[1]) = (three.0 * w3.0 - three.1 * w3.1, three.0 * w3.1 + three.1 * w3.0)
    }

    /// The last pass: four neighbours, all roots 1.
    @inline(always)
    @unsafe private static func butterfly(_ p: UnsafeMutablePointer<Lanes>) {
        let evenSum = unsafe (p[0] + p[4], p[1] + p[5]), evenGap = unsafe (p[0] - p[4], p[1] - p[5])
        let oddSum = unsafe (p[2] + p[6], p[3] + p[7]), oddGap = unsafe (p[2] - p[6], p[3] - p[7])
        unsafe (p[0], p[1]) = (evenSum.0 + oddSum.0, evenSum.1 + oddSum.1)
        unsafe (p[2], p[3]) = (evenGap.0 + oddGap.1, evenGap.1 - oddGap.0)
        unsafe (p[4], p[5]) = (evenSum.0 - oddSum.0, evenSum.1 - oddSum.1)
        unsafe (p[6], p[7]) = (evenGap.0 - oddGap.1, evenGap.1 + oddGap.0)
    }

    /// The powers of the real numbers, from the transform of the complex ones.
    @unsafe private func combine(_ x: UnsafePointer<Lanes>, to powers: UnsafeMutablePointer<Lanes>) {
        let sum = unsafe x[0] + x[1], gap = unsafe x[0] - x[1]
        unsafe (powers[0], powers[half]) = (sum * sum, gap * gap)
        let half = half
        unsafe places.withUnsafeBufferPointer { places in
            unsafe splits.withUnsafeBufferPointer { splits in
                for k in 1...half / 2 {
                    let a = unsafe x + 2 &* Int(places[k]), b = unsafe x + 2 &* Int(places[half &- k])
                    // Twice the transforms of the even and of the odd numbers.
                    let even = unsafe (a[0] + b[0], a[1] - b[1])
                    let odd = unsafe (a[1] + b[1], b[0] - a[0])
                    let (c, s) = unsafe (splits[2 &* k], splits[2 &* k &+ 1])
                    let turned = (odd.0 * c - odd.1 * s, odd.0 * s + odd.1 * c)
                    let (re, im) = (even.0 + turned.0, even.1 + turned.1)
                    let (re2, im2) = (even.0 - turned.0, even.1 - turned.1)
                    unsafe powers[k] = (re * re + im * im) * 0.25
                    unsafe powers[half &- k] = (re2 * re2 + im2 * im2) * 0.25
                }
            }
        }
    }
}
