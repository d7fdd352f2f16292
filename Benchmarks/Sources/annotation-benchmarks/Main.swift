import CPeers
import Foundation
import MediaAnnotations

/// `annotation-benchmarks [ROUNDS]`: what masks cost, as ratios to what they are compared with.
///
/// A mask laid over a 1080p picture in memory and written as PNG at `.fastest`, beside writing the same pixels when they are
/// there already; the argmax of 21 × 1080 × 1920 float32, beside reading and copying the same bytes. Contestants take turns;
/// the times are processor seconds of the thread, the least of all rounds, and the ratios the median over rounds.
@main
enum Main {
    static func main() {
        do {
            let rounds = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 9
            print("level \(CPULevel.current.rawValue), \(rounds) rounds")
            try overlays(rounds)
            try argmax(rounds)
        } catch {
            FileHandle.standardError.write(Data("annotation-benchmarks: \(error)\n".utf8))
            exit(1)
        }
    }

    private static let (width, height) = (1920, 1080)

    // MARK: Overlays

    private static func overlays(_ rounds: Int) throws {
        let base = try Tensor(MadePictures.photo(width, height), shape: [height, width, 3]).picture()
        let many: [UInt16] = MadePictures.regions(width, height, count: 300)
        let masks = try [
            (
                "20 smooth regions",
                Tensor(MadePictures.regions(width, height, count: 20) as [UInt8], shape: [height, width])
            ),
            ("noise of 21 classes", Tensor(MadePictures.noise(width, height, classes: 21), shape: [height, width])),
            ("300 smooth regions", Tensor(many, shape: [height, width])),
        ]
        for (name, ids) in masks {
            let mask = try SegmentationMask(ids)
            for outline in [0, 2] {
                let overlay = try MaskOverlay(
                    base, mask: mask, style: .init(outline: outline), colors: MadePictures.colors)
                let pixels = try Tensor(try rendered(overlay), shape: [height, width, 3]).picture()
                let encoder = PNGEncoder(preset: .fastest)
                let sink = MemorySink()
                let times = Rounds(rounds) {
                    sink.removeAll()
                    _ = try? encoder.encode(pixels, to: sink)
                } _: {
                    sink.removeAll()
                    _ = try? encoder.encode(overlay, to: sink)
                }
                print("overlay, \(name), outline \(outline): \(times.text("plain encode", "overlay and encode"))")
            }
        }
    }

    private static func rendered(_ source: any PixelSource) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: source.height * source.bytesPerRow)
        var tally = PixelTally()
        var span = bytes.mutableSpan
        var band = span.mutableBytes
        try source.fill(rows: 0..<source.height, into: &band, tally: &tally)
        return bytes
    }

    // MARK: Argmax

    private static func argmax(_ rounds: Int) throws {
        let count = 21 * height * width
        let scores = (0..<count).map { Float(($0 &* 2_654_435_761) >> 7 & 0xFFFF) }
        let tensor = try Tensor(scores, shape: [21, height, width])
        var copy = [Float](repeating: 1, count: count)
        let reading = Rounds(rounds) {
            scores.withUnsafeBytes { _ = peer_read($0.baseAddress, $0.count) }
        } _: {
            _ = try? SegmentationMask(argmaxOf: tensor)
        }
        print("argmax 21×1080×1920 float32: \(reading.text("read", "argmax"))")
        let copying = Rounds(rounds) {
            copy.withUnsafeMutableBytes { target in scores.withUnsafeBytes { target.copyMemory(from: $0) } }
        } _: {
            _ = try? SegmentationMask(argmaxOf: tensor)
        }
        print("argmax 21×1080×1920 float32: \(copying.text("copy", "argmax"))")
    }
}
