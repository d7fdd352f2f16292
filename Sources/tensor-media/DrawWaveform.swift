import ArgumentParser
import TensorMedia

/// `tensor-media waveform`.
struct DrawWaveform: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "waveform",
        abstract: "Draw how loud a sound is in time.",
        discussion: """
            Each column shows its least and greatest number, and in a darker colour the root of their mean square. Channels stand \
            below each other.

              tensor-media waveform sound.npy --rate 44100 -o sound.png
              tensor-media waveform sound.wav --mix --width 600 --height 100 --no-axes -o small.png
            """)

    @OptionGroup var arguments: SoundPictureArguments
    @Flag(help: "Draw the mean of all channels instead of each.")
    var mix = false
    @Option(
        help: ArgumentHelp(
            "The number at the upper edge; 1 if not given, or the loudest number where that is greater.",
            valueName: "number"))
    var amplitude: Float?

    func run() throws {
        var options = WaveformOptions()
        if let width = arguments.width { options.width = width }
        if let height = arguments.height { options.height = height }
        (options.isMixed, options.amplitude) = (mix, amplitude)
        try arguments.run { .waveform(options) }
    }
}
