/// Finds repetitions in a block of filtered bytes without a hash table.
///
/// A picture repeats itself at few distances: the pixel before, the row above, the pixels beside that. Each of those
/// candidates gets a bit map that says where a byte equals the one that far back; a repetition is a run of ones.
struct PNGMatcher {
    /// The most distances that are tried.
    static let maximumCandidates = 6

    /// Distances back, nearest first, each 1…32768.
    private(set) var distances = [6 of Int](repeating: 0)
    /// The extra bits that deflate needs for each distance.
    private(set) var extraBits = [6 of Int](repeating: 0)
    /// How many distances there are.
    private(set) var count = 0
    /// The shortest repetition that is used: 4 or 16.
    let shortest: Int

    /// No candidates yet.
    init(shortest: Int) { self.shortest = shortest }

    /// Adds a distance unless deflate cannot express it or it is there already.
    mutating func add(_ distance: Int) {
        guard (1...32768).contains(distance), count < Self.maximumCandidates else { return }
        for i in 0..<count where distances[i] == distance { return }
        distances[count] = distance
        extraBits[count] = DeflateAlphabet.distanceExtraBits(distance)
        count += 1
    }

    /// For filtered bytes, which repeat only where nothing changes.
    static func runs() -> PNGMatcher {
        var matcher = PNGMatcher(shortest: 16)
        matcher.add(1)
        return matcher
    }

    /// For unfiltered rows of `stride` bytes, the filter's name included.
    static func rows(stride: Int, step: Int) -> PNGMatcher {
        var matcher = PNGMatcher(shortest: 4)
        matcher.add(1)
        matcher.add(step)
        matcher.add(stride - step)
        matcher.add(stride)
        matcher.add(stride + step)
        if step == 1 { matcher.add(2) }
        return matcher
    }

    /// For unfiltered rows of a tiny picture, where every distance costs time.
    static func smallRows(stride: Int, step: Int) -> PNGMatcher {
        var matcher = PNGMatcher(shortest: 4)
        matcher.add(1)
        matcher.add(step)
        matcher.add(stride)
        return matcher
    }

    /// How many 64-bit words the bit maps of `count` bytes take.
    func maskWords(for byteCount: Int) -> Int { count * (((byteCount + 63) >> 6) + 1) }

    /// The most tokens that `byteCount` bytes can give.
    func tokenCapacity(for byteCount: Int) -> Int { byteCount / shortest + 1 }

    /// Finds the repetitions of a block, from left to right, at each place the one that saves most.
    ///
    /// - Parameters:
    ///   - block: the bytes; 64 readable bytes lie in front of `available`, and 64 behind the block.
    ///   - available: how many bytes in front of the block the decoder has by then.
    ///   - masks: room for ``maskWords(for:)``.
    ///   - tokens: room for ``tokenCapacity(for:)``.
    /// - Returns: how many tokens there are. What follows the last one is literal.
    func find(
        in block: UnsafePointer<UInt8>, count byteCount: Int, available: Int,
        masks: UnsafeMutablePointer<UInt64>, tokens: UnsafeMutablePointer<PNGToken>
    ) -> Int {
        let words = (byteCount + 63) >> 6
        let pitch = words + 1
        for candidate in 0..<count {
            unsafe fillMask(
                masks + candidate * pitch, words: words, block: block, byteCount: byteCount, available: available,
                distance: distances[candidate])
        }
        return count == 1
            ? unsafe walkOne(masks, words: words, byteCount: byteCount, tokens: tokens)
            : unsafe walk(masks, words: words, byteCount: byteCount, tokens: tokens)
    }

    private func fillMask(
        _ mask: UnsafeMutablePointer<UInt64>, words: Int, block: UnsafePointer<UInt8>, byteCount: Int, available: Int,
        distance: Int
    ) {
        // Places whose distance reaches in front of what the decoder has are no repetitions, whatever lies there.
        let blind = max(distance - available, 0)
        // Nothing is in reach, and the memory so far in front is not ours to read.
        guard blind < byteCount else { return unsafe mask.update(repeating: 0, count: words + 1) }
        let firstWord = blind >> 6
        unsafe mask.update(repeating: 0, count: firstWord)
        unsafe mask[words] = 0
        unsafe PNGKernels.equalMask(
            block + firstWord << 6, words: words - firstWord, distance: distance, mask: mask + firstWord)
        unsafe mask[firstWord] &= ~0 << UInt64(blind & 63)
        let tail = byteCount & 63
        if tail != 0 { unsafe mask[words - 1] &= (1 << UInt64(tail)) &- 1 }
    }

    /// The bits of `low` where `shortest` ones in a row begin; `high` holds the 64 bits that follow.
    @inline(__always)
    private func starts(_ low: UInt64, _ high: UInt64) -> UInt64 {
        var (l, h) = (low, high)
        l &= l >> 1 | h << 63
        h &= h >> 1
        l &= l >> 2 | h << 62
        guard shortest > 4 else { return l }
        h &= h >> 2
        l &= l >> 4 | h << 60
        h &= h >> 4
        return l & (l >> 8 | h << 56)
    }

    /// How many ones follow each other from bit `position` on.
    @inline(__always)
    private func run(_ mask: UnsafePointer<UInt64>, from position: Int, words: Int) -> Int {
        var word = position >> 6
        let offset = position & 63
        let first = unsafe (~(mask[word] >> UInt64(offset))).trailingZeroBitCount
        guard first >= 64 &- offset else { return first }
        var length = 64 &- offset
        word &+= 1
        while word < words {
            let bits = unsafe mask[word]
            if bits != ~0 { return length &+ (~bits).trailingZeroBitCount }
            length &+= 64
            word &+= 1
        }
        return length
    }

    /// The walk over a single bit map: photographs pass here, so a word without a run costs a dozen instructions.
    private func walkOne(
        _ mask: UnsafePointer<UInt64>, words: Int, byteCount: Int, tokens: UnsafeMutablePointer<PNGToken>
    ) -> Int {
        var found = 0
        var literals = 0
        var position = 0
        var word = 0
        var next = unsafe Self.holdsEight(mask[0])
        while word < words {
            // Sixteen ones in a row hold eight that begin at a multiple of eight, here or in the next word.
            let here = next
            next = unsafe Self.holdsEight(mask[word &+ 1])
            guard here || next else {
                word &+= 1
                continue
            }
            var open = unsafe starts(mask[word], mask[word &+ 1])
            let behind = position &- word << 6
            if behind > 0 { open &= ~0 << UInt64(truncatingIfNeeded: behind) }
            guard open != 0 else {
                word &+= 1
                continue
            }
            let start = word << 6 &+ open.trailingZeroBitCount
            let length = unsafe run(mask, from: start, words: words)
            unsafe tokens[found] = PNGToken(literals: start &- literals, length: length, candidate: 0)
            found &+= 1
            position = start &+ length
            literals = position
            word = position >> 6
            next = unsafe Self.holdsEight(mask[word])
        }
        return found
    }

    /// Whether one of the word's bytes is all ones.
    @inline(__always)
    private static func holdsEight(_ word: UInt64) -> Bool {
        // Where a byte of the complement is 0, the subtraction borrows into its highest bit.
        (~word &- 0x0101_0101_0101_0101) & word & 0x8080_8080_8080_8080 != 0
    }

    /// The walk over several bit maps: drawn pictures pass here, where every few bytes are a repetition.
    private func walk(
        _ masks: UnsafePointer<UInt64>, words: Int, byteCount: Int, tokens: UnsafeMutablePointer<PNGToken>
    ) -> Int {
        let pitch = words + 1
        var found = 0
        var literals = 0
        var position = 0
        var word = 0
        while word < words {
            var open: UInt64 = 0
            for candidate in 0..<count {
                let mask = unsafe masks + (candidate &* pitch &+ word)
                open |= unsafe starts(mask[0], mask[1])
            }
            // A repetition may have ended in this word.
            let behind = position &- word << 6
            if behind > 0 { open &= ~0 << UInt64(truncatingIfNeeded: behind) }
            while open != 0 {
                let offset = open.trailingZeroBitCount
                let best = unsafe longest(masks + word, pitch: pitch, offset: offset, words: words &- word)
                guard best.length > 0 else {
                    open &= open &- 1
                    continue
                }
                let start = word << 6 &+ offset
                unsafe tokens[found] = PNGToken(
                    literals: start &- literals, length: best.length, candidate: best.candidate)
                found &+= 1
                position = start &+ best.length
                literals = position
                guard position >> 6 == word else { break }
                open &= ~0 << UInt64(truncatingIfNeeded: position & 63)
            }
            word = max(word &+ 1, position >> 6)
        }
        return found
    }

    /// The repetition that saves most at a place; its length is 0 when none saves anything.
    ///
    /// - Parameters:
    ///   - masks: the first candidate's bit map from the place's word on; the others follow at `pitch`.
    ///   - offset: the place's bit.
    ///   - words: how many words there are from there; one more is readable.
    @inline(__always)
    private func longest(
        _ masks: UnsafePointer<UInt64>, pitch: Int, offset: Int, words: Int
    ) -> (length: Int, candidate: Int) {
        // What is compared, and what belongs to it, in one number and without a branch, because which candidate wins is
        // hard to foresee: the gain, then the candidate, nearest first; the length.
        var best = 0
        for candidate in 0..<count {
            let mask = unsafe masks + candidate &* pitch
            // The next 64 bits; the double shift gives 0 for an offset of 0.
            let high = unsafe (mask[1] << 1) << UInt64(truncatingIfNeeded: 63 &- offset)
            let ahead = unsafe mask[0] >> UInt64(truncatingIfNeeded: offset) | high
            var length = (~ahead).trailingZeroBitCount
            if length == 64 { length = unsafe run(mask, from: offset, words: words) }
            // A literal of such pictures takes about four bits; a distance takes its extra bits.
            let extra = extraBits[candidate]
            let gain = length >= shortest &+ extra >> 2 ? length &* 4 &- extra : 0
            best = max(best, gain << 32 | (7 &- candidate) << 29 | length)
        }
        return best >> 32 > 0 ? (best & 0x1FFF_FFFF, 7 &- best >> 29 & 7) : (0, 0)
    }
}

/// Some literals and the repetition behind them.
struct PNGToken {
    private let literalCount: UInt32
    private let packed: UInt32

    @inline(__always)
    init(literals: Int, length: Int, candidate: Int) {
        literalCount = UInt32(truncatingIfNeeded: literals)
        packed = UInt32(truncatingIfNeeded: candidate) << 28 | UInt32(truncatingIfNeeded: length)
    }

    /// How many literals come first.
    @inline(__always) var literals: Int { Int(literalCount) }
    /// How long the repetition is, in bytes; it may take several deflate matches.
    @inline(__always) var length: Int { Int(packed & 0x0FFF_FFFF) }
    /// Which of the matcher's distances it uses.
    @inline(__always) var candidate: Int { Int(packed >> 28) }
}
