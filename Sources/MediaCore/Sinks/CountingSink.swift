/// A sink that counts bytes and forgets them: for dry runs and measurements.
public final class CountingSink: ByteSink {
    /// How many bytes have been written.
    public private(set) var byteCount = 0

    /// Creates a sink that has seen nothing.
    public init() {}

    /// Counts `bytes`.
    public func write(_ bytes: RawSpan) throws(MediaError) { byteCount &+= bytes.byteCount }
}
