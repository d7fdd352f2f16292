import Foundation
import ImageCoding
import MediaCore
import TensorIO
import TestSupport
import Testing

@Suite("convert: manifest, resume, shards")
struct BatchTests {
    /// A folder `in` of small tensors in several folders, batches and archives among them.
    private static func tool(inputs: Int) throws -> Tool {
        let tool = try Tool()
        for index in 0..<inputs {
            let name = "in/\(index % 7)/t\(index)"
            switch index % 10 {
            case 3: try tool.write(Tool.batch(3), to: name + ".npy")
            case 7:
                let members = try (0..<2).map { (name: Array("m\($0).npy".utf8), tensor: try Tool.ramp(9, 8 + $0)) }
                try FileManager.default.createDirectory(
                    atPath: tool.folder.path("in/\(index % 7)"), withIntermediateDirectories: true)
                try tool.writeArchive(members, to: name + ".npz")
            default: try tool.write(Tool.ramp(40 + index % 13, 30, first: index), to: name + ".npy")
            }
        }
        return tool
    }

    private func records(_ tool: Tool, _ name: String) throws -> [JSONValue] {
        try tool.folder.bytes(name).split(separator: UInt8(ascii: "\n")).map { line in
            let text = String(decoding: line, as: UTF8.self)
            return try JSONReader.parse(text)
        }
    }

    @Test("the manifest has a line per output, in the order of the inputs, with digests as other programs compute them")
    func manifest() throws {
        let tool = try Self.tool(inputs: 24)
        try tool.write(Tensor([Float](repeating: .nan, count: 12), shape: [3, 4]), to: "in/x.npy")
        let result = try tool.run("convert", "in", "-o", "out", "--manifest", "out.jsonl", "--jobs", "3", "-q")
        #expect(result.status == 0)
        let records = try records(tool, "out.jsonl")
        let files = try tool.contents(of: "out")
        #expect(records.count == files.count)
        #expect(Set(records.compactMap { $0["path"]?.string }) == Set(files.keys))
        let sources = records.compactMap { $0["source"]?["path"]?.string }
        #expect(sources == sources.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
        let sums = try tool.shell("cd out && sha256sum $(find . -type f) && md5sum $(find . -type f)")
        for record in records {
            let path = try #require(record["path"]?.string)
            let bytes = try #require(files[path])
            #expect(record["size"]?.integer == Int64(bytes.count))
            #expect(sums.text.contains("\(try #require(record["sha256"]?.string))  ./\(path)\n"))
            #expect(sums.text.contains("\(try #require(record["md5"]?.string))  ./\(path)\n"))
            #expect(record["crc32c"]?.string == Self.crc32c(bytes))
            #expect(record["media_type"]?.string == "image/png")
            let picture = try tool.picture("out/" + path)
            #expect(record["width"]?.integer == Int64(picture.width))
            #expect(record["height"]?.integer == Int64(picture.height))
        }
        let lossy = try #require(records.first { $0["source"]?["path"]?.string == "in/x.npy" })
        #expect(lossy["facts"]?["not_finite"]?.integer == 12)
        #expect(lossy["findings"]?.array?.isEmpty == false)
    }

    /// CRC-32C bit by bit (polynomial 0x1EDC6F41, reflected).
    private static func crc32c(_ bytes: [UInt8]) -> String {
        var crc = UInt32.max
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? 0x82F6_3B78 ^ crc >> 1 : crc >> 1 }
        }
        return String(format: "%08x", ~crc)
    }

    @Test("resuming does again what changed, and nothing else")
    func resume() throws {
        let tool = try Self.tool(inputs: 20)
        #expect(try tool.run("convert", "in", "-o", "out", "--resume").status == 0)
        let first = try tool.contents(of: "out")
        #expect(first[".tensor-media.jsonl"] != nil)
        func inode(_ name: String) throws -> Int {
            try #require(
                FileManager.default.attributesOfItem(atPath: tool.folder.path(name))[.systemFileNumber] as? Int)
        }
        let untouched = try inode("out/1/t1.png")

        let again = try tool.run("convert", "in", "-o", "out", "--resume")
        #expect(again.text == "0 pictures written to out from 20 inputs, \(first.count - 1) kept from an earlier run\n")
        #expect(try tool.contents(of: "out") == first)

        try tool.write(Tool.ramp(5, 5), to: "in/2/t2.npy")
        try FileManager.default.removeItem(atPath: tool.folder.path("out/3/t3_000001.png"))
        try tool.folder.write([1, 2, 3], to: "out/4/t4.png")
        let changed = try tool.run("convert", "in", "-o", "out", "--resume")
        #expect(
            changed.lines.dropLast().map { String($0.prefix { $0 != " " }) }
                == ["in/2/t2.npy", "in/3/t3.npy", "in/3/t3.npy", "in/3/t3.npy", "in/4/t4.npy"])
        #expect(try inode("out/1/t1.png") == untouched)
        #expect(try tool.picture("out/2/t2.png").width == 5)
        #expect(try tool.contents(of: "out")["3/t3_000001.png"] == first["3/t3_000001.png"])

        let other = try tool.run("convert", "in", "-o", "out", "--resume", "--preset", "smallest")
        #expect(other.lines.last?.contains("kept") == false)
    }

    @Test("a torn journal costs the torn line; an abandoned file goes, one that somebody writes stays")
    func tornJournal() throws {
        let tool = try Self.tool(inputs: 12)
        #expect(try tool.run("convert", "in", "-o", "out", "--resume", "-q").status == 0)
        let whole = try tool.contents(of: "out")
        var lines = try tool.folder.bytes("out/.tensor-media.jsonl")
        lines.removeLast(40)
        try FileManager.default.removeItem(atPath: tool.folder.path("out/.tensor-media.jsonl"))
        try tool.folder.write(lines, to: "out/.tensor-media.jsonl.journal")
        try tool.folder.write([9], to: "out/1/.tensor-media-12ab34cd")
        try tool.folder.write([9], to: "out/1/.tensor-media-notes")
        let busy = open(try tool.folder.write([9], to: "out/2/.tensor-media-77"), O_RDONLY)
        defer { close(busy) }
        #expect(flock(busy, LOCK_EX | LOCK_NB) == 0)
        let result = try tool.run("convert", "in", "-o", "out", "--resume")
        #expect(result.lines.count == 2, "one picture and the summary: \(result.text)")
        var after = try tool.contents(of: "out")
        #expect(after.removeValue(forKey: "2/.tensor-media-77") != nil)
        #expect(after.removeValue(forKey: "1/.tensor-media-notes") != nil)
        #expect(after == whole)
    }

    @Test("a manifest replaces a manifest and nothing else, which shows before any work is done")
    func manifestPlace() throws {
        let tool = try Self.tool(inputs: 3)
        try tool.folder.write("my notes", to: "notes.txt")
        try tool.folder.write("mine too", to: "x.jsonl.journal")
        let before = try tool.contents(of: ".")
        for (output, manifest, status) in [
            // An input, the archive itself, one of several, a picture.
            ("out", "in/0/t0.npy", 64), ("out.tar", "out.tar", 64), ("s-%d.tar", "s-0.tar", 64),
            ("out", "out/0/t0.png", 64),
            // Other people's files, a folder, a device.
            ("out", "notes.txt", 73), ("out.tar", "notes.txt", 73), ("out", "x.jsonl", 73), ("out", "in", 73),
            ("out", "/dev/full", 73),
        ] {
            let result = try tool.run("convert", "in", "-o", output, "--manifest", manifest)
            #expect(result.status == status, "\(manifest)")
            #expect(result.lines.isEmpty && result.errorLines.count == 1 && result.errorText.contains(manifest))
            #expect(try tool.contents(of: ".") == before, "\(manifest)")
        }
        for output in ["out", "out", "out.tar", "out"] {
            #expect(try tool.run("convert", "in", "-o", output, "--manifest", "m.jsonl").status == 0)
            #expect(try records(tool, "m.jsonl").count == 3)
        }
    }

    @Test("shards together are the whole, and names stay with their owners")
    func shards() throws {
        let tool = try Self.tool(inputs: 40)
        // Two inputs that want one name: the first has it, whatever share the second is in.
        try tool.write(Tool.ramp(3, 3), to: "in/0/clash.npy")
        try tool.write(Tool.ramp(4, 4), to: "in/0/clash.pt.npy")
        try FileManager.default.moveItem(
            atPath: tool.folder.path("in/0/clash.pt.npy"), toPath: tool.folder.path("in/0/clash.npz"))
        let whole = try tool.run("convert", "in", "-o", "whole")
        var lines: [String] = []
        for share in 1...3 {
            let result = try tool.run("convert", "in", "-o", "shares", "--shard", "\(share)/3")
            #expect(result.lines.count > 5)
            lines += result.lines.dropLast().map(String.init)
        }
        #expect(try tool.contents(of: "shares") == tool.contents(of: "whole"))
        #expect(
            lines.sorted() == whole.lines.dropLast().map { String($0.replacing("whole/", with: "shares/")) }.sorted())
        // The share is the published hash of the relative path, modulo 3.
        let sum = try tool.shell("printf %s 5/t5.npy | sha256sum").text.prefix(16)
        let number = try #require(UInt64(sum, radix: 16)) % 3 + 1
        #expect(try tool.run("convert", "in", "-o", "one", "--shard", "\(number)/3").text.contains("in/5/t5.npy"))
    }

    @Test(
        "wrong use is refused, and says how it is right",
        arguments: [
            (["--shard", "0/3"], "--shard"), (["--shard", "4/3"], "--shard"), (["--shard", "x"], "--shard"),
            (["--shard", "1/"], "--shard"), (["--resume", "--no-overwrite"], "--resume"),
            (["--manifest", ""], "--manifest"),
        ])
    func wrongUse(arguments: [String], option: String) throws {
        let tool = try Self.tool(inputs: 1)
        let result = try tool.run(["convert", "in", "-o", "out"] + arguments)
        #expect(result.status == 64)
        #expect(result.errorText.contains(option))
        #expect(!FileManager.default.fileExists(atPath: tool.folder.path("out")))
        let single = try tool.run(["convert", "in/0/t0.npy", "-o", "a.png", "--resume"])
        #expect(single.status == 64 && single.errorText.contains("--resume"))
    }

    @Test("a run that is killed again and again ends as one that was not", arguments: [1, 2])
    func killed(jobs: Int) throws {
        // TENSOR_MEDIA_KILL_TEST=2000x20: how many inputs, how many kills; 'make kill-test' says so.
        let size = (ProcessInfo.processInfo.environment["TENSOR_MEDIA_KILL_TEST"] ?? "150x6").split(separator: "x")
        let (inputs, kills) = (try #require(Int(size[0])), try #require(Int(size[1])))
        let tool = try Self.tool(inputs: inputs)
        let arguments = ["convert", "in", "--resume", "--jobs", "\(jobs)", "-q", "-o"]
        let clock = ContinuousClock()
        let start = clock.now
        #expect(try tool.run(arguments + ["whole"]).status == 0)
        let duration = (clock.now - start) / .seconds(1)
        var (ended, generator) = (0, SeededGenerator(seed: UInt64(jobs)))
        for kill in 0..<kills {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: Tool.executable)
            process.arguments = arguments + ["out"]
            process.currentDirectoryURL = URL(fileURLWithPath: tool.folder.path)
            try process.run()
            // Each time a piece further, at a moment that nobody chose.
            let part = (Double(kill) + Double(generator.below(1000)) / 1000) / Double(kills)
            Thread.sleep(forTimeInterval: duration / Double(kills) * (0.2 + part))
            if !process.isRunning { ended += 1 }
            Foundation.kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
        #expect(ended < kills, "no run was killed")
        #expect(try tool.run(arguments + ["out"]).status == 0)
        let (whole, resumed) = (try tool.contents(of: "whole"), try tool.contents(of: "out"))
        #expect(Set(resumed.keys) == Set(whole.keys))
        #expect(resumed == whole)
    }
}
