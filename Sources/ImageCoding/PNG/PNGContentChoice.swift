import MediaCore

/// Guesses, from a few rows, how many bits each way to filter a picture would cost.
///
/// Drawn pictures repeat themselves and want no filter; photographs want a predictor. The guess is the entropy of the
/// sample's literals and the price of its repetitions, in whole numbers, so that it is the same everywhere.
@safe struct PNGContentChoice {
    /// What is tried, best first among equals.
    static let filters: [3 of PNGFilter] = [.paeth, .none, .up]
    /// The widest piece of a row that is looked at, in bytes.
    private static let segment = 2048
    /// The most bytes of a sample, and what part of the picture it may be.
    private static let largestSample = 16_384
    private static let samplePart = 16

    private let layout: PNGLayout
    private let counts: UnsafeMutablePointer<UInt32>
    /// How many bytes were looked at.
    private(set) var sampledBytes = 0
    private var matches = [3 of Int](repeating: 0)
    private var matchBits = [3 of Int](repeating: 0)
    private var matchedBytes = [3 of Int](repeating: 0)

    /// - Parameter worker: lends its memory until the choice is made.
    init(_ layout: PNGLayout, worker: PNGBandWorker) {
        self.layout = layout
        unsafe counts = worker.tables.sampleCounts
        unsafe counts.update(repeating: 0, count: Self.filters.count * 256)
    }

    /// Which rows are looked at: up to three groups, spread over the picture.
    static func places(_ layout: PNGLayout) -> [3 of Range<Int>] {
        let budget = min(max(layout.filteredBytes / samplePart, 2048), largestSample)
        let width = min(layout.row, segment)
        let rows = min(max(budget / 3 / width, 2), 16)
        guard rows * 3 < layout.height else {
            return [0..<min(layout.height, max(1, budget / width)), 0..<0, 0..<0]
        }
        let step = (layout.height - rows) / 2
        let first = step / 3
        return [first..<first + rows, step..<step + rows, 2 * step - first..<2 * step - first + rows]
    }

    /// Looks at rows that the worker has loaded, the one above included.
    ///
    /// - Parameters:
    ///   - rows: counted from the first loaded row.
    ///   - place: the number of the group, which moves the piece of the row from left to right.
    mutating func add(_ rows: Range<Int>, place: Int, from worker: PNGBandWorker) throws(MediaError) {
        guard !rows.isEmpty else { return }
        let step = layout.step
        let width = layout.row <= Self.segment ? layout.row : Self.segment / step * step
        let start = (layout.row - width) / step * place / 2 * step
        let stride = width + 1
        sampledBytes += rows.count * stride
        let bytes = unsafe try worker.sampleMemory((rows.count + 1) * stride) + stride
        for number in 0..<Self.filters.count {
            let filter = Self.filters[number]
            for index in rows {
                let target = unsafe bytes + (index - rows.lowerBound) * stride
                unsafe target[0] = filter.rawValue
                unsafe PNGKernels.filter(
                    filter, row: worker.row(index) + start, above: worker.row(index - 1) + start,
                    count: width, step: step, output: target + 1)
            }
            var available = 0
            var matcher = PNGMatcher.runs()
            if filter == .none {
                unsafe bytes[-stride] = 0
                unsafe (bytes - stride + 1).update(from: worker.row(rows.lowerBound - 1) + start, count: width)
                available = stride
                // Where the real row above is out of reach, the sample's must not count.
                matcher = .rows(stride: layout.stride > 32768 ? 1 << 20 : stride, step: step)
            }
            try unsafe count(bytes, rows.count * stride, available: available, matcher, number: number, worker)
        }
    }

    private mutating func count(
        _ bytes: UnsafePointer<UInt8>, _ byteCount: Int, available: Int, _ matcher: PNGMatcher, number: Int,
        _ worker: PNGBandWorker
    ) throws(MediaError) {
        let tokenCount = try unsafe worker.findMatches(bytes, count: byteCount, available: available, matcher: matcher)
        let tokens = unsafe worker.tokenMemory
        let partial = unsafe worker.tables.partialCounts
        unsafe partial.update(repeating: 0, count: 4 * 256)
        var position = 0
        for i in 0..<tokenCount {
            let token = unsafe tokens[i]
            unsafe DeflateTables.count(bytes + position, count: token.literals, into: partial)
            position &+= token.literals &+ token.length
            matchedBytes[number] &+= token.length
            let pieces = token.length / DeflateAlphabet.longestMatch &+ 1
            matches[number] &+= pieces
            // A distance symbol, its extra bits, and the extra bits of a length.
            matchBits[number] &+= pieces &* (4 &+ matcher.extraBits[token.candidate])
        }
        unsafe DeflateTables.count(bytes + position, count: byteCount &- position, into: partial)
        let histogram = unsafe counts + number * 256
        for byte in 0..<256 {
            unsafe histogram[byte] &+=
                partial[byte] &+ partial[256 &+ byte] &+ partial[512 &+ byte]
                &+ partial[768 &+ byte]
        }
    }

    /// The bits of the sample under each filter, in 1/256.
    func cost(_ number: Int) -> Int {
        let histogram = unsafe counts + number * 256
        var total = matches[number]
        for byte in 0..<256 { total &+= unsafe Int(histogram[byte]) }
        guard total > 0 else { return 0 }
        let logTotal = Self.logarithm(total)
        var bits = matchBits[number] << 8
        if matches[number] > 0 { bits &+= matches[number] &* (logTotal &- Self.logarithm(matches[number])) }
        for byte in 0..<256 {
            let n = unsafe Int(histogram[byte])
            if n > 0 { bits &+= n &* (logTotal &- Self.logarithm(n)) }
        }
        return bits
    }

    /// The filter that costs least, the bits that the sample takes with it, in 1/256, and whether repetitions are more than
    /// chance: one part in 64 of the bytes.
    func cheapest() -> (filter: PNGFilter, cost: Int, hasRepetitions: Bool) {
        var best = 0
        var least = cost(0)
        for number in 1..<Self.filters.count {
            let bits = cost(number)
            if bits < least {
                least = bits
                best = number
            }
        }
        return (Self.filters[best], least, matchedBytes[best] >= sampledBytes >> 6)
    }

    /// The binary logarithm of 1 or more, in 1/256, rounded down; between powers of two a parabola that is 0.01 off at most.
    @inline(__always)
    static func logarithm(_ value: Int) -> Int {
        let exponent = Int.bitWidth &- 1 &- value.leadingZeroBitCount
        let fraction = exponent > 16 ? value >> (exponent &- 16) & 0xFFFF : value << (16 &- exponent) & 0xFFFF
        // log2(1 + x) ≈ x + 0.344 x (1 − x)
        let bend = (fraction &* (65536 &- fraction)) >> 16 &* 88 >> 8
        return exponent << 8 &+ (fraction &+ bend) >> 8
    }
}
