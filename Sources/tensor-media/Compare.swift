import ArgumentParser
import TensorMedia

/// `tensor-media compare`.
struct Compare: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Measure how far two pictures or tensors are apart.",
        discussion: """
            Each of the two is a picture (PNG, JPEG), a tensor file, a member of an archive (scene.npz:depth), or - for \
            standard input; two folders are compared file by file, by name. Archives are compared tensor by tensor, by name. Tensors are compared by their values and, where \
            they are pictures, as pictures; two of one type by the value range of the first.

            Reported are PSNR, SSIM (Gaussian window of 11×11, σ 1.5), ΔE (CIEDE2000), the differences of samples and the \
            first pixel with the largest. Gray is compared with colour, 8 bits with 16, an opaque picture with one of some \
            opacity; what was converted is said, and --strict makes it an error. Pictures of different sizes are an error.

            Exit status: 0 when the thresholds are met or none is given, 1 when one is not, 64 for wrong usage, 65 when the \
            two cannot be read or compared.
            """)

    @Argument(help: ArgumentHelp("A picture or a tensor.", valueName: "a"), completion: .file())
    var first: String
    @Argument(help: ArgumentHelp("What it is compared with.", valueName: "b"), completion: .file())
    var second: String

    @Option(help: ArgumentHelp("The least PSNR, in decibels.", valueName: "dB"))
    var minPsnr: Double?
    @Option(help: ArgumentHelp("The least SSIM, −1 to 1.", valueName: "n"))
    var minSsim: Double?
    @Option(help: ArgumentHelp("The largest colour difference of two pixels.", valueName: "n"))
    var maxDeltaE: Double?
    @Option(
        help: ArgumentHelp(
            "The largest difference: of the values of tensors, of the samples of pictures (0 to 255, or to 65535).",
            valueName: "n"))
    var maxDifference: Double?

    @Option(
        help: ArgumentHelp("Write the difference as a picture, black where nothing differs.", valueName: "file"),
        completion: .file())
    var difference: String?
    @Option(
        help: ArgumentHelp(
            "What differences are multiplied with in that picture; the largest whole number that clips nothing if not given.",
            valueName: "n"))
    var amplify: Int?

    @OptionGroup(title: "How to read a tensor") var reading: ReadingOptions

    @Option(
        name: [.short, .long],
        help: ArgumentHelp("How many threads, 1 to 1024; all processors if not given.", valueName: "n"))
    var jobs: Int?
    @Flag(help: "Print JSON, one object per line and pair.")
    var json = false
    @OptionGroup var showing: ShowOptions
    @Flag(name: [.short, .long], help: "Print nothing but failures.")
    var quiet = false

    func validate() throws {
        if first == "-", second == "-" { throw ValidationError("Standard input can be one of the two only.") }
        if let jobs, !(1...1024).contains(jobs) { throw ValidationError("--jobs is a whole number from 1 to 1024.") }
        if let amplify, amplify < 1 { throw ValidationError("--amplify is a whole number from 1.") }
        for (name, value) in [
            ("--min-psnr", minPsnr), ("--min-ssim", minSsim), ("--max-delta-e", maxDeltaE),
            ("--max-difference", maxDifference),
        ] {
            guard let value else { continue }
            guard !value.isNaN else { throw ValidationError("\(name) is a number.") }
            if name.hasPrefix("--max"), value < 0 { throw ValidationError("\(name) is 0 or more.") }
        }
        if let difference, ImageFileType(pathOf: difference) == nil {
            throw ValidationError("--difference ends in .png, .jpg or .bmp.")
        }
    }

    func run() throws {
        Interruption.listen()
        var job = try ComparisonJob(self)
        try job.run()
    }
}
