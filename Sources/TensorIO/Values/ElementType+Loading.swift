extension ElementType {
    /// The element at `index` of packed ones in native byte order, as a double; 64-bit integers are rounded.
    @unsafe func load(_ base: UnsafeRawPointer, _ index: Int) -> Double {
        let place = index &* byteCount
        return switch self {
        case .bool: unsafe base.load(fromByteOffset: place, as: UInt8.self) == 0 ? 0 : 1
        case .int8: unsafe Double(base.loadUnaligned(fromByteOffset: place, as: Int8.self))
        case .uint8: unsafe Double(base.loadUnaligned(fromByteOffset: place, as: UInt8.self))
        case .int16: unsafe Double(base.loadUnaligned(fromByteOffset: place, as: Int16.self))
        case .uint16: unsafe Double(base.loadUnaligned(fromByteOffset: place, as: UInt16.self))
        case .int32: unsafe Double(base.loadUnaligned(fromByteOffset: place, as: Int32.self))
        case .uint32: unsafe Double(base.loadUnaligned(fromByteOffset: place, as: UInt32.self))
        case .int64: unsafe Double(base.loadUnaligned(fromByteOffset: place, as: Int64.self))
        case .uint64: unsafe Double(base.loadUnaligned(fromByteOffset: place, as: UInt64.self))
        case .float16: unsafe Double(halfToFloat(base.loadUnaligned(fromByteOffset: place, as: UInt16.self)))
        case .bfloat16:
            unsafe Double(
                Float(bitPattern: UInt32(base.loadUnaligned(fromByteOffset: place, as: UInt16.self)) << 16))
        case .float32: unsafe Double(base.loadUnaligned(fromByteOffset: place, as: Float.self))
        case .float64: unsafe base.loadUnaligned(fromByteOffset: place, as: Double.self)
        }
    }
}

/// The value of an IEEE 754 binary16. Exact.
///
/// Exponent and fraction move to their places in a binary32 and a multiplication by 2¹¹² corrects the bias; it makes
/// normal numbers of subnormal ones on the way.
@inline(__always)
package func halfToFloat(_ bits: UInt16) -> Float {
    let magnitude = UInt32(bits & 0x7FFF) << 13
    let scaled = Float(bitPattern: magnitude) * 0x1p112
    let special = magnitude >= 0x0F80_0000 ? UInt32(0x7F80_0000) : 0
    return Float(bitPattern: scaled.bitPattern | special | UInt32(bits & 0x8000) << 16)
}
