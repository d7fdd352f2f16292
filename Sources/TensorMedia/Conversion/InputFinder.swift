import AudioCoding
import ImageCoding
public import MediaCore

/// Turns what a user names into inputs: files, folders (with all below them), patterns, `archive:member`, `-`.
///
/// A tar archive stands for the tensor files in it, each an input of its own: `shard.tar` for all, `shard.tar:00012.npy` for
/// one, `shard.tar:*.depth.npy` for some.
public struct InputFinder: Sendable {
    /// The endings of files that are taken from folders.
    public static let tensorEndings: Set<String> = ["npy", "npz", "safetensors", "pt", "pth"]
    /// The endings of picture files, which are taken from folders when that is asked for.
    public static let pictureEndings = Set(ImageHeader.FileFormat.allCases.flatMap(\.pathExtensions))

    /// The endings of sound files, likewise.
    public static let soundEndings = Set(SoundFileKind.allCases.flatMap(\.endings))

    /// What was found, and what could not be.
    public struct Result: Sendable {
        /// The inputs, in the order of the arguments and of the bytes of their names.
        public var inputs: [ConversionInput] = []
        /// Arguments that stand for nothing, folders that cannot be listed.
        public var failures: [MediaError] = []
        /// What is odd about archives and stops nothing.
        public var notes: [ConversionOutcome.Note] = []
        /// What was not taken from archives, because it is no tensor.
        public var leftOut: [LeftOut] = []

        /// Files of masks and boxes that were met in folders and are no inputs.
        fileprivate var sidecars: [ConversionInput] = []

        /// Files of an archive that are no inputs.
        public struct LeftOut: Sendable, Hashable {
            /// The archive.
            public var name: String
            /// How many of each ending.
            public var counts: [String: Int]
        }

        /// The folder that the outputs go to, when it is there.
        fileprivate var outputFolder: FileStatus?

        fileprivate mutating func append(_ input: ConversionInput) {
            var input = input
            input.shareFolder(of: inputs.last)
            inputs.append(input)
        }
    }

    /// Whether picture files in folders are taken too.
    public var takesPictures: Bool
    /// Whether sound files in folders are taken too.
    public var takesSounds = false
    /// Whether members of tar archives that are no inputs are among the inputs all the same, as companions, so that samples
    /// of a shard stay whole: see ``ConversionInput/isCompanion``.
    public var keepsCompanions = false
    /// Whether masks and boxes beside an input belong to it: `x.mask.npy` and `x.boxes.json` to `x.npy`, and
    /// `x.truth.mask.npy` as the group `truth`. They are inputs of their own otherwise.
    public var pairsAnnotations = false
    /// Whether a folder that is named, or fits a pattern, is one clip whose frames are the files in it; it stands for the
    /// inputs below it otherwise.
    public var takesFoldersAsFrames = false
    /// The folder that the outputs will go to. It is left out of other folders, where a run that is made again would
    /// otherwise convert what it wrote; the notes tell of files in it.
    public var outputFolder: String?
    /// What is accepted of an archive's list.
    public var limits = Limits.default
    /// Whether files with other endings in folders are taken too: a raw form was given for them.
    public var takesEveryFile: @Sendable (_ relativePath: String) -> Bool

    /// Creates a finder.
    public init(
        takesPictures: Bool = false,
        takesEveryFile: @escaping @Sendable (_ relativePath: String) -> Bool = { _ in false }
    ) {
        self.takesPictures = takesPictures
        self.takesEveryFile = takesEveryFile
    }

    /// The inputs that `arguments` name.
    ///
    /// Failures are `file.not-found` when there is nothing of that name or nothing fits the pattern, `file.unreadable`,
    /// and `argument.invalid` for a folder without tensor files. Hidden files are left out of folders; links to folders are
    /// not followed there, so that no circle can hold the search.
    public func find(_ arguments: [String]) -> Result {
        let search = ArchiveSearch(keepsCompanions: keepsCompanions, limits: limits, isWanted: isWanted)
        var result = Result()
        result.outputFolder = outputFolder.flatMap { try? FileSystem.status(of: $0) }
        for argument in arguments {
            let before = result.inputs.count
            do throws(MediaError) {
                try find(argument, &result)
            } catch {
                result.failures.append(error.inFile(argument))
            }
            if result.inputs[before...].contains(where: ArchiveSearch.isArchive) {
                openArchives(from: before, of: argument, with: search, &result)
            }
        }
        if pairsAnnotations { AnnotationPairs.attach(to: &result.inputs, sidecars: result.sidecars) }
        return result
    }

    /// Puts the files in archives in the place of the archives.
    private func openArchives(
        from start: Int, of argument: String, with search: ArchiveSearch, _ result: inout Result
    ) {
        let found = Array(result.inputs[start...])
        result.inputs.removeSubrange(start...)
        for input in found {
            guard ArchiveSearch.isArchive(input) else {
                result.append(input)
                continue
            }
            do throws(MediaError) {
                let isNamed = input.path == argument || input.member != nil
                try search.append(input, isNamed: isNamed, to: &result)
            } catch {
                result.failures.append(error.inFile(input.path))
            }
        }
    }

    private func find(_ argument: String, _ result: inout Result) throws(MediaError) {
        if argument == "-" {
            result.inputs.append(ConversionInput(path: "-", relativePath: "stdin"))
            return
        }
        switch try FileSystem.status(of: argument)?.kind {
        case .folder? where takesFoldersAsFrames:
            result.append(ConversionInput(frameFolder: argument))
            return
        case .folder?: return try findInFolder(argument, &result)
        case _?:
            var input = ConversionInput(path: argument, relativePath: argument.splitPath.name)
            if pairsAnnotations { AnnotationPairs.look(beside: &input) }
            result.inputs.append(input)
            return
        case nil: break
        }
        let splits = argument.membersAfterColons
        for (path, member) in splits {
            guard let kind = try FileSystem.status(of: path)?.kind, kind != .folder else { continue }
            result.inputs.append(ConversionInput(path: path, member: member, relativePath: path.splitPath.name))
            return
        }
        if try findMatches(of: argument, member: nil, &result) { return }
        for (pattern, member) in splits where try findMatches(of: pattern, member: member, &result) { return }
        throw MediaError(
            .fileNotFound, Glob.isPattern(argument) ? "no file fits the pattern" : "there is no such file",
            hint: "check the name", at: .init(file: argument)
        ).ofUnreadableName(argument)
    }

    private func findInFolder(_ folder: String, _ result: inout Result) throws(MediaError) {
        let before = (result.inputs.count, result.failures.count)
        walk(folder, below: "", &result)
        guard before == (result.inputs.count, result.failures.count) else { return }
        let kinds = ["tensor"] + (takesPictures ? ["picture"] : []) + (takesSounds ? ["sound"] : [])
        throw MediaError(
            .argumentInvalid,
            "there is no \(kinds.joined(separator: " or ")) file in the folder",
            hint:
                "files ending in .npy, .npz, .safetensors, .pt, .pth or .tar are taken, picture and sound files when that is asked for; name others one by one, give a raw form, or take the folder as the frames of one clip",
            at: .init(file: folder))
    }

    /// All wanted files below a folder.
    private func walk(_ folder: String, below relative: String, _ result: inout Result) {
        visit(folder, below: relative, &result) { (input, isFolder, result) in
            if isFolder {
                walk(input.path, below: input.relativePath, &result)
            } else if isWanted(input) {
                result.append(input)
            } else if pairsAnnotations, AnnotationPairs.isSidecar(input) {
                result.sidecars.append(input)
            }
        }
    }

    private func isWanted(_ input: ConversionInput) -> Bool {
        let ending = input.pathExtension
        return (ending == "tar" && input.entry == nil) || Self.tensorEndings.contains(ending)
            || (takesPictures && Self.pictureEndings.contains(ending))
            || (takesSounds && Self.soundEndings.contains(ending))
            || takesEveryFile(input.entry?.name ?? input.relativePath)
    }

    /// Calls `body` with everything in a folder that is not hidden.
    private func visit(
        _ folder: String, below relative: String, _ result: inout Result,
        _ body: (_ input: ConversionInput, _ isFolder: Bool, _ result: inout Result) -> Void
    ) {
        var names: [String] = []
        do throws(MediaError) {
            names = try FileSystem.names(inFolder: folder)
        } catch {
            result.failures.append(error)
        }
        for name in names where name.utf8.first != UInt8(ascii: ".") {
            let path = folder == "." ? name : folder.appendingPath(name)
            do throws(MediaError) {
                let status = try FileSystem.status(of: path, followingLinks: false)
                let input = ConversionInput(
                    path: path, relativePath: relative.isEmpty ? name : relative + "/" + name)
                if let status, result.outputFolder?.isSameFile(as: status) == true {
                    leaveOut(input, &result)
                } else {
                    body(input, status?.kind == .folder, &result)
                }
            } catch {
                result.failures.append(error)
            }
        }
    }

    /// Notes which files of the folder would be inputs if the outputs did not go there.
    private func leaveOut(_ folder: ConversionInput, _ result: inout Result) {
        var all = Result()
        walk(folder.path, below: folder.relativePath, &all)
        let count = all.inputs.count
        guard count > 0 else { return }
        let finding = Finding.warning(
            .nameCollision, "left out with \(count == 1 ? "1 file" : "\(count) files"): the outputs go there",
            hint: "write to another place to convert what is there")
        result.notes.append(.init(name: folder.path, finding: finding))
    }

    // MARK: Patterns

    /// Takes the files that fit a pattern, and the wanted files of folders that fit; `false` when nothing does.
    private func findMatches(of pattern: String, member: String?, _ result: inout Result) throws(MediaError) -> Bool {
        guard Glob.isPattern(pattern) else { return false }
        let parts = pattern.split(separator: "/", omittingEmptySubsequences: false)
        let fixed = parts.dropLast().prefix { !Glob.isPattern(String($0)) }
        let root = fixed.isEmpty ? "." : fixed == [""] ? "/" : fixed.joined(separator: "/")
        guard try FileSystem.status(of: root)?.kind == .folder else { return false }
        let rest = parts[fixed.count...].joined(separator: "/")
        let glob = Glob("./" + rest)
        let depth = rest.contains("**") ? Int.max : rest.utf8.count { $0 == UInt8(ascii: "/") } + 1
        let before = result.inputs.count
        collect(root, below: "", depth: depth, glob, &result)
        for index in before..<result.inputs.count { result.inputs[index].member = member }
        return result.inputs.count > before
    }

    private func collect(
        _ folder: String, below relative: String, depth: Int, _ glob: Glob, _ result: inout Result
    ) {
        visit(folder, below: relative, &result) { (input, isFolder, result) in
            let fits = glob.matches("./" + input.relativePath)
            if !isFolder {
                guard fits else { return }
                var input = input
                if pairsAnnotations { AnnotationPairs.look(beside: &input) }
                result.append(input)
            } else if fits, takesFoldersAsFrames {
                result.append(ConversionInput(frameFolder: input.path))
            } else if fits {
                walk(input.path, below: input.relativePath, &result)
            } else if depth > 1 {
                collect(input.path, below: input.relativePath, depth: depth - 1, glob, &result)
            }
        }
    }
}

extension String {
    /// Every way to read the text as `file:member`, the shortest file first: names may hold colons too.
    var membersAfterColons: [(file: String, member: String)] {
        indices.filter { self[$0] == ":" && $0 > startIndex && index(after: $0) < endIndex }.map {
            (String(self[..<$0]), String(self[index(after: $0)...]))
        }
    }
}
