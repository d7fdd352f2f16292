import ArgumentParser

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What happens when another program cuts an input short while it is mapped: the system sends a signal to whoever touches
/// a page that is gone, and a picture of what is left must not be written.
enum ShortenedInput {
    private static let text: StaticString =
        "tensor-media: error: an input became shorter while it was read, which ends the run; wait until the program that writes it is done\n"

    /// Begins to listen: from here on such a signal is one line and status 1, not a crash.
    static func listen() {
        // A handler must not be the first to touch a lazy value.
        _ = text.utf8CodeUnitCount
        signal(SIGBUS) { _ in
            _ = write(STDERR_FILENO, ShortenedInput.text.utf8Start, ShortenedInput.text.utf8CodeUnitCount)
            // Nothing is cleaned up, as nothing has to be: unfinished files have no name.
            _exit(ExitStatus.inputFailed.rawValue)
        }
    }
}
