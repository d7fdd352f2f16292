import ArgumentParser
import TensorMedia

/// How fast samples of sound follow each other: shared by all that read sounds.
struct RateOption: ParsableArguments {
    @Option(help: ArgumentHelp("How many samples of sound a second has: 44100.", valueName: "hertz"))
    var rate: String?

    /// Puts what was given into `settings`.
    func apply(to settings: inout ConversionSettings) throws(MediaError) {
        if let rate { try settings.setOption("rate", to: rate) }
    }
}

/// At which rate sounds are written or drawn.
struct ResampleOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Bring sounds to this rate: 16000. Frequencies that it cannot hold are filtered out.", valueName: "hertz"))
    var resample: String?

    /// Puts what was given into `settings`.
    func apply(to settings: inout ConversionSettings) throws(MediaError) {
        if let resample { try settings.setOption("resample", to: resample) }
    }
}

/// What is asked of sounds: options of `convert`.
struct SoundArguments: ParsableArguments {
    @OptionGroup var rate: RateOption
    @OptionGroup var resampling: ResampleOption
    @Option(
        help: ArgumentHelp(
            "How the file holds the numbers of a sound: \(SampleFormat.allCases.map(\.rawValue).joined(separator: ", ")); pcm16 if not given.",
            valueName: "format"),
        completion: .list(SampleFormat.allCases.map(\.rawValue)))
    var sampleFormat: String?
    @Flag(help: "Write the waveform of each sound as a picture beside it: x.preview.png.")
    var preview = false

    /// Puts what was given into `settings`.
    func apply(to settings: inout ConversionSettings) throws(MediaError) {
        try rate.apply(to: &settings)
        try resampling.apply(to: &settings)
        if let sampleFormat { try settings.setOption("sample-format", to: sampleFormat) }
        if preview { try settings.setOption("preview", to: "yes") }
    }
}
