import ArgumentParser
import TensorMedia

/// The command line: parses, calls the library, prints. Everything it can do is a call of the library underneath.
///
/// Each command says its name, which the parser would otherwise make of the name of the type, for all of them at each start.
@main
struct TensorMediaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tensor-media",
        abstract: "Turn tensors into media files that are ready to upload.",
        discussion: """
            Exit status: 0 when everything was done, 1 when an input failed, 64 for wrong usage, 65 when files \
            cannot be read or compared, 73 when the output cannot be made, 74 when it cannot be written, 130 when interrupted, 141 when the reader of the output left.
            """,
        version: TensorMediaVersion.description,
        subcommands: [
            Convert.self, Extract.self, Overlay.self, DrawWaveform.self, DrawSpectrogram.self, Inspect.self,
            Compare.self,
            Validate.self, Bench.self, Doctor.self,
        ])

    /// Runs the command line.
    static func main() { main(PictureDisplay.complete(Array(CommandLine.arguments.dropFirst()))) }
}
