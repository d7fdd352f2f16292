import MediaCore
import TensorIO
public import VideoCoding

/// What is asked of mp4, webm and ogg files, and of no other.
public struct VideoSettings: Sendable, Hashable {
    /// How frames are compressed; `nil` takes the codec of the kind of file.
    public var codec: VideoCodec?
    /// A constant rate factor.
    public var rateFactor: Int?
    /// Bits per second.
    public var bitrate: Int?
    /// Whether every sample is kept.
    public var isLossless = false
    /// How many pixels share their chroma.
    public var subsampling = YUVSubsampling.quarter
    /// Whether tiny frames are enlarged; the wandb rules do not.
    public var enlargesTinyFrames = true
    /// Further options of the encoder, `name=value`; later ones win. A list, since the settings of a run are told from those of
    /// another by their text, and a dictionary has another order each time.
    public var codecOptions: [String] = []
    /// How many threads the codec uses.
    public var threads = 1
    /// The file of the sound that goes with the frames, of tensors or of sound; `none` leaves that of an existing video out.
    public var audio: String?
    /// How sound is compressed; `nil` takes the codec of the kind of file.
    public var audioCodec: SoundCodec?
    /// Bits per second of the sound.
    public var audioBitrate: Int?

    /// The defaults.
    public init() {}

    /// The names of the settings.
    static let names = [
        "codec", "crf", "bitrate", "lossless", "chroma", "upscale", "codec-options", "codec-threads",
        "audio", "audio-codec", "audio-bitrate",
    ]

    /// Changes one setting by name; `false` for a name that is not one of ``names``.
    mutating func set(_ name: String, to value: String) throws(MediaError) -> Bool {
        switch name {
        case "codec":
            guard let known = VideoCodec(rawValue: value) else {
                throw MediaError(
                    .argumentInvalid, "\"\(value)\" is no codec",
                    hint: "choose one of " + VideoCodec.allCases.map(\.rawValue).joined(separator: ", "))
            }
            codec = known
        case "crf": rateFactor = try ConversionSettings.number(value, in: 0...63)
        case "bitrate": bitrate = try Self.bits(value)
        case "lossless": isLossless = try ConversionSettings.flag(value)
        case "chroma": subsampling = try Self.chroma(value)
        case "upscale": enlargesTinyFrames = try ConversionSettings.flag(value)
        case "codec-options": codecOptions = try Self.options(value)
        case "codec-threads": threads = try ConversionSettings.number(value, in: 1...64)
        case "audio": audio = value
        case "audio-codec":
            guard let known = SoundCodec(rawValue: value) else {
                throw MediaError(
                    .argumentInvalid, "\"\(value)\" is no codec of sound",
                    hint: "choose one of " + SoundCodec.allCases.map(\.rawValue).joined(separator: ", "))
            }
            audioCodec = known
        case "audio-bitrate": audioBitrate = try Self.bits(value)
        default: return false
        }
        return true
    }

    /// Which of them are given, by name.
    fileprivate var given: [String] {
        let standard = VideoSettings()
        return [
            ("codec", codec != nil), ("crf", rateFactor != nil), ("bitrate", bitrate != nil), ("lossless", isLossless),
            ("chroma", subsampling != standard.subsampling), ("upscale", !enlargesTinyFrames),
            ("codec-options", !codecOptions.isEmpty), ("codec-threads", threads != standard.threads),
            ("audio", audio != nil && audio != Self.noAudio),
            ("audio-codec", audioCodec != nil), ("audio-bitrate", audioBitrate != nil),
        ].filter(\.1).map(\.0)
    }

    /// What stands for no sound.
    static let noAudio = "none"

    /// How many bytes are spent.
    func quality() throws(MediaError) -> VideoEncoder.Quality {
        let names = ["crf", "bitrate", "lossless"].filter(given.contains)
        guard names.count < 2 else {
            throw MediaError(
                .argumentInvalid, "\(names.joined(separator: " and ")) at once", hint: "choose one of them",
                at: .init(field: names[1]))
        }
        if let rateFactor { return .rateFactor(rateFactor) }
        if let bitrate { return .bitrate(bitrate) }
        return isLossless ? .lossless : .standard
    }

    /// A number of bits per second, with `k` or `M` for thousands and millions.
    private static func bits(_ text: String) throws(MediaError) -> Int {
        let factor = text.hasSuffix("k") ? 1000 : text.hasSuffix("M") ? 1_000_000 : 1
        let digits = factor == 1 ? text[...] : text.dropLast()
        guard let number = Double(digits), number > 0, number * Double(factor) <= 1e9 else {
            throw MediaError(
                .argumentInvalid, "\"\(text)\" is no number of bits per second", hint: "write 800k, 2.5M or 2500000")
        }
        return Int(number * Double(factor))
    }

    private static func chroma(_ text: String) throws(MediaError) -> YUVSubsampling {
        switch text {
        case "420": return .quarter
        case "444": return .none
        default:
            throw MediaError(.argumentInvalid, "\"\(text)\" is no chroma", hint: "write 420 or 444")
        }
    }

    /// Options as `name=value`, with commas between them.
    private static func options(_ text: String) throws(MediaError) -> [String] {
        let parts = text.split(separator: ",").map(String.init)
        for part in parts where part.hasPrefix("=") || !part.contains("=") {
            throw MediaError(
                .argumentInvalid, "\"\(part)\" is no option of a codec", hint: "write tune=animation,bf=0")
        }
        return parts
    }

    /// The options of the encoder by name.
    var namedOptions: [String: String] {
        var options: [String: String] = [:]
        for option in codecOptions {
            let halves = option.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if halves.count == 2 { options[String(halves[0])] = String(halves[1]) }
        }
        return options
    }
}

extension ConversionSettings {
    /// The encoder of the clip.
    ///
    /// - Parameter sound: what goes with the frames.
    /// - Throws: `argument.invalid` for settings that do not go with the kind of file or with each other.
    func clipEncoder(
        sound: (any SampleSource)? = nil, pool: WorkerPool?, _ cancellation: CancellationFlag?
    ) throws(MediaError) -> ClipEncoder {
        let format = clip.writtenFormat
        let gif = GIFEncoder(
            preset: clip.preset, dithering: clip.dithering, loops: clip.loops, opacity: clip.opacity,
            mergesEqualFrames: clip.mergesEqualFrames, strictness: picture.strictness, pool: pool,
            cancellation: cancellation)
        guard format.isVideo else { return try ClipEncoder(for: format, gif: gif) }
        let video = clip.video
        let encoder = VideoEncoder(
            format: format, codec: video.codec, preset: clip.preset, quality: try video.quality(),
            subsampling: video.subsampling, opacity: clip.opacity,
            enlargesTinyFrames: video.enlargesTinyFrames && !picture.compatibility.isWandb,
            codecOptions: video.namedOptions,
            sound: sound.map { SoundTrack($0, codec: video.audioCodec, bitrate: video.audioBitrate) },
            threads: video.threads, strictness: picture.strictness,
            cancellation: cancellation)
        return try ClipEncoder(for: format, gif: gif, video: encoder)
    }

    /// Looks whether there are such encoders, before anything is read.
    ///
    /// - Throws: `argument.invalid` for what is given and has no meaning in any of the kinds of files; as ``clipEncoder``.
    func checkEncoders() throws(MediaError) {
        try clip.checkUse()
        for format in clip.writtenFormats {
            var one = self
            one.clip.format = format
            _ = try one.clipEncoder(pool: nil, nil)
        }
    }
}

extension ClipSettings {
    /// Refuses what is given and has no meaning in any of the kinds of files that are written.
    fileprivate func checkUse() throws(MediaError) {
        let written = writtenFormats
        var uses: [(name: String, isGiven: Bool, what: String, formats: Set<ClipFormat>)] = [
            ("dither", dithering != .automatic, "dither", [.gif]),
            ("loop", loops != .forever, "loop", [.gif, .apng]),
            ("merge", mergesEqualFrames, "merge", [.gif]),
        ]
        switch opacity {
        case .over: uses.append(("alpha", opacity != .overWhite, "a colour below opacity", [.gif, .mp4, .webm, .ogg]))
        case .threshold: uses.append(("alpha", true, "a threshold of opacity", [.gif]))
        case .kept: uses.append(("alpha", true, "opacity that is kept", [.apng, .webm]))
        }
        uses += video.given.map { ($0, true, $0, [.mp4, .webm, .ogg]) }
        for use in uses where use.isGiven && use.formats.isDisjoint(with: written) {
            let formats = ClipFormat.allCases.filter(use.formats.contains).map(\.rawValue)
            throw MediaError(
                .argumentInvalid,
                "\(use.what) is for \(formats.joined(separator: ", ")), this becomes \(written.map(\.rawValue).joined(separator: " and "))",
                hint: "leave it out, or choose another format", at: .init(field: use.name))
        }
    }
}
