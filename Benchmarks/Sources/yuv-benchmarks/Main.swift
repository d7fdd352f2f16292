import CPeers
import Foundation
import VideoCoding

/// `yuv-benchmarks ROUNDS [scaler]`: what the frames of a tensor cost as YUV planes for a video encoder, in processor
/// milliseconds per million pixels, at the level of instructions that `TENSOR_MEDIA_CPU` names; nothing where the processor
/// does not have it.
///
/// Beside it what the same frames cost as rows of RGB, which is a part of it, and what reading the tensor costs. With `scaler`, what libswscale takes in the
/// ffmpeg program instead, where that is installed: the time of a run that converts less that of one that does not. The
/// least of all rounds; tensors are larger than the nearest caches, as clips are.
@main
enum Main {
    static func main() {
        do {
            let arguments = CommandLine.arguments.dropFirst().map { $0 }
            let rounds = max(1, arguments.first.flatMap { Int($0) } ?? 9)
            let level = CPULevel.current.rawValue
            if let wish = ProcessInfo.processInfo.environment["TENSOR_MEDIA_CPU"], wish != level { return }
            for (width, height, count) in [(1280, 720, 16), (256, 256, 128)] {
                let name = "\(width)×\(height)"
                if arguments.contains("scaler") {
                    for form in ["rgb24", "gbrp"] {
                        guard let time = Scaler.milliseconds(form, width, height, count, rounds) else { continue }
                        print("\(name), libswscale, \(form): \(text(time))")
                    }
                } else {
                    for clip in try MadeClip.all(width, height, count) {
                        print("\(name), \(level), \(clip.name): \(try measure(clip, rounds))")
                    }
                }
            }
        } catch {
            FileHandle.standardError.write(Data("yuv-benchmarks: \(error)\n".utf8))
            exit(1)
        }
    }

    private static func measure(_ clip: MadeClip, _ rounds: Int) throws -> String {
        let pixels = Double(clip.frames.width * clip.frames.height * (clip.frames.frameCount ?? 0)) / 1e9
        var (yuv, rgb, bytes) = (Double.infinity, Double.infinity, Double.infinity)
        for _ in 0..<rounds {
            yuv = min(yuv, try seconds { try clip.renderYUV() })
            rgb = min(rgb, try seconds { try clip.renderRows() })
            bytes = min(bytes, seconds { clip.read() })
        }
        return "\(text(yuv / pixels)) (rows of RGB \(text(rgb / pixels)), reading alone \(text(bytes / pixels)))"
    }

    private static func seconds(_ body: () throws -> Void) rethrows -> Double {
        let start = peer_thread_seconds()
        try body()
        return peer_thread_seconds() - start
    }

    private static func text(_ milliseconds: Double) -> String { String(format: "%.2f", milliseconds) }
}
