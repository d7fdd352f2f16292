import ArgumentParser
import TensorMedia

/// Whether and how pictures are shown in the terminal.
struct ShowOptions: ParsableArguments {
    @Option(
        name: .customLong("show"),
        help: ArgumentHelp(
            "Show pictures in the terminal: --show, or --show=auto, blocks, kitty, iterm or sixel.", valueName: "how"),
        completion: .list(["auto"] + TerminalPicture.Method.allCases.map(\.rawValue)))
    var show: String?
}
