import ArgumentParser
import TensorMedia

/// `tensor-media validate`.
struct Validate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Say what is wrong with masks, boxes and data sets.",
        discussion: """
            Each finding is a line, file: path: message; hint, and the last line counts.

            Exit status: 0 without errors, 1 with some (with --strict for warnings too), 64 for wrong usage, 65 when there is \
            nothing that can be read.
            """,
        subcommands: [ValidateMasks.self, ValidateBoxes.self, ValidateDataSet.self])
}

/// How findings are printed, the same for everything that is validated.
struct FindingOptions: ParsableArguments {
    @Flag(help: "Print JSON: an object per line and finding, then one with the counts.")
    var json = false
    @Flag(help: "Let warnings end with status 1 too.")
    var strict = false
    @Flag(name: [.short, .long], help: "Print the counts alone.")
    var quiet = false
}

/// Prints findings, and knows how they end.
struct FindingPrinter {
    /// Whether findings are JSON, and whether warnings count.
    var json = false, strict = false
    /// Which findings are printed; `nil` for all.
    var severities: Set<Finding.Severity>?

    init(strict: Bool, severities: Set<Finding.Severity>? = nil) {
        self.strict = strict
        self.severities = severities
    }

    init(_ options: FindingOptions) {
        json = options.json
        strict = options.strict
        severities = options.quiet ? [] : nil
    }

    /// Prints the findings of a file.
    func show(_ report: ValidationReport, of file: String) throws {
        for finding in report.findings where severities?.contains(finding.severity) ?? true {
            let finding = finding.onCommandLine
            if json {
                var object = JSONObject([("file", .string(file))])
                for member in finding.json.object?.members ?? [] { object[member.name] = member.value }
                try Console.result(try JSONWriter.string(.object(object)))
            } else {
                try Console.result(file + ": " + Self.line(finding))
            }
        }
        let omitted = report.count - report.findings.count
        if omitted > 0, !json, severities == nil { try Console.result("\(file): \(count(omitted, "finding")) more") }
    }

    /// `path: message; hint`, with a word in front of the message where it is a warning.
    private static func line(_ finding: Finding) -> String {
        guard finding.severity == .warning else { return finding.description }
        var finding = finding
        finding.message = "warning: " + finding.message
        return finding.description
    }

    /// The exit status for so many findings.
    ///
    /// - Throws: status 1 when there are errors, or warnings that count.
    func end(errors: Int, warnings: Int) throws {
        if errors > 0 || (strict && warnings > 0) { throw ExitStatus.inputFailed }
    }
}
