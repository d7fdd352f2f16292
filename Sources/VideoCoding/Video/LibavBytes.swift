import CLibavLoader
import MediaCore

/// Where libav's bytes of a file go.
@safe
final class LibavBytes {
    private let file: SinkFile

    /// - Parameter needsPatching: whether earlier bytes have to be read and replaced.
    init(_ sink: any ByteSink, needsPatching: Bool) { file = SinkFile(sink, needsPatching: needsPatching) }

    /// The first failure of the sink, since libav knows numbers only.
    var failure: MediaError? { file.failure }

    /// How libav gets here; it must not be used after this object.
    @unsafe
    var callbacks: tm_av_io {
        unsafe tm_av_io(
            user: Unmanaged.passUnretained(self).toOpaque(),
            write: { user, offset, bytes, count in
                guard let user = unsafe user, let bytes = unsafe bytes, count > 0 else { return 0 }
                let target = unsafe Unmanaged<LibavBytes>.fromOpaque(user).takeUnretainedValue()
                let buffer = unsafe UnsafeRawBufferPointer(start: bytes, count: Int(count))
                return target.file.put(Int(offset), unsafe buffer.bytes) ? count : -1
            },
            read: { user, offset, bytes, count in
                guard let user = unsafe user, let bytes = unsafe bytes, count > 0 else { return 0 }
                let target = unsafe Unmanaged<LibavBytes>.fromOpaque(user).takeUnretainedValue()
                let buffer = unsafe UnsafeMutableRawBufferPointer(start: bytes, count: Int(count))
                var span = unsafe buffer.mutableBytes
                return Int32(clamping: target.file.get(Int(offset), &span))
            },
            is_patchable: file.isPatchable ? 1 : 0)
    }

    /// Hands over what waited in memory.
    func finish() throws(MediaError) { try file.finish() }
}
