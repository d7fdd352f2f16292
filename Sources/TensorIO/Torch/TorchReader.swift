public import MediaCore

/// Reads `.pt` and `.pth` files, ZIP archives that `torch.save` writes: a tensor, or lists, tuples and dictionaries of
/// tensors inside each other.
///
/// The pickle in the archive is never given to Python. `PickleMachine` runs the few of its instructions that describe
/// tensors and refuses a file with any other. Tensors look at the archive's bytes where they lie, with the strides that
/// PyTorch gave them. They are named by their path: `model.encoder.weight`, `history.3`.
public struct TorchReader: Sendable {
    /// Limits, and whether checksums are compared.
    public var options: TensorFile.Options

    /// Creates a reader.
    public init(options: TensorFile.Options = .init()) { self.options = options }

    static let hint =
        "save plain tensors: torch.save(t, path), torch.save(model.state_dict(), path) or np.save(path, t.numpy())"

    /// Reads the directory and the pickle of a file that is open, or in memory.
    ///
    /// - Throws: `format.unsupported` for TorchScript and for pickles that need more than tensors;
    ///   `format.malformed`, `format.truncated`, `format.checksum`, `limit.exceeded`, `shape.invalid`.
    public func read(_ contents: FileContents) throws(MediaError) -> TensorFile {
        let archive = try ZIPArchive(FileSection(contents), limits: options.limits)
        do throws(MediaError) {
            let found = try archive.rootFolder()
            let pickle = try archive.contents(of: found.pickle)
            guard pickle.byteCount <= options.limits.headerBytes else {
                throw MediaError(
                    .limitExceeded,
                    "data.pkl has \(pickle.byteCount) bytes, the limit is \(options.limits.headerBytes)",
                    hint: "raise Limits.headerBytes if that is true")
            }
            let program = pickle.withBytes { $0.copy(0..<$0.byteCount) }
            let (machine, result) = try PickleMachine.run(program, limits: options.limits)
            var collector = TorchCollector(machine: machine, limits: options.limits)
            try collector.visit(result, path: "", depth: 0)
            guard !collector.tensors.isEmpty else {
                throw MediaError(.unsupported, "the file holds no tensor", hint: TorchReader.hint)
            }
            return try file(archive, collector, folder: found.folder)
        } catch {
            throw error.inFile(contents.name)
        }
    }

    private func file(
        _ archive: ZIPArchive, _ collector: TorchCollector, folder: String
    ) throws(MediaError) -> TensorFile {
        let order = try byteOrder(archive, folder: folder)
        let members = Dictionary(archive.members.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        var entries: [TensorFile.Entry] = []
        var refusals: [TensorFile.Refusal] = []
        var places: [TorchLoader.Place] = []
        for (name, tensor) in collector.tensors {
            do throws(MediaError) {
                let place = try place(of: tensor, named: name, in: members, folder: folder, order: order)
                entries.append(.init(name: name, elementType: place.elementType, shape: place.shape))
                places.append(place)
            } catch {
                refusals.append(.init(name: name, error: error.inFile(archive.section.name + ":" + name)))
            }
        }
        return TensorFile(
            name: archive.section.name, format: .torch, entries: entries, refusals: refusals,
            metadata: collector.texts,
            loader: TorchLoader(archive: archive, places: places, verifies: options.verifiesChecksums))
    }

    /// Checks the description of a tensor against the storage that the archive really has.
    private func place(
        of tensor: PickleMachine.TensorDescription, named name: String, in members: [String: ZIPArchive.Member],
        folder: String, order: ByteOrder
    ) throws(MediaError) -> TorchLoader.Place {
        guard case .element(let elementType) = tensor.type else {
            throw TorchReader.refusal(tensor.type)
        }
        let width = elementType.byteCount
        guard let member = members[folder + "data/" + tensor.storage.key] else {
            throw MediaError(
                .malformed, "the archive has no member data/\(tensor.storage.key), which the tensor lies in",
                hint: "write the file again")
        }
        let unit = tensor.storage.type == .untyped ? 1 : width
        guard tensor.storage.count <= Int.max / unit, tensor.storage.count * unit == member.byteCount else {
            throw MediaError(
                .malformed,
                "the pickle says that data/\(tensor.storage.key) has \(tensor.storage.count) elements of \(unit) bytes, "
                    + "the archive has \(member.byteCount) bytes",
                hint: "write the file again")
        }
        guard tensor.shape.count <= options.limits.rank else {
            throw MediaError(
                .limitExceeded, "the shape has \(tensor.shape.count) axes, the limit is \(options.limits.rank)",
                hint: "raise Limits.rank if that is true")
        }
        var strides: [Int] = []
        for stride in tensor.strides {
            let (bytes, overflow) = stride.multipliedReportingOverflow(by: width)
            guard !overflow else { throw Tensor.overflowError(tensor.shape) }
            strides.append(bytes)
        }
        let (offset, overflow) = tensor.offset.multipliedReportingOverflow(by: width)
        guard !overflow else { throw Tensor.overflowError(tensor.shape) }
        let place = TorchLoader.Place(
            member: member, elementType: elementType, shape: tensor.shape, strides: strides, offset: offset,
            byteOrder: order)
        // The same check that loading makes, on a storage of the right size and no bytes.
        _ = try place.tensor(in: SizedStorage(byteCount: member.byteCount))
        return place
    }

    private static func refusal(_ type: TorchType) -> MediaError {
        guard case .other(let name) = type else { return MediaError(.malformed, "a tensor has no type", hint: hint) }
        let conversion =
            name.hasPrefix("complex")
            ? "torch.save(torch.view_as_real(t), path)"
            : name.hasPrefix("q") ? "torch.save(t.dequantize(), path)" : "torch.save(t.float(), path)"
        return MediaError(
            .unsupported, "the tensor is of \(name), which is not read here", hint: "save it as " + conversion)
    }

    /// Files before PyTorch 2.1 do not say; they were little-endian.
    private func byteOrder(_ archive: ZIPArchive, folder: String) throws(MediaError) -> ByteOrder {
        guard let member = archive.members.first(where: { $0.name == folder + "byteorder" }) else { return .little }
        let text = String(decoding: try archive.prefix(of: member, byteCount: 16), as: UTF8.self)
        guard let order = ByteOrder(rawValue: text) else {
            throw MediaError(
                .malformed, "byteorder is \"\(text)\", expected little or big", hint: "write the file again",
                at: .init(field: "byteorder"))
        }
        return order
    }
}

/// Storage that has a size and nothing in it, to check shapes against.
private final class SizedStorage: TensorStorage, @unchecked Sendable {}

extension ZIPArchive {
    /// The pickle of a `torch.save` archive, and the folder in which it and everything else lies.
    fileprivate func rootFolder() throws(MediaError) -> (pickle: Member, folder: String) {
        guard let pickle = members.first(where: { $0.name == "data.pkl" || $0.name.hasSuffix("/data.pkl") }) else {
            throw MediaError(
                .unrecognized, "the archive has no data.pkl, so torch.save did not write it", hint: TorchReader.hint)
        }
        let folder = String(pickle.name.dropLast("data.pkl".count))
        let isScript = members.contains {
            $0.name == folder + "constants.pkl" || $0.name.hasPrefix(folder + "code/")
        }
        guard !isScript else {
            let path = pythonQuoted(section.name)
            throw MediaError(
                .unsupported, "the file is a TorchScript program, not plain tensors",
                hint: "convert it: torch.save(torch.jit.load(\(path)).state_dict(), \(path))")
        }
        return (pickle, folder)
    }
}

private struct TorchLoader: TensorLoading {
    struct Place: Sendable {
        let member: ZIPArchive.Member
        let elementType: ElementType
        let shape: [Int]
        let strides: [Int]
        let offset: Int
        let byteOrder: ByteOrder

        func tensor(in storage: TensorStorage) throws(MediaError) -> Tensor {
            try Tensor(
                storage: storage, elementType: elementType, shape: shape, strides: strides, offset: offset,
                byteOrder: byteOrder)
        }
    }

    let archive: ZIPArchive
    let places: [Place]
    let verifies: Bool

    func tensor(at index: Int) throws(MediaError) -> Tensor {
        let place = places[index]
        let section = try archive.contents(of: place.member, verifies: verifies)
        return try place.tensor(in: section.storage)
    }
}
