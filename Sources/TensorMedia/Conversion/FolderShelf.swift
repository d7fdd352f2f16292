import MediaCore
import Synchronization

/// Folders that outputs go to, kept open: nearly every output goes where one before it went.
final class FolderShelf: Sendable {
    private let open = Mutex<[FolderHandle]>([])

    /// How many folders are kept; workers are seldom in more at a time.
    private static let most = 16

    /// The folder at `path`.
    ///
    /// - Parameter makesIt: whether it and those above it are made when they are missing.
    /// - Throws: `file.write-failed`.
    func open(_ path: String, makesIt: Bool) throws(MediaError) -> FolderHandle {
        let known = open.withLock { open in open.first { $0.path == path && $0.isThere } }
        if let known { return known }
        if makesIt { try FileSystem.makeFolders(path) }
        let folder = try FolderHandle.open(path)
        open.withLock { open in
            open.removeAll { $0.path == path }
            if open.count == Self.most { open.removeFirst() }
            open.append(folder)
        }
        return folder
    }
}
