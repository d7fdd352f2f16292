import MediaCore
import MediaDrawing
import Synchronization

/// The typefaces of a run, each made once: the embedded one, and those of font files for what it does not have.
final class FontShelf: Sendable {
    private let typefaces = Mutex<[String: any Typeface]>([:])

    /// The embedded typeface, with the one of a font file behind it.
    ///
    /// - Parameters:
    ///   - font: the file; `nil` for the embedded typeface alone.
    ///   - limits: how large a file may be.
    /// - Throws: what opening the font throws.
    func typeface(font: String?, limits: Limits) throws(MediaError) -> any Typeface {
        guard let font else { return VectorTypeface.embedded }
        if let known = typefaces.withLock({ $0[font] }) { return known }
        // Two workers may both read it at first; what they make is the same.
        let typeface = FallbackTypeface(
            VectorTypeface.embedded, try FreeTypeTypeface(contentsOf: font, limits: limits))
        typefaces.withLock { $0[font] = typeface }
        return typeface
    }
}
