#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A sink over a stream that somebody else opened and will close: standard output, a pipe, a socket.
///
/// What was written can be on its way before the output is whole; a stream has no rename. Call ``finish()`` at the end:
/// bytes that are still in the buffer when the sink goes are lost.
public final class DescriptorSink: ByteSink {
    /// How many bytes have been written.
    public private(set) var byteCount = 0

    private let descriptor: Int32
    private let name: String
    private let capacity: Int
    private var buffer: [UInt8] = []
    private var failure: MediaError?

    /// Creates a sink over an open descriptor, which is never closed by it.
    ///
    /// - Parameters:
    ///   - descriptor: The number of the open file; 1 is standard output.
    ///   - name: What errors call it.
    ///   - bufferBytes: How many bytes are gathered for one write of the system.
    public init(descriptor: Int32 = 1, name: String? = nil, bufferBytes: Int = 64 << 10) {
        self.descriptor = descriptor
        self.name = name ?? (descriptor == 1 ? "standard output" : "descriptor \(descriptor)")
        capacity = max(bufferBytes, 1)
    }

    /// Appends `bytes`.
    ///
    /// - Throws: `file.write-failed`; a pipe whose reader is gone is such an error, not a signal.
    public func write(_ bytes: RawSpan) throws(MediaError) {
        if let failure { throw failure }
        if buffer.count + bytes.byteCount > capacity { try flush() }
        if bytes.byteCount >= capacity {
            try send(bytes)
        } else {
            if buffer.isEmpty { buffer.reserveCapacity(capacity) }
            unsafe bytes.withUnsafeBytes { unsafe buffer.append(contentsOf: $0) }
        }
        byteCount += bytes.byteCount
    }

    /// Sends what is still in the buffer.
    ///
    /// - Throws: `file.write-failed`, also for an earlier write that failed.
    public func finish() throws(MediaError) {
        if let failure { throw failure }
        try flush()
    }

    private func flush() throws(MediaError) {
        guard !buffer.isEmpty else { return }
        var full: [UInt8] = []
        swap(&full, &buffer)
        defer {
            full.removeAll(keepingCapacity: true)
            swap(&full, &buffer)
        }
        try unsafe send(full.span.bytes)
    }

    private func send(_ bytes: RawSpan) throws(MediaError) {
        let signal = HeldPipeSignal()
        defer { signal.release() }
        do throws(SystemFailure) {
            try FileDescriptor.writeAll(bytes, to: descriptor)
        } catch {
            if error.number == EPIPE { signal.discard() }
            let wrapped = error.error(.writeFailed, "write", path: name)
            failure = wrapped
            throw wrapped
        }
    }
}

/// SIGPIPE, held back on this thread, so that writing to a closed pipe fails with EPIPE and does not end the process.
///
/// What the signal does otherwise belongs to the program and stays as it is.
private struct HeldPipeSignal {
    private var signals = sigset_t()
    private var before = sigset_t()
    private let wasPending: Bool

    init() {
        unsafe sigemptyset(&signals)
        unsafe sigaddset(&signals, SIGPIPE)
        wasPending = Self.isPending
        unsafe pthread_sigmask(SIG_BLOCK, &signals, &before)
    }

    /// Takes away the signal that arrived meanwhile.
    func discard() {
        guard !wasPending, Self.isPending else { return }
        var signals = signals
        var received: Int32 = 0
        unsafe sigwait(&signals, &received)
    }

    /// Lets signals through again as before.
    func release() {
        var before = before
        unsafe pthread_sigmask(SIG_SETMASK, &before, nil)
    }

    private static var isPending: Bool {
        var pending = sigset_t()
        unsafe sigpending(&pending)
        return unsafe sigismember(&pending, SIGPIPE) == 1
    }
}
