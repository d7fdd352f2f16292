public import MediaCore

/// Writes FLAC, Vorbis, Opus, MP3 and AIFF files, through libsndfile.
///
///     let report = try CodedSoundEncoder(format: .flac).encode(sound, to: FileSink(path: "sound.flac"))
///
/// Numbers are rounded as by ``WAVEncoder``, and handed over as the integers of the file. What is louder than 1 is clipped and
/// counted in compressed files too. The same samples and options make the same bytes with the same version of the library:
/// numbers of Ogg streams are stated, and nothing has a time stamp.
public struct CodedSoundEncoder: SoundEncoder {
    /// The kind of file; not WAV.
    public var format: SoundFormat
    /// How the file holds numbers; `nil` takes the usual way of the kind of file.
    public var sampleFormat: SampleFormat?
    /// How much is spent, from 0 (few bytes, or of FLAC little time) to 1; `nil` takes what the library does.
    public var quality: Double?
    /// Noise that is added where numbers are rounded to integers.
    public var dither: SoundDither
    /// The number of an Ogg stream.
    public var serial: UInt32
    /// Whether clipping and numbers that are not finite are reported or refused.
    public var strictness: Strictness
    /// Stops the work between blocks.
    public var cancellation: CancellationFlag?

    /// Creates an encoder.
    public init(
        format: SoundFormat = .flac, sampleFormat: SampleFormat? = nil, quality: Double? = nil,
        dither: SoundDither = .none, serial: UInt32 = 1, strictness: Strictness = .report,
        cancellation: CancellationFlag? = nil
    ) {
        self.format = format
        self.sampleFormat = sampleFormat
        self.quality = quality
        self.dither = dither
        self.serial = serial
        self.strictness = strictness
        self.cancellation = cancellation
    }

    /// How the file holds numbers.
    public var writtenSampleFormat: SampleFormat { sampleFormat ?? format.sampleFormats[0] }

    /// Begins a file whose samples come block by block.
    ///
    /// FLAC, MP3 and AIFF files are written as they grow where the sink can be patched; for others they wait in memory.
    /// - Throws: `argument.invalid` for a rate or channels that the kind of file does not have, and for options that are out of
    ///   range or do not go together; `library.missing`; `library.failed`; under ``/MediaCore/Strictness/strict`` the
    ///   guesses of the sound.
    public func begin(_ sound: SoundDescription, to sink: any ByteSink) throws(MediaError) -> CodedSoundWriter {
        try check()
        try format.check(rate: sound.rate, channels: sound.channels, sampleFormat: writtenSampleFormat)
        if strictness == .strict, let guess = sound.facts.findings.first {
            throw MediaError(guess.code, guess.message, hint: guess.hint, at: .init(field: guess.path))
        }
        return try CodedSoundWriter(sound, encoder: self, sink: sink)
    }

    /// - Throws: `argument.invalid` for a quality that is out of range, and for one of what is not compressed.
    package static func checkQuality(_ quality: Double?, of format: SoundFormat) throws(MediaError) {
        guard let quality else { return }
        guard format.isCompressed else {
            throw MediaError(
                .argumentInvalid, "a quality for \(format.rawValue), which is not compressed",
                hint: "leave it out, or write flac, ogg, opus or mp3", at: .init(field: "quality"))
        }
        guard (0...1).contains(quality) else {
            throw MediaError(
                .argumentInvalid, "a quality of \(short(quality))", hint: "choose 0 to 1", at: .init(field: "quality"))
        }
    }

    /// - Throws: `argument.invalid` for options that are out of range or do not go together.
    package func check() throws(MediaError) {
        guard format != .wav else {
            throw MediaError(
                .argumentInvalid, "wav is not written by libsndfile here", hint: "use WAVEncoder",
                at: .init(field: "format"))
        }
        try Self.checkQuality(quality, of: format)
        if dither != .none, writtenSampleFormat.isFloatingPoint {
            throw MediaError(
                .argumentInvalid, "dither for \(format.rawValue), where nothing is rounded to integers",
                hint: "leave it out, or write flac", at: .init(field: "dither"))
        }
    }
}
