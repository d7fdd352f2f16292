/// What became of the sound of a video.
public struct SoundTrackFacts: Sendable, Hashable {
    /// How it is compressed.
    public var codec: SoundCodec
    /// Samples a second.
    public var rate: Int
    /// Numbers in a sample.
    public var channels: Int
    /// How many samples were taken.
    public var sampleCount = 0
    /// How many numbers were louder than a file can hold, and were clipped to −1…1.
    public var clippedCount = 0
    /// How many numbers were not finite, and became 0.
    public var notFiniteCount = 0

    /// Facts about a sound of which nothing was taken yet.
    public init(codec: SoundCodec, rate: Int, channels: Int) {
        self.codec = codec
        self.rate = rate
        self.channels = channels
    }

    /// How long it is, in seconds.
    public var seconds: Double { Double(sampleCount) / Double(rate) }

    /// `aac, 48000 Hz, 2 channels`.
    public var summary: String {
        "\(codec.rawValue), \(rate) Hz, \(channels) \(channels == 1 ? "channel" : "channels")"
    }
}
