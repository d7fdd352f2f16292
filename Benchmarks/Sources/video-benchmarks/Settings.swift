import VideoCoding

/// How a clip is encoded, from words of the command line.
struct Settings {
    var encoder: VideoEncoder
    var mapping = ValueMapping.automatic

    /// - Parameter file: its ending says the kind of file.
    init(_ words: ArraySlice<String>, file: String) throws {
        guard let ending = file.split(separator: ".").last, let format = ClipFormat(rawValue: String(ending)) else {
            throw Complaint("OUT ends in .mp4, .webm or .ogg")
        }
        encoder = VideoEncoder(format: format)
        for word in words {
            let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { throw Complaint("\(word) is no SETTING=VALUE") }
            switch (parts[0], parts[1]) {
            case ("range", let text): mapping = text == "unit" ? .unit : .automatic
            case ("enlarge", let text): encoder.enlargesTinyFrames = text == "yes"
            case ("crf", let text):
                guard let factor = Int(text) else { throw Complaint("crf is a number") }
                encoder.quality = .rateFactor(factor)
            case ("our-preset", let text):
                guard let preset = ClipPreset(rawValue: text) else { throw Complaint("no preset \(text)") }
                encoder.preset = preset
            default: encoder.codecOptions[parts[0]] = parts[1]
            }
        }
    }
}
