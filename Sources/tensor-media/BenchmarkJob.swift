import ArgumentParser
import TensorMedia

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// One call of `bench`: options checked, inputs not looked at yet.
struct BenchmarkJob {
    private let command: Bench
    private let benchmark: Benchmark

    /// Checks the options.
    ///
    /// - Throws: `argument.invalid`, naming the option; what reading the rule file throws.
    init(_ command: Bench) throws(MediaError) {
        var settings = ConversionSettings()
        try command.reading.apply(to: &settings)
        if let quality = command.quality { try settings.setOption("quality", to: quality) }
        var options = BenchmarkOptions()
        if let format = command.format { options.formats = try Self.list("--format", format) }
        if let presets = command.presets { options.presets = try Self.list("--presets", presets) }
        if let levels = command.levels {
            options.levels = try Self.list("--levels", levels, among: CPULevel.available)
        }
        options.rounds = command.rounds
        options.seconds = command.seconds
        options.sample = command.sample
        options.measuresRivals = !command.noRivals
        options.python = command.python
        options.answerSeconds = command.pythonSeconds
        if let python = command.python, options.programPath == nil {
            throw MediaError(
                .argumentInvalid, "\"\(python)\" is no program", hint: "leave it out for the python3 in PATH",
                at: .init(field: "--python"))
        }
        benchmark = Benchmark(settings: settings, rules: try command.reading.readRules(), options: options)
        self.command = command
    }

    /// Measures, prints, and throws the exit status unless all went well.
    func run() throws {
        let finder = InputFinder(takesPictures: command.pictures) { [benchmark] path in
            benchmark.settings.raw != nil || benchmark.rules.giveRawForm(path)
        }
        let found = finder.find(command.inputs)
        var report: BenchmarkReport?
        if !found.inputs.isEmpty { report = try measure(found.inputs) }
        if let report {
            if command.json {
                try Console.result(try JSONWriter.string(report.json))
            } else {
                for line in report.lines { try Console.result(line) }
            }
            for note in report.findings { Console.warning("\(note.name): \(note.finding)") }
        }
        let failures = found.failures + (report?.failures ?? [])
        for failure in failures { Console.error(failure.description) }
        if failures.count > 1 { Console.note(count(failures.count, "failure")) }
        if !failures.isEmpty { throw ExitStatus.inputFailed }
    }

    private func measure(_ inputs: [ConversionInput]) throws -> BenchmarkReport {
        let showsProgress = Terminal.isTerminal(STDERR_FILENO) && Terminal.isCapable
        defer { if showsProgress { _ = Terminal.write("\r\u{1B}[K", to: STDERR_FILENO) } }
        do throws(MediaError) {
            return try benchmark.run(inputs, cancellation: Interruption.flag) { done, count, name in
                guard showsProgress, Terminal.isInForeground(STDERR_FILENO) else { return }
                let line = "picture \(done + 1) of \(count): \(name)".singleLine
                let room = max(0, Terminal.size(STDERR_FILENO).columns - 1)
                _ = Terminal.write("\r\(line.prefix(room))\u{1B}[K", to: STDERR_FILENO)
            }
        } catch {
            guard error.code == .cancelled else { throw error }
            if showsProgress { _ = Terminal.write("\r\u{1B}[K", to: STDERR_FILENO) }
            Console.note("interrupted")
            throw Interruption.status
        }
    }

    /// The values of a list such as `fastest,smallest`, each once, in their own order.
    private static func list<Value: RawRepresentable & CaseIterable & Hashable>(
        _ option: String, _ text: String, among choices: [Value] = Array(Value.allCases)
    ) throws(MediaError) -> [Value] where Value.RawValue == String {
        var wanted: Set<Value> = []
        for word in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let value = Value(rawValue: String(word)), choices.contains(value) else {
                throw MediaError(
                    .argumentInvalid, "\"\(word)\" is not known here",
                    hint: "choose from \(choices.map(\.rawValue).joined(separator: ", "))", at: .init(field: option))
            }
            wanted.insert(value)
        }
        return choices.filter(wanted.contains)
    }
}
