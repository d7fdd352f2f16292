/// The loops of pixel format conversion over packed samples of 8 or 16 bits.
///
/// Both pointers reach at least `count` pixels of their model. Every loop is branch-free and gets compiled once for each
/// width of samples.
enum SampleLoops {
    /// Luma of ITU-R 601-2 in 16-bit fixed point, `(R·19595 + G·38470 + B·7471 + 2¹⁵) >> 16`, as Pillow computes it. The
    /// weights add up to 2¹⁶, and the sum fits 32 bits for 16-bit samples too.
    @inline(__always)
    static func luma<Sample: FixedWidthInteger & UnsignedInteger>(_ red: Sample, _ green: Sample, _ blue: Sample)
        -> Sample
    {
        let sum =
            UInt32(truncatingIfNeeded: red) &* 19595 &+ UInt32(truncatingIfNeeded: green) &* 38470
            &+ UInt32(truncatingIfNeeded: blue) &* 7471 &+ 0x8000
        return Sample(truncatingIfNeeded: sum >> 16)
    }

    /// Gives pixels another model. Opacity is left out or, where it is new, full.
    @inline(__always)
    static func remodel<Sample: FixedWidthInteger & UnsignedInteger>(
        _ from: PixelFormat.Model, _ to: PixelFormat.Model, _ source: UnsafePointer<Sample>,
        _ target: UnsafeMutablePointer<Sample>, count: Int
    ) {
        let from = from.channels, to = to.channels
        switch (from, to) {
        case (3..., ..<3):
            for i in 0..<count {
                let s = i &* from
                unsafe target[i &* to] = unsafe luma(source[s], source[s &+ 1], source[s &+ 2])
            }
        case (..<3, 3...):
            for i in 0..<count {
                let value = unsafe source[i &* from], t = i &* to
                unsafe target[t] = value
                unsafe target[t &+ 1] = value
                unsafe target[t &+ 2] = value
            }
        case (3..., 3...):
            for i in 0..<count {
                let s = i &* from, t = i &* to
                unsafe target[t] = unsafe source[s]
                unsafe target[t &+ 1] = unsafe source[s &+ 1]
                unsafe target[t &+ 2] = unsafe source[s &+ 2]
            }
        default:
            for i in 0..<count { unsafe target[i &* to] = unsafe source[i &* from] }
        }
        guard to % 2 == 0 else { return }
        if from % 2 == 0 {
            for i in 0..<count { unsafe target[i &* to &+ to &- 1] = unsafe source[i &* from &+ from &- 1] }
        } else {
            for i in 0..<count { unsafe target[i &* to &+ to &- 1] = .max }
        }
    }

    /// Lays pixels with opacity over `color`, whose samples are those of the model without opacity.
    @inline(__always)
    static func compose<Sample: FixedWidthInteger & UnsignedInteger>(
        channels: Int, over color: [Sample], _ source: UnsafePointer<Sample>, _ target: UnsafeMutablePointer<Sample>,
        count: Int
    ) {
        let full = UInt32(truncatingIfNeeded: Sample.max)
        for channel in 0..<min(color.count, channels) {
            let back = UInt32(truncatingIfNeeded: color[channel])
            for i in 0..<count {
                let s = i &* (channels &+ 1)
                let alpha = UInt32(truncatingIfNeeded: unsafe source[s &+ channels])
                let value = UInt32(truncatingIfNeeded: unsafe source[s &+ channel])
                // At most 65535² + 32767, which fits; the compiler turns the constant division into a multiplication.
                let sum = value &* alpha &+ back &* (full &- alpha) &+ full / 2
                unsafe target[i &* channels &+ channel] = Sample(truncatingIfNeeded: sum / full)
            }
        }
    }

    /// 8 to 16 bits.
    static func widen(
        _ source: UnsafePointer<UInt8>, _ target: UnsafeMutablePointer<UInt16>, count: Int, factor: UInt16
    ) {
        for i in 0..<count { unsafe target[i] = UInt16(truncatingIfNeeded: unsafe source[i]) &* factor }
    }

    /// 16 to 8 bits: `v/257` rounded to nearest. `(v·255 + 32895) >> 16` is that for every 16-bit `v`.
    static func narrow(_ source: UnsafePointer<UInt16>, _ target: UnsafeMutablePointer<UInt8>, count: Int) {
        for i in 0..<count {
            let value = UInt32(truncatingIfNeeded: unsafe source[i])
            unsafe target[i] = UInt8(truncatingIfNeeded: (value &* 255 &+ 32895) >> 16)
        }
    }

    /// 16 to 8 bits: the same number, at most 255.
    static func saturate(_ source: UnsafePointer<UInt16>, _ target: UnsafeMutablePointer<UInt8>, count: Int) {
        for i in 0..<count { unsafe target[i] = UInt8(truncatingIfNeeded: min(unsafe source[i], 255)) }
    }

    /// Replaces each sample by its entry in a table of 256.
    static func lookUp(
        _ table: UnsafePointer<UInt8>, _ source: UnsafePointer<UInt8>, _ target: UnsafeMutablePointer<UInt8>, count: Int
    ) {
        for i in 0..<count { unsafe target[i] = unsafe table[Int(unsafe source[i])] }
    }

    /// Replaces each index by its colour: `channels` samples per entry, in a table of 256 entries of 4 bytes each.
    static func lookUp(
        _ table: UnsafePointer<UInt8>, channels: Int, _ source: UnsafePointer<UInt8>,
        _ target: UnsafeMutablePointer<UInt8>, count: Int
    ) {
        var start = 0
        // Whole entries are stored at once; the fourth byte of one is replaced by the next, and the last has no room for it.
        if channels >= 3, count > 1 {
            start = count - 1
            let entries = unsafe UnsafeRawPointer(table), target = UnsafeMutableRawPointer(target)
            for i in 0..<start {
                let entry = unsafe entries.loadUnaligned(fromByteOffset: Int(source[i]) &* 4, as: UInt32.self)
                unsafe target.storeBytes(of: entry, toByteOffset: i &* channels, as: UInt32.self)
            }
        }
        for i in start..<count {
            let entry = Int(unsafe source[i]) &* 4, t = i &* channels
            for channel in 0..<channels { unsafe target[t &+ channel] = unsafe table[entry &+ channel] }
        }
    }
}
