public import ImageCoding
public import MediaCore

/// Any of the encoders of moving pictures, chosen by kind of file.
public enum ClipEncoder: Sendable {
    /// Graphics Interchange Format.
    case gif(GIFEncoder)
    /// Animated PNG.
    case apng(APNGEncoder)
    /// mp4, webm and ogg.
    case video(VideoEncoder)

    /// The encoder of a kind of file.
    ///
    /// - Parameters:
    ///   - format: the kind of file.
    ///   - gif: the encoder of GIF files; what others have in common with it is taken from it.
    ///   - video: the encoder of videos, whatever its own kind of file; `nil` takes from `gif` what both have.
    /// - Throws: `argument.invalid` for options that are out of range, or that the kind of file does not have.
    public init(
        for format: ClipFormat, gif: GIFEncoder = GIFEncoder(), video: VideoEncoder? = nil
    ) throws(MediaError) {
        switch format {
        case .gif:
            try gif.check()
            self = .gif(gif)
        case .apng:
            let preset: EncodingPreset =
                switch gif.preset {
                case .fastest: .fastest
                case .balanced, .best: .balanced
                case .smallest: .smallest
                }
            self = .apng(APNGEncoder(preset: preset, loops: gif.loops, pool: gif.pool, cancellation: gif.cancellation))
        case .mp4, .webm, .ogg:
            var encoder =
                video
                ?? VideoEncoder(
                    preset: gif.preset, opacity: gif.opacity, strictness: gif.strictness, cancellation: gif.cancellation
                )
            encoder.format = format
            try encoder.check()
            self = .video(encoder)
        }
    }

    /// Begins a file whose frames come one by one.
    ///
    /// - Throws: as ``FrameEncoder/begin(_:to:)``.
    public func begin(_ clip: ClipDescription, to sink: any ByteSink) throws(MediaError) -> any ClipWriter {
        switch self {
        case .gif(let encoder): try encoder.begin(clip, to: sink)
        case .apng(let encoder): try encoder.begin(clip, to: sink)
        case .video(let encoder): try encoder.begin(clip, to: sink)
        }
    }

    /// Writes all frames of a source.
    ///
    /// - Throws: whatever the encoder, the source or the sink throws.
    public func encode(_ source: any FrameSource, to sink: any ByteSink) throws(MediaError) -> ClipReport {
        switch self {
        case .gif(let encoder): try encoder.encode(source, to: sink)
        case .apng(let encoder): try encoder.encode(source, to: sink)
        case .video(let encoder): try encoder.encode(source, to: sink)
        }
    }
}
