public import MediaCore
public import TensorIO

/// A sound at another rate.
///
///     let sound = try ResampledSound(source, rate: 16_000)
///
/// Frequencies up to 0.91 of the lower Nyquist frequency stay as they are, within 0.0001 dB. Those above it, and the images of what
/// is below, are at most at −115 dB. Nothing moves in time: the first sample out is at the time of the first one in.
/// There are ceil(count · rate out / rate in) samples; before and behind the sound is silence. At its own rate a sound
/// passes bit for bit.
///
/// Any range may be asked for at any time, from several threads; samples have the same bits whatever was asked for before. What
/// follows that which was asked for last comes at once, and the source is then read from front to back. Memory is that of some
/// blocks, whatever the rates.
///
/// A number that is not finite counts as 0, and the sample out at its time, or the last before it, is NaN: encoders count it, or
/// refuse it, as anywhere else. So it is with numbers beyond 2¹²⁰. Sums are louder than their numbers: a loud sound can become
/// louder than 1, which encoders clip and count.
public struct ResampledSound: SampleSource {
    /// The sound at its own rate.
    public let source: any SampleSource
    /// How many samples a second has, in hertz.
    public let rate: Int
    /// As the source has.
    public var channels: Int { source.channels }
    /// How many samples there are; `nil` when the source does not know.
    public var count: Int? { source.count.map(ratio.outputs) }

    private let ratio: ResamplingRatio
    private let filters: [PolyphaseFilter]
    private let shelf = CursorShelf()

    /// The greatest rate, in hertz: what the header of a WAV file has room for.
    public static let mostRate = Int(UInt32.max)

    /// Creates the filters; no sample is read.
    ///
    /// - Parameters:
    ///   - source: the sound.
    ///   - rate: how many samples a second shall have, in hertz, 1 to ``mostRate``.
    /// - Throws: `argument.invalid` for a rate that is none, here or of the source, and for no channels or more than 1024.
    public init(_ source: any SampleSource, rate: Int) throws(MediaError) {
        for (rate, field) in [(rate, "rate"), (source.rate, "source.rate")]
        where !(1...Self.mostRate).contains(rate) {
            throw MediaError(
                .argumentInvalid, "a rate of \(rate) samples a second",
                hint: "give 1 to \(Self.mostRate), such as 44100",
                at: .init(field: field))
        }
        guard (1...SoundLayout.mostChannels).contains(source.channels) else {
            throw MediaError(
                .argumentInvalid, "a sound of \(source.channels) channels",
                hint: "a sound has 1 to \(SoundLayout.mostChannels)", at: .init(field: "channels"))
        }
        self.source = source
        self.rate = rate
        ratio = ResamplingRatio(up: rate, down: source.rate)
        filters = ratio.up == ratio.down ? [] : ResamplingPlan.steps(ratio).map { PolyphaseFilter($0) }
    }

    /// Whether the rate is that of the source, whose numbers pass as they are.
    public var isUnchanged: Bool { filters.isEmpty }

    /// Writes the samples of `range` into `samples`, channels next to each other.
    ///
    /// - Throws: `argument.invalid` for a negative lower bound, and when there is too little room; what the source throws.
    public func fill(_ range: Range<Int>, into samples: inout MutableSpan<Float>) throws(MediaError) -> Int {
        guard range.lowerBound >= 0 else {
            throw MediaError(
                .argumentInvalid, "there is no sample \(range.lowerBound)", hint: "samples count from 0",
                at: .init(field: "range"))
        }
        guard !filters.isEmpty else { return try source.fill(range, into: &samples) }
        let end = min(range.upperBound, count ?? .max, ratio.farthest)
        guard range.lowerBound < end else { return 0 }
        let wanted = range.lowerBound..<end
        guard wanted.count <= samples.count / channels else {
            throw MediaError(
                .argumentInvalid, "\(wanted.count) samples of \(channels) channels do not fit \(samples.count) numbers",
                hint: "ask for fewer", at: .init(field: "range"))
        }
        let cursor =
            shelf.take(at: wanted.lowerBound) ?? ResamplingCursor(source, ratio, filters, at: wanted.lowerBound)
        let count = try cursor.fill(wanted, into: &samples)
        // What failed is not kept.
        shelf.put(cursor)
        return count
    }
}
