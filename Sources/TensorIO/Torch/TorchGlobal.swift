import MediaCore

/// What PyTorch calls the types of elements.
enum TorchType: Hashable {
    case element(ElementType)
    /// A type that no tensor has here, by its name in PyTorch.
    case other(String)
    /// Bytes whose type stands with the tensor.
    case untyped

    /// The type of a class such as `torch.FloatStorage`.
    static func storage(_ name: String) -> TorchType? {
        switch name {
        case "FloatStorage": .element(.float32)
        case "DoubleStorage": .element(.float64)
        case "HalfStorage": .element(.float16)
        case "BFloat16Storage": .element(.bfloat16)
        case "ByteStorage": .element(.uint8)
        case "CharStorage": .element(.int8)
        case "ShortStorage": .element(.int16)
        case "IntStorage": .element(.int32)
        case "LongStorage": .element(.int64)
        case "BoolStorage": .element(.bool)
        case "UntypedStorage": .untyped
        case "ComplexFloatStorage": .other("complex64")
        case "ComplexDoubleStorage": .other("complex128")
        case "QInt8Storage", "QUInt8Storage", "QInt32Storage", "QUInt4x2Storage", "QUInt2x4Storage":
            .other("quantized integers")
        default: nil
        }
    }

    /// The type of a value such as `torch.uint16`.
    static func dtype(_ name: String) -> TorchType? {
        if let type = ElementType(rawValue: name) { return .element(type) }
        let others = [
            "complex32", "complex64", "complex128", "float8_e4m3fn", "float8_e5m2", "float8_e4m3fnuz",
            "float8_e5m2fnuz", "float8_e8m0fnu", "float4_e2m1fn_x2", "qint8", "quint8", "qint32",
        ]
        return others.contains(name) ? .other(name) : nil
    }
}

/// The names that a pickle of tensors may use. Nothing is looked up anywhere: these are all there are.
enum TorchGlobal {
    case orderedDictionary
    case rebuildTensor
    case rebuildTypedTensor
    case rebuildParameter
    case size
    case device
    case storageType(TorchType)
    case dtype(TorchType)

    init?(module: String, name: String) {
        switch (module, name) {
        case ("collections", "OrderedDict"): self = .orderedDictionary
        case ("torch._utils", "_rebuild_tensor_v2"): self = .rebuildTensor
        case ("torch._utils", "_rebuild_tensor_v3"): self = .rebuildTypedTensor
        case ("torch._utils", "_rebuild_parameter"): self = .rebuildParameter
        case ("torch", "Size"): self = .size
        case ("torch", "device"): self = .device
        case ("torch", _), ("torch.storage", _):
            if let type = TorchType.storage(name) {
                self = .storageType(type)
            } else if let type = TorchType.dtype(name) {
                self = .dtype(type)
            } else {
                return nil
            }
        default: return nil
        }
    }
}

extension PickleMachine {
    mutating func pushGlobal(module: String, name: String) throws(MediaError) {
        guard let global = TorchGlobal(module: module, name: name) else {
            throw MediaError(
                .unsupported, "the pickle names \(module).\(name), which could run a program and is not allowed",
                hint: TorchReader.hint, at: .init(field: "data.pkl"))
        }
        globals.append(global)
        try push(.global(globals.count - 1))
    }

    /// BINPERSID: the only persistent ids are storages, `('storage', type, key, location, count)`.
    mutating func pushStorage(_ id: PickleValue) throws(MediaError) {
        guard let parts = sequence(id), parts.count >= 5, string(parts[0]) == "storage",
            case .global(let place) = parts[1], case .storageType(let type) = globals[place],
            let key = string(parts[2]), case .integer(let count) = parts[4], count >= 0
        else { throw malformed("the pickle refers to something that is no storage of a tensor") }
        storages.append(Storage(key: key, type: type, count: count))
        try push(.storage(storages.count - 1))
    }

    /// REDUCE: the call of an allowed name.
    mutating func reduce() throws(MediaError) {
        guard let arguments = sequence(try pop()), case .global(let place) = try pop() else {
            throw malformed("the pickle calls something that has no name")
        }
        switch globals[place] {
        case .orderedDictionary:
            guard arguments.isEmpty else {
                throw malformed("an OrderedDict is made of items, not empty and then filled")
            }
            try pushDictionary()
        case .size:
            guard let axes = arguments.first.flatMap(sequence) else { throw malformed("a Size has no axes") }
            try pushTuple(axes)
        case .device: try push(.opaque)
        case .rebuildParameter:
            guard case .tensor(let tensor)? = arguments.first else { throw malformed("a Parameter holds no tensor") }
            try push(.tensor(tensor))
        case .rebuildTensor:
            guard arguments.count >= 4 else { throw malformed("a tensor lacks a part of its description") }
            try pushTensor(arguments, type: nil)
        case .rebuildTypedTensor:
            guard arguments.count >= 7, case .global(let place) = arguments[6], case .dtype(let type) = globals[place]
            else { throw malformed("a tensor lacks a part of its description") }
            try pushTensor(arguments, type: type)
        case .storageType, .dtype: throw malformed("the pickle calls a type")
        }
    }

    private mutating func pushTensor(_ arguments: [PickleValue], type: TorchType?) throws(MediaError) {
        guard case .storage(let place) = arguments[0], case .integer(let offset) = arguments[1], offset >= 0,
            let shape = integers(arguments[2]), let strides = integers(arguments[3]), shape.count == strides.count
        else { throw malformed("the description of a tensor is not storage, offset, size and strides") }
        let storage = storages[place]
        guard let type = type ?? storage.type, type != .untyped else { throw malformed("a tensor has no type") }
        try pushTensor(
            TensorDescription(storage: storage, type: type, offset: offset, shape: shape, strides: strides))
    }

    // MARK: Values

    func sequence(_ value: PickleValue) -> [PickleValue]? {
        switch value {
        case .tuple(let place), .list(let place): sequences[place]
        default: nil
        }
    }

    func string(_ value: PickleValue) -> String? { if case .string(let place) = value { strings[place] } else { nil } }

    private func integers(_ value: PickleValue) -> [Int]? {
        guard let elements = sequence(value) else { return nil }
        var result: [Int] = []
        for element in elements {
            guard case .integer(let number) = element else { return nil }
            result.append(number)
        }
        return result
    }
}
