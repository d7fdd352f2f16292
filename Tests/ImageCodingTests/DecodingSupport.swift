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
