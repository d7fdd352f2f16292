import Glibc
import MediaCore
import TestSupport
import Testing

extension ByteSink {
    fileprivate func write(_ bytes: [UInt8]) throws(MediaError) { try write(bytes.span.bytes) }
}

@Suite("FileSink")
struct FileSinkTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private static func noise(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
        var generator = SeededGenerator(seed: seed)
        return (0..<count).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
    }

    private func sink(
        _ name: String, _ strategy: TemporaryFile.Strategy, overwrite: FileSink.Overwrite = .replace,
        digest: FileDigests.Kinds = []
    ) throws -> FileSink {
        try FileSink(
            folder: try FolderHandle.open(folder.path), name: name, digest: digest, overwrite: overwrite,
            strategy: strategy)
    }

    @Test("A file appears whole at the commit and not before", arguments: [TemporaryFile.Strategy.automatic, .hidden])
    func commit(strategy: TemporaryFile.Strategy) throws {
        let content = Self.noise(1_000_000)
        let sink = try sink("a.bin", strategy)
        // Pieces below, at and above the size of the buffer.
        var start = 0
        for size in [1, 10, 65_535, 65_536, 65_537, 3, 200_000, 0, 600_000] {
            let end = min(start + size, content.count)
            try sink.write(Array(content[start..<end]))
            start = end
        }
        try sink.write(Array(content[start...]))
        #expect(!folder.files().contains("a.bin"))
        let receipt = try sink.commit()
        #expect(receipt.path == folder.path("a.bin"))
        #expect(receipt.byteCount == content.count)
        #expect(try folder.bytes("a.bin") == content)
        #expect(folder.files() == ["a.bin"])
    }

    @Test("What is not committed leaves nothing", arguments: [TemporaryFile.Strategy.automatic, .hidden])
    func discard(strategy: TemporaryFile.Strategy) throws {
        do {
            let sink = try sink("a.bin", strategy)
            try sink.write(Self.noise(200_000))
        }
        #expect(folder.files().isEmpty)
    }

    @Test(
        "An older file is replaced at once, or kept when asked", arguments: [TemporaryFile.Strategy.automatic, .hidden])
    func replacing(strategy: TemporaryFile.Strategy) throws {
        try folder.write("old", to: "a.txt")
        let replacing = try sink("a.txt", strategy)
        try replacing.write([110, 101, 119])
        #expect(try folder.bytes("a.txt") == Array("old".utf8))
        _ = try replacing.commit()
        #expect(try folder.bytes("a.txt") == Array("new".utf8))

        let early = #expect(throws: MediaError.self) { try sink("a.txt", strategy, overwrite: .refuse) }
        #expect(early?.code == .nameCollision)
        // The name is taken while the sink is at work.
        let refusing = try sink("b.txt", strategy, overwrite: .refuse)
        try refusing.write([1])
        try folder.write("theirs", to: "b.txt")
        let late = #expect(throws: MediaError.self) { try refusing.commit() }
        #expect(late?.code == .nameCollision)
        #expect(late?.location.file == folder.path("b.txt"))
        #expect(try folder.bytes("b.txt") == Array("theirs".utf8))
    }

    @Test("Of many commits of one name that refuse, one wins", arguments: [TemporaryFile.Strategy.automatic, .hidden])
    func race(strategy: TemporaryFile.Strategy) async throws {
        let path = folder.path
        let winners = await withTaskGroup(of: Int?.self) { group in
            for index in 0..<32 {
                group.addTask {
                    do {
                        let sink = try FileSink(
                            folder: try FolderHandle.open(path), name: "one", digest: [], overwrite: .refuse,
                            strategy: strategy)
                        try sink.write([UInt8](repeating: UInt8(index), count: 1000))
                        _ = try sink.commit()
                        return index
                    } catch {
                        return nil
                    }
                }
            }
            return await group.reduce(into: [Int]()) { if let winner = $1 { $0.append(winner) } }
        }
        #expect(winners.count == 1)
        #expect(try folder.bytes("one") == [UInt8](repeating: UInt8(winners.first ?? 255), count: 1000))
        #expect(folder.files() == ["one"])
    }

    @Test("Digests are those of the bytes in the file, also after patches")
    func digests() throws {
        var content = Self.noise(300_000)
        let sink = try sink("a.bin", .automatic, digest: [.sha256, .md5, .crc32c])
        try sink.write(Array(content[..<250_000]))
        // One patch far back, one in what is still buffered, one across the border.
        for (offset, length) in [(4, 8), (249_990, 10), (196_600, 20)] {
            let patch = Self.noise(length, seed: 7)
            try sink.overwrite(at: offset, with: patch.span.bytes)
            content.replaceSubrange(offset..<offset + length, with: patch)
        }
        try sink.write(Array(content[250_000...]))
        var block = [UInt8](repeating: 0, count: 32)
        var span = block.mutableSpan
        var bytes = span.mutableBytes
        let count = try sink.read(at: 0, into: &bytes)
        #expect(count == 32)
        #expect(block == Array(content[..<32]))
        let receipt = try sink.commit()
        #expect(try folder.bytes("a.bin") == content)
        let sha256 = SHA256.of(content.span.bytes)
        let md5 = MD5.of(content.span.bytes)
        let crc32c = CRC32C.of(content.span.bytes)
        #expect(receipt.digests.sha256 == sha256)
        #expect(receipt.digests.md5 == md5)
        #expect(receipt.digests.crc32c == crc32c)
    }

    @Test("A name can be made from the digest")
    func nameFromDigest() throws {
        let sink = try FileSink(path: folder.path("ignored"), digest: .sha256)
        try sink.write(Array("abc".utf8))
        let receipt = try sink.commit { (digests) throws(MediaError) in "x-\(digests.sha256?.hex.prefix(8) ?? "")" }
        #expect(receipt.path == folder.path("x-ba7816bf"))
        #expect(folder.files() == ["x-ba7816bf"])
        #expect(throws: MediaError.self) { try sink.commit() }
        #expect(throws: MediaError.self) { try sink.write([1]) }
    }

    @Test("Bytes beyond what was written cannot be replaced")
    func patchRange() throws {
        for sink: any PatchableSink in [MemorySink(), try sink("a", .automatic)] {
            try sink.write([1, 2, 3, 4])
            let patch: [UInt8] = [9, 9]
            for offset in [-1, 3, 5, Int.max] {
                let error = #expect(throws: MediaError.self) {
                    try sink.overwrite(at: offset, with: patch.span.bytes)
                }
                #expect(error?.code == .argumentInvalid)
            }
            try sink.overwrite(at: 2, with: patch.span.bytes)
        }
    }

    @Test("Targets that cannot be files are refused before the work, with a hint")
    func badTargets() throws {
        try folder.makeFolder("folder")
        try folder.write("x", to: "file")
        let cases = [
            folder.path("folder"), folder.path("file/inside"), folder.path("missing/a"), "", "a\0b",
            folder.path(String(repeating: "n", count: 256)), "/dev/null", "/sys/a.png", folder.path("folder/"),
        ]
        for path in cases {
            let error = #expect(throws: MediaError.self) { try FileSink(path: path) }
            #expect(error?.hint != nil, "\(path)")
            #expect(error?.code == .writeFailed || error?.code == .pathInvalid)
        }
        #expect(folder.files() == ["file"])
    }

    @Test("A folder that vanishes under the sink is an error, not a file elsewhere")
    func vanishedFolder() throws {
        let inner = try folder.makeFolder("inner")
        for strategy in [TemporaryFile.Strategy.automatic, .hidden] {
            try folder.makeFolder("inner")
            let sink = try FileSink(
                folder: try FolderHandle.open(inner), name: "a", digest: [], strategy: strategy)
            try sink.write([1])
            for name in try FileSystem.names(inFolder: inner) { try FileSystem.removeFile(inner + "/" + name) }
            #expect(rmdir(inner) == 0)
            let error = #expect(throws: MediaError.self) { try sink.commit() }
            #expect(error?.code == .writeFailed)
        }
        #expect(folder.files().isEmpty)
    }

    @Test("A killed process leaves nothing")
    func killed() async throws {
        let path = folder.path
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
            let sink = try FileSink(path: path + "/a.bin")
            try sink.write([UInt8](repeating: 1, count: 1 << 20))
            kill(getpid(), SIGKILL)
        }
        #expect(folder.files().isEmpty)
    }

    @Test("A file that cannot grow is an error, and is not committed afterwards")
    func noRoom() async throws {
        let path = folder.path
        await #expect(processExitsWith: .success) { [path = path as String] in
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit(rlim_cur: 100_000, rlim_max: 100_000)
            setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
            let sink = try FileSink(path: path + "/a.bin")
            let block = [UInt8](repeating: 1, count: 70_000)
            var codes: [MediaError.Code] = []
            for _ in 0..<3 {
                do throws(MediaError) { try sink.write(block) } catch { codes.append(error.code) }
            }
            do throws(MediaError) { _ = try sink.commit() } catch { codes.append(error.code) }
            exit(codes == [.writeFailed, .writeFailed, .writeFailed] ? 0 : 1)
        }
        #expect(folder.files().isEmpty)
    }

    @Test("10,000 files take no more descriptors than one")
    func descriptors() async throws {
        let path = folder.path
        await #expect(processExitsWith: .success) { [path = path as String] in
            let before = try FileSystem.names(inFolder: "/proc/self/fd").count
            var limit = rlimit(rlim_cur: UInt(before + 16), rlim_max: UInt(before + 16))
            setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            for index in 0..<10_000 {
                let sink = try FileSink(path: path + "/\(index % 10).bin")
                try sink.write([UInt8(index % 256)])
                if index % 3 != 0 { _ = try sink.commit() }
            }
            // The process may open one of its own meanwhile; a leak would be thousands, and past the limit.
            exit(try FileSystem.names(inFolder: "/proc/self/fd").count <= before + 4 ? 0 : 1)
        }
    }

    @Test("New files have the permissions of the umask")
    func permissions() throws {
        for strategy in [TemporaryFile.Strategy.automatic, .hidden] {
            let sink = try sink("a", strategy)
            _ = try sink.commit()
            let plain = open(folder.path("plain"), O_CREAT | O_WRONLY, 0o666)
            close(plain)
            var ours = stat()
            var theirs = stat()
            #expect(stat(folder.path("a"), &ours) == 0 && stat(folder.path("plain"), &theirs) == 0)
            #expect(ours.st_mode == theirs.st_mode)
        }
    }
}

@Suite("Sinks")
struct SinkTests {
    @Test("A memory sink stops at its limit and hands its bytes out")
    func memory() throws {
        let sink = MemorySink(limit: 5)
        try sink.write([1, 2, 3])
        let error = #expect(throws: MediaError.self) { try sink.write([4, 5, 6]) }
        #expect(error?.code == .limitExceeded)
        try sink.write([4, 5])
        var block: [UInt8] = [0, 0, 0, 0]
        var span = block.mutableSpan
        var bytes = span.mutableBytes
        let count = try sink.read(at: 3, into: &bytes)
        #expect(count == 2)
        #expect(block == [4, 5, 0, 0])
        #expect(sink.takeBytes() == [1, 2, 3, 4, 5])
        #expect(sink.byteCount == 0)
    }

    @Test("A stream gets all bytes in order and stays open")
    func descriptor() throws {
        let folder = try TemporaryFolder()
        let content = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let file = open(folder.path("out"), O_CREAT | O_WRONLY, 0o600)
        let sink = DescriptorSink(descriptor: file, bufferBytes: 1000)
        var start = 0
        for size in [1, 998, 2, 5000, 999, 1000, 92_000] {
            try sink.write(Array(content[start..<start + size]))
            start += size
        }
        #expect(start == content.count)
        try sink.finish()
        #expect(try folder.bytes("out") == content)
        #expect(close(file) == 0)
    }

    @Test("A link to an open file of the process, as /dev/stdout is, is not replaced")
    func linkToOpenFile() throws {
        let folder = try TemporaryFolder()
        let file = open(try folder.write("x", to: "redirected"), O_WRONLY)
        defer { close(file) }
        for target in ["/proc/self/fd/\(file)", "fd/\(file)"] {
            #expect(symlink(target, folder.path("stdout")) == 0)
            let error = #expect(throws: MediaError.self) { _ = try FileSink(path: folder.path("stdout")) }
            #expect(error?.code == .writeFailed)
            #expect(unlink(folder.path("stdout")) == 0)
        }
        // Other links are, even those that lead nowhere.
        #expect(symlink("nowhere", folder.path("link")) == 0)
        _ = try FileSink(path: folder.path("link")).commit()
        #expect(try folder.bytes("link").isEmpty)
    }

    @Test("A full device and a closed pipe are errors")
    func failures() throws {
        let full = open("/dev/full", O_WRONLY)
        defer { close(full) }
        let sink = DescriptorSink(descriptor: full, name: "out.png")
        try sink.write([1])
        let error = #expect(throws: MediaError.self) { try sink.finish() }
        #expect(
            error?.description == "out.png: cannot write: the disk is full; free some space or write to another disk")

        var ends: [Int32] = [0, 0]
        #expect(pipe(&ends) == 0)
        close(ends[0])
        defer { close(ends[1]) }
        let closed = DescriptorSink(descriptor: ends[1])
        for _ in 0..<2 {
            let error = #expect(throws: MediaError.self) {
                try closed.write([1])
                try closed.finish()
            }
            #expect(error?.code == .writeFailed)
        }
    }

    @Test("Folders are made with those above them, and a file in the way is named")
    func folders() throws {
        let folder = try TemporaryFolder()
        try FileSystem.makeFolders(folder.path("a/b/c"))
        try FileSystem.makeFolders(folder.path("a/b/c/"))
        #expect(try FileSystem.status(of: folder.path("a/b/c"))?.kind == .folder)
        try folder.write("x", to: "file")
        for path in ["file", "file/x", "file/x/y"] {
            let error = #expect(throws: MediaError.self) { try FileSystem.makeFolders(folder.path(path)) }
            #expect(error?.code == .writeFailed)
        }
        try folder.write("x", to: "a/Z")
        try folder.write("x", to: "a/ü")
        #expect(try FileSystem.names(inFolder: folder.path("a")) == ["Z", "b", "ü"])
    }
}
