import ArgumentParser
import TensorMedia

/// `tensor-media spectrogram`.
struct DrawSpectrogram: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "spectrogram",
        abstract: "Draw how loud each frequency of a sound is in time.",
        discussion: """
            Channels are mixed unless --channel names one. 0 dB is a sine of amplitude 1.

              tensor-media spectrogram sound.npy --rate 44100 -o sound.png
              tensor-media spectrogram speech.wav --scale mel --window 1024 --hop 128 --db -90:-10 -o speech.png
            """)

    @OptionGroup var arguments: SoundPictureArguments
    @Option(
        help: ArgumentHelp("How frequencies are spread: linear, log or mel; linear if not given."),
        completion: .list(["linear", "log", "mel"]))
    var scale: String?
    @Option(
        help: ArgumentHelp(
            "The frequencies at the lower and the upper edge, in hertz; all if not given.", valueName: "low:high"))
    var frequencies: String?
    @Option(
        help: ArgumentHelp("How many samples a window has, a power of two; 2048 if not given.", valueName: "samples"))
    var window: Int?
    @Option(
        help: ArgumentHelp(
            "What windows are multiplied by: \(WindowFunction.allCases.map(\.rawValue).joined(separator: ", ")); hann if not given.",
            valueName: "name"),
        completion: .list(WindowFunction.allCases.map(\.rawValue)))
    var windowFunction: String?
    @Option(
        help: ArgumentHelp(
            "How many samples lie between windows; a quarter of the window if not given, fewer for short sounds.",
            valueName: "samples"))
    var hop: Int?
    @Option(
        name: .customLong("db"), parsing: .unconditional,
        help: ArgumentHelp(
            "The loudness of the first and the last colour: two numbers such as -90:-10, or how far the first is below the loudest; 80 if not given.",
            valueName: "decibels"))
    var decibels: String?
    @Option(help: ArgumentHelp("Which channel is drawn, from 0.", valueName: "n"))
    var channel: Int?
    @Option(
        help: ArgumentHelp(
            "The colours: \(ColorMap.all.map(\.name).joined(separator: ", ")); magma if not given.", valueName: "map"),
        completion: .list(ColorMap.all.map(\.name)))
    var colormap: String?

    func run() throws {
        try arguments.run { () throws(MediaError) in .spectrogram(try options()) }
    }

    private func options() throws(MediaError) -> SpectrogramOptions {
        var options = SpectrogramOptions()
        if let width = arguments.width { options.width = width }
        if let height = arguments.height { options.height = height }
        if let window { options.windowLength = window }
        (options.hop, options.channel) = (hop, channel)
        if let scale {
            guard let known = ["linear": FrequencyScale.linear, "log": .logarithmic, "mel": .mel][scale] else {
                throw Self.wrong("--scale", scale, "choose linear, log or mel")
            }
            options.scale = known
        }
        if let windowFunction {
            guard let known = WindowFunction(rawValue: windowFunction) else {
                throw Self.wrong(
                    "--window-function", windowFunction,
                    "choose " + WindowFunction.allCases.map(\.rawValue).joined(separator: ", "))
            }
            options.window = known
        }
        if let frequencies {
            guard let (low, high) = Self.pair(frequencies), low <= high else {
                throw Self.wrong("--frequencies", frequencies, "write two numbers, the lower first: 50:8000")
            }
            options.frequencies = low...high
        }
        if let decibels {
            if let depth = Double(decibels) {
                options.decibels = .belowMaximum(depth)
            } else if let (low, high) = Self.pair(decibels) {
                options.decibels = .between(low, high)
            } else {
                throw Self.wrong("--db", decibels, "write 80, or two numbers such as -90:-10")
            }
        }
        if let colormap {
            guard let map = ColorMap.named(colormap) else {
                throw Self.wrong(
                    "--colormap", colormap, "choose " + ColorMap.all.map(\.name).joined(separator: ", "))
            }
            options.colorMap = map
        }
        return options
    }

    private static func pair(_ text: String) -> (Double, Double)? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let low = Double(parts[0]), let high = Double(parts[1]), low.isFinite, high.isFinite
        else { return nil }
        return (low, high)
    }

    private static func wrong(_ option: String, _ text: String, _ hint: String) -> MediaError {
        MediaError(.argumentInvalid, "\"\(text)\" is not known here", hint: hint, at: .init(field: option))
    }
}
