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

/// A chunk, found without the package's own readers.
struct PNGChunk {
    var type: String
    var data: [UInt8]

    /// All chunks; an issue is recorded for whatever the format forbids.
    static func all(of file: [UInt8], _ location: SourceLocation = #_sourceLocation) -> [PNGChunk] {
        #expect(file.starts(with: [137, 80, 78, 71, 13, 10, 26, 10]), sourceLocation: location)
        var chunks: [PNGChunk] = []
        var offset = 8
        while offset + 12 <= file.count {
            func word(_ at: Int) -> UInt32 { file[at..<at + 4].reduce(0) { $0 << 8 | UInt32($1) } }
            let length = Int(word(offset))
            guard offset + 12 + length <= file.count else { break }
            let body = file[offset + 4..<offset + 8 + length]
            // CRC-32 bit by bit, as the specification defines it.
            var crc: UInt32 = .max
            for byte in body {
                crc ^= UInt32(byte)
                for _ in 0..<8 { crc = crc & 1 == 1 ? 0xEDB8_8320 ^ crc >> 1 : crc >> 1 }
            }
            #expect(~crc == word(offset + 8 + length), "checksum at \(offset)", sourceLocation: location)
            chunks.append(
                PNGChunk(type: String(decoding: body.prefix(4), as: UTF8.self), data: Array(body.dropFirst(4))))
            offset += 12 + length
        }
        #expect(offset == file.count, "bytes behind the last chunk", sourceLocation: location)
        #expect(chunks.first?.type == "IHDR" && chunks.last?.type == "IEND", sourceLocation: location)
        return chunks
    }
}
