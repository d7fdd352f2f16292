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
    /// - Throws: an exit with status 74 when standard output is full; one with 141 when its reader went away, as if the
    ///   signal had ended the program.
    static func result(_ line: String) throws(ExitCode) {
        let failure = write(line.singleLine + "\n", to: STDOUT_FILENO)
        guard failure != 0 else { return }
        if failure == EPIPE { throw ExitStatus.pipeClosed }
        error(SystemFailure(number: failure).error(.writeFailed, "write", path: "standard output").description)
        throw ExitStatus.writeFailed
    }

    /// Says what went wrong.
    static func error(_ line: String) { note("error", color: "31", line) }

    /// Says what should be known.
    static func warning(_ line: String) { note("warning", color: "33", line) }

    /// Says something on standard error.
    static func note(_ line: String) { _ = write("tensor-media: \(line.singleLine)\n", to: STDERR_FILENO) }

    private static func note(_ label: String, color: String, _ line: String) {
        let shown = hasColors ? "\u{1B}[1;\(color)m\(label):\u{1B}[0m" : label + ":"
        _ = write("tensor-media: \(shown) \(line.singleLine)\n", to: STDERR_FILENO)
    }

    /// Colours are for terminals that know them and people who want them (no-color.org).
    private static let hasColors: Bool =
        isatty(STDERR_FILENO) == 1 && (variable("NO_COLOR") ?? "").isEmpty && variable("TERM") ?? "dumb" != "dumb"

    private static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

    /// Writes a text; gives back `errno`, or 0.
    private static func write(_ text: String, to descriptor: Int32) -> Int32 {
        let bytes = Array(text.utf8)
        var start = 0
        while start < bytes.count {
            let count = bytes[start...].withUnsafeBytes { writeBytes(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno != EINTR { return errno }
            start += max(0, count)
        }
        return 0
    }
}

/// The system's `write`, which a method of the same name hides.
private func writeBytes(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    write(descriptor, bytes, count)
}

/// A number and what it counts.
func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

/// A size for people: three digits and a unit of 1000.
func bytes(_ count: Int) -> String {
    guard count >= 1000 else { return "\(count) B" }
    var value = Double(count)
    var unit = 0
    let units = ["B", "kB", "MB", "GB", "TB"]
    while value >= 999.5, unit < units.count - 1 {
        value /= 1000
        unit += 1
    }
    let tenths = Int(value * 10 + 0.5)
    return (value < 99.95 ? "\(tenths / 10).\(tenths % 10)" : "\(Int(value + 0.5))") + " " + units[unit]
}
