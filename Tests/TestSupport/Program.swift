import Foundation

/// A program that is run to its end, with everything it wrote.
package struct Program: Sendable {
    /// The path of the executable.
    package var executable: String
    /// What follows the name on the command line.
    package var arguments: [String]
    /// What the program reads from its standard input.
    package var standardInput: [UInt8] = []
    /// Variables that are added to the environment of the test process; `nil` removes one.
    package var environment: [String: String?] = [:]
    /// The folder in which it runs; the one of the test process when left out.
    package var workingFolder: String?
    /// How long it may take, in seconds, before it is ended.
    package var timeout: Double = 60

    package init(_ executable: String, _ arguments: [String] = []) {
        self.executable = executable
        self.arguments = arguments
    }

    /// What came of a run.
    package struct Outcome: Sendable {
        /// The exit status, or 128 plus the number of the signal that ended the program, as a shell counts.
        package var status: Int32
        /// The bytes of the standard output.
        package var output: [UInt8]
        /// The text of the standard error.
        package var errorText: String

        /// The standard output as text.
        package var text: String { String(decoding: output, as: UTF8.self) }
        /// The standard output as lines, without the empty one at the end.
        package var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false).dropLast(1) }
    }

    /// Runs the program and waits for it.
    ///
    /// Input and output go through files rather than pipes: nothing can fill up and wait for the other side.
    /// - Throws: ``ProgramFailure`` when it cannot be started or takes too long. A status other than zero is not an error here.
    package func run() throws -> Outcome {
        let folder = try TemporaryFolder()
        let input = try folder.write(standardInput, to: "in")
        let output = try folder.write([], to: "out")
        let errors = try folder.write([], to: "err")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: executable)
        process.arguments = arguments
        if let workingFolder { process.currentDirectoryURL = URL(fileURLWithPath: workingFolder) }
        process.environment = environment.reduce(into: ProcessInfo.processInfo.environment) { all, entry in
            all[entry.key] = entry.value
        }
        process.standardInput = try FileHandle(forReadingFrom: URL(fileURLWithPath: input))
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: output))
        process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: errors))
        let ended = DispatchSemaphore(value: 0)
        process.terminationHandler = { _ in ended.signal() }
        do { try process.run() } catch { throw ProgramFailure("cannot run \(executable): \(error)") }
        guard ended.wait(timeout: .now() + timeout) == .success else {
            process.terminate()
            if ended.wait(timeout: .now() + 2) != .success { kill(process.processIdentifier, SIGKILL) }
            throw ProgramFailure("\(executable) took longer than \(timeout) s\n\(try readText(errors))")
        }
        let killed = process.terminationReason == .uncaughtSignal
        return Outcome(
            status: killed ? 128 + process.terminationStatus : process.terminationStatus,
            output: try readBytes(output), errorText: try readText(errors))
    }
}

/// A program of the tests could not be run or did not do its work.
package struct ProgramFailure: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
