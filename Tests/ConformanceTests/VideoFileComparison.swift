import Foundation
import MediaCore
import TensorIO
import TestSupport
import VideoCoding

/// Compares an mp4, webm or ogg with the frames that were handed over: all of them have to be there, in order, as long as they
/// should be, and as good as the ffmpeg program makes them with the settings that are ours.
struct VideoFileComparison {
    let path: String
    let format: ClipFormat
    /// time × height × width × channel.
    let expected: Tensor

    /// What is not as it should be.
    func differences(_ file: JSONValue) throws -> [String] {
        let (count, height, width) = (expected.shape[0], expected.shape[1], expected.shape[2])
        // Odd sides get one more: 4:2:0 needs even ones, and 4:4:4, which the SDK writes then, does not play everywhere.
        let (wide, high) = (width + width % 2, height + height % 2)
        let probe = try run(
            [
                "ffprobe", "-v", "error", "-count_frames", "-select_streams", "v:0", "-show_entries",
                "stream=width,height,nb_read_frames:format=duration", "-of", "csv=p=0", path,
            ]
        ).lines.flatMap { $0.split(separator: ",") }.compactMap { Double($0) }
        guard probe.count == 4 else { return ["ffprobe does not read the file"] }
        guard probe[0] == Double(wide), probe[1] == Double(high), probe[2] == Double(count) else {
            return ["it has \(probe[2]) frames of \(probe[0])×\(probe[1]), expected \(count) of \(wide)×\(high)"]
        }
        let source = pixels(wide, high)
        let quality = try self.quality(of: path, source, wide, high)
        let theirs = try self.quality(of: reference(source, wide, high), source, wide, high)
        var differences: [String] = []
        if quality < theirs - 0.5 { differences.append("its PSNR is \(quality) dB, ffmpeg's is \(theirs)") }
        if let rate = file["frame_rate"]?.string.flatMap({ try? FrameRate(parsing: $0) }) {
            let wanted = Double(count) / rate.framesPerSecond
            if abs(probe[3] - wanted) > 0.001 { differences.append("it lasts \(probe[3]) s, expected \(wanted)") }
        }
        return differences
    }

    /// The frames as RGB, with the last column and row repeated where sides are odd.
    private func pixels(_ wide: Int, _ high: Int) -> [UInt8] {
        let (height, width, channels) = (expected.shape[1], expected.shape[2], expected.shape[3])
        let samples = expected.integers()
        var bytes: [UInt8] = []
        for frame in 0..<expected.shape[0] {
            for row in 0..<high {
                for column in 0..<wide {
                    let place = ((frame * height + min(row, height - 1)) * width + min(column, width - 1)) * channels
                    for channel in 0..<3 {
                        bytes.append(UInt8(clamping: samples[place + min(channel, channels - 1)]))
                    }
                }
            }
        }
        return bytes
    }

    /// The file that the ffmpeg program makes of the same pixels.
    private func reference(_ source: [UInt8], _ wide: Int, _ high: Int) throws -> String {
        let raw = path + ".raw", target = path + ".reference." + format.rawValue
        try Data(source).write(to: URL(fileURLWithPath: raw))
        let settings =
            switch format {
            case .mp4: ["-c:v", "libx264", "-preset", "superfast", "-crf", "20"]
            case .webm: ["-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-crf", "32", "-b:v", "0"]
            default: ["-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-crf", "10", "-b:v", "2M"]
            }
        _ = try run(
            [
                "ffmpeg", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", "\(wide)x\(high)", "-r",
                "25", "-i", raw,
            ] + settings + ["-pix_fmt", "yuv420p", "-threads", "1", target])
        return target
    }

    /// The peak signal-to-noise ratio of what ffmpeg decodes.
    private func quality(of path: String, _ source: [UInt8], _ wide: Int, _ high: Int) throws -> Double {
        let decoded = try run(
            [
                "ffmpeg", "-v", "error", "-xerror", "-i", path, "-vsync", "passthrough", "-f", "rawvideo", "-pix_fmt",
                "rgb24", "-",
            ]
        ).output
        guard decoded.count == source.count else { return 0 }
        let sum = zip(decoded, source).reduce(0.0) { $0 + pow(Double($1.0) - Double($1.1), 2) }
        return sum == 0 ? .infinity : 10 * log10(255 * 255 * Double(source.count) / sum)
    }

    private func run(_ arguments: [String]) throws -> Program.Outcome {
        let outcome = try Program("/usr/bin/env", arguments).run()
        guard outcome.status == 0, outcome.errorText.isEmpty else { throw ProgramFailure(outcome.errorText) }
        return outcome
    }
}
