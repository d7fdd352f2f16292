import MediaCore
import TestSupport
import Testing

@testable import ImageCoding

@Suite("Deflate blocks")
struct DeflateBlockTests {
    @Test(
        "what is reserved holds every block, however long a row is",
        arguments: [1, 63, 64, 65_535, 65_536, 65_537, 262_143, 262_145, 10_000_003, PNGLayout.longestRow])
    func bound(count: Int) {
        for longest in [1 << 16, DeflateBlock.longest] {
            let cut = DeflateBlock.Cut(count, longest: longest)
            var (offset, size, blocks) = (0, 0, 0)
            while offset < count {
                let length = min(cut.length, count - offset)
                // Seven bits of the block before, three of the header, five that fill the byte; then pieces of 65,535
                // bytes, each behind its four bytes of length and the later ones behind a header byte.
                size += 2 + 4 + length + (length - 1) / 65_535 * 5
                offset += length
                blocks += 1
            }
            #expect(cut.bound >= size)
            #expect(cut.blocks == blocks)
            #expect(cut.length <= longest)
        }
    }

    /// What the sample of a block sees, the first 16 of every 128 bytes, says nothing of the rest: codes for the rest come
    /// out at their longest. Repetitions that follow each other without a literal stand behind it.
    @Test(
        "a block whose sample misleads is written within its room and read back", arguments: [3, 64, 300, 1000, 4093])
    func misledSample(width: Int) throws {
        var generator = SeededGenerator(seed: UInt64(width))
        for share in [0.5, 0.55, 0.7] {
            var bytes = [UInt8](repeating: 0, count: width * (200_000 / width))
            // The filter's name takes a place in each row, and blocks begin where they like: every phase is tried.
            let phase = generator.below(128)
            let literals = Int(Double(bytes.count) * share)
            for i in bytes.indices {
                let place = (i + i / width + phase) & 127
                bytes[i] =
                    i < literals
                    ? place < 16 ? UInt8(generator.below(4)) : UInt8(16 + generator.below(200))
                    : generator.below(9) == 0 && i > width ? UInt8(generator.below(256)) : bytes[max(0, i - width)]
            }
            var source = SampleSource.random(.gray, width: width, height: bytes.count / width, using: &generator)
            source.bytes = bytes
            let sink = MemorySink()
            _ = try PNGEncoder(.init(preset: .fastest, reduction: .never)).encode(source, to: sink)
            let file = sink.takeBytes()
            #expect(try PNGDecoder().decode(file).pixels == bytes)
            #expect(file.count <= bytes.count + source.height + bytes.count / 5000 + 100)
        }
    }
}
