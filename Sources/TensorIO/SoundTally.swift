public import MediaCore

/// A place in a sound.
public struct SoundPlace: Sendable, Hashable, CustomStringConvertible {
    /// Which sample, from 0.
    public var sample: Int
    /// Which channel, from 0.
    public var channel: Int

    /// Creates a place.
    public init(sample: Int, channel: Int) {
        self.sample = sample
        self.channel = channel
    }

    /// `sample 3, channel 1`.
    public var description: String { "sample \(sample), channel \(channel)" }
}

/// How many numbers could not be written as they are, rounding apart.
public struct SoundTally: Sendable, Hashable {
    /// Numbers below −1, written as the least number of the file.
    public var clippedLow = 0
    /// Numbers above 1, written as the greatest.
    public var clippedHigh = 0
    /// Numbers that are NaN or infinite, written as 0.
    public var notFinite = 0
    /// Where the first number was clipped, and what it was.
    public var firstClipped: SoundPlace?
    /// The first number that was clipped.
    public var firstClippedValue: Double?
    /// Where the first number was not finite.
    public var firstNotFinite: SoundPlace?

    /// Nothing lost.
    public init() {}

    /// Numbers that were clipped, at either end.
    public var clipped: Int { clippedLow + clippedHigh }
}

extension SoundTally {
    /// What was lost, as warnings.
    ///
    /// - Parameters:
    ///   - path: where the numbers are.
    ///   - remedy: what to do about loud ones.
    public func findings(
        path: String = "samples", remedy: String = "divide by the greatest magnitude, or write float32"
    ) -> [Finding] {
        var findings: [Finding] = []
        if notFinite > 0, let place = firstNotFinite {
            findings.append(
                .warning(
                    .valueNotFinite, "\(notFinite) \(notFinite == 1 ? "number is" : "numbers are") not finite",
                    path: path, value: place.description,
                    hint: "the first is at \(place); replace them before"))
        }
        if clipped > 0, let place = firstClipped, let value = firstClippedValue {
            findings.append(
                .warning(
                    .valueOutOfRange,
                    "\(clipped) \(clipped == 1 ? "number is" : "numbers are") louder than 1, and clipped",
                    path: path, value: short(value),
                    hint: "the first is \(short(value)) at \(place); \(remedy)"))
        }
        return findings
    }
}
