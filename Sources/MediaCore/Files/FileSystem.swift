#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Questions and orders to the file system, with typed errors that say what to do.
package enum FileSystem {
    /// What a path leads to, through links unless told otherwise; nil when there is nothing.
    package static func status(of path: String, followingLinks: Bool = true) throws(MediaError) -> FileStatus? {
        try path.checkPath()
        var status = stat()
        if unsafe (followingLinks ? stat(path, &status) : lstat(path, &status)) == 0 { return FileStatus(status) }
        if errno == ENOENT || errno == ENOTDIR { return nil }
        throw SystemFailure.last.error(.fileUnreadable, "look at the file", path: path)
    }

    /// The absolute path of what a path leads to, without links, `.` and `..`; nil when there is nothing.
    package static func realPath(of path: String) throws(MediaError) -> String? {
        try path.checkPath()
        guard let real = unsafe realpath(path, nil) else {
            if errno == ENOENT || errno == ENOTDIR || errno == ELOOP { return nil }
            throw SystemFailure.last.error(.fileUnreadable, "look at the file", path: path)
        }
        defer { unsafe free(real) }
        return unsafe String(cString: real)
    }

    /// Makes a folder and those above it, as far as they are missing.
    package static func makeFolders(_ path: String) throws(MediaError) {
        try path.checkPath()
        // Nearly always the folder is there, or its parent is.
        var missing: [String] = []
        var current = path
        while true {
            if unsafe mkdir(current, 0o777) == 0 { break }
            let failure = SystemFailure.last
            if failure.number == EEXIST || failure.number == EISDIR { break }
            guard failure.number == ENOENT else {
                // A read-only parent refuses even what exists already.
                if try status(of: current)?.kind == .folder { break }
                throw failure.error(.writeFailed, "make the folder", path: current)
            }
            let parent = current.splitPath.folder
            guard parent != current, !parent.isEmpty else {
                throw failure.error(.writeFailed, "make the folder", path: current)
            }
            missing.append(current)
            current = parent
        }
        for folder in missing.reversed() where unsafe mkdir(folder, 0o777) != 0 {
            let failure = SystemFailure.last
            guard failure.number == EEXIST else { throw failure.error(.writeFailed, "make the folder", path: folder) }
        }
        guard try status(of: path)?.kind == .folder else {
            throw SystemFailure(number: ENOTDIR).error(.writeFailed, "make the folder", path: path)
        }
    }

    /// Removes a file.
    package static func removeFile(_ path: String) throws(MediaError) {
        try path.checkPath()
        if unsafe unlink(path) != 0 { throw SystemFailure.last.error(.writeFailed, "remove the file", path: path) }
    }

    /// The names in a folder without `.` and `..`, sorted by their bytes so that every run sees one order.
    ///
    /// - Throws: `file.unreadable`; `path.invalid` never: names that are not UTF-8 come with replacement characters.
    package static func names(inFolder path: String) throws(MediaError) -> [String] {
        try path.checkPath()
        guard let folder = unsafe opendir(path) else {
            throw SystemFailure.last.error(.fileUnreadable, "list the folder", path: path)
        }
        defer { unsafe closedir(folder) }
        var names: [String] = []
        while true {
            errno = 0
            guard let entry = unsafe readdir(folder) else {
                guard errno == 0 else {
                    throw SystemFailure.last.error(.fileUnreadable, "list the folder", path: path)
                }
                break
            }
            // The name runs past the declared array on some systems: reach it from the entry's own address.
            let offset = MemoryLayout<dirent>.offset(of: \dirent.d_name) ?? 0
            let start = unsafe UnsafeRawPointer(entry) + offset
            let name = unsafe String(cString: start.assumingMemoryBound(to: CChar.self))
            if name != ".", name != ".." { names.append(name) }
        }
        // Swift compares strings by canonical equivalence; bytes are what the file system has.
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}
