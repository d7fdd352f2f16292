import Synchronization

/// Files that are kept open because they are read again and again, the last few of many.
///
/// A run over thousands of archives reads each many times and in turn: it neither opens one for every read nor holds all of
/// them open. Somebody who still reads a file that was let go keeps it open for as long.
package final class OpenFiles: Sendable {
    private struct Entry {
        let path: String
        let file: FileDescriptor
    }

    private let entries = Mutex<[Entry]>([])
    private let most: Int

    /// - Parameter most: how many files stay open.
    package init(most: Int = 16) { self.most = max(1, most) }

    /// The file at `path`, opened now unless it is open.
    ///
    /// - Parameter expected: what it was before. Files that changed since are not read: what is known of their content is
    ///   wrong.
    /// - Throws: `file.unreadable` when it changed; what ``FileContents/openForParts(_:)`` throws.
    package func file(_ path: String, expected: FileStatus) throws(MediaError) -> FileDescriptor {
        let known = entries.withLock { entries -> FileDescriptor? in
            guard let index = entries.firstIndex(where: { $0.path == path }) else { return nil }
            let entry = entries.remove(at: index)
            entries.append(entry)
            return entry.file
        }
        if let known { return known }
        let (file, status) = try FileContents.openForParts(path)
        guard status == expected else {
            throw MediaError(
                .fileUnreadable, "the file was changed after its list of members was read",
                hint: "wait until the program that writes it is done", at: .init(file: path))
        }
        keep(file, of: path)
        return file
    }

    /// Keeps a file that is open already.
    package func keep(_ file: FileDescriptor, of path: String) {
        let dropped = entries.withLock { entries -> Entry? in
            entries.append(Entry(path: path, file: file))
            return entries.count > most ? entries.removeFirst() : nil
        }
        // Closed here, not under the lock.
        _ = dropped
    }
}
