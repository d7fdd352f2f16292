#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A system call that failed: its number, and the words and the advice that go with it.
package struct SystemFailure: Error, Equatable, Sendable {
    /// The value of `errno`.
    package let number: Int32

    /// A failure with this number.
    package init(number: Int32) { self.number = number }

    /// The failure of the call that just returned on this thread.
    package static var last: SystemFailure { SystemFailure(number: errno) }

    /// What happened, in words.
    package var words: String {
        switch number {
        case ENOSPC: "the disk is full"
        case EDQUOT: "the disk quota is used up"
        case EFBIG: "the file would be larger than allowed here"
        case EROFS: "the file system is read-only"
        case EACCES, EPERM: "permission denied"
        case ENOENT: "no such file or folder"
        case ENOTDIR: "a part of the path is a file, not a folder"
        case EISDIR: "a folder stands there"
        case ENAMETOOLONG: "the name is too long"
        case ELOOP: "a symbolic link stands in the way, or links go round in circles"
        case EEXIST: "it exists already"
        case EPIPE: "the reader closed the pipe"
        case EMFILE, ENFILE: "too many files are open"
        case ENOMEM: "out of memory"
        case EIO: "the device reported an error"
        case ETXTBSY, EBUSY: "it is in use"
        case EXDEV: "it is on another file system"
        default: systemText
        }
    }

    /// What to do about it.
    package var hint: String? {
        switch number {
        case ENOSPC: "free some space or write to another disk"
        case EDQUOT: "delete files or ask for more quota"
        case EFBIG: "raise the file size limit (ulimit -f) or use another file system"
        case EROFS: "write to another folder"
        case EACCES, EPERM: "check the permissions of the folder, or write to another one"
        case ENOENT: "create the folder first, or check the path"
        case ENOTDIR: "check the path"
        case EISDIR: "name a file inside that folder"
        case ENAMETOOLONG: "use a shorter name"
        case ELOOP: "use the path behind the link"
        case EEXIST: "choose another name or allow it to be replaced"
        case EMFILE, ENFILE: "raise the limit of open files (ulimit -n)"
        case ENOMEM: "close other programs or use smaller batches"
        default: nil
        }
    }

    /// The system's own words.
    private var systemText: String {
        guard let text = unsafe strerror(number) else { return "system error \(number)" }
        return unsafe String(cString: text).lowercased()
    }

    /// Whether the next file in the same place would fail like this one: the disk is full, read-only or broken.
    package var outlastsFile: Bool { [ENOSPC, EDQUOT, EROFS, EIO].contains(number) }

    /// Whether the reader of a pipe is gone.
    package var isClosedPipe: Bool { number == EPIPE }

    /// The failure as a typed error: `cannot write the file: the disk is full`.
    ///
    /// - Parameters:
    ///   - code: The code; a missing file and a bad name keep codes of their own when it is `file.unreadable`.
    ///   - action: What could not be done, after "cannot": `write the file`.
    package func error(_ code: MediaError.Code, _ action: String, path: String?) -> MediaError {
        MediaError(code, "cannot \(action): \(words)", hint: hint, at: .init(file: path), underlying: self)
    }
}

extension SystemFailure: CustomStringConvertible {
    /// The words and the number.
    package var description: String { "\(words) (errno \(number))" }
}

extension MediaError {
    /// The failure of the system behind this error, when there is one.
    package var systemFailure: SystemFailure? { underlying as? SystemFailure }
}

extension String {
    /// Throws when the path cannot be handed to the system: it is empty or holds a NUL, which would cut it short.
    package func checkPath() throws(MediaError) {
        if isEmpty {
            throw MediaError(.pathInvalid, "the path is empty", hint: "name a file")
        }
        if utf8.contains(0) {
            throw MediaError(
                .pathInvalid, "the path holds a NUL character", hint: "remove it", at: .init(file: self))
        }
    }

    /// The folder part and the last component of a path; `.` when there is no folder part.
    package var splitPath: (folder: String, name: String) {
        guard let slash = utf8.lastIndex(of: UInt8(ascii: "/")) else { return (".", self) }
        let folder = slash == startIndex ? "/" : String(self[..<slash])
        return (folder, String(self[index(after: slash)...]))
    }

    /// What follows the last dot of the last component, in lower case; empty when there is none, or nothing before it.
    package var fileEnding: String {
        let name = splitPath.name
        guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")), dot > name.startIndex else { return "" }
        return name[name.index(after: dot)...].lowercased()
    }

    /// The path with another component behind it.
    package func appendingPath(_ component: String) -> String {
        if isEmpty || self == "." { return component }
        return utf8.last == UInt8(ascii: "/") ? self + component : self + "/" + component
    }
}
