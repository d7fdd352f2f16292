import MediaCore

/// Removes what killed processes left half written in a folder and all below it.
///
/// Only hidden names of our own making are looked at, and only files that no living process is writing: see
/// ``/MediaCore/TemporaryFile/removeAbandoned(in:)``.
enum AbandonedFiles {
    static func remove(below folder: String) throws(MediaError) {
        var folders = [folder]
        while let folder = folders.popLast() {
            try TemporaryFile.removeAbandoned(in: folder) { name in folders.append(folder.appendingPath(name)) }
        }
    }
}
