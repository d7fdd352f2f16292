public import MediaCore

/// A file with tensors in it, of any format that is read here: NPY, NPZ, safetensors, PyTorch, raw dumps.
///
/// Opening reads headers only. Tensors look at the file's own bytes where these are numbers as they stand, and are
/// inflated or widened when they are asked for otherwise.
///
///     let file = try TensorFile.open("model.safetensors")
///     for entry in file.entries { print(entry.name, entry.elementType, entry.shape) }
///     let weight = try file.tensor(named: "encoder.weight")
public struct TensorFile: Sendable {
    /// What messages call the file.
    public let name: String
    /// The format of the file.
    public let format: Format
    /// The tensors, in the order of the file.
    public let entries: [Entry]
    /// What the file holds besides and is not read, with the reason.
    public let refusals: [Refusal]
    /// Texts that the file carries: the `__metadata__` of safetensors, sorted by name.
    public let metadata: [Text]
    /// What is odd about the file and does not stop it from being read.
    public let findings: [Finding]
    private let loader: any TensorLoading
    private let places: [String: Int]

    /// The formats of tensor files.
    public enum Format: String, Sendable, Hashable, CaseIterable {
        /// One array, as `np.save` writes it.
        case npy
        /// Arrays in a ZIP archive, as `np.savez` writes it.
        case npz
        /// safetensors.
        case safetensors
        /// Tensors in a ZIP archive, as `torch.save` writes it.
        case torch
        /// Numbers without a header, described by a ``RawTensor``.
        case raw
    }

    /// One tensor of a file.
    public struct Entry: Sendable, Hashable {
        /// The name in the file; empty for the only array of a format without names.
        public let name: String
        /// What the elements of the tensor will be.
        public let elementType: ElementType
        /// The length of each axis.
        public let shape: [Int]
        /// What differs between the file and the tensor, for people: `F8_E4M3, widened to float32`.
        public let note: String?

        /// How many bytes the elements take when they are packed.
        public var byteCount: Int { shape.reduce(1, *) * elementType.byteCount }

        init(name: String, elementType: ElementType, shape: [Int], note: String? = nil) {
            self.name = name
            self.elementType = elementType
            self.shape = shape
            self.note = note
        }
    }

    /// Something in a file that is no tensor here, and why.
    public struct Refusal: Sendable {
        /// The name in the file.
        public let name: String
        /// What asking for it throws.
        public let error: MediaError
    }

    /// A text with its name.
    public struct Text: Sendable, Hashable {
        /// The name.
        public let name: String
        /// The text.
        public let value: String
    }

    init(
        name: String, format: Format, entries: [Entry], refusals: [Refusal] = [], metadata: [Text] = [],
        findings: [Finding] = [], loader: any TensorLoading
    ) {
        self.name = name
        self.format = format
        self.entries = entries
        self.refusals = refusals
        self.metadata = metadata
        self.findings = findings
        self.loader = loader
        places = Dictionary(entries.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The tensor of that name.
    ///
    /// - Throws: `argument.invalid` when there is none, naming those there are; the reason of a refusal; what is found to
    ///   be wrong with its data.
    public func tensor(named name: String) throws(MediaError) -> Tensor {
        if let place = places[name] { return try tensor(at: place) }
        if let refusal = refusals.first(where: { $0.name == name }) { throw refusal.error }
        let known = entries.prefix(8).map { "\"\($0.name)\"" }.joined(separator: ", ")
        throw MediaError(
            .argumentInvalid, "there is no tensor \"\(name)\"",
            hint: entries.isEmpty ? "the file holds none" : "it holds \(known)\(entries.count > 8 ? ", …" : "")",
            at: .init(file: self.name))
    }

    /// The tensor at a place of ``entries``.
    ///
    /// - Throws: `argument.invalid` when there is none; what is found to be wrong with its data.
    public func tensor(at place: Int) throws(MediaError) -> Tensor {
        guard entries.indices.contains(place) else {
            throw MediaError(
                .argumentInvalid, "there is no tensor at place \(place), the file holds \(entries.count)",
                at: .init(file: name))
        }
        return try loader.tensor(at: place)
    }

    /// The tensor of a file that holds one.
    ///
    /// - Throws: `argument.invalid` when there is none or more than one, naming them.
    public func onlyTensor() throws(MediaError) -> Tensor {
        guard entries.count == 1 else {
            if entries.isEmpty, let refusal = refusals.first { throw refusal.error }
            let known = entries.prefix(8).map { "\"\($0.name)\"" }.joined(separator: ", ")
            throw MediaError(
                .argumentInvalid, "the file holds \(entries.count) tensors, expected one",
                hint: entries.isEmpty ? "check the file" : "name one of \(known)", at: .init(file: name))
        }
        return try tensor(at: 0)
    }
}

/// Gives the tensors of a file, one by one.
protocol TensorLoading: Sendable {
    /// The tensor at a place of the file's entries.
    func tensor(at place: Int) throws(MediaError) -> Tensor
}

/// A tensor that is there already.
struct LoadedTensor: TensorLoading {
    let tensor: Tensor
    func tensor(at place: Int) throws(MediaError) -> Tensor { tensor }
}
