import ArgumentParser
import TensorMedia

/// The exit statuses, as in sysexits.h.
enum ExitStatus {
    /// An input failed.
    static let inputFailed = ExitCode(1)
    /// The command was used wrongly.
    static let usage = ExitCode(64)
    /// Two files cannot be read or compared.
    static let cannotCompare = ExitCode(65)
    /// The output folder or file cannot be made.
    static let cannotCreate = ExitCode(73)
    /// The output cannot be written: disk full, closed.
    static let writeFailed = ExitCode(74)
    /// The reader of standard output went away: 128 and the number of the signal that says so.
    static let pipeClosed = ExitCode(141)

    /// The status for an output that cannot be written at all.
    static func of(_ error: MediaError) -> ExitCode {
        if error.systemFailure?.isClosedPipe == true { return pipeClosed }
        return error.code == .createFailed || error.code == .nameCollision ? cannotCreate : writeFailed
    }
}

/// Makes a wrong option a usage error: one line and exit status 64.
func usage<Result>(_ body: () throws(MediaError) -> Result) throws -> Result {
    do throws(MediaError) {
        return try body()
    } catch {
        Console.error(error.onCommandLine.description)
        throw ExitStatus.usage
    }
}
