import ImageCoding

/// The times of frames, gathered from packets, which come in the order in which they are decoded.
struct FrameClock {
    private var starts: [Int] = []
    /// The duration of the frame that is shown last.
    private var lastDuration = 0
    private var lastStart = Int.min

    /// How many frames there are.
    var count: Int { starts.count }

    /// When the first frame begins, in units of the stream.
    var start: Int { starts.min() ?? 0 }

    /// Adds the frame of a packet. One whose time nobody knows is taken to follow the latest.
    mutating func add(_ packet: LibavReader.Packet) {
        let start = packet.time ?? (starts.isEmpty ? 0 : lastStart &+ max(1, lastDuration))
        starts.append(start)
        if start >= lastStart { (lastStart, lastDuration) = (start, packet.duration) }
    }

    /// When each frame begins, from 0 on, and when the last one ends. No frame lasts no time.
    ///
    /// - Parameters:
    ///   - rate: the likely rate, for the last frame where its packet says no duration.
    ///   - timeBase: the unit.
    ///   - end: when the last one ends, counted from 0, if that is stated.
    func times(_ rate: FrameRate?, _ timeBase: TimeBase, endingAt end: Int?) -> [Int] {
        var times = starts.sorted()
        guard let first = times.first else { return [0] }
        var least = 0
        for index in times.indices {
            // Claims of a file may be any number.
            let (start, overflow) = times[index].subtractingReportingOverflow(first)
            times[index] = max(overflow ? Self.latest : min(start, Self.latest), least)
            least = times[index] + 1
        }
        var duration = lastDuration
        if duration <= 0, let rate {
            duration = Int((1 / (rate.perSecond * timeBase.seconds)).rounded())
        }
        if duration <= 0, times.count > 1 { duration = times[times.count - 1] - times[times.count - 2] }
        let last = times[times.count - 1]
        if let end, end <= Self.latest, end > last { duration = end - last }
        times.append(last + min(max(1, duration), Self.latest))
        return times
    }

    /// Nothing is later: far beyond any clip, and far from where numbers end.
    private static let latest = 1 << 52

    /// The rate of frames that last equally long, as far as the unit can tell.
    ///
    /// - Parameters:
    ///   - times: as of ``times(_:_:endingAt:)``.
    ///   - timeBase: the unit.
    ///   - likely: what libav takes the rate to be, for units in which a frame is no whole number.
    static func rate(of times: [Int], _ timeBase: TimeBase, likely: FrameRate?) -> FrameRate? {
        guard times.count > 1 else { return nil }
        // Times go up, from 0; how far is a claim of the file.
        let step = times[1]
        let (duration, overflow) = timeBase.numerator.multipliedReportingOverflow(by: step)
        if !overflow, zip(times, times.dropFirst()).allSatisfy({ $1 - $0 == step }),
            let rate = try? FrameRate(timeBase.denominator, per: duration)
        {
            // 33 ms for a single frame may stand for a thirtieth of a second.
            if let likely, (1 / likely.perSecond - 1 / rate.perSecond).magnitude < timeBase.seconds {
                return likely
            }
            return rate
        }
        guard let likely else { return nil }
        let unit = 1 / (likely.perSecond * timeBase.seconds)
        let isEven = times.indices.allSatisfy { (Double(times[$0]) - Double($0) * unit).magnitude <= 1.01 }
        return isEven ? likely : nil
    }
}

extension FrameRate {
    /// The rate as a number, rounded.
    fileprivate var perSecond: Double { Double(numerator) / Double(denominator) }
}
