public import ImageCoding
import MediaCore
public import VideoCoding

/// What is to be said about a clip that was written, beside what is said about pictures.
public struct ClipOutcome: Sendable, Hashable {
    /// The kind of file.
    public var format: ClipFormat
    /// Whether nobody stated it.
    public var formatIsDefault: Bool
    /// How many frames were shown per second of the source.
    public var frameRate: FrameRate
    /// Whether nobody stated it.
    public var frameRateIsDefault: Bool
    /// How many frames there are; `nil` while nobody knows.
    public var frameCount: Int?
    /// How long the clip plays once, in seconds; `nil` while nobody knows.
    public var seconds: Double?
    /// What the encoder did; `nil` for what is only planned.
    public var report: ClipReport?

    /// `30 frames at 4 fps default, 7.5 s, exact colours`.
    var summary: String {
        let frames = frameCount.map { "\($0) frame\($0 == 1 ? "" : "s")" } ?? "frames"
        var parts = ["\(frames) at \(frameRate) fps\(frameRateIsDefault ? " default" : "")"]
        if let seconds { parts.append(seconds.secondsText) }
        if let video = report?.video {
            parts.append(video.summary)
            if let sound = report?.sound { parts.append("sound \(sound.summary)") }
        } else if let report {
            let reduced = report.frameCount - report.exactFrameCount
            switch reduced {
            case 0: parts.append("exact colours")
            case report.frameCount: parts.append("reduced colours")
            default: parts.append("reduced colours in \(reduced) of \(report.frameCount) frames")
            }
        }
        return parts.joined(separator: ", ")
    }
}
