public import MediaCore

/// One thing to convert: a file, or one member of an archive.
public struct ConversionInput: Sendable, Hashable {
    /// The file's path; `-` is standard input.
    public var path: String
    /// Which tensor of the file; `nil` for all of them.
    public var member: String?
    /// The path below the input that was named, with its ending: it decides the output's place.
    public var relativePath: String

    /// Creates an input.
    public init(path: String, member: String? = nil, relativePath: String) {
        self.path = path
        self.member = member
        self.relativePath = relativePath
    }

    /// What messages call it: the path, or `archive:member`.
    public var name: String { member.map { "\(path):\($0)" } ?? path }

    /// The relative path without the ending: where the outputs of the whole file go.
    var stem: String {
        let (folder, name) = relativePath.splitPath
        guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return relativePath }
        let base = String(name[..<dot])
        return folder == "." && !relativePath.hasPrefix("./") ? base : folder.appendingPath(base)
    }
}

/// Turns what a user names into inputs: files, folders (with all below them), patterns, `archive:member`, `-`.
public struct InputFinder: Sendable {
    /// The endings of files that are taken from folders.
    public static let tensorEndings: Set<String> = ["npy", "npz", "safetensors", "pt", "pth"]

    /// Whether files with other endings in folders are taken too: a raw form was given for them.
    public var takesEveryFile: @Sendable (_ relativePath: String) -> Bool

    /// Creates a finder.
    public init(takesEveryFile: @escaping @Sendable (_ relativePath: String) -> Bool = { _ in false }) {
        self.takesEveryFile = takesEveryFile
    }

    /// The inputs that `argument` names, in the order of their names' bytes.
    ///
    /// - Throws: `file.not-found` when there is nothing of that name or nothing fits the pattern; `file.unreadable`;
    ///   `argument.invalid` for a folder without tensor files.
    public func find(_ argument: String) throws(MediaError) -> [ConversionInput] {
        if argument == "-" { return [ConversionInput(path: "-", relativePath: "stdin")] }
        switch try FileSystem.status(of: argument)?.kind {
        case .folder?:
            let found = try walk(argument, below: "")
            guard !found.isEmpty else {
                throw MediaError(
                    .argumentInvalid, "there is no tensor file in the folder",
                    hint:
                        "files ending in .npy, .npz, .safetensors, .pt or .pth are taken; name others one by one, with --raw for bare numbers",
                    at: .init(file: argument))
            }
            return found
        case _?:
            return [ConversionInput(path: argument, relativePath: argument.splitPath.name)]
        case nil:
            break
        }
        if let colon = argument.lastIndex(of: ":"), colon > argument.startIndex {
            let path = String(argument[..<colon])
            if try FileSystem.status(of: path) != nil {
                return [
                    ConversionInput(
                        path: path, member: String(argument[argument.index(after: colon)...]),
                        relativePath: path.splitPath.name)
                ]
            }
        }
        if Glob.isPattern(argument) {
            let found = try matches(argument)
            if !found.isEmpty { return found }
        }
        throw MediaError(
            .fileNotFound, Glob.isPattern(argument) ? "no file fits the pattern" : "there is no such file",
            hint: "check the name", at: .init(file: argument))
    }

    /// All tensor files below a folder. Hidden files are left out; links to folders are not followed, so that no circle
    /// can hold the search.
    private func walk(_ folder: String, below relative: String) throws(MediaError) -> [ConversionInput] {
        var found: [ConversionInput] = []
        for name in try FileSystem.names(inFolder: folder) where !name.hasPrefix(".") {
            let path = folder.appendingPath(name)
            let relativePath = relative.isEmpty ? name : relative + "/" + name
            switch try FileSystem.status(of: path, followingLinks: false)?.kind {
            case .folder?: found += try walk(path, below: relativePath)
            case nil: continue
            default:
                let ending = name.split(separator: ".", omittingEmptySubsequences: false).last.map(String.init) ?? ""
                if Self.tensorEndings.contains(ending.lowercased()) || takesEveryFile(relativePath) {
                    found.append(ConversionInput(path: path, relativePath: relativePath))
                }
            }
        }
        return found
    }

    /// The files that fit a pattern: everything below its fixed beginning is looked at.
    private func matches(_ pattern: String) throws(MediaError) -> [ConversionInput] {
        var fixed: [Substring] = []
        let parts = pattern.split(separator: "/", omittingEmptySubsequences: false)
        for part in parts.dropLast() {
            if Glob.isPattern(String(part)) { break }
            fixed.append(part)
        }
        let root = fixed.isEmpty ? "." : fixed == [""] ? "/" : fixed.joined(separator: "/")
        guard try FileSystem.status(of: root)?.kind == .folder else { return [] }
        let rest = parts[fixed.count...].joined(separator: "/")
        let glob = Glob(rest.contains("/") ? rest : "./" + rest)
        let depth = rest.contains("**") ? Int.max : rest.split(separator: "/").count
        return try candidates(root, below: "", depth: depth).filter {
            glob.matches(rest.contains("/") ? $0.relativePath : "./" + $0.relativePath)
        }
    }

    private func candidates(_ folder: String, below relative: String, depth: Int) throws(MediaError)
        -> [ConversionInput]
    {
        var found: [ConversionInput] = []
        for name in try FileSystem.names(inFolder: folder) where !name.hasPrefix(".") {
            let path = folder == "." ? name : folder.appendingPath(name)
            let relativePath = relative.isEmpty ? name : relative + "/" + name
            if try FileSystem.status(of: path, followingLinks: false)?.kind == .folder {
                if depth > 1 { found += try candidates(path, below: relativePath, depth: depth - 1) }
            } else {
                found.append(ConversionInput(path: path, relativePath: relativePath))
            }
        }
        return found
    }
}
