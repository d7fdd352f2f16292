import CPeers
import ImageCoding
import MediaCore
import TensorIO

/// Everything that encodes one picture of the corpus here.
struct Contestants {
    /// The finished pixels, 8 or 16 bits a sample, which the peers are given.
    let pixels: FinishedPixels
    private let tensor: Tensor
    private let options: PictureOptions

    /// From this many pixels on, threads and memory are looked at too.
    private static let large = 1_000_000

    init(_ entry: Corpus.Entry, folder: String) throws {
        tensor = try NPYReader().read(path: folder + "/" + entry.file).tensor
        var options = PictureOptions()
        options.layout = ImageLayout(rawValue: entry.layout)
        if let range = entry.range, range.count == 2 { options.mapping = .range(range[0], range[1]) }
        self.options = options
        pixels = try FinishedPixels(of: tensor.picture(options))
    }

    /// All of them.
    var all: [Contestant] { png + jpeg }

    private var isFloat: Bool { tensor.elementType == .float32 }
    /// Where deciding about layout and values takes a part of the time.
    private var isTiny: Bool { pixels.width * pixels.height <= 64 * 64 }
    private var isLarge: Bool { pixels.width * pixels.height > Self.large }

    /// Ours begin with the tensor: mapping the values is part of the time.
    private func ours(_ name: String, _ encoder: any ImageEncoding) -> Contestant {
        let sink = MemorySink()
        return Contestant(name: name) {
            sink.removeAll()
            return try encoder.encode(tensor.picture(options), to: sink).byteCount
        }
    }

    private var png: [Contestant] {
        var all = [EncodingPreset.fastest, .balanced, .smallest].map {
            ours("ours \($0.rawValue)", PNGEncoder(preset: $0))
        }
        if isLarge {
            let pool = WorkerPool(threadCount: 2)
            all.append(ours("ours fastest, 2 threads", PNGEncoder(.init(preset: .fastest, pool: pool))))
        }
        if isFloat { all.append(convertedFirst) }
        if isTiny, let source = try? tensor.picture(options) {
            let (encoder, sink) = (PNGEncoder(preset: .fastest), MemorySink())
            all.append(
                Contestant(name: "ours fastest, encoding alone") {
                    sink.removeAll()
                    return try encoder.encode(source, to: sink).byteCount
                })
        }
        all += [1, 6].map { level in
            peer("libpng \(level)") { rows, out in
                peer_png(
                    rows, UInt32(pixels.width), UInt32(pixels.height), CInt(pixels.format.channels),
                    CInt(pixels.format.bits), CInt(level), out)
            }
        }
        return all
    }

    private var jpeg: [Contestant] {
        guard pixels.format == .gray || pixels.format == .rgb else { return [] }
        return [
            ours("ours JPEG 90", JPEGEncoder(quality: 90)),
            peer("libjpeg 90") { rows, out in
                peer_jpeg(
                    rows, UInt32(pixels.width), UInt32(pixels.height), CInt(pixels.format.channels), 90, 0, out)
            },
        ]
    }

    /// Ours, with all rows converted into memory before the encoder begins: what fusing the two saves.
    private var convertedFirst: Contestant {
        let encoder = PNGEncoder(preset: .fastest)
        let sink = MemorySink()
        return Contestant(name: "ours fastest, converted first") {
            sink.removeAll()
            let pixels = try FinishedPixels(of: tensor.picture(options))
            let channels = pixels.format.channels
            let shape = [pixels.height, pixels.width] + (channels > 1 ? [channels] : [])
            return try encoder.encode(try Tensor(pixels.rows, shape: shape).picture(), to: sink).byteCount
        }
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

    /// The most memory that a fresh encoder of `.fastest` takes beside the tensor, in bytes, with a sink that keeps nothing;
    /// `nil` where the system does not tell.
    func peakMemory(threads: Int) throws -> Int? {
        let pool = threads > 1 ? WorkerPool(threadCount: threads) : nil
        let source = try tensor.picture(options)
        let encoder = PNGEncoder(.init(preset: .fastest, pool: pool))
        let before = peer_reset_peak()
        try encoder.encode(source, to: CountingSink())
        let after = peer_peak_bytes()
        return before >= 0 && after >= 0 ? Int(after - before) : nil
    }
}

/// What the PNG and the JPEG encoder share.
private protocol ImageEncoding {
    func encode(_ source: any PixelSource, to sink: any ByteSink) throws(MediaError) -> EncodingReport
}

extension PNGEncoder: ImageEncoding {}
extension JPEGEncoder: ImageEncoding {}

/// Owns the memory that a peer grew.
private final class PeerBuffer {
    var buffer = peer_buffer()
    deinit { peer_free(&buffer) }
}
