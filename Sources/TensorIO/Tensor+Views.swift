public import MediaCore

extension Tensor {
    /// The tensor at `index` of `axis`: one axis less, same storage.
    ///
    /// - Throws: `argument.invalid` when the axis or the index does not exist.
    public func slice(axis: Int = 0, at index: Int) throws(MediaError) -> Tensor {
        try checkAxis(axis)
        guard shape[axis] > 0, (0..<shape[axis]).contains(index) else {
            throw MediaError(
                .argumentInvalid, "index \(index) is outside axis \(axis), which has length \(shape[axis])")
        }
        var shape = shape
        var strides = strides
        let distance = strides[axis]
        shape.remove(at: axis)
        strides.remove(at: axis)
        return view(shape: shape, strides: strides, offset: offset &+ index &* distance)
    }

    /// The tensor between two indices of `axis`: same rank, same storage.
    ///
    /// - Throws: `argument.invalid` when the axis does not exist or the range leaves it.
    public func slice(axis: Int, _ range: Range<Int>) throws(MediaError) -> Tensor {
        try checkAxis(axis)
        guard range.lowerBound >= 0, range.upperBound <= shape[axis] else {
            throw MediaError(.argumentInvalid, "range \(range) leaves axis \(axis), which has length \(shape[axis])")
        }
        var shape = shape
        shape[axis] = range.count
        let start = range.isEmpty ? offset : offset &+ range.lowerBound &* strides[axis]
        return view(shape: shape, strides: strides, offset: start)
    }

    /// The tensor with its axes in another order: axis *i* of the result is axis `order[i]` of this one.
    ///
    /// - Throws: `argument.invalid` when `order` does not name every axis once.
    public func transposed(_ order: [Int]) throws(MediaError) -> Tensor {
        guard order.sorted() == Array(shape.indices) else {
            throw MediaError(.argumentInvalid, "\(order) is no order of the \(rank) axes of \(describe(shape))")
        }
        return view(shape: order.map { shape[$0] }, strides: order.map { strides[$0] }, offset: offset)
    }

    /// The tensor with an axis of length 1 put in front of `axis`.
    public func insertingAxis(at axis: Int) throws(MediaError) -> Tensor {
        guard (0...rank).contains(axis) else {
            throw MediaError(.argumentInvalid, "an axis cannot stand at place \(axis) of \(describe(shape))")
        }
        var shape = shape
        var strides = strides
        shape.insert(1, at: axis)
        strides.insert(0, at: axis)
        return view(shape: shape, strides: strides, offset: offset)
    }

    /// The tensor without an axis that has length 1.
    public func removingAxis(_ axis: Int) throws(MediaError) -> Tensor {
        try checkAxis(axis)
        guard shape[axis] == 1 else {
            throw MediaError(.argumentInvalid, "axis \(axis) of \(describe(shape)) has length \(shape[axis]), not 1")
        }
        return try slice(axis: axis, at: 0)
    }

    private func view(shape: [Int], strides: [Int], offset: Int) -> Tensor {
        Tensor(
            unchecked: storage, elementType: elementType, shape: shape, strides: strides, offset: offset,
            byteOrder: byteOrder)
    }

    private func checkAxis(_ axis: Int) throws(MediaError) {
        guard shape.indices.contains(axis) else {
            throw MediaError(.argumentInvalid, "there is no axis \(axis) in shape \(describe(shape))")
        }
    }
}
