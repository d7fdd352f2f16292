import MediaCore
import TensorIO
import TestSupport
import Testing

@Suite("Writing NPY and NPZ")
struct TensorWriterTests {
    /// Tensors that are no plain run of memory: transposed, sliced, big-endian, 0-d, empty.
    static func tensors() throws -> [(name: String, tensor: Tensor)] {
        let base = try Tensor((0..<240).map { Float($0) / 4 }, shape: [6, 8, 5])
        let swapped = try Tensor(
            storage: .array((0..<12).map { Int32($0 - 6).byteSwapped }), elementType: .int32, shape: [3, 4],
            byteOrder: ByteOrder.native == .little ? .big : .little)
        return [
            ("plain", base), ("transposed", try base.transposed([2, 0, 1])),
            ("sliced", try base.slice(axis: 1, 2..<5).slice(axis: 2, at: 3)), ("swapped", swapped),
            ("scalar", try Tensor([UInt64.max], shape: [])), ("empty", try Tensor([Int8](), shape: [0, 3])),
            ("bool", try Tensor([true, false, true], shape: [3])),
            ("half", try Tensor([Float16(1.5), -.infinity], shape: [2, 1])),
            ("double", try Tensor((0..<20000).map { Double($0 % 7) }, shape: [20000])),
        ]
    }

    @Test("what is written is read back, whatever view the tensor is")
    func roundTrip() throws {
        for (name, tensor) in try Self.tensors() {
            let sink = MemorySink()
            try NPYWriter().write(tensor, to: sink)
            let read = try NPYReader().read(FileContents(bytes: sink.bytes, name: name))
            #expect(read.tensor.shape == tensor.shape && read.tensor.elementType == tensor.elementType)
            #expect(read.tensor.packedBytes() == tensor.packedBytes(), "\(name)")
            #expect(read.findings.isEmpty && read.header.dataOffset % 64 == 0)
        }
    }

    @Test("the bytes are those of np.save", .python("numpy"))
    func sameBytes() throws {
        let folder = try TemporaryFolder()
        for (name, tensor) in try Self.tensors() {
            let sink = MemorySink()
            try NPYWriter().write(tensor, to: sink)
            try folder.write(sink.bytes, to: name + ".npy")
        }
        let script = """
            import glob, io, sys, numpy as np
            for path in sorted(glob.glob(sys.argv[1] + "/*.npy")):
                ours = open(path, "rb").read()
                theirs = io.BytesIO()
                np.save(theirs, np.load(path))
                print(ours == theirs.getvalue())
            """
        let lines = try PythonTools.run(script, arguments: [folder.path]).lines
        #expect(lines == Array(repeating: "True", count: try Self.tensors().count))
    }

    static func digest(_ bytes: [UInt8]) -> String { SHA256.of(bytes.span.bytes).hex }

    static let compressions: [NPZWriter.Compression] = [
        .stored, .deflated(), .deflated(level: 0), .deflated(level: 12),
    ]

    @Test("archives are read back, with and without Zip64", arguments: compressions, [0, 0xFFFF_FFFF])
    func archives(_ compression: NPZWriter.Compression, _ wideFrom: Int) throws {
        let bytes = try Self.archive(compression, wideFrom: wideFrom)
        #expect(try Self.archive(compression, wideFrom: wideFrom) == bytes)
        let file = try TensorFile.open(FileContents(bytes: bytes, name: "a.npz"))
        #expect(file.entries.map(\.name) == (try Self.tensors()).map(\.name))
        for (name, tensor) in try Self.tensors() {
            let read = try file.tensor(named: name)
            #expect(read.packedBytes() == tensor.packedBytes(), "\(name)")
        }
    }

    static func archive(_ compression: NPZWriter.Compression, wideFrom: Int) throws -> [UInt8] {
        let sink = MemorySink()
        var writer = NPZWriter(to: sink, compression: compression, wideFrom: wideFrom)
        for (name, tensor) in try tensors() { try writer.append(tensor, named: name) }
        try writer.finish()
        return sink.bytes
    }

    @Test("NumPy reads our archives, and long members deflated in several chunks", .python("numpy"))
    func numpyReadsArchives() throws {
        let folder = try TemporaryFolder()
        for (place, compression) in Self.compressions.enumerated() {
            for wide in [0, 0xFFFF_FFFF] {
                try folder.write(try Self.archive(compression, wideFrom: wide), to: "\(place)-\(wide).npz")
            }
        }
        var generator = SeededGenerator(seed: 7)
        // Pieces that compress well, hardly and not at all, beyond two chunks of 1 MiB.
        let long = (0..<2_600_000).map {
            $0 % 900_000 < 300_000 ? UInt8(0) : UInt8(truncatingIfNeeded: generator.next() & ($0 % 2 == 0 ? 3 : 255))
        }
        let sink = MemorySink()
        var writer = NPZWriter(to: sink, compression: .deflated())
        try writer.append(try Tensor(long, shape: [1300, 2000]), named: "größe")
        try writer.finish()
        try folder.write(sink.bytes, to: "long.npz")
        #expect(sink.byteCount < long.count * 3 / 4)
        let file = try TensorFile.open(FileContents(bytes: sink.bytes, name: "long.npz"))
        #expect(firstDifference(try file.tensor(named: "größe").packedBytes(), long) == nil)
        let script = """
            import glob, hashlib, sys, zipfile, numpy as np
            for path in sorted(glob.glob(sys.argv[1] + "/*.npz")):
                assert zipfile.ZipFile(path).testzip() is None
                with np.load(path) as z: print(*[z[k].shape for k in z.files], hashlib.sha256(b"".join(z[k].tobytes() for k in z.files)).hexdigest())
            """
        let lines = try PythonTools.run(script, arguments: [folder.path]).lines
        #expect(lines.count == 9)
        let shapes = try Self.tensors().map { describe($0.tensor.shape) }.joined(separator: " ")
        let all = Self.digest(try Self.tensors().flatMap { $0.tensor.packedBytes() })
        #expect(lines.filter { $0 == shapes + " " + all }.count == 8)
        #expect(lines.last.map(String.init) == "(1300, 2000) " + Self.digest(long))
    }

    @Test(
        "names that cannot be members, and names that are taken, are refused",
        arguments: ["", "../a", "/a", "a\\b", "c:/a", "x"])
    func names(_ name: String) throws {
        var writer = NPZWriter(to: MemorySink())
        let tensor = try Tensor([UInt8(1)], shape: [1])
        try writer.append(tensor, named: "x")
        let error = #expect(throws: MediaError.self) { try writer.append(tensor, named: name) }
        #expect(error?.code == (name == "x" ? .argumentInvalid : .pathInvalid))
    }
}
