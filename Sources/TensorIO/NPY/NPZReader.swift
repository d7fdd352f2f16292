public import MediaCore

/// Reads NPZ files, which `np.savez` and `np.savez_compressed` write: ZIP archives of NPY files.
///
/// Opening reads the directory and the header of each member. Stored members are looked at where they lie in the file;
/// deflated ones are inflated when their tensor is asked for. Checksums are compared then.
public struct NPZReader: Sendable {
    /// Limits, and what elements without a type are.
    public var options: TensorFile.Options

    /// Creates a reader.
    public init(options: TensorFile.Options = .init()) { self.options = options }

    /// Reads the directory of a file that is open, or in memory. Members that hold no array of numbers are refused one
    /// by one: they stand in ``TensorFile/refusals``.
    ///
    /// - Throws: `format.truncated`, `format.malformed`, `format.unsupported`, `path.invalid` or `limit.exceeded` for the
    ///   archive as a whole.
    public func read(_ contents: FileContents) throws(MediaError) -> TensorFile {
        let archive = try ZIPArchive(FileSection(contents), limits: options.limits)
        var entries: [TensorFile.Entry] = []
        var members: [ZIPArchive.Member] = []
        var refusals: [TensorFile.Refusal] = []
        for member in archive.members {
            let name = member.name.hasSuffix(".npy") ? String(member.name.dropLast(4)) : member.name
            do throws(MediaError) {
                let header = try header(of: member, in: archive)
                entries.append(.init(name: name, elementType: header.elementType, shape: header.shape))
                members.append(member)
            } catch {
                refusals.append(.init(name: name, error: error.inFile(archive.fullName(of: member))))
            }
        }
        return TensorFile(
            name: contents.name, format: .npz, entries: entries, refusals: refusals,
            loader: NPZLoader(archive: archive, members: members, options: options))
    }

    private func header(
        of member: ZIPArchive.Member, in archive: ZIPArchive
    ) throws(MediaError) -> NPYHeader {
        let start = try archive.prefix(of: member, byteCount: NPYHeader.prefixByteCount)
        let (_, range) = try unsafe NPYHeader.extent(of: start.span.bytes, limits: options.limits)
        let bytes = try archive.prefix(of: member, byteCount: range.upperBound)
        return try unsafe NPYHeader(parsing: bytes.span.bytes, name: archive.fullName(of: member), options: options)
    }
}

private struct NPZLoader: TensorLoading {
    let archive: ZIPArchive
    let members: [ZIPArchive.Member]
    let options: TensorFile.Options

    func tensor(at place: Int) throws(MediaError) -> Tensor {
        let contents = try archive.contents(of: members[place], verifies: options.verifiesChecksums)
        return try NPYReader(options: options).read(contents).tensor
    }
}
