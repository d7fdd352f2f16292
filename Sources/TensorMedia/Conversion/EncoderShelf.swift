import ImageCoding
import MediaCore
import Synchronization

/// The encoders of a run, each made once: an encoder keeps its working memory from picture to picture.
final class EncoderShelf: Sendable {
    /// What tells encoders apart.
    private struct Kind: Hashable {
        var fileType: ImageFileType
        var preset: EncodingPreset
        var quality: Int?
        var compatibility: Compatibility
    }

    private let encoders = Mutex<[Kind: ImageEncoder]>([:])
    /// Threads for each picture or clip.
    let pool: WorkerPool?

    /// - Parameter pool: threads for each picture; `nil` where many pictures are made at a time.
    init(pool: WorkerPool?) { self.pool = pool }

    /// The encoder that the settings ask for.
    func encoder(for settings: ConversionSettings) -> ImageEncoder {
        let kind = Kind(
            fileType: settings.fileType, preset: settings.preset, quality: settings.quality,
            compatibility: settings.picture.compatibility)
        return encoders.withLock { encoders in
            if let encoder = encoders[kind] { return encoder }
            let encoder = ImageEncoder(
                for: kind.fileType, preset: kind.preset, quality: kind.quality, compatibility: kind.compatibility,
                pool: pool)
            encoders[kind] = encoder
            return encoder
        }
    }
}
