import MediaCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Memory that a worker keeps from picture to picture and that only ever grows.
///
/// Addresses are aligned to 64 bytes. A size that cannot be had is an error, not the end of the process.
@safe struct PNGScratch: ~Copyable {
    /// The bytes; valid up to ``capacity``.
    private(set) var pointer: UnsafeMutablePointer<UInt8>
    /// How many bytes there are.
    private(set) var capacity: Int

    /// A single cache line, so that ``pointer`` is always an address.
    init() {
        unsafe pointer = UnsafeMutablePointer<UInt8>.allocate(capacity: 64)
        capacity = 0
    }

    deinit { unsafe free(pointer) }

    /// Makes room for `count` bytes; what was there before is lost.
    mutating func reserve(_ count: Int) throws(MediaError) {
        guard count > capacity else { return }
        var fresh: UnsafeMutableRawPointer?
        guard unsafe posix_memalign(&fresh, 64, count) == 0, let fresh = unsafe fresh else {
            throw MediaError(
                .outOfMemory, "\(count) bytes of working memory for a PNG band are not to be had",
                hint: "make the picture narrower or free memory")
        }
        unsafe free(pointer)
        unsafe pointer = fresh.assumingMemoryBound(to: UInt8.self)
        capacity = count
    }

    /// Gives the memory back when there is more than `limit`.
    mutating func trim(to limit: Int) {
        guard capacity > limit else { return }
        unsafe free(pointer)
        unsafe pointer = UnsafeMutablePointer<UInt8>.allocate(capacity: 64)
        capacity = 0
    }
}
