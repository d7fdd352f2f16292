public import MediaCore

/// A view of numbers in memory: an element type, a shape, strides, and storage that is shared and never changed.
///
/// A tensor copies nothing. Slices and transposes are tensors over the same storage; files stay mapped while a tensor
/// refers to them. Every element that shape and strides can reach lies inside the storage: that is checked when a tensor
/// is made, so that reading one can never leave its memory.
public struct Tensor: Sendable {
    /// What the elements are.
    public let elementType: ElementType
    /// The length of each axis; empty for a single number. No length is negative.
    public let shape: [Int]
    /// How far apart, in bytes, neighbours on each axis are; negative for reversed axes, 0 for repeated ones.
    public let strides: [Int]
    /// The order of the bytes of each element.
    public let byteOrder: ByteOrder
    /// Where the elements are.
    public let storage: TensorStorage
    /// Where in the storage the element with all indices 0 is, in bytes.
    public let offset: Int

    /// A tensor over part of `storage`.
    ///
    /// - Parameters:
    ///   - storage: the memory.
    ///   - elementType: what the elements are.
    ///   - shape: the length of each axis.
    ///   - strides: byte distances per axis; `nil` for C order (last axis contiguous).
    ///   - offset: where the element with all indices 0 is, in bytes.
    ///   - byteOrder: the order of the bytes of each element.
    /// - Throws: `shape.invalid` for negative lengths, an overflowing product, or an element outside the storage.
    public init(
        storage: TensorStorage, elementType: ElementType, shape: [Int], strides: [Int]? = nil, offset: Int = 0,
        byteOrder: ByteOrder = .native
    ) throws(MediaError) {
        let count = try Tensor.elementCount(of: shape)
        let (bytes, overflow) = count.multipliedReportingOverflow(by: elementType.byteCount)
        guard !overflow else { throw Tensor.overflowError(shape) }
        let strides = strides ?? Tensor.contiguousStrides(shape: shape, elementType: elementType)
        guard strides.count == shape.count else {
            throw MediaError(
                .shapeInvalid,
                "\(strides.count) strides do not fit the \(shape.count) axes of shape \(describe(shape))",
                at: .init(field: "strides"))
        }
        if bytes > 0 {
            let reach = try Tensor.reach(shape: shape, strides: strides, offset: offset, width: elementType.byteCount)
            guard reach.lowerBound >= 0, reach.upperBound <= storage.byteCount else {
                throw MediaError(
                    .shapeInvalid,
                    "shape \(describe(shape)) of \(elementType) reaches bytes \(reach.lowerBound) to \(reach.upperBound), "
                        + "the storage has \(storage.byteCount)",
                    at: .init(field: "shape"))
            }
        }
        self.init(
            unchecked: storage, elementType: elementType, shape: shape, strides: strides, offset: offset,
            byteOrder: byteOrder)
    }

    /// For callers that have proved that every element lies inside the storage.
    init(
        unchecked storage: TensorStorage, elementType: ElementType, shape: [Int], strides: [Int], offset: Int,
        byteOrder: ByteOrder
    ) {
        self.storage = storage
        self.elementType = elementType
        self.shape = shape
        self.strides = strides
        self.offset = offset
        self.byteOrder = byteOrder
    }

    /// A tensor over the elements of an array, which is shared, in C order.
    ///
    /// - Throws: `shape.invalid` when the shape needs another number of elements than the array has.
    public init<Element: TensorElement>(_ elements: [Element], shape: [Int]) throws(MediaError) {
        let count = try Tensor.elementCount(of: shape)
        guard count == elements.count else {
            throw MediaError(
                .shapeInvalid, "shape \(describe(shape)) needs \(count) elements, the array has \(elements.count)",
                at: .init(field: "shape"))
        }
        try self.init(storage: .array(elements), elementType: Element.elementType, shape: shape)
    }
}

extension Tensor {
    /// How many axes there are.
    public var rank: Int { shape.count }
    /// How many elements there are.
    public var count: Int { shape.reduce(1, *) }
    /// How many bytes the elements take when they are packed.
    public var byteCount: Int { count * elementType.byteCount }

    /// Whether the elements are packed in C order: the last axis contiguous.
    public var isContiguous: Bool {
        Tensor.areContiguous(shape: shape, strides: strides, width: elementType.byteCount)
    }

    /// Whether the bytes of each element are in the processor's order.
    public var hasNativeByteOrder: Bool { byteOrder == .native || elementType.byteCount == 1 }

    /// Calls `body` with all bytes of the storage; ``offset`` and ``strides`` count in them.
    public func withStorage<Result, Failure: Error>(
        _ body: (RawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try unsafe withUnsafeStorage { (bytes) throws(Failure) in try unsafe body(bytes.bytes) }
    }

    /// Calls `body` with all bytes of the storage; ``offset`` and ``strides`` count in them.
    @unsafe package func withUnsafeStorage<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try unsafe storage.withUnsafeBytes(body)
    }

    // MARK: Arithmetic of shapes

    /// The product of the lengths.
    ///
    /// - Throws: `shape.invalid` for a negative length or a product that does not fit 63 bits. The product is taken over
    ///   the lengths that are not 0, so that an absurd shape is refused even where another axis is empty.
    package static func elementCount(of shape: [Int]) throws(MediaError) -> Int {
        var count = 1
        var isEmpty = false
        for (axis, length) in shape.enumerated() {
            guard length >= 0 else {
                throw MediaError(
                    .shapeInvalid, "axis \(axis) of shape \(describe(shape)) is negative", at: .init(field: "shape"))
            }
            if length == 0 { isEmpty = true; continue }
            let (product, overflow) = count.multipliedReportingOverflow(by: length)
            guard !overflow else { throw overflowError(shape) }
            count = product
        }
        return isEmpty ? 0 : count
    }

    static func overflowError(_ shape: [Int]) -> MediaError {
        MediaError(
            .shapeInvalid, "shape \(describe(shape)) has more elements than memory has addresses",
            at: .init(field: "shape"))
    }

    /// The byte strides of C order. The shape must have been checked by ``elementCount(of:)``.
    package static func contiguousStrides(shape: [Int], elementType: ElementType) -> [Int] {
        var strides = [Int](repeating: 0, count: shape.count)
        var stride = elementType.byteCount
        for axis in shape.indices.reversed() {
            strides[axis] = stride
            stride = stride &* max(1, shape[axis])
        }
        return strides
    }

    /// The byte strides of Fortran order. The shape must have been checked by ``elementCount(of:)``.
    package static func fortranStrides(shape: [Int], elementType: ElementType) -> [Int] {
        contiguousStrides(shape: shape.reversed(), elementType: elementType).reversed()
    }

    static func areContiguous(shape: [Int], strides: [Int], width: Int) -> Bool {
        var expected = width
        for axis in shape.indices.reversed() where shape[axis] != 1 {
            if strides[axis] != expected { return false }
            expected = expected &* max(1, shape[axis])
        }
        return true
    }

    /// The bytes from the first to one past the last that shape and strides can reach. All lengths must be positive.
    private static func reach(shape: [Int], strides: [Int], offset: Int, width: Int) throws(MediaError) -> Range<Int> {
        var low = offset
        var high = offset
        for (length, stride) in zip(shape, strides) {
            let (span, overflow) = (length - 1).multipliedReportingOverflow(by: stride)
            let (bound, overflow2) = (span < 0 ? low : high).addingReportingOverflow(span)
            guard !overflow, !overflow2 else { throw overflowError(shape) }
            if span < 0 { low = bound } else { high = bound }
        }
        let (end, overflow) = high.addingReportingOverflow(width)
        guard !overflow, low <= end else { throw overflowError(shape) }
        return low..<end
    }
}

/// A shape as NumPy writes it: `(3, 224, 224)`, `(5,)`, `()`.
package func describe(_ shape: [Int]) -> String {
    shape.count == 1 ? "(\(shape[0]),)" : "(" + shape.map(String.init).joined(separator: ", ") + ")"
}
