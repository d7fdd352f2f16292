import ArgumentParser
import TensorMedia

/// One call of `convert`: options checked, inputs not looked at yet.
struct ConversionJob {
    private let command: Convert
    private let settings: ConversionSettings
    private let rules: ConversionRules

    init(_ command: Convert) throws(MediaError) {
        var settings = ConversionSettings()
        try command.reading.apply(to: &settings)
        try command.writing.apply(to: &settings)
        if command.writing.format == nil, let type = command.output.fileType { settings.fileType = type }
        self.command = command
        self.settings = settings
        rules = try command.reading.readRules()
    }

    func run() throws {
        var failures: [String] = []
        let inputs = findInputs(&failures)
        if command.output == "-" || command.output.fileType != nil {
            try runSingle(inputs, &failures)
        } else {
            try runFolder(inputs, &failures)
        }
        for failure in failures { Console.note("error: \(failure)") }
        if !failures.isEmpty { throw ExitStatus.inputFailed }
    }

    private func findInputs(_ failures: inout [String]) -> [ConversionInput] {
        let finder = InputFinder { [rules] path in rules.giveRawForm(path) }
        var inputs: [ConversionInput] = []
        for argument in command.inputs {
            do throws(MediaError) {
                inputs += try finder.find(argument)
            } catch {
                failures.append(error.description)
            }
        }
        return inputs
    }

    // MARK: A folder of pictures

    private func runFolder(_ inputs: [ConversionInput], _ failures: inout [String]) throws {
        let converter = Converter(
            folder: command.output, settings: settings, rules: rules, overwrites: !command.noOverwrite)
        var pictures = 0
        var failedInputs = failures.count
        func take(_ outcome: ConversionOutcome) throws(ExitCode) {
            pictures += outcome.outputs.count
            if !outcome.failures.isEmpty { failedInputs += 1 }
            failures += outcome.failures.map(\.error.description)
            guard !command.quiet else { return }
            for finding in outcome.findings { Console.note("warning: \(outcome.input.name): \(finding)") }
            for output in outcome.outputs {
                try Console.result(line(outcome.input, output))
                for finding in output.report.allFindings {
                    Console.note("warning: \(outcome.input.name): \(finding)")
                }
            }
        }
        if command.dryRun {
            for outcome in converter.plan(inputs) { try take(outcome) }
        } else {
            try write { (exit) throws(MediaError) in
                try converter.run(
                    inputs, pool: WorkerPool(threadCount: command.jobs), cancellation: interruption
                ) { (outcome) throws(MediaError) in
                    do throws(ExitCode) {
                        try take(outcome)
                    } catch {
                        exit = error
                        throw MediaError(.cancelled, "standard output is closed")
                    }
                }
            }
        }
        guard !command.quiet else { return }
        let verb = command.dryRun ? "would be written" : "written"
        let failed = failedInputs == 0 ? "" : ", \(failedInputs) failed"
        try Console.result(
            "\(count(pictures, "picture")) \(verb) to \(command.output) from \(count(inputs.count, "input"))\(failed)")
    }

    private func line(_ input: ConversionInput, _ output: ConversionOutcome.Output) -> String {
        let source = output.member.map { "\(input.path):\($0)" } ?? input.path
        let target = command.output == "-" ? "standard output" : command.output.joinedPath(output.path)
        let size = command.dryRun ? "" : ", \(bytes(output.report.byteCount))"
        return "\(source) → \(target): \(output.summary)\(size)"
    }

    // MARK: A single picture

    private func runSingle(_ inputs: [ConversionInput], _ failures: inout [String]) throws {
        guard inputs.count <= 1 else {
            Console.note("error: \(inputs.count) inputs do not fit one output; give a folder with --output")
            throw ExitStatus.usage
        }
        guard let input = inputs.first else { return }
        let converter = Converter(folder: ".", settings: settings, rules: rules, overwrites: !command.noOverwrite)
        if command.dryRun {
            for outcome in converter.plan([input]) {
                failures += outcome.failures.map(\.error.description)
                for output in outcome.outputs { try Console.result(line(input, output)) }
            }
            return
        }
        var outcome: ConversionOutcome?
        try write { (_) throws(MediaError) in
            outcome = try converter.convertOne(input, to: command.output, pool: WorkerPool(threadCount: command.jobs))
        }
        guard let outcome else { return }
        failures += outcome.failures.map(\.error.description)
        guard !command.quiet else { return }
        for output in outcome.outputs {
            // Standard output may be the picture itself.
            if command.output == "-" {
                Console.note(line(input, output))
            } else {
                try Console.result(line(input, output))
            }
            for finding in output.report.allFindings { Console.note("warning: \(input.name): \(finding)") }
        }
    }

    /// Calls `body` and turns failures of the output as a whole into exit statuses.
    private func write(_ body: (inout ExitCode?) throws(MediaError) -> Void) throws {
        var exit: ExitCode?
        do throws(MediaError) {
            try body(&exit)
        } catch {
            if let exit { throw exit }
            if error.code == .cancelled {
                Console.note("interrupted; everything that was finished is in place")
                throw ExitStatus.interrupted
            }
            Console.note("error: \(error)")
            switch error.code {
            case .writeFailed: throw ExitStatus.cannotCreate
            default: throw ExitStatus.writeFailed
            }
        }
    }
}

private func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

/// A size for people: three digits and a unit of 1000.
func bytes(_ count: Int) -> String {
    guard count >= 1000 else { return "\(count) B" }
    var value = Double(count)
    var unit = 0
    let units = ["B", "kB", "MB", "GB", "TB"]
    while value >= 999.5, unit < units.count - 1 {
        value /= 1000
        unit += 1
    }
    let tenths = Int(value * 10 + 0.5)
    return (value < 99.5 ? "\(tenths / 10).\(tenths % 10)" : "\(Int(value + 0.5))") + " " + units[unit]
}

extension String {
    /// The kind of picture file that a name stands for, when it ends like one.
    fileprivate var fileType: ImageFileType? {
        guard let dot = lastIndex(of: "."), !hasSuffix("/") else { return nil }
        return ImageFileType(rawValue: self[index(after: dot)...].lowercased())
    }

    fileprivate func joinedPath(_ name: String) -> String { hasSuffix("/") ? self + name : self + "/" + name }
}
