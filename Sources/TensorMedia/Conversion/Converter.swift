import ImageCoding
public import MediaCore

/// Turns inputs into picture files in a folder: many at a time, in order, without one failure stopping the others.
public struct Converter: Sendable {
    /// What is done where no rule says otherwise.
    public var settings: ConversionSettings
    /// What rules say; they go before ``settings``.
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
    /// other is a failure. A failure that every other input would meet too, such as a full disk, ends the run; it is a
    /// failure of the input that met it as well.
    ///
    /// - Throws: `work.cancelled`; `file.create-failed` when the folder cannot be made or written to;
    ///   `file.write-failed` when the disk is full or broken; what `report` throws.
    public func run(
        _ inputs: [ConversionInput], pool: WorkerPool, cancellation: CancellationFlag? = nil,
        report: (ConversionOutcome) throws(MediaError) -> Void
    ) throws(MediaError) {
        do throws(MediaError) {
            try FileSystem.makeFolders(folder)
        } catch {
            throw error.whileCreating
        }
        let names = OutputNames(inputs, copiesPictures: settings.copiesPictures)
        // A single input may use all threads for its picture.
        let encodingPool = inputs.count > 1 ? nil : pool
        try pool.runOrdered(count: inputs.count, cancellation: cancellation) { (index) throws(MediaError) in
            conversion(of: inputs[index], place: index, names, cancellation).run { (output) throws(MediaError) in
                try write(output, names: names, pool: encodingPool, cancellation)
            }
        } consume: { (_, outcome) throws(MediaError) in
            try report(outcome)
            if let error = outcome.end { throw error }
        }
    }

    /// Converts an input that is one picture into one file.
    ///
    /// - Parameters:
    ///   - input: the input.
    ///   - output: the file, or `-` for standard output. Its ending decides the kind of file where it is a known one.
    ///   - pool: threads for a large picture.
    ///   - cancellation: looked at while the picture is written.
    /// - Returns: what became of it; failures are in there. Nothing is written to a file that fails.
    public func convertOne(
        _ input: ConversionInput, to output: String, pool: WorkerPool, cancellation: CancellationFlag? = nil
    ) -> ConversionOutcome {
        let names = OutputNames([input], copiesPictures: settings.copiesPictures)
        var conversion = conversion(of: input, place: 0, names, cancellation)
        conversion.isSingle = true
        var outcome = conversion.run { (planned) throws(MediaError) in
            var planned = planned
            if let type = ImageFileType(pathOf: output) { planned.settings.fileType = type }
            return output == "-"
                ? try writeToStandardOutput(planned, pool: pool, cancellation)
                : try write(planned, to: output, names: names, pool: pool, cancellation)
        }
        for index in outcome.outputs.indices { outcome.outputs[index].path = output }
        return outcome
    }

    /// What converting `inputs` would make, without computing a pixel or writing a byte.
    ///
    /// Values are looked at where the mapping depends on them. What only shows while pixels are computed, such as how many
    /// values are clipped, is not known yet.
    public func plan(_ inputs: [ConversionInput], cancellation: CancellationFlag? = nil) -> [ConversionOutcome] {
        let names = OutputNames(inputs, copiesPictures: settings.copiesPictures)
        var outcomes: [ConversionOutcome] = []
        for (index, input) in inputs.enumerated() {
            if cancellation?.isCancelled == true { break }
            outcomes.append(
                conversion(of: input, place: index, names, cancellation).run { (output) throws(MediaError) in
                    let path = folder.appendingPath(output.path)
                    try names.protectInputs(at: path)
                    if !overwrites, try FileSystem.status(of: path, followingLinks: false) != nil {
                        throw MediaError(
                            .nameCollision, "a file with this name exists already",
                            hint: "choose another name or allow it to be replaced", at: .init(file: path))
                    }
                    let report = output.content.plannedReport
                    try output.settings.check(report)
                    return report
                })
        }
        return outcomes
    }

    private func conversion(
        of input: ConversionInput, place: Int, _ names: OutputNames, _ cancellation: CancellationFlag?
    ) -> InputConversion {
        InputConversion(
            input: input, place: place, names: names, settings: settings, rules: rules, cancellation: cancellation)
    }
}

// MARK: Writing

extension Converter {
    private func write(
        _ output: InputConversion.Output, names: OutputNames, pool: WorkerPool?, _ cancellation: CancellationFlag?
    ) throws(MediaError) -> EncodingReport {
        try write(output, to: folder.appendingPath(output.path), names: names, pool: pool, cancellation) {
            (path) throws(MediaError) in try FileSystem.makeFolders(path.splitPath.folder)
        }
    }

    private func write(
        _ output: InputConversion.Output, to path: String, names: OutputNames, pool: WorkerPool?,
        _ cancellation: CancellationFlag?, prepare: (String) throws(MediaError) -> Void = { _ in }
    ) throws(MediaError) -> EncodingReport {
        try cancellation?.check()
        try names.protectInputs(at: path)
        let sink: FileSink
        do throws(MediaError) {
            try prepare(path)
            sink = try FileSink(path: path, overwrite: overwrites ? .replace : .refuse)
        } catch {
            throw error.whileCreating
        }
        let report = try encode(output, to: InterruptibleSink(sink, cancellation), pool: pool)
        try output.settings.check(report)
        _ = try sink.commit()
        return report
    }

    private func writeToStandardOutput(
        _ output: InputConversion.Output, pool: WorkerPool?, _ cancellation: CancellationFlag?
    ) throws(MediaError) -> EncodingReport {
        let sink = DescriptorSink(name: "standard output")
        let report: EncodingReport
        if output.settings.picture.strictness == .strict {
            // What is on its way cannot be taken back: look at the losses first.
            let memory = MemorySink()
            report = try encode(output, to: InterruptibleSink(memory, cancellation), pool: pool)
            try output.settings.check(report)
            try unsafe sink.write(memory.bytes.span.bytes)
        } else {
            report = try encode(output, to: InterruptibleSink(sink, cancellation), pool: pool)
        }
        try sink.finish()
        return report
    }

    private func encode(
        _ output: InputConversion.Output, to sink: any ByteSink, pool: WorkerPool?
    ) throws(MediaError) -> EncodingReport {
        switch output.content {
        case .pixels(let source):
            let encoder = ImageEncoder(
                for: output.settings.fileType, preset: output.settings.preset, quality: output.settings.quality,
                compatibility: output.settings.picture.compatibility, pool: pool)
            return try encoder.encode(source, to: sink)
        case .file(let contents, _):
            try contents.withBytes { (bytes) throws(MediaError) in try sink.write(bytes) }
            var report = output.content.plannedReport
            report.byteCount = contents.byteCount
            return report
        }
    }
}

extension ConversionSettings {
    /// Under strictness, what was lost while encoding is an error; most guesses were refused before.
    func check(_ report: EncodingReport) throws(MediaError) {
        guard picture.strictness == .strict, let loss = report.allFindings.first else { return }
        throw MediaError(
            loss.code, loss.message, hint: loss.hint, at: .init(field: loss.path.isEmpty ? nil : loss.path))
    }
}

extension ImageFileType {
    /// The kind of file that a path stands for by its ending; `nil` for other endings.
    public init?(pathOf path: String) {
        let name = path.splitPath.name
        guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")), dot > name.startIndex else { return nil }
        self.init(rawValue: name[name.index(after: dot)...].lowercased())
    }
}

extension MediaError.Code {
    /// The output file or its folder cannot be made.
    public static let createFailed: Self = "file.create-failed"
}

extension MediaError {
    /// The error of making a file, told apart from one of writing to it.
    fileprivate var whileCreating: MediaError {
        guard code == .writeFailed else { return self }
        var copy = self
        copy.code = .createFailed
        return copy
    }
}
