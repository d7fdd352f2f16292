#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// An open file or folder; closed when it goes.
package final class FileDescriptor: Sendable {
    /// The number.
    package let number: Int32

    /// Takes over an open descriptor.
    package init(taking number: Int32) { self.number = number }

    deinit { _ = close(number) }

    /// Closes a copy of it to hear what the system thinks: network file systems report lost writes only there.
    package func checkWrites() throws(SystemFailure) {
        let copy = dup(number)
        guard copy >= 0 else { throw .last }
        if close(copy) != 0, errno != EINTR { throw .last }
    }
}

/// What a path leads to.
package struct FileStatus: Sendable, Equatable {
    /// The kinds of things a path can lead to, as far as this package tells them apart.
    package enum Kind: Sendable { case file, folder, link, other }

    /// The kind.
    package var kind: Kind
    /// The size in bytes.
    package var byteCount: Int
    /// The device and the number of the file on it: equal for two names of one file.
    package var device: UInt64, inode: UInt64
    /// When the content changed last, in nanoseconds since 1970.
    package var modified: Int64

    /// Whether both are one file or folder, under whatever names.
    package func isSameFile(as other: FileStatus) -> Bool { device == other.device && inode == other.inode }

    init(_ status: stat) {
        kind =
            switch status.st_mode & S_IFMT {
            case S_IFREG: .file
            case S_IFDIR: .folder
            case S_IFLNK: .link
            default: .other
            }
        byteCount = Int(status.st_size)
        device = UInt64(truncatingIfNeeded: status.st_dev)
        inode = UInt64(truncatingIfNeeded: status.st_ino)
        #if canImport(Darwin)
            let time = status.st_mtimespec
        #else
            let time = status.st_mtim
        #endif
        modified = Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
    }
}

extension FileDescriptor {
    /// Opens `name` relative to `folder`. Always close-on-exec.
    package static func open(
        _ name: String, in folder: FileDescriptor, flags: Int32, mode: UInt32 = 0
    ) throws(SystemFailure) -> FileDescriptor {
        try open(name, inFolderNumber: folder.number, flags: flags, mode: mode)
    }

    /// Opens `path` from the working folder. Always close-on-exec.
    package static func open(
        _ path: String, flags: Int32, mode: UInt32 = 0
    ) throws(SystemFailure) -> FileDescriptor {
        try open(path, inFolderNumber: AT_FDCWD, flags: flags, mode: mode)
    }

    private static func open(
        _ name: String, inFolderNumber folder: Int32, flags: Int32, mode: UInt32
    ) throws(SystemFailure) -> FileDescriptor {
        while true {
            let number = unsafe openat(folder, name, flags | O_CLOEXEC, mode_t(truncatingIfNeeded: mode))
            if number >= 0 { return FileDescriptor(taking: number) }
            if errno != EINTR { throw .last }
        }
    }

    /// Writes all of `bytes` at the position of the descriptor.
    package func writeAll(_ bytes: RawSpan) throws(SystemFailure) {
        try Self.writeAll(bytes, to: number)
    }

    /// Writes all of `bytes` at the position of a descriptor that somebody else owns.
    package static func writeAll(_ bytes: RawSpan, to number: Int32) throws(SystemFailure) {
        try unsafe bytes.withUnsafeBytes { (buffer) throws(SystemFailure) in
            var done = 0
            while done < buffer.count {
                let start = unsafe buffer.baseAddress.map { unsafe $0 + done }
                let written = unsafe write(number, start, min(buffer.count - done, 1 << 30))
                if written > 0 {
                    done += written
                } else if written == 0 {
                    // No progress and no reason: treat as an error of the device instead of trying for ever.
                    throw SystemFailure(number: EIO)
                } else if errno == EAGAIN || errno == EWOULDBLOCK {
                    var wait = pollfd(fd: number, events: Int16(POLLOUT), revents: 0)
                    _ = unsafe poll(&wait, 1, -1)
                } else if errno != EINTR {
                    throw .last
                }
            }
        }
    }

    /// Writes all of two pieces at the position of the descriptor, in one call of the system where that takes all.
    package func writeAll(_ first: RawSpan, _ second: RawSpan) throws(SystemFailure) {
        var done = 0
        if first.byteCount > 0, second.byteCount > 0, second.byteCount < 1 << 30 {
            done = unsafe first.withUnsafeBytes { first in
                unsafe second.withUnsafeBytes { second in
                    // Only read from.
                    let pieces = unsafe [first, second].map {
                        unsafe iovec(
                            iov_base: UnsafeMutableRawPointer(mutating: $0.baseAddress), iov_len: $0.count)
                    }
                    return unsafe max(0, writev(number, pieces, 2))
                }
            }
        }
        // A failure shows again, with its reason, when the rest is written.
        if done < first.byteCount { try writeAll(first.extracting(done...)) }
        let rest = max(0, done - first.byteCount)
        if rest < second.byteCount { try writeAll(second.extracting(rest...)) }
    }

    /// Writes all of `bytes` at an offset; the position stays.
    package func writeAll(_ bytes: RawSpan, at offset: Int) throws(SystemFailure) {
        try unsafe bytes.withUnsafeBytes { (buffer) throws(SystemFailure) in
            var done = 0
            while done < buffer.count {
                let start = unsafe buffer.baseAddress.map { unsafe $0 + done }
                let written = unsafe pwrite(
                    number, start, min(buffer.count - done, 1 << 30), off_t(offset + done))
                if written > 0 {
                    done += written
                } else if written == 0 {
                    throw SystemFailure(number: EIO)
                } else if errno != EINTR {
                    throw .last
                }
            }
        }
    }

    /// Reads at an offset until `buffer` is full or the file ends; returns how many bytes there were.
    package func read(at offset: Int, into buffer: inout MutableRawSpan) throws(SystemFailure) -> Int {
        try unsafe buffer.withUnsafeMutableBytes { (buffer) throws(SystemFailure) in
            var done = 0
            while done < buffer.count {
                let start = unsafe buffer.baseAddress.map { unsafe $0 + done }
                let got = unsafe pread(number, start, min(buffer.count - done, 1 << 30), off_t(offset + done))
                if got > 0 {
                    done += got
                } else if got == 0 {
                    break
                } else if errno != EINTR {
                    throw .last
                }
            }
            return done
        }
    }

    /// What the descriptor stands for.
    package func status() throws(SystemFailure) -> FileStatus {
        var status = stat()
        guard unsafe fstat(number, &status) == 0 else { throw .last }
        return FileStatus(status)
    }

    /// Waits until the content is on the disk itself.
    package func synchronize() throws(SystemFailure) {
        while fsync(number) != 0 {
            if errno != EINTR { throw .last }
        }
    }
}
