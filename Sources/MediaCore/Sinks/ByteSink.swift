/// Where encoded bytes go, in order.
///
/// A sink belongs to one thread at a time. What it shows to the world appears when it is committed, whole, or not at all.
public protocol ByteSink: AnyObject {
    /// How many bytes have been written.
    var byteCount: Int { get }

    /// Appends `bytes`.
    ///
    /// - Throws: `file.write-failed` with the reason of the system (disk full, read-only, closed pipe).
    func write(_ bytes: RawSpan) throws(MediaError)
}

/// A sink whose earlier bytes can be read back and replaced: for formats that write sizes in front of what they measure.
public protocol PatchableSink: ByteSink {
    /// Replaces bytes that were written earlier; may not reach past ``ByteSink/byteCount``.
    func overwrite(at offset: Int, with bytes: RawSpan) throws(MediaError)

    /// Reads bytes that were written earlier into `buffer` and says how many there were.
    func read(at offset: Int, into buffer: inout MutableRawSpan) throws(MediaError) -> Int
}
