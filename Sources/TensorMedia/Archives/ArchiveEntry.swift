import MediaCore
import TensorIO

/// A file in a tar archive, as an input.
///
/// All entries of an archive share its list and its open file.
struct ArchiveEntry: Sendable, Hashable {
    let archive: TARArchive
    /// What it is in the archive.
    let member: TARArchive.Member
    /// Whether it is nothing to convert: it only goes with its sample into an archive.
    var isCompanion = false
    /// Whether outputs keep the member's path and key, as in an archive of samples, instead of going into a folder of the
    /// archive's name.
    var isBare = false

    /// The path in the archive.
    var name: String { member.name }

    static func == (left: ArchiveEntry, right: ArchiveEntry) -> Bool {
        left.archive == right.archive && left.member == right.member && left.isBare == right.isBare
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(archive)
        hasher.combine(member.offset)
    }
}

extension String {
    /// The sample that a file belongs to, as WebDataset has it: the path up to the first dot of the file's name. A name
    /// without a dot, or that begins with one, is a sample of its own.
    package var sampleKey: String {
        let name = utf8.lastIndex(of: UInt8(ascii: "/")).map { utf8.index(after: $0) } ?? startIndex
        guard let dot = self[name...].utf8.firstIndex(of: UInt8(ascii: ".")), dot > name else { return self }
        return String(self[..<dot])
    }

    /// The path without the ending of the file's name.
    var withoutEnding: String {
        let name = utf8.lastIndex(of: UInt8(ascii: "/")).map { utf8.index(after: $0) } ?? startIndex
        guard let dot = self[name...].utf8.lastIndex(of: UInt8(ascii: ".")), dot > name else { return self }
        return String(self[..<dot])
    }
}
