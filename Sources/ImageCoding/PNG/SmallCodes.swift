/// Huffman codes that lie ready for tiny pictures, whose time would go into codes of their own.
///
/// Eight sets, learned from many tiny pictures (`Scripts/make_small_codes.py`), with their headers as bits and their look-up
/// tables filled. Which of them fits is a sum of prices over the symbols, for all sets at a time.
@safe final class SmallCodes: @unchecked Sendable {
    /// The sets; they never change.
    static let all = SmallCodes()

    /// The most filtered bytes for which codes of its own would not repay a picture. Sums of prices stay below 2¹⁶.
    static let mostBytes = 4096
    /// How many sets there are: four prices of 16 bits in each of two words.
    static let count = 8

    private let codes: [Code]
    /// Per symbol the prices in bits: of literals, of lengths up to 258 and of distance symbols, extra bits included; four
    /// sets in the first word, four in the second.
    private let literals = UnsafeMutablePointer<Prices>.allocate(capacity: 256)
    private let lengths = UnsafeMutablePointer<Prices>.allocate(capacity: 259)
    private let distances = UnsafeMutablePointer<Prices>.allocate(capacity: DeflateTables.distanceSymbols)

    /// One set.
    @safe fileprivate struct Code {
        let tables = DeflateTables()
        /// The header, 56 bits in each word, and how many bits it has.
        var header: [UInt64] = []
        var headerBits = 0
    }

    /// Prices under the eight sets, 16 bits each.
    struct Prices {
        var low: UInt64 = 0
        var high: UInt64 = 0

        @inline(__always)
        static func &+= (sum: inout Prices, more: Prices) {
            sum.low &+= more.low
            sum.high &+= more.high
        }

        /// The price under one set.
        subscript(index: Int) -> Int {
            Int(truncatingIfNeeded: (index < 4 ? low : high) >> UInt64(truncatingIfNeeded: index & 3 &* 16) & 0xFFFF)
        }

        fileprivate mutating func set(_ index: Int, to price: Int) {
            let moved = UInt64(truncatingIfNeeded: price) << UInt64(truncatingIfNeeded: index & 3 &* 16)
            if index < 4 { low |= moved } else { high |= moved }
        }
    }

    private init() {
        codes = Self.lengths.prefix(Self.count).map { Code($0) }
        unsafe literals.initialize(repeating: Prices(), count: 256)
        unsafe lengths.initialize(repeating: Prices(), count: 259)
        unsafe distances.initialize(repeating: Prices(), count: DeflateTables.distanceSymbols)
        for (index, code) in codes.enumerated() {
            let bits = unsafe code.tables.lengths
            for byte in 0..<256 { unsafe literals[byte].set(index, to: Int(bits[byte])) }
            for length in 3...DeflateAlphabet.longestMatch {
                let symbol = DeflateAlphabet.length(length)
                unsafe lengths[length].set(index, to: Int(bits[symbol.symbol]) + symbol.bits)
            }
            for symbol in 0..<DeflateAlphabet.distanceCount {
                let extra = symbol < 4 ? 0 : symbol >> 1 - 1
                unsafe distances[symbol].set(index, to: Int(bits[DeflateTables.literalSymbols + symbol]) + extra)
            }
        }
    }

    deinit {
        unsafe literals.deallocate()
        unsafe lengths.deallocate()
        unsafe distances.deallocate()
    }

    /// The set under which a block takes least, and how many bits that are, without the block's first three.
    func cheapest(for block: DeflateBlock) -> (index: Int, bits: Int) {
        var sum = Prices()
        var position = 0
        for i in 0..<block.tokenCount {
            let token = unsafe block.tokens[i]
            for place in position..<position &+ token.literals { unsafe sum &+= literals[Int(block.bytes[place])] }
            position &+= token.literals &+ token.length
            let distance = DeflateAlphabet.distance(block.matcher.distances[token.candidate]).symbol
            let (full, second, last) = DeflateAlphabet.split(token.length)
            for _ in 0..<full {
                unsafe sum &+= lengths[DeflateAlphabet.longestMatch]
                unsafe sum &+= distances[distance]
            }
            if second > 0 {
                unsafe sum &+= lengths[second]
                unsafe sum &+= distances[distance]
            }
            if last > 0 {
                unsafe sum &+= lengths[last]
                unsafe sum &+= distances[distance]
            }
        }
        for place in position..<block.count { unsafe sum &+= literals[Int(block.bytes[place])] }
        var best = (index: 0, bits: Int.max)
        for (index, code) in codes.enumerated() {
            let end = unsafe Int(code.tables.lengths[DeflateAlphabet.endOfBlock])
            let bits = sum[index] + code.headerBits + end
            if bits < best.bits { best = (index, bits) }
        }
        return best
    }

    /// The look-up tables of a set.
    func tables(_ index: Int) -> DeflateTables { codes[index].tables }

    /// Writes the code lengths of a set, as they stand in front of a block.
    func writeHeader(_ index: Int, to bits: inout DeflateBits) {
        var left = codes[index].headerBits
        for word in codes[index].header {
            bits.write(word, bits: min(left, 56))
            left -= 56
        }
    }
}

extension SmallCodes.Code {
    /// Reads a hexadecimal digit per symbol and fills the tables.
    fileprivate init(_ digits: StaticString) {
        let count = DeflateAlphabet.literalCount
        unsafe tables.lengths.update(repeating: 0, count: DeflateTables.literalSymbols + DeflateTables.distanceSymbols)
        digits.withUTF8Buffer { digits in
            for unsafe(index, digit) in unsafe digits.enumerated() where index < count + DeflateAlphabet.distanceCount {
                let place = index < count ? index : DeflateTables.literalSymbols + index - count
                unsafe tables.lengths[place] = digit < 58 ? digit - 48 : digit - 87
            }
        }
        unsafe DeflateCodeBuilder.codes(lengths: tables.lengths, symbols: count, codes: tables.codes)
        unsafe DeflateCodeBuilder.codes(
            lengths: tables.lengths + DeflateTables.literalSymbols, symbols: DeflateAlphabet.distanceCount,
            codes: tables.codes + DeflateTables.literalSymbols)
        tables.prepare(withMatches: true, bytePlanes: true)
        let description = DeflateHeader(tables: tables)
        headerBits = description.bitCount
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: 512) { memory, count in
            guard let start = memory.baseAddress else { return }
            unsafe start.update(repeating: 0, count: 512)
            var bits = unsafe DeflateBits(output: start)
            description.write(to: &bits)
            bits.align()
            count = 512
        }
        for start in stride(from: 0, to: (headerBits + 55) / 56 * 7, by: 7) {
            header.append((0..<7).reduce(0) { $0 | UInt64(bytes[start + $1]) << UInt64(8 * $1) })
        }
    }
}
