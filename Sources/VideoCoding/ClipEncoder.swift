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
    /// - Throws: `argument.invalid` for options that do not go together, and for a threshold of opacity in a video.
    public init(
        for format: ClipFormat, gif: GIFEncoder = GIFEncoder(), video: VideoEncoder? = nil
    ) throws(MediaError) {
        switch format {
        case .gif: self = .gif(gif)
        case .apng:
            let preset: EncodingPreset =
                switch gif.preset {
                case .fastest: .fastest
                case .balanced, .best: .balanced
                case .smallest: .smallest
                }
            self = .apng(APNGEncoder(preset: preset, loops: gif.loops, pool: gif.pool, cancellation: gif.cancellation))
        case .mp4, .webm, .ogg:
            var encoder: VideoEncoder
            if let video { encoder = video } else { encoder = try VideoEncoder(like: gif) }
            encoder.format = format
            try encoder.check()
            self = .video(encoder)
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

extension VideoEncoder {
    /// An encoder with what a GIF encoder has in common with it.
    ///
    /// - Throws: `argument.invalid` for a threshold of opacity.
    init(like gif: GIFEncoder) throws(MediaError) {
        let preset: Preset =
            switch gif.preset {
            case .fastest: .fastest
            case .balanced: .balanced
            case .smallest: .smallest
            case .best: .best
            }
        guard case .over(let red, let green, let blue) = gif.opacity else {
            throw MediaError(
                .argumentInvalid, "a threshold of opacity, which videos do not have",
                hint: "name a colour to lay the frames over", at: .init(field: "opacity"))
        }
        self.init(
            preset: preset, opacity: .over(red: red, green: green, blue: blue), strictness: gif.strictness,
            cancellation: gif.cancellation)
    }
}
