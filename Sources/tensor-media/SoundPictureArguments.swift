import ArgumentParser
import TensorMedia

/// What the commands that draw sounds share.
struct SoundPictureArguments: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "A tensor of samples, a member of an archive, or a file of sound (wav; flac, ogg, mp3 and aiff by libav).",
            valueName: "sound"), completion: .file())
    var sound: String
    @OptionGroup var rate: RateOption
    @OptionGroup var resampling: ResampleOption
    @Option(
        help: ArgumentHelp("The axes of a tensor: t, tc (samples × channels) or ct; inferred if not given."),
        completion: .list(SoundLayout.allCases.map(\.rawValue)))
    var layout: String?
    @Option(
        name: [.short, .customLong("output")],
        help: ArgumentHelp("The picture to write, or - for standard output.", valueName: "file"), completion: .file())
    var output: String
    @Option(help: ArgumentHelp("Pixels from left to right, without axes; 1024 if not given.", valueName: "pixels"))
    var width: Int?
    @Option(help: ArgumentHelp("Pixels from top to bottom, without axes.", valueName: "pixels"))
    var height: Int?
    @Flag(help: "Draw no axes around the picture.")
    var noAxes = false
    @Option(
        help: ArgumentHelp(
            "How much time PNG takes for a smaller file: fastest, balanced, smallest.", valueName: "preset"))
    var preset: String?
    @Flag(help: "Make every guess and every loss an error.")
    var strict = false
    @Flag(name: [.short, .long], help: "Print nothing but failures.")
    var quiet = false

    func validate() throws {
        if output != "-", ImageFileType(pathOf: output) == nil {
            throw ValidationError("--output ends in .png, .jpg or .bmp, or is -.")
        }
    }

    /// Draws, prints, and throws the exit status unless all went well.
    func run(_ picture: () throws(MediaError) -> SoundPicture) throws {
        Interruption.listen()
        let settings = try usage { () throws(MediaError) in
            var settings = ConversionSettings()
            try rate.apply(to: &settings)
            try resampling.apply(to: &settings)
            if let layout { try settings.setOption("layout", to: layout) }
            if let preset { try settings.setOption("preset", to: preset) }
            if strict { settings.picture.strictness = .strict }
            if let type = ImageFileType(pathOf: output) {
                settings.fileType = type
                settings.picture.fileType = type
            }
            (settings.sound.isAsked, settings.sound.hasAxes) = (true, !noAxes)
            settings.sound.picture = try picture()
            return settings
        }
        let found = InputFinder().find([sound])
        guard found.inputs.count <= 1 else {
            throw ValidationError("\(sound) is \(found.inputs.count) inputs; name one sound.")
        }
        var report = RunReport(
            .init(output: output, quiet: quiet), try OutputTarget(output), failures: found.failures,
            display: ProgressDisplay(.none, total: 1), pictures: nil)
        if let input = found.inputs.first {
            try report.take(
                Converter(folder: "", settings: settings, rules: ConversionRules()).convertOne(
                    input, to: output, pool: WorkerPool(), cancellation: Interruption.flag))
        }
        if Interruption.flag.isCancelled { report.end = MediaError(.cancelled, "interrupted") }
        try report.finish(inputs: 1, printsSummary: false)
    }
}
