public import MediaCore

/// What a dump of numbers without a header holds, as a person says it: `f32:3x224x224`.
///
/// The text is a type, a byte order if it is not that of the processor (`le`, `be`), a colon, and the lengths of the
/// axes, of which one may be `?` or `-1`: it follows from the size of the file. Types: `b1` or `bool`, `i8` … `i64`,
/// `u8` … `u64`, `f16`, `bf16`, `f32`, `f64`, and NumPy's names (`float32`).
public struct RawTensor: Sendable, Hashable {
    /// What the elements are.
    public let elementType: ElementType
    /// The order of the bytes of each element.
    public let byteOrder: ByteOrder
    /// The length of each axis; `nil` for the one that follows from the size.
    public let axes: [Int?]

    /// Parses a description.
    ///
    /// - Throws: `argument.invalid` when the text breaks the rules above.
    public init(_ text: String) throws(MediaError) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2 else { throw RawTensor.invalid(text, "expected a type, a colon and a shape") }
        (elementType, byteOrder) = try RawTensor.type(String(parts[0]), in: text)
        var axes: [Int?] = []
        if !parts[1].isEmpty {
            for axis in parts[1].split(separator: "x", omittingEmptySubsequences: false) {
                if axis == "?" || axis == "-1" {
                    axes.append(nil)
                } else if let length = Int(axis), length >= 0, axis.utf8.allSatisfy({ $0 != UInt8(ascii: "+") }) {
                    axes.append(length)
                } else {
                    throw RawTensor.invalid(text, "\"\(axis)\" is no length of an axis")
                }
            }
        }
        guard axes.count(where: { $0 == nil }) <= 1 else {
            throw RawTensor.invalid(text, "only one axis can follow from the size of the file")
        }
        self.axes = axes
    }

    private static func type(_ name: String, in text: String) throws(MediaError) -> (ElementType, ByteOrder) {
        if let type = types[name] ?? ElementType(rawValue: name) { return (type, .native) }
        for (suffix, order) in [("le", ByteOrder.little), ("be", .big)] where name.hasSuffix(suffix) {
            let stem = String(name.dropLast(2))
            if let type = types[stem] ?? ElementType(rawValue: stem) { return (type, order) }
        }
        throw invalid(text, "\"\(name)\" is no type of element")
    }

    private static let types: [String: ElementType] = [
        "b1": .bool, "bool": .bool, "i8": .int8, "u8": .uint8, "i16": .int16, "u16": .uint16, "i32": .int32,
        "u32": .uint32, "i64": .int64, "u64": .uint64, "f16": .float16, "bf16": .bfloat16, "f32": .float32,
        "f64": .float64,
    ]

    private static func invalid(_ text: String, _ message: String) -> MediaError {
        MediaError(
            .argumentInvalid, "\"\(text)\" describes no dump: \(message)",
            hint: "write it as f32:3x224x224, f32be:480x640 or u8:?x3", at: .init(field: "raw"))
    }

    /// The tensor that `contents` holds; its bytes are not copied.
    ///
    /// - Throws: `shape.invalid` unless the size is exactly what the description needs.
    public func tensor(_ contents: FileContents) throws(MediaError) -> Tensor {
        do throws(MediaError) {
            let shape = try shape(byteCount: contents.byteCount)
            return try Tensor(
                storage: .file(contents), elementType: elementType, shape: shape, byteOrder: byteOrder)
        } catch {
            throw error.inFile(contents.name)
        }
    }

    private func shape(byteCount: Int) throws(MediaError) -> [Int] {
        let known = axes.map { $0 ?? 1 }
        let count = try Tensor.elementCount(of: known)
        let (size, overflow) = count.multipliedReportingOverflow(by: elementType.byteCount)
        guard !overflow else { throw Tensor.overflowError(known) }
        guard let inferred = axes.firstIndex(of: nil) else {
            guard size == byteCount else { throw mismatch("needs \(size) bytes, the file has \(byteCount)") }
            return known
        }
        guard size > 0, byteCount % size == 0 else {
            throw mismatch("needs a multiple of \(size) bytes, the file has \(byteCount)")
        }
        var shape = known
        shape[inferred] = byteCount / size
        return shape
    }

    private func mismatch(_ message: String) -> MediaError {
        MediaError(
            .shapeInvalid, "the dump \(description) \(message)", hint: "check the type and the lengths of the axes",
            at: .init(field: "raw"))
    }
}

extension RawTensor: CustomStringConvertible {
    /// The description as it would be written: `float32be:3x?`.
    public var description: String {
        let order = byteOrder == .native ? "" : byteOrder == .big ? "be" : "le"
        return "\(elementType)\(order):" + axes.map { $0.map(String.init) ?? "?" }.joined(separator: "x")
    }
}
