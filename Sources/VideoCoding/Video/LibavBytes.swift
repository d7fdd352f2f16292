import CLibavLoader
import MediaCore

/// Where libav's bytes of a file go: through a sink, whose first failure is kept, since libav knows numbers only.
@safe
final class LibavBytes {
    /// Most bytes that wait in memory where a file has to be looked at twice and the sink cannot.
    static let mostWaitingBytes = 512 << 20

    private let sink: any ByteSink
    /// What can be patched: the sink itself, or memory in front of it.
    private let patchable: (any PatchableSink)?
    private let waiting: MemorySink?
    /// Where the file begins in what is written to.
    private let start: Int
    private(set) var failure: MediaError?

    /// - Parameter needsPatching: whether earlier bytes have to be read and replaced.
    init(_ sink: any ByteSink, needsPatching: Bool) {
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

    /// How libav gets here; it must not be used after this object.
    @unsafe
    var callbacks: tm_av_io {
        unsafe tm_av_io(
            user: Unmanaged.passUnretained(self).toOpaque(),
            write: { user, offset, bytes, count in
                guard let user = unsafe user, let bytes = unsafe bytes, count > 0 else { return 0 }
                let target = unsafe Unmanaged<LibavBytes>.fromOpaque(user).takeUnretainedValue()
                let buffer = unsafe UnsafeRawBufferPointer(start: bytes, count: Int(count))
                return target.put(Int(offset), unsafe buffer.bytes) ? count : -1
            },
            read: { user, offset, bytes, count in
                guard let user = unsafe user, let bytes = unsafe bytes, count > 0 else { return 0 }
                let target = unsafe Unmanaged<LibavBytes>.fromOpaque(user).takeUnretainedValue()
                let buffer = unsafe UnsafeMutableRawBufferPointer(start: bytes, count: Int(count))
                var span = unsafe buffer.mutableBytes
                return target.get(Int(offset), &span)
            },
            is_patchable: patchable == nil ? 0 : 1)
    }

    /// Hands over what waited in memory.
    func finish() throws(MediaError) {
        if let failure { throw failure }
        guard let waiting else { return }
        let bytes = waiting.takeBytes()
        try unsafe sink.write(bytes.span.bytes)
    }

    private func put(_ offset: Int, _ bytes: RawSpan) -> Bool {
        guard failure == nil else { return false }
        let target: any ByteSink = patchable ?? sink
        let place = start + offset
        do throws(MediaError) {
            // Bytes can begin in what is there and end behind it.
            let old = max(0, min(bytes.byteCount, target.byteCount - place))
            if old > 0 {
                guard let patchable else {
                    throw MediaError(.libraryFailed, "libav goes back in a file that it was told not to")
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

    private func get(_ offset: Int, _ buffer: inout MutableRawSpan) -> Int32 {
        guard failure == nil, let patchable else { return -1 }
        do throws(MediaError) {
            return Int32(clamping: try patchable.read(at: start + offset, into: &buffer))
        } catch {
            failure = error
            return -1
        }
    }
}
