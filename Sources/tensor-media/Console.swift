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

    /// Writes a picture of escapes, as it is. That it cannot be written is no reason to stop.
    static func picture(_ text: String) { _ = write(text, to: STDOUT_FILENO) }

    /// Says what went wrong.
    static func error(_ line: String) { note("error", color: "31", line) }

    /// Says why something failed: all findings of a validation, a line for each, up to twenty.
    static func failure(_ failure: MediaError) {
        let findings = failure.report?.findings.filter { $0.severity == .error } ?? []
        guard findings.count > 1, let report = failure.report else { return error(failure.onCommandLine.description) }
        for finding in findings.prefix(20) {
            let finding = finding.onCommandLine
            var line = failure
            (line.message, line.hint) = (finding.message, finding.hint)
            line.location.field = finding.path.isEmpty ? nil : finding.path
            error(line.description)
        }
        let rest = report.counts[.error, default: 0] - min(findings.count, 20)
        if rest > 0 { error("\(failure.location): \(count(rest, "error")) more") }
    }

    /// Says what should be known.
    static func warning(_ line: String) { note("warning", color: "33", line) }

    /// Says something on standard error.
    static func note(_ line: String) {
        if tellProgram("note", line) { return }
        _ = write("tensor-media: \(line.singleLine)\n", to: STDERR_FILENO)
    }

    private static func note(_ label: String, color: String, _ line: String) {
        if tellProgram(label, line) { return }
        let shown = hasColors ? "\u{1B}[1;\(color)m\(label):\u{1B}[0m" : label + ":"
        _ = write("tensor-media: \(shown) \(line.singleLine)\n", to: STDERR_FILENO)
    }

    /// Says it as JSON where a program reads standard error.
    private static func tellProgram(_ level: String, _ line: String) -> Bool {
        guard let display = display.withLock(\.self), display.ownsStandardError else { return false }
        display.send(.message(level: level, text: line))
        return true
    }

    /// Colours are for terminals that know them and people who want them.
    private static let hasColors: Bool = Terminal.isTerminal(STDERR_FILENO) && Terminal.hasColors

    /// The progress that is shown meanwhile.
    private static let display = Mutex<ProgressDisplay?>(nil)

    /// Lets lines stand clear of the progress from now on; `nil` when it is over.
    static func stepAside(for display: ProgressDisplay?) { self.display.withLock { $0 = display } }

    /// Writes a text; gives back `errno`, or 0.
    private static func write(_ text: String, to descriptor: Int32) -> Int32 {
        let display = display.withLock(\.self)
        return display?.write(text, to: descriptor) ?? Terminal.write(text, to: descriptor)
    }
}

/// A number and what it counts.
func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

/// A size for people: three digits and a unit of 1000.
func bytes(_ count: Int) -> String { ProgressText.size(count) }
