public import MediaCore
public import TensorIO

/// What a sound is between moments: the least and the greatest number, and the root of the mean square, for each column of a
/// picture and each channel.
///
/// Column *c* of *n* has the samples from ⌊*c* · count / *n*⌋ up to those of the next. A sound with fewer samples than columns
/// were asked for has a column for each.
public struct SoundEnvelope: Sendable, Hashable {
    /// What is known of a column of one channel. Numbers that are not finite count as 0.
    public struct Column: Sendable, Hashable {
        /// The least number.
        public var minimum: Float = 0
        /// The greatest number.
        public var maximum: Float = 0
        /// The root of the mean of squares, computed in float64.
        public var rms = 0.0

        /// Silence.
        public init() {}
    }

    /// How many channels there are; 1 where they were mixed.
    public let channels: Int
    /// How many samples the sound has.
    public let sampleCount: Int
    /// How many columns each has; at least 1.
    public let columnCount: Int
    /// How many numbers are not finite, and where the first is.
    public let tally: SoundTally
    /// All columns of the first channel, then those of the next.
    public let columns: [Column]

    /// Reads a sound once, in the memory of a block.
    ///
    /// - Parameters:
    ///   - source: what is read.
    ///   - columns: how many columns there may be; at least 1.
    ///   - isMixed: whether the mean of all channels is taken for one.
    ///   - cancellation: stops the work between blocks.
    /// - Throws: `argument.invalid` for no columns; `shape.invalid` for a sound without samples; what reading it throws;
    ///   `work.cancelled`.
    public init(
        _ source: any SampleSource, columns: Int, isMixed: Bool = false, cancellation: CancellationFlag? = nil
    ) throws(MediaError) {
        guard (1...SoundPictureSize.most).contains(columns) else {
            throw SoundPictureSize.error("columns", columns)
        }
        var reader = try ChannelReader(source, cancellation: cancellation)
        let count = reader.count
        sampleCount = count
        columnCount = min(columns, count)
        channels = isMixed ? 1 : source.channels
        var sums = [EnvelopeSum](repeating: EnvelopeSum(), count: channels * columnCount)
        let copier = ChannelCopier(channels: source.channels, limit: .greatestFiniteMagnitude)
        let (channels, columnCount) = (channels, columnCount)
        var numbers: [Float] = []
        var place = 0
        // Which column the next sample belongs to.
        var first = 0
        while place < count {
            try cancellation?.check()
            let length = try reader.read(at: place) { block in
                if copier.channels == 1 {
                    let added = Self.add(block, from: place, of: count, column: first, columnCount, to: &sums, at: 0)
                    first = added.next
                    return added.isFinite
                }
                let length = block.byteCount / (4 * copier.channels)
                if numbers.count != length { numbers = [Float](repeating: 0, count: length) }
                var next = first
                for channel in 0..<channels {
                    if isMixed {
                        copier.copyMix(of: block, to: &numbers, at: 0)
                    } else {
                        copier.copy(channel: channel, of: block, to: &numbers, at: 0)
                    }
                    next = unsafe Self.add(
                        numbers.span.bytes, from: place, of: count, column: first, columnCount, to: &sums,
                        at: channel * columnCount
                    ).next
                }
                first = next
                return FiniteScan.isFinite(block, as: .float32)
            }
            guard length > 0 else { break }
            place += length
        }
        self.columns = sums.map(\.column)
        tally = reader.tally
    }

    /// Adds the floats of one channel, from sample `place` on, to its columns, whose sums begin at `base`.
    ///
    /// - Returns: which column the sample behind them belongs to, and whether all are finite.
    private static func add(
        _ floats: RawSpan, from place: Int, of count: Int, column first: Int, _ columnCount: Int,
        to sums: inout [EnvelopeSum], at base: Int
    ) -> (next: Int, isFinite: Bool) {
        var column = first
        var isFinite = true
        var start = place
        let end = place + floats.byteCount / 4
        while start < end {
            let next = Self.start(of: column + 1, of: columnCount, in: count)
            let stop = min(next, end)
            let part = floats.extracting(4 * (start - place)..<4 * (stop - place))
            var sum = sums[base + column]
            sum.add(part)
            if !sum.isFinite {
                isFinite = false
                sum = sums[base + column]
                sum.addFinite(part)
            }
            sums[base + column] = sum
            if stop == next { column += 1 }
            start = stop
        }
        return (column, isFinite)
    }

    /// The first sample of a column; the product may need more than 64 bits.
    static func start(of column: Int, of columns: Int, in count: Int) -> Int {
        let product = column.multipliedFullWidth(by: count)
        return columns.dividingFullWidth(product).quotient
    }

    /// The greatest magnitude of all.
    public var peak: Float { columns.reduce(0) { max($0, -$1.minimum, $1.maximum) } }
}

/// How large pictures of sounds may be.
enum SoundPictureSize {
    /// The most columns and rows.
    static let most = 65_536
    /// The most pixels: half a GiB while a spectrogram is made.
    static let mostPixels = 1 << 28

    /// The error of a side that is out of range.
    static func error(_ side: String, _ value: Int) -> MediaError {
        MediaError(.argumentInvalid, "\(value) \(side)", hint: "choose 1 to \(most)", at: .init(field: side))
    }

    /// - Throws: `argument.invalid`, naming the side.
    static func check(width: Int, height: Int) throws(MediaError) {
        guard (1...most).contains(width) else { throw error("width", width) }
        guard (1...most).contains(height) else { throw error("height", height) }
        guard width * height <= mostPixels else {
            throw MediaError(
                .argumentInvalid, "a picture of \(width) × \(height) pixels", hint: "choose up to \(mostPixels) in all",
                at: .init(field: "height"))
        }
    }
}
