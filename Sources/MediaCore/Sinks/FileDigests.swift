/// The digests of a file's bytes, as far as they were asked for.
public struct FileDigests: Sendable, Hashable {
    /// Which digests to compute.
    public struct Kinds: OptionSet, Sendable, Hashable {
        /// One bit for each kind.
        public let rawValue: UInt8

        /// Creates a set from its bits.
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// SHA-256, which names media files.
        public static let sha256 = Kinds(rawValue: 1)
        /// MD5, which artifact manifests use.
        public static let md5 = Kinds(rawValue: 2)
        /// CRC-32C, which object stores use.
        public static let crc32c = Kinds(rawValue: 4)
    }

    /// SHA-256.
    public var sha256: Digest?
    /// MD5.
    public var md5: Digest?
    /// CRC-32C.
    public var crc32c: UInt32?

    /// No digests.
    public init() {}

    /// The digests of `bytes`.
    package init(_ kinds: Kinds, of bytes: RawSpan) {
        var running = RunningDigests(kinds)
        running.update(bytes)
        self = running.finish()
    }
}

/// Digests over bytes that are still coming.
struct RunningDigests {
    private var sha256: SHA256?
    private var md5: MD5?
    private var crc32c: CRC32C?

    init(_ kinds: FileDigests.Kinds) {
        if kinds.contains(.sha256) { sha256 = SHA256() }
        if kinds.contains(.md5) { md5 = MD5() }
        if kinds.contains(.crc32c) { crc32c = CRC32C() }
    }

    mutating func update(_ bytes: RawSpan) {
        sha256?.update(bytes)
        md5?.update(bytes)
        crc32c?.update(bytes)
    }

    func finish() -> FileDigests {
        var digests = FileDigests()
        digests.sha256 = sha256?.finalize()
        digests.md5 = md5?.finalize()
        digests.crc32c = crc32c?.value
        return digests
    }
}
