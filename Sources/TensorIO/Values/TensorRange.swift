import CMediaKernels

/// The least and the greatest value of a tensor, and how many of its elements are not finite.
public struct TensorRange: Sendable, Hashable {
    /// The least finite value, rounded to double precision; `nil` when no element is finite.
    public var minimum: Double?
    /// The greatest finite value, rounded to double precision; `nil` when no element is finite.
    public var maximum: Double?
    /// How many elements are NaN or infinite.
    public var notFinite = 0
    /// The index, one number per axis, of the first element in C order that is not finite.
    public var firstNotFinite: [Int]?
    /// How many elements there are.
    public var count = 0
}

extension Tensor {
    /// Looks at every element once, in the order in which they lie in memory.
    ///
    /// `bool` counts as 0 and 1. Complexity: O(count), no memory beyond a block of 4096 elements.
    public func scanRange() -> TensorRange {
        var range = unsafe inMemoryOrder.scanValues()
        range.count = count
        if range.notFinite > 0 { range.firstNotFinite = firstNotFiniteIndex() }
        return range
    }

    /// The same elements with the axes ordered by their strides: quicker to read, for what needs no order.
    package var inMemoryOrder: Tensor {
        let order = shape.indices.sorted { abs(strides[$0]) > abs(strides[$1]) }
        return Tensor(
            unchecked: storage, elementType: elementType, shape: order.map { shape[$0] },
            strides: order.map { strides[$0] }, offset: offset, byteOrder: byteOrder)
    }

    @unsafe private func scanValues() -> TensorRange {
        var range = TensorRange()
        let reader = PackedReader(self)
        unsafe reader.forEachBlock { base, count in
            switch elementType {
            case .bool: unsafe range.addBools(base, count)
            case .int8: unsafe range.addIntegers(Int8.self, base, count)
            case .uint8: unsafe range.addIntegers(UInt8.self, base, count)
            case .int16: unsafe range.addIntegers(Int16.self, base, count)
            case .uint16: unsafe range.addIntegers(UInt16.self, base, count)
            case .int32: unsafe range.addIntegers(Int32.self, base, count)
            case .uint32: unsafe range.addIntegers(UInt32.self, base, count)
            case .int64: unsafe range.addIntegers(Int64.self, base, count)
            case .uint64: unsafe range.addIntegers(UInt64.self, base, count)
            case .float16:
                unsafe range.addFloats(base, count, infinity: Int16(0x7C00)) { halfToFloat(UInt16(bitPattern: $0)) }
            case .bfloat16:
                unsafe range.addFloats(base, count, infinity: Int16(0x7F80)) {
                    Float(bitPattern: UInt32(UInt16(bitPattern: $0)) << 16)
                }
            case .float32: unsafe range.addFloats32(base, count)
            case .float64: unsafe range.addDoubles(base, count)
            }
            return true
        }
        return range
    }

    /// The index of the first element in C order that is NaN or infinite.
    private func firstNotFiniteIndex() -> [Int]? {
        var position = 0
        var found: Int?
        unsafe PackedReader(self).forEachBlock { base, count in
            for index in 0..<count where unsafe !elementType.load(base, index).isFinite {
                found = position + index
                return false
            }
            position += count
            return true
        }
        return found.map(index(ofElement:))
    }

    /// The index, one number per axis, of an element counted in C order.
    package func index(ofElement number: Int) -> [Int] {
        var rest = number
        var index = [Int](repeating: 0, count: rank)
        for axis in shape.indices.reversed() where shape[axis] > 0 {
            index[axis] = rest % shape[axis]
            rest /= shape[axis]
        }
        return index
    }
}

extension TensorRange {
    fileprivate mutating func add(_ low: Double, _ high: Double) {
        // Adding 0 makes −0 a plain 0.
        minimum = (minimum.map { min($0, low) } ?? low) + 0
        maximum = (maximum.map { max($0, high) } ?? high) + 0
    }

    @unsafe fileprivate mutating func addBools(_ base: UnsafeRawPointer, _ count: Int) {
        var all: UInt8 = 1
        var any: UInt8 = 0
        for index in 0..<count {
            let value: UInt8 = unsafe base.load(fromByteOffset: index, as: UInt8.self) == 0 ? 0 : 1
            all &= value
            any |= value
        }
        add(Double(all), Double(any))
    }

    @inline(__always)
    @unsafe fileprivate mutating func addIntegers<Value: FixedWidthInteger & BitwiseCopyable>(
        _: Value.Type, _ base: UnsafeRawPointer, _ count: Int
    ) {
        let (low, high) = unsafe extremes(base, count) { (value: Value) in value }
        add(Double(low), Double(high))
    }

    /// Floats are compared as integers: with the other bits of negative numbers inverted, the order of the bits as
    /// signed integers is the order of the values, NaN beyond infinity. Integer extremes become vector code, those of
    /// floats do not, since the compiler may not reorder comparisons that see a NaN.
    @inline(__always)
    @unsafe fileprivate mutating func addFloats<Bits: FixedWidthInteger & SignedInteger & BitwiseCopyable>(
        _ base: UnsafeRawPointer, _ count: Int, infinity: Bits, known: (Bits, Bits)? = nil, _ value: (Bits) -> Float
    ) {
        let (low, high) = unsafe known ?? extremes(base, count) { (bits: Bits) in sortable(bits) }
        if low > sortable(infinity | Bits.min), high < infinity {
            add(Double(value(sortable(low))), Double(value(sortable(high))))
            return
        }
        for index in 0..<count {
            let bits = unsafe base.loadUnaligned(
                fromByteOffset: index &* MemoryLayout<Bits>.size, as: Bits.self)
            if bits & infinity == infinity { notFinite += 1; continue }
            let value = Double(value(bits))
            add(value, value)
        }
    }

    /// As above, with the kernel where there is one.
    @unsafe fileprivate mutating func addFloats32(_ base: UnsafeRawPointer, _ count: Int) {
        var (low, high) = (Int32.max, Int32.min)
        let isKnown = unsafe tm_range_f32(base, count, &low, &high) != 0
        unsafe addFloats(base, count, infinity: Int32(0x7F80_0000), known: isKnown ? (low, high) : nil) {
            Float(bitPattern: UInt32(bitPattern: $0))
        }
    }

    /// Four independent extremes, so that the processor can work on them at the same time.
    @unsafe fileprivate mutating func addDoubles(_ base: UnsafeRawPointer, _ count: Int) {
        var low = (Double.infinity, Double.infinity, Double.infinity, Double.infinity)
        var high = (-Double.infinity, -Double.infinity, -Double.infinity, -Double.infinity)
        var exponents = (UInt64(0), UInt64(0))
        let mask: UInt64 = 0x7FF0_0000_0000_0000
        var index = 0
        // A sum of 1 below the exponent overflows into the sign bit exactly when all exponent bits are set.
        let one: UInt64 = 0x0010_0000_0000_0000
        while index &+ 4 <= count {
            let a = unsafe base.loadUnaligned(fromByteOffset: index &* 8, as: UInt64.self)
            let b = unsafe base.loadUnaligned(fromByteOffset: index &* 8 &+ 8, as: UInt64.self)
            let c = unsafe base.loadUnaligned(fromByteOffset: index &* 8 &+ 16, as: UInt64.self)
            let d = unsafe base.loadUnaligned(fromByteOffset: index &* 8 &+ 24, as: UInt64.self)
            exponents.0 |= (a & mask) &+ one
            exponents.1 |= (b & mask) &+ one
            exponents.0 |= (c & mask) &+ one
            exponents.1 |= (d & mask) &+ one
            let (w, x) = (Double(bitPattern: a), Double(bitPattern: b))
            let (y, z) = (Double(bitPattern: c), Double(bitPattern: d))
            low.0 = w < low.0 ? w : low.0
            low.1 = x < low.1 ? x : low.1
            low.2 = y < low.2 ? y : low.2
            low.3 = z < low.3 ? z : low.3
            high.0 = w > high.0 ? w : high.0
            high.1 = x > high.1 ? x : high.1
            high.2 = y > high.2 ? y : high.2
            high.3 = z > high.3 ? z : high.3
            index &+= 4
        }
        if (exponents.0 | exponents.1) >> 63 != 0 {
            index = 0  // something is not finite: look at the block again, one by one
        } else if index > 0 {
            add(min(low.0, low.1, low.2, low.3), max(high.0, high.1, high.2, high.3))
        }
        while index < count {
            let value = unsafe base.loadUnaligned(fromByteOffset: index &* 8, as: Double.self)
            if value.isFinite { add(value, value) } else { notFinite += 1 }
            index &+= 1
        }
    }
}

@inline(__always)
private func sortable<Bits: FixedWidthInteger & SignedInteger>(_ bits: Bits) -> Bits {
    bits ^ ((bits &>> Bits(truncatingIfNeeded: Bits.bitWidth - 1)) & Bits.max)
}

@inline(__always)
@unsafe private func extremes<Bits: FixedWidthInteger & BitwiseCopyable>(
    _ base: UnsafeRawPointer, _ count: Int, _ key: (Bits) -> Bits
) -> (Bits, Bits) {
    var low = Bits.max
    var high = Bits.min
    var index = 0
    while index < count {
        let value = key(unsafe base.loadUnaligned(fromByteOffset: index &* MemoryLayout<Bits>.size, as: Bits.self))
        low = value < low ? value : low
        high = value > high ? value : high
        index &+= 1
    }
    return (low, high)
}
