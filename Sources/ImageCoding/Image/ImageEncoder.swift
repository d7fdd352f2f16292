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
    ///   - quality: of JPEG, 1…100.
    ///   - pool: threads for large pictures; `nil` works on the caller's thread. The bytes are the same.
    public init(for type: ImageFileType, preset: EncodingPreset = .balanced, quality: Int = 90, pool: WorkerPool? = nil)
    {
        self =
            switch type {
            case .png: .png(PNGEncoder(.init(preset: preset, pool: pool)))
            case .jpg, .jpeg: .jpeg(JPEGEncoder(preset: preset, quality: quality))
            case .bmp: .bmp(BMPEncoder())
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
