import Foundation
import MediaCore
import TensorIO
import TestSupport
import Testing

@Suite("Progress of convert") struct ProgressTests {
    /// A tool with enough inputs for several looks at the bar, and one broken one.
    private func inputs(_ count: Int = 150) throws -> Tool {
        let tool = try Tool()
        for i in 0..<count { try tool.write(try Tool.ramp(256, 256, first: i), to: "in/a\(1000 + i).npy") }
        try tool.folder.write("no tensor", to: "in/b.npy")
        return tool
    }

    /// Runs `convert` on a terminal. Its last input, standard input, comes after half a second: there is time to look at the bar.
    ///
    /// - Parameter output: a file that is waited for before that, for a minute at most.
    private func onTerminal(
        _ tool: Tool, _ arguments: [String], columns: Int = 80, environment: [String: String?] = [:],
        redirectsOutput: Bool = false, after output: String? = nil
    ) throws -> PseudoTerminal.Outcome {
        let wait = output.map {
            "n=0; until [ -e '\($0)' ] || [ $n = 600 ]; do sleep 0.1; n=$((n + 1)); done; sleep 1; "
        }
        let line = "(\(wait ?? "")sleep 0.5; cat in/a1000.npy) | \"$tool\" convert \"$@\""
        var program = Program("/bin/sh", ["-c", line, "sh"] + arguments)
        program.workingFolder = tool.folder.path
        program.environment = ["TERM": "xterm-256color", "NO_COLOR": nil, "tool": Tool.executable].merging(environment)
        { $1 }
        var terminal = PseudoTerminal(program)
        terminal.columns = columns
        terminal.redirectsOutput = redirectsOutput
        // The folder goes with the tool.
        return try withExtendedLifetime(tool) { try terminal.run() }
    }

    @Test("On a terminal a bar is drawn in place, erased at the end, and tears no line", arguments: [40, 80, 120])
    func bar(columns: Int) throws {
        let tool = try inputs()
        let outcome = try onTerminal(tool, ["in", "-", "-o", "out", "--jobs", "2"], columns: columns)
        #expect(outcome.status == 1)
        var screen = Screen(columns: columns)
        screen.write(outcome.text)
        #expect(screen.overflowed.isEmpty, "a bar wider than the terminal")
        #expect(screen.bars.count > 1)
        #expect(screen.bars.allSatisfy { $0.contains("%") })
        // What stays is what a pipe would hold, line by line.
        let piped = try tool.run(
            "convert", "in", "-", "-o", "out2", "--jobs", "2", input: try tool.folder.bytes("in/a1000.npy"))
        let expected = piped.lines.map { String($0).replacingOccurrences(of: "out2", with: "out") }
        #expect(screen.lines.filter { !$0.hasPrefix("tensor-media:") } == expected)
        #expect(screen.lines.filter { $0.hasPrefix("tensor-media:") }.count == 1)
        #expect(screen.last.isEmpty, "the bar is still there")
    }

    @Test("With standard output in a file the lines go there as they come, and the bar is alone on the terminal")
    func redirected() throws {
        let tool = try inputs()
        let outcome = try onTerminal(tool, ["in", "-", "-o", "out", "--jobs", "2"], redirectsOutput: true)
        #expect(outcome.output.split(separator: UInt8(ascii: "\n")).count == 152)
        var screen = Screen(columns: 80)
        screen.write(outcome.text)
        #expect(screen.bars.count > 1)
        #expect(screen.lines.count == 1 && screen.lines[0].hasPrefix("tensor-media:"))
        #expect(screen.last.isEmpty)
    }

    @Test("Failures in the bar are red, unless colours are not wanted", arguments: [false, true])
    func colors(noColor: Bool) throws {
        // Standard input is waited for after the failure, so a bar shows it, however slow the machine is.
        let outcome = try onTerminal(
            try inputs(9), ["in", "-", "-o", "out", "--jobs", "1"], environment: ["NO_COLOR": noColor ? "1" : nil],
            after: "out/a1008.png")
        #expect(outcome.text.contains(noColor ? "  1 failed  " : "\u{1B}[31m1 failed\u{1B}[0m"))
        #expect(outcome.text.contains("\u{1B}[31m") != noColor)
    }

    @Test("No bar where it was not asked for, for dumb terminals, for one picture, and under --quiet")
    func none() throws {
        let tool = try inputs(9)
        for (arguments, environment) in [
            (["in", "-", "-o", "out", "--progress", "none"], [:]), (["in", "-", "-o", "out", "-q"], [:]),
            (["in", "-", "-o", "out"], ["TERM": "dumb"]), (["-", "-o", "a.png"], [:]),
        ] as [([String], [String: String?])] {
            let outcome = try onTerminal(tool, arguments, environment: environment)
            #expect(!outcome.text.contains("%") && !outcome.text.contains("\u{1B}[K"), "\(arguments)")
        }
    }

    @Test("In a pipe a short run says nothing; asked for plain lines, it says what it did") func pipe() throws {
        let tool = try inputs(5)
        #expect(try tool.run("convert", "in", "-o", "out").errorLines.count == 1)
        let outcome = try tool.run("convert", "in", "-o", "out", "--progress", "plain")
        let pattern = /tensor-media: 6 of 6 inputs, 100 %, 1 failed, [0-9.]+ k?B written, [0-9.]+\/s/
        #expect(outcome.errorLines.first?.wholeMatch(of: pattern) != nil, "\(outcome.errorText)")
        #expect(
            try tool.run("convert", "in", "-o", "out", "--progress", "bar").errorLines.first?.contains("100 %") == true)
    }

    @Test("For programs standard error is JSON from the first line to the last") func json() throws {
        let tool = try inputs(20)
        let outcome = try tool.run("convert", "in", "-o", "out", "--progress", "json")
        #expect(outcome.status == 1)
        try check(outcome.errorLines.map(String.init), tool)
        #expect(outcome.lines.count == 21)
        let other = try tool.shell("\"$tool\" convert in -o out -q --progress json:3 3>events 2>errors")
        #expect(other.status == 1)
        try check(try readText(tool.folder.path("events")).split(separator: "\n").map(String.init), tool)
        #expect(try readText(tool.folder.path("errors")).hasPrefix("tensor-media: error: in/b.npy"))
    }

    private func check(_ lines: [String], _ tool: Tool) throws {
        let events = try lines.map { try JSONReader.parse(Array($0.utf8).span.bytes, limits: .default) }
        #expect(events.first?["event"] == "begin" && events.first?["total"] == 21)
        let outputs = events.filter { $0["event"] == "output" }
        #expect(outputs.count == 20)
        #expect(outputs.first?["input"] == "in/a1000.npy" && outputs.first?["path"] == "a1000.png")
        let failures = events.filter { $0["event"] == "failure" }
        #expect(failures.map { $0["error"]?["code"] } == ["format.unrecognized"])
        let end = try #require(events.last)
        #expect(end["event"] == "end" && end["status"] == 1 && end["outputs"] == 20)
        #expect(end["done"] == 21 && end["total"] == 21 && end["failed"] == 1 && end["eta"]?.double == 0)
        let written = try tool.contents(of: "out").values.reduce(0) { $0 + $1.count }
        #expect(end["bytes"]?.integer == Int64(written))
    }

    @Test("A reader of the events that leaves does not stop the run") func gone() throws {
        let tool = try inputs(20)
        let outcome = try tool.shell("{ \"$tool\" convert in -o out -q --progress json:3 3>&1 >&4 | true; } 4>&1")
        #expect(outcome.status == 0)
        #expect(try tool.contents(of: "out").count == 20)
    }

    @Test("Wrong styles are usage errors", arguments: ["json:99", "json:x", "loud", ""])
    func wrong(style: String) throws {
        let outcome = try inputs(1).run("convert", "in", "-o", "out", "--progress", style)
        #expect(outcome.status == 64)
        #expect(outcome.errorText.contains("--progress"))
    }
}

/// As much of a terminal as a bar needs: carriage return, line feed, erase to the end of the line, colours.
private struct Screen {
    let columns: Int
    /// The lines that were finished.
    var lines: [String] = []
    /// The line with the cursor.
    var last = ""
    /// What stood in a line that was erased or written over.
    var bars: [String] = []
    /// Bars that did not fit.
    var overflowed: [String] = []
    private var column = 0

    init(columns: Int) { self.columns = columns }

    /// Notes the line that is about to go.
    private mutating func note() {
        guard !last.isEmpty else { return }
        bars.append(last)
        if last.unicodeScalars.count >= columns { overflowed.append(last) }
    }

    mutating func write(_ text: String) {
        var scalars = Array(text.unicodeScalars)[...]
        while let scalar = scalars.popFirst() {
            switch scalar {
            case "\r": column = 0
            case "\n":
                lines.append(last)
                (last, column) = ("", 0)
            case "\u{1B}":
                guard let end = scalars.firstIndex(where: { ("@"..."~").contains($0) && $0 != "[" }) else { return }
                if scalars[end] == "K", column == 0 { note() }
                if scalars[end] == "K" { last = String(last.unicodeScalars.prefix(column)) }
                scalars = scalars[(end + 1)...]
            default:
                if column == 0 { note() }
                var line = Array(last.unicodeScalars)
                if column < line.count { line[column] = scalar } else { line.append(scalar) }
                last = String(String.UnicodeScalarView(line))
                column += 1
            }
        }
    }
}
