import ArgumentParser
import TensorMedia

/// `tensor-media convert`.
struct Convert: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Convert tensor files to pictures.",
        discussion: """
            Inputs are files (.npy, .npz, .safetensors, .pt), folders with all below them, patterns, members of archives \
            (scene.npz:depth), or - for standard input. Outputs keep the relative folders; pictures of a batch get \
            _000000 and so on. One failing input does not stop the others.

            Rule files hold a pattern and settings per line, and go before the options given here:
              depth/*.npy   as=log-depth colormap=magma
              *_mask.npy    as=labels
            """)

    @Argument(help: ArgumentHelp("What to convert.", valueName: "input"), completion: .file())
    var inputs: [String] = []

    @Option(
        name: [.short, .long],
        help: ArgumentHelp(
            "The folder to write to; a file name for a single picture; - for standard output.", valueName: "dir"),
        completion: .directory)
    var output: String

    @OptionGroup(title: "How to read a tensor") var reading: ReadingOptions
    @OptionGroup(title: "What to write") var writing: WritingOptions

    @Flag(help: "Print what would be done, and write nothing.")
    var dryRun = false
    @Flag(help: "Leave existing files alone: an output that exists is a failure.")
    var noOverwrite = false
    @Option(
        name: [.short, .long], help: ArgumentHelp("How many threads; all processors if not given.", valueName: "n"))
    var jobs: Int?
    @Flag(name: [.short, .long], help: "Print nothing but failures.")
    var quiet = false

    func validate() throws {
        guard !inputs.isEmpty else {
            throw ValidationError("Nothing to convert: name files, folders, or - for standard input.")
        }
        guard jobs ?? 1 >= 1 else { throw ValidationError("--jobs \(jobs ?? 0) is less than 1.") }
    }

    func run() throws {
        catchInterruptions()
        let job = try usage { () throws(MediaError) in try ConversionJob(self) }
        try job.run()
    }
}

/// Makes a wrong option a usage error: one line and exit status 64.
func usage<Result>(_ body: () throws(MediaError) -> Result) throws -> Result {
    do throws(MediaError) {
        return try body()
    } catch {
        Console.note("error: \(error)")
        throw ExitStatus.usage
    }
}
