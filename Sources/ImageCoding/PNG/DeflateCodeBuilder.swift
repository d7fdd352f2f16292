/// Makes Huffman codes: lengths from counts, code words from lengths.
///
/// Works in place on memory that is given, because a tiny picture spends half its time here.
enum DeflateCodeBuilder {
    /// Finds code lengths for symbols with these counts, none longer than `limit`, complete (Kraft's sum is exactly 1).
    ///
    /// At least two symbols need a count above 0: a lone symbol would leave half the code space unused, which some
    /// readers refuse.
    ///
    /// - Parameters:
    ///   - counts: `symbols` counts, each below 2²³.
    ///   - lengths: room for `symbols` lengths; 0 for symbols that do not occur.
    ///   - scratch: room for `2 * symbols` words.
    static func lengths(
        counts: UnsafePointer<UInt32>, symbols: Int, limit: Int, lengths: UnsafeMutablePointer<UInt8>,
        scratch: UnsafeMutablePointer<UInt32>
    ) {
        var used = 0
        for symbol in 0..<symbols {
            unsafe lengths[symbol] = 0
            let count = unsafe min(counts[symbol], 0x7F_FFFF)
            if count > 0 {
                unsafe scratch[used] = count << 9 | UInt32(truncatingIfNeeded: symbol)
                used &+= 1
            }
        }
        guard used > 1 else {
            if used == 1 { unsafe lengths[Int(scratch[0] & 511)] = 1 }
            return
        }
        let keys = unsafe sort(scratch, scratch + symbols, count: used)
        let depths = unsafe keys == scratch ? scratch + symbols : scratch
        for i in 0..<used { unsafe depths[i] = keys[i] >> 9 }
        unsafe minimumRedundancy(depths, count: used)

        // How many codes of each length, everything beyond the limit counted as the limit.
        var population = [33 of Int](repeating: 0)
        for i in 0..<used { unsafe population[min(Int(depths[i]), limit)] &+= 1 }
        var kraft = 0
        for length in 1...limit { kraft &+= population[length] << (limit &- length) }
        // Too many at the limit: lengthen the nearest shorter code, which frees room for one of them beside it.
        while kraft > 1 << limit {
            population[limit] &-= 1
            var length = limit &- 1
            while length > 0 && population[length] == 0 { length &-= 1 }
            population[length] &-= 1
            population[length &+ 1] &+= 2
            kraft &-= 1
        }
        // The rarest symbols come first in `keys` and take the longest codes.
        var next = 0
        var length = limit
        while length > 0 {
            for _ in 0..<population[length] {
                unsafe lengths[Int(keys[next] & 511)] = UInt8(truncatingIfNeeded: length)
                next &+= 1
            }
            length &-= 1
        }
    }

    /// Sorts by value, with the second half of the scratch as partner, and says in which of the two the result is.
    private static func sort(
        _ keys: UnsafeMutablePointer<UInt32>, _ partner: UnsafeMutablePointer<UInt32>, count: Int
    ) -> UnsafeMutablePointer<UInt32> {
        if count <= 24 {
            unsafe insertionSort(keys, count: count)
            return unsafe keys
        }
        // The symbols ascend already, so a stable sort by the count alone is enough: bits 9…31, eight at a time.
        var (from, to) = unsafe (keys, partner)
        var largest: UInt32 = 0
        for i in 0..<count { largest = unsafe max(largest, keys[i]) }
        var shift: UInt32 = 9
        while shift < 32 && largest >> shift != 0 {
            var starts = [256 of UInt32](repeating: 0)
            for i in 0..<count { unsafe starts[Int(from[i] >> shift & 255)] &+= 1 }
            var sum: UInt32 = 0
            for digit in 0..<256 {
                let here = starts[digit]
                starts[digit] = sum
                sum &+= here
            }
            for i in 0..<count {
                let digit = unsafe Int(from[i] >> shift & 255)
                unsafe to[Int(starts[digit])] = from[i]
                starts[digit] &+= 1
            }
            unsafe swap(&from, &to)
            shift &+= 8
        }
        return unsafe from
    }

    private static func insertionSort(_ keys: UnsafeMutablePointer<UInt32>, count: Int) {
        for i in 1..<max(count, 1) {
            let key = unsafe keys[i]
            var j = i
            while j > 0 {
                let before = unsafe keys[j &- 1]
                if before <= key { break }
                unsafe keys[j] = before
                j &-= 1
            }
            unsafe keys[j] = key
        }
    }

    /// Replaces ascending weights by the depths of their leaves in a Huffman tree, deepest first.
    ///
    /// The method of Moffat and Katajainen, "In-place calculation of minimum-redundancy codes" (1995): weights become
    /// parents, parents become depths of inner nodes, those become depths of leaves, all in one array.
    private static func minimumRedundancy(_ a: UnsafeMutablePointer<UInt32>, count n: Int) {
        if n == 2 {
            unsafe a[0] = 1
            unsafe a[1] = 1
            return
        }
        unsafe a[0] &+= a[1]
        var root = 0
        var leaf = 2
        for next in 1..<(n &- 1) {
            if unsafe leaf >= n || a[root] < a[leaf] {
                unsafe a[next] = a[root]
                unsafe a[root] = UInt32(truncatingIfNeeded: next)
                root &+= 1
            } else {
                unsafe a[next] = a[leaf]
                leaf &+= 1
            }
            if unsafe leaf >= n || (root < next && a[root] < a[leaf]) {
                unsafe a[next] &+= a[root]
                unsafe a[root] = UInt32(truncatingIfNeeded: next)
                root &+= 1
            } else {
                unsafe a[next] &+= a[leaf]
                leaf &+= 1
            }
        }
        unsafe a[n &- 2] = 0
        var node = n &- 3
        while node >= 0 {
            unsafe a[node] = a[Int(a[node])] &+ 1
            node &-= 1
        }
        var available = 1
        var inner = 0
        var depth: UInt32 = 0
        root = n &- 2
        var next = n &- 1
        while available > 0 {
            while unsafe root >= 0 && a[root] == depth {
                inner &+= 1
                root &-= 1
            }
            while available > inner {
                unsafe a[next] = depth
                next &-= 1
                available &-= 1
            }
            available = 2 &* inner
            depth &+= 1
            inner = 0
        }
    }

    /// Assigns code words (RFC 1951, section 3.2.2), first bit lowest, as the bit stream wants them.
    static func codes(lengths: UnsafePointer<UInt8>, symbols: Int, codes: UnsafeMutablePointer<UInt16>) {
        var next = [16 of UInt16](repeating: 0)
        for symbol in 0..<symbols { unsafe next[Int(lengths[symbol] & 15)] &+= 1 }
        next[0] = 0
        var code: UInt16 = 0
        var shorter: UInt16 = 0
        for length in 1...15 {
            let here = next[length]
            code = (code &+ shorter) << 1
            next[length] = code
            shorter = here
        }
        for symbol in 0..<symbols {
            let length = unsafe Int(lengths[symbol])
            guard length > 0 else {
                unsafe codes[symbol] = 0
                continue
            }
            let word = next[length]
            next[length] = word &+ 1
            unsafe codes[symbol] = reversed(word) >> UInt16(truncatingIfNeeded: 16 &- length)
        }
    }

    @inline(__always)
    private static func reversed(_ value: UInt16) -> UInt16 {
        var v = value
        v = (v & 0x5555) << 1 | v >> 1 & 0x5555
        v = (v & 0x3333) << 2 | v >> 2 & 0x3333
        v = (v & 0x0F0F) << 4 | v >> 4 & 0x0F0F
        return v << 8 | v >> 8
    }
}
