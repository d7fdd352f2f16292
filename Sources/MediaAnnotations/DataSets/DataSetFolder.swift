import MediaCore

/// A folder that no path leaves: files in it are named relative to it, and links that lead out are refused.
struct DataSetFolder: Sendable {
    /// The folder as the caller named it.
    let path: String
    /// The same without links, which is what every file in it must begin with.
    let realPath: String
    /// A folder inside that is no part of it, without links; `nil` for none.
    private var leftOut: String?

    /// - Throws: `file.not-found` when there is no such folder; `file.unreadable`.
    init(path: String) throws(MediaError) {
        guard let realPath = try FileSystem.realPath(of: path), try FileSystem.status(of: path)?.kind == .folder else {
            throw MediaError(.fileNotFound, "there is no such folder", hint: "check the path", at: .init(file: path))
        }
        self.path = path
        self.realPath = realPath
    }

    /// The same without a folder inside; a folder that is not inside leaves nothing out.
    ///
    /// - Parameter folder: Without links.
    func leavingOut(_ folder: String) -> DataSetFolder {
        guard contains(folder) else { return self }
        var copy = self
        copy.leftOut = folder
        return copy
    }

    /// What a relative path leads to.
    enum Place {
        /// A file inside the folder, by the path to open.
        case file(String)
        /// Nothing, or a folder.
        case nothing
        /// Something outside the folder; the words say how.
        case outside(String)
    }

    /// Looks for a file.
    ///
    /// - Parameters:
    ///   - name: A path that a file of the data set holds.
    ///   - folder: Where the path begins, relative to this folder; empty for this folder itself.
    func find(_ name: String, in folder: String = "") -> Place {
        switch Self.joined(folder, name) {
        case .failure(let reason): return .outside(reason.words)
        case .success(let relative):
            let path = path.appendingPath(relative)
            // What cannot be looked at cannot be opened either: it is as good as missing.
            guard let real = try? FileSystem.realPath(of: path), (try? FileSystem.status(of: real))?.kind == .file
            else {
                return .nothing
            }
            if let leftOut, real.isBelow(leftOut) { return .nothing }
            return contains(real) ? .file(path) : .outside("a link leads to \(real)")
        }
    }

    private func contains(_ real: String) -> Bool { real.isBelow(realPath) }

    /// Why a path is refused before anything is looked for.
    struct Refusal: Error {
        let words: String
    }

    /// A path below this folder, without `.` and `..`.
    static func joined(_ folder: String, _ name: String) -> Result<String, Refusal> {
        if name.isEmpty { return .failure(Refusal(words: "the name is empty")) }
        if name.utf8.contains(0) { return .failure(Refusal(words: "the name holds a NUL character")) }
        if name.utf8.first == UInt8(ascii: "/") { return .failure(Refusal(words: "the path is absolute")) }
        if name.utf8.contains(UInt8(ascii: "\\")) {
            return .failure(Refusal(words: "the path has backslashes, which separate nothing here"))
        }
        var parts: [Substring] = []
        for part in (folder + "/" + name).split(separator: "/") where part != "." {
            if part != ".." {
                parts.append(part)
            } else if parts.popLast() == nil {
                return .failure(Refusal(words: "\"..\" leads out of it"))
            }
        }
        return parts.isEmpty
            ? .failure(Refusal(words: "the path names the folder itself")) : .success(parts.joined(separator: "/"))
    }

    /// The relative paths of folders directly in `folder`, and of files that end in one of `endings`; hidden ones are left
    /// out, links to folders not followed. In the order of the bytes of their names.
    func list(_ folder: String, endings: Set<String>) throws(MediaError) -> (folders: [String], files: [String]) {
        let real = folder.isEmpty ? realPath : realPath.appendingPath(folder)
        let path = folder.isEmpty ? path : path.appendingPath(folder)
        var result: (folders: [String], files: [String]) = ([], [])
        for name in try FileSystem.names(inFolder: path) where name.utf8.first != UInt8(ascii: ".") {
            let relative = folder.isEmpty ? name : folder + "/" + name
            if let leftOut, real.appendingPath(name).utf8.elementsEqual(leftOut.utf8) { continue }
            if endings.contains(name.fileEnding) {
                result.files.append(relative)
            } else if try FileSystem.status(of: path.appendingPath(name), followingLinks: false)?.kind == .folder {
                result.folders.append(relative)
            }
        }
        return result
    }
}

extension String {
    /// Whether the path is that of something in a folder, both without links.
    package func isBelow(_ folder: String) -> Bool {
        guard folder != "/" else { return self != "/" }
        return utf8.starts(with: folder.utf8) && utf8.dropFirst(folder.utf8.count).first == UInt8(ascii: "/")
    }

    /// The path without the last dot of the last component and what follows it.
    var withoutPathEnding: String {
        let ending = fileEnding
        return ending.isEmpty && utf8.last != UInt8(ascii: ".")
            ? self : String(decoding: utf8.dropLast(ending.utf8.count + 1), as: UTF8.self)
    }

    /// The folder of a relative path; empty for a file that is in none.
    var parentFolder: String {
        let folder = splitPath.folder
        return folder == "." ? "" : folder
    }
}
