import CMediaKernels
import MediaCore
import TestSupport
import Testing

@testable import ImageCoding

@Suite("PNG kernels do what the format says, at every level of instructions")
struct PNGKernelTests {
    /// The filters as the specification writes them, in whole numbers.
    private static func filtered(_ filter: PNGFilter, _ row: [UInt8], _ above: [UInt8], step: Int) -> [UInt8] {
        row.indices.map { i in
            let a = i >= step ? Int(row[i - step]) : 0
            let b = Int(above[i])
            let c = i >= step ? Int(above[i - step]) : 0
            let predicted: Int
            switch filter {
            case .none: predicted = 0
            case .sub: predicted = a
            case .up: predicted = b
            case .average: predicted = (a + b) / 2
            case .paeth:
                let p = a + b - c
                let (pa, pb, pc) = (abs(p - a), abs(p - b), abs(p - c))
                predicted = pa <= pb && pa <= pc ? a : pb <= pc ? b : c
            }
            return UInt8(truncatingIfNeeded: Int(row[i]) - predicted)
        }
    }

    @Test("the 8-bit Paeth predictor is the specification's, for every difference that matters")
    func paeth() {
        for a in stride(from: 0, through: 255, by: 3) {
            for b in stride(from: 0, through: 255, by: 3) {
                for c in stride(from: 0, through: 255, by: 15) {
                    let p = a + b - c
                    let (pa, pb, pc) = (abs(p - a), abs(p - b), abs(p - c))
                    let expected = pa <= pb && pa <= pc ? a : pb <= pc ? b : c
                    guard Int(PNGFilterLoops.paeth(UInt8(a), UInt8(b), UInt8(c))) != expected else { continue }
                    Issue.record("a \(a), b \(b), c \(c): expected \(expected)")
                    return
                }
            }
        }
    }

    @Test("samples are packed the first in the high bits, also in place", arguments: [1, 2, 4])
    func packing(bits: Int) {
        for count in Array(0...70) + [127, 128, 129, 1001] {
            var random = SeededGenerator(seed: UInt64(count))
            let samples = random.bytes(count).map { $0 & ((1 << UInt8(bits)) - 1) }
            var expected = [UInt8](repeating: 0, count: (count * bits + 7) / 8)
            for (i, sample) in samples.enumerated() {
                expected[i * bits / 8] |= sample << UInt8(8 - bits - i * bits % 8)
            }
            CPULevel.forEachAvailable { level in
                // What lies behind the packed bytes stays.
                var packed = [UInt8](repeating: 0xA5, count: expected.count + 8)
                PNGRowPacking.pack(samples, count: count, bits: bits, output: &packed)
                #expect(packed == expected + [UInt8](repeating: 0xA5, count: 8), "\(level), \(count) samples")
                var inPlace = [0x77] + samples
                inPlace.withUnsafeMutableBufferPointer {
                    guard let start = $0.baseAddress else { return }
                    PNGRowPacking.pack(start + 1, count: count, bits: bits, output: start)
                }
                #expect(Array(inPlace.prefix(expected.count)) == expected, "\(level), \(count) samples, in place")
            }
        }
    }

    @Test("filters of rows of any length, beside memory that may not be touched", arguments: PNGFilter.allCases)
    func filters(filter: PNGFilter) {
        var generator = SeededGenerator(seed: UInt64(filter.rawValue))
        for count in Array(0...70) + [127, 128, 129, 200, 1000] {
            for step in [1, 2, 3, 4, 6, 8] {
                // Few different values make the ties among neighbours that a predictor can get wrong.
                let few = generator.chance(0.5)
                let row = generator.bytes(count).map { few ? $0 & 3 : $0 }
                let above = generator.bytes(count).map { few ? $0 & 3 : $0 }
                let expected = Self.filtered(filter, row, above, step: step)
                for place in GuardedBytes.Place.allCases {
                    let (first, second) = (
                        GuardedBytes(count: count, place: place, contents: row),
                        GuardedBytes(count: count, place: place, contents: above)
                    )
                    CPULevel.forEachAvailable { level in
                        let output = GuardedBytes(count: count, place: place)
                        PNGKernels.filter(
                            filter, row: first.buffer.bytes8, above: second.buffer.bytes8, count: count, step: step,
                            output: output.buffer.mutableBytes8)
                        let difference = firstDifference([UInt8](output.buffer), expected)
                        #expect(difference == nil, "\(filter), \(count) bytes, step \(step), \(level), \(place)")
                    }
                }
            }
        }
    }

    @Test("the score of a row is the sum of its bytes' distances from zero")
    func score() {
        var generator = SeededGenerator(seed: 5)
        for count in Array(0...130) + [4080, 4096, 5000, 70_001] {
            let bytes = count == 5000 ? [UInt8](repeating: 128, count: count) : generator.bytes(count)
            let expected = bytes.reduce(UInt64(0)) { $0 + UInt64(abs(Int(Int8(bitPattern: $1)))) }
            for place in GuardedBytes.Place.allCases {
                let memory = GuardedBytes(count: count, place: place, contents: bytes)
                CPULevel.forEachAvailable { level in
                    let score = PNGKernels.score(memory.buffer.bytes8, count: count)
                    #expect(score == expected, "\(count) bytes, \(level)")
                }
            }
        }
    }

    @Test("bit maps of equal bytes, for distances on both sides of a register")
    func equalMask() {
        var generator = SeededGenerator(seed: 6)
        for distance in [1, 2, 3, 4, 8, 31, 33, 63, 64, 65, 300] {
            for words in [0, 1, 2, 5] {
                let all = generator.bytes(distance + 64 * words).map { $0 & 1 }
                let expected = (0..<words).map { word in
                    (0..<64).reduce(UInt64(0)) { bits, i in
                        let at = distance + word * 64 + i
                        return all[at] == all[at - distance] ? bits | 1 << UInt64(i) : bits
                    }
                }
                for place in GuardedBytes.Place.allCases {
                    let memory = GuardedBytes(count: all.count, place: place, contents: all)
                    let target = GuardedBytes(count: 8 * words, place: place)
                    let mask = target.buffer.bindMemory(to: UInt64.self)
                    guard let base = mask.baseAddress else { return }
                    CPULevel.forEachAvailable { level in
                        PNGKernels.equalMask(
                            memory.buffer.bytes8 + distance, words: words, distance: distance, mask: base)
                        #expect(Array(mask) == expected, "distance \(distance), \(words) words, \(level)")
                    }
                }
            }
        }
    }

    @Test("literals become the same bits one by one, four by four and 64 by 64", arguments: [1, 4, 6, 9, 14])
    func literals(longest: Int) {
        var generator = SeededGenerator(seed: UInt64(longest))
        let tables = DeflateTables()
        for symbol in 0..<DeflateTables.literalSymbols {
            let length = longest == 14 && generator.chance(0.7) ? 5 : 1 + generator.below(longest)
            tables.lengths[symbol] = UInt8(length)
            tables.codes[symbol] = UInt16(generator.below(1 << length))
        }
        tables.prepare(withMatches: false, bytePlanes: true)
        for count in [0, 1, 2, 3, 4, 5, 7, 63, 64, 65, 66, 67, 127, 128, 129, 200, 1000] {
            let bytes = generator.bytes(count)
            let before = generator.below(8)
            // The truth: a string of bits.
            var stream = [Bool](repeating: true, count: before)
            for byte in bytes {
                for bit in 0..<Int(tables.lengths[Int(byte)]) { stream.append(tables.codes[Int(byte)] >> bit & 1 == 1) }
            }
            let expected = stride(from: 0, to: stream.count, by: 8).map { start in
                (start..<min(start + 8, stream.count)).reduce(UInt8(0)) { stream[$1] ? $0 | 1 << ($1 - start) : $0 }
            }
            let memory = GuardedBytes(count: count, place: .beforeGuard, contents: bytes)
            CPULevel.forEachAvailable { level in
                // Room for the last store, and not a byte more.
                let room = (before + count * 14) / 8 + 9
                let output = GuardedBytes(count: room, place: .beforeGuard)
                var bits = DeflateBits(output: output.buffer.mutableBytes8)
                bits.write((1 << UInt64(before)) - 1, bits: before)
                PNGKernels.writeLiterals(
                    memory.buffer.bytes8, count: count, tables: tables,
                    vectorised: PNGKernels.writesLiteralsWithVectors, to: &bits)
                #expect(bits.count == stream.count % 8)
                bits.align()
                let written = [UInt8](output.buffer.prefix(expected.count))
                #expect(firstDifference(written, expected) == nil, "\(count) bytes behind \(before) bits, \(level)")
            }
        }
    }
}

extension UnsafeMutableRawBufferPointer {
    fileprivate var mutableBytes8: UnsafeMutablePointer<UInt8> {
        guard let baseAddress else { preconditionFailure("guarded bytes have an address") }
        return baseAddress.assumingMemoryBound(to: UInt8.self)
    }
    fileprivate var bytes8: UnsafePointer<UInt8> { UnsafePointer(mutableBytes8) }
}
