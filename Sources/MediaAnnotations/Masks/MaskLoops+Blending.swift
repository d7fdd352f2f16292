extension MaskLoops {
    /// Colours of classes over pixels; see `tm_mask_blend`.
    ///
    /// - Parameters:
    ///   - ids: the class of each pixel, any number that `Index` can hold.
    ///   - table: four bytes for every number of `Index`: red, green, blue, and how much of it.
    ///   - channels: 3, or 4 where the last is opacity.
    ///   - edges: `nil`, or a bit for each pixel, the lowest of the first word first: whether its colour hides what is below.
    @unsafe package static func blend<Index: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
        _ ids: UnsafePointer<Index>, count: Int, table: UnsafePointer<UInt8>, channels: Int,
        edges: UnsafePointer<UInt64>?, pixels: UnsafeMutablePointer<UInt8>
    ) {
        var constant = ConstantColor()
        var i = 0
        // The last pixel is left over: of pixels of three bytes, a byte more is read and written back.
        while count &- i > 16 {
            let bits = unsafe edges.map { unsafe $0[i / 64] >> UInt64(i % 64) & 0xFFFF } ?? 0
            let target = unsafe pixels + channels &* i
            if bits == 0 || bits == 0xFFFF, unsafe isOne(ids + i) {
                let entry = unsafe table + 4 &* Int(truncatingIfNeeded: ids[i])
                if unsafe entry[3] != 0 {
                    let amount = unsafe bits == 0 ? entry[3] : 255
                    unsafe constant.choose(entry, id: Int(truncatingIfNeeded: ids[i]), amount, channels)
                    unsafe constant.lay(over: target, channels)
                }
            } else {
                for k in stride(from: 0, to: 16, by: 4) {
                    unsafe blendFour(ids + i + k, bits >> UInt64(k), table, channels, target + channels &* k)
                }
            }
            i &+= 16
        }
        while i < count {
            let entry = unsafe table + 4 &* Int(truncatingIfNeeded: ids[i])
            let isEdge = unsafe edges.map { unsafe $0[i / 64] >> UInt64(i % 64) & 1 == 1 } ?? false
            let amount = unsafe isEdge && entry[3] != 0 ? 255 : UInt32(entry[3])
            let pixel = unsafe pixels + channels &* i
            for channel in 0..<channels {
                let color: UInt32 = channel == 3 ? 255 : unsafe UInt32(entry[channel])
                let sum = unsafe UInt32(pixel[channel]) &* (255 &- amount) &+ color &* amount &+ 127
                unsafe pixel[channel] = UInt8(truncatingIfNeeded: sum / 255)
            }
            i &+= 1
        }
    }

    /// Whether 16 pixels are of one class.
    @inline(__always)
    @unsafe private static func isOne<Index: FixedWidthInteger & UnsignedInteger>(_ ids: UnsafePointer<Index>) -> Bool {
        let raw = unsafe UnsafeRawPointer(ids), size = MemoryLayout<Index>.size
        let wanted = unsafe UInt64(truncatingIfNeeded: ids[0]) &* (UInt64.max / UInt64(Index.max))
        var other: UInt64 = 0
        for k in 0..<2 &* size { other |= unsafe raw.loadUnaligned(fromByteOffset: 8 &* k, as: UInt64.self) ^ wanted }
        return other == 0
    }

    /// Four pixels, each with the colour of its class. Reads a byte behind pixels of three bytes, and leaves it as it is.
    @inline(__always)
    @unsafe private static func blendFour<Index: FixedWidthInteger & UnsignedInteger>(
        _ ids: UnsafePointer<Index>, _ edges: UInt64, _ table: UnsafePointer<UInt8>, _ channels: Int,
        _ pixels: UnsafeMutablePointer<UInt8>
    ) {
        let raw = UnsafeMutableRawPointer(pixels)
        var below = SIMD4<UInt32>(), colors = SIMD4<UInt32>(), amounts = SIMD4<UInt32>()
        // Of pixels of three bytes the fourth belongs to somebody else: nothing of a colour goes over it.
        let lanes: UInt32 = channels == 4 ? 0x0101_0101 : UInt32(littleEndian: 0x0001_0101)
        for k in 0..<4 {
            let entry = unsafe UnsafeRawPointer(table + 4 &* Int(truncatingIfNeeded: ids[k]))
            let amount = unsafe UInt32(entry.load(fromByteOffset: 3, as: UInt8.self))
            let edge = UInt32(truncatingIfNeeded: edges >> UInt64(k) & 1) &* 255
            amounts[k] = (amount == 0 ? 0 : amount | edge) &* lanes
            colors[k] = unsafe entry.loadUnaligned(as: UInt32.self) | UInt32(littleEndian: 0xFF00_0000)
            below[k] = unsafe raw.loadUnaligned(fromByteOffset: channels &* k, as: UInt32.self)
        }
        let mixed = unsafe unsafeBitCast(
            BytePairs(below).mixed(with: BytePairs(colors), amounts: BytePairs(amounts)), to: SIMD4<UInt32>.self)
        for k in 0..<3 {
            unsafe raw.storeBytes(of: mixed[k], toByteOffset: channels &* k, as: UInt32.self)
        }
        if channels == 4 {
            unsafe raw.storeBytes(of: mixed[3], toByteOffset: 12, as: UInt32.self)
        } else {
            // Not a byte more: the processor waits for stores that the next pixels' loads overlap in part.
            let last = UInt32(littleEndian: mixed[3])
            unsafe raw.storeBytes(of: UInt16(truncatingIfNeeded: last).littleEndian, toByteOffset: 9, as: UInt16.self)
            unsafe raw.storeBytes(of: UInt8(truncatingIfNeeded: last >> 16), toByteOffset: 11, as: UInt8.self)
        }
    }
}

/// Sixteen samples, two to a number of 16 bits. The two are taken apart by a mask and a shift: the baseline of x86-64 has no
/// instruction that widens bytes.
private struct BytePairs {
    var pairs: SIMD8<UInt16>

    @inline(__always)
    init(_ pairs: SIMD8<UInt16>) { self.pairs = pairs }

    @inline(__always)
    init(_ words: SIMD4<UInt32>) { pairs = unsafe unsafeBitCast(words, to: SIMD8<UInt16>.self) }

    var low: SIMD8<UInt16> { @inline(__always) get { pairs & 0xFF } }
    var high: SIMD8<UInt16> { @inline(__always) get { pairs &>> 8 } }

    /// `(self · (255 − a) + color · a + 127) / 255`, rounded down, sample by sample.
    @inline(__always)
    func mixed(with color: BytePairs, amounts a: BytePairs) -> SIMD8<UInt16> {
        Self.quotients(
            low &* (255 &- a.low) &+ color.low &* a.low &+ 128, high &* (255 &- a.high) &+ color.high &* a.high &+ 128)
    }

    /// (n + 127) / 255 for n up to 255 · 255, given n + 128 for both samples of each pair.
    @inline(__always)
    static func quotients(_ low: SIMD8<UInt16>, _ high: SIMD8<UInt16>) -> SIMD8<UInt16> {
        (low &+ (low &>> 8)) &>> 8 | (high &+ (high &>> 8)) & 0xFF00
    }
}

/// The colour of a class in vectors of 16 samples, for 16 pixels of that class.
private struct ConstantColor {
    private var id = -1
    private var amount: UInt8 = 0
    private var rest = SIMD8<UInt16>()
    private var low = (SIMD8<UInt16>(), SIMD8<UInt16>(), SIMD8<UInt16>())
    private var high = (SIMD8<UInt16>(), SIMD8<UInt16>(), SIMD8<UInt16>())

    /// Makes the vectors, unless they are those of the class already.
    @inline(__always)
    @unsafe mutating func choose(_ entry: UnsafePointer<UInt8>, id: Int, _ amount: UInt8, _ channels: Int) {
        guard id != self.id || amount != self.amount else { return }
        (self.id, self.amount) = (id, amount)
        rest = SIMD8(repeating: UInt16(255 &- amount))
        unsafe (low.0, high.0) = addends(entry, 0, channels)
        unsafe (low.1, high.1) = addends(entry, 16, channels)
        unsafe (low.2, high.2) = addends(entry, 32, channels)
    }

    /// colour · a + 128 for the 16 samples from one on.
    @unsafe private func addends(
        _ entry: UnsafePointer<UInt8>, _ first: Int, _ channels: Int
    ) -> (low: SIMD8<UInt16>, high: SIMD8<UInt16>) {
        func numbers(_ offset: Int) -> SIMD8<UInt16> {
            var colors = SIMD8<UInt16>()
            for lane in 0..<8 {
                let channel = (first + 2 * lane + offset) % channels
                colors[lane] = channel == 3 ? 255 : unsafe UInt16(entry[channel])
            }
            return colors &* (255 &- rest) &+ 128
        }
        // The first sample of a pair is the lower one where the lowest byte comes first.
        let isLittleEndian = UInt16(littleEndian: 1) == 1
        return (numbers(isLittleEndian ? 0 : 1), numbers(isLittleEndian ? 1 : 0))
    }

    @inline(__always)
    @unsafe func lay(over pixels: UnsafeMutablePointer<UInt8>, _ channels: Int) {
        let raw = UnsafeMutableRawPointer(pixels)
        unsafe lay(low.0, high.0, raw)
        unsafe lay(low.1, high.1, raw + 16)
        unsafe lay(low.2, high.2, raw + 32)
        // With four channels all vectors are the same.
        if channels == 4 { unsafe lay(low.0, high.0, raw + 48) }
    }

    @inline(__always)
    @unsafe private func lay(_ low: SIMD8<UInt16>, _ high: SIMD8<UInt16>, _ place: UnsafeMutableRawPointer) {
        let below = BytePairs(unsafe place.loadUnaligned(as: SIMD8<UInt16>.self))
        let mixed = BytePairs.quotients(below.low &* rest &+ low, below.high &* rest &+ high)
        unsafe place.storeBytes(of: mixed, as: SIMD8<UInt16>.self)
    }
}
