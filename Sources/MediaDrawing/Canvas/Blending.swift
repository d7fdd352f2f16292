import ImageCoding

/// A colour in the samples of a canvas, and how it is laid over pixels.
///
/// Opacity is a number *m* of 0…255: `(level · alpha + 127) / 255` in whole numbers, for a coverage level and the colour's
/// alpha. Over a pixel without opacity a sample *d* becomes
///
///     (d · (255 − m) + s · m + 127) / 255
///
/// where *s* is the colour's sample. Over a pixel of opacity *b* of *M* (255 or 65535) this is Porter and Duff's *over* for
/// colours that are not multiplied by their opacity: with the weights `p = m · M` and `q = b · (255 − m)`
///
///     opacity = (p + q + 127) / 255        sample = (s · p + d · q + (p + q) / 2) / (p + q)
///
/// and a pixel stays as it is where both weights are 0. For b = M both rules are the same.
struct Brush<Sample: FixedWidthInteger & UnsignedInteger> {
    let red: UInt32, green: UInt32, blue: UInt32
    /// The colour's opacity, 0…255.
    let alpha: UInt32

    init(_ color: Palette.Color) {
        // 255 becomes 255 or 65535.
        let scale = Sample.bitWidth == 8 ? 1 : 257 as UInt32
        red = UInt32(color.red) * scale
        green = UInt32(color.green) * scale
        blue = UInt32(color.blue) * scale
        alpha = UInt32(color.alpha)
    }

    @inline(__always)
    private func opacity(_ level: UInt8) -> UInt32 { (UInt32(level) &* alpha &+ 127) / 255 }

    // MARK: Pixels of red, green, blue

    /// Lays the colour over `count` pixels, each with a level of its own.
    @unsafe func paint(
        _ pixels: UnsafeMutablePointer<Sample>, levels: UnsafePointer<UInt8>, count: Int
    ) {
        for index in 0..<count {
            let m = unsafe opacity(levels[index])
            if m == 0 { continue }
            unsafe blend(pixels + 3 &* index, m)
        }
    }

    /// Lays the colour over `count` pixels, all with the same level.
    @unsafe func paint(_ pixels: UnsafeMutablePointer<Sample>, level: UInt8, count: Int) {
        let m = opacity(level)
        if m == 0 { return }
        var done = 0
        if MemoryLayout<Sample>.size == 1, count >= 16 {
            let bytes = UnsafeMutableRawPointer(pixels)
            done = count & ~15
            unsafe PatternLoops.lay(red, green, blue, opacity: m, over: bytes, pixels: done)
        }
        for index in done..<count { unsafe blend(pixels + 3 &* index, m) }
    }

    @inline(__always)
    @unsafe private func blend(_ pixel: UnsafeMutablePointer<Sample>, _ m: UInt32) {
        unsafe pixel[0] = unsafe mix(pixel[0], red, m)
        unsafe pixel[1] = unsafe mix(pixel[1], green, m)
        unsafe pixel[2] = unsafe mix(pixel[2], blue, m)
    }

    /// 65535 · 255 fits 32 bits.
    @inline(__always)
    private func mix(_ below: Sample, _ above: UInt32, _ m: UInt32) -> Sample {
        Sample(truncatingIfNeeded: (UInt32(truncatingIfNeeded: below) &* (255 &- m) &+ above &* m &+ 127) / 255)
    }

    // MARK: Pixels of red, green, blue, opacity

    /// Lays the colour over `count` pixels with opacity, each with a level of its own.
    @unsafe func paintOver(
        _ pixels: UnsafeMutablePointer<Sample>, levels: UnsafePointer<UInt8>, count: Int
    ) {
        for index in 0..<count { unsafe compose(pixels + 4 &* index, opacity(levels[index])) }
    }

    /// Lays the colour over `count` pixels with opacity, all with the same level.
    @unsafe func paintOver(_ pixels: UnsafeMutablePointer<Sample>, level: UInt8, count: Int) {
        let m = opacity(level)
        for index in 0..<count { unsafe compose(pixels + 4 &* index, m) }
    }

    @inline(__always)
    @unsafe private func compose(_ pixel: UnsafeMutablePointer<Sample>, _ m: UInt32) {
        let below = unsafe UInt64(truncatingIfNeeded: pixel[3])
        // Over what is opaque, and under what is, both rules are the same, and the other one needs no division by a sum.
        if m == 255 || below == UInt64(Sample.max) {
            unsafe blend(pixel, m)
            unsafe pixel[3] = Sample.max
            return
        }
        let p = UInt64(m) &* UInt64(Sample.max), q = below &* UInt64(255 &- m)
        let sum = p &+ q
        if m == 0 || sum == 0 { return }
        func mixed(_ below: Sample, _ above: UInt32) -> Sample {
            Sample(truncatingIfNeeded: (UInt64(above) &* p &+ UInt64(truncatingIfNeeded: below) &* q &+ sum / 2) / sum)
        }
        unsafe pixel[0] = unsafe mixed(pixel[0], red)
        unsafe pixel[1] = unsafe mixed(pixel[1], green)
        unsafe pixel[2] = unsafe mixed(pixel[2], blue)
        unsafe pixel[3] = Sample(truncatingIfNeeded: (sum &+ 127) / 255)
    }
}

/// Runs of pixels of red, green and blue in 8 bits under one colour: the hot loop of large areas.
enum PatternLoops {
    /// Lays a colour over whole blocks of 16 pixels, which are three vectors of 16 samples: `(d · (255 − m) + s · m + 127) / 255`.
    ///
    /// - Parameters:
    ///   - red: the colour's sample, 0…255; so are `green` and `blue`.
    ///   - m: the opacity, 1…255.
    ///   - bytes: the pixels, three bytes each.
    ///   - pixels: how many; a multiple of 16.
    @unsafe static func lay(
        _ red: UInt32, _ green: UInt32, _ blue: UInt32, opacity m: UInt32, over bytes: UnsafeMutableRawPointer,
        pixels: Int
    ) {
        let rest = SIMD16<UInt16>(repeating: UInt16(truncatingIfNeeded: 255 &- m))
        func addend(_ phase: Int) -> SIMD16<UInt16> {
            var vector = SIMD16<UInt16>()
            for lane in 0..<16 {
                let sample = (phase + lane) % 3 == 0 ? red : (phase + lane) % 3 == 1 ? green : blue
                vector[lane] = UInt16(truncatingIfNeeded: sample &* m &+ 127)
            }
            return vector
        }
        let (one, two, three) = (addend(0), addend(16), addend(32))
        for block in 0..<pixels / 16 {
            let place = unsafe bytes + block &* 48
            unsafe lay(one, rest, place)
            unsafe lay(two, rest, place + 16)
            unsafe lay(three, rest, place + 32)
        }
    }

    @inline(__always)
    @unsafe private static func lay(
        _ addend: SIMD16<UInt16>, _ rest: SIMD16<UInt16>, _ place: UnsafeMutableRawPointer
    ) {
        let below = unsafe place.loadUnaligned(as: SIMD16<UInt8>.self)
        let sum = SIMD16<UInt16>(truncatingIfNeeded: below) &* rest &+ addend
        // Division by 255, exact below 65535; the sum is at most 65152.
        let result = (sum &+ 1 &+ (sum &>> 8)) &>> 8
        unsafe place.storeBytes(of: SIMD16<UInt8>(truncatingIfNeeded: result), as: SIMD16<UInt8>.self)
    }
}
