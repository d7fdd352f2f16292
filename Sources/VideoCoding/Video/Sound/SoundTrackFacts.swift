public import TensorIO

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
    /// What was lost before it was compressed: louder numbers are clipped to −1…1, those that are not finite become 0.
    public var tally = SoundTally()

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
