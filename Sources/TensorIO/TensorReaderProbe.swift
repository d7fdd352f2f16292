package import MediaCore

/// Reads all there is to read in some bytes: what the fuzzers and the tests with damaged files call.
package enum TensorReaderProbe: String, Sendable, CaseIterable {
    case npy
    case npz
    case safetensors
    case torch
    /// Tensors in an archive of files.
    case tar
    /// Whatever the bytes say they are.
    case any

    /// Opens `bytes` and looks at the first and the last element of every tensor in them.
    ///
    /// - Returns: how many tensors could be read.
    /// - Throws: the typed error of the file as a whole; those of single tensors are not errors here.
    @discardableResult
    package func read(_ bytes: [UInt8], options: TensorFile.Options = .init()) throws(MediaError) -> Int {
        let contents = FileContents(bytes: bytes, name: "probe")
        let file: TensorFile
        switch self {
        case .npy:
            let tensor = try NPYReader(options: options).read(contents).tensor
            tensor.touch()
            return 1
        case .npz: file = try NPZReader(options: options).read(contents)
        case .safetensors: file = try SafetensorsReader(options: options).read(contents)
        case .torch: file = try TorchReader(options: options).read(contents)
        case .tar: return try readArchive(contents, options: options)
        case .any: file = try TensorFile.open(contents, options: options)
        }
        var count = 0
        for place in file.entries.indices {
            guard let tensor = try? file.tensor(at: place) else { continue }
            tensor.touch()
            count += 1
        }
        return count
    }

    /// Reads every member; damage counts once all before it was read.
    private func readArchive(_ contents: FileContents, options: TensorFile.Options) throws(MediaError) -> Int {
        let archive = try TARArchive(contents, limits: options.limits, verifies: options.verifiesChecksums)
        var count = 0
        for member in archive.members.prefix(64) {
            guard let contents = try? archive.contents(of: member, limits: options.limits) else { continue }
            guard contents.byteCount == member.byteCount else {
                throw MediaError(.truncated, "a member reaches out of the archive", at: .init(file: contents.name))
            }
            guard let file = try? TensorFile.open(contents, options: options) else { continue }
            for place in file.entries.indices.prefix(16) { (try? file.tensor(at: place))?.touch() }
            count += 1
        }
        if let damage = archive.damage { throw damage }
        return count
    }
}

extension Tensor {
    /// Reads the first and the last element.
    fileprivate func touch() {
        guard count > 0 else { return }
        let reader = PackedReader(self)
        unsafe withUnsafeTemporaryAllocation(byteCount: 8, alignment: 8) { place in
            guard let base = place.baseAddress else { return }
            unsafe reader.copy(0..<1, into: base)
            unsafe reader.copy((count - 1)..<count, into: base)
        }
    }
}
