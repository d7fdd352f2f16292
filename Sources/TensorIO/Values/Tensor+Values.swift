extension Tensor {
    /// A copy of all elements in C order, as doubles; 64-bit integers are rounded, `bool` is 0 and 1.
    ///
    /// For tests and small tensors: it takes 8 bytes per element.
    public func values(as _: Double.Type = Double.self) -> [Double] {
        var values: [Double] = []
        values.reserveCapacity(count)
        unsafe PackedReader(self).forEachBlock { base, count in
            for index in 0..<count { values.append(unsafe elementType.load(base, index)) }
            return true
        }
        return values
    }

    /// A copy of the elements in C order, packed and in the processor's byte order.
    ///
    /// It takes ``byteCount`` bytes.
    public func packedBytes() -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, used in
            guard let base = buffer.baseAddress else { return }
            unsafe PackedReader(self).copy(0..<count, into: UnsafeMutableRawPointer(base))
            used = byteCount
        }
    }
}
