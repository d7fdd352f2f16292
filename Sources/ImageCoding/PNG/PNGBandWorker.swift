import MediaCore

/// What one worker needs to turn a band of rows into a chunk of the file, with the memory for it.
///
/// Belongs to one thread at a time: ``PNGWorkerCache`` hands each out once and takes it back.
@safe final class PNGBandWorker: @unchecked Sendable {
    private var raw = PNGScratch()
    /// The first loaded row, the distance to the next, and the row above the first.
    private var firstRow: UnsafePointer<UInt8>?
    private var pitch = 0
    private var rowAbove: UnsafePointer<UInt8>?
    /// The rows of the picture that `raw` still holds as they were made.
    private var made = 0..<0
    var filtered = PNGScratch()
    private var candidates = PNGScratch()
    private var masks = PNGScratch()
    private var tokens = PNGScratch()
    private var output = PNGScratch()
    let tables = DeflateTables()

    /// What was lost in the rows of the band.
    private(set) var tally = PixelTally()
    /// The Adler-32 of the band's filtered bytes, and how many these are.
    var adler: UInt32 = 1
    var filteredCount = 0
    /// How many bytes of the chunk there are: 4 for the length, 4 for the type, the data. No checksum yet.
    private var outputCount = 0
    private var crc = CRC32()

    /// Bytes in front of and behind a buffer that vector kernels may read.
    static let margin = 64
    private static let chunkHeader = 8
    /// Room behind the blocks: what ``DeflateBlock`` needs, and the end of the band and of the file.
    private static let outputSlack = DeflateBlock.slack + 64

    // MARK: Rows

    /// Fills rows and packs them, or takes them where they lie; the row above the first belongs to them.
    func load(_ rows: Range<Int>, of input: PNGRows, _ layout: PNGLayout) throws(MediaError) {
        tally = PixelTally()
        if let stored = unsafe input.stored { return try unsafe take(rows, stored.first, stored.pitch, layout) }
        let sourceRow = layout.sourceRow
        // Rows that become smaller are made in the room that they need before.
        let room = sourceRow + rows.count * input.source.bytesPerRow + 2 * Self.margin
        let continues = rows.lowerBound > 0 && rows.lowerBound == made.upperBound && room <= raw.capacity
        let last = made.count
        made = 0..<0
        try raw.reserve(room)
        let above = unsafe raw.pointer
        if rows.lowerBound == 0 {
            unsafe above.update(repeating: 0, count: sourceRow)
        } else if continues {
            unsafe above.update(from: above + last * sourceRow, count: sourceRow)
        } else {
            // The row above counts in its own band.
            var ignored = PixelTally()
            try unsafe input.make(rows.lowerBound - 1..<rows.lowerBound, at: above, tally: &ignored)
        }
        try unsafe input.make(rows, at: above + sourceRow, tally: &tally)
        try pack(rows, layout)
        if layout.format.bits == 8 { made = rows }
        pitch = layout.row
        unsafe rowAbove = UnsafePointer(above)
        unsafe firstRow = UnsafePointer(above + pitch)
    }

    private func take(
        _ rows: Range<Int>, _ first: UnsafePointer<UInt8>, _ distance: Int, _ layout: PNGLayout
    ) throws(MediaError) {
        pitch = distance
        let start = unsafe first + rows.lowerBound * distance
        unsafe firstRow = start
        guard rows.lowerBound == 0 else { return unsafe rowAbove = start - distance }
        try raw.reserve(layout.row)
        unsafe raw.pointer.update(repeating: 0, count: layout.row)
        unsafe rowAbove = UnsafePointer(raw.pointer)
    }

    private func pack(_ rows: Range<Int>, _ layout: PNGLayout) throws(MediaError) {
        let start = unsafe raw.pointer
        if layout.format.bits == 16 {
            unsafe PNGRowPacking.makeBigEndian(start, samples: (rows.count + 1) * layout.sourceRow / 2)
            return
        }
        guard layout.format.model == .indexed || layout.format.bits < 8 else { return }
        let allowed = layout.palette.map { $0.colors.count - 1 } ?? layout.format.maximum
        let largest = unsafe PNGRowPacking.largest(start + layout.sourceRow, count: rows.count * layout.sourceRow)
        guard Int(largest) <= allowed else {
            throw MediaError(
                .valueOutOfRange,
                "a sample in rows \(rows.lowerBound)…\(rows.upperBound - 1) is \(largest), the most here is \(allowed)",
                hint: layout.palette == nil
                    ? "\(layout.source) has too few bits for this picture" : "give the palette a colour for every index"
            )
        }
        guard layout.format.bits < 8 else { return }
        for row in 0...rows.count {
            unsafe PNGRowPacking.pack(
                start + row * layout.sourceRow, count: layout.width, bits: layout.format.bits,
                output: start + row * layout.row)
        }
    }

    /// The packed bytes of a loaded row, counted from 0; −1 is the row above.
    func row(_ index: Int) -> UnsafePointer<UInt8> {
        if index >= 0, let firstRow = unsafe firstRow { return unsafe firstRow + index * pitch }
        // Before anything is loaded nobody asks; the scratch is an address all the same.
        return unsafe rowAbove ?? UnsafePointer(raw.pointer)
    }

    // MARK: Band

    /// Encodes the rows that are loaded.
    func encode(band: Int, _ layout: PNGLayout, _ strategy: PNGStrategy) throws(MediaError) {
        let rows = layout.rows(ofBand: band)
        let isLast = band == layout.bandCount - 1
        // Without filters the row above is what the decoder has in front of the band: one more row to look things up in.
        let history = strategy.matchesRows && band > 0 ? layout.stride : 0
        let count = rows.count * layout.stride
        try filtered.reserve(Self.margin + history + count + 2 * Self.margin)
        let bytes = unsafe filtered.pointer + Self.margin + history
        if history > 0 {
            unsafe bytes[-history] = 0
            unsafe (bytes - history + 1).update(from: row(-1), count: layout.row)
        }
        try unsafe filter(rows.count, layout, strategy, into: bytes)
        adler = unsafe Adler32.of(RawSpan(_unsafeStart: bytes, byteCount: count))
        filteredCount = count

        let cut = DeflateBlock.Cut(count, longest: DeflateBlock.longest)
        try beginChunk(room: cut)
        var bits = openStream(isFirst: band == 0)
        if strategy.isStored {
            unsafe DeflateBlock.writeStored(bytes, count: count, to: &bits, isFinal: isLast)
        } else {
            try unsafe writeBlocks(bytes, cut, history: history, layout, strategy, isLast: isLast, to: &bits)
        }
        endChunk(&bits, isLast: isLast)
    }

    /// Makes room for a chunk with these blocks.
    func beginChunk(room: DeflateBlock.Cut) throws(MediaError) {
        try output.reserve(Self.chunkHeader + 2 + room.bound + Self.outputSlack)
    }

    /// Where the chunk's bits go, behind the header of the stream in the first one.
    func openStream(isFirst: Bool) -> DeflateBits {
        var bits = unsafe DeflateBits(output: output.pointer + Self.chunkHeader)
        // Deflate with a window of 32 KiB; the level is said to be the fastest (RFC 1950).
        if isFirst { bits.write(0x0178, bits: 16) }
        return bits
    }

    /// Ends the chunk at a byte boundary and sums it.
    func endChunk(_ bits: inout DeflateBits, isLast: Bool) {
        if isLast {
            bits.align()
        } else if bits.count > 0 {
            // An empty stored block takes the stream to a byte boundary, where the next band begins.
            bits.write(0, bits: 3)
            bits.align()
            bits.write(0xFFFF_0000, bits: 32)
        }
        let start = unsafe output.pointer
        outputCount = unsafe bits.output - start
        unsafe (start + 4).storeBigEndian(0x4944_4154)
        crc = CRC32()
        unsafe crc.update(RawSpan(_unsafeStart: start + 4, byteCount: outputCount - 4))
    }

    /// Filters loaded rows, from the `first` on, with their names in front.
    func filter(
        _ rows: Int, _ layout: PNGLayout, _ strategy: PNGStrategy, into bytes: UnsafeMutablePointer<UInt8>,
        from first: Int = 0
    ) throws(MediaError) {
        switch strategy.filtering {
        case .fixed(let filter):
            for index in 0..<rows {
                let place = unsafe bytes + index * layout.stride
                unsafe place[0] = filter.rawValue
                unsafe PNGKernels.filter(
                    filter, row: row(first + index), above: row(first + index - 1), count: layout.row,
                    step: layout.step, output: place + 1)
            }
        case .adaptive:
            try candidates.reserve(layout.row + Self.margin)
            for index in 0..<rows { unsafe chooseFilter(first + index, layout, place: bytes + index * layout.stride) }
        }
    }

    private static let trials: [4 of PNGFilter] = [.paeth, .sub, .up, .average]

    /// Writes the row under the filter that leaves the least; of equal ones, the first.
    private func chooseFilter(_ index: Int, _ layout: PNGLayout, place: UnsafeMutablePointer<UInt8>) {
        let (this, above) = unsafe (row(index), row(index - 1))
        let trial = unsafe candidates.pointer
        var least = UInt64.max
        for number in 0..<Self.trials.count {
            let filter = Self.trials[number]
            let target = unsafe least == .max ? place + 1 : trial
            unsafe PNGKernels.filter(
                filter, row: this, above: above, count: layout.row, step: layout.step, output: target)
            let score = unsafe PNGKernels.score(target, count: layout.row)
            guard score < least else { continue }
            least = score
            unsafe place[0] = filter.rawValue
            if unsafe target != place + 1 { unsafe (place + 1).update(from: trial, count: layout.row) }
        }
    }

    /// How many bytes filtered rows take.
    func size(
        of bytes: UnsafePointer<UInt8>, count: Int, _ layout: PNGLayout, _ strategy: PNGStrategy
    ) throws(MediaError) -> Int {
        let cut = DeflateBlock.Cut(count, longest: DeflateBlock.longest)
        try output.reserve(cut.bound + Self.outputSlack)
        var bits = unsafe DeflateBits(output: output.pointer)
        try unsafe writeBlocks(bytes, cut, history: 0, layout, strategy, isLast: true, to: &bits)
        return unsafe bits.output - output.pointer + 1
    }

    private func writeBlocks(
        _ bytes: UnsafePointer<UInt8>, _ cut: DeflateBlock.Cut, history: Int, _ layout: PNGLayout,
        _ strategy: PNGStrategy, isLast: Bool, to bits: inout DeflateBits
    ) throws(MediaError) {
        let matcher = strategy.matcher(layout)
        let isVectorised = PNGKernels.writesLiteralsWithVectors
        var offset = 0
        while offset < cut.count {
            let size = min(cut.length, cut.count - offset)
            let tokenCount = unsafe try findMatches(
                bytes + offset, count: size, available: history + offset, matcher: matcher)
            let block = unsafe DeflateBlock(
                bytes: bytes + offset, count: size, tokens: tokenMemory, tokenCount: tokenCount, matcher: matcher,
                maySample: strategy.maySample, tables: tables, isVectorised: isVectorised)
            offset += size
            block.write(to: &bits, isFinal: isLast && offset == cut.count)
        }
    }

    /// Where ``findMatches(_:count:available:matcher:)`` leaves its tokens.
    var tokenMemory: UnsafeMutablePointer<PNGToken> {
        unsafe UnsafeMutableRawPointer(tokens.pointer).assumingMemoryBound(to: PNGToken.self)
    }

    /// Finds the repetitions of a block: see ``PNGMatcher``.
    func findMatches(
        _ block: UnsafePointer<UInt8>, count: Int, available: Int, matcher: PNGMatcher
    ) throws(MediaError) -> Int {
        try reserveMatches(for: count, masks: matcher, tokens: matcher.tokenCapacity(for: count))
        return unsafe matcher.find(
            in: block, count: count, available: available, masks: maskMemory, tokens: tokenMemory)
    }

    /// Makes room for the bit maps of a matcher, and for tokens.
    func reserveMatches(for count: Int, masks matcher: PNGMatcher, tokens capacity: Int) throws(MediaError) {
        try masks.reserve(matcher.maskWords(for: count) * 8)
        try tokens.reserve(capacity * MemoryLayout<PNGToken>.stride)
    }

    /// Where a matcher's bit maps go.
    var maskMemory: UnsafeMutablePointer<UInt64> {
        unsafe UnsafeMutableRawPointer(masks.pointer).assumingMemoryBound(to: UInt64.self)
    }

    /// Room for a sample of filtered rows, with margins in front and behind.
    func sampleMemory(_ count: Int) throws(MediaError) -> UnsafeMutablePointer<UInt8> {
        try filtered.reserve(count + 3 * Self.margin)
        return unsafe filtered.pointer + Self.margin
    }

    // MARK: Chunk

    /// Ends the chunk and hands it to the sink; the last one takes the stream's checksum and the end of the file with it.
    func finish(adlerOfAll: UInt32?, into sink: any ByteSink) throws(MediaError) {
        let start = unsafe output.pointer
        let adlerBytes = adlerOfAll == nil ? 0 : 4
        let end = unsafe start + outputCount + adlerBytes
        if let adlerOfAll {
            let place = unsafe start + outputCount
            unsafe place.storeBigEndian(adlerOfAll)
            unsafe crc.update(RawSpan(_unsafeStart: place, byteCount: 4))
            unsafe Self.storeEnd(end + 4)
        }
        unsafe start.storeBigEndian(UInt32(truncatingIfNeeded: outputCount + adlerBytes - Self.chunkHeader))
        unsafe end.storeBigEndian(crc.value)
        let count = outputCount + adlerBytes + 4 + (adlerOfAll == nil ? 0 : 12)
        try unsafe sink.write(RawSpan(_unsafeStart: start, byteCount: count))
    }

    /// Stores IEND, 12 bytes: no data, and the checksum of its name.
    static func storeEnd(_ place: UnsafeMutablePointer<UInt8>) {
        unsafe place.storeBigEndian(0)
        unsafe (place + 4).storeBigEndian(0x4945_4E44)
        unsafe (place + 8).storeBigEndian(0xAE42_6082)
    }

    /// Forgets the rows, and gives back what only long ones need.
    func trim() {
        made = 0..<0
        unsafe firstRow = nil
        unsafe rowAbove = nil
        let limit = 1 << 19
        raw.trim(to: limit)
        filtered.trim(to: limit)
        candidates.trim(to: limit)
        masks.trim(to: limit)
        tokens.trim(to: limit)
        output.trim(to: limit)
    }
}

extension UnsafeMutablePointer<UInt8> {
    /// Stores four bytes, the highest first.
    func storeBigEndian(_ value: UInt32) {
        unsafe UnsafeMutableRawPointer(self).storeBytes(of: value.bigEndian, as: UInt32.self)
    }
}
