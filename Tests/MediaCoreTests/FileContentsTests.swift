import Foundation
import MediaCore
import TestSupport
import Testing

@Suite("Reading files")
struct FileContentsTests {
    private func all(_ contents: FileContents) -> [UInt8] {
        contents.withBytes { bytes in bytes.withUnsafeBytes { [UInt8]($0) } }
    }

    @Test("read, mapped and empty files give the same bytes as the file", arguments: [0, 100, Int.max])
    func contents(_ mappedFrom: Int) throws {
        let folder = try TemporaryFolder()
        var limits = Limits()
        limits.mappedFileBytes = mappedFrom
        for bytes in [[], [7], (0..<100_000).map { UInt8(truncatingIfNeeded: $0 * 7) }] as [[UInt8]] {
            let path = try folder.write(bytes, to: "a.bin")
            let contents = try FileContents.open(path, limits: limits)
            #expect(contents.byteCount == bytes.count && contents.name == path)
            #expect(firstDifference(all(contents), bytes) == nil)
        }
    }

    @Test("what cannot be read says why and what to do")
    func errors() throws {
        let folder = try TemporaryFolder()
        func code(_ path: String) -> MediaError.Code? {
            let error = #expect(throws: MediaError.self) { try FileContents.open(path) }
            #expect(error?.hint != nil)
            return error?.code
        }
        #expect(code(folder.path("none")) == .fileNotFound)
        #expect(code(try folder.write([1], to: "file") + "/below") == .fileNotFound)
        #expect(code(folder.path) == .fileUnreadable)
        #expect(code("") == .pathInvalid)
        #expect(code("a\0b") == .pathInvalid)
        try FileManager.default.createSymbolicLink(atPath: folder.path("loop"), withDestinationPath: "loop")
        #expect(code(folder.path("loop")) == .fileUnreadable)
        #expect(mkfifo(folder.path("pipe"), 0o600) == 0)
        #expect(code(folder.path("pipe")) == .fileUnreadable)
    }

    @Test("a pipe is read to its end, and no further than the limit")
    func streams() throws {
        for limit in [200_000, 199_999] {
            let pipe = Pipe()
            let sent = [UInt8](repeating: 5, count: 200_000)
            Thread.detachNewThread {
                try? pipe.fileHandleForWriting.write(contentsOf: Data(sent))
                try? pipe.fileHandleForWriting.close()
            }
            var limits = Limits()
            limits.streamedBytes = limit
            let descriptor = pipe.fileHandleForReading.fileDescriptor
            if limit == 200_000 {
                #expect(all(try FileContents.read(descriptor: descriptor, limits: limits)) == sent)
            } else {
                let error = #expect(throws: MediaError.self) {
                    try FileContents.read(descriptor: descriptor, limits: limits)
                }
                #expect(error?.code == .limitExceeded && error?.location.file == "<stdin>")
            }
            // The writer must not wait for ever for somebody who stopped reading.
            _ = try? pipe.fileHandleForReading.readToEnd()
        }
    }
}
