public import MediaCore

/// Writes NPZ files that `np.load` reads: several tensors in one archive.
///
///     var writer = NPZWriter(to: sink, compression: .deflated())
///     try writer.append(image, named: "image")
///     try writer.append(mask, named: "mask")
///     try writer.finish()
///
/// The same tensors in the same order make the same bytes. Tensors are written block by block, whatever view they are.
public struct NPZWriter {
    /// How members are kept.
    public enum Compression: Sendable, Hashable {
        /// As they are: readers look at the elements where they lie.
        case stored
        /// Deflated, at a level from 0 (quickest) to 12 (smallest).
        case deflated(level: Int = 6)
    }

    private var archive: ZIPWriter
    private let compression: Compression
    private var names: Set<String> = []

    /// Begins an archive where the sink stands. The sink should be an empty one: offsets count from there.
    public init(to sink: any ByteSink, compression: Compression = .stored) {
        self.init(to: sink, compression: compression, wideFrom: 0xFFFF_FFFF)
    }

    /// For tests of Zip64: sizes from `wideFrom` on are written in 64 bits.
    package init(to sink: any ByteSink, compression: Compression, wideFrom: Int) {
        archive = ZIPWriter(to: sink, wideFrom: wideFrom)
        self.compression = compression
    }

    /// Appends a tensor under a name, without the extension.
    ///
    /// - Throws: `argument.invalid` for a name that is taken; `path.invalid` for one that cannot be a file's; what the
    ///   sink throws.
    public mutating func append(_ tensor: Tensor, named name: String) throws(MediaError) {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        guard !name.isEmpty, name.utf8.count <= 4096, !parts.contains(".."), !name.hasPrefix("/"),
            !name.contains("\\"), !name.utf8.contains(0), !(parts.first?.hasSuffix(":") ?? false)
        else {
            throw MediaError(
                .pathInvalid, "\"\(name)\" cannot be the name of a member", hint: "use a plain name such as image")
        }
        guard names.insert(name).inserted else {
            throw MediaError(
                .argumentInvalid, "the archive has a tensor \"\(name)\" already", hint: "give each its own name")
        }
        let header = NPYWriter.header(of: tensor.elementType, shape: tensor.shape)
        let source: ZIPWriter.Source = { (take) throws(MediaError) in
            try unsafe take(header.span.bytes)
            try tensor.forEachPackedBlock(take)
        }
        let byteCount = header.count + tensor.byteCount
        switch compression {
        case .stored: try archive.appendStored(name + ".npy", byteCount: byteCount, source)
        case .deflated(let level):
            try archive.appendDeflated(name + ".npy", byteCount: byteCount, level: level, source)
        }
    }

    /// Writes the directory; the file is not complete without it.
    ///
    /// - Throws: what the sink throws.
    public mutating func finish() throws(MediaError) { try archive.finish() }
}
