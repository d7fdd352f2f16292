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

    @Test("colours over pixels", arguments: [3, 4])
    func blend(channels: Int) {
        for count in Self.counts {
            var random = SeededGenerator(seed: UInt64(count * channels))
            var table = random.bytes(1024)
            for id in 0..<256 where id % 3 == 0 { table[4 * id + 3] = id % 2 == 0 ? 0 : 255 }
            // Stretches of one class, of any length, and places where every pixel is of another.
            var ids: [UInt8] = []
            while ids.count < count {
                let isNoise = random.chance(0.3)
                for _ in 0..<random.integer(1...200) {
                    ids.append(isNoise || ids.isEmpty ? UInt8(random.below(256)) : ids[ids.count - 1])
                }
                ids.append(UInt8(random.below(256)))
            }
            ids.removeLast(ids.count - count)
            let pixels = random.bytes(channels * count)
            var expected = pixels
            MaskLoops.blend(ids, count: count, table: table, channels: channels, pixels: &expected)
            for place in GuardedBytes.Place.allCases {
                let input = GuardedBytes(count: count, place: place, contents: ids)
                let colors = GuardedBytes(count: 1024, place: place, contents: table)
                CPULevel.forEachAvailable { level in
                    let output = GuardedBytes(count: channels * count, place: place, contents: pixels)
                    guard let from = input.buffer.bindMemory(to: UInt8.self).baseAddress,
                        let table = colors.buffer.bindMemory(to: UInt8.self).baseAddress,
                        let to = output.buffer.bindMemory(to: UInt8.self).baseAddress
                    else { return }
                    let isThere = tm_mask_blend(from, count, table, Int32(channels), to)
                    #expect((isThere != 0) == (level != .portable))
                    guard isThere != 0 else { return }
                    #expect(firstDifference([UInt8](output.buffer), expected) == nil, "\(level), \(count) pixels")
                }
            }
        }
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
                MaskLoops.blend(ids, count: 256, table: table, channels: 3, pixels: &portable)
                #expect(portable == expected)
                CPULevel.forEachAvailable { level in
                    var blended = pixels
                    guard tm_mask_blend(ids, 256, table, 3, &blended) != 0 else { return }
                    #expect(blended == expected, "\(level), opacity \(amount), colour \(color)")
                }
            }
        }
    }
}
