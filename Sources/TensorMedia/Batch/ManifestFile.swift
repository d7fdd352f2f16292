import MediaCore

/// The manifest of a run into an archive: a file that appears whole when the archive has, or not at all.
///
/// The lines are those of ``ManifestRecord``. There is nothing to take up again, so there is no journal.
final class ManifestFile {
    private let sink: FileSink
    private let options: TextKey
    private var hasContent = false
    private var hasFailures = false

    /// - Parameters:
    ///   - path: the file; its folder exists.
    ///   - options: stands for everything that decides about outputs.
    /// - Throws: `file.create-failed`, also when another file than a manifest stands there.
    init(path: String, options: TextKey) throws(MediaError) {
        self.options = options
        try ManifestPlace.checkContent(path)
        do throws(MediaError) {
            sink = try FileSink(path: path)
        } catch {
            throw error.whileCreating
        }
    }

    /// Takes the next input's outcome.
    func add(_ outcome: ConversionOutcome) throws(MediaError) {
        if !outcome.failures.isEmpty { hasFailures = true }
        if !outcome.outputs.isEmpty || outcome.copiedPath != nil { hasContent = true }
        guard !outcome.outputs.isEmpty else { return }
        let key = ManifestRecord.key(outcome.input)
        let lines = try ManifestRecord.lines(outcome, key: key, source: outcome.source, options: options)
        try unsafe sink.write(lines.span.bytes)
    }

    /// Gives the file its name, unless there is no archive either because everything failed.
    func finish() throws(MediaError) {
        guard hasContent || !hasFailures else { return }
        _ = try sink.commit()
    }
}
