import MediaCore
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The bytes of outputs that wait to be placed: in memory, and in a file without a name where that would be too much.
///
/// How many inputs are at work is bounded, but one of them can be a batch of any length.
final class WaitingBytes: Sendable {
    private struct State {
        var bytesInMemory = 0
        var bytesInFile = 0
        /// Where the next output goes in the file.
        var end = 0
        var file: TemporaryFile?
    }

    private let folder: String
    private let budget: Int
    private let state = Mutex(State())

    /// - Parameters:
    ///   - folder: where the file is made when it is needed.
    ///   - budget: how many bytes may be in memory.
    init(folder: String, budget: Int) {
        self.folder = folder
        self.budget = budget
    }

    /// Keeps the bytes of an output; on any thread.
    ///
    /// - Throws: `file.write-failed`.
    func keep(_ bytes: [UInt8], for output: inout StoredOutput) throws(MediaError) {
        let count = bytes.count
        let place = try state.withLock { (state) throws(MediaError) -> (file: FileDescriptor, offset: Int)? in
            if count <= budget - state.bytesInMemory {
                state.bytesInMemory += count
                return nil
            }
            let file: TemporaryFile
            if let known = state.file {
                file = known
            } else {
                file = try TemporaryFile(in: try FolderHandle.open(folder), strategy: .automatic)
                state.file = file
            }
            state.bytesInFile += count
            state.end += count
            return (file.file, state.end - count)
        }
        guard let place else {
            output.bytes = bytes
            return
        }
        do throws(SystemFailure) {
            try unsafe place.file.writeAll(bytes.span.bytes, at: place.offset)
        } catch {
            throw error.error(.writeFailed, "write outputs that wait", path: folder)
        }
        output.waiting = place.offset..<(place.offset + count)
    }

    /// Hands over the bytes of an output, from where they are.
    func give(
        _ output: ConversionOutcome.Output, to take: (RawSpan) throws(MediaError) -> Void
    ) throws(MediaError) {
        if let bytes = output.bytes { return try unsafe take(bytes.span.bytes) }
        guard let range = output.waiting, let file = state.withLock({ $0.file?.file }) else {
            throw MediaError(.writeFailed, "the bytes of an output are gone", at: .init(file: output.path))
        }
        var block = [UInt8](repeating: 0, count: min(range.count, 1 << 18))
        var offset = range.lowerBound
        while offset < range.upperBound {
            let count = min(block.count, range.upperBound - offset)
            var span = block.mutableSpan
            var memory = unsafe span.mutableBytes
            do throws(SystemFailure) {
                guard try file.read(at: offset, into: &memory) >= count else { throw SystemFailure(number: EIO) }
            } catch {
                throw error.error(.writeFailed, "read back outputs that wait", path: folder)
            }
            try unsafe take(block.span.extracting(first: count).bytes)
            offset += count
        }
    }

    /// Forgets that so many bytes wait in memory.
    func releaseMemory(_ byteCount: Int) { state.withLock { $0.bytesInMemory -= byteCount } }

    /// Forgets an output's bytes in the file, which begins anew when nothing in it waits any more.
    func releaseFile(_ output: ConversionOutcome.Output) {
        guard let range = output.waiting else { return }
        state.withLock { state in
            state.bytesInFile -= range.count
            guard state.bytesInFile == 0, let file = state.file else { return }
            state.end = 0
            // Only room on the disk is lost when this fails.
            _ = ftruncate(file.file.number, 0)
        }
    }
}
