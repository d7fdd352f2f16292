import MediaCore

/// The kinds of files that sounds are written as.
public enum SoundFormat: String, Sendable, Hashable, CaseIterable {
    /// Microsoft's RIFF, and RF64 beyond 4 GiB; written by ``WAVEncoder``.
    case wav
    /// Apple's IFF: numbers as in WAV, most significant byte first.
    case aiff
    /// Free Lossless Audio Codec: every number as it was, in fewer bytes.
    case flac
    /// Vorbis in Ogg.
    case ogg
    /// Opus in Ogg: speech and music at low rates of bits.
    case opus
    /// MPEG audio, layer III, with a rate of bits that varies: known to all programs.
    case mp3

    /// The endings of names of such files, the usual one first.
    public var endings: [String] {
        switch self {
        case .wav: ["wav"]
        case .aiff: ["aiff", "aif"]
        case .flac: ["flac"]
        case .ogg: ["ogg", "oga"]
        case .opus: ["opus"]
        case .mp3: ["mp3"]
        }
    }

    /// The media type (RFC 6838).
    public var mediaType: String {
        switch self {
        case .wav: "audio/wav"
        case .aiff: "audio/aiff"
        case .flac: "audio/flac"
        case .ogg, .opus: "audio/ogg"
        case .mp3: "audio/mpeg"
        }
    }

    /// How such files hold numbers, the usual way first; those of compressed ones are floats while they are encoded.
    public var sampleFormats: [SampleFormat] {
        switch self {
        case .wav: [.pcm16, .u8, .pcm24, .pcm32, .float32, .float64]
        case .aiff: [.pcm16, .pcm24, .pcm32, .float32, .float64]
        case .flac: [.pcm16, .pcm24]
        case .ogg, .opus, .mp3: [.float32]
        }
    }

    /// Whether numbers are changed to save bytes.
    public var isLossy: Bool { isOgg || self == .mp3 }
    /// Whether such files are pages with the number of a stream.
    var isOgg: Bool { self == .ogg || self == .opus }

    /// Whether bytes are saved at all.
    public var isCompressed: Bool { isLossy || self == .flac }

    /// How such files are compressed: `vorbis`; `pcm` where they are not.
    public var codecName: String {
        switch self {
        case .wav, .aiff: "pcm"
        case .flac: "flac"
        case .ogg: "vorbis"
        case .opus: "opus"
        case .mp3: "mp3"
        }
    }

    /// The most channels.
    public var mostChannels: Int {
        switch self {
        case .wav, .aiff: 1024
        case .flac: 8
        case .ogg, .opus: 255
        case .mp3: 2
        }
    }

    /// The rates that such files have, in hertz; `nil` for any.
    public var rates: [Int]? {
        switch self {
        case .opus: [8000, 12_000, 16_000, 24_000, 48_000]
        case .mp3: [8000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000]
        case .wav, .aiff, .flac, .ogg: nil
        }
    }

    /// Checks that such files have what a sound is made of.
    ///
    /// - Throws: `argument.invalid`, naming what they have instead.
    func check(rate: Int, channels: Int, sampleFormat: SampleFormat) throws(MediaError) {
        guard sampleFormats.contains(sampleFormat) else {
            throw MediaError(
                .argumentInvalid, "\(rawValue) files hold no \(sampleFormat)",
                hint: "choose \(sampleFormats.map(\.rawValue).joined(separator: ", "))",
                at: .init(field: "sampleFormat"))
        }
        guard (1...mostChannels).contains(channels) else {
            throw MediaError(
                .argumentInvalid, "\(channels) channels: \(rawValue) has 1 to \(mostChannels)",
                hint: "write wav", at: .init(field: "channels"))
        }
        if let rates, !rates.contains(rate), let nearest = rates.min(by: { abs($0 - rate) < abs($1 - rate) }) {
            throw MediaError(
                .argumentInvalid, "\(rawValue) has no rate of \(rate) samples a second",
                hint: "the nearest is \(nearest)", at: .init(field: "rate"))
        }
    }
}
