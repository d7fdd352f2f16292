public import MediaCore

/// Writes NPY files that `np.load` reads.
///
/// The elements are written in C order and in the processor's byte order, whatever view the tensor is; no more than a
/// block of them is copied at a time. NumPy has no `bfloat16`: it is written as `<V2`, as ml_dtypes does, and
/// `np.load(path).view(ml_dtypes.bfloat16)` gives it back.
public struct NPYWriter: Sendable {
    /// Creates a writer.
    public init() {}

    /// Writes `tensor` as one file.
    ///
    /// - Throws: what the sink throws.
    public func write(_ tensor: Tensor, to sink: any ByteSink) throws(MediaError) {
        let header = NPYWriter.header(of: tensor.elementType, shape: tensor.shape)
        try unsafe sink.write(header.span.bytes)
        try tensor.forEachPackedBlock { (bytes) throws(MediaError) in try sink.write(bytes) }
    }

    /// The bytes in front of the elements, byte for byte those of NumPy: a dictionary in Python's syntax, with blanks
    /// that leave room for the appended axis to grow to 21 digits and fill up to a multiple of 64.
    package static func header(of type: ElementType, shape: [Int]) -> [UInt8] {
        var text = "{'descr': '\(descr(type))', 'fortran_order': False, 'shape': \(describe(shape)), }"
        if let first = shape.first { text += String(repeating: " ", count: 21 - String(first).count) }
        // 10 or 12 bytes in front and a line end behind.
        let isLong = text.utf8.count + 64 + 11 > 0xFFFF
        let prefix = isLong ? 12 : 10
        let padding = 63 - (prefix + text.utf8.count) % 64
        text += String(repeating: " ", count: padding) + "\n"
        let length = text.utf8.count
        var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [isLong ? 2 : 1, 0]
        for place in 0..<(isLong ? 4 : 2) { bytes.append(UInt8(truncatingIfNeeded: length >> (8 * place))) }
        return bytes + Array(text.utf8)
    }

    private static func descr(_ type: ElementType) -> String {
        let order = type.byteCount == 1 ? "|" : ByteOrder.native == .little ? "<" : ">"
        let kind =
            switch type {
            case .bool: "b1"
            case .int8: "i1"
            case .uint8: "u1"
            case .int16: "i2"
            case .uint16: "u2"
            case .int32: "i4"
            case .uint32: "u4"
            case .int64: "i8"
            case .uint64: "u8"
            case .float16: "f2"
            case .bfloat16: "V2"
            case .float32: "f4"
            case .float64: "f8"
            }
        return order + kind
    }
}

extension Tensor {
    /// Calls `body` with the elements in C order, packed and in native byte order, block after block.
    package func forEachPackedBlock(
        _ body: (RawSpan) throws(MediaError) -> Void
    ) throws(MediaError) {
        var failure: MediaError?
        let width = elementType.byteCount
        unsafe PackedReader(self).forEachBlock(of: 1 << 15) { base, count in
            do throws(MediaError) {
                try unsafe body(UnsafeRawBufferPointer(start: base, count: count &* width).bytes)
                return true
            } catch {
                failure = error
                return false
            }
        }
        if let failure { throw failure }
    }
}
