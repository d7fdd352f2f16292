import MediaCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A program that runs beside this one; what it reads and writes goes through one socket, its complaints nowhere.
///
/// It leads a process group of its own, which is killed as a whole when the value goes. A peer that went away is an error
/// here, never a signal. Belongs to one thread at a time.
final class ChildProcess {
    /// Why the program did not do what was asked.
    enum Failure: Error {
        /// The system could not start it or move bytes.
        case system(SystemFailure)
        /// It took too long.
        case late
        /// It ended: the status, or the signal that ended it.
        case ended(String)
        /// It wrote more than was agreed.
        case tooMuch
        /// Nobody waits for the answer any more.
        case cancelled
    }

    /// How long an answer may take from now on, and whether it is still wanted.
    struct Patience {
        let end: ContinuousClock.Instant
        let cancellation: CancellationFlag?

        init(seconds: Double, _ cancellation: CancellationFlag?) {
            end = ContinuousClock.now + .milliseconds(Int64(min(max(seconds, 0), 1e9) * 1000))
            self.cancellation = cancellation
        }
    }

    private let process: pid_t
    private let socket: FileDescriptor
    private var received: [UInt8] = []
    private var hasEnded = false

    /// Starts the program at `path`.
    init(_ path: String, _ arguments: [String]) throws(Failure) {
        var ends: [Int32] = [0, 0]
        guard unsafe socketpair(AF_UNIX, Self.streamType, 0, &ends) == 0 else { throw .system(.last) }
        // Numbers below 3 could be the ones that the child's own input and output take.
        let pair = ends.map { end in
            let high = fcntl(end, F_DUPFD_CLOEXEC, 3)
            close(end)
            return high
        }
        guard pair.allSatisfy({ $0 >= 0 }) else {
            for end in pair where end >= 0 { close(end) }
            throw .system(SystemFailure(number: EMFILE))
        }
        socket = FileDescriptor(taking: pair[0])
        let theirs = FileDescriptor(taking: pair[1])
        _ = fcntl(socket.number, F_SETFL, O_NONBLOCK)
        #if canImport(Darwin)
            var yes: Int32 = 1
            _ = unsafe setsockopt(socket.number, SOL_SOCKET, SO_NOSIGPIPE, &yes, socklen_t(MemoryLayout<Int32>.size))
        #endif
        process = try Self.spawn(path, arguments, socket: theirs.number)
    }

    deinit { end() }

    /// Ends the program and all that it started.
    func end() {
        guard !hasEnded else { return }
        hasEnded = true
        // Not waited for yet, the number cannot belong to anybody else.
        kill(-process, SIGKILL)
        var status: Int32 = 0
        while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
    }

    // MARK: Talking

    /// Writes all of `bytes`.
    func write(_ bytes: RawSpan, _ patience: Patience) throws(Failure) {
        try unsafe bytes.withUnsafeBytes { (buffer) throws(Failure) in
            var done = 0
            while done < buffer.count {
                let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[done...])
                let count = unsafe send(socket.number, rest.baseAddress, rest.count, Self.quietly)
                if count > 0 {
                    done += count
                } else if count < 0, errno == EPIPE || errno == ECONNRESET {
                    throw ending(patience)
                } else if count == 0 || errno == EAGAIN {
                    try wait(POLLOUT, patience)
                } else if errno != EINTR {
                    throw .system(.last)
                }
            }
        }
    }

    /// The next line, without its end.
    func readLine(atMost limit: Int, _ patience: Patience) throws(Failure) -> [UInt8] {
        var looked = 0
        while true {
            if let end = received[looked...].firstIndex(of: UInt8(ascii: "\n")) {
                defer { received.removeFirst(end + 1) }
                return Array(received[..<end])
            }
            looked = received.count
            guard looked <= limit else { throw .tooMuch }
            try receive(patience)
        }
    }

    /// The next `count` bytes.
    func read(_ count: Int, _ patience: Patience) throws(Failure) -> [UInt8] {
        while received.count < count { try receive(patience) }
        defer { received.removeFirst(count) }
        return Array(received[..<count])
    }

    private func receive(_ patience: Patience) throws(Failure) {
        try wait(POLLIN, patience)
        let count = unsafe withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 16) { room in
            let count = unsafe recv(socket.number, room.baseAddress, room.count, 0)
            if count > 0 { unsafe received.append(contentsOf: room[..<count]) }
            return count
        }
        if count == 0 || count < 0 && errno == ECONNRESET { throw ending(patience) }
        if count < 0, errno != EAGAIN, errno != EINTR { throw .system(.last) }
    }

    private func wait(_ event: some BinaryInteger, _ patience: Patience) throws(Failure) {
        while true {
            if patience.cancellation?.isCancelled == true { throw .cancelled }
            guard ContinuousClock.now < patience.end else { throw .late }
            var descriptor = pollfd(fd: socket.number, events: Int16(event), revents: 0)
            if unsafe poll(&descriptor, 1, 50) > 0 { return }
        }
    }

    /// How a program that closed its side ended; one that lives on is ended.
    private func ending(_ patience: Patience) -> Failure {
        var status: Int32 = 0
        for _ in 0..<100 where !hasEnded {
            if unsafe waitpid(process, &status, WNOHANG) == process {
                hasEnded = true
                // What it started is in its group still.
                kill(-process, SIGKILL)
                let signal = status & 0x7F
                return .ended(signal == 0 ? "status \(status >> 8 & 0xFF)" : "signal \(signal)")
            }
            if patience.cancellation?.isCancelled == true { break }
            poll(nil, 0, 10)
        }
        end()
        return .ended("no status")
    }
}

// MARK: Starting

extension ChildProcess {
    #if canImport(Darwin)
        private static let streamType = SOCK_STREAM
        private static let quietly: Int32 = 0
    #elseif canImport(Glibc)
        private static let streamType = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        private static let quietly = Int32(MSG_NOSIGNAL)
    #else
        private static let streamType = SOCK_STREAM | SOCK_CLOEXEC
        private static let quietly = MSG_NOSIGNAL
    #endif

    private static func spawn(_ path: String, _ arguments: [String], socket: Int32) throws(Failure) -> pid_t {
        #if canImport(Darwin)
            var actions: posix_spawn_file_actions_t?
            var attributes: posix_spawnattr_t?
        #else
            var actions = unsafe posix_spawn_file_actions_t()
            var attributes = posix_spawnattr_t()
        #endif
        unsafe posix_spawn_file_actions_init(&actions)
        unsafe posix_spawnattr_init(&attributes)
        defer {
            unsafe posix_spawn_file_actions_destroy(&actions)
            unsafe posix_spawnattr_destroy(&attributes)
        }
        unsafe posix_spawn_file_actions_adddup2(&actions, socket, 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, socket, 1)
        unsafe posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        // Signals do what they do by default there, whatever is ignored or blocked here.
        var signals = sigset_t()
        unsafe sigfillset(&signals)
        unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
        unsafe sigemptyset(&signals)
        unsafe posix_spawnattr_setsigmask(&attributes, &signals)
        unsafe posix_spawnattr_setpgroup(&attributes, 0)
        unsafe posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
        var words = unsafe ([path] + arguments).map { unsafe strdup($0) } + [nil]
        defer { unsafe words.forEach { unsafe free($0) } }
        var process: pid_t = 0
        let status = unsafe posix_spawn(&process, path, &actions, &attributes, &words, environ)
        guard status == 0 else { throw .system(SystemFailure(number: status)) }
        return process
    }
}
