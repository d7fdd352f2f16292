package import MediaCore

/// Reads all there is to read in some bytes: what the fuzzers and the tests with damaged files call.
package enum TensorReaderProbe: String, Sendable, CaseIterable {
    case npy
    case npz
    case safetensors
    case torch
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
