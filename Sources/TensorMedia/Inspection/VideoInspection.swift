import ImageCoding
import MediaCore
import VideoCoding

extension VideoFile {
    /// `a.mp4: h264 video, 256×256 yuv420p, 30 frames, 4 fps, 7.5 s, BT.601 limited, no sound`.
    func line(file: String) -> String {
        let rate = frameRate.map { "\($0) fps" } ?? "\((Double(frameCount) / seconds).hundredthsText) fps in the mean"
        return
            "\(file): \(codec) video, \(width)×\(height) \(pixelFormat), \(frameCount) frame\(frameCount == 1 ? "" : "s"), \(rate), "
            + "\(seconds.secondsText), \(color.summary), \(sound.map { "sound \($0.summary)" } ?? "no sound")"
    }

    /// The same for programs.
    func json(file: String) -> JSONValue {
        var object = JSONObject([
            ("file", .string(file)), ("format", .string(format.rawValue)), ("codec", .string(codec)),
            ("pixels", .string(pixelFormat)), ("width", JSONValue(width)), ("height", JSONValue(height)),
            ("frames", JSONValue(frameCount)), ("seconds", .number(seconds)),
        ])
        if let frameRate { object["rate"] = .string("\(frameRate)") }
        object["alpha"] = .bool(hasAlpha)
        object["audio"] = .bool(sound != nil)
        if let sound {
            object["sound"] = .object(
                JSONObject([
                    ("codec", .string(sound.codec)), ("rate", JSONValue(sound.rate)),
                    ("channels", JSONValue(sound.channels)),
                ]))
        }
        object["matrix"] = JSONValue(color.matrix)
        object["primaries"] = JSONValue(color.primaries)
        object["transfer"] = JSONValue(color.transfer)
        if let isFullRange = color.isFullRange { object["full_range"] = .bool(isFullRange) }
        return .object(object)
    }
}

extension VideoFile.Color {
    /// `BT.709 limited`, or `colours not stated`.
    fileprivate var summary: String {
        let name: String? =
            switch matrix {
            case 0: "RGB"
            case 1: "BT.709"
            case 5, 6: "BT.601"
            case 9, 10: "BT.2020"
            default: nil
            }
        guard let name else { return "colours not stated" }
        return name + (isFullRange == true ? " full" : " limited")
    }
}
