import ImageCoding
public import MediaCore
import TensorIO

/// Turns inputs into picture files in a folder: many at a time, in order, without one failure stopping the others.
public struct Converter: Sendable {
    /// What is done where no rule says otherwise.
    public var settings: ConversionSettings
    /// What rules say.
    public var rules: ConversionRules
    /// The folder that the files go to; folders below it are made as they are needed.
    public var folder: String
    /// Whether existing files may be replaced.
    public var overwrites: Bool

    /// Creates a converter.
    public init(
        folder: String, settings: ConversionSettings = ConversionSettings(), rules: ConversionRules = ConversionRules(),
        overwrites: Bool = true
    ) {
        self.folder = folder
        self.settings = settings
        self.rules = rules
        self.overwrites = overwrites
    }

    /// Converts `inputs` on the threads of `pool` and hands over what became of each, in the order of the inputs.
    ///
    /// Bytes and names do not depend on the number of threads. A name that two inputs would take goes to the first; the
    /// other is a failure. A failure of the folder itself ends the run, since every other input would meet it too.
    ///
    /// - Throws: `work.cancelled`; `file.write-failed` when the folder cannot be written to.
    public func run(
        _ inputs: [ConversionInput], pool: WorkerPool, cancellation: CancellationFlag? = nil,
        report: (ConversionOutcome) throws(MediaError) -> Void
    ) throws(MediaError) {
        try FileSystem.makeFolders(folder)
        let names = OutputNames(inputs)
        try pool.runOrdered(count: inputs.count, cancellation: cancellation) { (index) throws(MediaError) in
            convert(inputs[index], place: index, names: names, pool: inputs.count > 1 ? nil : pool, cancellation)
        } consume: { (_, outcome) throws(MediaError) in
            try report(outcome)
            if let failure = outcome.failures.first(where: { $0.error.code == .cancelled }) { throw failure.error }
        }
    }

    /// Converts an input that is one picture into one file.
    ///
    /// - Parameters:
    ///   - input: what is converted.
    ///   - output: the file, or `-` for standard output.
    ///   - pool: the threads that encode it.
    /// - Throws: `file.write-failed` when the output cannot be written to; failures of the input are in the outcome.
    public func convertOne(
        _ input: ConversionInput, to output: String, pool: WorkerPool
    ) throws(MediaError) -> ConversionOutcome {
        var failure: MediaError?
        var isDone = false
        var outcome = process(input, place: 0, names: OutputNames([input])) { (picture, planned) throws(MediaError) in
            guard !isDone else {
                throw MediaError(
                    .argumentInvalid, "the input is more than one picture, the output is one file",
                    hint: "name a member, use a grid, or give a folder")
            }
            let encoder = ImageEncoder(
                for: planned.settings.fileType, preset: planned.settings.preset, quality: planned.settings.quality,
                pool: pool)
            isDone = true
            do throws(MediaError) {
                if output == "-" {
                    let sink = DescriptorSink(name: "standard output")
                    let report = try encoder.encode(picture, to: sink)
                    try sink.finish()
                    return report
                }
                let sink = try FileSink(path: output, overwrite: overwrites ? .replace : .refuse)
                let report = try encoder.encode(picture, to: sink)
                try planned.settings.check(report)
                _ = try sink.commit()
                return report
            } catch {
                if error.code == .writeFailed { failure = error }
                throw error
            }
        }
        if let failure { throw failure }
        for index in outcome.outputs.indices { outcome.outputs[index].path = output }
        return outcome
    }

    /// What converting `inputs` would make, without computing a pixel or writing a byte.
    public func plan(_ inputs: [ConversionInput]) -> [ConversionOutcome] {
        let names = OutputNames(inputs)
        return inputs.enumerated().map { index, input in
            process(input, place: index, names: names) { (picture, planned) throws(MediaError) in
                EncodingReport(
                    width: picture.width, height: picture.height, format: picture.format, byteCount: 0,
                    facts: picture.facts)
            }
        }
    }

    private func convert(
        _ input: ConversionInput, place: Int, names: OutputNames, pool: WorkerPool?, _ cancellation: CancellationFlag?
    ) -> ConversionOutcome {
        process(input, place: place, names: names) { (picture, planned) throws(MediaError) in
            try cancellation?.check()
            let path = folder.appendingPath(planned.path)
            try FileSystem.makeFolders(path.splitPath.folder)
            let sink = try FileSink(path: path, overwrite: overwrites ? .replace : .refuse)
            let encoder = ImageEncoder(
                for: planned.settings.fileType, preset: planned.settings.preset, quality: planned.settings.quality,
                pool: pool)
            let report = try encoder.encode(picture, to: sink)
            try planned.settings.check(report)
            _ = try sink.commit()
            return report
        }
    }

    /// Where a picture goes and under which settings.
    private struct Planned {
        var path: String
        var settings: ConversionSettings
    }

    /// Walks through the tensors and pictures of an input; `body` does what is to be done with each picture.
    private func process(
        _ input: ConversionInput, place: Int, names: OutputNames,
        _ body: (any PixelSource, Planned) throws(MediaError) -> EncodingReport
    ) -> ConversionOutcome {
        var outcome = ConversionOutcome(input: input)
        do throws(MediaError) {
            try names.check(place)
            let settings = try rules.apply(to: settings, path: input.relativePath, member: nil)
            let file = try input.open(settings)
            outcome.findings = file.findings
            if input.member == nil {
                for refusal in file.refusals {
                    outcome.failures.append(.init(member: refusal.name, error: refusal.error))
                }
            }
            for (index, entry) in file.entries.enumerated() {
                if let member = input.member, member != entry.name { continue }
                let member = file.entries.count == 1 && !file.format.isArchive ? nil : entry.name
                do throws(MediaError) {
                    let settings = try rules.apply(to: self.settings, path: input.relativePath, member: member)
                    let tensor = try file.tensor(at: index)
                    try convert(tensor, member: member, input, place, settings, names, &outcome, body)
                } catch {
                    outcome.failures.append(.init(member: member, error: error.inFile(input.path)))
                    if error.code == .cancelled { return outcome }
                }
            }
            if let member = input.member, !file.entries.contains(where: { $0.name == member }) {
                _ = try file.tensor(named: member)
            }
        } catch {
            outcome.failures.append(.init(member: input.member, error: error.inFile(input.path)))
        }
        return outcome
    }

    private func convert(
        _ tensor: Tensor, member: String?, _ input: ConversionInput, _ place: Int, _ settings: ConversionSettings,
        _ names: OutputNames, _ outcome: inout ConversionOutcome,
        _ body: (any PixelSource, Planned) throws(MediaError) -> EncodingReport
    ) throws(MediaError) {
        let pictures = try tensor.pictures(settings.picture)
        let base = try input.outputStem(member: member)
        for (index, picture) in pictures.enumerated() {
            let suffix = pictures.count == 1 ? "" : "_" + String(index).leftPadded(to: 6)
            let path = base + suffix + "." + settings.fileType.rawValue
            do throws(MediaError) {
                try names.claim(path, for: place)
                let report = try body(picture, Planned(path: path, settings: settings))
                outcome.outputs.append(
                    .init(
                        path: path, member: member, shape: tensor.shape, elementType: tensor.elementType,
                        kind: settings.picture.kind, report: report))
            } catch {
                outcome.failures.append(
                    .init(
                        member: member,
                        error: error.inField(suffix.isEmpty ? "" : "picture \(index)").inFile(input.name)))
                if error.code == .cancelled { return }
            }
        }
    }
}

extension ConversionInput {
    /// Opens the file, or takes all of standard input.
    func open(_ settings: ConversionSettings) throws(MediaError) -> TensorFile {
        var options = TensorFile.Options()
        options.limits = settings.limits
        options.raw = settings.raw
        if path == "-" {
            return try TensorFile.open(
                try FileContents.read(descriptor: 0, limits: settings.limits), options: options)
        }
        return try TensorFile.open(path, options: options)
    }

    /// Where the pictures of a member go, without number and ending.
    ///
    /// Members of archives go into a folder of the archive's name. Their names come from a file: what could lead out of
    /// the folder, or is no name on some system, is escaped as in keys of media.
    func outputStem(member: String?) throws(MediaError) -> String {
        guard let member, !member.isEmpty else { return stem }
        let key = try MediaKey(member, compatibility: .standard)
        return (stem.split(separator: "/").map(String.init) + key.folders + [key.stem]).joined(separator: "/")
    }
}

extension TensorFile.Format {
    /// Whether files of the format hold tensors by name.
    var isArchive: Bool {
        switch self {
        case .npz, .safetensors, .torch: true
        case .npy, .raw: false
        }
    }
}

extension ConversionSettings {
    /// Under strictness, what was lost while encoding is an error; guesses were refused before.
    func check(_ report: EncodingReport) throws(MediaError) {
        guard picture.strictness == .strict, let loss = report.findings.first else { return }
        throw MediaError(loss.code, loss.message, hint: loss.hint)
    }
}

extension String {
    /// The text with zeros in front.
    func leftPadded(to count: Int) -> String { String(repeating: "0", count: max(0, count - utf8.count)) + self }
}
