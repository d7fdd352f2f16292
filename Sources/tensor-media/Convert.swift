import ArgumentParser
import TensorMedia

/// `tensor-media convert`.
struct Convert: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Convert tensor files to pictures.",
        discussion: """
            Inputs are files (.npy, .npz, .safetensors, .pt), folders with all below them, patterns, members of archives \
            (scene.npz:depth), or - for standard input; picture files are encoded again. Outputs keep the relative \
            folders; pictures of a batch get _000000 and so on. One failing input does not stop the others; all failures \
            are listed at the end.

            Rule files hold a pattern and settings per line. A rule goes before the options given here, a later rule before \
            an earlier one:
              depth/*.npy      as=log-depth colormap=magma
              *_mask.npy       as=labels
              scene.npz:flow   as=flow

            Each line of output names the input, the file made of it, the shape and type, the kind and axis order, the \
            size and pixels, and the values shown as black and white; "inferred" stands behind what nobody stated.
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

    @OptionGroup(title: "Large batches") var batch: BatchArguments

    @Flag(help: "Also take picture files from folders.")
    var pictures = false
    @Flag(help: "Print what would be done, and write nothing.")
    var dryRun = false
    @Flag(help: "Leave existing files alone: an output that exists is a failure.")
    var noOverwrite = false
    @Option(
        name: [.short, .long],
        help: ArgumentHelp("How many threads, 1 to 1024; all processors if not given.", valueName: "n"))
    var jobs: String?
    @Option(
        help: ArgumentHelp(
            "How to say how far the run is: bar, plain, json, json:FD or none; a bar on a terminal if not given, and in a pipe lines for runs above ten seconds.",
            valueName: "style"),
        completion: .list(["bar", "plain", "json", "none"]))
    var progress: String?
    @OptionGroup var showing: ShowOptions
    @Flag(name: [.short, .long], help: "Print nothing but failures.")
    var quiet = false

    func validate() throws {
        guard !inputs.isEmpty else {
            throw ValidationError("Nothing to convert: name files, folders, or - for standard input.")
        }
    }

    func run() throws {
        Interruption.listen()
        let job = try usage { () throws(MediaError) in try ConversionJob(self) }
        try job.run()
    }
}
