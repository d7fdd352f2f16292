import Glibc
import MediaCore
import TestSupport
import Testing

/// A text file as a media item, the smallest there can be.
private struct Note: MediaListElement {
    var text: String
    var caption: String?

    func write(
        to folder: MediaFolder, key: String, step: MediaStep, compatibility: Compatibility
    ) throws(MediaError) -> MediaRecord {
        let file = try folder.write(
            subfolder: "note", key: key, step: step, extension: ".txt", compatibility: compatibility
        ) { (sink) throws(MediaError) in try sink.write(Array(text.utf8).span.bytes) }.file
        return MediaRecord(
            file: file, mediaType: "note-file", caption: caption, details: ["length": JSONValue(text.count)],
            findings: text.isEmpty ? [.warning("note.empty", "the note is empty", path: "text")] : [])
    }

    static func write(
        _ items: [Note], to folder: MediaFolder, key: String, step: MediaStep, compatibility: Compatibility
    ) throws(MediaError) -> MediaRecord {
        var records: [MediaRecord] = []
        for item in items {
            records.append(try item.write(to: folder, key: key, step: step, compatibility: compatibility))
        }
        return MediaRecord(
            mediaType: "notes", json: ["_type": "notes", "count": JSONValue(items.count)], elements: records)
    }
}

@Suite("MediaFolder")
struct MediaFolderTests {
    private let temporary: TemporaryFolder
    private let folder: MediaFolder

    init() throws {
        temporary = try TemporaryFolder()
        folder = try MediaFolder(path: temporary.path("run/files"))
    }

    @Test("A file is named after key, step and digest, and the record says so")
    func record() throws {
        let record = try Note(text: "abc", caption: "c").write(
            to: folder, key: "train/x", step: .step(7), compatibility: .standard)
        let path = "media/note/train/x_7_ba7816bf8f01cfea4141.txt"
        #expect(temporary.files() == ["run/files/" + path])
        #expect(record.path == path)
        #expect(record.byteCount == 3)
        #expect(record.files.map(\.path) == [path])
        let sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        #expect(
            record.json == [
                "caption": "c", "_type": "note-file", "sha256": .string(sha256), "size": 3, "path": .string(path),
                "length": 3,
            ])
        #expect(
            record.json.object?.members.map(\.name) == ["caption", "_type", "sha256", "size", "path", "length"])
    }

    @Test("A list is an item, and gathers files and findings of its elements")
    func list() throws {
        let item: any MediaItem = [Note(text: "a"), Note(text: ""), Note(text: "a")]
        let record = try item.write(to: folder, key: "k", step: .summary, compatibility: .standard)
        #expect(record.path == nil)
        #expect(record.files.map(\.isShared) == [false, false, true])
        #expect(temporary.files().count == 2)
        #expect(record.findings.map(\.path) == ["[1].text"])
    }

    @Test("Equal bytes are written once; a damaged file under the name is replaced")
    func sharing() throws {
        let note = Note(text: "shared")
        let record = try note.write(to: folder, key: "k", step: .step(1), compatibility: .standard)
        let path = folder.path + "/" + (try #require(record.path))
        let first = try #require(try FileSystem.status(of: path))
        #expect(
            try note.write(to: folder, key: "k", step: .step(1), compatibility: .standard).files.first?.isShared == true
        )
        #expect(try FileSystem.status(of: path)?.inode == first.inode)
        // As long as the original, as a crash of the machine can leave it.
        try temporary.write("xxxxxx", to: String(path.dropFirst(temporary.path.count + 1)))
        let again = try note.write(to: folder, key: "k", step: .step(1), compatibility: .standard)
        #expect(again.files.first?.isShared == false)
        #expect(try readText(path) == "shared")
    }

    @Test("A link inside the folder is not followed out of it")
    func links() throws {
        let outside = try temporary.makeFolder("outside")
        try FileSystem.makeFolders(folder.path + "/media")
        #expect(symlink(outside, folder.path + "/media/note") == 0)
        let error = #expect(throws: MediaError.self) {
            try Note(text: "a").write(to: folder, key: "k", step: .step(0), compatibility: .standard)
        }
        #expect(error?.message.contains("symbolic link") == true)
        #expect(try FileSystem.names(inFolder: outside).isEmpty)
    }

    @Test("No key leaves the folder", arguments: [Compatibility.standard, .wandb(.v0_31)])
    func escapes(compatibility: Compatibility) throws {
        for key in ["../../../../x", "/etc/x", "..", ".", "a/../../../../b", "./..//./../x", ""] {
            _ = try Note(text: key).write(to: folder, key: key, step: .step(0), compatibility: compatibility)
        }
        #expect(temporary.files().count == 7)
        #expect(temporary.files().allSatisfy { $0.hasPrefix("run/files/media/note/") })
    }

    @Test("Content that fails leaves no file")
    func failingContent() throws {
        #expect(throws: MediaError.self) {
            try folder.write(subfolder: "images", key: "k", step: .step(0), extension: ".png") {
                (sink) throws(MediaError) in
                try sink.write([UInt8](repeating: 1, count: 100_000).span.bytes)
                throw MediaError("test.encoder", "gave up")
            }
        }
        #expect(temporary.files().isEmpty)
    }

    @Test("A name that no file system takes is refused with the key's field")
    func longKey() throws {
        let key = String(repeating: "k", count: 300)
        let error = #expect(throws: MediaError.self) {
            try Note(text: "a").write(to: folder, key: key, step: .step(0), compatibility: .wandb(.v0_31))
        }
        #expect(error?.code == .pathInvalid)
        #expect(error?.location.field == "key")
        _ = try Note(text: "a").write(to: folder, key: key, step: .step(0), compatibility: .standard)
    }

    @Test("Files are copied byte for byte; what is no file is refused")
    func copy() throws {
        let content = (0..<700_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        let source = try temporary.write(content, to: "source.bin")
        let file = try folder.copy(
            fileAt: source, subfolder: "images", key: "k", step: .step(3), extension: ".jpg")
        #expect(try readBytes(folder.path + "/" + file.path) == content)
        let sha256 = SHA256.of(content.span.bytes)
        #expect(file.sha256 == sha256)
        for (path, code) in [
            (temporary.path, MediaError.Code.fileUnreadable), (temporary.path("none"), .fileNotFound),
            ("/dev/zero", .fileUnreadable),
        ] {
            let error = #expect(throws: MediaError.self) {
                try folder.copy(fileAt: path, subfolder: "images", key: "k", step: .step(3), extension: ".jpg")
            }
            #expect(error?.code == code)
        }
    }

    @Test("Many writers of equal and different content agree")
    func concurrent() async throws {
        let folder = folder
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<64 {
                group.addTask {
                    _ = try Note(text: "note \(index % 8)").write(
                        to: folder, key: "a/k", step: .step(0), compatibility: .standard)
                }
            }
            try await group.waitForAll()
        }
        #expect(temporary.files().count == 8)
    }
}
