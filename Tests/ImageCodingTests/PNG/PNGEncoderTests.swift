import ImageCoding
import MediaCore
import TestSupport
import Testing

@Suite("PNG encoder")
struct PNGEncoderTests {
    static let formats: [PixelFormat] = PixelFormat.Model.allCases.flatMap { model in
        [1, 2, 4, 8, 16].compactMap { PixelFormat(model: model, bits: $0) }
    }

    @Test("libpng reads back every sample, of every format and size, under every preset", arguments: PNGVariant.all)
    func roundTrip(variant: PNGVariant) throws {
        let sizes = [(1, 1), (1, 9), (3, 5), (9, 2), (17, 9), (65, 40), (130, 31)]
        for format in Self.formats {
            for (index, (width, height)) in sizes.enumerated() {
                for content in PNGContent.allCases {
                    let source = content.source(format, width, height, seed: UInt64(index))
                    let (bytes, report) = try variant.encode(source)
                    let image = try PNGDecoder().decode(bytes)
                    let what: Comment = "\(format) \(width)×\(height) \(content)"
                    #expect(image.width == width && image.height == height && image.format == source.format, what)
                    #expect(firstDifference(image.pixels, source.bytes) == nil, what)
                    #expect(image.palette == source.palette, what)
                    #expect(image.findings.isEmpty, what)
                    #expect(report.byteCount == bytes.count && report.format == format, what)
                }
            }
        }
    }

    /// Large enough for several bands, or so small that codes lie ready, from contents that take every path.
    static func pictures() -> [(name: String, source: SampleSource)] {
        [
            ("gradient", PNGContent.gradient.source(.rgb, 400, 700, seed: 1)),
            ("blocks", PNGContent.blocks.source(.gray, 700, 500, seed: 2)),
            ("noise", PNGContent.noise.source(.rgba, 300, 300, seed: 3)),
            ("dither", PNGContent.dither.source(.bilevel, 2000, 1200, seed: 4)),
            ("wide", PNGContent.gradient.source(.rgb16, 500, 200, seed: 5)),
            ("indices", PNGContent.blocks.source(.indexed, 900, 400, seed: 6)),
            ("digit", PNGContent.gradient.source(.gray, 28, 28, seed: 7)),
            ("icon", PNGContent.blocks.source(.rgba, 31, 31, seed: 8)),
            ("speck", PNGContent.noise.source(.rgb, 20, 20, seed: 9)),
        ]
    }

    @Test("the bytes do not depend on the number of threads or the level of instructions", arguments: PNGVariant.all)
    func sameBytes(variant: PNGVariant) throws {
        for (name, source) in Self.pictures() where variant.preset != .smallest || name == "dither" {
            let (expected, _) = try variant.encode(source)
            let image = try PNGDecoder().decode(expected)
            #expect(firstDifference(image.pixels, source.bytes) == nil, "\(name)")
            for threads in [1, 2, 4] {
                let (bytes, _) = try variant.encode(source, threads: threads)
                #expect(firstDifference(bytes, expected) == nil, "\(name), \(threads) threads")
            }
            try CPULevel.forEachAvailable { level in
                let (bytes, _) = try variant.encode(source)
                #expect(firstDifference(bytes, expected) == nil, "\(name), \(level)")
            }
        }
    }

    @Test("rows longer than a window, a stored block and a band", arguments: [33_000, 70_000, 140_000, 300_001])
    func longRows(width: Int) throws {
        for (format, content) in [
            (PixelFormat.gray, PNGContent.blocks), (.rgb, .gradient), (.gray, .noise), (.bilevel, .flat),
        ] {
            let source = content.source(format, width, 3, seed: UInt64(width))
            for preset in [EncodingPreset.fastest, .balanced] {
                let (bytes, _) = try PNGVariant(preset: preset).encode(source, threads: 2)
                let image = try PNGDecoder().decode(bytes)
                #expect(firstDifference(image.pixels, source.bytes) == nil, "\(format) \(content) \(preset)")
            }
        }
    }

    @Test("a side that many programs refuse is written, and reported")
    func widePicture() throws {
        for (width, isReported) in [(1_000_000, false), (1_000_001, true)] {
            let source = PNGContent.flat.source(.bilevel, width, 1, seed: 1)
            let report = try PNGEncoder(preset: .fastest).encode(source, to: CountingSink())
            #expect(report.findings.contains { $0.code == .limitExceeded } == isReported)
        }
    }

    @Test("no file is larger than its rows, a byte for each, 0.02 % and 100 bytes", arguments: PNGVariant.all)
    func bound(variant: PNGVariant) throws {
        for (width, height, format) in [
            (1, 1, PixelFormat.gray), (7, 300, .gray), (600, 400, .rgb), (66_000, 10, .gray), (33, 9000, .rgba16),
            (100_001, 4, .gray), (28, 28, .gray16),
        ] {
            let source = PNGContent.noise.source(format, width, height, seed: 9)
            let (bytes, _) = try variant.encode(source)
            let raw = Double(source.bytes.count)
            #expect(Double(bytes.count) <= raw + Double(height) + raw * 0.0002 + 100, "\(format) \(width)×\(height)")
        }
    }

    @Test("pictures that repeat themselves become small")
    func repetition() throws {
        let flat = PNGContent.flat.source(.rgb, 512, 512, seed: 1)
        #expect(try PNGVariant(preset: .fastest).encode(flat).bytes.count < 2500)
        #expect(try PNGVariant(preset: .smallest).encode(flat, reduction: .automatic).bytes.count < 200)
        let dither = PNGContent.dither.source(.gray, 512, 512, seed: 1)
        #expect(try PNGVariant(preset: .fastest).encode(dither).bytes.count < 4000)
    }

    @Test("chunks are in order, whole and summed rightly; the pixels are one zlib stream")
    func structure() throws {
        for (name, source) in Self.pictures() {
            let chunks = PNGChunk.all(of: try PNGVariant(preset: .fastest).encode(source, threads: 2).bytes)
            let types = chunks.map(\.type)
            let pixels = chunks.filter { $0.type == "IDAT" }
            #expect((pixels.count > 1) == (source.bytes.count > 10_000), "\(name)")
            let front = name == "indices" ? ["IHDR", "PLTE", "tRNS"] : ["IHDR"]
            #expect(types == front + pixels.map(\.type) + ["IEND"], "\(name)")
            #expect(chunks[0].data.count == 13 && Array(chunks[0].data.suffix(3)) == [0, 0, 0])
            let first = try #require(pixels.first).data
            #expect(first[0] == 0x78 && (Int(first[0]) << 8 | Int(first[1])) % 31 == 0)
        }
    }

    @Test("losses are counted once for each row, although some are asked for twice")
    func tally() throws {
        var generator = SeededGenerator(seed: 4)
        var source = ArrayPixels(random: 500, 900, .gray, using: &generator)
        source.losesOnePerRow = true
        for variant in PNGVariant.all {
            #expect(try variant.encode(source, threads: 2).report.tally.clippedLow == 900, "\(variant)")
        }
    }

    @Test("the task's own thread stays free, and a cancelled task ends with an error")
    func asynchronous() async throws {
        let source = PNGContent.gradient.source(.rgb, 300, 700, seed: 8)
        let encoder = PNGEncoder(.init(preset: .fastest, pool: WorkerPool(threadCount: 2)))
        let expected = try encoder.encode(source)
        let report = try await encoder.encode(source, to: MemorySink())
        #expect(report.byteCount == expected.count)
        let task = Task { () -> MediaError.Code? in
            while !Task.isCancelled { await Task.yield() }
            do {
                _ = try await encoder.encode(source, to: MemorySink())
                return nil
            } catch { return (error as? MediaError)?.code }
        }
        task.cancel()
        #expect(await task.value == .cancelled)
    }
}
