public import TensorIO

/// The sound that goes with the frames of a video: it begins with the first frame.
public struct SoundTrack: Sendable {
    /// The samples.
    public var source: any SampleSource
    /// How they are compressed; `nil` takes ``SoundCodec/standard(for:rate:)``.
    public var codec: SoundCodec?
    /// Bits per second of all channels, 6,000…1,000,000; `nil` takes what hardly anybody hears a difference at.
    public var bitrate: Int?

    /// Creates a track.
    public init(_ source: any SampleSource, codec: SoundCodec? = nil, bitrate: Int? = nil) {
        self.source = source
        self.codec = codec
        self.bitrate = bitrate
    }
}
