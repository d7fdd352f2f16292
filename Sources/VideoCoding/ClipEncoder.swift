public import ImageCoding
public import MediaCore

/// Any of the encoders of moving pictures, chosen by kind of file.
public enum ClipEncoder: Sendable {
    /// Graphics Interchange Format.
    case gif(GIFEncoder)
    /// Animated PNG.
    case apng(APNGEncoder)

    /// The encoder of a kind of file.
    ///
    /// - Parameters:
    ///   - format: the kind of file.
    ///   - gif: the encoder of GIF files; what others have in common with it is taken from it.
    /// - Throws: `format.unsupported` for kinds that cannot be made of frames yet.
    public init(for format: ClipFormat, gif: GIFEncoder = GIFEncoder()) throws(MediaError) {
        try format.checkWriting()
        guard format == .apng else {
            self = .gif(gif)
            return
        }
        let preset: EncodingPreset =
            switch gif.preset {
            case .fastest: .fastest
            case .balanced, .best: .balanced
            case .smallest: .smallest
            }
        self = .apng(APNGEncoder(preset: preset, loops: gif.loops, pool: gif.pool, cancellation: gif.cancellation))
    }

    /// Writes all frames of a source.
    ///
    /// - Throws: whatever the encoder, the source or the sink throws.
    public func encode(_ source: any FrameSource, to sink: any ByteSink) throws(MediaError) -> ClipReport {
        switch self {
        case .gif(let encoder): try encoder.encode(source, to: sink)
        case .apng(let encoder): try encoder.encode(source, to: sink)
        }
    }
}
