/// The code lengths in front of a block with codes of its own: RFC 1951, section 3.2.7.
struct DeflateHeader {
    private let tables: DeflateTables
    private let literals: Int
    private let distances: Int
    private let symbols: Int
    private let codeLengths: Int
    /// How many bits the header takes, without the block's first three.
    let bitCount: Int

    /// The order in which the lengths of the header's own code are written: rarely used ones last.
    private static let order: [19 of UInt8] = [
        16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
    ]

    /// Run-length codes the lengths in `tables` and makes the code for that.
    init(tables: DeflateTables) {
        self.tables = tables
        let lengths = unsafe tables.lengths
        let distanceLengths = unsafe lengths + DeflateTables.literalSymbols
        var literals = DeflateAlphabet.literalCount
        while unsafe literals > 257 && lengths[literals - 1] == 0 { literals -= 1 }
        var distances = DeflateAlphabet.distanceCount
        while unsafe distances > 1 && distanceLengths[distances - 1] == 0 { distances -= 1 }

        let counts = unsafe tables.headerCounts
        unsafe counts.update(repeating: 0, count: 19)
        let output = unsafe tables.headerSymbols
        var symbols = 0
        func append(_ symbol: Int, _ extra: Int = 0) {
            unsafe output[symbols] = UInt16(truncatingIfNeeded: symbol | extra << 8)
            unsafe counts[symbol] &+= 1
            symbols &+= 1
        }
        var i = 0
        let total = literals + distances
        while i < total {
            let value = unsafe Self.length(at: i, literals, lengths, distanceLengths)
            var run = 1
            while unsafe i + run < total && Self.length(at: i + run, literals, lengths, distanceLengths) == value {
                run += 1
            }
            i += run
            if value == 0 {
                while run >= 11 {
                    let part = min(run, 138)
                    append(18, part - 11)
                    run -= part
                }
                if run >= 3 {
                    append(17, run - 3)
                    run = 0
                }
            } else {
                append(Int(value))
                run -= 1
                while run >= 3 {
                    let part = min(run, 6)
                    append(16, part - 3)
                    run -= part
                }
            }
            while run > 0 {
                append(Int(value))
                run -= 1
            }
        }
        // At least two symbols, so that the code is complete.
        if unsafe counts[0] == 0 && (0..<19).count(where: { unsafe counts[$0] > 0 }) < 2 { unsafe counts[0] = 1 }
        unsafe DeflateCodeBuilder.lengths(
            counts: counts, symbols: 19, limit: 7, lengths: tables.headerLengths, scratch: tables.scratch)
        unsafe DeflateCodeBuilder.codes(lengths: tables.headerLengths, symbols: 19, codes: tables.headerCodes)
        var codeLengths = 19
        while unsafe codeLengths > 4 && tables.headerLengths[Int(Self.order[codeLengths - 1])] == 0 { codeLengths -= 1 }

        var bits = 14 + 3 * codeLengths
        for symbol in 0..<19 {
            bits += unsafe Int(counts[symbol]) * (Int(tables.headerLengths[symbol]) + Self.extraBits(symbol))
        }
        self.literals = literals
        self.distances = distances
        self.symbols = symbols
        self.codeLengths = codeLengths
        bitCount = bits
    }

    @inline(__always)
    private static func length(
        at index: Int, _ literals: Int, _ lengths: UnsafePointer<UInt8>, _ distances: UnsafePointer<UInt8>
    ) -> UInt8 {
        unsafe index < literals ? lengths[index] : distances[index &- literals]
    }

    private static func extraBits(_ symbol: Int) -> Int { symbol < 16 ? 0 : symbol == 16 ? 2 : symbol == 17 ? 3 : 7 }

    /// Writes the header.
    func write(to bits: inout DeflateBits) {
        let counts = UInt64(literals - 257) | UInt64(distances - 1) << 5 | UInt64(codeLengths - 4) << 10
        bits.write(counts, bits: 14)
        for i in 0..<codeLengths { unsafe bits.write(UInt64(tables.headerLengths[Int(Self.order[i])]), bits: 3) }
        for i in 0..<symbols {
            let entry = unsafe tables.headerSymbols[i]
            let symbol = Int(entry & 255)
            let length = unsafe Int(tables.headerLengths[symbol])
            let word = unsafe UInt64(tables.headerCodes[symbol]) | UInt64(entry >> 8) << UInt64(length)
            bits.write(word, bits: length &+ Self.extraBits(symbol))
        }
    }
}
