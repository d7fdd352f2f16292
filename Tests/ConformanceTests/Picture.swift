import Foundation
import ImageCoding
import MediaCore
import TensorIO
import TestSupport

/// A decoded picture as Pillow would name it.
struct Picture: Equatable {
    var mode: String
    var width: Int
    var height: Int
    /// Samples in reading order; those of mode 1 are 0 and 255, those of mode P the colours.
    var samples: [Int]

    /// Decodes a file by its content with libpng or libjpeg, or by hand if it is a bitmap.
    static func decode(_ path: String) throws -> Picture {
        let bytes = try readBytes(path)
        if bytes.starts(with: Array("BM".utf8)) { return try bitmap(bytes) }
        let decoded = try FileContents.open(path).withBytes { bytes in
            switch try ImageHeader.read(bytes).fileFormat {
            case .jpeg: try JPEGDecoder().decode(bytes)
            default: try PNGDecoder().decode(bytes)
            }
        }
        return try Picture(decoded)
    }

    init(mode: String, width: Int, height: Int, samples: [Int]) {
        self.mode = mode
        self.width = width
        self.height = height
        self.samples = samples
    }

    /// The pixels of a source.
    init(_ source: any PixelSource) throws {
        width = source.width
        height = source.height
        let format = source.format
        var bytes = [UInt8](repeating: 0, count: source.height * source.bytesPerRow)
        var tally = PixelTally()
        try bytes.withUnsafeMutableBytes { buffer in
            var band = MutableRawSpan(_unsafeBytes: buffer)
            try source.fill(rows: 0..<source.height, into: &band, tally: &tally)
        }
        samples =
            format.bits == 16
            ? bytes.withUnsafeBytes { raw in
                (0..<bytes.count / 2).map { Int(raw.loadUnaligned(fromByteOffset: 2 * $0, as: UInt16.self)) }
            }
            : bytes.map { format.bits == 1 ? Int($0) * 255 : Int($0) }
        if format.model == .indexed, let colors = source.palette?.colors {
            samples = bytes.flatMap { index in
                Int(index) < colors.count
                    ? [colors[Int(index)].red, colors[Int(index)].green, colors[Int(index)].blue].map { Int($0) }
                    : [-1, -1, -1]
            }
        }
        switch (format.model, format.bits) {
        case (.gray, 1): mode = "1"
        case (.gray, 16): mode = "I;16"
        case (.gray, _): mode = "L"
        case (.grayAlpha, _): mode = "LA"
        case (.rgb, _): mode = "RGB"
        case (.rgba, _): mode = "RGBA"
        case (.indexed, _): mode = "P"
        }
    }

    /// An uncompressed bitmap of 1, 8 or 24 bits. A palette of grays in order is mode L, as Pillow has it.
    private static func bitmap(_ bytes: [UInt8]) throws -> Picture {
        func number(_ place: Int, _ count: Int) -> Int {
            (0..<count).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * $1) }
        }
        let (start, width, height, bits) = (number(10, 4), number(18, 4), number(22, 4), number(28, 2))
        let palette = 14 + number(14, 4)
        let stride = (width * bits + 31) / 32 * 4
        func color(_ place: Int) -> [Int] { [2, 1, 0].map { Int(bytes[place + $0]) } }
        let isGray = (palette..<start).allSatisfy { ($0 - palette) % 4 == 3 || Int(bytes[$0]) == ($0 - palette) / 4 }
        var samples: [Int] = []
        for row in (0..<height).reversed() {
            for column in 0..<width {
                let place = start + row * stride
                switch bits {
                case 24: samples += color(place + 3 * column)
                case 8 where isGray: samples.append(Int(bytes[place + column]))
                case 8: samples += color(palette + 4 * Int(bytes[place + column]))
                case 1:
                    let bit = Int(bytes[place + column / 8]) >> (7 - column % 8) & 1
                    samples.append(Int(bytes[palette + 4 * bit]))
                default: throw MediaError(.unsupported, "a bitmap of \(bits) bits")
                }
            }
        }
        let mode = bits == 24 ? "RGB" : bits == 1 ? "1" : isGray ? "L" : "P"
        return Picture(mode: mode, width: width, height: height, samples: samples)
    }
}

extension Tensor {
    /// The numbers of an array of integers, in C order.
    func integers() -> [Int] { values(as: Double.self).map { Int($0) } }
}
