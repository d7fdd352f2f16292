import MediaCore
import Synchronization

/// Files of boxes for several pictures: a JSON list with an entry for each, which is what a file for one picture holds, or
/// `null` for a picture without boxes. A file is read once.
final class FrameBoxes: Sendable {
    private let limits: Limits
    private let lists = Mutex<[String: [JSONValue]]>([:])

    init(limits: Limits) { self.limits = limits }

    /// What a file says of one picture, as a file of its own.
    ///
    /// - Throws: what reading throws; `argument.invalid` for what is no list with an entry for each picture.
    func boxes(
        of file: AnnotationFiles.File, at index: Int, of count: Int
    ) throws(MediaError) -> FileContents {
        let list = try lists.withLock { (lists) throws(MediaError) in
            if let list = lists[file.path] { return list }
            let list = try read(file.path)
            lists[file.path] = list
            return list
        }
        guard list.count == count, list.indices.contains(index) else {
            throw MediaError(
                .argumentInvalid, "the file has boxes for \(list.count) pictures, there are \(count)",
                hint: Self.hint, at: .init(file: file.path))
        }
        let entry = list[index] == .null ? .array([]) : list[index]
        return FileContents(bytes: try JSONWriter.bytes(entry), name: file.path)
    }

    private func read(_ path: String) throws(MediaError) -> [JSONValue] {
        let limits = limits
        let json: JSONValue
        do throws(MediaError) {
            json = try FileContents.open(path, limits: limits).withBytes { (bytes) throws(MediaError) in
                try JSONReader.parse(bytes, limits: limits)
            }
        } catch {
            throw error.inFile(path)
        }
        guard let list = json.array, !list.contains(where: { $0["position"] != nil }) else {
            throw MediaError(
                .argumentInvalid, "the boxes of one picture lie beside several", hint: Self.hint,
                at: .init(file: path))
        }
        return list
    }

    private static let hint = "give a list with an entry for each picture, null where there is none"
}
