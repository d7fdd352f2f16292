public import MediaCore

/// One of several shares of a batch, which together are all of it.
///
/// Which share an input belongs to depends on its relative path alone: the first eight bytes of the SHA-256 of the path's
/// UTF-8, as a number with the highest byte first, modulo the number of shares. Inputs that come or go move no other. For a
/// member of a tar archive the path is that of the archive, a colon and the member's key, so that samples stay whole.
public struct Shard: Sendable, Hashable {
    /// Which share, counted from 1.
    public let number: Int
    /// How many shares there are.
    public let count: Int

    /// Creates a share.
    ///
    /// - Throws: `argument.invalid` unless `1 ≤ number ≤ count`.
    public init(_ number: Int, of count: Int) throws(MediaError) {
        guard count >= 1, (1...count).contains(number) else {
            throw MediaError(
                .argumentInvalid, "share \(number) of \(count)", hint: "shares are counted from 1: 1/3, 2/3, 3/3")
        }
        self.number = number
        self.count = count
    }

    /// Reads `3/16`.
    ///
    /// - Throws: `argument.invalid`.
    public init(_ text: String) throws(MediaError) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, let number = parts[0], let count = parts[1] else {
            throw MediaError(
                .argumentInvalid, "\"\(text)\" is no share", hint: "write NUMBER/COUNT, such as 3/16")
        }
        try self.init(number, of: count)
    }

    /// Whether an input with this relative path belongs to the share.
    public func contains(_ relativePath: String) -> Bool {
        var hasher = SHA256()
        unsafe hasher.update(Array(relativePath.utf8).span.bytes)
        let hash = hasher.finalize().bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        return Int(hash % UInt64(count)) == number - 1
    }
}
