import ImageCoding
import MediaCore
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// LodePNG, a decoder that shares no code with libpng and zlib and forgives nothing: Adler-32, checksums of chunks, codes
/// that are not complete, distances that reach too far.
private enum StrictDecoder {
    /// `lodepng_decode_memory`; Debian compiles the library as C++.
    private typealias Decode =
        @convention(c) (
            UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>, UnsafeMutablePointer<UInt32>,
            UnsafeMutablePointer<UInt32>, UnsafePointer<UInt8>?, Int, Int32, UInt32
        ) -> UInt32

    nonisolated(unsafe) private static let symbol: UnsafeMutableRawPointer? = {
        guard let library = dlopen("liblodepng.so.0", RTLD_NOW) else { return nil }
        return dlsym(library, "_Z21lodepng_decode_memoryPPhPjS1_PKhm16LodePNGColorTypej")
    }()

    static var isThere: Bool { symbol != nil }

    /// The pixels as RGBA of 8 or 16 bits, highest byte first.
    static func rgba(_ file: [UInt8], bits: UInt32) throws -> (width: Int, height: Int, bytes: [UInt8]) {
        let decode = unsafeBitCast(try #require(symbol), to: Decode.self)
        var pixels: UnsafeMutablePointer<UInt8>?
        var (width, height): (UInt32, UInt32) = (0, 0)
        let status = decode(&pixels, &width, &height, file, file.count, 6, bits)
        defer { free(pixels) }
        try #require(status == 0, "LodePNG says error \(status)")
        let count = Int(width) * Int(height) * 4 * Int(bits / 8)
        return (Int(width), Int(height), Array(UnsafeBufferPointer(start: pixels, count: count)))
    }
}

@Suite(
    "PNG read by LodePNG",
    .enabled(if: StrictDecoder.isThere || PythonTools.isRequired, "needs liblodepng: run 'make test-tools'"))
struct PNGStrictDecoderTests {
    /// What the source's samples look like as RGBA.
    private func rgba(_ source: SampleSource) -> [UInt8] {
        let format = source.format
        let bytes = format.bytesPerSample
        var result: [UInt8] = []
        result.reserveCapacity(source.width * source.height * 4 * bytes)
        for pixel in stride(from: 0, to: source.bytes.count, by: format.bytesPerPixel) {
            func sample(_ channel: Int) -> [UInt8] {
                let place = pixel + channel * bytes
                if bytes == 2 { return [source.bytes[place + 1], source.bytes[place]] }
                return [UInt8(Int(source.bytes[place]) * 255 / format.maximum)]
            }
            let opaque = [UInt8](repeating: 255, count: bytes)
            switch format.model {
            case .gray: result += sample(0) + sample(0) + sample(0) + opaque
            case .grayAlpha: result += sample(0) + sample(0) + sample(0) + sample(1)
            case .rgb: result += sample(0) + sample(1) + sample(2) + opaque
            case .rgba: result += sample(0) + sample(1) + sample(2) + sample(3)
            case .indexed:
                let color = source.palette?.colors[Int(source.bytes[pixel])]
                result += color.map { [$0.red, $0.green, $0.blue, $0.alpha] } ?? []
            }
        }
        return result
    }

    private func check(_ file: [UInt8], _ source: SampleSource, _ what: Comment) throws {
        let image = try StrictDecoder.rgba(file, bits: source.format.bytesPerSample == 2 ? 16 : 8)
        #expect(image.width == source.width && image.height == source.height, what)
        #expect(firstDifference(image.bytes, rgba(source)) == nil, what)
    }

    @Test("every format, tiny and small, under every preset", arguments: PNGVariant.all)
    func formats(variant: PNGVariant) throws {
        for format in PNGEncoderTests.formats {
            for (index, (width, height)) in [(1, 1), (5, 3), (28, 28), (65, 40)].enumerated() {
                for content in PNGContent.allCases {
                    let source = content.source(format, width, height, seed: UInt64(index))
                    try check(
                        try variant.encode(source, reduction: .automatic).bytes, source,
                        "\(format) \(width)×\(height) \(content)")
                }
            }
        }
    }

    @Test("several bands", arguments: PNGVariant.all)
    func bands(variant: PNGVariant) throws {
        for (name, source) in PNGEncoderTests.pictures() where variant.preset != .smallest || name == "dither" {
            try check(try variant.encode(source, threads: 2).bytes, source, "\(name)")
        }
    }
}
