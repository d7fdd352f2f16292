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

    @Test("the codes that lie ready are complete, and cover every symbol")
    func completeCodes() {
        for set in 0..<SmallCodes.count {
            let lengths = SmallCodes.all.tables(set).lengths
            for (start, count) in [
                (0, DeflateAlphabet.literalCount), (DeflateTables.literalSymbols, DeflateAlphabet.distanceCount),
            ] {
                var sum = 0
                for symbol in start..<start + count {
                    let length = Int(lengths[symbol])
                    #expect((1...DeflateAlphabet.longestCode).contains(length), "set \(set), symbol \(symbol)")
                    sum += 1 << (16 - length)
                }
                #expect(sum == 1 << 16, "set \(set)")
            }
        }
    }

    @Test("a block under codes that lie ready takes the bits that were said before", arguments: [1, 3, 4])
    func prices(step: Int) throws {
        var generator = SeededGenerator(seed: UInt64(step))
        for count in [1, 5, 64, 700, SmallCodes.mostBytes] {
            for variety in [1, 2, 9, 256] {
                // Long and short repetitions, at the distances that are tried, between numbers of their own.
                var bytes = [UInt8](repeating: 0, count: count + 192)
                let stride = min(count, 40 * step + 1)
                for i in 64..<64 + count {
                    let isCopy = generator.below(30) > 0 && i > 64
                    let distance = generator.below(2) == 0 ? 1 : min(stride, i - 64)
                    bytes[i] = isCopy ? bytes[i - max(1, distance)] : UInt8(generator.below(variety))
                }
                let worker = PNGBandWorker()
                let matcher = PNGMatcher.smallRows(stride: stride, step: step)
                try worker.reserveMatches(for: count, masks: matcher, tokens: matcher.tokenCapacity(for: count))
                var output = [UInt8](repeating: 0, count: 2 * count + 40_000)
                let (price, written) = bytes.withUnsafeBufferPointer { bytes in
                    output.withUnsafeMutableBufferPointer { output in
                        let start = bytes.baseAddress! + 64
                        let found = matcher.find(
                            in: start, count: count, available: 0, masks: worker.maskMemory, tokens: worker.tokenMemory)
                        let block = DeflateBlock(
                            bytes: start, count: count, tokens: worker.tokenMemory, tokenCount: found, matcher: matcher,
                            maySample: false, tables: worker.tables,
                            isVectorised: PNGKernels.writesLiteralsWithVectors)
                        let best = SmallCodes.all.cheapest(for: block)
                        var bits = DeflateBits(output: output.baseAddress!)
                        let isSmaller = block.write(SmallCodes.all, best.index, bitCount: best.bits, to: &bits)
                        let size = (bits.output - output.baseAddress!) * 8 + bits.count
                        return (isSmaller ? best.bits + 3 : size, size)
                    }
                }
                #expect(price == written, "\(count) bytes of \(variety)")
            }
        }
    }
}
