#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The folder that holds a run's files: media get their names here.
///
/// A file is called `media/<subfolder>/<key>_<step>_<first 20 hexadecimal digits of its SHA-256><extension>`, appears
/// whole, and is never written twice with the same bytes. Keys and symbolic links do not lead out of the folder. Safe to
/// use from many threads and processes at once.
public final class MediaFolder: Sendable {
    /// The path of the folder.
    public let path: String

    private let folder: FolderHandle
    private let strategy: TemporaryFile.Strategy

    /// Opens a folder, making it and those above it when they are missing.
    ///
    /// - Throws: `file.write-failed`, `path.invalid`.
    public convenience init(path: String) throws(MediaError) {
        try self.init(path: path, strategy: .automatic)
    }

    package init(path: String, strategy: TemporaryFile.Strategy) throws(MediaError) {
        try FileSystem.makeFolders(path)
        self.path = path
        self.strategy = strategy
        folder = try FolderHandle.open(path)
    }

    /// Writes one file and names it after its content.
    ///
    /// - Parameters:
    ///   - subfolder: The folder below `media` that belongs to the kind, such as `images` or `images/mask`.
    ///   - key: The key, which may hold slashes; see ``MediaKey``.
    ///   - step: The place in the history.
    ///   - fileExtension: The extension with its dot, such as `.png`; may be empty.
    ///   - compatibility: Whose rules make names from keys.
    ///   - role: What the file is for.
    ///   - content: Writes the content into the sink that it is given; its result is handed on.
    /// - Throws: `path.invalid` for a key that cannot be a name; `file.write-failed`; what `content` throws. The folder
    ///   holds no new file then.
    public func write<Result>(
        subfolder: String, key: String, step: MediaStep, extension fileExtension: String,
        compatibility: Compatibility = .standard, role: MediaRecord.File.Role = .media,
        content: (any PatchableSink) throws(MediaError) -> Result
    ) throws(MediaError) -> (file: MediaRecord.File, result: Result) {
        let key = try MediaKey(key, compatibility: compatibility)
        guard !fileExtension.utf8.contains(where: { $0 == UInt8(ascii: "/") || $0 == 0 }) else {
            throw MediaError(.pathInvalid, "\"\(fileExtension)\" is not an extension", hint: "use one like .png")
        }
        let digestLength = 20
        let nameLength = key.stem.utf8.count + step.description.utf8.count + digestLength + 2 + fileExtension.utf8.count
        guard nameLength <= 255, key.folders.allSatisfy({ $0.utf8.count <= 255 }) else {
            throw MediaError(
                .pathInvalid, "the key makes a file name of \(nameLength) bytes, file systems take 255",
                hint: "use a shorter key", at: .init(field: "key"))
        }
        let names =
            ["media"] + subfolder.split(separator: "/").map(String.init).filter { $0 != "." && $0 != ".." }
            + key.folders
        var target = folder
        for name in names { target = try target.openFolder(name) }

        let sink = try FileSink(folder: target, name: nil, digest: .sha256, strategy: strategy)
        let result = try content(sink)
        guard let digest = try sink.seal().sha256 else {
            throw MediaError(.argumentInvalid, "the sink computed no digest")
        }
        let name = "\(key.stem)_\(step)_\(digest.hex.prefix(digestLength))\(fileExtension)"
        let isShared = Self.holds(digest: digest, byteCount: sink.byteCount, name, in: target)
        if !isShared { _ = try sink.commit(as: name) }
        return (
            MediaRecord.File(
                path: (names + [name]).joined(separator: "/"), sha256: digest, byteCount: sink.byteCount, role: role,
                isShared: isShared),
            result
        )
    }

    /// Copies a file byte for byte and names it after its content.
    ///
    /// - Throws: as ``write(subfolder:key:step:extension:compatibility:role:content:)``; `file.not-found` and
    ///   `file.unreadable` for the source, which must be a regular file.
    public func copy(
        fileAt source: String, subfolder: String, key: String, step: MediaStep, extension fileExtension: String,
        compatibility: Compatibility = .standard, role: MediaRecord.File.Role = .media
    ) throws(MediaError) -> MediaRecord.File {
        try source.checkPath()
        let input: FileDescriptor
        do throws(SystemFailure) {
            // Without O_NONBLOCK, opening a pipe that nobody writes to would wait.
            input = try .open(source, flags: O_RDONLY | O_NONBLOCK)
        } catch {
            throw error.error(error.number == ENOENT ? .fileNotFound : .fileUnreadable, "read the file", path: source)
        }
        guard (try? input.status())?.kind == .file else {
            throw MediaError(
                .fileUnreadable, "this is not a regular file", hint: "name a file", at: .init(file: source))
        }
        return try write(
            subfolder: subfolder, key: key, step: step, extension: fileExtension, compatibility: compatibility,
            role: role
        ) { (sink) throws(MediaError) in
            try Self.forEachBlock(of: input, path: source) { (block) throws(MediaError) in try sink.write(block) }
        }.file
    }

    /// Whether a regular file of that name has this content: the name alone is a claim that a crash or a user may have
    /// made untrue.
    private static func holds(digest: Digest, byteCount: Int, _ name: String, in folder: FolderHandle) -> Bool {
        guard
            let file = try? FileDescriptor.open(
                name, in: folder.descriptor, flags: O_RDONLY | O_NOFOLLOW | O_NONBLOCK),
            let status = try? file.status(), status.kind == .file, status.byteCount == byteCount
        else { return false }
        var found = SHA256()
        do throws(MediaError) {
            try forEachBlock(of: file, path: name) { (block) throws(MediaError) in found.update(block) }
        } catch {
            return false
        }
        return found.finalize() == digest
    }

    private static func forEachBlock(
        of file: FileDescriptor, path: String, _ body: (RawSpan) throws(MediaError) -> Void
    ) throws(MediaError) {
        var block = [UInt8](repeating: 0, count: 256 << 10)
        var offset = 0
        while true {
            var count = 0
            do throws(SystemFailure) {
                var span = block.mutableSpan
                var bytes = unsafe span.mutableBytes
                count = try file.read(at: offset, into: &bytes)
            } catch {
                throw error.error(.fileUnreadable, "read the file", path: path)
            }
            guard count > 0 else { return }
            try unsafe body(block.span.bytes.extracting(0..<count))
            offset += count
        }
    }
}
