import ImageCoding
import MediaCore
import TestSupport

/// A picture of given samples, for tests of the codecs.
struct SampleSource: PixelSource {
    var width: Int
    var height: Int
    var format: PixelFormat
    var palette: Palette?
    /// Samples as they lie in a band.
    var bytes: [UInt8]

    /// Random samples that the format can hold.
    static func random(
        _ format: PixelFormat, width: Int, height: Int, using generator: inout SeededGenerator
    ) -> SampleSource {
        var bytes = generator.bytes(width * height * format.bytesPerPixel)
        if format.bits < 8 { for i in bytes.indices { bytes[i] &= UInt8(format.maximum) } }
        var palette: Palette?
        if format.model == .indexed {
            var colors: [Palette.Color] = []
            for i in 0...format.maximum {
                let alpha: UInt8 = i == 1 ? 40 : 255
                colors.append(
                    Palette.Color(
                        red: UInt8(i), green: UInt8(truncatingIfNeeded: i &* 7), blue: UInt8(255 - i), alpha: alpha))
            }
            palette = Palette(colors)
        }
        return SampleSource(width: width, height: height, format: format, palette: palette, bytes: bytes)
    }

    /// Smooth colours with an edge and some texture, the way photographs are.
    static func smooth(_ format: PixelFormat, width: Int, height: Int) -> SampleSource {
        var bytes: [UInt8] = []
        for y in 0..<height {
            for x in 0..<width {
                for c in 0..<format.channels {
                    let wave = (x * (3 + c) + y * (5 - c)) % 510
                    let edge = (x - width / 2) * (x - width / 2) + (y - height / 3) * (y - height / 3) < 400 ? 60 : 0
                    bytes.append(UInt8(min(255, abs(wave - 255) * 3 / 4 + edge)))
                }
            }
        }
        return SampleSource(width: width, height: height, format: format, bytes: bytes)
    }

    func fill(rows: Range<Int>, into band: inout MutableRawSpan, tally: inout PixelTally) throws(MediaError) {
        let start = rows.lowerBound * bytesPerRow
        for i in 0..<rows.count * bytesPerRow { band.storeBytes(of: bytes[start + i], toByteOffset: i, as: UInt8.self) }
    }
}

/// A sink in memory that can be made to fail.
final class CollectingSink: ByteSink {
    var bytes: [UInt8] = []
    /// How many bytes are taken before the disk is "full".
    let capacity: Int

    init(capacity: Int = .max) { self.capacity = capacity }

    var byteCount: Int { bytes.count }

    func write(_ more: RawSpan) throws(MediaError) {
        guard bytes.count + more.byteCount <= capacity else {
            throw MediaError(.writeFailed, "no space left on device", at: .init(file: "sink", offset: bytes.count))
        }
        more.withUnsafeBytes { bytes.append(contentsOf: $0) }
    }
}

/// What `body` throws, when it throws an error of ours.
func mediaError(_ body: () throws(MediaError) -> Void) -> MediaError? {
    do throws(MediaError) {
        try body()
        return nil
    } catch { return error }
}

extension PNGDecoder {
    func decode(_ bytes: [UInt8]) throws(MediaError) -> DecodedImage { try decode(bytes.span.bytes) }
}

/// EXIF data with one entry, an orientation.
func exif(orientation: Int, isLittle: Bool = false) -> [UInt8] {
    func short(_ value: Int) -> [UInt8] {
        let low = UInt8(value & 255), high = UInt8(value >> 8)
        return isLittle ? [low, high] : [high, low]
    }
    func long(_ value: Int) -> [UInt8] {
        isLittle ? short(value & 0xFFFF) + short(value >> 16) : short(value >> 16) + short(value & 0xFFFF)
    }
    let mark: [UInt8] = isLittle ? [0x49, 0x49] : [0x4D, 0x4D]
    return mark + short(42) + long(8) + short(1) + short(0x0112) + short(3) + long(1) + short(orientation) + short(0)
        + long(0)
}

/// An ICC profile of the given tags, with a header that says `space`.
func profile(space: String, tags: [(String, [UInt8])] = []) -> [UInt8] {
    func long(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) } }
    var data: [UInt8] = [], table: [UInt8] = long(tags.count)
    for (name, payload) in tags {
        table += Array(name.utf8) + long(132 + 12 * tags.count + data.count) + long(payload.count)
        data += payload + [UInt8](repeating: 0, count: -payload.count & 3)
    }
    var header = [UInt8](repeating: 0, count: 128)
    header.replaceSubrange(0..<4, with: long(128 + table.count + data.count))
    header.replaceSubrange(8..<12, with: [2, 0x40, 0, 0])
    header.replaceSubrange(12..<24, with: Array("mntr\(space)XYZ ".utf8))
    header.replaceSubrange(36..<40, with: Array("acsp".utf8))
    // The illuminant of the connection space, D50.
    header.replaceSubrange(68..<80, with: long(0xF6D6) + long(0x10000) + long(0xD32D))
    return header + table + data
}

extension JPEGDecoder {
    func decode(_ bytes: [UInt8]) throws(MediaError) -> DecodedImage { try decode(bytes.span.bytes) }
}

extension ImageHeader {
    static func read(_ bytes: [UInt8], name: String? = nil) throws(MediaError) -> ImageHeader {
        try read(bytes.span.bytes, name: name)
    }
}

extension ImageFile {
    static func decode(_ bytes: [UInt8], limits: Limits = .default) throws(MediaError) -> DecodedImage {
        try decode(bytes.span.bytes, limits: limits)
    }
}

/// A PNG with another chunk behind IHDR.
func insertingChunk(_ name: String, _ data: [UInt8], into png: [UInt8]) -> [UInt8] {
    func long(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * UInt32($0))) } }
    let body = Array(name.utf8) + data
    let chunk = long(UInt32(data.count)) + body + long(CRC32.of(body.span.bytes))
    return Array(png[..<33]) + chunk + png[33...]
}
