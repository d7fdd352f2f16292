import ArgumentParser
import TensorMedia

/// `tensor-media bench`.
struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measure encoders on your own tensors: time, size and memory, beside other libraries.",
        discussion: """
            Inputs are those of convert. Every preset runs at every level of processor instructions, beside libpng, \
            libjpeg-turbo, and Pillow and OpenCV where a Python has them, on one thread. Each picture is encoded in rounds; \
            in a round everybody runs once, and the best round counts, in processor time. Ours begin with the tensor, rivals \
            with finished pixels. Before they are timed, our files are decoded and compared with the pixels.

            The table has megabytes of pixels per second, how many times as fast as Pillow that is (as libpng 6 or \
            libjpeg-turbo without it), the size of files beside libpng's at level 6, all as geometric means over pictures, \
            and the most memory that a picture took above what was in use before, its file included.

            Exit status: as for convert; 1 also when a file of ours shows other pixels.
            """)

    @Argument(help: ArgumentHelp("What to encode.", valueName: "input"), completion: .file())
    var inputs: [String] = []

    @OptionGroup(title: "How to read a tensor") var reading: ReadingOptions

    @Option(
        help: ArgumentHelp("The kind of file: png or jpeg; both if not given.", valueName: "format"),
        completion: .list(BenchmarkOptions.Format.allCases.map(\.rawValue)))
    var format: String?
    @Option(
        help: ArgumentHelp("Our presets, divided by commas; all if not given.", valueName: "list"),
        completion: .list(EncodingPreset.allCases.map(\.rawValue)))
    var presets: String?
    @Option(
        help: ArgumentHelp(
            "Levels of instructions, divided by commas; all that the processor has if not given.", valueName: "list"),
        completion: .list(CPULevel.available.map(\.rawValue)))
    var levels: String?
    @Option(help: ArgumentHelp("The quality of JPEG, 1 to 100.", valueName: "n"))
    var quality: String?

    @Option(help: ArgumentHelp("The most pictures to measure, spread evenly over the inputs.", valueName: "n"))
    var sample = 50
    @Option(help: ArgumentHelp("How often everybody runs on each picture.", valueName: "n"))
    var rounds = 5
    @Option(
        help: ArgumentHelp(
            "How long it may take: then there are fewer rounds, and fewer pictures after that.", valueName: "s"))
    var seconds = 60.0

    @Option(
        help: ArgumentHelp(
            "The Python to look for Pillow and OpenCV in; python3 if not given.", valueName: "path"),
        completion: .file())
    var python: String?
    @Option(help: ArgumentHelp("How long that Python may take for one answer.", valueName: "s"))
    var pythonSeconds = 30.0
    @Flag(help: "Measure our encoders alone.")
    var noRivals = false

    @Flag(help: "Also take picture files from folders.")
    var pictures = false
    @Flag(help: "Print JSON, one object.")
    var json = false

    func validate() throws {
        guard !inputs.isEmpty else {
            throw ValidationError("Nothing to measure: name files, folders, or - for standard input.")
        }
        for (name, value) in [("--rounds", rounds), ("--sample", sample)] where value < 1 {
            throw ValidationError("\(name) is a whole number from 1.")
        }
        for (name, value) in [("--seconds", seconds), ("--python-seconds", pythonSeconds)]
        where !(value > 0 && value.isFinite) {
            throw ValidationError("\(name) is a number above 0.")
        }
    }

    func run() throws {
        Interruption.listen()
        let job = try usage { () throws(MediaError) in try BenchmarkJob(self) }
        try job.run()
    }
}
