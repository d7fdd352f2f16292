import ImageCoding
import MediaCore
import Synchronization

/// Who may write which file: no output of a run replaces another one or an input, and which input wins does not depend on
/// timing.
///
/// Every input owns its stem from the beginning, the first of two with the same one: `a` of `a.npy` stands for the file
/// `a.png`, `a/` of `a.npz` for the folder of the members. Numbered pictures are checked against the stems when they come.
final class OutputNames: Sendable {
    private let inputs: [ConversionInput]
    private let owners: [TextKey: Int]
    /// The inputs that an output could replace: those that do not end like a tensor file.
    private let replaceable: [FileIdentity: Int]
    /// Folders whose files are frames: what is written there would be a frame of the next run.
    private let frameFolders: [FileIdentity: Int]
    private let copiesPictures: Bool
    /// The paths that inputs at work have taken: stems see to it that no two inputs want the same.
    private let claims = Mutex<[Int: Set<String>]>([:])

    private struct FileIdentity: Hashable {
        let device: UInt64
        let inode: UInt64

        init?(_ path: String) {
            guard let status = try? FileSystem.status(of: path) else { return nil }
            self.init(status)
        }

        init(_ status: FileStatus) {
            device = status.device
            inode = status.inode
        }
    }

    /// - Parameters:
    ///   - inputs: all inputs of the run.
    ///   - copiesPictures: whether picture files keep their names.
    init(_ inputs: [ConversionInput], copiesPictures: Bool) {
        self.inputs = inputs
        self.copiesPictures = copiesPictures
        var owners: [TextKey: Int] = [:]
        owners.reserveCapacity(inputs.count)
        var replaceable: [FileIdentity: Int] = [:]
        var frameFolders: [FileIdentity: Int] = [:]
        for (index, input) in inputs.enumerated() {
            if let status = input.entry?.archive.status { replaceable[FileIdentity(status)] = index }
            if input.isCompanion { continue }
            for stem in input.ownedStems(copiesPictures) {
                let key = TextKey(stem)
                if owners[key] == nil { owners[key] = index }
            }
            if input.isFrameFolder {
                if let folder = FileIdentity(input.path) { frameFolders[folder] = index }
            } else if input.entry == nil, !InputFinder.tensorEndings.contains(input.pathExtension),
                let file = FileIdentity(input.path)
            {
                replaceable[file] = index
            }
        }
        self.owners = owners
        self.replaceable = replaceable
        self.frameFolders = frameFolders
    }

    /// Throws when another input, named earlier, has the stem of this one.
    func check(_ place: Int) throws(MediaError) {
        for stem in inputs[place].ownedStems(copiesPictures) {
            guard let owner = owners[TextKey(stem)], owner != place else { continue }
            guard inputs[owner].name != inputs[place].name else {
                let isTwo = inputs[owner].entry != inputs[place].entry
                throw MediaError(
                    .nameCollision,
                    "\(isTwo ? "the archive has two members of this name" : "the input is there twice")",
                    hint: isTwo ? "write the archive again" : "name it once, alone or by its folder")
            }
            throw collision(stem, owner)
        }
    }

    /// Takes an output's path for an input.
    ///
    /// - Throws: `file.name-collision` when it belongs to another input, or to another tensor of this one.
    ///
    /// - Parameters:
    ///   - path: the output, below the folder.
    ///   - place: the input's place.
    ///   - isCopy: whether the file keeps the ending of the input, so that it is only in the way of encoded pictures of
    ///     the same ending.
    func claim(_ path: String, for place: Int, isCopy: Bool = false) throws(MediaError) {
        let dot = path.utf8.lastIndex(of: UInt8(ascii: ".")) ?? path.endIndex
        let isEncoded = !isCopy || ImageFileType(pathOf: path) != nil
        if isEncoded, let owner = owners[TextKey(String(path[..<dot]))], owner != place { throw collision(path, owner) }
        let isNew = claims.withLock { $0[place, default: []].insert(path).inserted }
        if !isNew { throw collision(path, place) }
    }

    /// Forgets what an input took, once all of it is done.
    func release(_ place: Int) { claims.withLock { _ = $0.removeValue(forKey: place) } }

    /// Throws when the file at `path` is one of the inputs, or would stand among the frames of one.
    func protectInputs(at path: String) throws(MediaError) {
        if !frameFolders.isEmpty, let folder = FileIdentity(path.splitPath.folder), let owner = frameFolders[folder] {
            throw MediaError(
                .nameCollision, "its output \(path) would lie among the frames in \(inputs[owner].path)",
                hint: "write to another place")
        }
        guard !replaceable.isEmpty, let file = FileIdentity(path), let owner = replaceable[file] else { return }
        throw MediaError(
            .nameCollision, "its output \(path) would replace the input \(inputs[owner].path)",
            hint: "write to another place")
    }

    private func collision(_ path: String, _ owner: Int) -> MediaError {
        let shown = path.hasSuffix("/") || path.hasSuffix(":") ? String(path.dropLast()) : path
        return MediaError(
            .nameCollision, "its output \(shown) is also that of \(inputs[owner].name)",
            hint: "rename one of them, or convert them into different folders")
    }
}

extension ConversionInput {
    /// What an input owns from the beginning. Members of one archive share its folder and own their place in it. What a
    /// file of PyTorch holds, one tensor or many, shows later.
    fileprivate func ownedStems(_ copiesPictures: Bool) -> [String] {
        if isFrameFolder { return [stem] }
        if copiesPictures, InputFinder.pictureEndings.contains(pathExtension) {
            return [(entry == nil ? relativePath : ownPath) + ":"]
        }
        if let member { return [(try? outputStem(member: member)) ?? stem + "/" + member] }
        return switch pathExtension {
        case "npz", "safetensors": [stem + "/"]
        case "pt", "pth": [stem, stem + "/"]
        default: [stem]
        }
    }
}
