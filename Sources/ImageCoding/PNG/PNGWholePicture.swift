import CDeflate
import MediaCore

/// Compresses a filtered picture as a whole with libdeflate, for the presets that take their time.
///
/// Its search for repetitions reaches over the whole picture, which pays for smooth and for drawn ones; but it cannot be
/// fed in pieces, so filtered picture and result are both in memory, up to a bound.
@safe struct PNGWholePicture {
    /// The most bytes that filtered picture and result may take together.
    static let mostBytes = 64 << 20

    private let layout: PNGLayout
    private let cache: PNGWorkerCache
    private let level: Int32
    private let memory: PNGWholeMemory

    /// - Returns: `nil` for a picture that would take more memory than this may.
    init?(_ layout: PNGLayout, level: Int32, cache: PNGWorkerCache) {
        let (bytes, isHuge) = layout.stride.multipliedReportingOverflow(by: layout.height)
        guard !isHuge, bytes < Self.mostBytes else { return nil }
        let bound = libdeflate_zlib_compress_bound(nil, bytes)
        guard bytes + bound <= Self.mostBytes else { return nil }
        self.layout = layout
        self.cache = cache
        self.level = level
        memory = cache.takeMemory()
    }

    /// Gives the memory back; nothing may be asked of the picture after that.
    func end() { cache.give(memory) }

    /// Filters and compresses the picture and writes it to the end of the file.
    func encode(
        _ source: PNGRows, _ strategy: PNGStrategy, worker: PNGBandWorker, isLoaded: Bool,
        to sink: any ByteSink, _ cancellation: CancellationFlag?
    ) throws(MediaError) -> PixelTally {
        try memory.filtered.reserve(layout.filteredBytes)
        var tally = PixelTally()
        for band in 0..<layout.bandCount {
            try cancellation?.check()
            let rows = layout.rows(ofBand: band)
            if !isLoaded { try worker.load(rows, of: source, layout) }
            tally.add(worker.tally)
            try unsafe worker.filter(
                rows.count, layout, strategy, into: memory.filtered.pointer + rows.lowerBound * layout.stride)
        }
        let compressor = try cache.takeCompressor(level: level)
        defer { cache.give(compressor) }
        let bound = unsafe libdeflate_zlib_compress_bound(compressor.pointer, layout.filteredBytes)
        try memory.output.reserve(8 + bound + 16)
        let start = unsafe memory.output.pointer
        let count = unsafe libdeflate_zlib_compress(
            compressor.pointer, memory.filtered.pointer, layout.filteredBytes, start + 8, bound)
        guard count > 0 else {
            throw MediaError(
                .libraryFailed, "libdeflate did not compress \(layout.filteredBytes) bytes into \(bound)",
                hint: "use the preset 'fastest'")
        }
        unsafe start.storeBigEndian(UInt32(truncatingIfNeeded: count))
        unsafe (start + 4).storeBigEndian(0x4944_4154)
        let crc = unsafe CRC32.of(RawSpan(_unsafeStart: start + 4, byteCount: count + 4))
        unsafe (start + 8 + count).storeBigEndian(crc)
        unsafe PNGBandWorker.storeEnd(start + 12 + count)
        try unsafe sink.write(RawSpan(_unsafeStart: start, byteCount: count + 24))
        return tally
    }

    /// What a sample of the picture takes, in bytes.
    struct Trial {
        var strategy: PNGStrategy
        /// With our own bands.
        var own = 0
        /// With libdeflate.
        var whole = 0
    }

    /// Trials, without memory of the heap.
    struct Trials {
        private(set) var all: [5 of Trial]
        let count: Int

        /// Up to five strategies.
        init(_ strategies: [5 of PNGStrategy], count: Int) {
            all = [5 of Trial] { Trial(strategy: strategies[$0]) }
            self.count = count
        }

        fileprivate mutating func set(_ index: Int, own: Int, whole: Int) {
            all[index].own = own
            all[index].whole = whole
        }
    }

    /// The level of trials: the last one for pictures that are small enough, else one that ranks well for its time.
    private var trialLevel: Int32 { layout.filteredBytes <= 1 << 16 ? level : 6 }
    /// Whether the last level will find more than trials do.
    var triesBelowItsLevel: Bool { trialLevel < level }

    /// Encodes the same rows under each strategy, both ways.
    func measure(
        _ trials: inout Trials, _ source: PNGRows, worker: PNGBandWorker, isLoaded: Bool, sample: Int
    ) throws(MediaError) {
        let compressor = try cache.takeCompressor(level: trialLevel)
        defer { cache.give(compressor) }
        let places = Self.places(layout, sample: sample)
        var count = 0
        for i in 0..<places.count { count += places[i].count * layout.stride }
        let bound = unsafe libdeflate_zlib_compress_bound(compressor.pointer, count)
        try memory.filtered.reserve(count * trials.count + 3 * 64)
        try memory.output.reserve(bound)
        // Kernels read a register's width in front and behind.
        let first = unsafe memory.filtered.pointer + 64
        var offset = 0
        for i in 0..<places.count where !places[i].isEmpty {
            let place = places[i]
            if !isLoaded { try worker.load(place, of: source, layout) }
            for index in 0..<trials.count {
                try unsafe worker.filter(
                    place.count, layout, trials.all[index].strategy, into: first + index * count + offset,
                    from: isLoaded ? place.lowerBound : 0)
            }
            offset += place.count * layout.stride
        }
        for index in 0..<trials.count {
            let bytes = unsafe first + index * count
            let whole = unsafe libdeflate_zlib_compress(
                compressor.pointer, bytes, count, memory.output.pointer, bound)
            let own = try unsafe worker.size(of: bytes, count: count, layout, trials.all[index].strategy)
            trials.set(index, own: own, whole: whole)
        }
    }

    /// Up to three groups of rows, spread over the picture, of about `sample` bytes together, at least a row; all rows
    /// when those are hardly more.
    private static func places(_ layout: PNGLayout, sample: Int) -> [3 of Range<Int>] {
        if layout.filteredBytes <= 2 * sample { return [0..<layout.height, 0..<0, 0..<0] }
        let rows = max(1, sample / 3 / layout.stride)
        guard rows * 3 < layout.height else { return [layout.height / 2..<layout.height / 2 + 1, 0..<0, 0..<0] }
        let step = (layout.height - rows) / 2
        let first = step / 3
        return [first..<first + rows, step..<step + rows, 2 * step - first..<2 * step - first + rows]
    }
}

/// What a picture that is compressed as a whole needs, kept for the next one. One thread at a time.
@safe final class PNGWholeMemory: @unchecked Sendable {
    var filtered = PNGScratch()
    var output = PNGScratch()
}

/// A compressor of libdeflate, which is large and worth keeping. One thread at a time.
@safe final class PNGCompressor: @unchecked Sendable {
    /// libdeflate's level, 1…12.
    let level: Int32
    /// The compressor.
    let pointer: OpaquePointer

    init(level: Int32) throws(MediaError) {
        guard let pointer = unsafe libdeflate_alloc_compressor(level) else {
            throw MediaError(.outOfMemory, "libdeflate has no memory for a compressor of level \(level)")
        }
        self.level = level
        unsafe self.pointer = unsafe pointer
    }

    deinit { unsafe libdeflate_free_compressor(pointer) }
}
