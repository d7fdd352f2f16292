import MediaAnnotations
import MediaCore

/// Keeps outputs inside their folder, and away from the files that they are made of.
struct OutputBounds {
    /// The folder, without links.
    private let folder: String
    /// Folders whose files are not replaced, without links.
    private let kept: [String]
    /// Folders below that were looked at.
    private var known: Set<String> = []

    /// - Parameters:
    ///   - folder: the folder of the outputs, which exists.
    ///   - folders: those of the inputs, without links. Where one of them holds the folder of the outputs, all that is in the
    ///     latter counts as output.
    /// - Throws: `file.name-collision` when it is one of those of the inputs; `file.not-found`, `file.unreadable`.
    init(folder: String, keeping folders: [String]) throws(MediaError) {
        guard let real = try FileSystem.realPath(of: folder) else {
            throw MediaError(.fileNotFound, "there is no such folder", hint: "check the path", at: .init(file: folder))
        }
        if folders.contains(where: { $0.utf8.elementsEqual(real.utf8) }) {
            throw MediaError(
                .nameCollision, "the outputs would lie among the pictures of the data set",
                hint: "write to another folder, or to one inside it", at: .init(file: folder))
        }
        self.folder = real
        kept = folders.filter { !real.isBelow($0) }
    }

    /// Throws unless an output may be written.
    ///
    /// - Parameter path: below the folder, without `.` and `..`.
    /// - Throws: `path.invalid` where a link leads out of the folder; `file.name-collision` where a file of the inputs is.
    mutating func check(_ path: String) throws(MediaError) {
        var place = ""
        for part in path.split(separator: "/").dropLast() {
            place = place.isEmpty ? String(part) : place + "/" + part
            guard !known.contains(place) else { continue }
            let expected = folder.appendingPath(place)
            guard let real = try FileSystem.realPath(of: expected) else { break }
            guard real.utf8.elementsEqual(expected.utf8) else {
                throw MediaError(
                    .pathInvalid, "a link in the folder of the outputs leads to \(real)",
                    hint: "write to another folder",
                    at: .init(file: expected))
            }
            known.insert(place)
        }
        let output = folder.appendingPath(path)
        guard kept.contains(where: output.isBelow), try FileSystem.status(of: output, followingLinks: false) != nil
        else {
            return
        }
        throw MediaError(
            .nameCollision, "its output \(output) would replace a file of the data set", hint: "write to another folder"
        )
    }
}
