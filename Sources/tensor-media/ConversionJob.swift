import ArgumentParser
import TensorMedia

/// One call of `convert`: options checked, inputs not looked at yet.
struct ConversionJob {
    private let command: Convert
    private let settings: ConversionSettings
    private let rules: ConversionRules
    private let batch: BatchOptions
    private let pool: WorkerPool
    /// Whether the output is one file, or standard output.
    private let isSingle: Bool
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
        rules = try command.reading.readRules()
        let target = try OutputTarget(command.output)
        if case .file(let type) = target {
            if command.writing.format != nil, type.mediaType != settings.fileType.mediaType {
                throw MediaError(
                    .argumentInvalid,
                    "the format \(settings.fileType.rawValue) does not go with the output \(command.output)",
                    hint: "leave --format out, or give the output that ending", at: .init(field: "--format"))
            }
            settings.fileType = type
            settings.picture.fileType = type
        }
        isSingle = target != .folder
        display = try PictureDisplay(command.showing, shares: command.output == "-" ? "an output of -" : nil)
        batch = try command.batch.options(isFolder: target == .folder, command: command)
        // One picture, and what is only planned, is no run to watch; programs that ask are told all the same.
        let watches = target == .folder && !command.dryRun || command.progress?.hasPrefix("json") == true
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

    /// Converts, prints, and throws the exit status unless all went well.
    func run() throws {
        let finder = InputFinder(takesPictures: command.pictures) { [rules, settings] path in
            settings.raw != nil || rules.giveRawForm(path)
        }
        let found = finder.find(command.inputs)
        let share = batch.shard.map { shard in found.inputs.count { shard.contains($0.relativePath) } }
        let count = share ?? found.inputs.count
        let watch = ProgressDisplay(progress, total: count)
        var report = RunReport(command, failures: found.failures, display: watch, pictures: display)
        Console.stepAside(for: watch)
        watch.begin(output: command.output)
        do {
            do {
                if isSingle {
                    try runSingle(found.inputs, &report)
                } else if !found.inputs.isEmpty {
                    try runFolder(found.inputs, &report)
                }
            } catch {
                watch.stop()
                throw error
            }
            watch.stop()
            try report.finish(inputs: count, printsSummary: !isSingle)
        } catch {
            watch.end(outputs: report.pictures, status: (error as? ExitCode)?.rawValue ?? 1)
            throw error
        }
        watch.end(outputs: report.pictures, status: 0)
    }

    private func converter(folder: String) -> Converter {
        Converter(folder: folder, settings: settings, rules: rules, overwrites: !command.noOverwrite)
    }

    private func runFolder(_ inputs: [ConversionInput], _ report: inout RunReport) throws {
        let converter = converter(folder: command.output)
        if command.dryRun {
            let inputs = inputs.filter { batch.shard?.contains($0.relativePath) ?? true }
            for outcome in converter.plan(inputs, cancellation: Interruption.flag) { try report.take(outcome) }
            if Interruption.flag.isCancelled { report.end = MediaError(.cancelled, "interrupted") }
            return
        }
        var exit: ExitCode?
        do throws(MediaError) {
            try converter.run(
                inputs, batch: batch, pool: pool, cancellation: Interruption.flag
            ) { (outcome) throws(MediaError) in
                do throws(ExitCode) {
                    try report.take(outcome)
                } catch {
                    exit = error
                    throw MediaError(.cancelled, "standard output is gone")
                }
            }
        } catch {
            if let exit { throw exit }
            report.end = error
        }
    }

    private func runSingle(_ inputs: [ConversionInput], _ report: inout RunReport) throws {
        guard inputs.count <= 1 else {
            Console.error("\(inputs.count) inputs do not fit one output; give a folder with --output")
            throw ExitStatus.usage
        }
        guard let input = inputs.first else { return }
        let converter = converter(folder: "")
        if command.dryRun {
            for outcome in converter.plan([input]) { try report.take(outcome) }
        } else {
            try report.take(
                converter.convertOne(input, to: command.output, pool: pool, cancellation: Interruption.flag))
        }
        if Interruption.flag.isCancelled { report.end = MediaError(.cancelled, "interrupted") }
    }
}

/// What `--output` stands for.
private enum OutputTarget: Equatable {
    case folder, stream
    case file(ImageFileType)

    /// - Throws: `path.invalid` for an empty path; `argument.invalid` for files of a kind that is not written.
    init(_ path: String) throws(MediaError) {
        guard !path.isEmpty else {
            throw MediaError(
                .pathInvalid, "the path is empty", hint: "name a folder, a picture file, or - for standard output",
                at: .init(field: "--output"))
        }
        if path == "-" {
            self = .stream
        } else if path.hasSuffix("/") {
            self = .folder
        } else if try FileSystem.status(of: path)?.kind == .folder {
            self = .folder
        } else if let type = ImageFileType(pathOf: path) {
            self = .file(type)
        } else {
            let name = path.splitPath.name
            let ending = name.contains(".") ? name.split(separator: ".").last?.lowercased() ?? "" : ""
            guard !Self.otherMedia.contains(ending) else {
                throw MediaError(
                    .argumentInvalid, "\(ending) files are not written here",
                    hint: "choose \(ImageFileType.allCases.map(\.rawValue).joined(separator: ", ")), or a folder",
                    at: .init(field: "--output"))
            }
            self = .folder
        }
    }

    /// Endings that nobody gives to a folder.
    private static let otherMedia: Set<String> = [
        "apng", "avi", "avif", "bin", "csv", "exr", "flac", "gif", "glb", "gltf", "heic", "html", "ico", "json", "jxl",
        "mkv", "mov", "mp3", "mp4", "npy", "npz", "obj", "ogg", "opus", "pdf", "pgm", "ply", "ppm", "pt", "pth",
        "safetensors", "svg", "tga", "tif", "tiff", "txt", "wav", "webm", "webp",
    ]
}
