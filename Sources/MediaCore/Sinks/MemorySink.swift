/// A sink that keeps everything in one array.
public final class MemorySink: PatchableSink {
    /// What has been written.
    public private(set) var bytes: [UInt8]
    /// The most bytes that are taken.
    public let limit: Int

    /// Creates an empty sink.
    ///
    /// - Parameters:
    ///   - capacity: Bytes to make room for at once.
    ///   - limit: The most bytes that are taken.
    public init(capacity: Int = 0, limit: Int = .max) {
        bytes = []
        self.limit = max(limit, 0)
        bytes.reserveCapacity(min(max(capacity, 0), self.limit))
    }

    /// How many bytes have been written.
    public var byteCount: Int { bytes.count }

    /// Appends `bytes`.
    ///
    /// - Throws: `limit.exceeded` when the sink would pass its limit; nothing is appended then.
    public func write(_ bytes: RawSpan) throws(MediaError) {
        guard bytes.byteCount <= limit - self.bytes.count else {
            throw MediaError(
                .limitExceeded,
                "the output needs \(self.bytes.count + bytes.byteCount) bytes or more, the limit is \(limit)",
                hint: "raise the limit of the sink or write to a file")
        }
        unsafe bytes.withUnsafeBytes { unsafe self.bytes.append(contentsOf: $0) }
    }

    /// Replaces bytes that were written earlier.
    ///
    /// - Throws: `argument.invalid` when the range reaches past what was written.
    public func overwrite(at offset: Int, with bytes: RawSpan) throws(MediaError) {
        try checkPatch(offset: offset, count: bytes.byteCount, written: byteCount)
        unsafe self.bytes.withUnsafeMutableBytes { target in
            unsafe bytes.withUnsafeBytes { source in
                unsafe UnsafeMutableRawBufferPointer(rebasing: target[offset..<offset + source.count])
                    .copyMemory(from: source)
            }
        }
    }

    /// Reads bytes that were written earlier into `buffer` and says how many there were.
    ///
    /// - Throws: `argument.invalid` when `offset` is negative.
    public func read(at offset: Int, into buffer: inout MutableRawSpan) throws(MediaError) -> Int {
        try checkPatch(offset: min(offset, 0), count: 0, written: byteCount)
        guard offset < bytes.count else { return 0 }
        let count = min(buffer.byteCount, bytes.count - offset)
        unsafe buffer.withUnsafeMutableBytes { target in
            unsafe bytes.withUnsafeBytes { source in
                unsafe target.copyMemory(from: UnsafeRawBufferPointer(rebasing: source[offset..<offset + count]))
            }
        }
        return count
    }

    /// Hands the bytes out and leaves the sink empty, without a copy.
    public func takeBytes() -> [UInt8] {
        var taken: [UInt8] = []
        swap(&taken, &bytes)
        return taken
    }

    /// Forgets what was written and keeps the memory for the next use.
    public func removeAll() { bytes.removeAll(keepingCapacity: true) }
}

/// Throws `argument.invalid` unless `offset` and `count` lie within what was written.
func checkPatch(offset: Int, count: Int, written: Int) throws(MediaError) {
    guard offset >= 0, offset <= written, count <= written - offset else {
        throw MediaError(
            .argumentInvalid, "bytes \(offset)..<\(offset &+ count) are not all written yet, the sink holds \(written)",
            hint: "replace only bytes that were written before")
    }
}
