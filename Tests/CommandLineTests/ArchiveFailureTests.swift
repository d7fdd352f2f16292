import Foundation
import ImageCoding
import MediaCore
import TensorIO
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

@Suite("convert: tar archives of runs that end early, and their memory")
struct ArchiveFailureTests {
    /// A folder `in` of noise, which does not become smaller.
    private static func tool(inputs: Int, side: Int = 64) throws -> Tool {
        let tool = try Tool()
        var generator = SeededGenerator(seed: 5)
        for index in 0..<inputs {
            try tool.write(Tensor(generator.bytes(side * side), shape: [side, side]), to: "in/\(10_000 + index).npy")
        }
        return tool
    }

    private func outputs(_ tool: Tool) -> [String] { tool.folder.files().filter { !$0.hasPrefix("in/") } }

    @Test(
        "a killed run leaves nothing, or the whole archive", arguments: [["-o", "out.tar"], ["--bundle", "out.tar"]])
    func killed(arguments: [String]) throws {
        let tool = try Self.tool(inputs: 120)
        let whole = try tool.run(["convert", "in", "-q", "--jobs", "2"] + arguments)
        #expect(whole.status == 0)
        let bytes = try tool.folder.bytes("out.tar")
        for name in outputs(tool) { try FileManager.default.removeItem(atPath: tool.folder.path(name)) }
        var killed = 0
        for part in 0..<6 {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: Tool.executable)
            process.arguments = ["convert", "in", "-q", "--jobs", "2"] + arguments
            process.currentDirectoryURL = URL(fileURLWithPath: tool.folder.path)
            try process.run()
            Thread.sleep(forTimeInterval: 0.02 * Double(part))
            if process.isRunning { killed += 1 }
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            let left = outputs(tool)
            if left.contains("out.tar") { #expect(try tool.folder.bytes("out.tar") == bytes) }
            #expect(Set(left).isSubset(of: ["out.tar", "out.tar.jsonl"]))
            for name in left { try FileManager.default.removeItem(atPath: tool.folder.path(name)) }
        }
        #expect(killed > 0)
    }

    @Test("an interrupted run leaves nothing and says so", arguments: [["-o", "out.tar"], ["--bundle", "out.tar"]])
    func interrupted(arguments: [String]) throws {
        let tool = try Self.tool(inputs: 300)
        try tool.folder.write([], to: "lines")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Tool.executable)
        process.arguments = ["convert", "in", "--jobs", "2"] + arguments
        process.currentDirectoryURL = URL(fileURLWithPath: tool.folder.path)
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: tool.folder.path("lines")))
        let errors = Pipe()
        process.standardError = errors
        let before = signal(SIGTERM, SIG_DFL)
        try process.run()
        signal(SIGTERM, before)
        // The first line is out, so the run is in its middle.
        while process.isRunning, try tool.folder.bytes("lines").isEmpty { usleep(1000) }
        kill(process.processIdentifier, SIGTERM)
        process.waitUntilExit()
        #expect(process.terminationReason == .exit)
        #expect(process.terminationStatus == 143)
        let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        #expect(text == "tensor-media: interrupted; the archive is not written\n")
        #expect(outputs(tool) == ["lines"])
    }

    /// How many pictures are in each archive that is in place; it is whole for `tar`.
    private func pictures(_ tool: Tool) throws -> [String: Int] {
        var result: [String: Int] = [:]
        for name in outputs(tool) where name.hasSuffix(".tar") {
            let list = try tool.shell("tar -tf \(name)")
            #expect(list.status == 0 && list.errorText.isEmpty, "\(name)")
            result[name] = list.lines.count
        }
        return result
    }

    /// Checks the events of a run that ended early against the archives that it left.
    private func check(_ name: String, _ tool: Tool, status: Int64, pictures: [String: Int]) throws {
        let lines = try readText(tool.folder.path(name)).split(separator: "\n")
        let events = try lines.map { try JSONReader.parse(String($0)) }
        var told: [String: Int] = [:]
        var placed: [String: Int] = [:]
        for event in events {
            if let archive = event["archive"]?.string { placed[archive, default: 0] += 1 }
            guard event["event"] == "archive", let path = event["path"]?.string else { continue }
            told[path] = event["outputs"]?.integer.map { Int($0) }
            #expect(told[path] == placed[path], "told of \(path) before all that is in it")
            #expect(event["bytes"]?.integer == Int64(try tool.folder.bytes(path).count))
        }
        #expect(told == pictures)
        #expect(events.last?["status"]?.integer == status)
        #expect(events.last?["outputs"]?.integer == Int64(pictures.values.reduce(0, +)))
    }

    @Test("of several shards, an interrupted run leaves those that are whole, and names them")
    func interruptedShards() throws {
        let tool = try Self.tool(inputs: 200)
        for waitsFor in [nil, "s-000.tar", "s-002.tar"] {
            for name in outputs(tool) { try FileManager.default.removeItem(atPath: tool.folder.path(name)) }
            // The reader is slow: however fast the machine is, the run is in its middle when the file is there.
            let condition = waitsFor.map { "[ -e \($0) ]" } ?? "[ -s lines ]"
            let result = try tool.shell(
                """
                mkfifo pipe; : >lines; (while read -r line; do echo "$line" >>lines; done) <pipe &
                "$tool" convert in -o 's-%03d.tar' --shard-samples 10 --manifest m.jsonl --jobs 2 --progress json:3 \
                    >pipe 3>events 2>errors & run=$!
                until \(condition); do sleep 0.002; done
                kill -TERM $run; wait $run; status=$?; wait; rm pipe; exit $status
                """)
            #expect(result.status == 143)
            let pictures = try pictures(tool)
            #expect(pictures.values.allSatisfy { $0 == 10 } && pictures.count < 20)
            let names = pictures.keys.sorted()
            let what =
                switch names.count {
                case 0: "no archive is written"
                case 1: "\(names[0]) is whole, nothing else is written"
                default: "\(names[0]) to \(names[names.count - 1]) are whole, nothing else is written"
                }
            #expect(try readText(tool.folder.path("errors")) == "tensor-media: interrupted; \(what)\n")
            if let waitsFor { #expect(names.contains(waitsFor)) }
            let last = try readText(tool.folder.path("lines")).split(separator: "\n").last
            #expect(
                last?.hasPrefix("\(10 * names.count) pictures written to s-%03d.tar from 200 inputs") == !names.isEmpty)
            #expect(outputs(tool) == (["errors", "events", "lines"] + names).sorted(), "no manifest, no part")
            try check("events", tool, status: 143, pictures: pictures)
        }
    }

    @Test("a shard that does not fit on the disk ends the run; those before it stay, and are named")
    func noRoomForShard() throws {
        let tool = try Self.tool(inputs: 25, side: 32)
        // The 26th is larger than a file may be, behind three shards of seven.
        var generator = SeededGenerator(seed: 6)
        try tool.write(Tensor(generator.bytes(400 * 400), shape: [400, 400]), to: "in/20000.npy")
        let result = try tool.shell(
            """
            trap '' XFSZ; ulimit -f 60
            exec "$tool" convert in -o s-%d.tar --shard-samples 7 --jobs 2 --progress json:3 3>events
            """)
        #expect(result.status == 74)
        #expect(result.errorLines.count == 2 && result.errorText.contains("larger than allowed here"))
        #expect(result.errorLines.last == "tensor-media: s-0.tar to s-2.tar are whole, nothing else is written")
        #expect(result.lines.last == "21 pictures written to s-%d.tar from 26 inputs")
        let pictures = try pictures(tool)
        #expect(pictures == ["s-0.tar": 7, "s-1.tar": 7, "s-2.tar": 7])
        try check("events", tool, status: 74, pictures: pictures)
    }

    @Test(
        "no room on the disk is status 74, one line, and no file",
        arguments: [["-o", "out.tar"], ["--bundle", "out.tar"]])
    func noRoom(arguments: [String]) throws {
        let tool = try Self.tool(inputs: 60)
        let line = "trap '' XFSZ; ulimit -f 100; exec \"$tool\" convert in \(arguments.joined(separator: " ")) -q"
        let result = try tool.shell(line)
        #expect(result.status == 74)
        #expect(result.errorLines.count == 1)
        #expect(result.errorText.contains("the file would be larger than allowed here"))
        #expect(outputs(tool).isEmpty)
        // With shards what was finished is whole.
        try tool.folder.write("", to: "x")
        let shards = try tool.shell(
            "trap '' XFSZ; ulimit -f 100; exec \"$tool\" convert in -o s-%d.tar --shard-samples 7 -q")
        #expect(shards.status == 0)
        #expect(outputs(tool).count == 10)
    }

    @Test("thousands of inputs take no more memory than hundreds", .python(), arguments: ["-o", "--bundle"])
    func memory(option: String) throws {
        let tool = try Tool()
        func peak(_ count: Int) throws -> Int {
            let text = try PythonTools.run(
                """
                import io, resource, subprocess, sys, tarfile
                tool, folder, count, option = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
                head = b"\\x93NUMPY\\x01\\x00v\\x00" + b"{'descr': '|u1', 'fortran_order': False, 'shape': (96, 96), }".ljust(117) + b"\\n"
                with tarfile.open(folder + "/in.tar", "w") as archive:
                    for index in range(count):
                        data = head + (index.to_bytes(4, "little") * 2304)
                        member = tarfile.TarInfo(f"{index:06d}.npy")
                        member.size = len(data)
                        archive.addfile(member, io.BytesIO(data))
                subprocess.run([tool, "convert", "in.tar", option, "out.tar", "-q", "--jobs", "2"], cwd=folder, check=True)
                assert len(tarfile.open(folder + "/out.tar").getnames()) == count
                print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
                """, arguments: [Tool.executable, tool.folder.path, String(count), option])
            return try #require(Int(text.text.dropLast())) << 10
        }
        let few = try peak(300)
        let many = try peak(5000)
        // What is kept of an input is its name and the digest of its output: 43 MB of data went through.
        #expect(many - few < 12 << 20, "\(few) and \(many) bytes")
    }
}
