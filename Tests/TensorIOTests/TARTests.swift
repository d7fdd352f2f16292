import Foundation
import MediaCore
import TensorIO
import TestSupport
import Testing

@Suite("tar archives")
struct TARTests {
    /// Names that stress each format: short ones, a folder, over 100 bytes with and without slashes, other letters.
    static let names: [String] = [
        "00000.cls", "train/00001.depth.npy",
        String(repeating: "d", count: 90) + "/" + String(repeating: "n", count: 60),
        "x" + String(repeating: "long", count: 60) + ".npy", "Größe/深さ.npy", String(repeating: "é", count: 200),
    ]

    static func archive(_ path: String, _ limits: Limits = .default) throws(MediaError) -> TARArchive {
        try TARArchive(path: path, limits: limits, files: OpenFiles())
    }

    static func bytes(_ archive: TARArchive, _ index: Int) throws -> [UInt8] {
        var streamed: [UInt8] = []
        try archive.stream(archive.members[index]) { piece in
            streamed += piece.withUnsafeBytes { Array($0) }
        }
        let whole = try archive.contents(of: archive.members[index], limits: .default).withBytes { bytes in
            bytes.withUnsafeBytes { Array($0) }
        }
        #expect(whole == streamed)
        return whole
    }

    @Test("archives of Python's tarfile in each format", .python(), arguments: ["USTAR", "PAX", "GNU"])
    func python(format: String) throws {
        let folder = try TemporaryFolder()
        let path = folder.path("a.tar")
        // USTAR holds neither all of the names nor other letters.
        let names = format == "USTAR" ? Array(Self.names.prefix(3)) : Self.names
        try PythonTools.run(
            """
            import io, sys, tarfile
            path, format, names = sys.argv[1], sys.argv[2], sys.argv[3:]
            kinds = {"USTAR": tarfile.USTAR_FORMAT, "PAX": tarfile.PAX_FORMAT, "GNU": tarfile.GNU_FORMAT}
            extra = {"pax_headers": {"comment": "all of them"}} if format == "PAX" else {}
            with tarfile.open(path, "w", format=kinds[format], **extra) as archive:
                folder = tarfile.TarInfo("train")
                folder.type = tarfile.DIRTYPE
                archive.addfile(folder)
                for index, name in enumerate(names):
                    member = tarfile.TarInfo(name)
                    member.size = index * 300
                    member.uid = member.gid = 1 << 22 if format != "USTAR" else 0
                    member.mtime = 1.5 if format == "PAX" else 1
                    archive.addfile(member, io.BytesIO(bytes([index]) * member.size))
                link = tarfile.TarInfo("link")
                link.type, link.linkname = tarfile.SYMTYPE, "a" * (150 if format == "GNU" else 20)
                archive.addfile(link)
            """, arguments: [path, format] + names)
        let archive = try Self.archive(path)
        #expect(archive.members.map(\.name) == names)
        #expect(archive.specialCount == 1 && archive.damage == nil)
        #expect(archive.findings.isEmpty && archive.refusals.isEmpty)
        for index in names.indices {
            #expect(try Self.bytes(archive, index) == [UInt8](repeating: UInt8(index), count: index * 300))
        }
    }

    @Test(
        "archives of GNU tar, with ./ in front, long names, base-256 sizes and holes", arguments: ["gnu", "pax", "v7"])
    func gnuTar(format: String) throws {
        let folder = try TemporaryFolder()
        let long = "in/" + String(repeating: "n", count: format == "v7" ? 80 : 200)
        for (index, name) in ["in/a.npy", "in/b/c.json", long].enumerated() {
            try folder.write([UInt8](repeating: 7, count: 600 * index), to: name)
        }
        var program = Program("/bin/sh", ["-c", "tar --format=\(format) -C in -cf a.tar ."])
        program.workingFolder = folder.path
        try #require(try program.run().status == 0)
        let archive = try Self.archive(folder.path("a.tar"))
        #expect(Set(archive.members.map(\.name)) == ["a.npy", "b/c.json", String(long.dropFirst(3))])
        #expect(Set(archive.members.map(\.byteCount)) == [0, 600, 1200])
        guard format != "v7" else { return }
        // 9 GiB of holes: the size needs base 256, or a record.
        program = Program(
            "/bin/sh",
            [
                "-c",
                """
                truncate -s 9G big && echo x > small
                tar --format=\(format) -cf - small big small 2>/dev/null | head -c 4000 > cut.tar
                tar --sparse --format=\(format) -cf sparse.tar big small
                """,
            ])
        program.workingFolder = folder.path
        try #require(try program.run().status == 0)
        let cut = try Self.archive(folder.path("cut.tar"))
        #expect(cut.members.map(\.name) == ["small"])
        #expect(cut.damage?.code == .truncated)
        #expect(cut.damage?.message.contains("\"big\", which has \(9 << 30) bytes") == true)
        let sparse = try Self.archive(folder.path("sparse.tar"))
        #expect(sparse.members.map(\.name) == ["small"] && sparse.damage == nil)
        #expect(sparse.refusals.map(\.error.code) == [.unsupported])
    }

    @Test("a large member is jumped over and mapped, not read")
    func largeMember() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("big.tar")
        // The header of 3 GiB, then a hole, then a small member.
        let sink = MemorySink()
        let writer = TARWriter(to: sink)
        _ = try writer.append("small.npy", byteCount: 3) { (take) throws(MediaError) in
            try take(([1, 2, 3] as [UInt8]).span.bytes)
        }
        try writer.finish()
        let size = 3 << 30
        var header = Array(sink.bytes[..<512])
        header.replaceSubrange(0..<9, with: Array("large.bin".utf8))
        header.replaceSubrange(124..<135, with: Array(String(format: "%011lo", size).utf8))
        header.replaceSubrange(148..<156, with: [UInt8](repeating: 32, count: 8))
        let sum = header.reduce(0) { $0 + Int($1) }
        header.replaceSubrange(148..<155, with: Array(String(format: "%06lo\0", sum).utf8))
        try folder.write(header, to: "big.tar")
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
        try file.seek(toOffset: UInt64(512 + size))
        try file.write(contentsOf: Data(sink.bytes))
        try file.close()
        let before = PeakMemory.reset()
        let archive = try Self.archive(path)
        #expect(archive.members.map(\.name) == ["large.bin", "small.npy"])
        #expect(try Self.bytes(archive, 1) == [1, 2, 3])
        let large = try archive.contents(of: archive.members[0], limits: .default)
        #expect(large.byteCount == size)
        #expect(
            large.withBytes { $0.byteCount == size && $0.unsafeLoad(fromByteOffset: size - 1, as: UInt8.self) == 0 })
        #expect(PeakMemory.value() - before < 256 << 20)
    }

    @Test("Python's tarfile reads what is written, and the same again is the same bytes", .python())
    func writer() throws {
        let folder = try TemporaryFolder()
        func write() throws -> [UInt8] {
            let sink = MemorySink()
            let writer = TARWriter(to: sink, wideFrom: 1000)
            for (index, name) in Self.names.enumerated() {
                let bytes = [UInt8](repeating: UInt8(index), count: 300 * index)
                let offset = try writer.append(name, byteCount: bytes.count) { (take) throws(MediaError) in
                    try take(bytes.span.bytes)
                }
                #expect(sink.bytes.suffix(from: offset).starts(with: bytes))
            }
            try writer.finish()
            return sink.bytes
        }
        let bytes = try write()
        #expect(bytes.count % 10_240 == 0)
        #expect(try write() == bytes)
        let path = try folder.write(bytes, to: "a.tar")
        let text = try PythonTools.run(
            """
            import sys, tarfile
            for member in tarfile.open(sys.argv[1]):
                data = tarfile.open(sys.argv[1]).extractfile(member.name).read()
                print(member.name, member.size, len(data), set(data), oct(member.mode), member.uid, member.mtime, repr(member.uname))
            """, arguments: [path])
        let expected = Self.names.enumerated().map { index, name in
            let values = index == 0 ? "set()" : "{\(index)}"
            return "\(name) \(300 * index) \(300 * index) \(values) 0o644 0 0 ''"
        }
        #expect(text.lines.map(String.init) == expected)
        let archive = try Self.archive(path)
        #expect(archive.members.map(\.name) == Self.names && archive.damage == nil)
    }

    @Test("names that leave the folder are neither read nor written", .python())
    func unsafeNames() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("a.tar")
        try PythonTools.run(
            """
            import io, sys, tarfile
            with tarfile.open(sys.argv[1], "w") as archive:
                for name in ["../a.npy", "/abs.npy", "x/../../b.npy", "a\\\\b.npy", "C:/c.npy", "ok/./d.npy"]:
                    archive.addfile(tarfile.TarInfo(name))
                nul = tarfile.TarInfo("n")
                nul.pax_headers = {"path": "n\\0l.npy"}
                archive.addfile(nul)
            """, arguments: [path])
        let archive = try Self.archive(path)
        #expect(archive.members.map(\.name) == ["ok/d.npy"])
        #expect(archive.refusals.count == 6)
        #expect(archive.refusals.allSatisfy { $0.error.code == .pathInvalid })
        for name in ["", "../a", "/a", "a//b", "a\0", "a/..", "a\\b"] {
            let writer = TARWriter(to: MemorySink())
            let error = #expect(throws: MediaError.self) { try writer.append(name, byteCount: 0) { _ in } }
            #expect(error?.code == .pathInvalid)
        }
    }

    @Test("an archive that is cut anywhere gives the members before, and says so")
    func cut() throws {
        let bytes = try Fixtures.bytes("shards/scenes-000000.tar")
        let whole = try TARArchive(FileContents(bytes: bytes, name: "a.tar"), limits: .default)
        #expect(whole.members.count == 15)
        for count in stride(from: 0, to: whole.members.last!.offset + 1, by: 37) {
            let contents = FileContents(bytes: Array(bytes[..<count]), name: "a.tar")
            let expected = whole.members.filter { $0.offset + $0.byteCount <= count }
            do throws(MediaError) {
                let archive = try TARArchive(contents, limits: .default)
                #expect(archive.members == expected)
                #expect(archive.damage?.code == .truncated || !archive.findings.isEmpty)
            } catch {
                #expect(expected.isEmpty)
                #expect(error.code == .truncated || error.code == .unrecognized)
                #expect(error.location.file == "a.tar")
            }
        }
    }

    /// A header with a right checksum.
    private static func header(_ type: Character, _ name: String, size: String) -> [UInt8] {
        var block = [UInt8](repeating: 0, count: 512)
        block.replaceSubrange(0..<name.utf8.count, with: Array(name.utf8))
        block.replaceSubrange(
            124..<(124 + size.utf8.count), with: size.unicodeScalars.map { UInt8($0.value) }.prefix(12))
        block[156] = type.asciiValue ?? 0
        block.replaceSubrange(148..<156, with: [UInt8](repeating: 32, count: 8))
        let sum = block.reduce(0) { $0 + Int($1) }
        block.replaceSubrange(148..<155, with: Array(String(format: "%06lo\0", sum).utf8))
        return block
    }

    @Test("sizes that cannot be and headers without end are typed errors")
    func lies() throws {
        func open(_ bytes: [UInt8], _ limits: Limits = .default) -> MediaError? {
            do throws(MediaError) {
                return try TARArchive(FileContents(bytes: bytes, name: "a.tar"), limits: limits).damage
            } catch {
                return error
            }
        }
        let sizes: [(String, MediaError.Code)] = [
            ("77777777777", .truncated), ("0000000000x", .malformed), ("-0000000001", .malformed),
            ("00000009000", .malformed),
        ]
        for (size, code) in sizes {
            #expect(open(Self.header("0", "ok", size: "0") + Self.header("0", "a", size: size))?.code == code)
        }
        // Base 256: −1, and the largest there is.
        for first: UInt8 in [0xFF, 0x80] {
            var block = Self.header("0", "a", size: "0")
            block.replaceSubrange(124..<136, with: [first] + [UInt8](repeating: 0xFF, count: 11))
            block.replaceSubrange(148..<156, with: [UInt8](repeating: 32, count: 8))
            let sum = block.reduce(0) { $0 + Int($1) }
            block.replaceSubrange(148..<155, with: Array(String(format: "%06lo\0", sum).utf8))
            #expect(open(Self.header("0", "ok", size: "0") + block)?.code == .malformed)
        }
        var limits = Limits.default
        limits.members = 100
        let endless = (0..<200).flatMap { _ in Self.header("x", "p", size: "0") }
        #expect(open(endless, limits)?.code == .limitExceeded)
        #expect(open(endless)?.code == .truncated)
        let long = Self.header("L", "n", size: "00010000000") + [UInt8](repeating: 97, count: 2 << 20)
        #expect(open(long)?.code == .limitExceeded)
        for record in [
            "9 size=-1\n", "99 path=x\n", "0 path=x\n", "8 path=x", "path=x\n", "30 size=99999999999999999999\n",
        ] {
            let size = String(record.utf8.count, radix: 8)
            let data = Array(record.utf8) + [UInt8](repeating: 0, count: 512 - record.utf8.count)
            let error = open(
                Self.header("0", "ok", size: "0") + Self.header("x", "p", size: size) + data
                    + Self.header("0", "a", size: "0"))
            #expect(error?.code == .malformed, "\(record)")
        }
        #expect(open([UInt8](repeating: 0, count: 10_240)) == nil)
        #expect(
            open(Array("\u{1F}\u{8B}gzip".utf8) + [UInt8](repeating: 3, count: 600))?.hint?.contains("unpack") == true)
    }

    @Test("10000 mutations behind the checksums end in a typed error or a list")
    func mutations() throws {
        let seed = try Fixtures.bytes("shards/scenes-000000.tar")
        var options = TensorFile.Options()
        options.verifiesChecksums = false
        options.limits.inflatedBytes = 16 << 20
        var generator = SeededGenerator(seed: 7)
        var refused = 0
        // The beginning alone: that is where the headers are near each other.
        let seeds = [
            Array(seed[..<6144]),
            Self.header("x", "p", size: "11") + Array("9 path=ab\n".utf8)
                + [UInt8](repeating: 0, count: 502) + Array(seed[..<2048]),
        ]
        for round in 0..<10_000 {
            let bytes = mutated(seeds[round % 2], using: &generator)
            do throws(MediaError) { try TensorReaderProbe.tar.read(bytes, options: options) } catch {
                refused += 1
                if error.message.isEmpty || error.location.file == nil { Issue.record("round \(round): \(error)") }
            }
        }
        #expect(refused > 1000 && refused < 10_000)
    }
}
