import MediaCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What the system lets this process do and see.
enum SystemAccess {
    /// The first program of this name in PATH; a name with a slash stands for itself. `nil` when there is none.
    static func program(_ name: String) -> String? {
        if name.utf8.contains(UInt8(ascii: "/")) { return isProgram(name) ? name : nil }
        for folder in (variable("PATH") ?? "").split(separator: ":", omittingEmptySubsequences: false) {
            let path = (folder.isEmpty ? "." : String(folder)) + "/" + name
            if isProgram(path) { return path }
        }
        return nil
    }

    private static func isProgram(_ path: String) -> Bool {
        guard let status = try? FileSystem.status(of: path), status.kind == .file else { return false }
        return unsafe access(path, X_OK) == 0
    }

    private static func variable(_ name: String) -> String? {
        guard let text = unsafe getenv(name) else { return nil }
        return unsafe String(cString: text)
    }
}

extension BenchmarkOptions {
    /// The interpreter's path; `nil` when there is no such program.
    package var programPath: String? { SystemAccess.program(python ?? "python3") }
}
