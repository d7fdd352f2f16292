import ArgumentParser
import TensorMedia

/// `tensor-media inspect`.
struct Inspect: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what is in tensor and picture files, and how they would be read.",
        discussion: """
            For every tensor: type, shape, order, range of values, values that are not finite, a small histogram, and the \
            layout and value mapping that convert would use, with the reason.
            """)

    @Argument(
        help: ArgumentHelp(
            "Files, folders, patterns, members of archives, or - for standard input.", valueName: "file"),
        completion: .file())
    var files: [String] = []

    @OptionGroup(title: "How to read a tensor") var reading: ReadingOptions

    @Flag(help: "Print JSON, one object per line and tensor.")
    var json = false

    func validate() throws {
        guard !files.isEmpty else { throw ValidationError("Nothing to inspect: name files, or - for standard input.") }
    }

    func run() throws {
        catchInterruptions()
        let settings = try usage { () throws(MediaError) in
            var settings = ConversionSettings()
            try reading.apply(to: &settings)
            return settings
        }
        let rules = try usage { () throws(MediaError) in try reading.readRules() }
        let inspector = FileInspector(settings: settings, rules: rules)
        let finder = InputFinder { path in rules.giveRawForm(path) }
        var hasFailed = false
        for file in files {
            do throws(MediaError) {
                for input in try finder.find(file) {
                    if interruption.isCancelled { throw MediaError(.cancelled, "interrupted") }
                    hasFailed = try !show(inspector.inspect(input), of: input) || hasFailed
                }
            } catch {
                if error.code == .cancelled { throw ExitStatus.interrupted }
                Console.note("error: \(error)")
                hasFailed = true
            }
        }
        if hasFailed { throw ExitStatus.inputFailed }
    }

    /// Prints what was found; `false` when something could not be read.
    private func show(_ inspection: FileInspection, of input: ConversionInput) throws(MediaError) -> Bool {
        for failure in inspection.failures { Console.note("error: \(failure)") }
        do {
            if json {
                for object in inspection.json(file: input.name) { try Console.result(try JSONWriter.string(object)) }
            } else {
                for line in inspection.lines(file: input.name) { try Console.result(line) }
            }
        } catch {
            throw error as? MediaError ?? MediaError(.cancelled, "standard output is closed")
        }
        return inspection.failures.isEmpty
    }
}
