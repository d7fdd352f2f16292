import MediaCore

extension PNGBandWorker {
    /// Encodes the rows of a tiny picture, all of them loaded, with codes that lie ready.
    ///
    /// Tries the rows as they are, with what repeats in them, and Paeth's filter, and takes what the prices say.
    func encodeSmall(_ layout: PNGLayout) throws(MediaError) {
        let count = layout.filteredBytes
        let pitch = Self.margin + (count + 63) & ~63 + Self.margin
        try filtered.reserve(2 * pitch + Self.margin)
        let plain = unsafe filtered.pointer + Self.margin
        let predicted = unsafe plain + pitch
        try unsafe filter(layout.height, layout, PNGStrategy(filtering: .fixed(.none), maySample: false), into: plain)
        try unsafe filter(
            layout.height, layout, PNGStrategy(filtering: .fixed(.paeth), maySample: false), into: predicted)

        let rows = PNGMatcher.smallRows(stride: layout.stride, step: layout.step)
        let runs = PNGMatcher.runs()
        let capacity = rows.tokenCapacity(for: count)
        try reserveMatches(for: count, masks: rows, tokens: capacity + runs.tokenCapacity(for: count))
        let isVectorised = PNGKernels.writesLiteralsWithVectors
        let first = unsafe smallBlock(plain, count, rows, tokens: tokenMemory, isVectorised)
        let second = unsafe smallBlock(predicted, count, runs, tokens: tokenMemory + capacity, isVectorised)
        let codes = SmallCodes.all
        let (ofFirst, ofSecond) = (codes.cheapest(for: first), codes.cheapest(for: second))
        if ofSecond.bits < ofFirst.bits {
            try writeSmall(second, codes, ofSecond)
        } else {
            try writeSmall(first, codes, ofFirst)
        }
    }

    private func writeSmall(
        _ block: DeflateBlock, _ codes: SmallCodes, _ choice: (index: Int, bits: Int)
    ) throws(MediaError) {
        try beginChunk(room: DeflateBlock.Cut(block.count, longest: DeflateBlock.longest))
        var bits = openStream(isFirst: true)
        adler = unsafe Adler32.of(RawSpan(_unsafeStart: block.bytes, byteCount: block.count))
        filteredCount = block.count
        block.write(codes, choice.index, bitCount: choice.bits, to: &bits)
        endChunk(&bits, isLast: true)
    }

    private func smallBlock(
        _ bytes: UnsafePointer<UInt8>, _ count: Int, _ matcher: PNGMatcher,
        tokens: UnsafeMutablePointer<PNGToken>, _ isVectorised: Bool
    ) -> DeflateBlock {
        let found = unsafe matcher.find(in: bytes, count: count, available: 0, masks: maskMemory, tokens: tokens)
        return unsafe DeflateBlock(
            bytes: bytes, count: count, tokens: tokens, tokenCount: found, matcher: matcher, maySample: false,
            tables: tables, isVectorised: isVectorised)
    }
}
