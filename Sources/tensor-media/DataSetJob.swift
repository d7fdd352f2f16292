import ArgumentParser
import TensorMedia

/// One call of `overlay` for a data set: options checked, files not looked at yet.
struct DataSetJob {
    private let path: String
    private let output: String
    private let format: DataSetFormat?
    private let options: DataSetOptions
    private let conversion: DataSetConversion
    private let target: OutputTarget
    private let pool: WorkerPool
    private let quiet: Bool
    private let printer: FindingPrinter

    /// Checks the options.
    ///
    /// - Throws: `argument.invalid`, naming the option; what reading the labels throws.
    init(_ command: Overlay) throws(MediaError) {
        let arguments = command.dataSet
        var writing = command.writing
        var format = arguments.datasetFormat.flatMap(DataSetFormat.init)
        // Kinds of data sets and of pictures share no name: 'validate dataset' has --format for the former.
        if let kind = writing.format.flatMap(DataSetFormat.init) {
            format = format ?? kind
            writing.format = nil
        }
        var settings = ConversionSettings()
        try command.reading.apply(to: &settings)
        try writing.apply(to: &settings)
        try command.annotations.apply(to: &settings.annotations)
        target = try OutputTarget(command.output)
        guard target == .folder else {
            throw MediaError(
                .argumentInvalid, "the pictures of a data set go into a folder, \(command.output) is none",
                hint: "name a folder, or give masks and boxes of one picture with --mask and --boxes",
                at: .init(field: "--output"))
        }
        var options = DataSetOptions()
        arguments.reading.apply(to: &options)
        options.limits = settings.limits
        var conversion = DataSetConversion(
            folder: command.output, settings: settings, overwrites: !arguments.noOverwrite)
        conversion.limit = arguments.limit
        conversion.isAnnotatedOnly = arguments.annotatedOnly
        if let labels = command.labels { conversion.labels = try ClassLabels.open(labels, limits: settings.limits) }
        path = command.image
        output = command.output
        self.format = format
        self.options = options
        self.conversion = conversion
        pool = WorkerPool(threadCount: arguments.jobs)
        quiet = command.quiet
        printer = FindingPrinter(strict: command.reading.strict, severities: command.quiet ? [.error] : nil)
    }

    /// Draws, prints, and throws the exit status unless all went well.
    func run() throws {
        let set: AnnotatedDataSet
        do {
            set = try AnnotatedDataSet.open(path, format: format, options: options)
        } catch {
            Console.error(error.inFile(path).onCommandLine.description)
            throw ExitStatus.cannotCompare
        }
        var report = RunReport(
            .init(output: output, quiet: quiet), target, failures: [], display: ProgressDisplay(.none, total: 0),
            pictures: nil)
        var counts = DataSetCounts()
        var exit: ExitCode?
        do throws(MediaError) {
            let missing = try conversion.run(set, pool: pool, cancellation: Interruption.flag) {
                (outcome) throws(MediaError) in
                counts.add(outcome)
                do {
                    try show(outcome, &report)
                } catch {
                    exit = error as? ExitCode
                    throw MediaError(.cancelled, "standard output is gone")
                }
            }
            if !quiet { for finding in missing { Console.warning("\(path): \(finding)") } }
            counts.warnings += missing.count
        } catch {
            if let exit { throw exit }
            guard error.code != .fileUnreadable else {
                Console.error(error.onCommandLine.description)
                throw ExitStatus.cannotCompare
            }
            report.end = error
        }
        if !quiet, report.end == nil || counts.written > 0 {
            try Console.result(counts.line(format: set.format, folder: output))
        }
        try report.finish(inputs: counts.summary.imageCount, printsSummary: false)
        try printer.end(errors: counts.summary.errorCount, warnings: counts.summary.warningCount + counts.warnings)
    }

    private func show(_ outcome: DataSetConversion.Outcome, _ report: inout RunReport) throws {
        switch outcome.step {
        case .image(let image): try printer.show(image.report, of: image.file)
        case .file(let file): try printer.show(file.report, of: file.file)
        }
        if let conversion = outcome.conversion { try report.take(conversion) }
    }
}

/// What a run over a data set came to.
private struct DataSetCounts {
    var summary = DataSetSummary()
    var written = 0, failed = 0
    /// What was noticed while pictures were drawn.
    var warnings = 0

    mutating func add(_ outcome: DataSetConversion.Outcome) {
        summary.add(outcome.step)
        if case .image(let image) = outcome.step, !image.fitsPicture { failed += 1 }
        guard let conversion = outcome.conversion else { return }
        written += conversion.outputs.count
        failed += conversion.failures.isEmpty ? 0 : 1
        warnings += conversion.notes.count
    }

    /// The counts for people.
    func line(format: DataSetFormat, folder: String) -> String {
        let missing = summary.imageCount - summary.pictureCount
        return "\(format.title): \(written) of \(count(summary.imageCount, "picture")) written to \(folder), "
            + summary.findings(furtherWarnings: warnings) + (missing > 0 ? ", \(missing) missing" : "")
            + (failed > 0 ? ", \(failed) failed" : "")
    }
}
