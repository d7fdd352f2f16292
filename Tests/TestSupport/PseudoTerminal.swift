import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A program that runs on a terminal of its own, and everything it wrote there.
package struct PseudoTerminal {
    /// The program: its environment and folder hold; its standard input is the terminal.
    package var program: Program
    /// The size in characters.
    package var columns = 80, rows = 24
    /// The size in pixels; 0 is unknown.
    package var width = 0, height = 0
    /// What the terminal answers to what the program wrote so far, once; `nil` to go on waiting.
    package var answer: ([UInt8]) -> [UInt8]? = { _ in nil }
    /// Whether standard output goes to a file instead, whose bytes are ``Outcome/output``.
    package var redirectsOutput = false

    package init(_ program: Program) { self.program = program }

    /// What came of a run.
    package struct Outcome {
        /// The exit status, or 128 plus the number of the signal.
        package var status: Int32
        /// What the terminal received; line ends are the terminal's, CR LF.
        package var screen: [UInt8]
        /// What went to a file instead.
        package var output: [UInt8]
        /// What the program left unread of its input.
        package var unread: [UInt8]

        /// What the terminal received, as text.
        package var text: String { String(decoding: screen, as: UTF8.self) }
        /// The lines, without their ends.
        package var lines: [String] { text.replacingOccurrences(of: "\r\n", with: "\n").components(separatedBy: "\n") }
    }

    /// Runs the program to its end.
    package func run() throws -> Outcome {
        var master: Int32 = 0, slave: Int32 = 0
        var size = winsize(
            ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: UInt16(width), ws_ypixel: UInt16(height))
        guard openpty(&master, &slave, nil, nil, &size) == 0 else { throw ProgramFailure("openpty failed: \(errno)") }
        _ = fcntl(master, F_SETFD, FD_CLOEXEC)
        let folder = try TemporaryFolder()
        let file = try folder.write([], to: "out")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program.executable)
        process.arguments = program.arguments
        if let workingFolder = program.workingFolder {
            process.currentDirectoryURL = URL(fileURLWithPath: workingFolder)
        }
        process.environment = program.environment.reduce(into: ProcessInfo.processInfo.environment) { all, entry in
            all[entry.key] = entry.value
        }
        let terminal = FileHandle(fileDescriptor: slave, closeOnDealloc: false)
        process.standardInput = terminal
        process.standardError = terminal
        process.standardOutput = redirectsOutput ? try FileHandle(forWritingTo: URL(fileURLWithPath: file)) : terminal
        do { try process.run() } catch { throw ProgramFailure("cannot run \(program.executable): \(error)") }
        let (screen, isInTime) = read(master, while: process)
        guard isInTime else {
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            throw ProgramFailure("\(program.executable) took longer than \(program.timeout) s")
        }
        process.waitUntilExit()
        // What the program did not read is still in the terminal's queue.
        var count: Int32 = 0
        var attributes = termios()
        tcgetattr(slave, &attributes)
        attributes.c_lflag &= ~tcflag_t(ICANON)
        tcsetattr(slave, TCSANOW, &attributes)
        var unread: [UInt8] = []
        if ioctl(slave, UInt(FIONREAD), &count) == 0, count > 0 {
            unread = [UInt8](repeating: 0, count: Int(count))
            let got = unread.withUnsafeMutableBytes { readBytes(from: slave, $0.baseAddress, $0.count) }
            unread.removeLast(unread.count - max(0, got))
        }
        close(slave)
        close(master)
        let killed = process.terminationReason == .uncaughtSignal
        return Outcome(
            status: killed ? 128 + process.terminationStatus : process.terminationStatus, screen: screen,
            output: try readBytes(file), unread: unread)
    }

    /// Reads what the terminal receives until the program ends and nothing is left.
    private func read(_ master: Int32, while process: Process) -> (screen: [UInt8], isInTime: Bool) {
        var screen: [UInt8] = []
        var answered = false
        let end = Date(timeIntervalSinceNow: program.timeout)
        var block = [UInt8](repeating: 0, count: 65536)
        while Date() < end {
            var wait = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
            let wasRunning = process.isRunning
            guard poll(&wait, 1, 20) > 0 else {
                if wasRunning { continue }
                return (screen, true)
            }
            let count = block.withUnsafeMutableBytes { readBytes(from: master, $0.baseAddress, $0.count) }
            guard count > 0 else { return (screen, true) }
            screen += block[0..<count]
            if !answered, let bytes = answer(screen) {
                answered = true
                _ = bytes.withUnsafeBytes { write(master, $0.baseAddress, $0.count) }
            }
        }
        return (screen, false)
    }
}

/// The system's `read`, which a method of the same name hides.
private func readBytes(from descriptor: Int32, _ bytes: UnsafeMutableRawPointer?, _ count: Int) -> Int {
    read(descriptor, bytes, count)
}
