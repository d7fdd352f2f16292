import Foundation
import MediaCore
import TensorIO
import TestSupport
import Testing

@Suite("Damaged tensor files")
struct DamagedFileTests {
    /// Small good files of every format, from which bad ones are made.
    static func seeds(_ probe: TensorReaderProbe) throws -> [[UInt8]] {
        switch probe {
        case .npy:
            return [
                try npy(),
                NPYReaderTests.bytes(
                    "{'descr': '>i2', 'fortran_order': True, 'shape': (3, 4)}", [UInt8](repeating: 1, count: 24)),
            ]
        case .npz: return try [.stored, .deflated()].map(npz)
        case .safetensors: return [safetensors()]
        case .torch: return try ["tensor.pt", "views.pth", "protocol4.pt"].map { try Fixtures.bytes("torch/" + $0) }
        case .tar: return [try Fixtures.bytes("shards/scenes-000000.tar")]
        case .any: return try [npy(), npz(.deflated()), safetensors(), Fixtures.bytes("torch/tensor.pt")]
        }
    }

    static func npy() throws -> [UInt8] {
        let sink = MemorySink()
        try NPYWriter().write(Tensor((0..<60).map { Float($0) }, shape: [3, 4, 5]), to: sink)
        return sink.bytes
    }

    static func npz(_ compression: NPZWriter.Compression) throws -> [UInt8] {
        let sink = MemorySink()
        var writer = NPZWriter(to: sink, compression: compression)
        try writer.append(Tensor((0..<60).map { Float($0) }, shape: [3, 4, 5]), named: "a")
        try writer.append(Tensor([UInt8](repeating: 7, count: 300), shape: [300]), named: "b")
        try writer.finish()
        return sink.bytes
    }

    static func safetensors() -> [UInt8] {
        let header =
            #"{"__metadata__":{"k":"v"},"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"#
            + #""b":{"dtype":"F8_E4M3","shape":[4],"data_offsets":[24,28]}}"#
        return bytes(of: [UInt64(header.utf8.count).littleEndian]) + Array(header.utf8) + (0..<28).map { UInt8($0) }
    }

    @Test("10000 mutations per reader end in a typed error or a tensor", arguments: TensorReaderProbe.allCases)
    func mutations(_ probe: TensorReaderProbe) throws {
        var options = TensorFile.Options()
        options.limits.inflatedBytes = 64 << 20
        var generator = SeededGenerator(seed: 2024)
        let seeds = try Self.seeds(probe)
        for seed in seeds { #expect(try probe.read(seed, options: options) > 0) }
        var refused = 0
        for round in 0..<10_000 {
            let bytes = mutated(seeds[round % seeds.count], using: &generator)
            do throws(MediaError) { try probe.read(bytes, options: options) } catch {
                refused += 1
                if error.message.isEmpty || error.location.file == nil { Issue.record("round \(round): \(error)") }
            }
        }
        #expect(refused > 3000 && refused < 10_000)
    }

    /// Files that promise what they do not hold, and cut or flipped ones: 200 and more.
    static func corrupted() throws -> [(name: String, bytes: [UInt8])] {
        var files: [(String, [UInt8])] = []
        let header = { (shape: String, descr: String) in
            NPYReaderTests.bytes("{'descr': \(descr), 'fortran_order': False, 'shape': \(shape)}", [1, 2, 3, 4])
        }
        for shape in [
            "(1099511627776,)", "(-1,)", "(9223372036854775807, 9223372036854775807)", "(4294967296, 4294967296)",
            "(0, 4611686018427387904, 4)", "(2305843009213693952,)", "(99999999999999999999,)", "(1.5,)", "5",
            "((1,),)",
            "(" + String(repeating: "1,", count: 65) + ")", String(repeating: "(", count: 5000), "(True,)",
        ] {
            files.append(("shape \(shape.prefix(40))", header(shape, "'<f8'")))
        }
        for descr in ["'<f3'", "'|O'", "''", "[('a', '<f4')]", "'<f99999999999999999999'", "None", "'V2'"] {
            files.append(("descr \(descr)", header("(1,)", descr)))
        }
        for text in [
            #"{"a":{"dtype":"F32","shape":[1099511627776],"data_offsets":[0,4398046511104]}}"#,
            #"{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,4]}}"#,
            #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#,
            #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,9223372036854775807]}}"#,
            #"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#, #"{"a":1}"#, "{", "{}",
            #"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}"#,
            String(repeating: "{\"a\":", count: 3000),
        ] {
            files.append(
                ("header \(text.prefix(40))", bytes(of: [UInt64(text.utf8.count)]) + Array(text.utf8) + [1, 2, 3, 4]))
        }
        for length: UInt64 in [.max, 1 << 63, 1 << 40, 100_000_001, 99_999_999] {
            files.append(("header length \(length)", bytes(of: [length]) + Array("{}".utf8)))
        }
        // Archives whose directory lies about sizes: the fields at 20 and 24 behind the signature of an entry.
        for compression in [NPZWriter.Compression.stored, .deflated()] {
            let good = try npz(compression)
            let entry = try #require(good.indices.first { good[$0...].starts(with: Array("PK\u{1}\u{2}".utf8)) })
            for field in [16, 20, 24, 28, 30, 42] {
                for value: [UInt8] in [[0xFF, 0xFF, 0xFF, 0xFF], [0xFF, 0xFF, 0xFF, 0x7F], [0, 0, 0, 0x10]] {
                    var bad = good
                    bad.replaceSubrange((entry + field)..<(entry + field + 4), with: value)
                    files.append(("\(compression) field \(field)", bad))
                }
            }
        }
        let good: [(String, [UInt8])] = [
            ("npy", try npy()), ("stored", try npz(.stored)), ("deflated", try npz(.deflated())),
            ("safetensors", safetensors()), ("torch", try Fixtures.bytes("torch/tensor.pt")),
        ]
        var generator = SeededGenerator(seed: 99)
        for (name, bytes) in good {
            for _ in 0..<20 { files.append((name + " cut", Array(bytes.prefix(generator.below(bytes.count))))) }
            for _ in 0..<8 {
                var bad = bytes
                bad[generator.below(bad.count)] ^= 1 << UInt8(generator.below(8))
                files.append((name + " flipped", bad))
            }
        }
        // Values that a pickle nests, repeats and keeps without end.
        for program in [
            String(repeating: "]", count: 200_000), String(repeating: "(", count: 200_000),
            String(repeating: "]q\u{1}h\u{1}a", count: 2000), "r\u{7F}\u{7F}\u{7F}\u{7F}", "Nr\u{7F}\u{7F}\u{7F}\u{7F}",
            "cos\nsystem\n(X\u{4}\0\0\0true\u{85}R.", "cbuiltins\neval\n.",
        ] {
            files.append(("pickle", try archive(["a/data.pkl": Array((program + ".").utf8)])))
        }
        return files
    }

    /// A stored ZIP archive.
    static func archive(_ members: [String: [UInt8]]) throws -> [UInt8] {
        let sink = MemorySink()
        var writer = ZIPWriter(to: sink)
        for (name, bytes) in members.sorted(by: { $0.key < $1.key }) {
            try writer.appendStored(name, byteCount: bytes.count) { (take) throws(MediaError) in
                try take(bytes.span.bytes)
            }
        }
        try writer.finish()
        return sink.bytes
    }

    @Test("200 corrupted files: a typed error or a tensor, in memory of the real data and 64 MiB at most")
    func memory() async {
        await #expect(processExitsWith: .success) {
            func expect(_ condition: Bool, _ message: String) {
                guard !condition else { return }
                FileHandle.standardError.write(Data((message + "\n").utf8))
                exit(1)
            }
            let files = try DamagedFileTests.corrupted()
            expect(files.count >= 200, "there are \(files.count) files")
            var refused = 0
            for file in files {
                let before = PeakMemory.reset()
                do throws(MediaError) { try TensorReaderProbe.any.read(file.bytes) } catch { refused += 1 }
                let growth = PeakMemory.value() - before
                expect(growth <= file.bytes.count + (64 << 20), "\(file.name) took \(growth) bytes")
            }
            expect(refused > 150, "only \(refused) files of \(files.count) were refused")
        }
    }

    @Test("a zip bomb is refused before it is inflated, and inflated when the limits allow it")
    func bomb() throws {
        // 4 MiB of one byte, which stride 0 makes of a single one.
        let count = 4 << 20
        let zeros = try Tensor(storage: .array([UInt8(0)]), elementType: .uint8, shape: [count], strides: [0])
        let sink = MemorySink()
        var writer = NPZWriter(to: sink, compression: .deflated(level: 1))
        try writer.append(zeros, named: "a")
        try writer.finish()
        let contents = FileContents(bytes: sink.bytes, name: "bomb.npz")
        var options = TensorFile.Options()
        options.limits.trustedInflatedBytes = 1 << 20
        let file = try TensorFile.open(contents, options: options)
        #expect(file.entries.map(\.shape) == [[count]])
        let error = #expect(throws: MediaError.self) { try file.tensor(named: "a") }
        #expect(error?.code == .limitExceeded && error?.hint?.contains("inflationRatio") == true)
        options.limits.inflatedBytes = 1 << 20
        let small = try TensorFile.open(contents, options: options)
        let second = #expect(throws: MediaError.self) { try small.tensor(named: "a") }
        #expect(second?.code == .limitExceeded && second?.hint?.contains("inflatedBytes") == true)
        options.limits = .default
        #expect(try TensorFile.open(contents, options: options).tensor(named: "a").count == count)
    }

    @Test("a changed byte of a stored member is found by its checksum, unless nobody asks")
    func checksum() throws {
        var bytes = try Self.npz(.stored)
        let directory = try #require(bytes.indices.first { bytes[$0...].starts(with: Array("PK\u{1}\u{2}".utf8)) })
        bytes[directory - 1] ^= 1
        var options = TensorFile.Options()
        let file = try TensorFile.open(FileContents(bytes: bytes, name: "a.npz"), options: options)
        let error = #expect(throws: MediaError.self) {
            for entry in file.entries { _ = try file.tensor(named: entry.name) }
        }
        #expect(
            error?.code == .checksumMismatch && error?.location.file == "a.npz:b.npy", "\(String(describing: error))")
        options.verifiesChecksums = false
        _ = try TensorFile.open(FileContents(bytes: bytes, name: "a.npz"), options: options).tensor(named: "b")
    }

    @Test(
        "the broken fixtures are refused, each for its reason",
        arguments: [
            ("empty.npy", MediaError.Code.truncated), ("header-only.npy", .truncated), ("truncated.npy", .truncated),
            ("text.npy", .unrecognized), ("too-large.npy", .shapeInvalid), ("negative-shape.npy", .shapeInvalid),
            ("objects.npy", .unsupported), ("unknown-type.npy", .unsupported), ("no-directory.npz", .truncated),
            ("flipped-bit.npz", .malformed), ("huge-header.safetensors", .limitExceeded),
            ("short-data.safetensors", .truncated), ("plain.pkl", .unsupported), ("volume.h5", .unsupported),
        ])
    func fixtures(_ name: String, _ code: MediaError.Code) {
        let error = #expect(throws: MediaError.self) {
            let file = try TensorFile.open(Fixtures.path("broken/" + name))
            for entry in file.entries { _ = try file.tensor(named: entry.name) }
            if let refusal = file.refusals.first { throw refusal.error }
        }
        #expect(error?.code == code, "\(String(describing: error))")
        #expect(error?.hint != nil && error?.location.file?.contains(name) == true, "\(String(describing: error))")
    }
}

/// The most memory that the process had since it was last asked.
enum PeakMemory {
    /// Forgets the peak so far, and says how much memory there is now.
    static func reset() -> Int {
        try? Data("5".utf8).write(to: URL(fileURLWithPath: "/proc/self/clear_refs"))
        return value()
    }

    /// The peak, in bytes: `VmHWM` of Linux; 0 elsewhere.
    static func value() -> Int {
        guard let file = try? FileHandle(forReadingFrom: URL(fileURLWithPath: "/proc/self/status")),
            let data = try? file.readToEnd(),
            let line = String(decoding: data, as: UTF8.self).split(separator: "\n").first(where: {
                $0.hasPrefix("VmHWM")
            })
        else { return 0 }
        return (Int(line.filter(\.isNumber)) ?? 0) << 10
    }
}
