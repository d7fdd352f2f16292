import Foundation
import ImageCoding
import TensorIO
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Whether tests may mount file systems in a name space of their own.
private let canMount: Bool = {
    guard geteuid() == 0 else { return false }
    var program = Program("/bin/sh", ["-c", "unshare -m sh -c 'mount -t tmpfs none /mnt'"])
    program.timeout = 10
    return (try? program.run())?.status == 0
}()

/// Starts a program while a signal does what it does by default: `swift test` switches some off, and programs inherit that.
private func listening(to number: Int32, _ start: () throws -> Void) rethrows {
    let before = signal(number, SIG_DFL)
    defer { signal(number, before) }
    try start()
}

/// Waits for a program that was told to end.
private func end(_ process: Process) throws {
    let deadline = Date().addingTimeInterval(30)
    while process.isRunning, Date() < deadline { usleep(5000) }
    guard !process.isRunning else {
        kill(process.processIdentifier, SIGKILL)
        throw ProgramFailure("the program did not end when it was told to")
    }
}

@Suite("What the machine does to a run") struct EnvironmentTests {
    @Test("Ctrl-C ends a run with status 130, whole files and nothing else", arguments: [SIGINT, SIGTERM])
    func interruption(number: Int32) throws {
        let tool = try Tool()
        try tool.write(try Tool.ramp(256, 256), to: "one.npy")
        try tool.folder.makeFolder("in")
        for index in 0..<1500 {
            try FileManager.default.createSymbolicLink(
                atPath: tool.folder.path("in/\(index).npy"), withDestinationPath: "../one.npy")
        }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Tool.executable)
        process.arguments = ["convert", "in", "-o", "out", "--preset", "smallest", "--quiet"]
        process.currentDirectoryURL = URL(fileURLWithPath: tool.folder.path)
        let errors = Pipe()
        process.standardError = errors
        try listening(to: number) { try process.run() }
        let deadline = Date().addingTimeInterval(60)
        while try tool.contents(of: "out").count < 3, Date() < deadline { usleep(2000) }
        kill(process.processIdentifier, number)
        try end(process)
        #expect(process.terminationReason == .exit)
        #expect(process.terminationStatus == 128 + number)
        let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        #expect(text == "tensor-media: interrupted; what was finished is in place\n")
        let written = try tool.contents(of: "out")
        #expect(written.count >= 3 && written.count < 1500)
        #expect(Set(written.values).count == 1)
        #expect(written.keys.allSatisfy { $0.hasSuffix(".png") })
    }

    @Test("Ctrl-C ends a run that waits for standard input") func interruptedWait() throws {
        let tool = try Tool()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Tool.executable)
        process.arguments = ["convert", "-", "-o", "out"]
        process.currentDirectoryURL = URL(fileURLWithPath: tool.folder.path)
        let input = Pipe()
        let errors = Pipe()
        process.standardInput = input
        process.standardError = errors
        try listening(to: SIGINT) { try process.run() }
        // Its output folder shows that it listens.
        while !FileManager.default.fileExists(atPath: tool.folder.path("out")), process.isRunning { usleep(2000) }
        kill(process.processIdentifier, SIGINT)
        try end(process)
        #expect(process.terminationReason == .exit)
        #expect(process.terminationStatus == 130)
        #expect(tool.folder.files().isEmpty)
        try input.fileHandleForWriting.close()
    }

    @Test("A reader that leaves ends the run quietly; a full output is said") func closedOutput() throws {
        let tool = try Tool()
        for index in 0..<200 { try tool.write(try Tool.ramp(3, 3), to: "in/\(index).npy") }
        let head = try tool.shell("(\"$tool\" convert in -o out; echo $? > status) | head -1")
        #expect(head.errorText.isEmpty)
        #expect(head.lines.count == 1)
        #expect(["141\n", "0\n"].contains(try readText(tool.folder.path("status"))))
        let written = try tool.contents(of: "out")
        #expect(written.keys.allSatisfy { $0.hasSuffix(".png") })
        // Nobody reads at all: the first line already fails.
        let closed = try tool.shell("(sleep 1; \"$tool\" convert in -o out2; echo $? > status) | true")
        #expect(closed.errorText.isEmpty)
        #expect(try readText(tool.folder.path("status")) == "141\n")
    }

    @Test(
        "A full standard output is status 74, for lines and for pictures",
        .enabled(if: FileManager.default.fileExists(atPath: "/dev/full")), arguments: ["-o out", "-o -"])
    func fullOutput(option: String) throws {
        let tool = try Tool()
        try tool.write(try Tool.ramp(3, 3), to: "a.npy")
        let outcome = try tool.shell("exec \"$tool\" convert a.npy \(option) > /dev/full")
        #expect(outcome.status == 74)
        #expect(
            outcome.errorText
                == "tensor-media: error: standard output: cannot write: the disk is full; free some space or write to another disk\n"
        )
    }

    @Test("A full disk ends the run with status 74, one line and whole files", .enabled(if: canMount))
    func fullDisk() throws {
        let tool = try Tool()
        for index in 0..<40 {
            var generator = SeededGenerator(seed: UInt64(index))
            try tool.write(try Tensor(generator.bytes(64 * 64), shape: [64, 64]), to: "in/\(index).npy")
        }
        try tool.folder.makeFolder("out")
        let outcome = try tool.shell(
            "exec unshare -m sh -c 'mount -t tmpfs -o size=64k none out && \"$tool\" convert in -o out --quiet; s=$?; cp -a out/. kept; exit $s'"
        )
        #expect(outcome.status == 74)
        #expect(outcome.errorLines.count == 1, "\(outcome.errorText)")
        #expect(outcome.errorText.contains("the disk is full; free some space or write to another disk"))
        let kept = try tool.contents(of: "kept")
        #expect(kept.count > 1 && kept.count < 40)
        for name in kept.keys { #expect(try tool.picture("kept/" + name).height == 64) }
    }

    @Test("A read-only folder is status 73", .enabled(if: canMount)) func readOnly() throws {
        let tool = try Tool()
        for index in 0..<20 { try tool.write(try Tool.ramp(3, 3), to: "in/\(index).npy") }
        try tool.folder.makeFolder("out")
        let outcome = try tool.shell(
            "exec unshare -m sh -c 'mount -t tmpfs -o ro none out && exec \"$tool\" convert in -o out'")
        #expect(outcome.status == 73)
        #expect(outcome.errorLines.count == 1, "\(outcome.errorText)")
        #expect(outcome.errorText.contains("the file system is read-only; write to another folder"))
    }

    @Test("Without FreeType the program works and doctor says so", .enabled(if: canMount)) func noFreeType() throws {
        let tool = try Tool()
        let found = try tool.shell("PATH=$PATH:/sbin:/usr/sbin ldconfig -p | grep -o '/.*libfreetype.so.6$' | head -1")
        let library = found.text.trimmingCharacters(in: .whitespacesAndNewlines)
        let hide = library.isEmpty ? "" : "mount --bind /dev/null $(readlink -f \(library)) && "
        let outcome = try tool.shell("exec unshare -m sh -c '\(hide)exec \"$tool\" doctor'")
        #expect(outcome.status == 0, "\(outcome.errorText)")
        #expect(outcome.text.contains("FreeType missing"))
    }

    @Test("Without libav GIF files are written, and videos are refused with the package", .enabled(if: canMount))
    func noLibav() throws {
        let tool = try Tool()
        try tool.write(try Tensor([UInt8](repeating: 7, count: 48), shape: [3, 4, 4]), to: "a.npy")
        let found = try tool.shell("PATH=$PATH:/sbin:/usr/sbin ldconfig -p | grep -o '/.*libavutil.so.57$' | head -1")
        let library = found.text.trimmingCharacters(in: .whitespacesAndNewlines)
        let hide = library.isEmpty ? "" : "mount --bind /dev/null $(readlink -f \(library)) && "
        func run(_ arguments: String) throws -> Program.Outcome {
            try tool.shell("exec unshare -m sh -c '\(hide)exec \"$tool\" \(arguments)'")
        }
        let doctor = try run("doctor")
        #expect(doctor.status == 0, "\(doctor.errorText)")
        #expect(doctor.text.contains("libav missing") && doctor.text.contains("apt-get install libavformat59"))
        #expect(try run("convert a.npy --layout thw -o a.gif").status == 0)
        let video = try run("convert a.npy --layout thw -o a.mp4")
        #expect(video.status == 1)
        #expect(video.errorLines.count == 1)
        #expect(video.errorText.contains("apt-get install libavformat59"), "\(video.errorText)")
        #expect(tool.folder.files() == ["a.gif", "a.npy"])
    }

    @Test("A file in place of the folder, and a missing folder of a single file, are status 73") func noFolder() throws
    {
        let tool = try Tool()
        try tool.write(try Tool.ramp(3, 3), to: "a.npy")
        try tool.folder.write("x", to: "file")
        for output in ["file", "file/below", "none/x.png", "file/x.png"] {
            let outcome = try tool.run("convert", "a.npy", "-o", output)
            #expect(outcome.status == 73, "\(output): \(outcome.errorText)")
            #expect(outcome.errorLines.count == 1)
            #expect(outcome.output.isEmpty)
        }
        #expect(tool.folder.files() == ["a.npy", "file"])
    }

    @Test("An input that is gone when its turn comes fails alone") func vanished() throws {
        let tool = try Tool()
        try tool.write(try Tool.ramp(3, 3), to: "in/a.npy")
        try FileManager.default.createSymbolicLink(
            atPath: tool.folder.path("in/gone.npy"), withDestinationPath: "nowhere.npy")
        let outcome = try tool.run("convert", "in", "-o", "out")
        #expect(outcome.status == 1)
        #expect(outcome.errorText.hasPrefix("tensor-media: error: in/gone.npy: there is no such file"))
        #expect(try tool.contents(of: "out").count == 1)
    }

    #if os(Linux)
        @Test("An input that is cut short while it is mapped ends the run with a line, and leaves what was finished")
        func cutShort() throws {
            let tool = try Tool()
            try tool.write(Tool.ramp(9, 9), to: "in/a.npy")
            // Two gigabytes of nothing, which take a while to look at.
            let header = "{'descr': '<f8', 'fortran_order': False, 'shape': (16384, 16384), }"
            let padded = header + String(repeating: " ", count: 117 - header.utf8.count) + "\n"
            let path = try tool.folder.write(
                [0x93] + Array("NUMPY\u{1}\u{0}v\u{0}".utf8) + Array(padded.utf8), to: "in/b.npy")
            #expect(truncate(path, 128 + 8 << 28) == 0)
            let process = Process()
            process.executableURL = URL(fileURLWithPath: Tool.executable)
            process.arguments = ["convert", "in", "-o", "out", "--jobs", "1", "-q"]
            process.currentDirectoryURL = URL(fileURLWithPath: tool.folder.path)
            let errors = Pipe()
            process.standardError = errors
            try process.run()
            let maps = "/proc/\(process.processIdentifier)/maps"
            while process.isRunning, (try? readText(maps))?.contains(path) != true { usleep(1000) }
            #expect(truncate(path, 4096) == 0)
            process.waitUntilExit()
            #expect(process.terminationReason == .exit && process.terminationStatus == 1)
            let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            #expect(text.hasPrefix("tensor-media: error: an input became shorter while it was read"))
            #expect(text.split(separator: "\n").count == 1)
            #expect(try Set(tool.contents(of: "out").keys) == ["a.png"])
        }
    #endif

    @Test("Two thousand inputs are converted, each once and in order") func many() throws {
        let tool = try Tool()
        let bytes = try Tool.npy(try Tool.ramp(4, 4))
        for index in 0..<2000 { try tool.folder.write(bytes, to: "in/\(index % 10)/\(10000 + index).npy") }
        let outcome = try tool.run("convert", "in", "-o", "out")
        #expect(outcome.status == 0)
        #expect(outcome.lines.last == "2000 pictures written to out from 2000 inputs")
        let names = outcome.lines.dropLast().map { $0.prefix { $0 != " " } }
        #expect(names == names.sorted())
        #expect(try tool.contents(of: "out").count == 2000)
    }
}
