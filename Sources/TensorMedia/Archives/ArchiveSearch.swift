import MediaCore
import TensorIO

/// Puts the files in tar archives in the place of the archives, when inputs are looked for.
struct ArchiveSearch {
    /// Which files are inputs by their endings.
    let isWanted: (_ input: ConversionInput) -> Bool
    /// Whether what is no input comes along with its sample.
    let keepsCompanions: Bool
    let limits: Limits
    /// The archives that were read last stay open for the run.
    private let files = OpenFiles()

    init(keepsCompanions: Bool, limits: Limits, isWanted: @escaping (_ input: ConversionInput) -> Bool) {
        self.isWanted = isWanted
        self.keepsCompanions = keepsCompanions
        self.limits = limits
    }

    /// Whether an input is an archive whose files are inputs.
    static func isArchive(_ input: ConversionInput) -> Bool {
        input.entry == nil && input.path != "-" && input.pathExtension == "tar"
    }

    /// Appends the files of the archive `input` that are wanted, or the one that its member names.
    ///
    /// - Parameter isNamed: whether the user named the archive, who expects something to be in it then.
    /// - Throws: what reading the list throws; `argument.invalid` when nothing in it is wanted.
    func append(_ input: ConversionInput, isNamed: Bool, to result: inout InputFinder.Result) throws(MediaError) {
        let archive = try TARArchive(path: input.path, limits: limits, files: files)
        result.notes += archive.findings.map { .init(name: input.path, finding: $0) }
        if let member = input.member {
            try append(member, of: archive, input, to: &result)
            return
        }
        result.failures += archive.refusals.map(\.error)
        if archive.specialCount > 0 {
            // GNU tar stores a file that has two names once, so this can be a sample.
            let finding = Finding.warning(
                .unsupported, "left out: \(archive.specialCount) of its members are links, devices or of unknown kinds",
                hint: "write the archive with --dereference --hard-dereference")
            result.notes.append(.init(name: input.path, finding: finding))
        }
        var leftOut: [String: Int] = [:]
        var count = 0
        for member in archive.members {
            var file = self.input(member, of: archive, input)
            if isWanted(file) {
                count += 1
            } else {
                leftOut[file.pathExtension, default: 0] += 1
                guard keepsCompanions else { continue }
                file.entry?.isCompanion = true
            }
            append(file, to: &result)
        }
        if let damage = archive.damage { result.failures.append(damage) }
        if count == 0, isNamed, archive.damage == nil {
            throw MediaError(
                .argumentInvalid,
                archive.members.isEmpty
                    ? "the archive holds no file"
                    : "there is no tensor among the files of the archive, \(archive.members.count) in all",
                hint: "files ending in .npy, .npz, .safetensors, .pt or .pth are taken, pictures if asked for")
        }
        if !leftOut.isEmpty { result.leftOut.append(.init(name: input.path, counts: leftOut)) }
    }

    /// The files that a member's name stands for: one, one tensor of one, or those that fit a pattern.
    private func append(
        _ member: String, of archive: TARArchive, _ input: ConversionInput, to result: inout InputFinder.Result
    ) throws(MediaError) {
        let name = member.hasPrefix("./") ? String(member.dropFirst(2)) : member
        if let found = archive.members.first(where: { $0.name == name }) {
            return append(self.input(found, of: archive, input), to: &result)
        }
        for (file, tensor) in name.membersAfterColons {
            guard let found = archive.members.first(where: { $0.name == file }) else { continue }
            var one = self.input(found, of: archive, input)
            one.member = tensor
            return append(one, to: &result)
        }
        if let refusal = archive.refusals.first(where: { $0.name == member }) { throw refusal.error }
        let before = result.inputs.count
        if Glob.isPattern(name) {
            let glob = Glob(name)
            for found in archive.members where glob.matches(found.name) {
                let file = self.input(found, of: archive, input)
                let isPicture = InputFinder.pictureEndings.contains(file.pathExtension)
                if isPicture || isWanted(file) { append(file, to: &result) }
            }
        }
        guard result.inputs.count == before else { return }
        if let damage = archive.damage { throw damage }
        let known = archive.members.prefix(8).map { "\"\($0.name)\"" }.joined(separator: ", ")
        throw MediaError(
            .argumentInvalid, "there is no file \"\(name)\" in the archive that could be taken",
            hint: known.isEmpty ? "it is empty" : "it holds \(known)\(archive.members.count > 8 ? ", …" : "")")
    }

    private func input(
        _ member: TARArchive.Member, of archive: TARArchive, _ input: ConversionInput
    ) -> ConversionInput {
        var file = input
        file.member = nil
        file.entry = ArchiveEntry(archive: archive, member: member)
        return file
    }

    private func append(_ input: ConversionInput, to result: inout InputFinder.Result) {
        do throws(MediaError) {
            // Whether its name can be one of files shows now, not for each output.
            if let name = input.entry?.name { _ = try MediaKey(name, compatibility: .standard) }
            result.inputs.append(input)
        } catch {
            result.failures.append(error.inFile(input.name))
        }
    }
}
