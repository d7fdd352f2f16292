import Foundation
import ImageCoding
import MediaCore
import TestSupport
import Testing

@Suite("--show") struct ShowTests {
    /// A tool with a picture of a real tensor, and the variables of a terminal that says nothing about itself.
    private func tool() throws -> Tool {
        let tool = try Tool()
        try tool.copyFixture("tensors/photos/coffee-hwc-u8.npy", to: "coffee.npy")
        return tool
    }

    private func run(
        _ tool: Tool, _ arguments: [String], _ environment: [String: String?] = [:],
        through shell: [String] = [], answer: @escaping ([UInt8]) -> [UInt8]? = { _ in nil }
    ) throws -> PseudoTerminal.Outcome {
        let all = shell + [Tool.executable] + arguments
        var program = Program(all[0], Array(all.dropFirst()))
        program.workingFolder = tool.folder.path
        let named = [
            "KITTY_WINDOW_ID", "WEZTERM_PANE", "KONSOLE_VERSION", "TERM_PROGRAM", "LC_TERMINAL", "TMUX", "STY",
            "COLORTERM",
        ]
        program.environment = Dictionary(uniqueKeysWithValues: named.map { ($0, nil) })
        program.environment["TERM"] = "xterm-256color"
        program.environment.merge(environment) { $1 }
        var terminal = PseudoTerminal(program)
        terminal.answer = answer
        // The folder goes with the tool.
        return try withExtendedLifetime(tool) { try terminal.run() }
    }

    @Test("kitty is shown the picture that was written") func kitty() throws {
        let tool = try tool()
        let outcome = try run(
            tool, ["convert", "coffee.npy", "-o", "coffee.png", "--show"], ["KITTY_WINDOW_ID": "1"])
        #expect(outcome.status == 0)
        #expect(outcome.text.hasPrefix("coffee.npy → coffee.png: "))
        let file = try TerminalScreen.kitty(outcome.screen)
        let shown = try PNGDecoder().decode(file.span.bytes)
        let comparison = try PictureComparison(shown, try tool.picture("coffee.png"))
        #expect(comparison.isIdentical)
    }

    @Test("A terminal is asked for sixel; what it answers is neither shown nor left behind", arguments: [true, false])
    func asked(hasSixel: Bool) throws {
        let outcome = try run(try tool(), ["inspect", "--show", "coffee.npy"]) { written in
            guard String(decoding: written, as: UTF8.self).contains("\u{1B}[c") else { return nil }
            return Array((hasSixel ? "\u{1B}[?62;4;22c" : "\u{1B}[?62;22c").utf8)
        }
        #expect(outcome.status == 0)
        #expect(outcome.unread.isEmpty)
        #expect(!outcome.text.contains("?62;"))
        if hasSixel {
            #expect(try TerminalScreen.sixel(outcome.screen).picture.width == 192)
        } else {
            #expect(!outcome.text.contains("\u{1B}P"))
            #expect(outcome.text.contains("\u{1B}[38;5;") && outcome.text.contains("▀"))
        }
    }

    @Test("A terminal that does not answer is given blocks, soon") func silent() throws {
        let outcome = try run(try tool(), ["inspect", "--show", "coffee.npy"], ["COLORTERM": "truecolor"])
        #expect(outcome.status == 0)
        let lines = outcome.lines.filter { $0.contains("▀") }
        let picture = try TerminalScreen.blocks(
            lines.joined(separator: "\n").replacingOccurrences(of: "\u{1B}[c", with: ""))
        // Half of 24 lines, in the proportions of 192×128.
        #expect(picture.width == 36 && picture.height == 24)
    }

    @Test("What was typed before is not taken for an answer") func typed() throws {
        // The shell waits, so that there is something typed when the program begins.
        let shell = ["/bin/sh", "-c", "echo ready; sleep 1; exec \"$@\"", "sh"]
        let outcome = try run(try tool(), ["inspect", "--show", "coffee.npy"], through: shell) { written in
            String(decoding: written, as: UTF8.self).contains("ready") ? Array("typed\n".utf8) : nil
        }
        #expect(outcome.status == 0)
        #expect(outcome.unread == Array("typed\n".utf8))
        #expect(!outcome.text.contains("\u{1B}[c"))
    }

    @Test("In a pipe nothing is shown, and that is said; asked for blocks, they are written") func pipes() throws {
        let tool = try tool()
        let plain = try tool.run("inspect", "coffee.npy")
        let outcome = try tool.run("inspect", "--show", "coffee.npy", environment: ["KITTY_WINDOW_ID": "1"])
        #expect(outcome.output == plain.output)
        #expect(outcome.errorText.contains("standard output is no terminal"))
        let blocks = try tool.run("inspect", "--show=blocks", "coffee.npy", environment: ["COLORTERM": "truecolor"])
        #expect(blocks.text.hasPrefix(plain.text))
        let picture = try TerminalScreen.blocks(String(blocks.text.dropFirst(plain.text.count)))
        #expect(picture.width == 80 && picture.height == 54)
        #expect(blocks.errorText.isEmpty)
    }

    @Test("A dumb terminal is neither asked nor painted on") func dumb() throws {
        let outcome = try run(try tool(), ["inspect", "--show", "coffee.npy"], ["TERM": "dumb"])
        #expect(outcome.status == 0)
        #expect(!outcome.text.contains("\u{1B}") && outcome.text.contains("the terminal has no colours"))
    }

    @Test("Lines, pictures and the bar do not tear each other") func batch() throws {
        let tool = try tool()
        for i in 0..<40 { try tool.write(try Tool.ramp(96, 64, first: i), to: "in/\(i + 100).npy") }
        let outcome = try run(
            tool, ["convert", "in", "-o", "out", "--show=blocks", "--jobs", "2"], ["COLORTERM": "truecolor"])
        #expect(outcome.status == 0)
        // A chain of bars is erased before each piece of output.
        let cleared = outcome.lines.map { $0.replacing(/\r[^\r]*\u{1B}\[K/, with: "") }
        let lines = cleared.filter { !$0.isEmpty }
        try #require(lines.count == 40 * 13 + 1)
        let picture = try TerminalScreen.blocks(lines[1...12].joined(separator: "\n"))
        #expect(picture.width == 36 && picture.height == 24)
    }

    @Test("A way may follow as a word of its own, unless a file has that name") func words() throws {
        let tool = try tool()
        let joined = try tool.run("inspect", "coffee.npy", "--show=blocks")
        #expect(try tool.run("inspect", "--show", "blocks", "coffee.npy").output == joined.output)
        try tool.folder.write(try tool.folder.bytes("coffee.npy"), to: "kitty")
        let outcome = try tool.run("inspect", "--show", "kitty")
        #expect(outcome.status == 0)
        #expect(outcome.text.hasPrefix("kitty\n") && !outcome.text.contains("\u{1B}"))
        #expect(try tool.run("inspect", "--", "--show").errorText.contains("--show: there is no such file"))
    }

    @Test("compare shows both and their difference") func compare() throws {
        let tool = try tool()
        #expect(try tool.run("convert", "-q", "coffee.npy", "-o", "coffee.jpg").status == 0)
        let outcome = try tool.run(
            "compare", "coffee.npy", "coffee.jpg", "--show=blocks", environment: ["COLORTERM": "truecolor"])
        #expect(outcome.status == 0)
        let lines = outcome.text.split(separator: "\n").filter { $0.contains("▀") }
        #expect(try TerminalScreen.blocks(lines.joined(separator: "\n")).width == 80)
    }

    @Test(
        "Ways that are not known, and two that want standard output, are usage errors",
        arguments: [
            ["inspect", "coffee.npy", "--show=loud"], ["inspect", "coffee.npy", "--show", "--json"],
            ["convert", "coffee.npy", "-o", "-", "--show"],
            ["compare", "coffee.npy", "coffee.npy", "--json", "--show=kitty"],
        ])
    func refusals(arguments: [String]) throws {
        let outcome = try tool().run(arguments)
        #expect(outcome.status == 64)
        #expect(outcome.errorText.contains("--show"))
        #expect(outcome.output.isEmpty)
    }
}
