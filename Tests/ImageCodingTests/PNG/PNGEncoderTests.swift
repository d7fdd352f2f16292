import ImageCoding
import MediaCore
import TestSupport
import Testing

/// The options that change bytes.
struct PNGVariant: Sendable, CustomTestStringConvertible {
    var preset: EncodingPreset
    var isStored = false

    static let all =
        EncodingPreset.allCases.map { PNGVariant(preset: $0) } + [PNGVariant(preset: .fastest, isStored: true)]

    var testDescription: String { isStored ? "stored" : preset.rawValue }

    /// The file, and what the encoder says about it.
    func encode(
        _ source: any PixelSource, threads: Int? = nil, metadata: PNGMetadata = PNGMetadata(),
        reduction: PNGEncoder.Reduction = .never
    ) throws(MediaError) -> (bytes: [UInt8], report: EncodingReport) {
        let pool = threads.map { WorkerPool(threadCount: $0) }
        let encoder = PNGEncoder(.init(preset: preset, metadata: metadata, reduction: reduction, pool: pool))
        let sink = MemorySink()
        let report = try encoder.encode(source, to: sink, stored: isStored, cancellation: nil)
        return (sink.takeBytes(), report)
    }
}

/// Samples of the kinds that pictures are made of, as they lie in a band.
enum PNGContent: CaseIterable {
    case noise, gradient, flat, blocks, dither

    func source(_ format: PixelFormat, _ width: Int, _ height: Int, seed: UInt64) -> SampleSource {
        var generator = SeededGenerator(seed: seed)
        var source = SampleSource.random(format, width: width, height: height, using: &generator)
        let pixel = format.bytesPerPixel
        let mask = UInt8(truncatingIfNeeded: min(format.maximum, 255))
        let cell = 1 + generator.below(9)
        for i in source.bytes.indices where self != .noise {
            let (x, y, c) = (i / pixel % width, i / (width * pixel), i % pixel)
            let value: Int =
                switch self {
                case .gradient: x + 2 * y + 40 * c + generator.below(3)
                case .flat: 7 + c
                case .blocks: (x / cell * 31 + y / cell * 17) % 5 * 50 + c
                default: (x ^ y) & 1 * 255
                }
            source.bytes[i] = UInt8(truncatingIfNeeded: value) & mask
        }
        return source
    }
}

@Suite("PNG encoder")
struct PNGEncoderTests {
    static let formats: [PixelFormat] = PixelFormat.Model.allCases.flatMap { model in
        [1, 2, 4, 8, 16].compactMap { PixelFormat(model: model, bits: $0) }
    }

    @Test("libpng reads back every sample, of every format and size, under every preset", arguments: PNGVariant.all)
    func roundTrip(variant: PNGVariant) throws {
        let sizes = [(1, 1), (1, 9), (2, 1), (3, 5), (8, 8), (9, 2), (17, 9), (64, 3), (65, 64), (130, 67), (255, 33)]
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
}
