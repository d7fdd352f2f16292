#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Bytes that end (or begin) exactly at a page that nobody may touch: a kernel that reads or writes one byte too far ends
/// the test process.
public final class GuardedBytes {
    /// Where the bytes lie.
    public enum Place: Sendable, CaseIterable {
        /// The first byte follows the forbidden page.
        case afterGuard
        /// The last byte comes before the forbidden page.
        case beforeGuard
    }

    /// The bytes.
    public let buffer: UnsafeMutableRawBufferPointer
    private let mapping: UnsafeMutableRawPointer
    private let mappedBytes: Int

    /// `count` bytes beside a forbidden page, filled from `contents` as far as it goes.
    public init(count: Int, place: Place, contents: some Sequence<UInt8> = []) {
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        let inner = (count + page - 1) / page * page
        mappedBytes = inner + 2 * page
        guard
            let mapping = mmap(nil, mappedBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0),
            mapping != MAP_FAILED, mprotect(mapping, page, PROT_NONE) == 0,
            mprotect(mapping + page + inner, page, PROT_NONE) == 0
        else { preconditionFailure("no memory for guarded bytes") }
        self.mapping = mapping
        let start = place == .afterGuard ? mapping + page : mapping + page + inner - count
        buffer = UnsafeMutableRawBufferPointer(start: start, count: count)
        for (index, byte) in zip(0..<count, contents) { buffer[index] = byte }
    }

    deinit { munmap(mapping, mappedBytes) }
}
