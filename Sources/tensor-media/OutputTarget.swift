import TensorMedia

/// What `--output` stands for.
enum OutputTarget: Equatable {
    case folder, stream
    case file(ImageFileType)
    case clip(ClipFormat)
    case sound(SoundFormat)
    case archive(ArchiveOutput)

    /// - Throws: `path.invalid` for an empty path; `argument.invalid` for files of a kind that is not written.
    ///
    /// - Parameter isSound: whether sounds are asked for: Ogg files hold sounds or videos.
    init(_ path: String, isSound: Bool = false) throws(MediaError) {
        guard !path.isEmpty else {
            throw MediaError(
                .pathInvalid, "the path is empty",
                hint: "name a folder, a picture file, a tar archive, or - for standard output",
                at: .init(field: "--output"))
        }
        if path == "-" {
            self = .stream
        } else if path.hasSuffix("/") {
            self = .folder
        } else if try FileSystem.status(of: path)?.kind == .folder {
            self = .folder
        } else if path.lowercased().hasSuffix(".tar") {
            self = .archive(ArchiveOutput(path, form: .samples(perShard: ArchiveOutput.defaultSamplesPerShard)))
        } else if let type = ImageFileType(pathOf: path) {
            self = .file(type)
        } else if isSound, let format = SoundFormat(pathOf: path) {
            self = .sound(format)
        } else if let format = ClipFormat(pathOf: path) {
            self = .clip(format)
        } else if let format = SoundFormat(pathOf: path) {
            self = .sound(format)
        } else {
            let name = path.splitPath.name
            let ending = name.contains(".") ? name.split(separator: ".").last?.lowercased() ?? "" : ""
            guard !Self.otherMedia.contains(ending) else {
                throw MediaError(
                    .argumentInvalid, "\(ending) files are not written here",
                    hint:
                        "choose \(ImageFileType.allCases.map(\.rawValue).joined(separator: ", ")), gif, mp4, webm, ogg, wav, flac, opus, mp3, aiff, or a folder",
                    at: .init(field: "--output"))
            }
            self = .folder
        }
    }

    /// What `--output` or `--bundle` and what goes with them stand for.
    ///
    /// - Throws: `argument.invalid`, naming the option; `path.invalid`.
    init(_ command: Convert) throws(MediaError) {
        let samples = try command.batch.samplesPerShard()
        if let bundle = command.bundle {
            guard command.outputPath == nil else {
                throw MediaError(
                    .argumentInvalid, "a bundle takes the place of --output", hint: "leave one of them out",
                    at: .init(field: "--bundle"))
            }
            guard bundle.lowercased().hasSuffix(".tar"), try FileSystem.status(of: bundle)?.kind != .folder else {
                throw MediaError(
                    .argumentInvalid, "\"\(bundle)\" is not the name of a tar archive", hint: "write --bundle out.tar",
                    at: .init(field: "--bundle"))
            }
            self = .archive(ArchiveOutput(bundle, form: .bundle))
        } else {
            self = try OutputTarget(command.output, isSound: command.reading.kind == "audio")
        }
        guard let samples else { return }
        guard case .archive(var archive) = self, archive.isNumbered else {
            throw MediaError(
                .argumentInvalid, "the samples of one archive are counted where there are several",
                hint: "write -o 'out-%06d.tar'", at: .init(field: "--shard-samples"))
        }
        archive.form = .samples(perShard: samples)
        self = .archive(archive)
    }

    /// Whether the output is one picture, clip or sound.
    var isSingle: Bool {
        switch self {
        case .stream, .file, .clip, .sound: true
        case .folder, .archive: false
        }
    }

    /// Endings that nobody gives to a folder.
    private static let otherMedia: Set<String> = [
        "aac", "apng", "au", "avi", "avif", "bin", "csv", "exr", "glb", "gltf", "heic", "html", "ico", "json", "jxl",
        "m4a", "mkv", "mov", "npy", "npz", "obj", "pdf", "pgm", "ply", "ppm", "pt", "pth",
        "safetensors", "svg", "tga", "tif", "tiff", "txt", "webp", "wma",
    ]
}
