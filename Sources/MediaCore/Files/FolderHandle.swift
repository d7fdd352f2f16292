#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// An open folder: names are looked up in it, wherever it is moved to meanwhile.
package final class FolderHandle: Sendable {
    /// The path, as the caller named it.
    package let path: String
    /// The folder itself.
    package let descriptor: FileDescriptor

    private init(path: String, descriptor: FileDescriptor) {
        self.path = path
        self.descriptor = descriptor
    }

    /// Opens a folder.
    ///
    /// - Throws: `file.write-failed` when it is missing, not a folder, or not ours to open.
    package static func open(_ path: String) throws(MediaError) -> FolderHandle {
        try path.checkPath()
        do throws(SystemFailure) {
            return FolderHandle(path: path, descriptor: try .open(path, flags: O_RDONLY | O_DIRECTORY))
        } catch {
            throw error.error(.writeFailed, "open the folder", path: path)
        }
    }

    /// Opens the folder `name` inside this one, making it when it is missing. A symbolic link is not followed.
    package func openFolder(_ name: String) throws(MediaError) -> FolderHandle {
        let inner = path.appendingPath(name)
        try name.checkPath()
        do throws(SystemFailure) {
            let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW
            do throws(SystemFailure) {
                return FolderHandle(path: inner, descriptor: try .open(name, in: descriptor, flags: flags))
            } catch {
                guard error.number == ENOENT else { throw error }
            }
            if unsafe mkdirat(descriptor.number, name, 0o777) != 0, errno != EEXIST { throw .last }
            return FolderHandle(path: inner, descriptor: try .open(name, in: descriptor, flags: flags))
        } catch {
            // A link to a folder shows as "not a folder" (Linux) or as a loop (macOS).
            if error.number == ELOOP || error.number == ENOTDIR, (try? status(of: name))?.kind == .link {
                throw MediaError(
                    .writeFailed, "cannot open the folder: it is a symbolic link, which is not followed here",
                    hint: "replace the link with a folder", at: .init(file: inner))
            }
            throw error.error(.writeFailed, "make the folder", path: inner)
        }
    }

    /// Whether the folder has not been removed since it was opened.
    package var isThere: Bool {
        var status = stat()
        return unsafe fstat(descriptor.number, &status) == 0 && status.st_nlink > 0
    }

    /// What `name` in this folder is, links themselves; nil when there is nothing.
    package func status(of name: String) throws(SystemFailure) -> FileStatus? {
        var status = stat()
        if unsafe fstatat(descriptor.number, name, &status, AT_SYMLINK_NOFOLLOW) == 0 { return FileStatus(status) }
        if errno == ENOENT { return nil }
        throw .last
    }

    /// Whether `name` is a link to a descriptor of the process that follows it, as `/dev/stdout` is.
    package func isLinkToOpenFile(_ name: String) -> Bool {
        var start = [UInt8](repeating: 0, count: 8)
        let count = unsafe start.withUnsafeMutableBytes { memory in
            guard let place = unsafe memory.bindMemory(to: CChar.self).baseAddress else { return 0 }
            return unsafe readlinkat(descriptor.number, name, place, memory.count)
        }
        let text = start.prefix(max(0, count))
        // Linux: /proc/self/fd/1; macOS: fd/1.
        return text.starts(with: "/proc/".utf8) || text.starts(with: "fd/".utf8)
    }

    /// Renames within this folder, over what is there.
    package func rename(_ name: String, to newName: String) throws(SystemFailure) {
        if unsafe renameat(descriptor.number, name, descriptor.number, newName) != 0 { throw .last }
    }

    /// Renames within this folder; fails with EEXIST when the new name is taken, without a moment in between.
    package func renameExclusively(_ name: String, to newName: String) throws(SystemFailure) {
        let folder = descriptor.number
        #if canImport(Darwin)
            if unsafe renameatx_np(folder, name, folder, newName, UInt32(RENAME_EXCL)) == 0 { return }
            guard errno == ENOTSUP || errno == EINVAL else { throw .last }
        #endif
        if unsafe linkat(folder, name, folder, newName, 0) == 0 {
            remove(name)
            return
        }
        guard [EPERM, ENOTSUP, EOPNOTSUPP, ENOSYS, EINVAL].contains(errno) else { throw .last }
        // FAT has no hard links either: take the name with an empty file, then rename over that.
        _ = try FileDescriptor.open(newName, in: descriptor, flags: O_WRONLY | O_CREAT | O_EXCL, mode: 0o666)
        do throws(SystemFailure) {
            try rename(name, to: newName)
        } catch {
            remove(newName)
            throw error
        }
    }

    /// Removes a file of this folder; a missing one is fine.
    package func remove(_ name: String) {
        _ = unsafe unlinkat(descriptor.number, name, 0)
    }
}
