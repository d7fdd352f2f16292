import ArgumentParser
import TensorMedia

/// `tensor-media inspect`.
struct Inspect: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Show what is in tensor and picture files, and how they would be read.",
        discussion: """
            For every tensor: type, shape, order, range of values, values that are not finite, a small histogram, and the \
            layout and value mapping that convert would use, with the reason. With --as video: frames, rate, duration, how many \
            colours, and whether a GIF shows them exactly. With --as audio: channels, \
            duration, the loudest number, and what a file would lose.
            """)

    @Argument(
        help: ArgumentHelp(
            "Files, folders, patterns, members of archives, or - for standard input.", valueName: "file"),
        completion: .file())
    var files: [String] = []

    @OptionGroup(title: "How to read a tensor") var reading: ReadingOptions
    @OptionGroup(title: "Sounds") var rate: RateOption

    @Flag(help: "Print JSON, one object per line and tensor.")
    var json = false
    @OptionGroup var showing: ShowOptions

    func validate() throws {
        guard !files.isEmpty else { throw ValidationError("Nothing to inspect: name files, or - for standard input.") }
    }

    func run() throws {
        Interruption.listen()
        let display = try usage { () throws(MediaError) in try PictureDisplay(showing, shares: json ? "--json" : nil) }
        let (settings, rules) = try usage { () throws(MediaError) in
            var settings = ConversionSettings()
            try reading.apply(to: &settings)
            try rate.apply(to: &settings)
            return (settings, try reading.readRules())
        }
        var inspector = FileInspector(settings: settings, rules: rules)
        inspector.pool = WorkerPool()
        if let display { inspector.previewer = { picture in try? display.text(of: picture, isAlone: false) } }
        var finder = InputFinder(takesPictures: true) { path in rules.giveRawForm(path) }
        finder.takesSounds = true
        let found = finder.find(files)
        var failures = found.failures
        for note in found.notes { Console.warning("\(note.name): \(note.finding)") }
        for rest in found.leftOut { Console.note("\(rest.text) left out") }
        for input in found.inputs {
            let inspection = inspector.inspect(input, cancellation: Interruption.flag)
            if Interruption.flag.isCancelled { throw Interruption.status }
            failures += inspection.failures
            try show(inspection, of: input)
        }
        for failure in failures { Console.error(failure.description) }
        if !failures.isEmpty { throw ExitStatus.inputFailed }
    }

    private func show(_ inspection: FileInspection, of input: ConversionInput) throws {
        if json {
            let file = input.path == "-" ? input.name : input.name(ofMember: nil)
            for object in inspection.json(file: file) { try Console.result(try JSONWriter.string(object)) }
        } else {
            for part in inspection.parts {
                for line in part.lines(file: input.name) { try Console.result(line) }
                if let preview = part.preview { Console.picture(preview) }
            }
        }
    }
}
