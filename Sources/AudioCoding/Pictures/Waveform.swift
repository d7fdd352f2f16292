public import ImageCoding
public import MediaCore
public import TensorIO

/// How the waveform of a sound is drawn.
public struct WaveformOptions: Sendable, Hashable {
    /// Pixels from left to right, the whole sound; 1 to 65,536.
    public var width = 1024
    /// Pixels from top to bottom, all channels; 1 to 65,536, and one for each channel at least.
    public var height = 256
    /// Whether all channels are one, their mean, instead of standing below each other.
    public var isMixed = false
    /// The number at the upper edge of a channel, with its negative at the lower one; `nil` takes 1, or the loudest number
    /// where that is greater.
    public var amplitude: Float?
    /// The colour from the least to the greatest number of a column.
    public var color = Palette.Color(red: 0x8C, green: 0xB8, blue: 0xE6)
    /// The colour of the root of the mean square, around 0; `nil` leaves it out.
    public var rmsColor: Palette.Color? = Palette.Color(red: 0x2B, green: 0x62, blue: 0xA8)
    /// The colour behind it.
    public var background = Palette.Color.white

    /// The defaults.
    public init() {}

    /// The defaults with some changes: `WaveformOptions { $0.isMixed = true }`.
    public init(_ change: (inout WaveformOptions) -> Void) {
        self.init()
        change(&self)
    }
}

/// The picture of a sound in time: from the least to the greatest number of each column, and their root mean square.
///
///     let picture = try Waveform(sound)
///     try PNGEncoder().encode(picture.framed(), to: sink)
///
/// The sound is read once, when the picture is made, in the memory of a block; what is kept are four numbers for each column and
/// channel. Columns that do not touch are joined, so that the line of a slow sound has no gaps. Samples that are not finite
/// count as 0.
public struct Waveform: PixelSource {
    /// What is drawn.
    public let envelope: SoundEnvelope
    /// How it is drawn.
    public let options: WaveformOptions
    /// The number at the upper edge of a channel.
    public let amplitude: Float
    /// How long the sound lasts, in seconds.
    public let seconds: Double
    /// What was decided when the sound was made.
    public let facts: PixelFacts

    /// The rows that a column covers, counted from the top of its channel: both inclusive, for each column of each channel.
    private let spans: [Spans]

    /// Reads a sound.
    ///
    /// - Parameters:
    ///   - source: one channel or more; those of more stand below each other.
    ///   - options: size and colours.
    ///   - cancellation: stops the work between blocks.
    /// - Throws: `argument.invalid` for a size, an amplitude or channels that cannot be drawn; `shape.invalid` for a sound without
    ///   samples; what reading it throws; `work.cancelled`.
    public init(
        _ source: any SampleSource, options: WaveformOptions = WaveformOptions(), cancellation: CancellationFlag? = nil
    ) throws(MediaError) {
        try SoundPictureSize.check(width: options.width, height: options.height)
        let channels = options.isMixed ? 1 : source.channels
        guard channels <= options.height else {
            throw MediaError(
                .argumentInvalid, "\(channels) channels in \(options.height) rows",
                hint: "draw it higher, or mix the channels", at: .init(field: "height"))
        }
        if let amplitude = options.amplitude, !(amplitude > 0 && amplitude.isFinite) {
            throw MediaError(
                .argumentInvalid, "an amplitude of \(amplitude)", hint: "give a positive number, such as 1",
                at: .init(field: "amplitude"))
        }
        envelope = try SoundEnvelope(
            source, columns: options.width, isMixed: options.isMixed, cancellation: cancellation)
        amplitude = options.amplitude ?? max(1, envelope.peak)
        self.options = options
        seconds = Double(envelope.sampleCount) / Double(source.rate)
        facts = PixelFacts(of: source, envelope.tally)
        spans = Self.spans(of: envelope, amplitude, options)
    }

    /// How many pixels a row has.
    public var width: Int { options.width }
    /// How many rows there are.
    public var height: Int { options.height }
    /// Indices of 2 bits.
    public var format: PixelFormat { PixelFormat(model: .indexed, bits: 2) ?? .indexed }
    /// The background, the columns, and their root mean square.
    public var palette: Palette? {
        Palette([options.background, options.color, options.rmsColor ?? options.color])
    }

    /// Writes the rows of all columns.
    public func fill(rows: Range<Int>, into band: inout MutableRawSpan, tally: inout PixelTally) {
        let count = envelope.columnCount
        for row in rows {
            let channel = channel(ofRow: row)
            let place = Int32(truncatingIfNeeded: row - firstRow(ofChannel: channel))
            let own = spans.span.extracting(channel * count..<(channel + 1) * count)
            let start = (row - rows.lowerBound) * width
            unsafe band.withUnsafeMutableBytes { band in
                unsafe own.withUnsafeBufferPointer { own in
                    if count == width {
                        for x in 0..<width { unsafe band[start &+ x] = own[x].index(at: place) }
                    } else {
                        for x in 0..<width {
                            let column = SoundEnvelope.column(at: x, of: width, columns: count)
                            unsafe band[start &+ x] = own[column].index(at: place)
                        }
                    }
                }
            }
        }
    }

    /// The first row of a channel; the one of a channel that is none is the height.
    func firstRow(ofChannel channel: Int) -> Int { channel * height / envelope.channels }

    private func channel(ofRow row: Int) -> Int {
        // The last channel that begins at the row or before.
        ((row + 1) * envelope.channels - 1) / height
    }
}

extension Waveform {
    /// The rows of one column.
    private struct Spans: Sendable {
        var top: Int32, bottom: Int32
        /// None where the root mean square is not drawn.
        var rmsTop: Int32 = 1, rmsBottom: Int32 = 0

        /// The colour at a row: one comparison tells whether it is between two others.
        @inline(__always)
        func index(at row: Int32) -> UInt8 {
            let isInside = UInt32(bitPattern: row &- top) <= UInt32(bitPattern: bottom &- top)
            let isInner = rmsTop <= row && row <= rmsBottom
            return (isInside ? 1 : 0) &+ (isInner ? 1 : 0)
        }
    }

    private static func spans(
        of envelope: SoundEnvelope, _ amplitude: Float, _ options: WaveformOptions
    ) -> [Spans] {
        var spans: [Spans] = []
        spans.reserveCapacity(envelope.columns.count)
        for channel in 0..<envelope.channels {
            let first = channel * options.height / envelope.channels
            let height = (channel + 1) * options.height / envelope.channels - first
            /// The row of a number; what is beyond the edges is at them.
            func row(_ number: Double) -> Int32 {
                let place = (1 - number / Double(amplitude)) / 2 * Double(height)
                return Int32(max(0, min(Double(height - 1), place.rounded(.down))))
            }
            var before: SoundEnvelope.Column?
            for column in envelope.columns[channel * envelope.columnCount..<(channel + 1) * envelope.columnCount] {
                var low = column.minimum, high = column.maximum
                if let before {
                    // Half of the way to the neighbour would have to be drawn there.
                    if before.maximum < low { low = before.maximum }
                    if before.minimum > high { high = before.minimum }
                }
                before = column
                var span = Spans(top: row(Double(high)), bottom: row(Double(low)))
                if options.rmsColor != nil {
                    span.rmsTop = max(span.top, row(column.rms))
                    span.rmsBottom = min(span.bottom, row(-column.rms))
                }
                spans.append(span)
            }
        }
        return spans
    }
}

extension SoundEnvelope {
    /// Which of `columns` columns is shown at pixel `x` of `width`.
    static func column(at x: Int, of width: Int, columns: Int) -> Int { x * columns / width }
}

extension PixelFacts {
    /// What was decided when a sound was made, and what was lost on the way.
    init(of source: any SampleSource, _ tally: SoundTally) {
        self.init()
        let facts = (source as? Sound)?.facts
        layout = facts?.layout?.rawValue
        layoutWasInferred = facts?.layoutWasInferred ?? false
        findings = (facts?.findings ?? []) + tally.findings()
    }
}
