import ArgumentParser
import TensorMedia

/// What `convert` does with many inputs beside converting them.
struct BatchArguments: ParsableArguments {
    @Flag(
        help: ArgumentHelp(
            "Leave out what an earlier run has done: inputs whose outputs are there and unchanged, by the manifest.",
            discussion: "The manifest is the folder's .tensor-media.jsonl unless --manifest names one."))
    var resume = false

    @Option(
        help: ArgumentHelp(
            "Write a line of JSON per output: path, digests, size, what was decided, source; for --bundle, BUNDLE.jsonl if not given.",
            valueName: "file"),
        completion: .file(extensions: ["jsonl"]))
    var manifest: String?

    @Option(
        help: ArgumentHelp(
            "Convert one share of the inputs, such as 3/16; which share an input is in follows from its relative path, for members of shards from their key.",
            valueName: "n/count"))
    var shard: String?

    @Option(
        help: ArgumentHelp(
            "How many samples go into one shard of -o 'out-%06d.tar'; \(ArchiveOutput.defaultSamplesPerShard) if not given.",
            valueName: "n"))
    var shardSamples: String?

    /// How many samples one archive of several gets; `nil` when nothing was said.
    ///
    /// - Throws: `argument.invalid`.
    func samplesPerShard() throws(MediaError) -> Int? {
        guard let shardSamples else { return nil }
        guard let count = Int(shardSamples), count > 0 else {
            throw MediaError(
                .argumentInvalid, "\"\(shardSamples)\" is not a whole number from 1",
                hint: "leave it out for \(ArchiveOutput.defaultSamplesPerShard)", at: .init(field: "--shard-samples"))
        }
        return count
    }

    /// The options.
    ///
    /// - Throws: `argument.invalid`, naming the option.
    func options(for target: OutputTarget, command: Convert) throws(MediaError) -> BatchOptions {
        var options = BatchOptions(manifest: manifest, resumes: resume)
        if let shard {
            do throws(MediaError) {
                options.shard = try Shard(shard)
            } catch {
                throw error.ofOption("--shard")
            }
        }
        if let manifest {
            do throws(MediaError) {
                try ManifestPlace.check(manifest)
            } catch {
                throw error.ofOption("--manifest")
            }
        }
        switch target {
        case .folder: return try check(options, command)
        case .archive where resume:
            throw MediaError(
                .argumentInvalid, "an archive appears whole or not at all, so there is nothing to take up",
                hint: "give a folder with --output, or leave it out", at: .init(field: "--resume"))
        case .archive: return options
        case .stream, .file, .clip, .sound: break
        }
        for (name, isGiven) in [("--resume", resume), ("--manifest", manifest != nil), ("--shard", shard != nil)]
        where isGiven {
            throw MediaError(
                .argumentInvalid, "\(name) is for outputs in a folder or an archive",
                hint: "give a folder with --output",
                at: .init(field: name))
        }
        return options
    }

    private func check(_ options: BatchOptions, _ command: Convert) throws(MediaError) -> BatchOptions {
        guard resume, command.noOverwrite else { return options }
        throw MediaError(
            .argumentInvalid, "--resume replaces what a killed run left, --no-overwrite replaces nothing",
            hint: "leave one of them out", at: .init(field: "--resume"))
    }
}

extension MediaError {
    /// The error, said of an option.
    func ofOption(_ name: String) -> MediaError {
        var copy = self
        copy.location.field = name
        return copy
    }
}
