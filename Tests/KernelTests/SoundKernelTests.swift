import AudioCoding
import CMediaKernels
import MediaCore
import TestSupport
import Testing

@Suite("Kernels of sound agree with their Swift twins at every level of instructions")
struct SoundKernelTests {
    private static let counts = Array(0...70) + [127, 128, 129, 1000, 65_535, 65_537]
    private static let specials: [Double] = [
        0, -0.0, 1, -1, 1.5, -1.5, .infinity, -.infinity, .nan, 0.5 / 32768, -0.5 / 32768, 1.5 / 32768, 2.5 / 32768,
        32766.5 / 32768, 32767.5 / 32768, -32767.5 / 32768, .greatestFiniteMagnitude, .leastNonzeroMagnitude, 1e-40,
    ]

    private static func numbers(_ count: Int, using random: inout SeededGenerator) -> [Double] {
        let isWild = random.chance(0.5)
        return (0..<count).map { _ in
            isWild && random.chance(0.2) ? random.pick(specials) : random.double(-1.01, 1.01)
        }
    }

    /// Calls a kernel and its twin on the same numbers, beside forbidden pages, at every level, and compares bits and counts.
    private static func compare<
        Real: BinaryFloatingPoint & BitwiseCopyable, Integer: FixedWidthInteger & BitwiseCopyable
    >(
        _: Real.Type, _: Integer.Type,
        kernel: (UnsafeRawPointer, UnsafeMutablePointer<Integer>, Int, inout tm_losses) -> Void,
        twin: (UnsafeRawPointer, UnsafeMutablePointer<Integer>, Int, inout PCMKernels.Losses) -> Void
    ) throws {
        var random = SeededGenerator(seed: 8)
        for count in counts {
            let input = bytes(of: numbers(count, using: &random).map { Real($0) })
            for place in GuardedBytes.Place.allCases {
                // The last number ends at the forbidden page, at an odd address where the first one begins behind it.
                let shift = place == .afterGuard ? 0 : 1
                let source = GuardedBytes(
                    count: input.count + shift, place: place, contents: [UInt8](repeating: 0, count: shift) + input)
                let base = UnsafeRawPointer(try #require(source.buffer.baseAddress)) + shift
                var expected = [Integer](repeating: 0x55, count: count)
                var lost = PCMKernels.Losses()
                expected.withUnsafeMutableBufferPointer { output in
                    if let start = output.baseAddress { twin(base, start, count, &lost) }
                }
                try CPULevel.forEachAvailable { level in
                    let target = GuardedBytes(count: count * MemoryLayout<Integer>.size, place: place)
                    let output = try #require(target.buffer.baseAddress).assumingMemoryBound(to: Integer.self)
                    var losses = tm_losses()
                    kernel(base, output, count, &losses)
                    #expect(
                        firstDifference(Array(target.buffer), bytes(of: expected)) == nil, "\(level), \(count) numbers")
                    #expect(losses.low == lost.low && losses.high == lost.high, "\(level), \(count) numbers")
                    #expect(losses.not_finite == lost.notFinite, "\(level), \(count) numbers")
                }
            }
        }
    }

    @Test("float32 to 16 bits")
    func single() throws {
        try Self.compare(
            Float.self, Int16.self, kernel: { tm_sound_f32_i16($0, $1, $2, &$3) },
            twin: { PCMKernels.convert($0, to: $1, count: $2, losses: &$3) })
    }

    @Test("float64 to 16 bits")
    func double() throws {
        try Self.compare(
            Double.self, Int16.self, kernel: { tm_sound_f64_i16($0, $1, $2, 0x1p15, &$3) },
            twin: { PCMKernels.convert($0, to: $1, count: $2, scale: 0x1p15, losses: &$3) })
    }

    @Test("float64 to integers of 8, 24 and 32 bits", arguments: [0x1p7, 0x1p23, 0x1p31])
    func wide(scale: Double) throws {
        try Self.compare(
            Double.self, Int32.self, kernel: { tm_sound_f64_i32($0, $1, $2, scale, &$3) },
            twin: { PCMKernels.convert($0, to: $1, count: $2, scale: scale, losses: &$3) })
    }
}

@Suite("The kernel of envelopes agrees with its Swift twin at every level of instructions")
struct EnvelopeKernelTests {
    @Test("Least, greatest and squares of floats of all kinds, at any address")
    func sums() throws {
        var random = SeededGenerator(seed: 12)
        for count in Array(0...40) + [1000, 4099] {
            for isWild in [false, true] {
                let numbers = (0..<count).map { _ -> Float in
                    isWild && random.chance(0.1)
                        ? random.pick([
                            .nan, .infinity, -.infinity, 0, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude,
                        ])
                        : Float(random.double(-2, 2))
                }
                let contents = bytes(of: numbers)
                for place in GuardedBytes.Place.allCases {
                    let shift = place == .afterGuard ? 0 : 1
                    let source = GuardedBytes(
                        count: contents.count + shift, place: place,
                        contents: [UInt8](repeating: 0, count: shift) + contents)
                    let span = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(source.buffer)[shift...])
                    // What comes second is added to the first.
                    var expected = EnvelopeSum()
                    for _ in 0..<2 { expected.addPlainly(span.bytes) }
                    CPULevel.forEachAvailable { level in
                        var found = EnvelopeSum()
                        for _ in 0..<2 { found.add(span.bytes) }
                        #expect(
                            Self.bits(of: found) == Self.bits(of: expected), "\(level), \(count) numbers, \(isWild)")
                    }
                }
            }
        }
    }

    /// All bits; those of a NaN's payload may differ between processors.
    private static func bits(of sum: EnvelopeSum) -> [UInt64] {
        sum.low.indices.flatMap { lane in
            [UInt64(sum.low[lane].bitPattern), UInt64(sum.high[lane].bitPattern)]
                + [sum.squares[lane].isNaN ? 0 : sum.squares[lane].bitPattern]
        }
    }
}
