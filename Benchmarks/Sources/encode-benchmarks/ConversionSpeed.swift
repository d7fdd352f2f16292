import CPeers
import ImageCoding
import MediaCore
import TensorIO

/// How fast floats become bytes, beside a loop that only reads them and one that copies them.
struct ConversionSpeed: Encodable {
    /// Bytes of floats.
    var bytes: Int
    /// Seconds to convert, to read and to copy them, the best of all rounds.
    var convert = Double.infinity
    var convertPlanes = Double.infinity
    var read = Double.infinity
    var copy = Double.infinity

    /// Measures a picture of `height` × `width` × 3 floats.
    init(height: Int, width: Int, rounds: Int) throws {
        let count = height * width * 3
        bytes = count * 4
        let values = (0..<count).map { Float($0 % 251) / 250 }
        var options = PictureOptions()
        options.mapping = .unit
        options.layout = .hwc
        let packed = try Tensor(values, shape: [height, width, 3]).picture(options)
        options.layout = .chw
        let planes = try Tensor(values, shape: [3, height, width]).picture(options)
        var output = [UInt8](repeating: 0, count: count)
        var copied = [Float](repeating: 0, count: count)
        // Bands of what stays in the cache, as an encoder asks for them.
        let rows = max(1, (1 << 17) / (width * 3))
        func fill(_ source: any PixelSource) throws {
            var span = output.mutableSpan
            var all = span.mutableBytes
            var tally = PixelTally()
            for first in stride(from: 0, to: height, by: rows) {
                let range = first..<min(height, first + rows)
                var band = all._mutatingExtracting(0..<range.count * width * 3)
                try source.fill(rows: range, into: &band, tally: &tally)
            }
        }
        for _ in 0...rounds {
            convert = min(convert, try seconds { try fill(packed) })
            convertPlanes = min(convertPlanes, try seconds { try fill(planes) })
            read = min(read, try seconds { values.withUnsafeBytes { _ = peer_read($0.baseAddress, $0.count) } })
            copy = min(
                copy,
                try seconds {
                    copied.withUnsafeMutableBytes { target in
                        values.withUnsafeBytes { target.copyMemory(from: $0) }
                    }
                })
        }
    }

    private func seconds(_ body: () throws -> Void) throws -> Double {
        let before = peer_thread_seconds()
        try body()
        return peer_thread_seconds() - before
    }
}
