/// One block of a deflate stream: counts, codes, header, body.
@safe struct DeflateBlock {
    /// The bytes.
    let bytes: UnsafePointer<UInt8>
    /// How many there are; at least 1.
    let count: Int
    /// Repetitions, from ``PNGMatcher``.
    let tokens: UnsafePointer<PNGToken>
    let tokenCount: Int
    /// What the tokens' candidates mean.
    let matcher: PNGMatcher
    /// Whether codes may come from a sample of the literals instead of all.
    let maySample: Bool
    let tables: DeflateTables
    /// Whether literals go through the vector kernel.
    let isVectorised: Bool

    /// What is known before the body is written.
    struct Plan {
        /// Bits of the body, the end of the block included; from a sample, a guess.
        var bodyBits = 0
        /// Whether the counts are from a sample.
        var isSampled = false
        /// How many literals there are.
        var literals = 0
    }
}

extension DeflateBlock {
    /// How many bytes a stored block takes, behind a byte boundary, its first three bits included.
    static func storedSize(_ count: Int) -> Int { count + 5 * ((count + 65534) / 65535) }

    /// How the bytes of a band are cut: blocks of `length`, the last of what is left.
    struct Cut {
        /// How many bytes there are.
        let count: Int
        /// How many of them a block has; a multiple of 64.
        let length: Int

        /// Blocks of nearly one size, none longer than `longest`, which is a multiple of 64.
        init(_ count: Int, longest: Int) {
            self.count = count
            let blocks = (count - 1) / longest + 1
            length = ((count - 1) / blocks + 64) & ~63
        }

        /// How many blocks there are.
        var blocks: Int { (count - 1) / length + 1 }

        /// The most bytes that ``DeflateBlock/write(to:isFinal:)`` leaves for all of them; each may begin in the middle of
        /// a byte. What it needs behind that is ``DeflateBlock/slack``.
        var bound: Int { blocks * (DeflateBlock.storedSize(min(length, count)) + 1) }
    }

    /// The longest block there may be.
    static let longest = 1 << 18

    /// What may be written behind the stored size of a block before it is given up: a piece of literals, or the matches
    /// of a token as long as the longest block, at six bytes each; and the eight bytes of a store.
    static let slack = max(literalPiece * 2, (longest / DeflateAlphabet.longestMatch + 3) * 6) + 8

    /// How many literals are written before the room is looked at again.
    private static let literalPiece = 4096

    /// Writes the block, as stored bytes when codes would not save anything.
    ///
    /// There must be room for the stored size, a byte, and ``slack``.
    func write(to bits: inout DeflateBits, isFinal: Bool) {
        let start = bits
        let limit = unsafe start.output + Self.storedSize(count)
        let plan = countSymbols()
        if unsafe writeCoded(plan, to: &bits, isFinal: isFinal, limit: limit) { return }
        bits = start
        unsafe Self.writeStored(bytes, count: count, to: &bits, isFinal: isFinal)
    }

    /// Writes the block with codes that lie ready, as stored bytes when that is less.
    ///
    /// - Parameter bitCount: what ``SmallCodes/cheapest(for:)`` said.
    /// - Returns: whether the codes were used.
    @discardableResult
    func write(_ codes: SmallCodes, _ index: Int, bitCount: Int, to bits: inout DeflateBits, isFinal: Bool = true)
        -> Bool
    {
        guard (bitCount + 3 + bits.count + 7) / 8 < Self.storedSize(count) else {
            unsafe Self.writeStored(bytes, count: count, to: &bits, isFinal: isFinal)
            return false
        }
        let limit = unsafe bits.output + Self.storedSize(count)
        bits.write((isFinal ? 1 : 0) | 4, bits: 3)
        codes.writeHeader(index, to: &bits)
        return unsafe writeBody(to: &bits, codes.tables(index), limit: limit)
    }

    /// Writes bytes as they are, in pieces of up to 65,535.
    static func writeStored(_ bytes: UnsafePointer<UInt8>, count: Int, to bits: inout DeflateBits, isFinal: Bool) {
        var offset = 0
        repeat {
            let length = min(count - offset, 65535)
            let isLast = offset + length == count
            bits.write(isFinal && isLast ? 1 : 0, bits: 3)
            bits.align()
            bits.write(UInt64(length) | UInt64(~length & 0xFFFF) << 16, bits: 32)
            unsafe bits.output.update(from: bytes + offset, count: length)
            unsafe bits.output += length
            offset += length
        } while offset < count
    }

    // MARK: Counting

    /// Counts what occurs.
    private func countSymbols() -> Plan {
        var plan = Plan()
        unsafe tables.literalCounts.update(repeating: 0, count: DeflateTables.literalSymbols)
        unsafe tables.distanceCounts.update(repeating: 0, count: DeflateTables.distanceSymbols)
        plan.literals = count
        for i in 0..<tokenCount { plan.literals &-= unsafe tokens[i].length }
        // Where nearly everything is literal, one part in eight tells enough; the codes then cover every byte.
        plan.isSampled = maySample && count >= 16384 && plan.literals >= count / 2
        let weight: UInt32 = plan.isSampled ? 8 : 1

        let wide = plan.literals >= 2048
        unsafe tables.partialCounts.update(repeating: 0, count: wide ? 1024 : 256)
        var position = 0
        var matches = [6 of UInt32](repeating: 0)
        for i in 0..<tokenCount {
            let token = unsafe tokens[i]
            countLiterals(position, token.literals, sampled: plan.isSampled, wide: wide)
            position &+= token.literals &+ token.length
            if token.length <= DeflateAlphabet.longestMatch {
                unsafe tables.literalCounts[Int(tables.lengthSymbols[token.length])] &+= 1
                matches[token.candidate] &+= 1
                continue
            }
            let (full, second, last) = DeflateAlphabet.split(token.length)
            unsafe tables.literalCounts[285] &+= UInt32(truncatingIfNeeded: full)
            matches[token.candidate] &+= UInt32(truncatingIfNeeded: full)
            unsafe tables.literalCounts[Int(tables.lengthSymbols[second])] &+= second > 0 ? 1 : 0
            unsafe tables.literalCounts[Int(tables.lengthSymbols[last])] &+= last > 0 ? 1 : 0
            matches[token.candidate] &+= (second > 0 ? 1 : 0) &+ (last > 0 ? 1 : 0)
        }
        // Distances beside each other share a symbol.
        for candidate in 0..<matcher.count {
            let symbol = DeflateAlphabet.distance(matcher.distances[candidate]).symbol
            unsafe tables.distanceCounts[symbol] &+= matches[candidate]
        }
        countLiterals(position, count &- position, sampled: plan.isSampled, wide: wide)

        for byte in 0..<256 {
            var total = unsafe tables.partialCounts[byte]
            if wide {
                let more = unsafe tables.partialCounts[256 &+ byte] &+ tables.partialCounts[512 &+ byte]
                total &+= unsafe more &+ tables.partialCounts[768 &+ byte]
            }
            total &*= weight
            unsafe tables.literalCounts[byte] = plan.isSampled ? max(total, 1) : total
        }
        unsafe tables.literalCounts[DeflateAlphabet.endOfBlock] = 1
        return plan
    }

    /// Counts a run of literals; of long runs in a sampled block, the first 16 of every 128 bytes.
    @inline(__always)
    private func countLiterals(_ start: Int, _ length: Int, sampled: Bool, wide: Bool) {
        let counts = unsafe tables.partialCounts
        let end = start &+ length
        var i = start
        if sampled {
            // Places are counted from the block's first byte, whatever the runs are.
            while i < end {
                let phase = i & 127
                guard phase < 16 else {
                    i &+= 128 &- phase
                    continue
                }
                if phase == 0 && i &+ 16 <= end {
                    unsafe DeflateTables.count(bytes + i, count: 16, into: counts)
                    i &+= 128
                    continue
                }
                let stop = min(end, i &+ 16 &- phase)
                while i < stop {
                    unsafe counts[(i & 3) << 8 &+ Int(bytes[i])] &+= 1
                    i &+= 1
                }
            }
        } else if wide {
            unsafe DeflateTables.count(bytes + start, count: length, into: counts)
        } else {
            while i < end {
                unsafe counts[Int(bytes[i])] &+= 1
                i &+= 1
            }
        }
    }

    // MARK: Codes

    /// Makes the codes and writes the block with them; `false` when that turns out not to save anything.
    private func writeCoded(
        _ plan: Plan, to bits: inout DeflateBits, isFinal: Bool, limit: UnsafeMutablePointer<UInt8>
    ) -> Bool {
        let distanceLengths = unsafe tables.lengths + DeflateTables.literalSymbols
        unsafe DeflateCodeBuilder.lengths(
            counts: tables.literalCounts, symbols: DeflateAlphabet.literalCount, limit: DeflateAlphabet.longestCode,
            lengths: tables.lengths, scratch: tables.scratch)
        // Two distance codes of one bit where fewer occur: some readers refuse a lone code and one of no bits.
        var used = 0
        for symbol in 0..<DeflateAlphabet.distanceCount where unsafe tables.distanceCounts[symbol] > 0 { used &+= 1 }
        var filler = 0
        while used < 2 {
            if unsafe tables.distanceCounts[filler] == 0 {
                unsafe tables.distanceCounts[filler] = 1
                used &+= 1
            }
            filler &+= 1
        }
        unsafe DeflateCodeBuilder.lengths(
            counts: tables.distanceCounts, symbols: DeflateAlphabet.distanceCount, limit: DeflateAlphabet.longestCode,
            lengths: distanceLengths, scratch: tables.scratch)

        let header = DeflateHeader(tables: tables)
        let body = bodyBits {
            unsafe tables.lengths[$0]
        } distance: {
            unsafe distanceLengths[$0]
        }
        var isFixed = false
        if !plan.isSampled {
            let fixed = bodyBits {
                Self.fixedLength($0)
            } distance: { _ in
                5
            }
            isFixed = fixed <= body + header.bitCount
            let best = min(fixed, body + header.bitCount)
            guard (best + 3 + bits.count + 7) / 8 + 16 < Self.storedSize(count) else { return false }
        } else {
            // From a sample: one part in 128 must be won, or the trouble is not worth it.
            guard (body + header.bitCount) / 8 < count - count >> 7 else { return false }
        }
        if isFixed {
            for symbol in 0..<DeflateTables.literalSymbols { unsafe tables.lengths[symbol] = Self.fixedLength(symbol) }
            unsafe distanceLengths.update(repeating: 5, count: DeflateTables.distanceSymbols)
        }
        unsafe DeflateCodeBuilder.codes(
            lengths: tables.lengths, symbols: isFixed ? DeflateTables.literalSymbols : DeflateAlphabet.literalCount,
            codes: tables.codes)
        unsafe DeflateCodeBuilder.codes(
            lengths: distanceLengths,
            symbols: isFixed ? DeflateTables.distanceSymbols : DeflateAlphabet.distanceCount,
            codes: tables.codes + DeflateTables.literalSymbols)
        tables.prepare(withMatches: tokenCount > 0, bytePlanes: isVectorised)

        bits.write((isFinal ? 1 : 0) | (isFixed ? 2 : 4), bits: 3)
        if !isFixed { header.write(to: &bits) }
        return unsafe writeBody(to: &bits, tables, limit: limit)
    }

    /// The length of a literal or length symbol in the fixed code: RFC 1951, section 3.2.6.
    private static func fixedLength(_ symbol: Int) -> UInt8 {
        symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8
    }

    /// The bits of the body under code lengths.
    @inline(__always)
    private func bodyBits(literal: (Int) -> UInt8, distance: (Int) -> UInt8) -> Int {
        var total = 0
        for symbol in 0...DeflateAlphabet.endOfBlock {
            total &+= unsafe Int(tables.literalCounts[symbol]) &* Int(literal(symbol))
        }
        guard tokenCount > 0 else { return total }
        for symbol in 257..<DeflateAlphabet.literalCount {
            let extra = symbol < 265 || symbol == 285 ? 0 : (symbol &- 261) >> 2
            total &+= unsafe Int(tables.literalCounts[symbol]) &* (Int(literal(symbol)) &+ extra)
        }
        for symbol in 0..<DeflateAlphabet.distanceCount {
            let extra = symbol < 4 ? 0 : (symbol >> 1) &- 1
            total &+= unsafe Int(tables.distanceCounts[symbol]) &* (Int(distance(symbol)) &+ extra)
        }
        return total
    }

    // MARK: Body

    /// Writes literals and matches; `false` as soon as more than `limit` is written.
    private func writeBody(
        to bits: inout DeflateBits, _ tables: DeflateTables, limit: UnsafeMutablePointer<UInt8>
    ) -> Bool {
        // A copy, which stays in registers.
        var stream = bits
        var distances = [6 of (word: UInt64, count: Int)](repeating: (0, 0))
        for candidate in 0..<matcher.count { distances[candidate] = tables.distanceBits(matcher.distances[candidate]) }
        var position = 0
        for i in 0..<tokenCount {
            let token = unsafe tokens[i]
            if token.literals < 64 {
                unsafe stream.writeLiterals(bytes + position, count: token.literals, table: tables.literals)
            } else {
                guard unsafe writeLiterals(position, token.literals, to: &stream, tables, limit: limit) else {
                    return false
                }
            }
            position &+= token.literals &+ token.length
            let distance = distances[token.candidate]
            if token.length <= DeflateAlphabet.longestMatch {
                writeMatch(token.length, distance, to: &stream, tables)
            } else {
                let (full, second, last) = DeflateAlphabet.split(token.length)
                for _ in 0..<full { writeMatch(DeflateAlphabet.longestMatch, distance, to: &stream, tables) }
                if second > 0 { writeMatch(second, distance, to: &stream, tables) }
                if last > 0 { writeMatch(last, distance, to: &stream, tables) }
            }
            // Tokens may follow each other with few literals between them.
            if unsafe stream.output > limit { return false }
        }
        guard unsafe writeLiterals(position, count &- position, to: &stream, tables, limit: limit) else { return false }
        let end = DeflateAlphabet.endOfBlock
        unsafe stream.write(UInt64(tables.codes[end]), bits: Int(tables.lengths[end]))
        bits = stream
        return unsafe bits.output <= limit
    }

    @inline(__always)
    private func writeMatch(
        _ length: Int, _ distance: (word: UInt64, count: Int), to bits: inout DeflateBits, _ tables: DeflateTables
    ) {
        let entry = unsafe tables.matches[length]
        let lengthBits = Int(truncatingIfNeeded: entry >> 24)
        bits.write(
            UInt64(entry & 0xFF_FFFF) | distance.word << UInt64(truncatingIfNeeded: lengthBits),
            bits: lengthBits &+ distance.count)
    }

    @inline(__always)
    private func writeLiterals(
        _ start: Int, _ length: Int, to bits: inout DeflateBits, _ tables: DeflateTables,
        limit: UnsafeMutablePointer<UInt8>
    ) -> Bool {
        var i = start
        let end = start &+ length
        while i < end {
            // A piece grows to less than twice its size, which the slack takes.
            let piece = min(end &- i, Self.literalPiece)
            unsafe PNGKernels.writeLiterals(
                bytes + i, count: piece, tables: tables, vectorised: isVectorised, to: &bits)
            if unsafe bits.output > limit { return false }
            i &+= piece
        }
        return true
    }
}
