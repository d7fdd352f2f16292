import Foundation
import MediaCore
import TestSupport
import Testing

@Suite("Hostile names") struct HostileNameTests {
    @Test("Line breaks and escape sequences in names are shown as escapes, on both streams") func control() throws {
        let tool = try Tool()
        try tool.write(try Tool.ramp(3, 3), to: "in/a\nb\u{1B}[31m.npy")
        try tool.folder.write("x", to: "in/c\u{9B}d\r.npy")
        let outcome = try tool.run("convert", "in", "-o", "out")
        #expect(outcome.status == 1)
        #expect(outcome.text.hasPrefix("in/a\\nb\\u{1b}[31m.npy → out/a\\nb\\u{1b}[31m.png: "))
        #expect(outcome.errorText.hasPrefix("tensor-media: error: in/c\\u{9b}d\\r.npy"))
        for byte in outcome.output + Array(outcome.errorText.utf8) { #expect(byte >= 0x20 || byte == 0x0A) }
        #expect(try tool.contents(of: "out").keys.sorted() == ["a\nb\u{1B}[31m.png"])
    }

    @Test("What turns the order of letters or breaks lines in Unicode is shown as an escape; letters stay as they are")
    func directions() throws {
        let tool = try Tool()
        let names = ["a\u{202E}gnp", "b\u{2066}", "c\u{2028}d", "é\u{200D}😀", "שלום"]
        for name in names { try tool.write(try Tool.ramp(3, 3), to: "in/\(name).npy") }
        let outcome = try tool.run("convert", "in", "-o", "out")
        #expect(outcome.status == 0)
        let shown = outcome.lines.dropLast().map { $0.prefix { $0 != " " } }
        #expect(
            shown == ["a\\u{202e}gnp", "b\\u{2066}", "c\\u{2028}d", "é\u{200D}😀", "שלום"].map { "in/\($0).npy" })
        #expect(try Set(tool.contents(of: "out").keys) == Set(names.map { $0 + ".png" }))
    }

    @Test("Names that begin with dashes come after --, and in folders need nothing") func dashes() throws {
        let tool = try Tool()
        try tool.write(try Tool.ramp(3, 3), to: "--strict.npy")
        try tool.write(try Tool.ramp(3, 3), to: "in/-o.npy")
        #expect(try tool.run("convert", "-o", "out", "--", "--strict.npy", "in").status == 0)
        #expect(try tool.contents(of: "out").keys.sorted() == ["--strict.png", "-o.png"])
    }

    @Test("A name that is not UTF-8 is a failure that says so, and stops nothing") func notUTF8() throws {
        let tool = try Tool()
        try tool.write(try Tool.ramp(3, 3), to: "in/a.npy")
        let outcome = try tool.shell("cp in/a.npy \"in/$(printf 'b\\377').npy\" && exec \"$tool\" convert in -o out")
        #expect(outcome.status == 1)
        #expect(
            outcome.errorText
                == "tensor-media: error: in/b\u{FFFD}.npy: the name is not UTF-8, so the file cannot be opened; rename it\n"
        )
        #expect(try tool.contents(of: "out").keys.sorted() == ["a.png"])
    }

    @Test("No name of a member leads out of the folder or into a hidden, absolute or endless one") func members() throws
    {
        let tool = try Tool()
        let names: [[UInt8]] = [
            Array("../../x.npy".utf8), Array("/abs.npy".utf8), Array("a\0b.npy".utf8), Array("..npy".utf8),
            Array("C:\\x.npy".utf8), Array("a/../../y.npy".utf8), Array("n\nl\u{1B}[2J.npy".utf8),
            [UInt8](repeating: UInt8(ascii: "l"), count: 3000) + Array(".npy".utf8), [0xFF, 0xFE] + Array(".npy".utf8),
            Array("dup.npy".utf8), Array("dup.npy".utf8),
        ]
        try tool.writeArchive(names.map { ($0, try Tool.ramp(2, 2)) }, to: "deep/er/m.npz")
        let outcome = try tool.run("convert", "deep/er/m.npz", "-o", "deep/er/out")
        #expect(outcome.status == 0 || outcome.status == 1)
        for byte in outcome.output + Array(outcome.errorText.utf8) { #expect(byte >= 0x20 || byte == 0x0A) }
        for file in tool.folder.files() where file != "deep/er/m.npz" {
            #expect(file.hasPrefix("deep/er/out/m/"), "\(file)")
        }
        #expect(!FileManager.default.fileExists(atPath: "/abs.png"))
    }

    @Test("The same of safetensors, whose names are free text") func safetensors() throws {
        let tool = try Tool()
        let names = ["../../x", "/abs", "a\\u0000b", ".", "..", "", "con", "a/b", String(repeating: "l", count: 3000)]
        let members = names.enumerated().map { index, name in
            "\"\(name)\":{\"dtype\":\"U8\",\"shape\":[2,2],\"data_offsets\":[\(4 * index),\(4 * index + 4)]}"
        }
        let header = Array("{\(members.joined(separator: ","))}".utf8)
        let length = (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
        try tool.folder.write(
            length + header + [UInt8](repeating: 7, count: 4 * names.count), to: "in/er/m.safetensors")
        let outcome = try tool.run("convert", "in/er/m.safetensors", "-o", "in/er/out")
        #expect(outcome.status == 1)
        #expect(outcome.errorLines.count == 1)
        #expect(outcome.errorText.contains("lll…: key: the key has 3000 bytes"))
        let files = tool.folder.files().filter { $0 != "in/er/m.safetensors" }
        #expect(files.count == names.count - 1)
        // The tensor without a name takes the file's own.
        #expect(files.allSatisfy { $0.hasPrefix("in/er/out/m/") || $0 == "in/er/out/m.png" }, "\(files)")
    }

    @Test("Names of the longest length that a file can have are converted, or fail alone") func longNames() throws {
        let tool = try Tool()
        let longest = String(repeating: "n", count: 251)
        try tool.write(try Tool.ramp(2, 2), to: longest + ".npy")
        try tool.write(try Tool.batch(2), to: String(repeating: "b", count: 251) + ".npy")
        let outcome = try tool.run("convert", ".", "-o", "out")
        #expect(outcome.status == 1)
        #expect(outcome.errorLines.count == 3)
        #expect(outcome.errorText.contains("cannot create the file: the name is too long; use a shorter name"))
        #expect(try tool.contents(of: "out").keys.sorted() == [longest + ".png"])
    }
}
