import AudioCoding
import ImageCoding
public import MediaCore
import VideoCoding

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
    /// Counts the frames of clips as they are encoded.
    public var frameProgress: Progress?

    private let fonts = FontShelf()

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
    /// - Parameters:
    ///   - inputs: what to convert.
    ///   - batch: a manifest, a share, whether to take up an earlier run.
    ///   - pool: the threads.
    ///   - cancellation: ends the run between two pieces of a file.
    ///   - report: called on this thread, input after input.
    /// - Throws: `work.cancelled`; `file.in-use` when another process works with the manifest; `file.create-failed` when
    ///   the folder cannot be made or written to, or something else stands where the manifest goes; `path.invalid` for
    ///   the name of the manifest; `file.write-failed` when the disk is full or broken; what `report`
    ///   throws.
    public func run(
        _ inputs: [ConversionInput], batch: BatchOptions = BatchOptions(), pool: WorkerPool,
        cancellation: CancellationFlag? = nil, report: (ConversionOutcome) throws(MediaError) -> Void
    ) throws(MediaError) {
        try makeFolder()
        let names = OutputNames(inputs, copiesPictures: settings.copiesPictures)
        var store = FolderStore(folder: folder, overwrites: overwrites, names: names, cancellation: cancellation)
        var journal: BatchJournal?
        if let path = batch.manifest {
            try ManifestPlace.check(path)
            try ManifestPlace.checkContent(path)
        }
        if let path = batch.manifestPath(in: folder) {
            journal = try BatchJournal(path: path, options: optionsKey, resumes: batch.resumes)
            store.digests = [.sha256, .md5, .crc32c]
        }
        if batch.resumes { try AbandonedFiles.remove(below: folder) }
        let run = Run(
            inputs: inputs, names: names, store: store, journal: journal, resumes: batch.resumes, shard: batch.shard)
        try self.run(run, pool: pool, cancellation: cancellation, report: report)
    }

    /// As ``run(_:batch:pool:cancellation:report:)``, into any store, without a manifest.
    package func run(
        _ inputs: [ConversionInput], into store: any OutputStore, shard: Shard? = nil, pool: WorkerPool,
        cancellation: CancellationFlag? = nil, report: (ConversionOutcome) throws(MediaError) -> Void
    ) throws(MediaError) {
        let names = OutputNames(inputs, copiesPictures: settings.copiesPictures)
        let run = Run(inputs: inputs, names: names, store: store, journal: nil, resumes: false, shard: shard)
        try self.run(run, pool: pool, cancellation: cancellation, report: report)
    }

    /// A run: what goes where.
    struct Run {
        let inputs: [ConversionInput]
        let names: OutputNames
        let store: any OutputStore
        let journal: BatchJournal?
        let resumes: Bool
        let shard: Shard?
    }

    func run(
        _ run: Run, manifest: ManifestFile? = nil, pool: WorkerPool, cancellation: CancellationFlag?,
        report: (ConversionOutcome) throws(MediaError) -> Void
    ) throws(MediaError) {
        let (inputs, names, store) = (run.inputs, run.names, run.store)
        // Names are given out over all inputs, so that shares fit together.
        let places = inputs.indices.filter { run.shard?.contains(inputs[$0].sharePath) ?? true }
        // A single input may use all threads for its picture.
        let encoders = EncoderShelf(pool: places.count > 1 ? nil : pool)
        let keepsRecords = run.journal != nil || manifest != nil
        let buffers = FileBuffers(mostKept: pool.threadCount)
        try pool.runOrdered(count: places.count, cancellation: cancellation) { (index) throws(MediaError) in
            let place = places[index]
            defer { names.release(place) }
            if inputs[place].isCompanion { return ConversionOutcome(input: inputs[place]) }
            if run.resumes, let kept = keptOutcome(of: inputs[place], place, run) { return kept }
            let source = !keepsRecords ? nil : ManifestRecord.Source(inputs[place])
            var conversion = conversion(of: inputs[place], place: place, names, cancellation)
            conversion.buffers = buffers
            var outcome = conversion.run { (output) throws(MediaError) in
                var (clip, sound): (ClipReport?, SoundReport?)
                var stored = try store.write(output.path) { (sink) throws(MediaError) in
                    try encode(output, to: sink, with: encoders, cancellation, clip: &clip, sound: &sound)
                }
                (stored.clip, stored.sound) = (clip, sound)
                return stored
            }
            outcome.source = source
            return outcome
        } consume: { (_, result) throws(MediaError) in
            var outcome = result
            if outcome.end == nil {
                try store.commit(&outcome)
                try run.journal?.add(outcome)
                try manifest?.add(outcome)
            }
            try report(outcome)
            if let error = outcome.end { throw error }
        }
        try store.finish()
        try run.journal?.finish()
        try manifest?.finish()
    }

    /// What is to be said of an input that was converted before; `nil` for one that has to be converted.
    private func keptOutcome(of input: ConversionInput, _ place: Int, _ run: Run) -> ConversionOutcome? {
        guard let journal = run.journal, (try? run.names.check(place)) != nil else { return nil }
        let kept = journal.isDone(input) { path, size in
            let status = try? FileSystem.status(of: folder.appendingPath(path), followingLinks: false)
            return status?.kind == .file && status?.byteCount == Int(size)
        }
        guard let kept else { return nil }
        var outcome = ConversionOutcome(input: input)
        outcome.keptOutputs = kept
        return outcome
    }

    /// Stands for everything but the inputs that decides about outputs.
    var optionsKey: TextKey {
        // The values hold no sets, dictionaries or references, so that their descriptions are the same in every process.
        TextKey(String(describing: settings), String(describing: rules), TensorMediaVersion.description)
    }

    private func makeFolder() throws(MediaError) {
        do throws(MediaError) {
            try FileSystem.makeFolders(folder)
        } catch {
            throw error.whileCreating
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
        let encoders = EncoderShelf(pool: pool)
        var outcome = conversion.run { (planned) throws(MediaError) in
            var planned = planned
            if let type = ImageFileType(pathOf: output) { planned.settings.fileType = type }
            var (clip, sound): (ClipReport?, SoundReport?)
            var stored: StoredOutput
            let path = try path(of: planned.path, beside: output)
            if path == "-" {
                stored = StoredOutput(
                    report: try writeToStandardOutput(planned, encoders, cancellation, clip: &clip, sound: &sound))
            } else {
                let store = FolderStore(folder: "", overwrites: overwrites, names: names, cancellation: cancellation)
                stored = try store.writeFile(path) { (sink) throws(MediaError) in
                    try encode(planned, to: sink, with: encoders, cancellation, clip: &clip, sound: &sound)
                }
            }
            (stored.clip, stored.sound) = (clip, sound)
            return stored
        }
        for index in outcome.outputs.indices {
            guard let path = try? path(of: outcome.outputs[index].path, beside: output) else { continue }
            outcome.outputs[index].path = path
        }
        return outcome
    }

    /// Where an output goes when there is one file: pictures beside a clip have its name with `.poster` or `.sheet` behind, that
    /// beside a sound with `.preview`, and the same clip in other formats has its name with their endings.
    private func path(of planned: String, beside output: String) throws(MediaError) -> String {
        if let format = ClipFormat(pathOf: planned), settings.clip.otherFormats.contains(format) {
            guard output != "-" else {
                throw MediaError(
                    .argumentInvalid, "standard output has no place for several files",
                    hint: "name a file or a folder", at: .init(field: "format"))
            }
            return "\(output.withoutEnding).\(format.rawValue)"
        }
        let ending = planned.withoutEnding
        let isSound = settings.sound.makesSounds
        guard let kind = (isSound ? ["preview"] : ["poster", "sheet"]).first(where: { ending.hasSuffix("." + $0) }),
            ClipFormat(pathOf: output) != nil || SoundFormat(pathOf: output) != nil || output == "-"
        else { return output }
        guard output != "-" else {
            throw MediaError(
                .argumentInvalid,
                "standard output has no place for a \(kind) beside the \(isSound ? "sound" : "clip")",
                hint: "name a file or a folder", at: .init(field: kind))
        }
        return "\(output.withoutEnding).\(kind)\(planned.dropFirst(ending.utf8.count))"
    }

    /// What converting `inputs` would make, without computing a pixel or writing a byte.
    ///
    /// Values are looked at where the mapping depends on them. What only shows while pixels are computed, such as how many
    /// values are clipped, is not known yet.
    public func plan(_ inputs: [ConversionInput], cancellation: CancellationFlag? = nil) -> [ConversionOutcome] {
        plan(inputs, inFolder: true, cancellation: cancellation)
    }

    func plan(
        _ inputs: [ConversionInput], inFolder: Bool, cancellation: CancellationFlag?
    ) -> [ConversionOutcome] {
        let names = OutputNames(inputs, copiesPictures: settings.copiesPictures)
        var outcomes: [ConversionOutcome] = []
        for (index, input) in inputs.enumerated() {
            if cancellation?.isCancelled == true { break }
            outcomes.append(
                conversion(of: input, place: index, names, cancellation).run { (output) throws(MediaError) in
                    let path = folder.appendingPath(output.path)
                    if inFolder { try names.protectInputs(at: path) }
                    if inFolder, !overwrites, try FileSystem.status(of: path, followingLinks: false) != nil {
                        throw MediaError(
                            .nameCollision, "a file with this name exists already",
                            hint: "choose another name or allow it to be replaced", at: .init(file: path))
                    }
                    let report = output.content.plannedReport
                    try output.settings.check(report)
                    return StoredOutput(report: report)
                })
        }
        return outcomes
    }

    private func conversion(
        of input: ConversionInput, place: Int, _ names: OutputNames, _ cancellation: CancellationFlag?
    ) -> InputConversion {
        InputConversion(
            input: input, place: place, names: names, settings: settings, rules: rules, cancellation: cancellation,
            fonts: fonts)
    }
}

// MARK: Writing

extension Converter {
    private func writeToStandardOutput(
        _ output: InputConversion.Output, _ encoders: EncoderShelf, _ cancellation: CancellationFlag?,
        clip: inout ClipReport?, sound: inout SoundReport?
    ) throws(MediaError) -> EncodingReport {
        let sink = DescriptorSink(name: "standard output")
        let report: EncodingReport
        if output.settings.picture.strictness == .strict {
            // What is on its way cannot be taken back: look at the losses first.
            let memory = MemorySink()
            report = try encode(
                output, to: InterruptibleSink.around(memory, cancellation), with: encoders, cancellation, clip: &clip,
                sound: &sound)
            try unsafe sink.write(memory.bytes.span.bytes)
        } else {
            report = try encode(
                output, to: InterruptibleSink.around(sink, cancellation), with: encoders, cancellation, clip: &clip,
                sound: &sound)
        }
        try sink.finish()
        return report
    }

    /// Writes an output, which may be a clip or a sound; under strictness, a loss is an error before the sink is committed.
    private func encode(
        _ output: InputConversion.Output, to sink: any ByteSink, with encoders: EncoderShelf,
        _ cancellation: CancellationFlag?, clip: inout ClipReport?, sound: inout SoundReport?
    ) throws(MediaError) -> EncodingReport {
        if case .sound(let planned) = output.content {
            let made = try output.settings.soundEncoder(cancellation).encode(planned.sound, to: sink)
            sound = made
            let report = EncodingReport(made)
            try output.settings.check(report)
            return report
        }
        guard case .clip(let planned) = output.content else { return try output.encode(to: sink, with: encoders) }
        let made = try encode(planned, output.settings, to: sink, pool: encoders.pool, cancellation)
        clip = made
        let report = EncodingReport(
            width: made.width, height: made.height, format: planned.frames.format, byteCount: made.byteCount,
            facts: made.facts, tally: made.tally, findings: made.findings)
        try output.settings.check(report)
        return report
    }

    private func encode(
        _ clip: InputConversion.PlannedClip, _ settings: ConversionSettings, to sink: any ByteSink, pool: WorkerPool?,
        _ cancellation: CancellationFlag?
    ) throws(MediaError) -> ClipReport {
        let encoder = try settings.clipEncoder(sound: clip.sound, pool: pool, cancellation)
        if let count = clip.outcome.frameCount { frameProgress?.expect(count) }
        if let feed = clip.feed {
            let writer = try encoder.begin(ClipDescription(of: clip.frames), to: sink)
            try feed(writer, frameProgress)
            return try writer.finish()
        }
        return try encoder.encode(CountedFrames(base: clip.frames, progress: frameProgress), to: sink)
    }
}

extension InputConversion.Output {
    /// Writes a picture; under strictness, a loss is an error before the sink is committed.
    func encode(to sink: any ByteSink, with encoders: EncoderShelf) throws(MediaError) -> EncodingReport {
        let report: EncodingReport
        switch content {
        case .pixels(let source):
            report = try encoders.encoder(for: settings).encode(source, to: sink)
        case .clip:
            throw MediaError(.unsupported, "a clip where a picture is wanted")
        case .sound:
            throw MediaError(.unsupported, "a sound where a picture is wanted")
        case .file(let contents, _):
            try contents.withBytes { (bytes) throws(MediaError) in try sink.write(bytes) }
            var copied = content.plannedReport
            copied.byteCount = contents.byteCount
            report = copied
        }
        try settings.check(report)
        return report
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
        self.init(rawValue: path.fileEnding)
    }
}

extension MediaError.Code {
    /// The output file or its folder cannot be made.
    public static let createFailed: Self = "file.create-failed"
    /// Another process works with the file.
    public static let inUse: Self = "file.in-use"
}
