import ArgumentParser
import Synchronization
import TensorMedia

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Ctrl-C and polite requests to end: the work stops where nothing is half-written. A second one ends the process at once.
enum Interruption {
    /// Raised by the first signal.
    static let flag = CancellationFlag()
    private static let received = Atomic<Int32>(0)

    /// The exit status, as a shell counts: 128 and the number of the signal, 130 for Ctrl-C.
    static var status: ExitCode {
        let number = received.load(ordering: .relaxed)
        return ExitCode(128 + (number == 0 ? SIGINT : number))
    }

    /// Begins to listen, and makes a closed pipe an error instead of a signal.
    static func listen() {
        // A handler must not be the first to touch a lazy value.
        _ = flag.isCancelled
        _ = received.load(ordering: .relaxed)
        // A program that was started from a thread of Dispatch inherits that it hears no signals.
        var heard = sigset_t()
        sigemptyset(&heard)
        for number in [SIGINT, SIGTERM, SIGHUP] {
            sigaddset(&heard, number)
            let before = signal(number) { number in
                Interruption.received.store(number, ordering: .relaxed)
                Interruption.flag.cancel()
                signal(number, SIG_DFL)
            }
            // Under nohup, and in the background of a script, these are switched off.
            if isIgnored(before) { signal(number, SIG_IGN) }
        }
        signal(SIGPIPE, SIG_IGN)
        ShortenedInput.listen()
        pthread_sigmask(SIG_UNBLOCK, &heard, nil)
    }

    /// Functions cannot be compared in Swift; the one that stands for "ignore" is a number.
    private static func isIgnored(_ handler: (@convention(c) (Int32) -> Void)?) -> Bool {
        unsafeBitCast(handler, to: Int.self) == 1
    }
}
