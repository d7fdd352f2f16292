/// The types that a tensor's elements can have.
public enum ElementType: String, Sendable, Hashable, CaseIterable {
    /// One byte, zero or not.
    case bool
    /// Signed 8-bit integer.
    case int8
    /// Unsigned 8-bit integer.
    case uint8
    /// Signed 16-bit integer.
    case int16
    /// Unsigned 16-bit integer.
    case uint16
    /// Signed 32-bit integer.
    case int32
    /// Unsigned 32-bit integer.
    case uint32
    /// Signed 64-bit integer.
    case int64
    /// Unsigned 64-bit integer.
    case uint64
    /// IEEE 754 binary16.
    case float16
    /// The upper half of a binary32: 8 bits of exponent, 7 of fraction.
    case bfloat16
    /// IEEE 754 binary32.
    case float32
    /// IEEE 754 binary64.
    case float64

    /// The size of one element, in bytes.
    public var byteCount: Int {
        switch self {
        case .bool, .int8, .uint8: 1
        case .int16, .uint16, .float16, .bfloat16: 2
        case .int32, .uint32, .float32: 4
        case .int64, .uint64, .float64: 8
        }
    }

    /// Whether the type holds fractions, and values that are not finite.
    public var isFloatingPoint: Bool {
        switch self {
        case .float16, .bfloat16, .float32, .float64: true
        default: false
        }
    }

    /// Whether the type holds integers; `bool` is not one of them.
    public var isInteger: Bool { self != .bool && !isFloatingPoint }

    /// Whether the type holds negative values.
    public var isSigned: Bool {
        switch self {
        case .bool, .uint8, .uint16, .uint32, .uint64: false
        default: true
        }
    }
}

extension ElementType: CustomStringConvertible {
    /// NumPy's name of the type.
    public var description: String { rawValue }
}

/// The order of an element's bytes in memory.
public enum ByteOrder: String, Sendable, Hashable {
    /// Least significant byte first.
    case little
    /// Most significant byte first.
    case big

    /// The order of the processor this runs on.
    public static var native: ByteOrder { Int(littleEndian: 1) == 1 ? .little : .big }
}

/// A Swift type whose values are laid out as those of an ``ElementType``.
public protocol TensorElement: Sendable, BitwiseCopyable {
    /// The element type of this Swift type.
    static var elementType: ElementType { get }
}

extension Int8: TensorElement {
    /// `int8`.
    public static var elementType: ElementType { .int8 }
}
extension UInt8: TensorElement {
    /// `uint8`.
    public static var elementType: ElementType { .uint8 }
}
extension Int16: TensorElement {
    /// `int16`.
    public static var elementType: ElementType { .int16 }
}
extension UInt16: TensorElement {
    /// `uint16`.
    public static var elementType: ElementType { .uint16 }
}
extension Int32: TensorElement {
    /// `int32`.
    public static var elementType: ElementType { .int32 }
}
extension UInt32: TensorElement {
    /// `uint32`.
    public static var elementType: ElementType { .uint32 }
}
extension Int64: TensorElement {
    /// `int64`.
    public static var elementType: ElementType { .int64 }
}
extension UInt64: TensorElement {
    /// `uint64`.
    public static var elementType: ElementType { .uint64 }
}
#if !((os(macOS) || targetEnvironment(macCatalyst)) && arch(x86_64))
    extension Float16: TensorElement {
        /// `float16`.
        public static var elementType: ElementType { .float16 }
    }
#endif
extension Float: TensorElement {
    /// `float32`.
    public static var elementType: ElementType { .float32 }
}
extension Double: TensorElement {
    /// `float64`.
    public static var elementType: ElementType { .float64 }
}
extension Bool: TensorElement {
    /// `bool`.
    public static var elementType: ElementType { .bool }
}
