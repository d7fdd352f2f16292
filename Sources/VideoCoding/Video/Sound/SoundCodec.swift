import CLibavLoader
import MediaCore

/// How the sound of a video is compressed.
public enum SoundCodec: String, Sendable, Hashable, CaseIterable {
    /// Advanced Audio Coding, by libav: plays everywhere. That of mp4 files.
    case aac
    /// Opus, by libopus. That of webm and ogg files at the five rates that it has.
    case opus
    /// Vorbis, by libvorbis. That of webm and ogg files at all other rates.
    case vorbis

    /// What libav calls the encoder.
    var encoderName: String {
        switch self {
        case .aac: "aac"
        case .opus: "libopus"
        case .vorbis: "libvorbis"
        }
    }

    /// The rates that the codec has, in samples a second; `nil` for any from 8,000 to 192,000.
    public var rates: [Int]? {
        switch self {
        case .aac: [7350, 8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 64000, 88200, 96000]
        case .opus: [8000, 12000, 16000, 24000, 48000]
        case .vorbis: nil
        }
    }

    /// The rates of Vorbis for which its encoder has settings.
    static let anyRate = 8000...192_000
    /// The most channels, for all of which players know the places: 7.1.
    public static let mostChannels = 8

    /// Whether a frame has each channel for itself.
    var isPlanar: Bool { self != .opus }

    /// libav's number for the samples.
    var sampleNumber: Int32 { Int32(isPlanar ? TM_AV_FLOAT_PLANAR : TM_AV_FLOAT) }

    /// The codec of a kind of file when nobody asks for another; `nil` for kinds that hold no sound.
    ///
    /// - Parameters:
    ///   - format: the kind of file.
    ///   - rate: samples a second.
    public static func standard(for format: ClipFormat, rate: Int) -> SoundCodec? {
        switch format {
        case .mp4: .aac
        case .webm, .ogg: SoundCodec.opus.has(rate: rate) ? .opus : .vorbis
        case .gif, .apng: nil
        }
    }

    /// The codecs that go into a kind of file.
    public static func all(for format: ClipFormat) -> [SoundCodec] {
        switch format {
        case .mp4: [.aac, .opus]
        case .webm, .ogg: [.opus, .vorbis]
        case .gif, .apng: []
        }
    }

    /// Whether the codec has a rate.
    func has(rate: Int) -> Bool { rates?.contains(rate) ?? Self.anyRate.contains(rate) }

    /// Checks that the codec goes into a kind of file and has what a sound is made of.
    ///
    /// - Throws: `argument.invalid`, naming what it has instead.
    func check(in format: ClipFormat, rate: Int, channels: Int) throws(MediaError) {
        let all = SoundCodec.all(for: format)
        guard all.contains(self) else {
            throw MediaError(
                .argumentInvalid, "\(rawValue) does not go into \(format.rawValue)",
                hint: all.isEmpty
                    ? "leave the sound out" : "choose one of " + all.map(\.rawValue).joined(separator: ", "),
                at: .init(field: "soundCodec"))
        }
        guard has(rate: rate) else {
            let nearest = rates.flatMap { $0.min { abs($0 - rate) < abs($1 - rate) } }
            throw MediaError(
                .argumentInvalid, "\(rawValue) has no rate of \(rate) samples a second",
                hint: nearest.map { "the nearest is \($0)" }
                    ?? "it has \(Self.anyRate.lowerBound) to \(Self.anyRate.upperBound)",
                at: .init(field: "sound.rate"))
        }
        guard (1...Self.mostChannels).contains(channels) else {
            throw MediaError(
                .argumentInvalid, "a sound of \(channels) channels: a video has 1 to \(Self.mostChannels)",
                hint: "mix them down", at: .init(field: "sound.channels"))
        }
    }
}
