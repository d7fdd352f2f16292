import CImageBarriers
import MediaCore

extension tm_image_failure {
    /// What the library said.
    var text: String {
        unsafe withUnsafeBytes(of: message) { bytes in
            unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }

    /// The failure as an error; `nil` when there is none.
    ///
    /// - Parameters:
    ///   - library: who failed, such as `libpng`.
    ///   - thrown: what a callback threw, which goes before everything else, unchanged.
    func error(of library: String, thrown: MediaError?) -> MediaError? {
        let again = "copy or write the file again"
        switch Int(status) {
        case Int(TM_IMAGE_OK): return nil
        case Int(TM_IMAGE_CALLBACK):
            return thrown ?? MediaError(.libraryFailed, "\(library) was stopped: \(text)")
        case Int(TM_IMAGE_MALFORMED): return MediaError(.malformed, "\(library): \(text)", hint: again)
        case Int(TM_IMAGE_TRUNCATED): return MediaError(.truncated, "\(library): \(text)", hint: again)
        case Int(TM_IMAGE_CHECKSUM): return MediaError(.checksumMismatch, "\(library): \(text)", hint: again)
        case Int(TM_IMAGE_UNSUPPORTED):
            return MediaError(.unsupported, "\(library): \(text)", hint: "convert the file to PNG or baseline JPEG")
        case Int(TM_IMAGE_MEMORY): return MediaError(.outOfMemory, "\(library): \(text)")
        case Int(TM_IMAGE_LIMIT): return MediaError(.limitExceeded, "\(library): \(text)")
        default: return MediaError(.libraryFailed, "\(library): \(text)")
        }
    }
}
