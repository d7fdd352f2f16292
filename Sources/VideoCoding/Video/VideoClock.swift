import ImageCoding
import MediaCore

/// Turns numbers of frames, by which encoders count, into the times that stand in a file.
///
/// Only the times of frames that are still in the encoder are kept.
struct VideoClock {
    private let timeBase: TimeBase
    /// Ticks of the file in a second, as a fraction.
    private let ticks: (numerator: Int, denominator: Int)
    private let format: ClipFormat
    /// The most ticks of a frame.
    private static let longest = Int(Int32.max)

    /// The number of the frame whose beginning is the first that is kept.
    private var first = 0
    /// When frames begin, and when the last one ends, in ticks.
    private var times: [Int] = [0]
    /// How long the first frame is shown, by which times before it count.
    private var firstDuration = 1
    /// How long the first frame is shown, and when the last one ends, in units of the time base.
    private var firstLength = 1, lastEnd = 0
    /// When the last frame ends, in ticks.
    var end: Int { times.last ?? 0 }

    /// - Parameter unit: the unit of the file's times.
    init(_ timeBase: TimeBase, unit: TimeBaseNumbers, format: ClipFormat) {
        self.timeBase = timeBase
        ticks = (Int(unit.denominator), Int(max(1, unit.numerator)))
        self.format = format
    }

    /// The end of the last frame, in seconds.
    var seconds: Double { seconds(end) }

    /// A time of the file, in seconds.
    func seconds(_ tick: Int) -> Double { Double(tick) * Double(ticks.denominator) / Double(ticks.numerator) }

    /// The unit that suits a time base in a kind of file: one of which it is a whole multiple where the format permits.
    ///
    /// - Parameter frame: how long the first frame is shown.
    static func unit(for timeBase: TimeBase, frame: TimeBaseNumbers, in format: ClipFormat) -> TimeBaseNumbers {
        switch format {
        case .webm: return TimeBaseNumbers(numerator: 1, denominator: 1000)
        case .mp4:
            // A timescale below 10,000 makes some players round.
            var scale = timeBase.denominator
            while scale < 10_000 { scale *= 2 }
            return TimeBaseNumbers(numerator: 1, denominator: Int32(clamping: scale))
        // An ogg counts frames.
        case .ogg, .gif, .apng: return frame
        }
    }

    /// Adds a frame.
    ///
    /// - Parameters:
    ///   - frame: its number: one more than in the last call.
    ///   - end: when it ends, in units of the time base.
    /// - Throws: `argument.invalid` for a frame that is shown too shortly or too long for the file.
    mutating func add(frame: Int, endingAt end: Int) throws(MediaError) {
        let before = self.end
        let place = MediaError.Location(field: "frames[\(frame)]")
        guard let tick = time(end), tick - before <= Self.longest else {
            throw MediaError(
                .argumentInvalid, "frame \(frame) is shown longer than \(format.rawValue) can say",
                hint: "raise the frame rate, or repeat the frame", at: place)
        }
        guard tick > before else {
            throw MediaError(
                .argumentInvalid,
                "frame \(frame) is shown for less than \(ticks.denominator)/\(ticks.numerator) s, the least that \(format.rawValue) can say",
                hint: "lower the frame rate, or write mp4", at: place)
        }
        if frame == 0 { firstDuration = tick }
        if frame == 0 { firstLength = end }
        let length = end - lastEnd
        lastEnd = end
        guard format != .ogg || length == firstLength else {
            throw MediaError(
                .argumentInvalid, "frame \(frame) is shown for another time than the first: ogg shows all equally long",
                hint: "write mp4 or webm", at: place)
        }
        times.append(tick)
    }

    /// When a frame begins, in ticks; before the first one for negative numbers, which encoders use when they reorder frames.
    func start(of frame: Int) -> Int {
        if frame < 0 { return frame * firstDuration }
        let place = frame - first
        return times.indices.contains(place) ? times[place] : end
    }

    /// Forgets the times of frames before this one.
    mutating func forget(before frame: Int) {
        let count = min(frame - first, times.count - 1)
        // Moving them one by one would cost the square of the length.
        guard count >= 256 else { return }
        times.removeFirst(count)
        first += count
    }

    /// A time in ticks, rounded half up; `nil` beyond the numbers that there are.
    private func time(_ time: Int) -> Int? {
        let (product, overflow) = time.multipliedReportingOverflow(by: timeBase.numerator)
        let (scaled, overflow2) = product.multipliedReportingOverflow(by: 2 * ticks.numerator)
        let (divisor, overflow3) = timeBase.denominator.multipliedReportingOverflow(by: ticks.denominator)
        guard !overflow, !overflow2, !overflow3, scaled >= 0 else { return nil }
        let doubled = scaled / divisor
        return doubled / 2 + doubled % 2
    }
}
