public import MediaCore

extension TensorFile {
    /// Opens the file at `path`. What it is, its content says; its name helps where the content does not.
    ///
    /// - Throws: what ``/MediaCore/FileContents/open(_:limits:acceptsStreams:)`` throws; `format.unsupported` for known formats that
    ///   are not read, with the line of Python that converts them; `format.unrecognized`; what the readers throw.
    public static func open(_ path: String, options: Options = .init()) throws(MediaError) -> TensorFile {
        let contents: FileContents
        do throws(MediaError) {
            contents = try FileContents.open(path, limits: options.limits, acceptsStreams: options.acceptsStreams)
        } catch {
            throw ForeignFormat.refusal(ofFolder: path) ?? error
        }
        return try open(contents, options: options)
    }

    /// Opens a file that was read already, or bytes in memory.
    ///
    /// - Throws: as ``open(_:options:)``.
    public static func open(_ contents: FileContents, options: Options = .init()) throws(MediaError) -> TensorFile {
        if let raw = options.raw {
            let tensor = try raw.tensor(contents)
            return TensorFile(name: contents.name, format: .raw, tensor: tensor)
        }
        switch try format(of: contents, options: options) {
        case .npy:
            let array = try NPYReader(options: options).read(contents)
            return TensorFile(name: contents.name, format: .npy, tensor: array.tensor, findings: array.findings)
        case .npz: return try NPZReader(options: options).read(contents)
        case .safetensors: return try SafetensorsReader(options: options).read(contents)
        case .torch, .raw: return try TorchReader(options: options).read(contents)
        }
    }

    private init(name: String, format: Format, tensor: Tensor, findings: [Finding] = []) {
        self.init(
            name: name, format: format,
            entries: [Entry(name: "", elementType: tensor.elementType, shape: tensor.shape)],
            findings: findings, loader: LoadedTensor(tensor: tensor))
    }

    /// The format of a file: by its first bytes, by the names of an archive's members, then by its name.
    private static func format(of contents: FileContents, options: Options) throws(MediaError) -> Format {
        guard contents.byteCount > 0 else {
            throw MediaError(
                .truncated, "the file is empty", hint: "write it again", at: .init(file: contents.name))
        }
        let section = FileSection(contents)
        let beginning = section.withBytes { bytes in
            if bytes.uint8(at: 0) == 0x93, bytes.hasBytes("NUMPY", at: 1) { return Beginning.numpy }
            if bytes.hasBytes("PK\u{3}\u{4}") || bytes.hasBytes("PK\u{5}\u{6}") { return .zip }
            if let length = bytes.uint64(at: 0), length < UInt64(options.limits.headerBytes),
                bytes.uint8(at: 8) == UInt8(ascii: "{")
            {
                return .safetensors
            }
            return .other
        }
        switch beginning {
        case .numpy: return .npy
        case .safetensors: return .safetensors
        case .zip: return try archiveFormat(section, options: options)
        case .other: break
        }
        if let refusal = ForeignFormat.refusal(of: section) { throw refusal }
        let name = contents.name.lowercased()
        if name.hasSuffix(".npy") { return .npy }
        if name.hasSuffix(".safetensors") { return .safetensors }
        if name.hasSuffix(".npz") { return .npz }
        throw MediaError(
            .unrecognized, "the file begins as no format of tensors that is known",
            hint: "for numbers without a header say what they are (--raw f32:3x224x224), else save it with np.save",
            at: .init(file: contents.name))
    }

    private enum Beginning { case numpy, zip, safetensors, other }

    private static func archiveFormat(_ section: FileSection, options: Options) throws(MediaError) -> Format {
        let archive = try ZIPArchive(section, limits: options.limits)
        let names = archive.members.map(\.name)
        if names.contains(where: { $0.hasSuffix("/data.pkl") || $0 == "data.pkl" }) { return .torch }
        if names.isEmpty || names.contains(where: { $0.hasSuffix(".npy") }) { return .npz }
        throw MediaError(
            .unrecognized, "the archive holds neither arrays of NumPy nor tensors of PyTorch",
            hint: "unpack it, or write it with np.savez", at: .init(file: section.name))
    }
}
