/// What the first bytes of an image file say.
public struct ImageHeader: Sendable, Hashable {
    /// Kinds of image file that are told apart by content.
    public enum FileFormat: String, Sendable, Hashable, CaseIterable {
        /// Portable Network Graphics.
        case png
        /// JPEG.
        case jpeg
        /// Graphics Interchange Format.
        case gif
        /// Windows bitmap.
        case bmp
        /// WebP.
        case webp
    }
}
