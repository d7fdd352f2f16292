public import MediaCore
public import TensorIO

/// A part of a sound, which may begin before it: there it is silent.
public struct SoundPart: SampleSource {
    /// The whole.
    public let base: any SampleSource
    /// The sample with which the part begins; below 0 for so many of silence in front.
    public let first: Int
    /// How many samples the part has at most; `nil` for all that follow.
    public let most: Int?

    /// Creates a part.
    ///
    /// - Parameters:
    ///   - base: the whole.
    ///   - start: when it begins, in seconds.
    ///   - seconds: how long it lasts at most; `nil` takes all that follows.
    public init(_ base: any SampleSource, from start: Double, lasting seconds: Double? = nil) {
        func samples(_ seconds: Double) -> Int { Int((min(max(seconds, -1e9), 1e9) * Double(base.rate)).rounded()) }
        self.base = base
        first = samples(start)
        most = seconds.map { max(0, samples($0)) }
    }

    /// As it was.
    public var rate: Int { base.rate }
    /// As it was.
    public var channels: Int { base.channels }

    /// How many samples the part has; `nil` where that of the whole is not known.
    public var count: Int? {
        guard let all = base.count else { return nil }
        return min(max(0, all - first), most ?? .max)
    }

    /// Writes the samples of `range`, counted from the beginning of the part.
    ///
    /// - Throws: what the whole throws.
    public func fill(_ range: Range<Int>, into samples: inout MutableSpan<Float>) throws(MediaError) -> Int {
        let end = min(range.upperBound, most ?? .max)
        guard range.lowerBound < end else { return 0 }
        // What lies before the whole.
        let silent = max(0, min(end, -first) - range.lowerBound)
        for index in 0..<silent * channels { samples[index] = 0 }
        guard range.lowerBound + silent < end else { return silent }
        var rest = samples._mutatingExtracting((silent * channels)...)
        let begin = range.lowerBound + silent + first
        return silent + (try base.fill(begin..<end + first, into: &rest))
    }
}
