/// The counts, codes and look-up tables of one deflate block; made once per worker and used for every block.
@safe final class DeflateTables {
    /// Symbols of the fixed code, which has two more than can occur.
    static let literalSymbols = 288
    static let distanceSymbols = 32

    /// How often each literal, length and end of block occurs.
    let literalCounts = UnsafeMutablePointer<UInt32>.allocate(capacity: literalSymbols)
    /// How often each distance symbol occurs.
    let distanceCounts = UnsafeMutablePointer<UInt32>.allocate(capacity: distanceSymbols)
    /// Four counts per byte value, so that equal neighbours do not wait for each other.
    let partialCounts = UnsafeMutablePointer<UInt32>.allocate(capacity: 4 * 256)
    /// Counts of samples: see ``PNGContentChoice``.
    let sampleCounts = UnsafeMutablePointer<UInt32>.allocate(capacity: 4 * 256)
    /// Code lengths: those of literals and lengths first, those of distances from ``literalSymbols`` on.
    let lengths = UnsafeMutablePointer<UInt8>.allocate(capacity: literalSymbols + distanceSymbols)
    /// Code words, in the same order.
    let codes = UnsafeMutablePointer<UInt16>.allocate(capacity: literalSymbols + distanceSymbols)
    /// For each byte, its code word, and the number of its bits above bit 16.
    let literals = UnsafeMutablePointer<UInt32>.allocate(capacity: 256)
    /// For each length of 3…258, its symbol.
    let lengthSymbols = UnsafeMutablePointer<UInt16>.allocate(capacity: 259)
    /// For each length up to 258, code word and extra bits, and their number above bit 24.
    let matches = UnsafeMutablePointer<UInt32>.allocate(capacity: 259)
    /// For each byte the low half of the code word, then the high halves, then the lengths: what the vector kernel reads.
    let bytePlanes = UnsafeMutablePointer<UInt8>.allocate(capacity: 3 * 256)
    /// The header's run-length coded code lengths: the symbol, and its extra bits above bit 8.
    let headerSymbols = UnsafeMutablePointer<UInt16>.allocate(capacity: literalSymbols + distanceSymbols)
    /// How often each of the header's 19 symbols occurs, and their codes.
    let headerCounts = UnsafeMutablePointer<UInt32>.allocate(capacity: 20)
    let headerLengths = UnsafeMutablePointer<UInt8>.allocate(capacity: 20)
    let headerCodes = UnsafeMutablePointer<UInt16>.allocate(capacity: 20)
    /// Working memory of ``DeflateCodeBuilder``.
    let scratch = UnsafeMutablePointer<UInt32>.allocate(capacity: 2 * literalSymbols)

    init() {
        unsafe lengthSymbols.update(repeating: 0, count: 259)
        for length in 3...DeflateAlphabet.longestMatch {
            unsafe lengthSymbols[length] = UInt16(truncatingIfNeeded: DeflateAlphabet.length(length).symbol)
        }
    }

    deinit {
        unsafe literalCounts.deallocate()
        unsafe distanceCounts.deallocate()
        unsafe partialCounts.deallocate()
        unsafe sampleCounts.deallocate()
        unsafe lengths.deallocate()
        unsafe codes.deallocate()
        unsafe literals.deallocate()
        unsafe lengthSymbols.deallocate()
        unsafe matches.deallocate()
        unsafe bytePlanes.deallocate()
        unsafe headerSymbols.deallocate()
        unsafe headerCounts.deallocate()
        unsafe headerLengths.deallocate()
        unsafe headerCodes.deallocate()
        unsafe scratch.deallocate()
    }

    /// Counts bytes in four tables, one after the other, so that equal neighbours do not wait for each other.
    @inline(__always)
    static func count(_ bytes: UnsafePointer<UInt8>, count: Int, into tables: UnsafeMutablePointer<UInt32>) {
        var i = 0
        while i &+ 8 <= count {
            let eight = unsafe UnsafeRawPointer(bytes + i).loadUnaligned(as: UInt64.self).littleEndian
            for place in 0..<8 {
                let byte = Int(truncatingIfNeeded: eight >> UInt64(truncatingIfNeeded: place &* 8) & 255)
                unsafe tables[(place & 3) << 8 &+ byte] &+= 1
            }
            i &+= 8
        }
        while i < count {
            unsafe tables[(i & 3) << 8 &+ Int(bytes[i])] &+= 1
            i &+= 1
        }
    }

    /// Fills the look-up tables from lengths and codes.
    func prepare(withMatches: Bool, bytePlanes wantsPlanes: Bool) {
        for byte in 0..<256 {
            unsafe literals[byte] = UInt32(codes[byte]) | UInt32(lengths[byte]) << 16
        }
        if wantsPlanes {
            for byte in 0..<256 {
                unsafe bytePlanes[byte] = UInt8(truncatingIfNeeded: codes[byte])
                unsafe bytePlanes[256 + byte] = UInt8(truncatingIfNeeded: codes[byte] >> 8)
                unsafe bytePlanes[512 + byte] = lengths[byte]
            }
        }
        guard withMatches else { return }
        for length in 3...DeflateAlphabet.longestMatch {
            let (symbol, extra, bits) = DeflateAlphabet.length(length)
            let codeLength = unsafe UInt32(lengths[symbol])
            let word = unsafe UInt32(codes[symbol]) | UInt32(truncatingIfNeeded: extra) << codeLength
            unsafe matches[length] = word | (codeLength &+ UInt32(truncatingIfNeeded: bits)) << 24
        }
    }

    /// Code word and extra bits of a distance, and how many bits that is.
    func distanceBits(_ distance: Int) -> (word: UInt64, count: Int) {
        let (symbol, extra, bits) = DeflateAlphabet.distance(distance)
        let index = Self.literalSymbols + symbol
        let codeLength = unsafe Int(lengths[index])
        let word = unsafe UInt64(codes[index]) | UInt64(extra) << UInt64(codeLength)
        return (word, codeLength + bits)
    }
}
