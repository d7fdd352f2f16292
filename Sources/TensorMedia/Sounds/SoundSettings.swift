public import AudioCoding
import ImageCoding
import MediaCore

extension SoundFormat {
    /// The kinds that hold nothing but sound: Ogg files are videos unless somebody asks for sounds.
    static var own: [SoundFormat] { allCases.filter { ClipFormat(rawValue: $0.rawValue) == nil } }

    /// The kind of file that a path stands for by its ending, in small or capital letters; `nil` for other endings.
    public init?(pathOf path: String) {
        let ending = path.fileEnding
        guard let format = Self.allCases.first(where: { $0.endings.contains(ending) }) else { return nil }
        self = format
    }
}

/// How tensors become sounds, where they do.
public struct SoundSettings: Sendable, Hashable {
    /// Whether inputs are sounds; `nil` where nobody said so: they are when ``format`` is given.
    public var isAsked: Bool?
    /// What the axes mean; `nil` infers it.
    public var layout: SoundLayout?
    /// How many samples a second has; `nil` where nobody said so.
    public var rate: Int?
    /// The rate that sounds are brought to; `nil` leaves them as they are.
    public var resampledRate: Int?
    /// The kind of file; `nil` takes WAV.
    public var format: SoundFormat?
    /// How the file holds numbers; `nil` takes PCM of 16 bits.
    public var sampleFormat: SampleFormat?
    /// Noise that is added before numbers are rounded.
    public var dither: SoundDither = .none
    /// The picture that is drawn of a sound instead of writing it; `nil` writes the sound.
    public var picture: SoundPicture?
    /// Whether axes, and a bar of colours, stand around that picture.
    public var hasAxes = true
    /// Whether the waveform is written as a picture beside the file.
    public var hasPreview = false

    /// The defaults.
    public init() {}

    /// Whether inputs become sounds.
    public var makesSounds: Bool { isAsked ?? format.map(SoundFormat.own.contains) ?? false }
    /// The kind of file that is written.
    public var writtenFormat: SoundFormat { format ?? .wav }

    /// The names of the settings that clips do not have.
    static let names = ["rate", "resample", "sample-format", "preview"]

    /// Changes one setting by name; `false` for a name or a value that belongs to something else.
    mutating func set(_ name: String, to value: String) throws(MediaError) -> Bool {
        switch name {
        case "rate": rate = try Self.rate(value, most: .max)
        case "resample": resampledRate = value == "none" ? nil : try Self.rate(value, most: ResampledSound.mostRate)
        case "sample-format":
            guard let known = SampleFormat(rawValue: value) else {
                throw MediaError(
                    .argumentInvalid, "\"\(value)\" is no format of samples",
                    hint: "choose one of " + SampleFormat.allCases.map(\.rawValue).joined(separator: ", "))
            }
            sampleFormat = known
        case "preview": hasPreview = try ConversionSettings.flag(value)
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

    private static func rate(_ text: String, most: Int) throws(MediaError) -> Int {
        guard let number = Int(text), (1...most).contains(number) else {
            throw MediaError(
                .argumentInvalid, "\"\(text)\" is no rate of samples",
                hint: "write how many samples a second has, a whole number such as 44100")
        }
        return number
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

    /// The quality of a compressed sound, 0…1. A picture beside a sound that has none uses it alone.
    private var soundQuality: Double? {
        sound.writtenFormat.isCompressed || !sound.hasPreview ? quality.map { Double($0) / 100 } : nil
    }

    /// A sound at the rate that was asked for.
    ///
    /// - Throws: `argument.invalid` under the wandb rules.
    func resampled(_ sound: Sound) throws(MediaError) -> Sound {
        guard let rate = self.sound.resampledRate else { return sound }
        guard !picture.compatibility.isWandb else {
            throw MediaError(
                .argumentInvalid, "the wandb SDK keeps the rate of a sound", hint: "leave resample out",
                at: .init(field: "resample"))
        }
        return try sound.resampled(to: rate)
    }

    /// The encoder of sounds.
    ///
    /// - Throws: `argument.invalid` for settings that do not go with the kind of file or with each other.
    func soundEncoder(_ cancellation: CancellationFlag?) throws(MediaError) -> WrittenSound {
        guard sound.writtenFormat == .wav else {
            guard !picture.compatibility.isWandb else {
                throw MediaError(
                    .argumentInvalid, "the wandb SDK writes wav, no \(sound.writtenFormat.rawValue)",
                    hint: "leave the format out", at: .init(field: "format"))
            }
            let encoder = CodedSoundEncoder(
                format: sound.writtenFormat, sampleFormat: sound.sampleFormat, quality: soundQuality,
                dither: sound.dither, strictness: picture.strictness, cancellation: cancellation)
            try encoder.check()
            return .coded(encoder)
        }
        try CodedSoundEncoder.checkQuality(soundQuality, of: .wav)
        let encoder = WAVEncoder(
            sampleFormat: sound.sampleFormat ?? .pcm16, dither: sound.dither, strictness: picture.strictness,
            compatibility: picture.compatibility, cancellation: cancellation)
        try encoder.check()
        return .wav(encoder)
    }

    /// Refuses what is for sounds where the input becomes something else.
    func checkNoSound() throws(MediaError) {
        for (name, isGiven) in [
            ("sample-format", sound.sampleFormat != nil), ("dither", sound.dither != .none),
            ("preview", sound.hasPreview), ("resample", sound.resampledRate != nil && !clip.makesClips),
            ("rate", sound.rate != nil && !clip.makesClips),
            ("layout", sound.layout != nil),
            ("format", sound.isAsked == false && sound.format.map(SoundFormat.own.contains) == true),
        ] where isGiven {
            throw MediaError(
                .argumentInvalid, "\(name) is of sounds, the input is read as something else",
                hint: "say that it is a sound: as audio", at: .init(field: name))
        }
    }
}

/// Either of the encoders of sounds.
enum WrittenSound {
    case wav(WAVEncoder)
    case coded(CodedSoundEncoder)

    /// How the file holds numbers.
    var sampleFormat: SampleFormat {
        switch self {
        case .wav(let encoder): encoder.sampleFormat
        case .coded(let encoder): encoder.writtenSampleFormat
        }
    }

    /// Writes all samples of a source.
    ///
    /// - Throws: what the encoder, the source and the sink throw.
    func encode(_ source: any SampleSource, to sink: any ByteSink) throws(MediaError) -> SoundReport {
        switch self {
        case .wav(let encoder): try encoder.encode(source, to: sink)
        case .coded(let encoder): try encoder.encode(source, to: sink)
        }
    }
}
