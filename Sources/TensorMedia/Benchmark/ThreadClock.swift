#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The processor time of the calling thread: what other programs do meanwhile does not count.
enum ThreadClock {
    /// Seconds that the thread has computed.
    static var seconds: Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    /// The seconds of one call of `body` among `times`; a clock that stood still counts as a nanosecond in all.
    static func seconds<Failure: Error>(_ times: Int, _ body: () throws(Failure) -> Void) throws(Failure) -> Double {
        let start = seconds
        for _ in 0..<times { try body() }
        return max(seconds - start, 1e-9) / Double(max(times, 1))
    }
}
