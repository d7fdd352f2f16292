import ArgumentParser
import TensorMedia

/// `tensor-media convert`.
struct Convert: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert",
        abstract: "Convert tensor files to pictures, clips and sounds.",
        usage: "tensor-media convert [<options>] <input> ... (--output <dir> | --bundle <tar>)",
        discussion: """
            Inputs are files (.npy, .npz, .safetensors, .pt), folders with all below them, patterns, members of archives \
            (scene.npz:depth), shards of WebDataset (.tar; shard.tar:00012.npy, 'shard.tar:*.depth.npy'), or - for \
            standard input; picture files are encoded again. Outputs keep the relative \
            folders; what lies where they go is left out of other folders; pictures of a batch get _000000 and so on. One failing input does not stop the others; all failures \
            are listed at the end.

            -o out.tar writes a shard of WebDataset. Members of shards keep their own paths there (00012.depth.npy becomes \
            00012.depth.png), without the shard's name, in their order, and what is not converted (json, cls, txt) goes \
            along with its sample; what one file is several pictures of is told apart behind a dot (00012.maps.flow.png, \
            00012.000003.png), so that keys stay. Several shards must not share keys. Files of folders have the path that they would \
            have in a folder. -o 'out-%06d.tar' writes as many shards as --shard-samples asks for. --bundle out.tar \
            writes each distinct file once, named by its SHA-256, and a manifest beside it. Archives appear whole or \
            not at all; of several, those that are whole stay when the run fails or is interrupted, which the last line and the \
            summary then say, and there is no manifest.

            --as video, or --format gif, makes a clip of each tensor. Axes of clips are never guessed: they are tcwh (frames, \
            channels, columns, rows) unless --layout says tchw (PyTorch), thwc (NumPy) or another; a batch (ntchw) is tiled, \
            or laid out by --grid. A caption may have {frame} and {time}. A folder is a batch of such tensors; with --frames it \
            is one clip, of a picture or a tensor per frame (frame2.png before frame10.png).

            --as audio, or --format wav, makes a sound of each tensor, at the --rate that is given: samples, or samples × channels \
            (tc); channels × samples (ct) where the shape leaves no doubt. Floats are within −1…1, integers fill their type.

            Rule files hold a pattern and settings per line. A rule goes before the options given here, a later rule before \
            an earlier one:
              depth/*.npy      as=log-depth colormap=magma
              *_mask.npy       as=labels
              scene.npz:flow   as=flow

            Masks and boxes that lie beside an input are drawn on its pictures: x.mask.npy (or .png) and x.boxes.json beside x.npy, \
            with the name of a group between where there are several: x.truth.mask.npy.

            Each line of output names the input, the file made of it, the shape and type, the kind and axis order, the \
            size and pixels, and the values shown as black and white; "inferred" stands behind what nobody stated.
            """)

    @Argument(help: ArgumentHelp("What to convert.", valueName: "input"), completion: .file())
    var inputs: [String] = []

    @Option(
        name: [.short, .customLong("output")],
        help: ArgumentHelp(
            "The folder to write to; a .tar for a shard; a file name for a single picture; - for standard output.",
            valueName: "dir"),
        completion: .directory)
    var outputPath: String?
    @Option(
        help: ArgumentHelp("Write all files into one tar archive by content, instead of --output.", valueName: "tar"),
        completion: .file(extensions: ["tar"]))
    var bundle: String?

    /// Where the outputs go: `--output` or `--bundle`.
    var output: String { outputPath ?? bundle ?? "" }

    @OptionGroup(title: "How to read a tensor") var reading: ReadingOptions
    @OptionGroup(title: "What to write") var writing: WritingOptions

    @OptionGroup(title: "Clips") var clips: ClipArguments
    @OptionGroup(title: "Sounds") var sounds: SoundArguments

    @OptionGroup(title: "Masks and boxes beside an input") var annotations: AnnotationOptions
    @Flag(help: "Take masks and boxes beside an input for inputs of their own, and draw nothing on it.")
    var noAnnotations = false

    @OptionGroup(title: "Large batches") var batch: BatchArguments

    @Flag(help: "Also take picture files from folders.")
    var pictures = false
    @Flag(name: .customLong("sounds"), help: "Also take sound files from folders.")
    var soundFiles = false
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
        guard outputPath != nil || bundle != nil else {
            throw ValidationError("Missing expected argument '--output <dir>'")
        }
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
