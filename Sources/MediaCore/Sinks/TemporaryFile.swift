#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The file behind a ``FileSink`` until it gets its name.
package final class TemporaryFile {
    /// How the file exists before it has a name.
    package enum Strategy: Sendable {
        /// Without a name where that works, else hidden.
        case automatic
        /// Under a hidden name.
        case hidden
    }

    /// The open file, at the end of what was written.
    package let file: FileDescriptor
    private let folder: FolderHandle
    /// The hidden name, which must be renamed or removed; nil while the file has none.
    private var hiddenName: String?

    /// Creates an empty file in `folder`.
    ///
    /// - Throws: `file.write-failed`.
    package init(in folder: FolderHandle, strategy: Strategy) throws(MediaError) {
        self.folder = folder
        if strategy == .automatic, let nameless = Self.openNameless(in: folder) {
            file = nameless
            return
        }
        do throws(SystemFailure) {
            (file, hiddenName) = try Self.openHidden(in: folder)
        } catch {
            throw error.error(.writeFailed, "create a file in the folder", path: folder.path)
        }
    }

    deinit {
        if let hiddenName { folder.remove(hiddenName) }
    }

    /// Gives the finished file its name when it had none and the name is free; `false` when it is still to be published.
    ///
    /// Nothing can be replaced this way, so nobody has to look first at what stands there.
    package func publishIfFree(as name: String) throws(SystemFailure) -> Bool {
        guard hiddenName == nil else { return false }
        try file.checkWrites()
        do throws(SystemFailure) {
            try link(as: name)
            return true
        } catch {
            guard error.number == EEXIST else { throw error }
            return false
        }
    }

    /// Gives the finished file its name.
    ///
    /// - Throws: EEXIST when the name is taken and `replacing` is false; the file can be published again then.
    package func publish(as name: String, replacing: Bool) throws(SystemFailure) {
        try file.checkWrites()
        if hiddenName == nil {
            do throws(SystemFailure) {
                try link(as: name)
                return
            } catch {
                guard error.number == EEXIST, replacing else { throw error }
            }
            // Linking cannot replace: take a hidden name first, then rename over the old file.
            _ = flock(file.number, LOCK_EX | LOCK_NB)
            hiddenName = try Self.tryHiddenNames { (candidate) throws(SystemFailure) in
                try link(as: candidate)
                return candidate
            }
        }
        guard let hidden = hiddenName else { return }
        if replacing {
            try folder.rename(hidden, to: name)
        } else {
            try folder.renameExclusively(hidden, to: name)
        }
        hiddenName = nil
    }

    /// Opens a file that has no name; nil where the file system, the kernel or a missing `/proc` do not allow it, and
    /// for every other failure too: the hidden file that is tried next reports it.
    private static func openNameless(in folder: FolderHandle) -> FileDescriptor? {
        #if os(Linux)
            // The macro of the C library is not imported: __O_TMPFILE, the same number on x86-64 and arm64.
            let nameless: Int32 = 0o20_000_000 | O_DIRECTORY
            guard canLinkOpenFiles else { return nil }
            return try? FileDescriptor.open(".", in: folder.descriptor, flags: nameless | O_RDWR, mode: 0o666)
        #else
            return nil
        #endif
    }

    /// Whether open files have paths to link from; in a sandbox `/proc` may be missing.
    private static let canLinkOpenFiles = unsafe access("/proc/self/fd", F_OK) == 0

    private static func openHidden(in folder: FolderHandle) throws(SystemFailure) -> (FileDescriptor, String) {
        try tryHiddenNames { (name) throws(SystemFailure) in
            let file = try FileDescriptor.open(
                name, in: folder.descriptor, flags: O_RDWR | O_CREAT | O_EXCL, mode: 0o666)
            // Tells others that somebody is at work. Where there are no locks, nobody can take one either.
            _ = flock(file.number, LOCK_EX | LOCK_NB)
            return (file, name)
        }
    }

    /// Calls `body` with hidden names until one is free.
    private static func tryHiddenNames<R>(
        _ body: (String) throws(SystemFailure) -> R
    ) throws(SystemFailure) -> R {
        var attempts = 0
        while true {
            let digits = String(UInt64.random(in: .min ... .max), radix: 16)
            do throws(SystemFailure) {
                return try body(namePrefix + digits)
            } catch {
                attempts += 1
                guard error.number == EEXIST, attempts < 16 else { throw error }
            }
        }
    }

    private static let namePrefix = ".tensor-media-"

    /// Removes the hidden files of processes that ended without removing them.
    ///
    /// A living process holds a lock on each of its hidden files.
    ///
    /// - Parameters:
    ///   - path: a folder; one that is not there has nothing to remove.
    ///   - visitFolder: called with the name of each folder in it.
    /// - Throws: `file.unreadable` when it cannot be listed.
    package static func removeAbandoned(
        in path: String, visitFolder: (String) -> Void
    ) throws(MediaError) {
        guard try FileSystem.status(of: path)?.kind == .folder else { return }
        let folder = try FolderHandle.open(path)
        for name in try FileSystem.names(inFolder: path) {
            guard name.hasPrefix(namePrefix) else {
                if let kind = try? folder.status(of: name)?.kind, kind == .folder { visitFolder(name) }
                continue
            }
            let digits = name.utf8.dropFirst(namePrefix.utf8.count)
            guard (1...16).contains(digits.count), UInt64(name.dropFirst(namePrefix.count), radix: 16) != nil,
                let file = try? FileDescriptor.open(
                    name, in: folder.descriptor, flags: O_RDONLY | O_NOFOLLOW | O_NONBLOCK),
                (try? file.status().kind) == .file, flock(file.number, LOCK_EX | LOCK_NB) == 0
            else { continue }
            folder.remove(name)
        }
    }

    private func link(as name: String) throws(SystemFailure) {
        let source = Self.path(of: file)
        let folder = folder.descriptor.number
        if unsafe linkat(AT_FDCWD, source, folder, name, AT_SYMLINK_FOLLOW) != 0 { throw .last }
    }

    private static func path(of file: FileDescriptor) -> String { "/proc/self/fd/\(file.number)" }
}
