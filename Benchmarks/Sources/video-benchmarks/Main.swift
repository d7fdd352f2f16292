import CPeers
import Foundation
import VideoCoding

/// Encodes a clip to a video as a program does that has the library, or makes the planes that the codec gets.
///
///     video-benchmarks encode CLIP.npy LAYOUT FPS OUT.mp4 RUNS SETTING=VALUE...
///     video-benchmarks planes CLIP.npy LAYOUT OUT.yuv
///
/// Settings are `our-preset`, `crf`, `range` (`unit`: stated; `automatic`: found), `enlarge` (`yes`, `no`), and options of the codec
/// by libav's names. `encode` prints a line of JSON: the processor milliseconds of the first run, which opens libav, and the
/// least of the others, from the tensor in memory to the file under its name; the load of libav apart; bytes, frames, the
/// size that is in the file; the most resident memory, and how much of it the tensor is.
@main
enum Main {
    static func main() {
        let arguments = CommandLine.arguments.dropFirst().map { $0 }
        do {
            switch (arguments.first, arguments.count) {
            case ("encode", 6...): try encode(Array(arguments.dropFirst()))
            case ("planes", 4): try Planes.write(arguments[1], layout: arguments[2], to: arguments[3])
            default: throw Complaint("usage: video-benchmarks encode|planes CLIP.npy LAYOUT …")
            }
        } catch {
            FileHandle.standardError.write(Data("video-benchmarks: \(error)\n".utf8))
            exit(1)
        }
    }

    private static func encode(_ arguments: [String]) throws {
        guard let rate = try? FrameRate(parsing: arguments[2]), let runs = Int(arguments[4]) else {
            throw Complaint("FPS and RUNS are numbers")
        }
        let settings = try Settings(arguments.dropFirst(5), file: arguments[3])
        let tensor = try TensorFile.open(arguments[0]).onlyTensor()
        let input = tensor.shape.reduce(tensor.elementType.byteCount, *)
        _ = try Planes.sum(of: tensor, layout: arguments[1])
        let begin = peer_process_seconds()
        _ = try LibavLibrary.open()
        let load = peer_process_seconds() - begin
        var times: [Double] = []
        var last: ClipReport?
        for _ in 0..<max(1, runs) {
            let start = peer_process_seconds()
            let frames = try TensorFrames(
                tensor,
                options: ClipOptions {
                    $0.layout = ClipLayout(rawValue: arguments[1])
                    $0.frameRate = rate
                    $0.mapping = settings.mapping
                })
            let sink = try FileSink(path: arguments[3])
            last = try settings.encoder.encode(frames, to: sink)
            _ = try sink.commit()
            times.append(peer_process_seconds() - start)
        }
        guard let last, let video = last.video, let first = times.first else { return }
        let best = times.dropFirst().min() ?? first
        print(
            "{\"first_ms\": \(first * 1000), \"ms\": \(best * 1000), \"load_ms\": \(load * 1000), \"bytes\": \(last.byteCount), \"frames\": \(last.frameCount), \"width\": \(video.codedWidth), \"height\": \(video.codedHeight), \"scale\": \(video.scale), \"peak\": \(peer_peak_bytes()), \"input\": \(input)}"
        )
    }
}

/// What is wrong with the arguments.
struct Complaint: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
