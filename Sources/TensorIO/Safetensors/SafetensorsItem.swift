import MediaCore

/// What the header of a safetensors file says of one tensor.
struct SafetensorsItem {
    let name: String
    let type: SafetensorsType
    let shape: [Int]
    /// Where the elements are, counted from the end of the header.
    let range: Range<Int>

    init(_ name: String, _ value: JSONValue, limits: Limits) throws(MediaError) {
        func malformed(_ message: String) -> MediaError {
            SafetensorsReader.malformed("tensor \"\(name)\": \(message)", field: "header.\(name)")
        }
        guard case .object(let object) = value, let dtype = object["dtype"]?.string,
            let axes = object["shape"]?.array, let offsets = object["data_offsets"]?.array
        else { throw malformed("the entry lacks a text dtype, a list shape or a list data_offsets") }
        guard object.members.allSatisfy({ ["dtype", "shape", "data_offsets"].contains($0.name) }) else {
            throw malformed("the entry has a key besides dtype, shape and data_offsets")
        }
        guard let type = SafetensorsType(rawValue: dtype) else {
            throw MediaError(
                .unsupported, "tensor \"\(name)\" has the dtype \(dtype), which is not known",
                hint: "save it as F32", at: .init(field: "header.\(name).dtype"))
        }
        guard axes.count <= limits.rank else {
            throw MediaError(
                .limitExceeded, "tensor \"\(name)\" has \(axes.count) axes, the limit is \(limits.rank)",
                hint: "raise Limits.rank if that is true", at: .init(field: "header.\(name).shape"))
        }
        guard let shape = SafetensorsItem.integers(axes), let ends = SafetensorsItem.integers(offsets), ends.count == 2,
            ends[0] <= ends[1]
        else { throw malformed("shape or data_offsets is no list of whole numbers that are not negative") }
        let count: Int
        do throws(MediaError) {
            count = try Tensor.elementCount(of: shape)
        } catch {
            var error = error
            error.location.field = "header.\(name).shape"
            error.hint = "write the file again"
            throw error
        }
        let (bits, overflow) = count.multipliedReportingOverflow(by: type.bitCount)
        guard !overflow else { throw Tensor.overflowError(shape) }
        guard bits % 8 == 0, bits / 8 == ends[1] - ends[0] else {
            throw malformed(
                "shape \(describe(shape)) of \(dtype) needs \(bits / 8) bytes, data_offsets hold \(ends[1] - ends[0])")
        }
        self.name = name
        self.type = type
        self.shape = shape
        range = ends[0]..<ends[1]
    }

    private static func integers(_ values: [JSONValue]) -> [Int]? {
        var result: [Int] = []
        for value in values {
            guard case .integer(let number) = value, number >= 0, let length = Int(exactly: number) else { return nil }
            result.append(length)
        }
        return result
    }

    /// The shape of the tensor that is given out.
    var tensorShape: [Int] { type == .c64 ? shape + [2] : shape }

    /// Why the tensor cannot be given out.
    var refusal: MediaError? {
        guard type == .f6E2M3 || type == .f6E3M2 else { return nil }
        return MediaError(
            .unsupported, "\(type.rawValue): how floats of 6 bits are packed into bytes is defined nowhere",
            hint: "save it as F32", at: .init(field: "header.\(name).dtype"))
    }
}

/// Gives the tensors of a safetensors file.
struct SafetensorsLoader: TensorLoading {
    let contents: FileContents
    let items: [SafetensorsItem]
    let dataOffset: Int

    func tensor(at place: Int) throws(MediaError) -> Tensor {
        let item = items[place]
        let start = dataOffset + item.range.lowerBound
        do throws(MediaError) {
            guard let format = item.type.smallFloat else {
                return try Tensor(
                    storage: .file(contents), elementType: item.type.elementType, shape: item.tensorShape,
                    offset: start, byteOrder: .little)
            }
            let section = FileSection(contents, range: start..<(start + item.range.count), name: contents.name)
            return try widened(item, section, format)
        } catch {
            throw error.inFile(contents.name + ":" + item.name)
        }
    }

    private func widened(
        _ item: SafetensorsItem, _ section: FileSection, _ format: SmallFloat
    ) throws(MediaError) -> Tensor {
        let perByte = 8 / item.type.bitCount
        let table = (0..<256).map { format.value($0) }
        let (byteCount, overflow) = section.byteCount.multipliedReportingOverflow(by: 4 * perByte)
        guard !overflow else { throw Tensor.overflowError(item.shape) }
        let name = contents.name + ":" + item.name
        let wide = try FileContents(name: name, byteCount: byteCount) { (output) throws(MediaError) in
            section.withBytes { input in
                unsafe output.withUnsafeMutableBytes { output in
                    for index in 0..<input.byteCount {
                        let byte = unsafe Int(input.unsafeLoad(fromByteOffset: index, as: UInt8.self))
                        if perByte == 1 {
                            unsafe output.storeBytes(of: table[byte], toByteOffset: 4 &* index, as: Float.self)
                        } else {
                            // Two to a byte, the first in the low half.
                            unsafe output.storeBytes(of: table[byte & 15], toByteOffset: 8 &* index, as: Float.self)
                            unsafe output.storeBytes(
                                of: table[byte >> 4], toByteOffset: 8 &* index &+ 4, as: Float.self)
                        }
                    }
                }
            }
        }
        return try Tensor(storage: .file(wide), elementType: .float32, shape: item.shape)
    }
}
