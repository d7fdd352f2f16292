#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A sink that writes a file which appears under its name whole, or not at all.
///
/// The bytes go to a file without a name in the target's folder, which ``commit()`` then links under its name; a process
/// that is killed leaves nothing behind. Where the file system has no such files, a hidden file with an exclusive name
/// stands in, and is renamed. A sink that goes without being committed leaves nothing either way.
///
/// The new file has the permissions of a fresh one (0666 without the umask), also when it replaces another; a symbolic
/// link under the target's name is replaced, not followed.
public final class FileSink: PatchableSink {
    /// What happens when the name is taken at the moment of the commit.
    public enum Overwrite: Sendable {
        /// The old file is replaced; readers see the old bytes or the new ones, never a mixture.
        case replace
        /// The commit fails with `file.name-collision`, and nobody else's file is touched.
        case refuse
    }

    /// What was committed.
    public struct Receipt: Sendable, Hashable {
        /// The path of the file.
        public var path: String
        /// Its size in bytes.
        public var byteCount: Int
        /// The digests that were asked for.
        public var digests: FileDigests

        /// The SHA-256 of the content, when it was asked for.
        public var sha256: Digest? { digests.sha256 }
    }

    /// How many bytes have been written.
    public private(set) var byteCount = 0

    private let folder: FolderHandle
    private let name: String?
    private let overwrite: Overwrite
    private let durable: Bool
    private let temporary: TemporaryFile
    private var buffer: [UInt8] = []
    /// How many bytes have left the buffer.
    private var flushedCount = 0
    private let wanted: FileDigests.Kinds
    private var running: RunningDigests
    /// Whether bytes were replaced after the running digests had seen them.
    private var digestsAreStale = false
    private var failure: MediaError?
    private var sealed: FileDigests?
    private var isCommitted = false

    private static let bufferBytes = 64 << 10

    /// Opens a sink for the file at `path`, whose folder must exist.
    ///
    /// - Parameters:
    ///   - path: The target.
    ///   - digest: Digests to compute on the way.
    ///   - overwrite: What happens when the target exists.
    ///   - durable: Whether the commit waits until the bytes are on the disk itself (fsync).
    /// - Throws: `file.write-failed` when the folder cannot be written to, or when the target is a folder or a device;
    ///   `file.name-collision` when it exists and must not be replaced; `path.invalid`.
    public convenience init(
        path: String, digest: FileDigests.Kinds = [], overwrite: Overwrite = .replace, durable: Bool = false
    ) throws(MediaError) {
        try path.checkPath()
        let (folder, name) = path.splitPath
        try self.init(
            folder: try FolderHandle.open(folder), name: name, digest: digest, overwrite: overwrite, durable: durable)
    }

    /// Opens a sink for a file in `folder`, whose name may be given at the commit.
    package init(
        folder: FolderHandle, name: String?, digest: FileDigests.Kinds, overwrite: Overwrite = .replace,
        durable: Bool = false, strategy: TemporaryFile.Strategy = .automatic
    ) throws(MediaError) {
        self.folder = folder
        self.name = name
        self.overwrite = overwrite
        self.durable = durable
        wanted = digest
        running = RunningDigests(digest)
        if let name { try Self.checkTarget(name, in: folder, overwrite: overwrite) }
        temporary = try TemporaryFile(in: folder, strategy: strategy)
    }

    /// Appends `bytes`.
    ///
    /// - Throws: `file.write-failed` with the reason of the system; the sink cannot be committed after that.
    public func write(_ bytes: RawSpan) throws(MediaError) {
        try checkUsable()
        let count = bytes.byteCount
        if count >= Self.bufferBytes {
            try sendBuffer(and: bytes)
        } else {
            if buffer.count + count > Self.bufferBytes { try flush() }
            if buffer.capacity < Self.bufferBytes, flushedCount > 0 || buffer.count + count > 4096 {
                // Small files never take the whole buffer.
                buffer.reserveCapacity(Self.bufferBytes)
            }
            unsafe bytes.withUnsafeBytes { unsafe buffer.append(contentsOf: $0) }
        }
        byteCount += count
    }

    /// Replaces bytes that were written earlier.
    ///
    /// - Throws: `file.write-failed`; `argument.invalid` when the range reaches past what was written.
    public func overwrite(at offset: Int, with bytes: RawSpan) throws(MediaError) {
        try checkUsable()
        try checkPatch(offset: offset, count: bytes.byteCount, written: byteCount)
        if offset >= flushedCount {
            let start = offset - flushedCount
            unsafe buffer.withUnsafeMutableBytes { target in
                unsafe bytes.withUnsafeBytes { source in
                    unsafe UnsafeMutableRawBufferPointer(rebasing: target[start..<start + source.count])
                        .copyMemory(from: source)
                }
            }
            return
        }
        try flush()
        do throws(SystemFailure) {
            try temporary.file.writeAll(bytes, at: offset)
        } catch {
            throw remember(error.error(.writeFailed, "write the file", path: targetPath))
        }
        digestsAreStale = true
    }

    /// Reads bytes that were written earlier into `buffer` and says how many there were.
    ///
    /// - Throws: `file.unreadable`; `argument.invalid` when `offset` is negative.
    public func read(at offset: Int, into buffer: inout MutableRawSpan) throws(MediaError) -> Int {
        try checkUsable()
        try checkPatch(offset: min(offset, 0), count: 0, written: byteCount)
        guard offset < byteCount else { return 0 }
        try flush()
        return try readBack(at: offset, into: &buffer)
    }

    /// Publishes the file under the path that the sink was opened for.
    ///
    /// - Throws: `file.name-collision`, `file.write-failed`; nothing is left under the name in either case.
    public func commit() throws(MediaError) -> Receipt {
        guard let name else {
            throw MediaError(
                .argumentInvalid, "the sink was opened without a name", hint: "call commit(as:)",
                at: .init(file: folder.path))
        }
        return try commit(as: name)
    }

    /// Publishes the file in the same folder under another name.
    ///
    /// - Parameter name: A name without `/`.
    /// - Throws: as ``commit()``; `path.invalid`.
    public func commit(as name: String) throws(MediaError) -> Receipt {
        let digests = try seal()
        try Self.checkName(name, in: folder)
        let path = folder.path.appendingPath(name)
        let isPublished = try orRemember(path) { () throws(SystemFailure) in
            if durable { try temporary.file.synchronize() }
            return try temporary.publishIfFree(as: name)
        }
        if !isPublished {
            try Self.checkTarget(name, in: folder, overwrite: overwrite)
            _ = try orRemember(path) { () throws(SystemFailure) in
                try temporary.publish(as: name, replacing: overwrite == .replace)
            }
        }
        isCommitted = true
        return Receipt(path: path, byteCount: byteCount, digests: digests)
    }

    private func orRemember<Result>(
        _ path: String, _ body: () throws(SystemFailure) -> Result
    ) throws(MediaError) -> Result {
        do throws(SystemFailure) {
            return try body()
        } catch {
            if error.number == EEXIST, overwrite == .refuse { throw Self.collision(path) }
            throw remember(error.error(.writeFailed, "give the finished file its name", path: path))
        }
    }

    /// Publishes the file in the same folder under a name that is made from its digests.
    public func commit(
        as name: (FileDigests) throws(MediaError) -> String
    ) throws(MediaError) -> Receipt {
        try commit(as: try name(try seal()))
    }

    /// Ends the writing and returns the digests; the file can still be committed, or dropped.
    package func seal() throws(MediaError) -> FileDigests {
        try checkUsable(allowSealed: true)
        if let sealed { return sealed }
        try flush()
        buffer = []
        if digestsAreStale { try recomputeDigests() }
        let digests = running.finish()
        sealed = digests
        return digests
    }
}

extension FileSink {
    private var targetPath: String { name.map(folder.path.appendingPath) ?? folder.path }

    private func checkUsable(allowSealed: Bool = false) throws(MediaError) {
        if let failure { throw failure }
        if isCommitted || (sealed != nil && !allowSealed) {
            throw MediaError(
                .argumentInvalid, "the file is committed already", hint: "open a new sink",
                at: .init(file: targetPath))
        }
    }

    /// Keeps the first failure: what follows a lost write must not be committed.
    private func remember(_ error: MediaError) -> MediaError {
        failure = failure ?? error
        return error
    }

    private func flush() throws(MediaError) {
        guard !buffer.isEmpty else { return }
        try sendBuffer(and: RawSpan())
    }

    /// Writes what is in the buffer, and `bytes` behind it.
    private func sendBuffer(and bytes: RawSpan) throws(MediaError) {
        var full: [UInt8] = []
        swap(&full, &buffer)
        defer {
            full.removeAll(keepingCapacity: true)
            swap(&full, &buffer)
        }
        let waiting = unsafe full.span.bytes
        do throws(SystemFailure) {
            try temporary.file.writeAll(waiting, bytes)
        } catch {
            throw remember(error.error(.writeFailed, "write the file", path: targetPath))
        }
        flushedCount += waiting.byteCount + bytes.byteCount
        guard !digestsAreStale else { return }
        running.update(waiting)
        running.update(bytes)
    }

    private func readBack(at offset: Int, into buffer: inout MutableRawSpan) throws(MediaError) -> Int {
        var count = 0
        do throws(SystemFailure) {
            count = try temporary.file.read(at: offset, into: &buffer)
        } catch {
            throw remember(error.error(.fileUnreadable, "read back what was written", path: targetPath))
        }
        return count
    }

    private func recomputeDigests() throws(MediaError) {
        running = RunningDigests(wanted)
        guard !wanted.isEmpty else { return }
        var block = [UInt8](repeating: 0, count: 256 << 10)
        var offset = 0
        while offset < byteCount {
            var span = block.mutableSpan
            var bytes = unsafe span.mutableBytes
            let count = try readBack(at: offset, into: &bytes)
            guard count > 0 else {
                throw remember(
                    MediaError(
                        .writeFailed,
                        "the file was cut short while it was written: \(offset) of \(byteCount) bytes are left",
                        at: .init(file: targetPath)))
            }
            unsafe running.update(block.span.extracting(0..<count).bytes)
            offset += count
        }
        digestsAreStale = false
    }

    private static func collision(_ path: String) -> MediaError {
        MediaError(
            .nameCollision, "a file with this name exists already",
            hint: "choose another name or allow it to be replaced",
            at: .init(file: path))
    }

    private static func checkName(_ name: String, in folder: FolderHandle) throws(MediaError) {
        guard !name.isEmpty, name != ".", name != "..", !name.utf8.contains(UInt8(ascii: "/")), !name.utf8.contains(0)
        else {
            throw MediaError(
                .pathInvalid, "this is not the name of a file", hint: "name a file",
                at: .init(file: folder.path.appendingPath(name)))
        }
    }

    /// Finds out before the work what would fail after it.
    private static func checkTarget(
        _ name: String, in folder: FolderHandle, overwrite: Overwrite
    ) throws(MediaError) {
        try checkName(name, in: folder)
        let path = folder.path.appendingPath(name)
        let status: FileStatus?
        do throws(SystemFailure) {
            guard name.utf8.count <= 255 else { throw SystemFailure(number: ENAMETOOLONG) }
            status = try folder.status(of: name)
        } catch {
            throw error.error(.writeFailed, "create the file", path: path)
        }
        guard let status else { return }
        var kind = status.kind
        // Replacing /dev/stdout would leave the machine without it: a link counts as what is behind it, and one to an open
        // file as a device even when the standard output is a file.
        if kind == .link {
            kind = folder.isLinkToOpenFile(name) ? .other : (try? FileSystem.status(of: path))?.kind ?? .file
        }
        switch kind {
        case .folder:
            throw SystemFailure(number: EISDIR).error(.writeFailed, "create the file", path: path)
        case .other:
            throw MediaError(
                .writeFailed, "cannot create the file: a device, pipe or socket stands there",
                hint: "write to standard output and redirect it", at: .init(file: path))
        case .file, .link:
            if overwrite == .refuse { throw collision(path) }
        }
    }
}
