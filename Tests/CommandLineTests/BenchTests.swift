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

@Suite("bench") struct BenchTests {
    /// A tool with a float picture of 3×40×50, a gray one of bytes, and a batch of 9, in `in/`.
    private func pictures() throws -> Tool {
        let tool = try Tool()
        let values = (0..<6000).map { Float($0 % 97) / 96 }
        try tool.write(try Tensor(values, shape: [3, 40, 50]), to: "in/a.npy")
        try tool.write(try Tool.ramp(64, 48), to: "in/b.npy")
        try tool.write(try Tool.batch(9), to: "in/c.npy")
        return tool
    }

    /// What `bench --json` wrote.
    private struct Answer {
        let json: JSONValue
        let errors: String
    }

    /// Runs `bench --json` on few rounds and reads the answer.
    private func measure(
        _ tool: Tool, _ arguments: [String], environment: [String: String?] = [:], status: Int32 = 0
    ) throws -> Answer {
        let outcome = try tool.run(["bench", "--json", "--rounds", "2"] + arguments, environment: environment)
        #expect(outcome.status == status, "\(outcome.errorText)")
        try #require(outcome.lines.count == 1)
        let json = try JSONReader.parse(outcome.output.span.bytes, limits: .default)
        return Answer(json: json, errors: outcome.errorText)
    }

    private func notes(_ json: JSONValue) -> [String] { json["notes"]?.array?.compactMap(\.string) ?? [] }

    /// The contestants of a format, or all.
    private func contestants(_ json: JSONValue, format: String? = nil) -> [JSONValue] {
        let all = json["contestants"]?.array ?? []
        guard let format else { return all }
        return all.filter { $0["format"] == .string(format) }
    }

    /// The texts under a name.
    private func texts(_ values: [JSONValue], _ name: String) -> [String] { values.map { $0[name]?.string ?? "none" } }

    @Test("Every preset runs at every level, and its files are those of convert", arguments: ["png", "jpeg"])
    func sums(format: String) throws {
        let tool = try pictures()
        let json = try measure(tool, ["in", "--format", format, "--no-rivals"]).json
        let contestants = contestants(json)
        let levels = CPULevel.available.count
        try #require(contestants.count == 3 * levels)
        let pictures = try #require(json["pictures"]?.array)
        #expect(pictures.count == 11)
        for (index, contestant) in contestants.enumerated() {
            let preset = try #require(contestant["preset"]?.string)
            let folder = "out-\(preset)"
            let ending = format == "png" ? "png" : "jpg"
            if index % levels == 0 {
                #expect(try tool.run("convert", "in", "-o", folder, "--preset", preset, "--format", ending).status == 0)
            }
            let written = try tool.contents(of: folder).values.reduce(0) { $0 + $1.count }
            #expect(contestant["bytes"] == JSONValue(written))
            #expect(contestant["pictures"] == 11)
            #expect(contestant["pixel_bytes"] == JSONValue(6000 + 64 * 48 + 9 * 15))
            let entries = pictures.compactMap { $0["entries"]?.array?[index] }
            #expect(entries.reduce(0) { $0 + ($1["bytes"]?.integer ?? 0) } == Int64(written))
            let seconds = entries.compactMap { $0["seconds"]?.double }
            #expect(seconds.count == 11 && seconds.allSatisfy { $0 > 0 && $0.isFinite })
            for name in ["seconds", "megabytes_per_second", "speed_ratio", "size_ratio"] {
                let value = try #require(contestant[name]?.double)
                #expect(value > 0 && value.isFinite)
            }
        }
    }

    @Test("Levels are those of the machine, and no better than TENSOR_MEDIA_CPU") func levels() throws {
        let tool = try pictures()
        let doctor = try tool.run("doctor", "--json")
        let report = try JSONReader.parse(doctor.output.span.bytes, limits: .default)
        let few = ["in/b.npy", "--format", "png", "--presets", "fastest", "--no-rivals"]
        let json = try measure(tool, few).json
        let levels = texts(contestants(json), "level")
        #expect(levels.first == "portable")
        #expect(levels.last == report["cpu_level_detected"]?.string)
        #expect(json["system"]?["libraries"] == report["libraries"])
        let lowered = try measure(tool, few, environment: ["TENSOR_MEDIA_CPU": "portable"]).json
        #expect(texts(contestants(lowered), "level") == ["portable"])
    }

    @Test("A sample is spread evenly, the small inputs whole, and said") func sample() throws {
        let tool = try pictures()
        let few = ["in", "--format", "png", "--presets", "fastest", "--levels", "portable", "--no-rivals"]
        let json = try measure(tool, few + ["--sample", "5"]).json
        #expect(
            texts(json["pictures"]?.array ?? [], "name")
                == ["in/a.npy", "in/b.npy", "in/c.npy[1]", "in/c.npy[4]", "in/c.npy[7]"])
        #expect(json["sample"]?["found_pictures"] == 11)
        let outcome = try tool.run(["bench", "--rounds", "1", "--sample", "2"] + few)
        #expect(outcome.lines.first == "2 pictures, evenly out of 10 of 2 inputs, evenly out of 3, 6.0 kB of pixels")
    }

    @Test("Without a Python there are libpng and libjpeg-turbo, and a note") func noPython() throws {
        let tool = try pictures()
        let answer = try measure(
            tool, ["in/b.npy", "--levels", "portable"], environment: ["PATH": "/nonexistent"])
        let json = answer.json
        #expect(answer.errors.isEmpty)
        #expect(json["python"] == .null)
        #expect(notes(json).contains("Pillow, OpenCV: not measured: there is no python3 in PATH"))
        let ours = ["ours fastest", "ours balanced", "ours smallest"]
        #expect(texts(contestants(json, format: "png"), "name") == ours + ["libpng 1", "libpng 6"])
        #expect(texts(contestants(json, format: "jpeg"), "name") == ours + ["libjpeg-turbo"])
        #expect(Set(texts(contestants(json), "size_reference")) == ["libpng 6"])
    }

    @Test(
        "A Python that hangs, dies or talks nonsense is a note, and ours are measured",
        arguments: [
            ("sleep 1000", "it did not answer for 0.5 s"), ("exit 3", "it ended early, with status 3"),
            ("kill -9 $$", "it ended early, with signal 9"), ("echo hello; cat", "it does not answer as it should"),
            ("while :; do printf nonsense; done", "it does not answer as it should"),
            // Speaks as it should once, and never again.
            (#"echo '{"python":"3","versions":{"Pillow":"1"}}'; exit 0"#, "it ended early, with status 0"),
            (
                #"echo '{"python":"3","versions":{"Pillow":"1"}}'; echo '{}'; echo '{"seconds":-1,"bytes":5}'; cat"#,
                "it does not answer as it should"
            ),
            (
                #"echo '{"python":"3","versions":{"Pillow":"1"}}'; echo '{}'; echo '{"seconds":1,"bytes":1e12}'; cat"#,
                "it does not answer as it should"
            ),
        ])
    func badPython(script: String, reason: String) throws {
        let tool = try pictures()
        let python = try tool.folder.write("#!/bin/sh\n\(script)\n", to: "python")
        #expect(chmod(python, 0o755) == 0)
        let answer = try measure(
            tool,
            ["in/b.npy", "--presets", "fastest", "--levels", "portable", "--python", "./python"]
                + ["--python-seconds", "0.5"])
        let json = answer.json
        #expect(answer.errors.isEmpty)
        #expect(notes(json).contains { $0.hasPrefix("Pillow") && $0.hasSuffix(": " + reason) }, "\(notes(json))")
        let ours = contestants(json).filter { $0["rival"] == false }
        #expect(ours.count == 2 && ours.allSatisfy { $0["pictures"] == 1 })
    }

    @Test("Pillow and OpenCV write what they write elsewhere, with the same pixels", .python("PIL", "cv2", "numpy"))
    func python() throws {
        let tool = try pictures()
        let interpreter = try #require(PythonTools.interpreter)
        let answer = try measure(
            tool, ["in", "--presets", "fastest", "--levels", "portable", "--quality", "80", "--python", interpreter])
        let json = answer.json
        let script = """
            import io, sys, cv2, numpy as np
            from PIL import Image
            a = np.load(sys.argv[1])
            a = np.rint(np.moveaxis(a, 0, -1) * 255).astype(np.uint8)
            def pillow(kind, **options):
                out = io.BytesIO()
                Image.fromarray(a).save(out, kind, **options)
                return out.tell()
            print(pillow("png"), len(cv2.imencode(".png", a[..., ::-1])[1]), pillow("jpeg", quality=80),
                  len(cv2.imencode(".jpg", a[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 80])[1]))
            """
        let text = try PythonTools.run(script, arguments: [tool.folder.path("in/a.npy")]).text
        let expected = text.split(whereSeparator: \.isWhitespace).compactMap { Int64($0) }
        let contestants = contestants(json)
        let entries = try #require(json["pictures"]?.array?.first?["entries"]?.array)
        let sizes = zip(texts(contestants, "name"), entries).filter { $0.0 == "Pillow" || $0.0 == "OpenCV" }
        #expect(sizes.map { $0.1["bytes"]?.integer ?? 0 } == expected)
        #expect(contestants.allSatisfy { $0["pictures"] == 11 })
        #expect(Set(texts(contestants, "speed_reference")) == ["Pillow"])
        #expect(notes(json).filter { !$0.contains("debug build") }.isEmpty)
        #expect(json["python"]?["libraries"]?["Pillow"]?.string?.isEmpty == false)
    }

    @Test("Pictures that a library does not write are left out and counted", .python("PIL", "cv2", "numpy"))
    func formats() throws {
        let tool = try Tool()
        let interpreter = try #require(PythonTools.interpreter)
        let wide = (0..<300).map { UInt16($0 * 211) }
        try tool.write(try Tensor(wide, shape: [10, 10, 3]), to: "in/a.npy")
        try tool.write(try Tensor(wide, shape: [10, 30]), to: "in/b.npy")
        try tool.write(try Tensor(wide.map { $0 % 5 == 0 }, shape: [10, 30]), to: "in/c.npy")
        try tool.write(try Tensor(wide.map { UInt8($0 % 7) }, shape: [15, 20]), to: "in/d_mask.npy")
        try tool.folder.write("*_mask.npy as=labels\n", to: "r.rules")
        let json = try measure(
            tool, ["in", "--presets", "smallest", "--rules", "r.rules", "--python", interpreter]
        ).json
        #expect(texts(json["pictures"]?.array ?? [], "format") == ["rgb16", "gray16", "bilevel", "indexed"])
        let notes = Set(notes(json).filter { !$0.contains("debug build") })
        #expect(
            notes == [
                "Pillow: left out 1 of 4 pictures: it does not write 16-bit rgb",
                "OpenCV: left out 1 of 4 pictures: it does not write indexed",
                "JPEG: left out 4 of 4 pictures: it is measured with 8-bit gray and rgb, up to 65500 pixels a side",
            ])
    }

    @Test(
        "Options without sense are refused",
        arguments: [
            ["--rounds", "0"], ["--sample", "0"], ["--seconds", "0"], ["--levels", "sse"], ["--presets", "fastest,"],
            ["--format", "gif"], ["--python", "./none"], ["--quality", "101"],
        ])
    func refused(options: [String]) throws {
        let outcome = try pictures().run(["bench", "in"] + options)
        #expect(outcome.status == 64)
        #expect(outcome.output.isEmpty)
        #expect(outcome.errorText.contains(options[0]))
    }

    @Test("No input is wrong usage; broken ones are listed, and the others measured") func failures() throws {
        let tool = try pictures()
        #expect(try tool.run("bench").status == 64)
        try tool.copyFixture("broken/truncated.npy", to: "in/broken.npy")
        let few = ["--format", "png", "--presets", "fastest", "--no-rivals"]
        let answer = try measure(tool, ["in", "missing"] + few, status: 1)
        let json = answer.json
        #expect(json["pictures"]?.array?.count == 11)
        let lines = answer.errors.split(separator: "\n")
        try #require(lines.count == 3)
        #expect(lines[0].hasPrefix("tensor-media: error: missing: there is no such file"))
        #expect(lines[1].hasPrefix("tensor-media: error: in/broken.npy: header.shape"))
        let alone = try tool.run(["bench", "in/broken.npy"] + few)
        #expect(alone.status == 1)
        #expect(alone.output.isEmpty)
    }

    @Test("Standard input and picture files are measured too") func otherInputs() throws {
        let tool = try Tool()
        let few = ["--format", "png", "--presets", "fastest", "--no-rivals", "--rounds", "1"]
        let outcome = try tool.run(["bench", "-"] + few, input: try Tool.npy(try Tool.ramp(30, 20)))
        #expect(outcome.status == 0)
        #expect(outcome.lines.first == "1 picture of 1 input, 600 B of pixels")
        try tool.copyFixture("images/rgb.png", to: "in/rgb.png")
        #expect(try tool.run(["bench", "in", "--pictures"] + few).status == 0)
    }

    @Test("Told to end, it ends, and so does its Python with all that it started") func interruption() throws {
        let tool = try pictures()
        let python = try tool.folder.write("#!/bin/sh\nsleep 1000 &\necho $$ $! > pids\nwait\n", to: "python")
        #expect(chmod(python, 0o755) == 0)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Tool.executable)
        process.arguments = ["bench", "in", "--python", "./python", "--python-seconds", "500"]
        process.currentDirectoryURL = URL(fileURLWithPath: tool.folder.path)
        process.standardError = Pipe()
        try process.run()
        let deadline = Date().addingTimeInterval(60)
        var pids: [pid_t] = []
        while pids.count < 2, Date() < deadline {
            usleep(5000)
            let text = String(decoding: (try? tool.folder.bytes("pids")) ?? [], as: UTF8.self)
            if text.hasSuffix("\n") { pids = text.split(whereSeparator: \.isWhitespace).compactMap { pid_t($0) } }
        }
        try #require(pids.count == 2)
        kill(process.processIdentifier, SIGTERM)
        process.waitUntilExit()
        #expect(process.terminationStatus == 128 + SIGTERM)
        // Who was killed may wait to be collected by the system's first process, and is no more work until then.
        for pid in pids {
            let end = Date().addingTimeInterval(10)
            while isRunning(pid), Date() < end { usleep(5000) }
            #expect(!isRunning(pid))
        }
    }

    private func isRunning(_ pid: pid_t) -> Bool {
        guard kill(pid, 0) == 0 else { return false }
        guard let status = try? readText("/proc/\(pid)/stat") else { return true }
        return !status.contains(") Z ")
    }
}
