import ArgumentParser
import TensorMedia

/// What a run says while it goes on, and at its end.
struct RunReport {
    private let command: Convert
    private let display: ProgressDisplay
    private let shown: PictureDisplay?
    /// How many pictures were written.
    private(set) var pictures = 0
    /// Outputs of an earlier run that were left as they are.
    private var kept = 0
    private var failedInputs: Int
    private var failures: [MediaError]
    /// What ended the run early.
    var end: MediaError?

    /// - Parameters:
    ///   - command: the call.
    ///   - failures: what could not be found.
    ///   - display: what shows how far the run is.
    ///   - pictures: what shows pictures that were written.
    init(_ command: Convert, failures: [MediaError], display: ProgressDisplay, pictures: PictureDisplay?) {
        shown = pictures
        self.command = command
        self.display = display
        self.failures = failures
        failedInputs = failures.count
    }

    /// Says what became of an input; failures are kept for the end.
    mutating func take(_ outcome: ConversionOutcome) throws(ExitCode) {
        display.take(outcome)
        pictures += outcome.outputs.count
        kept += outcome.keptOutputs
        if !outcome.failures.isEmpty { failedInputs += 1 }
        failures += outcome.failures.map(\.error)
        if command.quiet {
            for output in outcome.outputs { try show(output) }
            return
        }
        for output in outcome.outputs {
            let line = line(outcome.input, output)
            // Standard output may be the picture itself.
            if command.output == "-", !command.dryRun { Console.note(line) } else { try Console.result(line) }
            try show(output)
        }
        for note in outcome.notes { Console.warning("\(note.name): \(note.finding)") }
    }

    /// Shows a picture as it was written: what is in the file is what there is to see.
    private func show(_ output: ConversionOutcome.Output) throws(ExitCode) {
        guard let shown, !command.dryRun else { return }
        let isAlone = output.path == command.output
        let path = isAlone ? output.path : command.output.appendingPath(output.path)
        do throws(MediaError) {
            let picture = try ImageFile.decode(path: path)
            try shown.show(picture, isAlone: isAlone)
        } catch {
            Console.warning("not shown: \(error)")
        }
    }

    private func line(_ input: ConversionInput, _ output: ConversionOutcome.Output) -> String {
        let target =
            switch command.output {
            case "-": "standard output"
            case output.path: output.path
            default: command.output.hasSuffix("/") ? command.output + output.path : command.output + "/" + output.path
            }
        let size = command.dryRun ? "" : ", \(bytes(output.report.byteCount))"
        return "\(input.name(ofMember: output.member ?? input.member)) → \(target): \(output.summary)\(size)"
    }

    /// Lists the failures and throws the exit status that stands for them.
    func finish(inputs: Int, printsSummary: Bool) throws {
        if printsSummary, !command.quiet, inputs > 0, end == nil || pictures > 0 { try Console.result(summary(inputs)) }
        for failure in failures { Console.error(failure.description) }
        if failures.count > 1 {
            Console.note("\(count(failures.count, "failure")) in \(count(failedInputs, "input"))")
        }
        if let end, end.code == .cancelled {
            Console.note("interrupted; what was finished is in place")
            throw Interruption.status
        }
        if let end {
            // It is among the failures when an input met it.
            if !failures.contains(where: { $0.code == end.code }) { Console.error(end.description) }
            throw ExitStatus.of(end)
        }
        guard let first = failures.first else { return }
        let isAboutOutput = failures.allSatisfy { $0.code == .createFailed || $0.code == .writeFailed }
        throw pictures == 0 && isAboutOutput ? ExitStatus.of(first) : ExitStatus.inputFailed
    }

    private func summary(_ inputs: Int) -> String {
        let verb = command.dryRun ? "would be written" : "written"
        let failed = failedInputs == 0 ? "" : ", \(failedInputs) failed"
        let earlier = kept == 0 ? "" : ", \(kept) kept from an earlier run"
        return
            "\(count(pictures, "picture")) \(verb) to \(command.output) from \(count(inputs, "input"))\(earlier)\(failed)"
    }
}
