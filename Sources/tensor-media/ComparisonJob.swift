import ArgumentParser
import TensorMedia

/// One call of `compare`.
struct ComparisonJob {
    private let command: Compare
    private let comparer: FileComparer
    private let thresholds: ComparisonThresholds
    private let display: PictureDisplay?
    private var failures: [MediaError] = []
    private var unmet = 0
    private var firstIsFolder = false
    /// Why standard output cannot be written any more.
    private var exit: (any Error)?
    /// What the difference picture is made of.
    private var pictures: [FileComparison.Pictures] = []

    /// Checks the options.
    init(_ command: Compare) throws {
        self.command = command
        display = try usage { () throws(MediaError) in
            try PictureDisplay(command.showing, shares: command.json ? "--json" : nil)
        }
        let (settings, rules) = try usage { () throws(MediaError) in
            var settings = ConversionSettings()
            try command.reading.apply(to: &settings)
            return (settings, try command.reading.readRules())
        }
        comparer = FileComparer(
            settings: settings, rules: rules,
            options: .init(pool: WorkerPool(threadCount: command.jobs), cancellation: Interruption.flag))
        var thresholds = ComparisonThresholds()
        thresholds.leastPSNR = command.minPsnr
        thresholds.leastSSIM = command.minSsim
        thresholds.largestDeltaE = command.maxDeltaE
        thresholds.largestDifference = command.maxDifference
        self.thresholds = thresholds
    }

    /// Compares, prints, and throws the exit status unless all thresholds are met.
    mutating func run() throws {
        do throws(MediaError) {
            let pairs = try pairs()
            try protect(pairs)
            for (first, second) in pairs { try compare(first, second) }
            if let path = command.difference { try writeDifference(to: path) }
        } catch {
            if error.code == .cancelled { throw exit ?? Interruption.status }
            failures.append(error)
        }
        for failure in failures { Console.error(failure.description) }
        if let failure = failures.first {
            let isAboutOutput = failure.code == .createFailed || failure.code == .writeFailed
            throw isAboutOutput ? ExitStatus.of(failure) : ExitStatus.cannotCompare
        }
        if unmet > 0 { throw ExitStatus.inputFailed }
    }

    /// Compares two files; that they cannot be compared is kept for the end.
    private mutating func compare(_ first: ConversionInput, _ second: ConversionInput) throws(MediaError) {
        do throws(MediaError) {
            try comparer.compare(first, second) { (result) throws(MediaError) in
                do {
                    try take(result)
                } catch {
                    exit = error
                    throw MediaError(.cancelled, "standard output is gone")
                }
            }
        } catch {
            guard error.code != .cancelled else { throw error }
            failures.append(error)
        }
    }

    // MARK: Inputs

    /// What is compared with what: two files, or those of two folders that have the same place.
    private mutating func pairs() throws(MediaError) -> [(ConversionInput, ConversionInput)] {
        let arguments = [command.first, command.second]
        var found: [[ConversionInput]] = []
        for argument in arguments {
            let isFolder = try FileSystem.status(of: argument)?.kind == .folder
            let result = InputFinder(takesPictures: true).find([argument])
            if !isFolder, let failure = result.failures.first { throw failure }
            failures += result.failures
            guard isFolder || result.inputs.count == 1 else {
                throw MediaError(
                    .argumentInvalid, "this is \(result.inputs.count) files", hint: "name one file, or two folders",
                    at: .init(file: argument))
            }
            found.append(result.inputs)
            if isFolder != (found.count == 1 ? isFolder : firstIsFolder) {
                throw MediaError(
                    .argumentInvalid, "a folder cannot be compared with a file", hint: "name two files, or two folders",
                    at: .init(file: "\(command.first) and \(command.second)"))
            }
            firstIsFolder = isFolder
        }
        guard firstIsFolder else { return [(found[0][0], found[1][0])] }
        return match(found[0], found[1])
    }

    private mutating func match(
        _ first: [ConversionInput], _ second: [ConversionInput]
    ) -> [(ConversionInput, ConversionInput)] {
        let others = Dictionary(second.map { ($0.searchPath, $0) }, uniquingKeysWith: { one, _ in one })
        let places = Set(first.map(\.searchPath))
        for (inputs, folder, isThere) in [
            (first, command.second, { others[$0] != nil }), (second, command.first, { places.contains($0) }),
        ] as [([ConversionInput], String, (String) -> Bool)] {
            for input in inputs where !isThere(input.searchPath) {
                failures.append(MediaError(.fileNotFound, "\(folder) has no such file", at: .init(file: input.name)))
            }
        }
        return first.compactMap { input in others[input.searchPath].map { (input, $0) } }
    }

    // MARK: Results

    private mutating func take(_ result: Result<FileComparison, MediaError>) throws {
        let comparison: FileComparison
        switch result {
        case .failure(let error): return failures.append(error)
        case .success(let made): comparison = made
        }
        let conversions = comparison.pictures.flatMap(\.comparison.conversions)
        if comparer.settings.picture.strictness == .strict, let conversion = conversions.first {
            let error = MediaError(
                .argumentInvalid, "the pictures have different formats: \(conversion)", hint: "leave --strict out",
                at: .init(file: "\(comparison.firstName) and \(comparison.secondName)"))
            return failures.append(error)
        }
        if command.difference != nil { pictures += comparison.pictures }
        let unmet = thresholds.failures(of: comparison)
        self.unmet += unmet.count
        if command.json {
            try Console.result(try JSONWriter.string(comparison.json(failures: unmet)))
        } else {
            if !command.quiet { for line in comparison.lines { try Console.result(line) } }
            for pictures in comparison.pictures { try show(pictures) }
            for line in unmet { Console.error("\(comparison.firstName) and \(comparison.secondName): \(line)") }
        }
    }

    /// Shows both pictures and their difference side by side.
    private func show(_ pictures: FileComparison.Pictures) throws {
        guard let display else { return }
        let grid = try ImageGrid(
            [pictures.first, pictures.second, try pictures.difference(factor: command.amplify)],
            options: .init(columns: 3, padding: max(2, pictures.first.width / 32)))
        try display.show(grid, isAlone: true)
    }

    // MARK: The difference

    /// The difference of all pictures: one, or a grid of them, amplified alike.
    private func differences() throws(MediaError) -> (source: any PixelSource, factor: Int) {
        let factors = pictures.filter { !$0.comparison.isIdentical }.map(\.comparison.brighteningFactor)
        let factor = command.amplify ?? factors.min() ?? 1
        var sources: [any PixelSource] = []
        for pair in pictures { sources.append(try pair.difference(factor: factor)) }
        guard sources.count > 1 else {
            guard let source = sources.first else {
                throw MediaError(
                    .argumentInvalid, "there are no pictures to show a difference of", at: .init(field: "--difference"))
            }
            return (source, factor)
        }
        return (try ImageGrid(sources, options: .init(sizePolicy: .padToLargest)), factor)
    }

    /// Throws when the difference would replace one of the files that are compared.
    private func protect(_ pairs: [(ConversionInput, ConversionInput)]) throws(MediaError) {
        guard let path = command.difference, let target = try FileSystem.status(of: path) else { return }
        for input in pairs.flatMap({ [$0.0, $0.1] }) {
            guard let status = try? FileSystem.status(of: input.path), status.isSameFile(as: target) else { continue }
            throw MediaError(
                .createFailed, "the difference would replace the input \(input.path)", hint: "write it to another file",
                at: .init(file: path))
        }
    }

    private func writeDifference(to path: String) throws(MediaError) {
        guard failures.isEmpty || !pictures.isEmpty else { return }
        let (source, factor) = try differences()
        let encoder = ImageEncoder(
            for: ImageFileType(pathOf: path) ?? .png, preset: .balanced, pool: comparer.options.pool)
        let sink: FileSink
        do throws(MediaError) {
            sink = try FileSink(path: path)
        } catch {
            var error = error
            if error.code == .writeFailed { error.code = .createFailed }
            throw error
        }
        _ = try encoder.encode(source, to: sink)
        _ = try sink.commit()
        if !command.quiet { Console.note("\(path): the difference, amplified \(factor)×") }
    }
}
