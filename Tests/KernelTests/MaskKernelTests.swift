import CMediaKernels
import MediaAnnotations
import MediaCore
import TestSupport
import Testing

@Suite("Mask kernels agree with their Swift twins at every level of instructions")
struct MaskKernelTests {
    private static let counts = Array(0...130) + [255, 256, 257, 1000, 4099]

    @Test("one class of an argmax")
    func argmax() {
        let edges: [Float] = [0, -0.0, 1, -1, .infinity, -.infinity, .nan, -Float.nan, .leastNonzeroMagnitude]
        for count in Self.counts {
            var random = SeededGenerator(seed: UInt64(count))
            func numbers() -> [Float] {
                (0..<count).map { _ in random.chance(0.4) ? random.pick(edges) : Float(random.integer(-3...3)) }
            }
            let before = numbers().map { $0.isNaN ? 0 : $0 }
            let scores = numbers()
            let indices = (0..<count).map { _ in UInt8(random.below(256)) }
            var (best, index, nans) = (before, indices, 0)
            scores.withUnsafeBytes { bytes in
                guard let base = bytes.baseAddress else { return }
                MaskLoops.argmax(base, count: count, number: UInt8(201), best: &best, index: &index, nans: &nans)
            }
            #expect(nans == scores.count(where: \.isNaN))
            for place in GuardedBytes.Place.allCases {
                let input = GuardedBytes(count: 4 * count + 1, place: place)
                // At an odd address; the last byte, or the first, is nobody's.
                let start = place == .beforeGuard ? 1 : 0
                scores.withUnsafeBytes { bytes in
                    for (i, byte) in bytes.enumerated() { input.buffer[start + i] = byte }
                }
                CPULevel.forEachAvailable { level in
                    let own = GuardedBytes(count: 4 * count, place: place, contents: bytes(of: before))
                    let ownIndex = GuardedBytes(count: count, place: place, contents: indices)
                    guard let from = input.buffer.baseAddress, let kept = own.buffer.baseAddress,
                        let classes = ownIndex.buffer.baseAddress
                    else { return }
                    var found: UInt64 = 5
                    let isThere = tm_argmax_f32(
                        from + start, count, 201, kept.assumingMemoryBound(to: Float.self),
                        classes.assumingMemoryBound(to: UInt8.self), &found)
                    #expect((isThere != 0) == (level != .portable))
                    guard isThere != 0 else { return }
                    #expect([UInt8](own.buffer) == bytes(of: best), "\(level), \(count) numbers")
                    #expect([UInt8](ownIndex.buffer) == index, "\(level), \(count) numbers")
                    #expect(found == 5 + UInt64(nans), "\(level), \(count) numbers")
                }
            }
        }
    }

    /// Classes of a row: stretches of one class, of any length, and places where every pixel is of another.
    private static func classes<ID: FixedWidthInteger & UnsignedInteger>(
        _ count: Int, most: Int, using random: inout SeededGenerator
    ) -> [ID] {
        var ids: [ID] = []
        while ids.count < count {
            let isNoise = random.chance(0.3)
            for _ in 0..<random.integer(1...200) {
                ids.append(isNoise || ids.isEmpty ? ID(random.below(most + 1)) : ids[ids.count - 1])
            }
            ids.append(ID(random.below(most + 1)))
        }
        ids.removeLast(ids.count - count)
        return ids
    }

    /// Words of bits: none, all, or some.
    private static func bits(_ count: Int, using random: inout SeededGenerator) -> [UInt64] {
        (0..<(count + 63) / 64).map { _ in
            random.chance(0.3) ? 0 : random.chance(0.3) ? .max : random.next() & random.next() & random.next()
        }
    }

    private func blend<ID: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
        _: ID.Type, most: Int, channels: Int, hasEdges: Bool
    ) {
        let size = MemoryLayout<ID>.size
        var random = SeededGenerator(seed: UInt64(channels + most))
        var table = random.bytes(4 * (Int(ID.max) + 1))
        for id in stride(from: 0, through: Int(ID.max), by: 3) { table[4 * id + 3] = id % 2 == 0 ? 0 : 255 }
        // Before and behind a page that is nobody's.
        let tables = GuardedBytes.Place.allCases.map {
            GuardedBytes(count: table.count, place: $0, contents: table)
        }
        for count in Self.counts {
            let ids: [ID] = Self.classes(count, most: most, using: &random)
            let edges = Self.bits(count, using: &random)
            let pixels = random.bytes(channels * count)
            // The formula, pixel by pixel; the twin and the kernels are compared with it.
            var expected = pixels
            for i in 0..<count {
                let entry = table[4 * Int(ids[i])..<4 * Int(ids[i]) + 4].map { Int($0) }
                let isEdge = hasEdges && edges[i / 64] >> UInt64(i % 64) & 1 == 1
                let amount = isEdge && entry[3] != 0 ? 255 : entry[3]
                for channel in 0..<channels {
                    let color = channel == 3 ? 255 : entry[channel], below = Int(pixels[channels * i + channel])
                    expected[channels * i + channel] = UInt8((below * (255 - amount) + color * amount + 127) / 255)
                }
            }
            for (place, colors) in zip(GuardedBytes.Place.allCases, tables) {
                let input = GuardedBytes(count: size * count, place: place, contents: bytes(of: ids))
                let flags = GuardedBytes(count: 8 * edges.count, place: place, contents: bytes(of: edges))
                guard let from = input.buffer.baseAddress, let flag = flags.buffer.baseAddress,
                    let table = colors.buffer.bindMemory(to: UInt8.self).baseAddress
                else { return }
                let edges = hasEdges ? UnsafePointer(flag.assumingMemoryBound(to: UInt64.self)) : nil
                func run(_ level: String, _ body: (UnsafeMutablePointer<UInt8>) -> Bool) {
                    let output = GuardedBytes(count: channels * count, place: place, contents: pixels)
                    guard let to = output.buffer.bindMemory(to: UInt8.self).baseAddress, body(to) else { return }
                    #expect(firstDifference([UInt8](output.buffer), expected) == nil, "\(level), \(count) pixels")
                }
                run("twin") {
                    let ids = from.assumingMemoryBound(to: ID.self)
                    MaskLoops.blend(ids, count: count, table: table, channels: channels, edges: edges, pixels: $0)
                    return true
                }
                CPULevel.forEachAvailable { level in
                    run("\(level)") {
                        let isThere = tm_mask_blend(from, Int32(size), count, table, Int32(channels), edges, $0)
                        #expect((isThere != 0) == (level != .portable))
                        return isThere != 0
                    }
                }
            }
        }
    }

    @Test("colours over pixels, with edges and without", arguments: [3, 4], [false, true])
    func blend(channels: Int, hasEdges: Bool) {
        blend(UInt8.self, most: 255, channels: channels, hasEdges: hasEdges)
        // Few classes are looked up in another way.
        blend(UInt8.self, most: 63, channels: channels, hasEdges: hasEdges)
        blend(UInt16.self, most: 63, channels: channels, hasEdges: hasEdges)
        blend(UInt16.self, most: 65535, channels: channels, hasEdges: hasEdges)
    }

    private func differences<ID: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(_: ID.Type) {
        for count in Self.counts {
            var random = SeededGenerator(seed: UInt64(count + 7))
            let ones: [ID] = Self.classes(count, most: Int(ID.max), using: &random)
            let others = ones.map {
                random.chance(0.9) ? $0 : random.chance(0.5) ? $0 ^ 1 : $0 ^ (1 << (ID.bitWidth - 1))
            }
            var expected = [UInt64](repeating: 0, count: (count + 63) / 64)
            for i in 0..<count where ones[i] != others[i] { expected[i / 64] |= 1 << UInt64(i % 64) }
            for place in GuardedBytes.Place.allCases {
                let first = GuardedBytes(count: bytes(of: ones).count, place: place, contents: bytes(of: ones))
                let second = GuardedBytes(count: bytes(of: others).count, place: place, contents: bytes(of: others))
                guard let a = first.buffer.baseAddress, let b = second.buffer.baseAddress else { return }
                func run(_ level: String, _ body: (UnsafeMutablePointer<UInt64>) -> Bool) {
                    let output = GuardedBytes(
                        count: 8 * expected.count, place: place,
                        contents: [UInt8](repeating: 0xA5, count: 8 * expected.count))
                    guard let to = output.buffer.baseAddress, body(to.assumingMemoryBound(to: UInt64.self)) else {
                        return
                    }
                    #expect([UInt8](output.buffer) == bytes(of: expected), "\(level), \(count) pixels")
                }
                run("twin") {
                    MaskLoops.differences(
                        a.assumingMemoryBound(to: ID.self), b.assumingMemoryBound(to: ID.self), count: count, into: $0)
                    return true
                }
                CPULevel.forEachAvailable { level in
                    run("\(level)") {
                        let isThere = tm_mask_differences(a, b, Int32(MemoryLayout<ID>.size), count, $0)
                        #expect((isThere != 0) == (level != .portable))
                        return isThere != 0
                    }
                }
            }
        }
    }

    @Test("where two rows differ")
    func differences() {
        differences(UInt8.self)
        differences(UInt16.self)
    }

    @Test("the blend is the formula, for every sample, colour and opacity")
    func formula() {
        // 256 pixels of one opacity: their samples are all there are.
        for amount in stride(from: 0, through: 255, by: 5) {
            for color in [0, 1, 127, 128, 254, 255] {
                var table = [UInt8](repeating: 0, count: 1024)
                table.replaceSubrange(4..<8, with: [UInt8(color), UInt8(color), UInt8(color), UInt8(amount)])
                let ids = [UInt8](repeating: 1, count: 256)
                let pixels = (0..<768).map { UInt8($0 / 3) }
                let expected = pixels.map { UInt8((Int($0) * (255 - amount) + color * amount + 127) / 255) }
                var portable = pixels
                MaskLoops.blend(ids, count: 256, table: table, channels: 3, edges: nil, pixels: &portable)
                #expect(portable == expected)
                CPULevel.forEachAvailable { level in
                    var blended = pixels
                    guard tm_mask_blend(ids, 1, 256, table, 3, nil, &blended) != 0 else { return }
                    #expect(blended == expected, "\(level), opacity \(amount), colour \(color)")
                }
            }
        }
    }
}
