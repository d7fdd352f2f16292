#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension FileContents {
    static func openError(_ path: String, _ number: Int32) -> MediaError {
        let place = MediaError.Location(file: path)
        return switch number {
        case ENOENT: MediaError(.fileNotFound, "there is no such file", hint: "check the path", at: place)
        case ENOTDIR:
            MediaError(.fileNotFound, "a part of the path is not a folder", hint: "check the path", at: place)
        case EACCES, EPERM:
            MediaError(.fileUnreadable, "reading is not permitted", hint: "check its owner and mode (ls -l)", at: place)
        case ELOOP:
            MediaError(.fileUnreadable, "its links lead in a circle", hint: "check where they point (ls -l)", at: place)
        case ENXIO:
            readError(path, "is a socket or a device, not a regular file", hint: "pass \"-\" and pipe the data in")
        case EMFILE, ENFILE:
            MediaError(
                .fileUnreadable, SystemFailure(number: number).words,
                hint: "close files, or raise the limit (ulimit -n)", at: place
            )
        default: readError(path, SystemFailure(number: number).words)
        }
    }

    static func readError(_ name: String, _ message: String, hint: String? = nil) -> MediaError {
        MediaError(
            .fileUnreadable, message, hint: hint ?? "check the disk and try again", at: .init(file: name))
    }
}
