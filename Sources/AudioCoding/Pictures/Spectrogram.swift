public import ImageCoding
public import MediaCore
public import TensorIO

/// The picture of a sound in time and frequency: how loud each frequency is, in decibels.
///
///     let picture = try Spectrogram(sound, options: SpectrogramOptions { $0.scale = .mel })
///     try PNGEncoder().encode(picture.framed(), to: sink)
///
/// The sound is read once, when the picture is made, in the memory of some windows and of two bytes for each pixel; a byte for
/// each is kept. A pixel is the loudest of the windows in its column and of the frequencies in its row; where a row lies between two
/// frequencies, it is between their powers. A sine of amplitude 1 in the middle of a frequency is at 0 dB whatever the window.
/// Samples that are not finite count as 0. Pixels are the same on every processor.
public struct Spectrogram: PixelSource {
    /// How it was made.
    public let options: SpectrogramOptions
    /// The loudness of the first and of the last colour, in decibels.
    public let decibels: ClosedRange<Double>
    /// The frequencies at the lower and the upper edge, in hertz.
    public let frequencies: ClosedRange<Double>
    /// How long the sound lasts, in seconds.
    public let seconds: Double
    /// How many samples lie between windows.
    public let hop: Int
    /// The range of loudness, and what was decided when the sound was made.
    public let facts: PixelFacts

    private let columnCount: Int
    /// Rows of columns.
    private let levels: [UInt8]

    /// Reads a sound.
    ///
    /// - Parameters:
    ///   - source: its channels are mixed, unless the options name one.
    ///   - options: how.
    ///   - cancellation: stops the work between windows.
    /// - Throws: `argument.invalid` for options that are out of range; `shape.invalid` for a sound without samples; what reading it
    ///   throws; `work.cancelled`.
    public init(
        _ source: any SampleSource, options: SpectrogramOptions = SpectrogramOptions(),
        cancellation: CancellationFlag? = nil
    ) throws(MediaError) {
        try options.check(rate: source.rate, channels: source.channels)
        guard (16...65_536).contains(options.windowLength), let transform = RealTransform(length: options.windowLength)
        else {
            throw SpectrogramOptions.error(
                "windowLength", "a window of \(options.windowLength) samples",
                "choose a power of two from 16 to 65536, such as 2048")
        }
        let highest = Double(source.rate) / 2
        let range = options.frequencies ?? options.scale.lowest(below: highest)...highest
        let rows = FrequencyRow.rows(
            options.height, options.scale, from: range.lowerBound, to: range.upperBound,
            width: Double(source.rate) / Double(options.windowLength), last: options.windowLength / 2)
        let columns = try SpectrumColumns(
            source, options, transform: transform, rows: rows, cancellation: cancellation)
        self.options = options
        frequencies = range
        hop = columns.hop
        columnCount = columns.columnCount
        seconds = Double(columns.sampleCount) / Double(source.rate)
        switch options.decibels {
        case .between(let low, let high): decibels = low...high
        case .belowMaximum(let depth):
            // Silence has no loudest place. Hundredths are more than can be seen, and can be read.
            let loudest = columns.levels.max() ?? 0
            let high = loudest == 0 ? 0 : (DecibelLevel.decibels(loudest) * 100).rounded() / 100
            decibels = high - depth...high
        }
        let (low, high) = (decibels.lowerBound, decibels.upperBound)
        let table = (0...UInt16.max).map { level -> UInt8 in
            let place = (DecibelLevel.decibels(level) - low) / (high - low) * 255
            return level == 0 ? 0 : UInt8(max(0, min(255, place.rounded(.toNearestOrEven))))
        }
        levels = columns.levels.map { table[Int($0)] }
        var facts = PixelFacts(of: source, columns.tally)
        var isInferred = false
        if case .belowMaximum = options.decibels { isInferred = true }
        facts.mapping = AppliedMapping(name: "decibels", low: low, high: high, wasInferred: isInferred)
        self.facts = facts
    }

    /// How many pixels a row has.
    public var width: Int { options.width }
    /// How many rows there are.
    public var height: Int { options.height }
    /// Indices of 8 bits.
    public var format: PixelFormat { .indexed }
    /// The colours of the map.
    public var palette: Palette? { options.colorMap.palette }

    /// Writes the levels of all columns.
    public func fill(rows: Range<Int>, into band: inout MutableRawSpan, tally: inout PixelTally) {
        let width = width, columnCount = columnCount
        for row in rows {
            let own = levels.span.extracting(row * columnCount..<(row + 1) * columnCount)
            let start = (row - rows.lowerBound) * width
            for x in 0..<width {
                let column = columnCount == width ? x : SoundEnvelope.column(at: x, of: width, columns: columnCount)
                band.storeBytes(of: own[column], toByteOffset: start + x, as: UInt8.self)
            }
        }
    }
}
