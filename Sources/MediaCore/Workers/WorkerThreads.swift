#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Something that a worker thread can lend a hand with.
protocol WorkerJob: AnyObject, Sendable {
    /// Does as much as can be done now without waiting for others.
    func help()
}

/// The threads of a ``WorkerPool`` and the line of jobs in front of them.
///
/// The threads own this object, not the pool, so that a pool can go while they are still leaving.
final class WorkerThreads: @unchecked Sendable {
    private let limit: Int
    private let monitor = Monitor()
    // All guarded by `monitor`.
    private var line: [any WorkerJob] = []
    private var head = 0
    private var started = 0
    private var idle = 0
    private var isStopping = false

    init(limit: Int) { self.limit = limit }

    /// Puts a job at the end of the line, and says whether there is a thread that will come to it.
    func enqueue(_ job: any WorkerJob) -> Bool {
        monitor.lock()
        defer { monitor.unlock() }
        if line.count - head >= idle, started < limit, startThread() { started += 1 }
        guard started > 0 else { return false }
        line.append(job)
        if idle > 0 { monitor.signal() }
        return true
    }

    /// Takes a job out of the line and says how many times it stood there.
    func withdraw(_ job: any WorkerJob) -> Int {
        monitor.withLock {
            let waiting = line.count
            line = line[head...].filter { $0 !== job }
            defer { head = 0 }
            return waiting - head - line.count
        }
    }

    /// Sends the threads home when the line is empty.
    func stop() {
        monitor.withLock {
            isStopping = true
            monitor.broadcast()
        }
    }

    private func next() -> (any WorkerJob)? {
        monitor.lock()
        defer { monitor.unlock() }
        while head == line.count {
            if isStopping { return nil }
            idle += 1
            monitor.wait()
            idle -= 1
        }
        let job = line[head]
        head += 1
        if head == line.count {
            line.removeAll(keepingCapacity: true)
            head = 0
        } else if head >= 64, head * 2 >= line.count {
            line.removeSubrange(..<head)
            head = 0
        }
        return job
    }

    private func run() {
        while let job = next() { job.help() }
    }

    /// Starts one more thread; false when the system has none to give.
    private func startThread() -> Bool {
        var attributes = pthread_attr_t()
        guard unsafe pthread_attr_init(&attributes) == 0 else { return false }
        defer { unsafe pthread_attr_destroy(&attributes) }
        unsafe pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        unsafe pthread_attr_setstacksize(&attributes, 1 << 20)
        // Signals belong to the program's own threads, so that a handler never runs in the middle of an encoder.
        var everything = sigset_t()
        var before = sigset_t()
        unsafe sigfillset(&everything)
        for signal in [SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT] { unsafe sigdelset(&everything, signal) }
        unsafe pthread_sigmask(SIG_SETMASK, &everything, &before)
        defer { unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }
        let context = unsafe Unmanaged.passRetained(self)
        #if canImport(Darwin)
            var thread: pthread_t?
            let status = unsafe pthread_create(&thread, &attributes, { workerMain($0) }, context.toOpaque())
        #else
            var thread = pthread_t()
            let status = unsafe pthread_create(&thread, &attributes, { unsafe workerMain($0) }, context.toOpaque())
        #endif
        if status != 0 { unsafe context.release() }
        return status == 0
    }

    fileprivate static func main(_ context: UnsafeMutableRawPointer) {
        unsafe Unmanaged<WorkerThreads>.fromOpaque(context).takeRetainedValue().run()
    }
}

private func workerMain(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    if let context = unsafe context { unsafe WorkerThreads.main(context) }
    return nil
}
