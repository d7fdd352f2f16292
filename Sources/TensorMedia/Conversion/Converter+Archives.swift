public import MediaCore

extension Converter {
    /// As ``run(_:batch:pool:cancellation:report:)``, into a tar archive, or several, instead of a folder.
    ///
    /// An archive appears under its name when it is complete, or not at all; so does the manifest. Of several archives,
    /// those that are complete stay when the run ends early; there is no manifest then. Outputs wait for their turn in
    /// bounded memory. With ``ArchiveOutput/Form/samples(perShard:)`` inputs of one sample that stand apart are
    /// brought together, and companions among the inputs are copied; with ``ArchiveOutput/Form/bundle`` companions are left
    /// out.
    ///
    /// - Parameters:
    ///   - inputs: what to convert.
    ///   - archive: where to.
    ///   - batch: a manifest, a share. A bundle has a manifest in any case: beside it, with `.jsonl` behind its name.
    ///   - pool: the threads.
    ///   - cancellation: ends the run between two pieces of a file.
    ///   - written: told of each archive that is complete, on this thread: after the report of the last input that is in
    ///     it, and before the run ends, in whatever way.
    ///   - report: called on this thread, input after input.
    /// - Throws: `argument.invalid` when the batch resumes: there is nothing to take up; `file.name-collision` when the
    ///   archive would replace an input or what may not be replaced; otherwise as the run into a folder.
    public func run(
        _ inputs: [ConversionInput], into archive: ArchiveOutput, batch: BatchOptions = BatchOptions(),
        pool: WorkerPool,
        cancellation: CancellationFlag? = nil, written: (WrittenArchive) -> Void = { _ in },
        report: (ConversionOutcome) throws(MediaError) -> Void
    ) throws(MediaError) {
        guard !batch.resumes else {
            throw MediaError(
                .argumentInvalid, "an archive appears whole or not at all, so there is nothing to take up",
                hint: "convert into a folder to resume")
        }
        if let path = batch.manifest { try ManifestPlace.check(path) }
        let inputs = archive.arrange(inputs)
        let names = OutputNames(inputs, copiesPictures: settings.copiesPictures)
        let manifest = batch.manifest ?? (archive.form == .bundle ? archive.path + ".jsonl" : nil)
        // Where files cannot be without a name, a killed run has left a hidden one, as large as an archive.
        try? TemporaryFile.removeAbandoned(in: archive.path.splitPath.folder) { _ in }
        let store = try ArchiveStore(
            archive, overwrites: overwrites, digests: manifest == nil ? [] : [.sha256, .md5, .crc32c],
            cancellation: cancellation
        ) { (path) throws(MediaError) in
            do throws(MediaError) {
                try names.protectInputs(at: path)
            } catch {
                // Not one input's failure: it ends the run.
                throw MediaError(
                    .createFailed, "the archive would replace an input", hint: "write to another place",
                    at: .init(file: path))
            }
        }
        let file = try manifest.map { (path) throws(MediaError) in try ManifestFile(path: path, options: optionsKey) }
        let run = Run(
            inputs: inputs, names: names, store: store, journal: nil, resumes: false, shard: batch.shard)
        defer { store.takeWritten().forEach(written) }
        try self.run(run, manifest: file, pool: pool, cancellation: cancellation) { (outcome) throws(MediaError) in
            try report(outcome)
            store.takeWritten().forEach(written)
        }
    }

    /// What ``run(_:into:batch:pool:cancellation:written:report:)`` would make: see ``plan(_:cancellation:)``.
    public func plan(
        _ inputs: [ConversionInput], into archive: ArchiveOutput, cancellation: CancellationFlag? = nil
    ) -> [ConversionOutcome] {
        plan(archive.arrange(inputs).filter { !$0.isCompanion }, inFolder: false, cancellation: cancellation)
    }
}

extension ArchiveOutput {
    /// The inputs as they go into the archive: in which order, under which paths, companions or not.
    fileprivate func arrange(_ inputs: [ConversionInput]) -> [ConversionInput] {
        guard case .samples = form else { return inputs.filter { !$0.isCompanion } }
        var bare = inputs
        for index in bare.indices { bare[index].entry?.isBare = true }
        return bare.groupedBySample()
    }
}
