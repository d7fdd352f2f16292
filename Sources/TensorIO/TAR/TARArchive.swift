package import MediaCore

/// The list of what is in a tar archive, and its bytes on demand.
///
/// Headers are read one by one and the data between them are jumped over, so that the list of a shard of any size costs one
/// short read per member. An archive that ends early or is damaged somewhere gives what stands before that place.
package final class TARArchive: Sendable {
    /// A file in the archive.
    package struct Member: Sendable, Hashable {
        /// Its path, with `/` between folders.
        package let name: String
        /// Where its bytes begin in the archive.
        package let offset: Int
        /// How many bytes it has.
        package let byteCount: Int
    }

    /// What messages call the archive: its path.
    package let name: String
    /// The files, in the order of the archive.
    package let members: [Member]
    /// Files that cannot be read, with the reason: sparse ones, and those whose names lead out of their folder.
    package let refusals: [TensorFile.Refusal]
    /// How many links, devices and members of unknown kinds there are.
    package let specialCount: Int
    /// Why the list ends before the archive does; `nil` when it does not.
    package let damage: MediaError?
    /// What is odd about the archive and does not stop it from being read.
    package let findings: [Finding]
    let source: TARSource

    /// Reads the list of the archive at `path`.
    ///
    /// - Parameters:
    ///   - path: a regular file.
    ///   - limits: ``Limits/members`` is the most headers.
    ///   - files: keeps the file open for reading members.
    /// - Throws: `file.not-found`, `file.unreadable`; `format.unrecognized` when the file does not begin as an archive;
    ///   `format.truncated`, `format.malformed` when not even the first member can be found.
    package convenience init(path: String, limits: Limits, files: OpenFiles) throws(MediaError) {
        let (file, status) = try FileContents.openForParts(path)
        files.keep(file, of: path)
        try self.init(.file(path: path, status: status, files), name: path, limits: limits)
    }

    /// Reads the list of an archive in memory.
    ///
    /// - Parameter verifies: whether the checksums of headers are compared; fuzzers do not find the right ones.
    /// - Throws: as ``init(path:limits:files:)``.
    package convenience init(
        _ contents: FileContents, limits: Limits, verifies: Bool = true
    ) throws(MediaError) {
        try self.init(.memory(contents), name: contents.name, limits: limits, verifies: verifies)
    }

    private init(
        _ source: TARSource, name: String, limits: Limits, verifies: Bool = true
    ) throws(MediaError) {
        self.source = source
        self.name = name
        var walk = TARWalk(TARWindow(source), name: name, limits: limits, verifies: verifies)
        damage = try walk.run()
        members = walk.members
        refusals = walk.refusals
        specialCount = walk.specialCount
        findings = walk.findings
    }

    /// When and what the file was when its list was read; `nil` in memory.
    package var status: FileStatus? {
        if case .file(_, let status, _) = source { status } else { nil }
    }

    /// `shard.tar:member`, for messages.
    package func fullName(of member: Member) -> String { name + ":" + member.name }

    /// The bytes of a member.
    ///
    /// - Parameters:
    ///   - member: one of ``members``.
    ///   - limits: ``Limits/mappedFileBytes`` decides between reading and mapping.
    ///   - buffers: where memory comes from.
    /// - Throws: `format.truncated`, `file.unreadable`, `memory.exhausted`.
    package func contents(
        of member: Member, limits: Limits, buffers: FileBuffers? = nil
    ) throws(MediaError) -> FileContents {
        let range = member.offset..<(member.offset + member.byteCount)
        let name = fullName(of: member)
        switch source {
        case .file(let path, let status, let files):
            return try FileContents.part(
                range, of: try files.file(path, expected: status), name: name, limits: limits, buffers: buffers)
        case .memory(let contents):
            let bytes = contents.withBytes { $0.copy(range.clamped(to: 0..<$0.byteCount)) }
            return FileContents(bytes: bytes, name: name)
        }
    }

    /// Hands over the bytes of a member piece by piece, in little memory.
    ///
    /// - Throws: `format.truncated`, `file.unreadable`; what `take` throws.
    package func stream(
        _ member: Member, to take: (RawSpan) throws(MediaError) -> Void
    ) throws(MediaError) {
        var block = [UInt8](repeating: 0, count: min(member.byteCount, 1 << 18))
        var done = 0
        while done < member.byteCount {
            let count = min(block.count, member.byteCount - done)
            var span = block.mutableSpan
            var memory = unsafe span.mutableBytes
            // The last piece is read with what follows it, and handed over without.
            guard try source.read(at: member.offset + done, into: &memory) >= count else {
                throw MediaError(
                    .truncated, "the archive ends before the member does",
                    hint: "wait until the program that writes it is done", at: .init(file: fullName(of: member)))
            }
            try unsafe take(block.span.extracting(first: count).bytes)
            done += count
        }
    }
}

extension TARArchive: Hashable {
    package static func == (left: TARArchive, right: TARArchive) -> Bool { left === right }
    package func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}
