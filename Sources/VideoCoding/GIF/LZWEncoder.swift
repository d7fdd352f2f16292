import MediaCore

/// The compression of GIF: Lempel, Ziv and Welch's, with codes that grow from `codeSize` + 1 to 12 bits (GIF89a, appendix F).
///
/// Strings are found in a hash table of 8,192 entries, each a code with the key that it stands for. Runs of one index, which
/// most of a clip is, are not walked: the longest run of each index that has a code is known, and is taken in one step.
@safe
struct LZWEncoder: ~Copyable {
    /// Entries of the table; twice as many as there are codes.
    private static let slots = 8192
    /// One more than the largest code.
    private static let codeLimit = 4096

    /// The key of a string (code of all but its last index, last index) in the upper 20 bits, its code in the lower 12.
    private let table: UnsafeMutablePointer<UInt32>
    /// For each index, the longest run of it that has a code: the code in the lower 16 bits, the length in the upper.
    private let runs: UnsafeMutablePointer<UInt32>
    /// The codes of the runs of the index that is transparent, by their length.
    private let clearRuns: UnsafeMutablePointer<UInt16>
    private var codes = GIFBytes(capacity: 16384)
    /// For frames with a loss; made when there is one.
    private var loose: LooseLZWEncoder?

    init() {
        unsafe table = .allocate(capacity: Self.slots)
        unsafe runs = .allocate(capacity: 256)
        unsafe clearRuns = .allocate(capacity: Self.codeLimit + 1)
        unsafe clearRuns.initialize(repeating: 0, count: Self.codeLimit + 1)
    }

    deinit {
        unsafe table.deallocate()
        unsafe runs.deallocate()
        unsafe clearRuns.deallocate()
    }

    /// Appends the code size and the compressed indices, in blocks.
    ///
    /// - Parameters:
    ///   - indices: one byte per pixel, at least one, all below 2^`codeSize`.
    ///   - codeSize: 2…8.
    ///   - transparent: the index whose runs are worth knowing, if one is.
    ///   - nearby: which colours may be drawn for which, where a loss is allowed; for indices of 8 bits.
    ///   - output: what is appended to.
    mutating func encode(
        _ indices: UnsafeBufferPointer<UInt8>, codeSize: Int, transparent: UInt8?, nearby: NearbyColors? = nil,
        to output: inout GIFBytes
    ) {
        codes.count = 0
        if let nearby, codeSize == 8 {
            if loose == nil { loose = LooseLZWEncoder() }
            unsafe loose?.compress(indices, nearby: nearby, to: &codes)
        } else {
            unsafe compress(indices, codeSize: codeSize, transparent: transparent)
        }
        output.append(UInt8(codeSize))
        unsafe output.append(inBlocks: codes.base, count: codes.count)
    }

    private mutating func compress(_ indices: UnsafeBufferPointer<UInt8>, codeSize: Int, transparent: UInt8?) {
        guard let pixels = indices.baseAddress else { return }
        let count = indices.count
        let table = unsafe table, runs = unsafe runs, clearRuns = unsafe clearRuns
        let clearCode = UInt32(1) << UInt32(codeSize)
        // No string begins with the clear code, so its key marks a slot as free. (All ones would be a string: code 4095, index 255.)
        let free = clearCode << 20
        let clearIndex = transparent.map(UInt32.init) ?? UInt32.max
        var writer = unsafe LZWBits(codes.base, width: codeSize + 1)
        var next = clearCode + 2
        restart(free, clearCode, clearIndex, &writer, &next)

        var place = 0
        // Where the run ends that the last look found; it is walked in several strings.
        var runEnd = 0
        while place < count {
            let symbol = unsafe UInt32(pixels[place])
            var prefix = symbol
            place += 1
            if place < count, unsafe UInt32(pixels[place]) == symbol {
                if runEnd <= place { runEnd = unsafe Self.endOfRun(pixels, from: place, count: count) }
                let length = runEnd - place + 1
                let known = unsafe runs[Int(symbol)]
                let longest = Int(known >> 16)
                if length > longest {
                    // The longest run that has a code, and a code for the next longer one.
                    let code = known & 0xFFFF
                    writer.put(code)
                    place += longest - 1
                    if next < UInt32(Self.codeLimit) {
                        unsafe Self.insert(table, key: code << 8 | symbol, code: next, free: free)
                        unsafe runs[Int(symbol)] = UInt32(longest + 1) << 16 | next
                        if symbol == clearIndex { unsafe clearRuns[longest + 1] = UInt16(truncatingIfNeeded: next) }
                        writer.grow(after: next)
                        next += 1
                    } else {
                        restart(free, clearCode, clearIndex, &writer, &next)
                    }
                    continue
                }
                if symbol == clearIndex {
                    prefix = unsafe UInt32(clearRuns[length])
                    place = runEnd
                }
            }
            // Further indices as long as there is a code for the string with them.
            var isComplete = false
            while place < count {
                let key = unsafe prefix << 8 | UInt32(pixels[place])
                var slot = Int(truncatingIfNeeded: (key &* 0x9E37_79B1) >> 19)
                var entry = unsafe table[slot]
                while entry >> 12 != key && entry != free {
                    slot = (slot &+ 1) & (Self.slots &- 1)
                    entry = unsafe table[slot]
                }
                if entry != free {
                    prefix = entry & 0xFFF
                    place &+= 1
                    continue
                }
                writer.put(prefix)
                if next < UInt32(Self.codeLimit) {
                    unsafe table[slot] = key << 12 | next
                    writer.grow(after: next)
                    next &+= 1
                } else {
                    restart(free, clearCode, clearIndex, &writer, &next)
                }
                isComplete = true
                break
            }
            if !isComplete { writer.put(prefix) }
        }
        writer.put(clearCode + 1)
        codes.count = unsafe writer.finish(codes.base)
    }

    /// Begins with an empty table, and says so to the decoder.
    ///
    /// Inlined, so that `writer` and `next` stay in registers; what takes time is in ``forget(_:written:)``.
    @inline(__always)
    private mutating func restart(
        _ free: UInt32, _ clearCode: UInt32, _ clearIndex: UInt32, _ writer: inout LZWBits, _ next: inout UInt32
    ) {
        let written = unsafe writer.byteCount(from: codes.base)
        forget(clearCode, clearIndex, free, written: written)
        unsafe writer.move(to: codes.base + written)
        writer.put(clearCode)
        writer.width = UInt32(truncatingIfNeeded: clearCode.trailingZeroBitCount) &+ 1
        next = clearCode &+ 2
    }

    /// Empties the table, and makes room for all codes up to the next time, so that the loops need not look.
    @inline(never)
    private mutating func forget(_ clearCode: UInt32, _ clearIndex: UInt32, _ free: UInt32, written: Int) {
        codes.count = written
        codes.reserve(Self.codeLimit * 3 / 2 + 64)
        unsafe table.update(repeating: free, count: Self.slots)
        for symbol in 0..<Int(min(clearCode, 256)) { unsafe runs[symbol] = 1 << 16 | UInt32(symbol) }
        if clearIndex < 256 { unsafe clearRuns[1] = UInt16(clearIndex) }
    }

    private static func insert(_ table: UnsafeMutablePointer<UInt32>, key: UInt32, code: UInt32, free: UInt32) {
        var slot = Int(truncatingIfNeeded: (key &* 0x9E37_79B1) >> 19)
        while unsafe table[slot] != free { slot = (slot &+ 1) & (slots &- 1) }
        unsafe table[slot] = key << 12 | code
    }

    /// The first place behind `start` whose index is another than that at `start`.
    private static func endOfRun(_ pixels: UnsafePointer<UInt8>, from start: Int, count: Int) -> Int {
        let symbol = unsafe pixels[start]
        let pattern = UInt64(symbol) &* 0x0101_0101_0101_0101
        var place = start + 1
        while place &+ 8 <= count {
            let word = unsafe UnsafeRawPointer(pixels + place).loadUnaligned(as: UInt64.self)
            let difference = UInt64(littleEndian: word) ^ pattern
            if difference != 0 { return place + difference.trailingZeroBitCount / 8 }
            place &+= 8
        }
        while place < count, unsafe pixels[place] == symbol { place += 1 }
        return place
    }
}
