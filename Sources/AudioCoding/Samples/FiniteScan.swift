import MediaCore
import TensorIO

/// Looks for numbers that are not finite, as fast as memory is read.
enum FiniteScan {
    /// Whether all packed numbers of a block are finite; integers are.
    static func isFinite(_ block: RawSpan, as type: ElementType) -> Bool {
        switch type {
        case .float32: unsafe zeros(of: block, Float.self).isFinite
        case .float64: unsafe zeros(of: block, Double.self).isFinite
        default: type.isInteger
        }
    }

    /// The sum of 0 times each number, which is 0 unless one is not finite.
    @inline(__always)
    @unsafe private static func zeros<Number: BinaryFloatingPoint & SIMDScalar & BitwiseCopyable>(
        of block: RawSpan, _ type: Number.Type
    ) -> Number {
        let width = MemoryLayout<Number>.size
        let count = block.byteCount / width, whole = count & ~15
        // Two sums, since each waits for its last addition.
        var (zeros, others) = (SIMD8<Number>.zero, SIMD8<Number>.zero)
        return unsafe block.withUnsafeBytes { bytes in
            for i in stride(from: 0, to: whole, by: 16) {
                zeros += unsafe bytes.loadUnaligned(fromByteOffset: i &* width, as: SIMD8<Number>.self) * 0
                others += unsafe bytes.loadUnaligned(fromByteOffset: (i &+ 8) &* width, as: SIMD8<Number>.self) * 0
            }
            for i in whole..<count {
                zeros[0] += unsafe bytes.loadUnaligned(fromByteOffset: i &* width, as: Number.self) * 0
            }
            return (zeros + others).sum()
        }
    }
}
