import CLibavLoader
import ImageCoding
import MediaCore

/// The bytes that libav reads.
@safe
final class LibavInput {
    private let contents: FileContents

    init(_ contents: FileContents) { self.contents = contents }

    /// How libav gets here; it must not be used after this object.
    @unsafe
    var source: tm_av_source {
        unsafe tm_av_source(
            user: Unmanaged.passUnretained(self).toOpaque(), read: Self.read, size: Int64(contents.byteCount))
    }

    /// Hands out bytes from a place; none behind the end.
    private static let read:
        @convention(c) (UnsafeMutableRawPointer?, Int64, UnsafeMutablePointer<UInt8>?, Int32) -> Int32 = {
            user, offset, target, count in
            guard let user = unsafe user, let target = unsafe target, count > 0, offset >= 0 else { return 0 }
            let input = unsafe Unmanaged<LibavInput>.fromOpaque(user).takeUnretainedValue()
            return input.contents.withBytes { bytes in
                guard offset < bytes.byteCount else { return 0 }
                let start = Int(offset)
                let length = min(Int(count), bytes.byteCount - start)
                unsafe bytes.withUnsafeBytes { bytes in
                    guard let base = bytes.baseAddress else { return }
                    unsafe target.update(from: (base + start).assumingMemoryBound(to: UInt8.self), count: length)
                }
                return Int32(length)
            }
        }

    /// What went wrong while reading.
    static func error(_ status: Int32, _ message: String) -> MediaError {
        switch status {
        case Int32(TM_AV_NO_MEMORY): MediaError(.outOfMemory, "there is no memory to read the file")
        case Int32(TM_AV_TOO_LARGE):
            MediaError(.limitExceeded, "frames of \(message) pixels", hint: "raise Limits.imagePixels if that is right")
        case Int32(TM_AV_NONE):
            MediaError(
                .unsupported, message, hint: "convert it with another program: to mp4 with H.264, or to wav")
        default:
            MediaError(
                .malformed, "libav: \(message)", hint: "the file is damaged or cut short; write or copy it again")
        }
    }
}

extension LibavLibrary {
    /// Makes an error of what a function that reads answers, unless it is 0.
    func check(reading status: Int32) throws(MediaError) {
        guard status != 0 else { return }
        throw LibavInput.error(status, status < 0 ? meaning(of: status) : "")
    }
}
