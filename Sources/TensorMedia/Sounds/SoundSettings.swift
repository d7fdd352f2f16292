public import AudioCoding
import ImageCoding
import MediaCore

/// The kinds of files that sounds are written as.
public enum SoundFormat: String, Sendable, Hashable, CaseIterable {
    /// Microsoft's RIFF, and RF64 beyond 4 GiB.
    case wav

    /// The kind of file that a path stands for by its ending; `nil` for other endings.
    public init?(pathOf path: String) {
        guard let kind = Self.allCases.first(where: { path.lowercased().hasSuffix("." + $0.rawValue) }) else {
            return nil
        }
        self = kind
    }

    /// `audio/wav`.
    public var mediaType: String { "audio/\(rawValue)" }
}

/// How tensors become sounds, where they do.
public struct SoundSettings: Sendable, Hashable {
    /// Whether inputs are sounds; `nil` where nobody said so: they are when ``format`` is given.
    public var isAsked: Bool?
    /// What the axes mean; `nil` infers it.
    public var layout: SoundLayout?
    /// How many samples a second has; `nil` where nobody said so.
    public var rate: Int?
    /// The kind of file; `nil` takes WAV.
    public var format: SoundFormat?
    /// How the file holds numbers; `nil` takes PCM of 16 bits.
    public var sampleFormat: SampleFormat?
    /// Noise that is added before numbers are rounded.
    public var dither: SoundDither = .none

    /// The defaults.
    public init() {}

    /// Whether inputs become sounds.
    public var makesSounds: Bool { isAsked ?? (format != nil) }
    /// The kind of file that is written.
    public var writtenFormat: SoundFormat { format ?? .wav }

    /// The names of the settings that clips do not have.
    static let names = ["rate", "sample-format"]

    /// Changes one setting by name; `false` for a name or a value that belongs to something else.
    mutating func set(_ name: String, to value: String) throws(MediaError) -> Bool {
        switch name {
        case "rate":
            guard let number = Int(value), number >= 1 else {
                throw MediaError(
                    .argumentInvalid, "\"\(value)\" is no rate of samples",
                    hint: "write how many samples a second has, a whole number such as 44100")
            }
            rate = number
        case "sample-format":
            guard let known = SampleFormat(rawValue: value) else {
                throw MediaError(
                    .argumentInvalid, "\"\(value)\" is no format of samples",
                    hint: "choose one of " + SampleFormat.allCases.map(\.rawValue).joined(separator: ", "))
            }
            sampleFormat = known
        case "dither":
            // Clips have ways of their own to dither.
            dither = .none
            guard value.hasPrefix("tpdf") else { return false }
            guard let seed = value == "tpdf" ? 0 : value.hasPrefix("tpdf:") ? UInt64(value.dropFirst(5)) : nil else {
                throw MediaError(
                    .argumentInvalid, "\"\(value)\" is no way to dither", hint: "write tpdf, or tpdf:SEED")
            }
            dither = .triangular(seed: seed)
        default: return false
        }
        return true
    }
}

extension ConversionSettings {
    /// How a tensor is read as a sound.
    ///
    /// - Throws: `argument.invalid` for a layout of pictures or clips.
    func soundOptions() throws(MediaError) -> SoundOptions {
        if let layout = picture.layout?.rawValue ?? clip.layout?.rawValue {
            throw MediaError(
                .argumentInvalid, "layout \(layout) is of pictures or clips, this becomes a sound",
                hint: "choose one of " + SoundLayout.allCases.map(\.rawValue).joined(separator: ", "),
                at: .init(field: "layout"))
        }
        return SoundOptions { options in
            options.layout = sound.layout
            options.compatibility = picture.compatibility
        }
    }

    /// The encoder of sounds.
    func soundEncoder(_ cancellation: CancellationFlag?) -> WAVEncoder {
        WAVEncoder(
            sampleFormat: sound.sampleFormat ?? .pcm16, dither: sound.dither, strictness: picture.strictness,
            compatibility: picture.compatibility, cancellation: cancellation)
    }

    /// Refuses what is for sounds where the input becomes something else.
    func checkNoSound() throws(MediaError) {
        for (name, isGiven) in [
            ("sample-format", sound.sampleFormat != nil), ("dither", sound.dither != .none),
            ("layout", sound.layout != nil), ("format", sound.isAsked == false && sound.format != nil),
        ] where isGiven {
            throw MediaError(
                .argumentInvalid, "\(name) is of sounds, the input is read as something else",
                hint: "say that it is a sound: as audio", at: .init(field: name))
        }
    }
}
