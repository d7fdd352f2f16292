/// A sink as libraries in C write to it: bytes at places, and numbers for what went wrong. The first failure is kept.
///
/// Where earlier bytes have to be replaced and the sink cannot, the file waits in memory until it is finished.
package final class SinkFile {
    /// Most bytes that wait in memory.
    private static let mostWaitingBytes = 512 << 20

    private let sink: any ByteSink
    /// What can be patched: the sink itself, or memory in front of it.
    private let patchable: (any PatchableSink)?
    private let waiting: MemorySink?
    /// Where the file begins in what is written to.
    private let start: Int
    /// The first failure of the sink.
    package private(set) var failure: MediaError?

    /// - Parameter needsPatching: whether earlier bytes have to be read and replaced.
    package init(_ sink: any ByteSink, needsPatching: Bool) {
        self.sink = sink
        if !needsPatching {
            (patchable, waiting) = (nil, nil)
        } else if let same = sink as? any PatchableSink {
            (patchable, waiting) = (same, nil)
        } else {
            let memory = MemorySink(limit: Self.mostWaitingBytes)
            (patchable, waiting) = (memory, memory)
        }
        start = waiting == nil ? sink.byteCount : 0
    }

    /// Whether earlier bytes can be replaced and read.
    package var isPatchable: Bool { patchable != nil }

    /// How many bytes the file has.
    package var byteCount: Int { (patchable ?? sink).byteCount - start }

    /// Hands over what waited in memory.
    ///
    /// - Throws: the first failure; what the sink throws.
    package func finish() throws(MediaError) {
        if let failure { throw failure }
        guard let waiting else { return }
        let bytes = waiting.takeBytes()
        try unsafe sink.write(bytes.span.bytes)
    }

    /// Puts bytes at a place, which is the end or before it; `false` when that fails.
    package func put(_ offset: Int, _ bytes: RawSpan) -> Bool {
        guard failure == nil else { return false }
        let target: any ByteSink = patchable ?? sink
        let place = start + offset
        do throws(MediaError) {
            guard offset >= 0, place <= target.byteCount else {
                throw MediaError(.libraryFailed, "a library writes behind the end of a file")
            }
            // Bytes can begin in what is there and end behind it.
            let old = min(bytes.byteCount, target.byteCount - place)
            if old > 0 {
                guard let patchable else {
                    throw MediaError(.libraryFailed, "a library goes back in a file that it was told not to")
                }
                try patchable.overwrite(at: place, with: bytes.extracting(first: old))
            }
            if old < bytes.byteCount { try target.write(bytes.extracting(droppingFirst: old)) }
            return true
        } catch {
            failure = error
            return false
        }
    }

    /// Gets bytes from a place, and says how many; 0 behind the end, −1 when that fails.
    package func get(_ offset: Int, _ buffer: inout MutableRawSpan) -> Int {
        guard failure == nil, let patchable, offset >= 0 else { return -1 }
        do throws(MediaError) {
            return try patchable.read(at: start + offset, into: &buffer)
        } catch {
            failure = error
            return -1
        }
    }
}
