import CMediaKernels
import TensorIO

/// Numbers of any type as floats and doubles: 1 is the loudest that an integer type can nearly hold, −1 its least number.
///
/// Integers are divided by a power of two, so that a number is rounded once, where the wider type cannot hold it.
enum NumberWidening {
    /// Packed numbers in native order to floats; `output` has room for all of them.
    static func floats(_ input: RawSpan, as type: ElementType, to output: UnsafeMutablePointer<Float>) {
        let count = input.byteCount / type.byteCount
        unsafe input.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return }
            switch type {
            case .float32: unsafe UnsafeMutableRawPointer(output).copyMemory(from: base, byteCount: 4 * count)
            case .float16: unsafe tm_widen_f16(base, output, count)
            case .bfloat16: unsafe tm_widen_bf16(base, output, count)
            case .float64:
                for i in 0..<count {
                    unsafe output[i] = Float(base.loadUnaligned(fromByteOffset: 8 &* i, as: Double.self))
                }
            case .int8: unsafe widen(base, count, Int8.self, 0, output)
            case .uint8, .bool: unsafe widen(base, count, Int8.self, .min, output)
            case .int16: unsafe widen(base, count, Int16.self, 0, output)
            case .uint16: unsafe widen(base, count, Int16.self, .min, output)
            case .int32: unsafe widen(base, count, Int32.self, 0, output)
            case .uint32: unsafe widen(base, count, Int32.self, .min, output)
            case .int64: unsafe widen(base, count, Int64.self, 0, output)
            case .uint64: unsafe widen(base, count, Int64.self, .min, output)
            }
        }
    }

    /// Packed numbers in native order to doubles; `output` has room for all of them.
    ///
    /// - Parameter forRounding: whether the doubles will be rounded to 32 bits or fewer. What a double cannot hold of a 64-bit
    ///   integer is then kept as its last bit, so that no tie is made that is none.
    static func doubles(
        _ input: RawSpan, as type: ElementType, forRounding: Bool, to output: UnsafeMutablePointer<Double>
    ) {
        let count = input.byteCount / type.byteCount
        unsafe input.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return }
            switch type {
            case .float64: unsafe UnsafeMutableRawPointer(output).copyMemory(from: base, byteCount: 8 * count)
            case .float32:
                for i in 0..<count {
                    unsafe output[i] = Double(base.loadUnaligned(fromByteOffset: 4 &* i, as: Float.self))
                }
            case .float16, .bfloat16:
                // The floats are widened into the upper half of the doubles' room and read from there, front to back.
                let raw = UnsafeMutableRawPointer(output)
                let floats = unsafe (raw + 4 &* count).assumingMemoryBound(to: Float.self)
                if type == .float16 {
                    unsafe tm_widen_f16(base, floats, count)
                } else {
                    unsafe tm_widen_bf16(base, floats, count)
                }
                for i in 0..<count {
                    let value = unsafe raw.load(fromByteOffset: 4 &* (count &+ i), as: Float.self)
                    unsafe raw.storeBytes(of: Double(value), toByteOffset: 8 &* i, as: Double.self)
                }
            case .int8: unsafe widen(base, count, Int8.self, 0, output)
            case .uint8, .bool: unsafe widen(base, count, Int8.self, .min, output)
            case .int16: unsafe widen(base, count, Int16.self, 0, output)
            case .uint16: unsafe widen(base, count, Int16.self, .min, output)
            case .int32: unsafe widen(base, count, Int32.self, 0, output)
            case .uint32: unsafe widen(base, count, Int32.self, .min, output)
            case .int64 where forRounding: unsafe widenSticky(base, count, 0, output)
            case .uint64 where forRounding: unsafe widenSticky(base, count, .min, output)
            case .int64: unsafe widen(base, count, Int64.self, 0, output)
            case .uint64: unsafe widen(base, count, Int64.self, .min, output)
            }
        }
    }

    /// - Parameter zero: the sign bit for unsigned numbers: without it they are signed ones around 0.
    @inline(always)
    private static func widen<Number: FixedWidthInteger & BitwiseCopyable, Real: BinaryFloatingPoint>(
        _ input: UnsafeRawPointer, _ count: Int, _ type: Number.Type, _ zero: Number,
        _ output: UnsafeMutablePointer<Real>
    ) {
        let scale = Real(sign: .plus, exponent: Real.Exponent(1 - Number.bitWidth), significand: 1)
        for i in 0..<count {
            let number = unsafe input.loadUnaligned(fromByteOffset: i &* MemoryLayout<Number>.size, as: type)
            unsafe output[i] = Real(number ^ zero) * scale
        }
    }

    private static func widenSticky(
        _ input: UnsafeRawPointer, _ count: Int, _ zero: Int64, _ output: UnsafeMutablePointer<Double>
    ) {
        for i in 0..<count {
            let number = unsafe input.loadUnaligned(fromByteOffset: 8 &* i, as: Int64.self) ^ zero
            let kept = number &>> 11 | (number & 0x7FF == 0 ? 0 : 1)
            unsafe output[i] = Double(kept) * 0x1p-52
        }
    }

    /// Packed numbers of 24 bits, least significant byte first, as the upper bytes of 32; `output` has room for all of them.
    static func upper24(_ input: RawSpan, to output: UnsafeMutablePointer<Int32>) {
        unsafe input.withUnsafeBytes { bytes in
            for i in 0..<bytes.count / 3 {
                let low = unsafe bytes.loadUnaligned(fromByteOffset: 3 &* i, as: UInt16.self)
                unsafe output[i] = Int32(bitPattern: UInt32(low) &<< 8 | UInt32(bytes[3 &* i &+ 2]) &<< 24)
            }
        }
    }
}
