public import MediaCore

/// Reads NPY files, which `np.save` writes: formats 1.0, 2.0 and 3.0, both byte orders, C and Fortran order.
///
/// Nothing is copied and nothing converted: the tensor looks at the bytes of the file, in the file's byte order.
public struct NPYReader: Sendable {
    /// Limits, and what elements without a type are.
    public var options: TensorFile.Options

    /// Creates a reader.
    public init(options: TensorFile.Options = .init()) { self.options = options }

    /// What an NPY file holds.
    public struct Array: Sendable {
        /// What the header says.
        public let header: NPYHeader
        /// The elements.
        public let tensor: Tensor
        /// What is odd about the file: bytes after the elements.
        public let findings: [Finding]
    }

    /// Reads the file at `path`.
    ///
    /// - Throws: what ``/MediaCore/FileContents/open(_:limits:acceptsStreams:)`` and ``read(_:)`` throw.
    public func read(path: String) throws(MediaError) -> Array {
        try read(
            FileContents.open(path, limits: options.limits, acceptsStreams: options.acceptsStreams))
    }

    /// Reads a file that is open, or in memory.
    ///
    /// Of several arrays that were saved into one file, it reads the first and reports the rest as a finding.
    ///
    /// - Throws: `format.unrecognized`, `format.truncated`, `format.malformed`; `format.unsupported` for types that no
    ///   tensor has, with the line of Python that converts the file; `shape.invalid`; `limit.exceeded`.
    public func read(_ contents: FileContents) throws(MediaError) -> Array { try read(FileSection(contents)) }

    package func read(_ section: FileSection) throws(MediaError) -> Array {
        do throws(MediaError) {
            let header = try header(of: section)
            let (end, overflow) = header.dataOffset.addingReportingOverflow(header.dataByteCount)
            guard !overflow, end <= section.byteCount else {
                throw MediaError(
                    .truncated,
                    "shape \(describe(header.shape)) of \(header.elementType) needs \(header.dataByteCount) bytes, the "
                        + "file holds \(section.byteCount - header.dataOffset)",
                    hint: "write the file again", at: .init(field: "header.shape"))
            }
            let tensor = try Tensor(
                storage: section.storage, elementType: header.elementType, shape: header.shape,
                strides: header.isFortranOrder
                    ? Tensor.fortranStrides(shape: header.shape, elementType: header.elementType) : nil,
                offset: header.dataOffset, byteOrder: header.byteOrder)
            return Array(header: header, tensor: tensor, findings: findings(in: section, after: end))
        } catch {
            throw error.inFile(section.name)
        }
    }

    /// Parses the header alone.
    package func header(of section: FileSection) throws(MediaError) -> NPYHeader {
        try section.withBytes { (bytes) throws(MediaError) in
            try NPYHeader(parsing: bytes, name: section.name, options: options)
        }
    }

    private func findings(in section: FileSection, after end: Int) -> [Finding] {
        let rest = section.byteCount - end
        guard rest > 0 else { return [] }
        let isArray = section.withBytes { $0.uint8(at: end) == 0x93 && $0.hasBytes("NUMPY", at: end + 1) }
        let what = isArray ? "hold another array, which is not read" : "belong to nothing"
        return [
            .warning(
                "file.trailing-bytes", "\(rest) bytes after the array \(what)", path: section.name,
                hint: isArray ? "save several arrays with np.savez" : "write the file again")
        ]
    }
}
