#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The bytes of a file, read or mapped, which never change while somebody holds them.
///
/// Files up to ``Limits/mappedFileBytes`` are read, larger ones are mapped, so that opening a file of any size takes
/// neither time nor memory. The memory goes when the last reference does.
@safe public final class FileContents: @unchecked Sendable {
    /// What messages call the bytes: the path, or a name that the caller gave.
    public let name: String
    /// How many bytes there are.
    public let byteCount: Int
    private let bytes: [UInt8]
    /// The first byte of a mapping, which holds the bytes instead of the array.
    private let mapping: UnsafeRawPointer?
    /// How many bytes of the mapping lie in front of the first one.
    private let lead: Int
    /// The memory behind `mapping` when it is not a file's own, and where it goes afterwards.
    private let buffer: FileBuffers.Buffer?
    private let buffers: FileBuffers?

    /// Bytes that are in memory already, shared with the array.
    public init(bytes: [UInt8], name: String) {
        self.name = name
        self.bytes = bytes
        byteCount = bytes.count
        unsafe mapping = nil
        lead = 0
        buffer = nil
        buffers = nil
    }

    /// A mapping of `lead` bytes that nobody asked for and `byteCount` more, which it takes over.
    @unsafe init(mapping: UnsafeRawPointer, lead: Int = 0, byteCount: Int, name: String) {
        self.name = name
        self.byteCount = byteCount
        bytes = []
        unsafe self.mapping = unsafe mapping + lead
        self.lead = lead
        buffer = nil
        buffers = nil
    }

    private init(buffer: FileBuffers.Buffer, of buffers: FileBuffers?, byteCount: Int, name: String) {
        self.name = name
        self.byteCount = byteCount
        bytes = []
        unsafe mapping = unsafe UnsafeRawPointer(buffer.base)
        lead = 0
        self.buffer = buffer
        self.buffers = buffers
    }

    /// Memory of the system that `fill` writes into; what it leaves is 0, or anything where `buffers` are given.
    ///
    /// Sizes come from files: that the memory cannot be had is an error, not the end of the process.
    ///
    /// - Throws: `memory.exhausted`, and what `fill` throws.
    package convenience init(
        name: String, byteCount: Int, buffers: FileBuffers? = nil,
        fill: (inout MutableRawSpan) throws(MediaError) -> Void
    ) throws(MediaError) {
        guard byteCount > 0 else {
            self.init(bytes: [], name: name)
            return
        }
        guard let buffer = buffers?.take(byteCount) ?? FileBuffers.Buffer(capacity: byteCount) else {
            throw MediaError(
                .outOfMemory, "\(byteCount) bytes of memory cannot be had: \(SystemFailure(number: errno).words)",
                hint: "close programs, or use a machine with more memory", at: .init(file: name))
        }
        do throws(MediaError) {
            var span = unsafe UnsafeMutableRawBufferPointer(start: buffer.base, count: byteCount).mutableBytes
            try fill(&span)
        } catch {
            buffer.free()
            throw error
        }
        self.init(buffer: buffer, of: buffers, byteCount: byteCount, name: name)
    }

    deinit {
        if let buffer {
            if let buffers { buffers.give(buffer) } else { buffer.free() }
        } else if let base = unsafe mapping {
            unsafe munmap(UnsafeMutableRawPointer(mutating: base - lead), lead + byteCount)
        }
    }

    /// Calls `body` with all bytes, which are valid during the call only.
    public func withBytes<Result, Failure: Error>(
        _ body: (RawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        guard let base = unsafe mapping else {
            let bytes = bytes
            return try unsafe body(bytes.span.bytes)
        }
        return try unsafe body(UnsafeRawBufferPointer(start: base, count: byteCount).bytes)
    }

    /// Calls `body` with the memory of all bytes, which is valid during the call only.
    @unsafe package func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        guard let base = unsafe mapping else {
            let bytes = bytes
            return try unsafe bytes.span.bytes.withUnsafeBytes { (bytes) throws(Failure) in try unsafe body(bytes) }
        }
        return try unsafe body(UnsafeRawBufferPointer(start: base, count: byteCount))
    }

    /// Opens a file.
    ///
    /// - Parameters:
    ///   - path: a regular file, or a link to one.
    ///   - limits: ``Limits/mappedFileBytes`` decides between reading and mapping.
    ///   - acceptsStreams: whether pipes and devices are read to their end; they are refused otherwise, since reading
    ///     one can wait for ever.
    /// - Throws: `file.not-found`; `file.unreadable` for folders, pipes, missing permission and failures of the disk;
    ///   `limit.exceeded` for a stream that does not end.
    public static func open(
        _ path: String, limits: Limits = .default, acceptsStreams: Bool = false
    ) throws(MediaError) -> FileContents {
        try open(path, limits: limits, acceptsStreams: acceptsStreams, buffers: nil)
    }

    /// As ``open(_:limits:acceptsStreams:)``, into memory of `buffers`, which goes back there.
    package static func open(
        _ path: String, limits: Limits, acceptsStreams: Bool = false, buffers: FileBuffers?
    ) throws(MediaError) -> FileContents {
        guard !path.isEmpty, !path.utf8.contains(0) else {
            throw MediaError(
                .pathInvalid, "\"\(path)\" is no path: it is empty or holds a zero byte",
                hint: "give the path of a file")
        }
        // Without O_NONBLOCK, opening a pipe that nobody writes to would wait.
        let flags = O_RDONLY | O_CLOEXEC | (acceptsStreams ? 0 : O_NONBLOCK)
        let descriptor = SystemCall.open(path, flags)
        guard descriptor >= 0 else { throw openError(path, errno) }
        defer { close(descriptor) }
        return try read(
            descriptor: descriptor, name: path, limits: limits, acceptsStreams: acceptsStreams, cancellation: nil,
            buffers: buffers)
    }

    /// Reads what an open descriptor gives: a regular file from its beginning, standard input or a pipe to its end.
    ///
    /// The descriptor stays open.
    ///
    /// - Parameters:
    ///   - descriptor: an open file descriptor.
    ///   - name: what messages call it.
    ///   - limits: ``Limits/streamedBytes`` is the most that is taken from a stream.
    ///   - acceptsStreams: whether anything but a regular file is read.
    ///   - cancellation: looked at while a stream has nothing to give.
    /// - Throws: as ``open(_:limits:acceptsStreams:)``; `work.cancelled`.
    public static func read(
        descriptor: Int32, name: String = "<stdin>", limits: Limits = .default, acceptsStreams: Bool = true,
        cancellation: CancellationFlag? = nil
    ) throws(MediaError) -> FileContents {
        try read(
            descriptor: descriptor, name: name, limits: limits, acceptsStreams: acceptsStreams,
            cancellation: cancellation, buffers: nil)
    }

    private static func read(
        descriptor: Int32, name: String, limits: Limits, acceptsStreams: Bool, cancellation: CancellationFlag?,
        buffers: FileBuffers?
    ) throws(MediaError) -> FileContents {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else {
            throw readError(name, "its state cannot be asked for: \(SystemFailure(number: errno).words)")
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG: break
        case S_IFDIR:
            throw readError(name, "is a folder, not a file", hint: "name a file in it")
        default:
            guard acceptsStreams else {
                throw readError(
                    name, "is a pipe, a socket or a device, not a regular file", hint: "pass \"-\" and pipe the data in"
                )
            }
            return try readStream(descriptor, name: name, limits: limits, cancellation)
        }
        // A file of the /proc kind says 0 and holds something all the same.
        guard status.st_size > 0 else { return try readStream(descriptor, name: name, limits: limits, cancellation) }
        let byteCount = Int(status.st_size)
        if byteCount > limits.mappedFileBytes {
            let base = unsafe mmap(nil, byteCount, PROT_READ, MAP_PRIVATE, descriptor, 0)
            if let base = unsafe base, unsafe base != MAP_FAILED {
                return unsafe FileContents(mapping: UnsafeRawPointer(base), byteCount: byteCount, name: name)
            }
            guard errno == ENODEV || errno == EINVAL else {
                throw MediaError(
                    .outOfMemory, "its \(byteCount) bytes cannot be mapped: \(SystemFailure(number: errno).words)",
                    hint: "raise the limit on address space (ulimit -v)", at: .init(file: name))
            }
        }
        return try readWhole(descriptor, name: name, byteCount: byteCount, buffers)
    }

    // MARK: Reading

    private static func readWhole(
        _ descriptor: Int32, name: String, byteCount: Int, _ buffers: FileBuffers?
    ) throws(MediaError) -> FileContents {
        try FileContents(name: name, byteCount: byteCount, buffers: buffers) { (bytes) throws(MediaError) in
            var failure: Int32 = 0
            let count = unsafe bytes.withUnsafeMutableBytes { buffer in
                var count = 0
                while count < buffer.count, let base = buffer.baseAddress {
                    let got = unsafe pread(descriptor, base + count, buffer.count - count, off_t(count))
                    if got < 0, errno == EINTR { continue }
                    if got < 0 { failure = errno }
                    if got <= 0 { break }
                    count += got
                }
                return count
            }
            guard failure == 0 else { throw readError(name, SystemFailure(number: failure).words) }
            guard count == byteCount else {
                throw MediaError(
                    .truncated, "the file had \(byteCount) bytes and lost \(byteCount - count) while it was read",
                    hint: "wait until the program that writes it is done", at: .init(file: name))
            }
        }
    }

    private static func readStream(
        _ descriptor: Int32, name: String, limits: Limits, _ cancellation: CancellationFlag?
    ) throws(MediaError) -> FileContents {
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            if let cancellation {
                // A read would go on waiting after a signal.
                var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                while unsafe poll(&wait, 1, 100) == 0 { try cancellation.check() }
                try cancellation.check()
            }
            let got = unsafe block.withUnsafeMutableBytes { unsafe SystemCall.read(descriptor, $0) }
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw readError(name, SystemFailure(number: errno).words) }
            if got == 0 { return FileContents(bytes: bytes, name: name) }
            guard got <= limits.streamedBytes - bytes.count else {
                throw MediaError(
                    .limitExceeded, "the stream is longer than \(limits.streamedBytes) bytes",
                    hint: "raise Limits.streamedBytes, or store it in a file", at: .init(file: name))
            }
            bytes.append(contentsOf: block[..<got])
        }
    }
}

/// Calls whose names the members of ``FileContents`` hide.
private enum SystemCall {
    static func open(_ path: String, _ flags: Int32) -> Int32 {
        #if canImport(Glibc)
            unsafe Glibc.open(path, flags)
        #else
            unsafe Darwin.open(path, flags)
        #endif
    }

    @unsafe static func read(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
        #if canImport(Glibc)
            unsafe Glibc.read(descriptor, buffer.baseAddress, buffer.count)
        #else
            unsafe Darwin.read(descriptor, buffer.baseAddress, buffer.count)
        #endif
    }
}
