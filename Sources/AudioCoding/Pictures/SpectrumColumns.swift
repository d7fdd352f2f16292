import MediaCore
import TensorIO

/// Walks through a sound once, window by window, and keeps the loudest of each column and row.
///
/// Window *t* has its middle half a hop after sample *t* · hop, so that what it shows lies where the picture shows it; beyond the
/// ends of the sound is silence. Memory is that of some windows, of a block of the source, and of the levels.
struct SpectrumColumns {
    /// How loud each place is: rows from the top down, columns from left to right; see ``DecibelLevel``.
    private(set) var levels: [UInt16]
    /// How many columns there are: one for each window, or as many as were asked for.
    let columnCount: Int
    /// How many samples lie between windows.
    let hop: Int
    /// How many windows there are.
    let windowCount: Int
    /// How many samples the sound has.
    let sampleCount: Int

    /// Numbers louder than this count as this: what is squared and added up stays finite.
    private static let loudest: Float = 1e12
    private static let laneCount = RealTransform.Lanes.scalarCount

    private let transform: RealTransform
    private let factors: [Float]
    private let channel: Int?
    private let rows: [FrequencyRow]
    private let meter: DecibelLevel.Meter
    private let copier: ChannelCopier
    private var reader: ChannelReader
    /// What was not finite.
    var tally: SoundTally { reader.tally }
    /// Samples from ``start`` on, as many as were read; before and behind the sound are zeros.
    private var samples: [Float]
    private var start = 0
    private var end = 0
    private var lanes: [RealTransform.Lanes]
    private var powers: [RealTransform.Lanes]
    /// The loudest of the column that is in work.
    private var column: [RealTransform.Lanes]
    private var loudestPowers: [Float]

    /// - Parameters:
    ///   - rows: the frequencies of each row.
    /// - Throws: what reading the source throws; `work.cancelled`.
    init(
        _ source: any SampleSource, _ options: SpectrogramOptions, transform: RealTransform, rows: [FrequencyRow],
        cancellation: CancellationFlag?
    ) throws(MediaError) {
        self.transform = transform
        self.rows = rows
        channel = options.channel
        reader = try ChannelReader(source, cancellation: cancellation)
        copier = ChannelCopier(channels: source.channels, limit: Self.loudest)
        sampleCount = reader.count
        // A short sound would be a few broad columns. The only window of one shorter than the hop is in its middle.
        hop = min(sampleCount, options.hop ?? max(1, min(transform.length / 4, sampleCount / options.width)))
        windowCount = (sampleCount - 1) / hop + 1
        columnCount = min(options.width, windowCount)
        let window = options.window.factors(transform.length)
        factors = window.map { Float($0) }
        // A sine of amplitude 1 is at 0 dB.
        let sum = window.reduce(0, +)
        meter = DecibelLevel.Meter(factor: 4 / (sum * sum))
        levels = [UInt16](repeating: 0, count: columnCount * rows.count)
        let span = (Self.laneCount - 1) * hop + transform.length
        samples = [Float](repeating: 0, count: span + max(span, reader.blockLength))
        lanes = [RealTransform.Lanes](repeating: .zero, count: transform.length)
        powers = [RealTransform.Lanes](repeating: .zero, count: transform.length / 2 + 1)
        column = powers
        loudestPowers = [Float](repeating: 0, count: powers.count)
        // Before the sound is silence, which is there already.
        start = hop / 2 - transform.length / 2
        end = max(0, start)
        try walk(cancellation)
    }

    private mutating func walk(_ cancellation: CancellationFlag?) throws(MediaError) {
        var first = 0
        while first < windowCount {
            if first & 63 == 0 { try cancellation?.check() }
            let count = min(Self.laneCount, windowCount - first)
            let place = first * hop + hop / 2 - transform.length / 2
            try provide(place..<place + (count - 1) * hop + transform.length)
            Self.load(samples, from: place - start, hop: hop, count: count, factors, to: &lanes)
            transform.powers(&lanes, to: &powers)
            // At the ends, where there is no frequency below or above, a tone is whole.
            powers[0] *= 0.25
            powers[powers.count - 1] *= 0.25
            var lane = 0
            while lane < count {
                let number = columnOf(window: first + lane)
                var mask = RealTransform.Lanes.zero
                while lane < count, columnOf(window: first + lane) == number {
                    mask[lane] = 1
                    lane += 1
                }
                Self.keepLoudest(powers, mask, in: &column)
                if first + lane == windowCount || columnOf(window: first + lane) != number { finish(number) }
            }
            first += count
        }
    }

    private func columnOf(window: Int) -> Int {
        columnCount == windowCount
            ? window
            : windowCount.dividingFullWidth(window.multipliedFullWidth(by: columnCount)).quotient
    }

    /// Makes the samples of `range` the first of ``samples``, or has them there.
    private mutating func provide(_ range: Range<Int>) throws(MediaError) {
        guard range.upperBound > end else { return }
        let kept = max(0, end - range.lowerBound)
        let old = range.lowerBound - start
        for i in 0..<kept { samples[i] = samples[old + i] }
        start = range.lowerBound
        end = start + kept
        while end < range.upperBound {
            let place = end - start
            // Out of here meanwhile: the reader is a part of this, too.
            var room: [Float] = []
            swap(&room, &samples)
            defer { swap(&room, &samples) }
            let (channel, copier) = (channel, copier)
            let length = try reader.read(at: end, upTo: room.count - place) { block in
                if let channel {
                    copier.copy(channel: channel, of: block, to: &room, at: place)
                } else {
                    copier.copyMix(of: block, to: &room, at: place)
                }
                return FiniteScan.isFinite(block, as: .float32)
            }
            guard length > 0 else {
                // Behind the sound is silence.
                for i in place..<room.count { room[i] = 0 }
                end = start + room.count
                return
            }
            end += length
        }
    }

    /// Puts windows side by side, a lane for each, multiplied by the factors.
    private static func load(
        _ samples: [Float], from place: Int, hop: Int, count: Int, _ factors: [Float],
        to lanes: inout [RealTransform.Lanes]
    ) {
        let length = factors.count
        guard place >= 0, place + (count - 1) * hop + length <= samples.count, length <= lanes.count else { return }
        unsafe samples.withUnsafeBufferPointer { samples in
            unsafe lanes.withUnsafeMutableBufferPointer { lanes in
                unsafe factors.withUnsafeBufferPointer { factors in
                    guard let base = samples.baseAddress else { return }
                    let a = unsafe base + place
                    if count == laneCount {
                        let (b, c, d) = unsafe (a + hop, a + 2 &* hop, a + 3 &* hop)
                        let (e, f, g, h) = unsafe (a + 4 &* hop, b + 4 &* hop, c + 4 &* hop, d + 4 &* hop)
                        for i in 0..<length {
                            let low = unsafe SIMD4(a[i], b[i], c[i], d[i]), high = unsafe SIMD4(e[i], f[i], g[i], h[i])
                            unsafe lanes[i] = RealTransform.Lanes(lowHalf: low, highHalf: high) * factors[i]
                        }
                    } else {
                        for i in 0..<length {
                            var numbers = RealTransform.Lanes.zero
                            for lane in 0..<count { numbers[lane] = unsafe a[lane &* hop &+ i] }
                            unsafe lanes[i] = numbers * factors[i]
                        }
                    }
                }
            }
        }
    }

    /// Takes the powers of some lanes into a column, where they are louder.
    private static func keepLoudest(
        _ powers: [RealTransform.Lanes], _ mask: RealTransform.Lanes, in column: inout [RealTransform.Lanes]
    ) {
        let count = min(powers.count, column.count)
        unsafe powers.withUnsafeBufferPointer { powers in
            unsafe column.withUnsafeMutableBufferPointer { column in
                for i in 0..<count {
                    let power = unsafe powers[i] * mask
                    unsafe column[i].replace(with: power, where: power .> column[i])
                }
            }
        }
    }

    /// Writes the levels of a column, and begins the next.
    private mutating func finish(_ number: Int) {
        Self.takeLoudest(of: &column, to: &loudestPowers)
        Self.write(rows, of: loudestPowers, meter, to: &levels, column: number, of: columnCount)
    }

    private static func write(
        _ rows: [FrequencyRow], of powers: [Float], _ meter: DecibelLevel.Meter, to levels: inout [UInt16], column: Int,
        of columnCount: Int
    ) {
        let powers = powers.span
        unsafe levels.withUnsafeMutableBufferPointer { levels in
            var place = column
            for row in rows where place < levels.count {
                unsafe levels[place] = meter.level(of: row.power(powers))
                place += columnCount
            }
        }
    }

    /// The loudest lane of each power, which is then silent. Halves are compared, for a lane at a time takes long.
    private static func takeLoudest(of column: inout [RealTransform.Lanes], to powers: inout [Float]) {
        let count = min(column.count, powers.count)
        unsafe column.withUnsafeMutableBufferPointer { column in
            unsafe powers.withUnsafeMutableBufferPointer { powers in
                for i in 0..<count {
                    var four = unsafe column[i].lowHalf
                    let others = unsafe column[i].highHalf
                    four.replace(with: others, where: others .> four)
                    let low = max(four[0], four[1]), high = max(four[2], four[3])
                    unsafe powers[i] = max(low, high)
                    unsafe column[i] = .zero
                }
            }
        }
    }
}
