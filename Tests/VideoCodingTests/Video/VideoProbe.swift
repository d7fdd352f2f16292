import Foundation
import MediaCore
import TestSupport
import Testing
import VideoCoding

/// What the programs of FFmpeg say about a file.
struct VideoProbe {
    /// The fields of the stream, as ffprobe names and writes them.
    let stream: [String: String]
    /// How long the file plays, in seconds.
    let seconds: Double

    init(_ bytes: [UInt8], as format: ClipFormat) throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(bytes, to: "clip." + format.rawValue)
        let outcome = try Program(
            "/usr/bin/env",
            [
                "ffprobe", "-v", "error", "-count_frames", "-select_streams", "v:0", "-show_entries",
                "stream=codec_name,codec_tag_string,profile,pix_fmt,width,height,color_space,color_transfer,color_primaries,color_range,nb_read_frames,avg_frame_rate:format=duration",
                "-of", "default", path,
            ]
        ).run()
        guard outcome.status == 0, outcome.errorText.isEmpty else { throw ProgramFailure(outcome.errorText) }
        var fields: [String: String] = [:]
        for line in outcome.lines {
            let halves = line.split(separator: "=", maxSplits: 1)
            if halves.count == 2 { fields[String(halves[0])] = String(halves[1]) }
        }
        stream = fields
        seconds = Double(fields["duration"] ?? "") ?? .nan
    }

    var frameCount: Int? { stream["nb_read_frames"].flatMap { Int($0) } }
    var size: String { "\(stream["width"] ?? "?")×\(stream["height"] ?? "?")" }

    /// The frames as ffmpeg decodes them, packed; it must not complain.
    static func decode(
        _ bytes: [UInt8], as format: ClipFormat, to pixels: String = "rgb24", options: [String] = []
    ) throws -> [UInt8] {
        let folder = try TemporaryFolder()
        let path = try folder.write(bytes, to: "clip." + format.rawValue)
        let outcome = try Program(
            "/usr/bin/env",
            ["ffmpeg", "-v", "error", "-xerror"] + options + [
                "-i", path, "-vsync", "passthrough", "-sws_flags", "accurate_rnd+full_chroma_int+bitexact", "-f",
                "rawvideo", "-pix_fmt", pixels, "-",
            ]
        ).run()
        guard outcome.status == 0, outcome.errorText.isEmpty else { throw ProgramFailure(outcome.errorText) }
        return outcome.output
    }

    /// The bytes of a clip.
    static func encode(
        _ frames: any FrameSource, _ encoder: VideoEncoder
    ) throws -> (bytes: [UInt8], report: ClipReport) {
        let sink = MemorySink()
        let report = try encoder.encode(frames, to: sink)
        return (sink.bytes, report)
    }
}

extension ClipFormat {
    static let videos: [ClipFormat] = [.mp4, .webm, .ogg]
}

/// The peak signal-to-noise ratio of samples of 8 bits, in decibels.
func psnr(_ one: [UInt8], _ other: [UInt8]) -> Double {
    guard one.count == other.count, !one.isEmpty else { return 0 }
    let sum = zip(one, other).reduce(0.0) { sum, pair in
        let difference = Double(pair.0) - Double(pair.1)
        return sum + difference * difference
    }
    return sum == 0 ? .infinity : 10 * log10(255 * 255 * Double(one.count) / sum)
}
