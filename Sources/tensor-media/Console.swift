import ArgumentParser
import TensorMedia

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What the command line says, and where: results on standard output, everything else on standard error.
enum Console {
    /// Writes a line of results.
    ///
    /// - Throws: an exit with status 74 when standard output is gone or full; a closed pipe ends quietly.
    static func result(_ line: String) throws(ExitCode) { try write(line + "\n", to: STDOUT_FILENO) }

    /// Writes a line about something that went wrong or may have.
    static func note(_ line: String) { try? write("tensor-media: " + line.oneLine + "\n", to: STDERR_FILENO) }

    private static func write(_ text: String, to descriptor: Int32) throws(ExitCode) {
        let bytes = Array(text.utf8)
        var start = 0
        while start < bytes.count {
            let count = bytes[start...].withUnsafeBytes { writeBytes(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                throw errno == EPIPE ? ExitCode(141) : ExitStatus.writeFailed
            }
            start += count
        }
    }
}

/// The system's `write`, which a method of the same name hides.
private func writeBytes(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    write(descriptor, bytes, count)
}

/// The exit statuses, as in sysexits.h.
enum ExitStatus {
    /// An input failed.
    static let inputFailed = ExitCode(1)
    /// The command was used wrongly.
    static let usage = ExitCode(64)
    /// The output folder or file cannot be made.
    static let cannotCreate = ExitCode(73)
    /// The output cannot be written: disk full, closed.
    static let writeFailed = ExitCode(74)
    /// Ctrl-C.
    static let interrupted = ExitCode(130)
}

extension String {
    /// The text without line breaks and control characters.
    var oneLine: String {
        String(String.UnicodeScalarView(unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 }))
    }
}

/// Raised by Ctrl-C and by a polite request to end. A second Ctrl-C ends the process at once.
let interruption = CancellationFlag()

/// Makes Ctrl-C raise ``interruption``, so that no file is left half-written, and makes a closed pipe an error.
func catchInterruptions() {
    _ = interruption.isCancelled
    for number in [SIGINT, SIGTERM, SIGHUP] {
        signal(number) { number in
            interruption.cancel()
            signal(number, SIG_DFL)
        }
    }
    signal(SIGPIPE, SIG_IGN)
}
