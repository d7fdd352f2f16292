import ArgumentParser
import TensorMedia

/// One call of `convert`: options checked, inputs not looked at yet.
struct ConversionJob {
    private let command: Convert
    private let settings: ConversionSettings
    private let rules: ConversionRules
    private let batch: BatchOptions
    private let pool: WorkerPool
    private let target: OutputTarget
    private let display: PictureDisplay?
    /// How the run says how far it is.
    private let progress: ProgressStyle

    /// Checks the options.
    ///
    /// - Throws: `argument.invalid`, naming the option; what reading the rule file throws.
    init(_ command: Convert) throws(MediaError) {
        var settings = ConversionSettings()
        try command.reading.apply(to: &settings)
        try command.writing.apply(to: &settings)
        try command.clips.apply(to: &settings)
        try command.sounds.apply(to: &settings)
        try command.annotations.apply(to: &settings.annotations)
        settings.annotations.areDrawn = !command.noAnnotations
        rules = try command.reading.readRules()
        target = try OutputTarget(command)
        switch target {
        case .file(let type):
            if let format = command.writing.format,
                settings.clip.makesClips || settings.sound.makesSounds && settings.sound.picture == nil
                    || type.mediaType != settings.fileType.mediaType
            {
                throw Self.misfit("format \(format)", "--format", command)
            }
            if settings.clip.makesClips { throw Self.misfit("kind video", "--as", command) }
            if settings.sound.makesSounds, settings.sound.picture == nil {
                throw Self.misfit("kind audio", "--as", command)
            }
            settings.fileType = type
            settings.picture.fileType = type
        case .clip(let type):
            // Of several formats, the file is named after one, and the others beside it.
            var formats = settings.clip.format == nil ? [] : settings.clip.writtenFormats
            if let format = command.writing.format, !formats.contains(type) {
                throw Self.misfit("format \(format)", "--format", command)
            }
            formats.removeAll { $0 == type }
            if settings.clip.isAsked == false { throw Self.misfit("kind \(settings.kindName)", "--as", command) }
            (settings.clip.format, settings.clip.otherFormats) = (type, formats)
        case .sound(let type):
            if let format = command.writing.format, type != settings.sound.format {
                throw Self.misfit("format \(format)", "--format", command)
            }
            if settings.sound.isAsked == false || settings.sound.picture != nil {
                throw Self.misfit("kind \(settings.kindName)", "--as", command)
            }
            (settings.sound.format, settings.sound.isAsked) = (type, true)
        case .folder, .stream, .archive: break
        }
        display = try PictureDisplay(command.showing, shares: command.output == "-" ? "an output of -" : nil)
        batch = try command.batch.options(for: target, command: command)
        // One picture, and what is only planned, is no run to watch; programs that ask are told all the same.
        let isClip = target.isSingle && settings.clip.makesClips
        let watches = (!target.isSingle || isClip) && !command.dryRun || command.progress?.hasPrefix("json") == true
        let style = try ProgressStyle(command.progress, isQuiet: command.quiet)
        progress = watches ? style : .none
        if let jobs = command.jobs {
            guard let count = Int(jobs), (1...1024).contains(count) else {
                throw MediaError(
                    .argumentInvalid, "\"\(jobs)\" is not a whole number from 1 to 1024",
                    hint: "leave it out for all processors", at: .init(field: "--jobs"))
            }
            pool = WorkerPool(threadCount: count)
        } else {
            pool = WorkerPool()
        }
        self.command = command
        self.settings = settings
    }

    private static func misfit(_ what: String, _ option: String, _ command: Convert) -> MediaError {
        MediaError(
            .argumentInvalid, "the \(what) does not go with the output \(command.output)",
            hint: "leave \(option) out, or give the output another ending", at: .init(field: option))
    }

    /// Converts, prints, and throws the exit status unless all went well.
    func run() throws {
        var finder = InputFinder(takesPictures: command.pictures) { [rules, settings] path in
            settings.raw != nil || rules.giveRawForm(path)
        }
        finder.takesSounds = command.soundFiles
        switch target {
        case .folder: finder.outputFolder = command.output
        case .archive(let archive): finder.keepsCompanions = archive.form != .bundle
        case .file, .clip, .sound, .stream: break
        }
        finder.limits = settings.limits
        finder.takesFoldersAsFrames = command.clips.frames
        finder.pairsAnnotations = settings.annotations.areDrawn
        let found = finder.find(command.inputs)
        let count = found.inputs.count { !$0.isCompanion && (batch.shard?.contains($0.sharePath) ?? true) }
        let countsFrames = target.isSingle && settings.clip.makesClips
        let watch = ProgressDisplay(progress, total: count, countsFrames: countsFrames)
        var report = RunReport(
            .init(output: command.output, quiet: command.quiet, dryRun: command.dryRun), target,
            failures: found.failures, display: watch, pictures: display)
        Console.stepAside(for: watch)
        report.tell(found, leavesOut: !finder.keepsCompanions)
        watch.begin(output: command.output)
        do {
            do {
                if target.isSingle {
                    try runSingle(found.inputs, watch, &report)
                } else if !found.inputs.isEmpty {
                    try runBatch(found.inputs, watch, &report)
                }
            } catch {
                watch.stop()
                throw error
            }
            watch.stop()
            try report.finish(inputs: count, printsSummary: !target.isSingle)
        } catch {
            watch.end(outputs: report.picturesInPlace, status: (error as? ExitCode)?.rawValue ?? 1)
            throw error
        }
        watch.end(outputs: report.picturesInPlace, status: 0)
    }

    private func converter(folder: String, _ watch: ProgressDisplay) -> Converter {
        var converter = Converter(
            folder: folder, settings: settings, rules: rules, overwrites: !command.noOverwrite)
        converter.frameProgress = watch.frames
        return converter
    }

    private func runBatch(
        _ inputs: [ConversionInput], _ watch: ProgressDisplay, _ report: inout RunReport
    ) throws {
        let converter = converter(folder: command.output, watch)
        if command.dryRun {
            let inputs = inputs.filter { batch.shard?.contains($0.sharePath) ?? true }
            let plan =
                if case .archive(let archive) = target {
                    converter.plan(inputs, into: archive, cancellation: Interruption.flag)
                } else {
                    converter.plan(inputs, cancellation: Interruption.flag)
                }
            for outcome in plan { try report.take(outcome) }
            if Interruption.flag.isCancelled { report.end = MediaError(.cancelled, "interrupted") }
            return
        }
        var exit: ExitCode?
        do throws(MediaError) {
            let take = { (outcome: ConversionOutcome) throws(MediaError) in
                do throws(ExitCode) {
                    try report.take(outcome)
                } catch {
                    exit = error
                    throw MediaError(.cancelled, "standard output is gone")
                }
            }
            if case .archive(let archive) = target {
                try converter.run(
                    inputs, into: archive, batch: batch, pool: pool, cancellation: Interruption.flag,
                    written: { report.take($0) }, report: take)
            } else {
                try converter.run(inputs, batch: batch, pool: pool, cancellation: Interruption.flag, report: take)
            }
        } catch {
            if let exit { throw exit }
            report.end = error
        }
    }

    private func runSingle(
        _ inputs: [ConversionInput], _ watch: ProgressDisplay, _ report: inout RunReport
    ) throws {
        guard inputs.count <= 1 else {
            Console.error("\(inputs.count) inputs do not fit one output; give a folder with --output")
            throw ExitStatus.usage
        }
        guard let input = inputs.first else { return }
        let converter = converter(folder: "", watch)
        if command.dryRun {
            for outcome in converter.plan([input]) { try report.take(outcome) }
        } else {
            try report.take(
                converter.convertOne(input, to: command.output, pool: pool, cancellation: Interruption.flag))
        }
        if Interruption.flag.isCancelled { report.end = MediaError(.cancelled, "interrupted") }
    }
}

extension ConversionSettings {
    /// What `--as` says.
    fileprivate var kindName: String {
        if let picture = sound.picture { return picture.name }
        if sound.isAsked == true { return "audio" }
        return clip.isAsked == true ? "video" : picture.kind.rawValue
    }
}
