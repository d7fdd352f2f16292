import MediaCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Sees to it that a manifest replaces nothing but a manifest, before a run has done any work.
package enum ManifestPlace {
    /// What the first line of a manifest begins with.
    static let front = Array(#"{"id":""#.utf8)

    /// Checks a name that somebody gave.
    ///
    /// - Throws: `path.invalid` for the name of an input, an output or an archive, which the manifest would replace.
    package static func check(_ path: String) throws(MediaError) {
        guard !path.isEmpty else {
            throw MediaError(.pathInvalid, "the path is empty", hint: "name a file, such as out.jsonl")
        }
        let name = path.splitPath.name
        let ending = name.contains(".") ? name.split(separator: ".").last?.lowercased() ?? "" : ""
        let taken = InputFinder.tensorEndings.union(InputFinder.pictureEndings).union(["tar"])
        guard !taken.contains(ending) else {
            throw MediaError(
                .pathInvalid, "a manifest is lines of JSON, and \(ending) files are something else",
                hint: "name a file, such as out.jsonl", at: .init(file: path))
        }
    }

    /// Checks that what is under the name, if anything, is a manifest or the journal of one.
    ///
    /// - Throws: `file.create-failed`.
    static func checkContent(_ path: String) throws(MediaError) {
        try refuseOthers(path)
        try refuseOthers(path + ".journal")
    }

    private static func refuseOthers(_ path: String) throws(MediaError) {
        // A folder, a device and the like are refused where the file is made.
        guard try FileSystem.status(of: path)?.kind == .file else { return }
        var bytes = [UInt8](repeating: 0, count: front.count)
        var count = 0
        do throws(SystemFailure) {
            var span = bytes.mutableSpan
            var memory = unsafe span.mutableBytes
            count = try FileDescriptor.open(path, flags: O_RDONLY | O_NONBLOCK).read(at: 0, into: &memory)
        } catch {
            throw error.error(.createFailed, "look at the file that the manifest would replace", path: path)
        }
        guard front.starts(with: bytes.prefix(count)) else {
            throw MediaError(
                .createFailed, "the file that stands there is no manifest, and is not replaced",
                hint: "name another with --manifest, or remove the file", at: .init(file: path))
        }
    }
}
