import CPeers
import ImageCoding
import MediaCore
import TensorIO

/// Everything that encodes one picture of the corpus here.
struct Contestants {
    /// The finished pixels, which the peers are given.
    let pixels: FinishedPixels
    private let source: any PixelSource
    private let tensor: Tensor
    private let options: PictureOptions

    init(_ entry: Corpus.Entry, path: String) throws {
        tensor = try NPYReader().read(path: path).tensor
        var options = PictureOptions()
        options.layout = ImageLayout(rawValue: entry.layout)
        if let range = entry.range, range.count == 2 { options.mapping = .range(range[0], range[1]) }
        self.options = options
        source = try tensor.picture(options)
        pixels = try FinishedPixels(of: source)
    }

    var all: [Contestant] { png + jpeg }

    /// Ours begin with the tensor: mapping the values is part of the time.
    private var png: [Contestant] {
        let ours = [EncodingPreset.fastest, .balanced, .smallest].map { preset in
            let encoder = PNGEncoder(preset: preset)
            let sink = MemorySink()
            return Contestant(name: "ours \(preset.rawValue)") {
                sink.removeAll()
                return try encoder.encode(tensor.picture(options), to: sink).byteCount
            }
        }
        return ours
            + [1, 6].map { level in
                peer("libpng \(level)") { rows, out in
                    peer_png(
                        rows, UInt32(pixels.width), UInt32(pixels.height), CInt(pixels.format.channels),
                        CInt(pixels.format.bits), CInt(level), out)
                }
            }
    }

    private var jpeg: [Contestant] {
        guard pixels.format == .gray || pixels.format == .rgb else { return [] }
        let encoder = JPEGEncoder(quality: 90)
        let sink = MemorySink()
        return [
            Contestant(name: "ours JPEG 90") {
                sink.removeAll()
                return try encoder.encode(tensor.picture(options), to: sink).byteCount
            },
            peer("libjpeg 90") { rows, out in
                peer_jpeg(
                    rows, UInt32(pixels.width), UInt32(pixels.height), CInt(pixels.format.channels), 90, 0, out)
            },
        ]
    }

    /// A peer, with a buffer that is kept from round to round as a careful caller would.
    private func peer(
        _ name: String, _ encode: @escaping (UnsafePointer<UInt8>?, UnsafeMutablePointer<peer_buffer>) -> CInt
    ) -> Contestant {
        let out = PeerBuffer()
        return Contestant(name: name) {
            let status = pixels.rows.withUnsafeBufferPointer { encode($0.baseAddress, &out.buffer) }
            guard status == 0 else { throw Failure("\(name) failed") }
            return out.buffer.count
        }
    }
}

/// Owns the memory that a peer grew.
private final class PeerBuffer {
    var buffer = peer_buffer()
    deinit { peer_free(&buffer) }
}
