import MediaCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// How much more memory of the process is resident at the worst moment of some work than before it.
///
/// Linux keeps the peak and forgets it on request (proc(5), `clear_refs`); elsewhere nothing is known.
enum PeakMemory {
    /// Does the work; the bytes, or `nil` where the system does not say.
    static func during<Failure: Error>(_ body: () throws(Failure) -> Void) throws(Failure) -> Int? {
        // What was freed and kept would be used again without being counted.
        releaseFreeMemory()
        guard let before = status("VmRSS:"), forgetPeak() else {
            try body()
            return nil
        }
        try body()
        return status("VmHWM:").map { max(0, $0 - before) }
    }

    private static func forgetPeak() -> Bool {
        #if os(Linux)
            do throws(SystemFailure) {
                let file = try FileDescriptor.open("/proc/self/clear_refs", flags: O_WRONLY)
                try unsafe file.writeAll([UInt8(ascii: "5")].span.bytes)
                return true
            } catch { return false }
        #else
            return false
        #endif
    }

    /// A line of the process's status, in bytes.
    private static func status(_ name: String) -> Int? {
        #if os(Linux)
            guard let file = try? FileDescriptor.open("/proc/self/status", flags: O_RDONLY) else { return nil }
            var bytes = [UInt8](repeating: 0, count: 1 << 14)
            var span = bytes.mutableSpan
            var room = unsafe span.mutableBytes
            guard let count = try? file.read(at: 0, into: &room) else { return nil }
            let text = String(decoding: bytes.prefix(count), as: UTF8.self)
            for line in text.split(separator: "\n") where line.hasPrefix(name) {
                return line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }.map { $0 << 10 }
            }
        #endif
        return nil
    }

    /// Gives freed memory back to the system, where the C library can (glibc).
    private static func releaseFreeMemory() {
        #if canImport(Glibc)
            guard let symbol = unsafe dlsym(nil, "malloc_trim") else { return }
            typealias Trim = @convention(c) (Int) -> Int32
            _ = unsafe unsafeBitCast(symbol, to: Trim.self)(0)
        #endif
    }
}
