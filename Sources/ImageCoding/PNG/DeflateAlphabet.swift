/// The symbols of deflate: RFC 1951, section 3.2.5.
enum DeflateAlphabet {
    /// Literals 0…255, the end of a block, and the lengths 257…285.
    static let literalCount = 286
    /// Distances.
    static let distanceCount = 30
    /// The end of a block.
    static let endOfBlock = 256
    /// The longest code that is used here. Eight literals then take at most 112 bits, four at most 56; deflate allows 15.
    static let longestCode = 14
    /// The longest repetition that one match can express.
    static let longestMatch = 258

    /// The symbol, the extra bits and their number for a length of 3…258.
    @inline(__always)
    static func length(_ length: Int) -> (symbol: Int, extra: Int, bits: Int) {
        // 258 has a symbol of its own, although the one before could reach it.
        if length == longestMatch { return (285, 0, 0) }
        let offset = length &- 3
        if offset < 8 { return (257 &+ offset, 0, 0) }
        // Above that each power of two is cut into four symbols.
        let bits = (Int.bitWidth &- 1 &- offset.leadingZeroBitCount) &- 2
        let quarter = (offset >> bits) & 3
        return (257 &+ (bits &+ 1) << 2 &+ quarter, offset & ((1 << bits) &- 1), bits)
    }

    /// The symbol, the extra bits and their number for a distance of 1…32768.
    @inline(__always)
    static func distance(_ distance: Int) -> (symbol: Int, extra: Int, bits: Int) {
        let offset = distance &- 1
        if offset < 4 { return (offset, 0, 0) }
        // Each power of two is cut into two symbols.
        let bits = (Int.bitWidth &- 1 &- offset.leadingZeroBitCount) &- 1
        let half = (offset >> bits) & 1
        return ((bits &+ 1) << 1 &+ half, offset & ((1 << bits) &- 1), bits)
    }

    /// How many extra bits a distance needs.
    static func distanceExtraBits(_ value: Int) -> Int { distance(value).bits }

    /// Cuts a repetition into matches of 3…258: how many of 258, then up to two shorter ones (0 when there is none).
    @inline(__always)
    static func split(_ length: Int) -> (full: Int, second: Int, last: Int) {
        let full = length / longestMatch
        let rest = length &- full &* longestMatch
        if rest == 0 || rest >= 3 { return (full, 0, rest) }
        // One or two bytes cannot stand alone, so the match in front gives some of its own.
        return (full &- 1, longestMatch &- 3 &+ rest, 3)
    }
}
