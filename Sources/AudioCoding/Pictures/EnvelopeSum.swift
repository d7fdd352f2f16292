import CMediaKernels
import MediaCore

/// The least, the greatest and the squares of some numbers, in eight lanes: the order of sums does not depend on the processor.
package struct EnvelopeSum: Hashable {
    package private(set) var low = SIMD8<Float>(repeating: .infinity)
    package private(set) var high = SIMD8<Float>(repeating: -.infinity)
    package private(set) var squares = SIMD8<Double>.zero
    private var count = 0

    package init() {}

    /// Whether all numbers are finite: squares of floats have room in a double.
    var isFinite: Bool { squares.sum().isFinite }

    /// What is known of them.
    var column: SoundEnvelope.Column {
        var column = SoundEnvelope.Column()
        guard count > 0 else { return column }
        (column.minimum, column.maximum) = (low.min(), high.max())
        column.rms = (squares.sum() / Double(count)).squareRoot()
        return column
    }

    /// Adds packed floats.
    package mutating func add(_ floats: RawSpan) {
        unsafe floats.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return }
            let whole = bytes.count / 4 & ~7
            unsafe withUnsafeMutableBytes(of: &low) { low in
                unsafe withUnsafeMutableBytes(of: &high) { high in
                    unsafe withUnsafeMutableBytes(of: &squares) { squares in
                        unsafe tm_sound_envelope(
                            base, whole, low.baseAddress?.assumingMemoryBound(to: Float.self),
                            high.baseAddress?.assumingMemoryBound(to: Float.self),
                            squares.baseAddress?.assumingMemoryBound(to: Double.self))
                    }
                }
            }
            unsafe addRest(bytes, from: whole) { $0 }
        }
    }

    /// The same in Swift, bit for bit: the twin of the kernel.
    package mutating func addPlainly(_ floats: RawSpan) { add(floats) { $0 } }

    /// Adds packed floats, and 0 for those that are not finite.
    mutating func addFinite(_ floats: RawSpan) {
        // 0 times what is not finite is no number.
        add(floats) { $0.replacing(with: 0, where: ($0 * 0) .!= 0) }
    }

    @inline(__always)
    private mutating func add(_ floats: RawSpan, _ kept: (SIMD8<Float>) -> SIMD8<Float>) {
        unsafe floats.withUnsafeBytes { bytes in
            let whole = bytes.count / 4 & ~7
            for i in stride(from: 0, to: whole, by: 8) {
                let x = kept(unsafe bytes.loadUnaligned(fromByteOffset: 4 &* i, as: SIMD8<Float>.self))
                low.replace(with: x, where: x .< low)
                high.replace(with: x, where: x .> high)
                let wide = SIMD8<Double>(x)
                squares += wide * wide
            }
            unsafe addRest(bytes, from: whole, kept)
        }
    }

    /// What fills no lanes goes through the first.
    @inline(__always)
    @unsafe private mutating func addRest(
        _ bytes: UnsafeRawBufferPointer, from first: Int, _ kept: (SIMD8<Float>) -> SIMD8<Float>
    ) {
        for i in first..<bytes.count / 4 {
            let x = kept(SIMD8(repeating: unsafe bytes.loadUnaligned(fromByteOffset: 4 &* i, as: Float.self)))[0]
            low[0] = x < low[0] ? x : low[0]
            high[0] = x > high[0] ? x : high[0]
            squares[0] += Double(x) * Double(x)
        }
        count += bytes.count / 4
    }
}
