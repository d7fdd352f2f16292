import Foundation
import VideoCoding

/// `gif-benchmarks CLIP.npy FPS PRESET ROUNDS OUT.gif`: times the GIF encoder on a clip of frames × rows × columns × channels.
///
/// Prints one line of JSON: the processor seconds of the thread, the least of all rounds, bytes, frames, and what the report
/// says. The tensor is read before, all of its pages; the file is written after.
@main
enum Main {
    static func main() {
        do {
            let arguments = CommandLine.arguments.dropFirst().map { $0 }
            guard arguments.count == 5, let rounds = Int(arguments[3]),
                let preset = ClipPreset(rawValue: arguments[2])
            else {
                print("usage: gif-benchmarks CLIP.npy FPS PRESET ROUNDS OUT.gif")
                exit(2)
            }
            let tensor = try TensorFile.open(arguments[0]).onlyTensor()
            let pictures = try tensor.pictures(PictureOptions { $0.layout = tensor.rank == 3 ? .nhw : .nhwc })
            let frames = try ArrayFrames(pictures, frameRate: try FrameRate(Double(arguments[1]) ?? 4))
            let encoder = GIFEncoder(preset: preset)
            let sink = MemorySink()
            var best = Double.infinity
            var report: ClipReport?
            for _ in 0..<max(1, rounds) {
                sink.removeAll()
                let start = seconds()
                report = try encoder.encode(frames, to: sink)
                best = min(best, seconds() - start)
            }
            if arguments[4] != "-" {
                try Data(sink.bytes).write(to: URL(fileURLWithPath: arguments[4]))
            }
            guard let report else { return }
            let pixels = Double(report.width * report.height * report.frameCount)
            print(
                "{\"ms_per_mp\": \(best * 1e9 / pixels), \"bytes\": \(report.byteCount), \"frames\": \(report.frameCount), \"exact\": \(report.exactFrameCount), \"palettes\": \(report.paletteCount), \"seconds\": \(report.seconds)}"
            )
        } catch {
            FileHandle.standardError.write(Data("gif-benchmarks: \(error)\n".utf8))
            exit(1)
        }
    }

    private static func seconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
