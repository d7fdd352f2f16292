#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A thread that does something again and again until it is stopped.
final class Ticker: Sendable {
    private let milliseconds: Int32
    private let body: @Sendable () -> Void
    /// The thread waits at one end of a pipe and is stopped by closing the other: no wait has to end first.
    private let reader: Int32, writer: Int32

    /// Begins; the first call of `body` is one interval from now. `nil` when the system has no more threads or descriptors.
    init?(milliseconds: Int32, _ body: @escaping @Sendable () -> Void) {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { return nil }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        (reader, writer) = (ends[0], ends[1])
        self.milliseconds = milliseconds
        self.body = body
    }

    /// Runs until ``stop(_:)``.
    private func run() {
        var wait = pollfd(fd: reader, events: Int16(POLLIN), revents: 0)
        while true {
            let ready = poll(&wait, 1, milliseconds)
            if ready > 0 || (ready < 0 && errno != EINTR) { return }
            if ready == 0 { body() }
        }
    }

    /// Begins; gives back the thread, to be handed to ``stop(_:)``.
    func start() -> pthread_t? {
        #if canImport(Darwin)
            var thread: pthread_t?
        #else
            var thread = pthread_t()
        #endif
        // Signals are for the main thread: a handler must not interrupt a write here.
        var all = sigset_t(), before = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_BLOCK, &all, &before)
        let status = pthread_create(
            &thread, nil,
            { pointer in
                #if canImport(Darwin)
                    Unmanaged<Ticker>.fromOpaque(pointer).takeRetainedValue().run()
                #else
                    if let pointer { Unmanaged<Ticker>.fromOpaque(pointer).takeRetainedValue().run() }
                #endif
                return nil
            }, Unmanaged.passRetained(self).toOpaque())
        pthread_sigmask(SIG_SETMASK, &before, nil)
        guard status == 0 else {
            Unmanaged.passUnretained(self).release()
            return nil
        }
        return thread
    }

    /// Ends the thread and waits for it.
    func stop(_ thread: pthread_t?) {
        close(writer)
        if let thread { pthread_join(thread, nil) }
        close(reader)
    }
}
