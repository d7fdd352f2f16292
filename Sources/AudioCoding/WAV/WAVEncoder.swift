public import MediaCore

/// Writes WAV files.
///
/// Numbers are rounded to nearest, ties to even: x becomes the integer nearest to x · 2^(bits − 1). What is louder than 1 is
/// clipped and counted, what is not finite becomes 0 and is counted. A sound whose numbers have the type of the file is
/// written bit for bit. Files beyond 4 GiB are RF64. The same samples and options make the same bytes: there is no time stamp.
///
/// Sources: "Multimedia Programming Interface and Data Specifications 1.0" (RIFF, LIST INFO), the header files of
/// WAVEFORMATEXTENSIBLE, EBU Tech 3306 (RF64), Recommendation ITU-R BS.2088.
public struct WAVEncoder: SoundEncoder {
    /// How the file holds numbers.
    public var sampleFormat: SampleFormat
    /// Noise that is added where numbers are rounded to integers.
    public var dither: SoundDither
    /// Texts about the sound.
    public var metadata: WAVMetadata
    /// Whether clipping and numbers that are not finite are reported or refused.
    public var strictness: Strictness
    /// Whose rules decide how numbers are rounded. Those of the SDK write PCM of 16 bits, always rounded down, and a header
    /// of 44 bytes whatever the channels.
    public var compatibility: Compatibility
    /// Stops the work between blocks.
    public var cancellation: CancellationFlag?

    /// The largest size that is written with 32 bits. RF64 readers take the largest number of 32 bits for "see elsewhere".
    package var largestPlainSize = Int(UInt32.max) - 1

    /// Creates an encoder.
    public init(
        sampleFormat: SampleFormat = .pcm16, dither: SoundDither = .none, metadata: WAVMetadata = WAVMetadata(),
        strictness: Strictness = .report, compatibility: Compatibility = .standard,
        cancellation: CancellationFlag? = nil
    ) {
        self.sampleFormat = sampleFormat
        self.dither = dither
        self.metadata = metadata
        self.strictness = strictness
        self.compatibility = compatibility
        self.cancellation = cancellation
    }

    /// Begins a file whose samples come block by block.
    ///
    /// Where the number of samples is known, the header is final; otherwise the sink has to be one whose bytes can be
    /// replaced, and 36 bytes are kept free for the sizes of an RF64 file.
    ///
    /// - Throws: `argument.invalid` for a rate, channels or a size that the header has no room for, for options that do not go
    ///   together, and for a sink that cannot be patched where the length is unknown; under
    ///   ``/MediaCore/Strictness/strict`` the guesses of the sound.
    public func begin(_ sound: SoundDescription, to sink: any ByteSink) throws(MediaError) -> WAVWriter {
        try check()
        if strictness == .strict, let guess = sound.facts.findings.first {
            throw MediaError(guess.code, guess.message, hint: guess.hint, at: .init(field: guess.path))
        }
        return try WAVWriter(sound, encoder: self, sink: sink)
    }

    /// - Throws: `argument.invalid` for options that do not go together.
    package func check() throws(MediaError) {
        if dither != .none, sampleFormat.isFloatingPoint {
            throw MediaError(
                .argumentInvalid, "dither for \(sampleFormat), where nothing is rounded to integers",
                hint: "leave it out, or write pcm16", at: .init(field: "dither"))
        }
        guard !compatibility.isWandb || (sampleFormat == .pcm16 && dither == .none) else {
            throw MediaError(
                .argumentInvalid, "the SDK writes PCM of 16 bits without dither alone", hint: "leave both out",
                at: .init(field: "sampleFormat"))
        }
    }
}
