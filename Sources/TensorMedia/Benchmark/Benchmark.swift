import ImageCoding
public import MediaCore

/// Measures encoders on somebody's own pictures: ours at every preset and level of processor instructions, beside libpng,
/// libjpeg-turbo, and Pillow and OpenCV where a Python has them.
///
/// Everything runs on the calling thread, and its processor time counts. Ours begin with the tensor: deciding about layout
/// and values, mapping and encoding are in their time. Rivals begin with finished pixels. On each picture all contestants
/// run in turns, round by round, so that a slow spell of the machine hits all of them; the best round counts. Before that,
/// each file of ours is decoded and compared with the pixels.
///
/// Meanwhile the level of instructions is forced for the whole process; it goes back to the detected one.
public struct Benchmark: Sendable {
    /// How inputs are read where no rule says otherwise; the quality of JPEG.
    public var settings: ConversionSettings
    /// What rules say.
    public var rules: ConversionRules
    /// What is measured, and for how long.
    public var options: BenchmarkOptions

    /// Creates a benchmark.
    public init(
        settings: ConversionSettings = ConversionSettings(), rules: ConversionRules = ConversionRules(),
        options: BenchmarkOptions = BenchmarkOptions()
    ) {
        self.settings = settings
        self.rules = rules
        self.options = options
    }

    /// Measures the pictures of `inputs`, or a sample of them.
    ///
    /// What cannot be read or encoded is among the failures of the report, and the others are measured. One picture at a
    /// time is in memory. A missing interpreter or library is a note.
    ///
    /// - Parameters:
    ///   - inputs: what `convert` would convert.
    ///   - cancellation: looked at between encodings and within them.
    ///   - progress: called before each picture: how many are done, of how many, and its name.
    /// - Throws: `argument.invalid` for options without sense; `work.cancelled`.
    public func run(
        _ inputs: [ConversionInput], cancellation: CancellationFlag? = nil,
        progress: (_ done: Int, _ count: Int, _ name: String) -> Void = { _, _, _ in }
    ) throws(MediaError) -> BenchmarkReport {
        try options.check()
        var report = BenchmarkReport(options: options)
        report.inputCount = inputs.count
        report.quality = settings.jpegQuality
        let sample = try BenchmarkSample(
            inputs, most: options.sample, settings: settings, rules: rules, cancellation: cancellation)
        report.failures = sample.failures
        report.openedInputs = sample.inputCount
        report.foundPictures = sample.pictureCount
        report.chosenPictures = sample.count
        guard sample.count > 0 else { return report }
        #if DEBUG
            report.notes.append("this is a debug build, in which ours are many times slower; measure a release build")
        #endif
        let python = try startPython(&report, cancellation)
        report.contestants = BenchmarkContestant.all(options, python: Set((python?.versions ?? [:]).keys))
        let run = BenchmarkRun(report, python: python, cancellation)
        var done = 0
        var outcomes: [ConversionOutcome] = []
        for part in sample.parts {
            var place = 0
            let conversion = BenchmarkSample.conversion(part, settings, rules, cancellation)
            let outcome = conversion.run { (output) throws(MediaError) in
                defer { place += 1 }
                guard part.places.contains(place) else { return StoredOutput(report: output.content.plannedReport) }
                defer { done += 1 }
                guard run.hasTime(forNextOf: sample.count - done) else {
                    return StoredOutput(report: output.content.plannedReport)
                }
                progress(done, sample.count, output.tensorName(in: part.input))
                return StoredOutput(report: try run.measure(output, of: part.input, left: sample.count - done))
            }
            try cancellation?.check()
            outcomes.append(outcome)
        }
        report = run.finish()
        report.findings = outcomes.flatMap(\.notes)
        report.failures += outcomes.flatMap { $0.failures.map(\.error) }
        return report
    }

    // MARK: The interpreter

    private func startPython(
        _ report: inout BenchmarkReport, _ cancellation: CancellationFlag?
    ) throws(MediaError) -> PythonRivals? {
        guard options.measuresRivals else { return nil }
        let all = PythonRivals.Library.allCases.map(\.rawValue).joined(separator: ", ")
        guard let path = options.programPath else {
            let place = options.python ?? "python3 in PATH"
            report.notes.append("\(all): not measured: there is no \(place)")
            return nil
        }
        do throws(PythonRivals.Failure) {
            let python = try PythonRivals(path: path, answerSeconds: options.answerSeconds, cancellation)
            report.python = .init(
                path: path, version: python.version,
                libraries: PythonRivals.Library.allCases.compactMap { library in
                    python.versions[library].map { .init(name: library.rawValue, version: $0) }
                })
            for library in PythonRivals.Library.allCases {
                guard let why = python.absences[library] else { continue }
                report.notes.append("\(library.rawValue): not importable by \(path): \(why)")
            }
            return python
        } catch {
            guard case .unusable(let why) = error else { throw .cancelled }
            report.notes.append("\(all): not measured by \(path): \(why)")
            return nil
        }
    }
}
