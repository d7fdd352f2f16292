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
}
