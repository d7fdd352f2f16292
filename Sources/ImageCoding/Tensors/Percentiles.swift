import TensorIO

/// Percentiles by counting: numbers are read a few times and never copied or sorted.
///
/// Numbers are looked at as keys, unsigned integers in the same order. Each pass counts 16 more bits of them, from the top,
/// where the wanted ranks can still lie. Memory is 512 KiB per place looked for, whatever the size of the tensor.
enum Percentiles {
    /// The values below which given parts of the finite numbers lie, linear between neighbours, as `numpy.percentile` gives
    /// them in float64.
    ///
    /// - Parameters:
    ///   - tensor: any tensor; read once for types of up to 16 bits, twice for 32 and four times for 64.
    ///   - points: percentiles, 0…100.
    /// - Returns: a value per point, or `nil` when no value is finite.
    static func of(_ tensor: Tensor, at points: [Double]) -> [Double]? {
        let tensor = tensor.inMemoryOrder
        switch tensor.elementType {
        case .bool: return unsigned(UInt8.self, tensor, points) { $0 == 0 ? 0 : 1 }
        case .uint8: return unsigned(UInt8.self, tensor, points) { $0 }
        case .uint16: return unsigned(UInt16.self, tensor, points) { $0 }
        case .uint32: return unsigned(UInt32.self, tensor, points) { $0 }
        case .uint64: return unsigned(UInt64.self, tensor, points) { $0 }
        case .int8: return signed(Int8.self, tensor, points)
        case .int16: return signed(Int16.self, tensor, points)
        case .int32: return signed(Int32.self, tensor, points)
        case .int64: return signed(Int64.self, tensor, points)
        case .float16: return floats(UInt16.self, tensor, points, infinity: 0x7C00) { Double(halfToFloat($0)) }
        case .bfloat16:
            return floats(UInt16.self, tensor, points, infinity: 0x7F80) {
                Double(Float(bitPattern: UInt32($0) &<< 16))
            }
        case .float32:
            return floats(UInt32.self, tensor, points, infinity: 0x7F80_0000) { Double(Float(bitPattern: $0)) }
        case .float64:
            return floats(UInt64.self, tensor, points, infinity: 0x7FF0_0000_0000_0000) { Double(bitPattern: $0) }
        }
    }

    /// The same over any numbers.
    ///
    /// - Parameters:
    ///   - points: percentiles, 0…100.
    ///   - bits: how wide keys are: 16, 32, 48 or 64 bits.
    ///   - forEachKey: calls its closure with the key of every number, the same ones each time.
    ///   - value: the number of a key.
    static func of(
        at points: [Double], bits: Int, forEachKey: ((UInt64) -> Void) -> Void, value: (UInt64) -> Double
    ) -> [Double]? {
        var shift = bits - 16
        var counts = [Int](repeating: 0, count: 65536)
        forEachKey { counts[Int(truncatingIfNeeded: $0 &>> UInt64(shift)) & 0xFFFF] += 1 }
        let total = counts.reduce(0, +)
        guard total > 0 else { return nil }
        let places = points.map { $0 / 100 * Double(total - 1) }
        // A place lies between two numbers; each is followed by the upper bits of its key and its rank among those.
        var targets = places.flatMap { place in
            let below = min(total - 1, Int(place))
            return [Target(prefix: 0, rank: below), Target(prefix: 0, rank: min(total - 1, below + 1))]
        }
        for i in targets.indices { targets[i].descend(counts[...]) }
        while shift > 0 {
            shift -= 16
            let prefixes = Array(Set(targets.map(\.prefix)))
            counts = [Int](repeating: 0, count: 65536 * prefixes.count)
            forEachKey { key in
                let upper = key &>> UInt64(shift + 16)
                for slot in prefixes.indices where prefixes[slot] == upper {
                    counts[slot << 16 | Int(truncatingIfNeeded: key &>> UInt64(shift)) & 0xFFFF] += 1
                }
            }
            for i in targets.indices {
                guard let slot = prefixes.firstIndex(of: targets[i].prefix) else { continue }
                targets[i].descend(counts[slot << 16..<(slot + 1) << 16])
            }
        }
        return places.indices.map { i in
            let part = places[i] - places[i].rounded(.down)
            return between(value(targets[2 * i].prefix), value(targets[2 * i + 1].prefix), part)
        }
    }

    /// Linear between two numbers, counted from the nearer one, as NumPy does.
    private static func between(_ low: Double, _ high: Double, _ part: Double) -> Double {
        let step = high - low
        return (part < 0.5 ? low + step * part : high - step * (1 - part)) + 0
    }

    private struct Target {
        /// The bits of the key that are known, from the top.
        var prefix: UInt64
        /// Which of the keys that begin so is looked for, in order.
        var rank: Int

        /// Finds the next 16 bits.
        mutating func descend(_ counts: ArraySlice<Int>) {
            for (digit, count) in counts.enumerated() {
                if rank < count {
                    prefix = prefix << 16 | UInt64(digit)
                    return
                }
                rank -= count
            }
        }
    }

    // MARK: Keys of element types

    private static func unsigned<Bits: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
        _ type: Bits.Type, _ tensor: Tensor, _ points: [Double], _ number: (Bits) -> Bits
    ) -> [Double]? {
        of(at: points, bits: max(16, Bits.bitWidth)) { body in
            forEachBits(type, tensor) { body(UInt64(number($0))) }
        } value: {
            Double($0)
        }
    }

    /// Inverting the sign puts negative numbers below the others.
    private static func signed<Bits: FixedWidthInteger & SignedInteger & BitwiseCopyable>(
        _ type: Bits.Type, _ tensor: Tensor, _ points: [Double]
    ) -> [Double]? {
        of(at: points, bits: max(16, Bits.bitWidth)) { body in
            forEachBits(type, tensor) { body(UInt64(Bits.Magnitude(truncatingIfNeeded: $0 ^ Bits.min))) }
        } value: {
            Double(Bits(truncatingIfNeeded: $0) ^ Bits.min)
        }
    }

    /// The bits of floats are ordered as the numbers are, once those of negative ones are inverted and the others lifted
    /// above them.
    private static func floats<Bits: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
        _ type: Bits.Type, _ tensor: Tensor, _ points: [Double], infinity: Bits, _ number: (Bits) -> Double
    ) -> [Double]? {
        let sign: Bits = 1 << Bits(Bits.bitWidth - 1)
        return of(at: points, bits: Bits.bitWidth) { body in
            forEachBits(type, tensor) { bits in
                guard bits & infinity != infinity else { return }
                body(UInt64(bits & sign == 0 ? bits | sign : ~bits))
            }
        } value: {
            let key = Bits(truncatingIfNeeded: $0)
            return number(key & sign == 0 ? ~key : key & ~sign)
        }
    }

    @inline(__always)
    private static func forEachBits<Bits: BitwiseCopyable>(_ type: Bits.Type, _ tensor: Tensor, _ body: (Bits) -> Void)
    {
        unsafe PackedReader(tensor).forEachBlock { base, count in
            for i in 0..<count {
                body(unsafe base.loadUnaligned(fromByteOffset: i &* MemoryLayout<Bits>.size, as: type))
            }
            return true
        }
    }
}
