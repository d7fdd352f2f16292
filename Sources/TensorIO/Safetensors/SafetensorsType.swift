/// The types of elements in a safetensors file, and how each becomes one of ours.
enum SafetensorsType: String, CaseIterable {
    case bool = "BOOL"
    case u8 = "U8"
    case i8 = "I8"
    case i16 = "I16"
    case u16 = "U16"
    case i32 = "I32"
    case u32 = "U32"
    case i64 = "I64"
    case u64 = "U64"
    case f16 = "F16"
    case bf16 = "BF16"
    case f32 = "F32"
    case f64 = "F64"
    case c64 = "C64"
    case f8E4M3 = "F8_E4M3"
    case f8E5M2 = "F8_E5M2"
    case f8E4M3FNUZ = "F8_E4M3FNUZ"
    case f8E5M2FNUZ = "F8_E5M2FNUZ"
    case f8E8M0 = "F8_E8M0"
    case f4 = "F4"
    case f6E2M3 = "F6_E2M3"
    case f6E3M2 = "F6_E3M2"

    /// The size of one element in the file, in bits.
    var bitCount: Int {
        switch self {
        case .f4: 4
        case .f6E2M3, .f6E3M2: 6
        case .bool, .u8, .i8, .f8E4M3, .f8E5M2, .f8E4M3FNUZ, .f8E5M2FNUZ, .f8E8M0: 8
        case .i16, .u16, .f16, .bf16: 16
        case .i32, .u32, .f32: 32
        case .i64, .u64, .f64, .c64: 64
        }
    }

    /// What a tensor's elements are: the same, or float32 for what has to be widened.
    var elementType: ElementType {
        switch self {
        case .bool: .bool
        case .u8: .uint8
        case .i8: .int8
        case .i16: .int16
        case .u16: .uint16
        case .i32: .int32
        case .u32: .uint32
        case .i64: .int64
        case .u64: .uint64
        case .f16: .float16
        case .bf16: .bfloat16
        case .f64: .float64
        case .f32, .c64, .f8E4M3, .f8E5M2, .f8E4M3FNUZ, .f8E5M2FNUZ, .f8E8M0, .f4, .f6E2M3, .f6E3M2: .float32
        }
    }

    /// What is said of a tensor that differs from the file.
    var note: String? {
        if self == .c64 { return "C64, the last axis is real and imaginary part" }
        return smallFloat == nil ? nil : "\(rawValue), widened to float32"
    }

    /// The format of elements that have to be widened.
    var smallFloat: SmallFloat? {
        switch self {
        case .f8E4M3: .init(exponentBits: 4, fractionBits: 3, bias: 7, special: .nanOnly)
        case .f8E5M2: .init(exponentBits: 5, fractionBits: 2, bias: 15, special: .ieee)
        case .f8E4M3FNUZ: .init(exponentBits: 4, fractionBits: 3, bias: 8, special: .negativeZero)
        case .f8E5M2FNUZ: .init(exponentBits: 5, fractionBits: 2, bias: 16, special: .negativeZero)
        case .f8E8M0: .init(exponentBits: 8, fractionBits: 0, bias: 127, special: .exponentOnly)
        case .f4: .init(exponentBits: 2, fractionBits: 1, bias: 1, special: .none)
        default: nil
        }
    }
}

/// A float of at most 8 bits. All values of all of them are exact in a float32.
///
/// Sources: "FP8 Formats for Deep Learning" (2022) for E4M3 and E5M2; the OCP Microscaling Formats specification 1.0 for
/// E8M0 and E2M1; "8-bit Numerical Formats for Deep Neural Networks" (2022) for the FNUZ types.
struct SmallFloat {
    /// Which bits mean something else than a number.
    enum Special {
        /// Infinities and NaN at the greatest exponent.
        case ieee
        /// All ones are NaN; there is no infinity.
        case nanOnly
        /// What would be −0 is NaN; there is no infinity and no −0.
        case negativeZero
        /// No sign and no fraction: a power of two, all ones are NaN.
        case exponentOnly
        /// Every pattern is a number.
        case none
    }

    let exponentBits: Int
    let fractionBits: Int
    let bias: Int
    let special: Special

    /// The value of a bit pattern.
    func value(_ bits: Int) -> Float {
        if special == .exponentOnly { return bits == 255 ? .nan : scaled(1, bits - bias) }
        let exponent = bits >> fractionBits & ((1 << exponentBits) - 1)
        let fraction = bits & ((1 << fractionBits) - 1)
        let isNegative = bits >> (exponentBits + fractionBits) & 1 == 1
        let greatest = (1 << exponentBits) - 1
        switch special {
        case .ieee where exponent == greatest:
            return fraction != 0 ? .nan : isNegative ? -.infinity : .infinity
        case .nanOnly where exponent == greatest && fraction == (1 << fractionBits) - 1: return .nan
        case .negativeZero where isNegative && exponent == 0 && fraction == 0: return .nan
        default: break
        }
        let magnitude =
            exponent == 0
            ? scaled(Float(fraction), 1 - bias - fractionBits)
            : scaled(Float(fraction + (1 << fractionBits)), exponent - bias - fractionBits)
        return isNegative ? -magnitude : magnitude
    }

    /// `significand`·2^`exponent`, exactly: 2^−127 is subnormal and needs two steps.
    private func scaled(_ significand: Float, _ exponent: Int) -> Float {
        let half = exponent / 2
        return significand * power(half) * power(exponent - half)
    }

    private func power(_ exponent: Int) -> Float { Float(bitPattern: UInt32(max(1, min(254, exponent + 127))) << 23) }
}
