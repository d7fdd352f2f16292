import ArgumentParser
import TensorMedia

/// What a run says while it goes on, and at its end.
struct RunReport {
    /// What of a call decides about what is said.
    struct Call {
        /// Where the outputs go; `-` is standard output.
        var output: String
        /// Whether nothing but failures is said.
        var quiet: Bool
        /// Whether nothing is written.
        var dryRun = false
    }

    private let command: Call
    private let display: ProgressDisplay
    private let shown: PictureDisplay?
    /// Whether the output is a file rather than a place for files.
    private let isSingle: Bool
    /// The file that the outputs go into, or the shards.
    private let archive: ArchiveOutput?
    /// The archives that are in place.
    private var written: [WrittenArchive] = []
    /// How many pictures were written, into archives that are not in place too.
    private var pictures = 0
    /// How many of those are clips.
    private var clips = 0
    /// How many are sounds.
    private var sounds = 0
    /// Outputs of an earlier run that were left as they are.
    private var kept = 0
    private var failedInputs: Int
    private var failures: [MediaError]
    /// What ended the run early.
    var end: MediaError?

    /// - Parameters:
    ///   - command: the call.
    ///   - target: what the output stands for.
    ///   - failures: what could not be found.
    ///   - display: what shows how far the run is.
    ///   - pictures: what shows pictures that were written.
    init(
        _ command: Call, _ target: OutputTarget, failures: [MediaError], display: ProgressDisplay,
        pictures: PictureDisplay?
    ) {
        shown = pictures
        isSingle = target.isSingle
        archive = if case .archive(let archive) = target { archive } else { nil }
        self.command = command
        self.display = display
        self.failures = failures
        failedInputs = failures.count
    }

    /// Says what was noticed while inputs were looked for.
    func tell(_ found: InputFinder.Result, leavesOut: Bool) {
        guard !command.quiet else { return }
        for note in found.notes { Console.warning("\(note.name): \(note.finding.onCommandLine)") }
        if leavesOut { for rest in found.leftOut { Console.note("\(rest.text) left out") } }
    }

    /// Says what became of an input; failures are kept for the end.
    mutating func take(_ outcome: ConversionOutcome) throws(ExitCode) {
        if outcome.input.isCompanion {
            failures += outcome.failures.map(\.error)
            if !outcome.failures.isEmpty { failedInputs += 1 }
            return
        }
        display.take(outcome)
        pictures += outcome.outputs.count
        clips += outcome.outputs.count { $0.clip != nil }
        sounds += outcome.outputs.count { $0.sound != nil }
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
        for note in outcome.notes { Console.warning("\(note.name): \(note.finding.onCommandLine)") }
    }

    /// Notes an archive that is in place.
    mutating func take(_ archive: WrittenArchive) {
        display.take(archive)
        written.append(archive)
    }

    /// How many pictures can be found: of an archive that is not complete, none.
    var picturesInPlace: Int {
        archive == nil || command.dryRun ? pictures : written.reduce(0) { $0 + $1.outputs }
    }

    /// Shows a picture as it was written: what is in the file is what there is to see.
    private func show(_ output: ConversionOutcome.Output) throws(ExitCode) {
        // Terminals show pictures; the poster of a clip is one.
        guard let shown, !command.dryRun, output.clip == nil, output.sound == nil else { return }
        let isAlone = isSingle
        let path = isAlone ? output.path : command.output.appendingPath(output.path)
        do throws(MediaError) {
            let picture =
                if let bytes = output.bytes {
                    try ImageFile.decode(FileContents(bytes: bytes, name: output.path))
                } else {
                    try ImageFile.decode(path: path)
                }
            try shown.show(picture, isAlone: isAlone)
        } catch {
            Console.warning("not shown: \(error)")
        }
    }

    private func line(_ input: ConversionInput, _ output: ConversionOutcome.Output) -> String {
        let target =
            switch command.output {
            case "-": "standard output"
            case _ where isSingle: command.dryRun ? command.output : output.path
            case _ where archive != nil: archiveName(output)
            default: command.output.hasSuffix("/") ? command.output + output.path : command.output + "/" + output.path
            }
        let size = command.dryRun ? "" : ", \(bytes(output.report.byteCount))"
        return "\(input.name(ofMember: output.member ?? input.member)) → \(target): \(output.summary)\(size)"
    }

    /// Lists the failures and throws the exit status that stands for them.
    func finish(inputs: Int, printsSummary: Bool) throws {
        if printsSummary, !command.quiet, inputs > 0, end == nil || picturesInPlace > 0 {
            try Console.result(summary(inputs))
        }
        if end == nil, !command.quiet { warnOfEarlierShards() }
        for failure in failures { Console.failure(failure) }
        if failures.count > 1 {
            Console.note("\(count(failures.count, "failure")) in \(count(failedInputs, "input"))")
        }
        if let end, end.code == .cancelled {
            Console.note("interrupted; \(remains)")
            throw Interruption.status
        }
        if let end {
            // It is among the failures when an input met it.
            if !failures.contains(where: { $0.code == end.code }) { Console.error(end.description) }
            if archive?.isNumbered == true || !written.isEmpty { Console.note(remains) }
            throw ExitStatus.of(end)
        }
        guard let first = failures.first else { return }
        let isAboutOutput = failures.allSatisfy { $0.code == .createFailed || $0.code == .writeFailed }
        throw pictures == 0 && isAboutOutput ? ExitStatus.of(first) : ExitStatus.inputFailed
    }

    /// What there is of a run that ended early.
    private var remains: String {
        guard let archive else { return "what was finished is in place" }
        guard let first = written.first, let last = written.last else {
            return archive.isNumbered ? "no archive is written" : "the archive is not written"
        }
        let names = written.count == 1 ? "\(first.path) is" : "\(first.path) to \(last.path) are"
        // Nothing else: no part of the next archive, and no manifest.
        return "\(names) whole, nothing else is written"
    }

    /// Whoever reads the shards by a pattern would read one of an earlier run, which had more of them, too.
    private func warnOfEarlierShards() {
        guard let archive, archive.isNumbered, !written.isEmpty else { return }
        let next = archive.path(of: written.count)
        guard (try? FileSystem.status(of: next)) != nil else { return }
        Console.warning("\(next) is not of this run, which ends with \(archive.path(of: written.count - 1))")
    }

    /// `out.tar:00012.png`, with the number of the shard where there are several.
    private func archiveName(_ output: ConversionOutcome.Output) -> String {
        guard let place = output.archivePlace else { return command.output + ":" + output.path }
        let folder = command.output.splitPath.folder
        return folder.appendingPath(place.archive) + ":" + place.name
    }

    /// What the outputs are called.
    private var noun: String {
        if clips + sounds == 0 { return "picture" }
        return clips == pictures ? "clip" : sounds == pictures ? "sound" : "file"
    }

    private func summary(_ inputs: Int) -> String {
        let verb = command.dryRun ? "would be written" : "written"
        let failed = failedInputs == 0 ? "" : ", \(failedInputs) failed"
        let companions = written.reduce(0) { $0 + $1.companions }
        let copied = companions == 0 ? "" : ", \(count(companions, "other file")) copied"
        let earlier = kept == 0 ? "" : ", \(kept) kept from an earlier run"
        return
            "\(count(picturesInPlace, noun)) \(verb) to \(command.output) from \(count(inputs, "input"))\(copied)\(earlier)\(failed)"
    }
}

extension InputFinder.Result.LeftOut {
    /// `shard.tar: 30 files that are no tensors (15 cls, 15 json)`, the most frequent endings first.
    var text: String {
        let all = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        let kinds = all.prefix(4).map { "\($0.value) \($0.key.isEmpty ? "without ending" : $0.key)" }
        let total = counts.values.reduce(0, +)
        return
            "\(name): \(count(total, "file")) that \(total == 1 ? "is no tensor" : "are no tensors") (\(kinds.joined(separator: ", "))\(all.count > 4 ? ", …" : ""))"
    }
}
