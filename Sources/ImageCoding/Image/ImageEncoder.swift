public import MediaCore

/// Any of the encoders of still pictures, chosen by kind of file.
public enum ImageEncoder: Sendable {
    /// Portable Network Graphics.
    case png(PNGEncoder)
    /// JPEG.
    case jpeg(JPEGEncoder)
    /// Windows bitmap.
    case bmp(BMPEncoder)

    /// The encoder of a kind of file.
    ///
    /// - Parameters:
    ///   - type: the kind of file.
    ///   - preset: how much time to take for a smaller file.
    ///   - quality: of JPEG, 1…100; `nil` takes 90, and 75 under the wandb rules, as Pillow does.
    ///   - compatibility: whose rules; those of wandb leave opacity out where a file cannot hold it.
    ///   - pool: threads for large pictures; `nil` works on the caller's thread. The bytes are the same.
    public init(
        for type: ImageFileType, preset: EncodingPreset = .balanced, quality: Int? = nil,
        compatibility: Compatibility = .standard, pool: WorkerPool? = nil
    ) {
        switch type {
        case .png:
            self = .png(PNGEncoder(.init(preset: preset, pool: pool)))
        case .jpg, .jpeg:
            var encoder = compatibility.isWandb ? JPEGEncoder.pillow : JPEGEncoder(preset: preset)
            if let quality { encoder.quality = quality }
            self = .jpeg(encoder)
        case .bmp:
            self = .bmp(compatibility.isWandb ? BMPEncoder(keepsOpacity: false, opacity: .drop) : BMPEncoder())
        }
    }

    /// Writes a picture.
    ///
    /// - Throws: whatever the encoder, the source or the sink throws.
    public func encode(_ source: any PixelSource, to sink: any ByteSink) throws(MediaError) -> EncodingReport {
        switch self {
        case .png(let encoder): try encoder.encode(source, to: sink)
        case .jpeg(let encoder): try encoder.encode(source, to: sink)
        case .bmp(let encoder): try encoder.encode(source, to: sink)
        }
    }
}
