import MediaCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Decoded pixels: a block of memory that is written once, by whoever makes it, and read from then on.
///
/// The system hands out large blocks untouched, so a file that promises more pixels than it holds costs only the rows
/// that it has. Unchecked because the pointer is not `Sendable`; nobody writes once the block is inside a picture.
@safe
final class PixelStorage: @unchecked Sendable {
    /// The first byte.
    let base: UnsafeMutableRawPointer
    /// How many bytes there are.
    let byteCount: Int

    /// Takes `byteCount` bytes, all zero.
    init(byteCount: Int) throws(MediaError) {
        guard byteCount >= 0, let base = unsafe calloc(max(byteCount, 1), 1) else {
            throw MediaError(.outOfMemory, "there is no memory for \(byteCount) bytes of pixels")
        }
        unsafe self.base = unsafe base
        self.byteCount = byteCount
    }

    deinit { unsafe free(base) }

    /// The bytes.
    func withBytes<R, E>(_ body: (RawSpan) throws(E) -> R) throws(E) -> R {
        let all = unsafe read(byteCount)
        return try body(unsafe all.bytes)
    }

    // A span made from `base` directly stops the optimiser of Swift 6.3.1 ("Found ownership error"): make a buffer first,
    // then the span.

    /// The first `count` bytes, to read.
    @unsafe func read(_ count: Int) -> UnsafeRawBufferPointer {
        unsafe UnsafeRawBufferPointer(start: base, count: min(count, byteCount))
    }

    /// The first `count` bytes, to write.
    @unsafe func write(_ count: Int) -> UnsafeMutableRawBufferPointer {
        unsafe UnsafeMutableRawBufferPointer(start: base, count: min(count, byteCount))
    }
}
