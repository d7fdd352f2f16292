import MediaCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Memory for comparing one band, used again for the next, and the sums over it.
@safe struct ComparisonScratch: ~Copyable {
    private(set) var tally = ComparisonTally()
    private let first: ScratchRows
    private let second: ScratchRows
    private let windows: SimilarityRows

    init(_ plan: ComparisonPlan) {
        let rows = min(
            plan.pair.first.height, plan.rowsPerBand + (plan.measuresStructure ? 2 * ComparisonPlan.reach : 0))
        first = ScratchRows(byteCount: rows * plan.pair.first.bytesPerRow)
        second = ScratchRows(byteCount: rows * plan.pair.first.bytesPerRow)
        windows = SimilarityRows(
            width: plan.measuresStructure ? plan.pair.first.width : 0, channels: plan.pair.format.channels)
    }

    /// Compares `rows`; the sums over them stand in ``tally`` then.
    mutating func compare(_ rows: Range<Int>, _ plan: ComparisonPlan) throws(MediaError) {
        tally = ComparisonTally()
        let read = plan.neighbourhood(of: rows)
        var lost = PixelTally()
        try first.fill(from: plan.pair.first, rows: read, tally: &lost)
        try second.fill(from: plan.pair.second, rows: read, tally: &lost)
        if plan.pair.format.bytesPerSample == 2 {
            compare(rows, read, plan, as: UInt16.self, light: LinearLight.of16Bits)
        } else {
            compare(rows, read, plan, as: UInt8.self, light: LinearLight.of8Bits)
        }
    }

    @inline(__always)
    private mutating func compare<Sample: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
        _ rows: Range<Int>, _ read: Range<Int>, _ plan: ComparisonPlan, as _: Sample.Type, light: [Float]
    ) {
        let one = unsafe first.bytes.bindMemory(to: Sample.self)
        let two = unsafe second.bytes.bindMemory(to: Sample.self)
        guard let one = one.baseAddress, let two = two.baseAddress else { return }
        let width = plan.pair.first.width, model = plan.pair.format.model
        let perRow = width * model.channels
        for y in rows {
            let start = (y - read.lowerBound) * perRow
            let a = unsafe UnsafePointer(one + start)
            let b = unsafe UnsafePointer(two + start)
            let differs = unsafe compareSamples(a, b, y: y, width: width, channels: model.channels)
            guard differs, plan.measuresColor else { continue }
            let colors = PixelColors<Sample>(model, light: light)
            let row = unsafe colors.compare(a, b, count: width)
            tally.colorSum += row.sum
            if row.largest > tally.colorLargest {
                tally.colorLargest = row.largest
                tally.colorWorst = unsafe Self.pixel(a, b, x: row.index, y: y, channels: model.channels)
            }
        }
        guard plan.measuresStructure else { return }
        if tally.largest == 0, unsafe memcmp(one, two, read.count * plan.pair.first.bytesPerRow) == 0 {
            tally.windows = max(0, read.count - 2 * ComparisonPlan.reach) * (width - 2 * ComparisonPlan.reach)
            tally.windows *= model.channels
            tally.similarity = Double(tally.windows)
            return
        }
        let sums = unsafe windows.similarity(
            one, two, rowCount: read.count, scale: 1 / Float(plan.pair.format.maximum))
        tally.similarity = sums.sum
        tally.windows = sums.count
    }

    /// Adds a row's differences to the sums, and says whether there are any.
    @inline(__always)
    private mutating func compareSamples<Sample: FixedWidthInteger & UnsignedInteger>(
        _ a: UnsafePointer<Sample>, _ b: UnsafePointer<Sample>, y: Int, width: Int, channels: Int
    ) -> Bool {
        var most: UInt32 = 0
        var sum: UInt64 = 0
        var squares: UInt64 = 0
        for i in 0..<width &* channels {
            let x = UInt32(truncatingIfNeeded: unsafe a[i]), y = UInt32(truncatingIfNeeded: unsafe b[i])
            let d = max(x, y) &- min(x, y)
            most = max(most, d)
            sum &+= UInt64(truncatingIfNeeded: d)
            squares &+= UInt64(truncatingIfNeeded: d &* d)  // at most 65535², which fits 32 bits
        }
        guard most > 0 else { return false }
        var differing = 0
        for x in 0..<width {
            var bits: Sample = 0
            for channel in 0..<channels {
                let i = x &* channels &+ channel
                bits |= unsafe a[i] ^ b[i]
            }
            differing &+= bits == 0 ? 0 : 1
        }
        tally.differingPixels += differing
        tally.sum += Double(sum)
        tally.squares += Double(squares)
        if Int(most) > tally.largest {
            tally.largest = Int(most)
            let x = unsafe Self.firstPixel(a, b, count: width, channels: channels, differingBy: most)
            tally.worst = unsafe Self.pixel(a, b, x: x, y: y, channels: channels)
        }
        return true
    }

    private static func firstPixel<Sample: FixedWidthInteger & UnsignedInteger>(
        _ a: UnsafePointer<Sample>, _ b: UnsafePointer<Sample>, count: Int, channels: Int, differingBy most: UInt32
    ) -> Int {
        for i in 0..<count &* channels {
            let x = UInt32(truncatingIfNeeded: unsafe a[i]), y = UInt32(truncatingIfNeeded: unsafe b[i])
            if max(x, y) &- min(x, y) == most { return i / max(1, channels) }
        }
        return 0
    }

    private static func pixel<Sample: FixedWidthInteger & UnsignedInteger>(
        _ a: UnsafePointer<Sample>, _ b: UnsafePointer<Sample>, x: Int, y: Int, channels: Int
    ) -> PictureComparison.Pixel {
        let places = x * channels..<(x + 1) * channels
        return PictureComparison.Pixel(
            x: x, y: y, first: places.map { unsafe Int(truncatingIfNeeded: a[$0]) },
            second: places.map { unsafe Int(truncatingIfNeeded: b[$0]) })
    }
}
