import CMediaKernels
import MediaCore
import TestSupport
import Testing
import VideoCoding

@Suite("YUV kernels agree with their Swift twins at every level of instructions")
struct YUVKernelTests {
    private static let counts = Array(0...130) + [255, 256, 257, 1000, 1283]

    /// Random samples, of which some rows have the ends alone, where a sum comes nearest to leaving its range.
    private static func samples(_ count: Int, using random: inout SeededGenerator) -> [UInt8] {
        let isExtreme = random.chance(0.3)
        return random.bytes(count).map { isExtreme || $0 & 3 == 0 ? ($0 > 127 ? 255 : 0) : $0 }
    }

    private static func kernelWeights(_ weights: YUVWeights) -> tm_yuv_weights {
        func tuple(_ color: SIMD3<Int16>) -> (Int16, Int16, Int16) { (color.x, color.y, color.z) }
        return tm_yuv_weights(y: tuple(weights.luma), u: tuple(weights.blueness), v: tuple(weights.redness))
    }

    /// Memory for outputs beside forbidden pages.
    private struct Outputs {
        let buffers: [GuardedBytes]

        init(_ counts: [Int], _ place: GuardedBytes.Place) {
            buffers = counts.map {
                GuardedBytes(count: $0, place: place, contents: [UInt8](repeating: 0xA5, count: $0))
            }
        }

        func pointer(_ index: Int) throws -> UnsafeMutablePointer<UInt8> {
            try #require(buffers[index].buffer.baseAddress).assumingMemoryBound(to: UInt8.self)
        }

        var bytes: [[UInt8]] { buffers.map { Array($0.buffer) } }
    }

    /// Samples at an odd address beside a forbidden page.
    private static func input(_ samples: [UInt8], _ place: GuardedBytes.Place) throws -> (
        GuardedBytes, UnsafePointer<UInt8>
    ) {
        let start = place == .afterGuard ? 0 : 1
        let memory = GuardedBytes(
            count: samples.count + start, place: place, contents: [UInt8](repeating: 0, count: start) + samples)
        let base = try #require(memory.buffer.baseAddress).assumingMemoryBound(to: UInt8.self)
        return (memory, UnsafePointer(base + start))
    }

    @Test("two rows to 4:2:0", arguments: [3, 4], YUVMatrix.allCases)
    func quarter(channels: Int, matrix: YUVMatrix) throws {
        let weights = YUVWeights(matrix)
        var random = SeededGenerator(seed: UInt64(channels))
        for count in Self.counts {
            let rows = (0..<2).map { _ in Self.samples(count * channels, using: &random) }
            let half = (count + 1) / 2
            for place in GuardedBytes.Place.allCases {
                let (firstMemory, first) = try Self.input(rows[0], place)
                let (secondMemory, second) = try Self.input(rows[1], place)
                let twin = Outputs([2 * half, 2 * half, half, half], place)
                YUVLoops.quarter(
                    first, second, channels: channels, count: count, weights: weights,
                    to: YUVLoops.QuarterRows(
                        first: try twin.pointer(0), second: try twin.pointer(1), u: try twin.pointer(2),
                        v: try twin.pointer(3)))
                try CPULevel.forEachAvailable { level in
                    let own = Outputs([2 * half, 2 * half, half, half], place)
                    var targets = tm_yuv_rows(
                        first: try own.pointer(0), second: try own.pointer(1), u: try own.pointer(2),
                        v: try own.pointer(3))
                    var kernelWeights = Self.kernelWeights(weights)
                    let isDone = tm_yuv_quarter(first, second, Int32(channels), count, &kernelWeights, &targets)
                    #expect((isDone != 0) == (level != .portable))
                    if isDone != 0 { #expect(own.bytes == twin.bytes, "\(level), \(count) pixels") }
                }
                withExtendedLifetime((firstMemory, secondMemory)) {}
            }
        }
    }

    @Test("a row to 4:4:4", arguments: [3, 4], YUVMatrix.allCases)
    func full(channels: Int, matrix: YUVMatrix) throws {
        let weights = YUVWeights(matrix)
        var random = SeededGenerator(seed: UInt64(channels) + 9)
        for count in Self.counts {
            let samples = Self.samples(count * channels, using: &random)
            for place in GuardedBytes.Place.allCases {
                let (memory, row) = try Self.input(samples, place)
                let twin = Outputs([count, count, count], place)
                YUVLoops.full(
                    row, channels: channels, count: count, weights: weights, y: try twin.pointer(0),
                    u: try twin.pointer(1), v: try twin.pointer(2))
                try CPULevel.forEachAvailable { level in
                    let own = Outputs([count, count, count], place)
                    var kernelWeights = Self.kernelWeights(weights)
                    let isDone = tm_yuv_full(
                        row, Int32(channels), count, &kernelWeights, try own.pointer(0), try own.pointer(1),
                        try own.pointer(2))
                    #expect((isDone != 0) == (level != .portable))
                    if isDone != 0 { #expect(own.bytes == twin.bytes, "\(level), \(count) pixels") }
                }
                withExtendedLifetime(memory) {}
            }
        }
    }

    @Test("gray to luma, and opacity")
    func single() throws {
        let weight = YUVWeights(.bt709).gray
        #expect(weight == YUVWeights(.bt601).gray)
        var random = SeededGenerator(seed: 3)
        for count in Self.counts {
            let samples = Self.samples(4 * count, using: &random)
            for place in GuardedBytes.Place.allCases {
                let (memory, row) = try Self.input(Array(samples.prefix(count)), place)
                let (wideMemory, wide) = try Self.input(samples, place)
                let twin = Outputs([count, count], place)
                YUVLoops.gray(row, count: count, weight: weight, to: try twin.pointer(0))
                YUVLoops.alpha(wide, count: count, to: try twin.pointer(1))
                try CPULevel.forEachAvailable { level in
                    let own = Outputs([count, count], place)
                    let isDone = tm_yuv_gray(row, count, Int32(weight), try own.pointer(0))
                    #expect(tm_yuv_alpha(wide, count, try own.pointer(1)) == isDone)
                    #expect((isDone != 0) == (level != .portable))
                    if isDone != 0 { #expect(own.bytes == twin.bytes, "\(level), \(count) pixels") }
                }
                withExtendedLifetime((memory, wideMemory)) {}
            }
        }
    }
}
