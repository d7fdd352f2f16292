public import ImageCoding
public import MediaCore
public import TensorIO

/// Moving pictures as a media object: frames or an existing file, with what is said about them.
///
///     let clip = try Clip(tensor, options: ClipOptions { $0.layout = .tchw; $0.frameRate = try? FrameRate(30) })
///     let record = try clip.write(to: folder, key: "rollout", step: .step(3))
///
/// Making one checks the tensor and decides layout and value mapping; frames are computed while the file is written.
public struct Clip: Sendable {
    /// Where the frames come from.
    enum Content: Sendable {
        case frames(any FrameSource)
        case file(FileContents, ending: String, findings: [Finding])
    }

    /// The text under the clip.
    public var caption: String?
    /// The kind of file; an existing file keeps its own.
    public let format: ClipFormat
    /// The encoder of GIF files, from which those of other kinds take what they share; `nil` takes
    /// ``ClipPreset/fastest`` on the caller's thread.
    public var encoder: GIFEncoder?
    /// The encoder of mp4, webm and ogg files, whatever its own kind of file; `nil` takes from ``encoder`` what both have.
    public var videoEncoder: VideoEncoder?

    private(set) var content: Content

    /// The clip of a tensor.
    ///
    /// - Parameters:
    ///   - tensor: rank 3 to 5; the clips of a batch stand side by side.
    ///   - options: how the tensor is read.
    ///   - format: the kind of file; GIF when it is not given, which the wandb rules ask for.
    ///   - caption: the text under the clip.
    ///   - encoder: the encoder of GIF files.
    ///   - videoEncoder: the encoder of videos.
    /// - Throws: what ``TensorFrames/init(_:options:)`` throws; `argument.invalid` without a format under the wandb rules.
    public init(
        _ tensor: Tensor, options: ClipOptions = ClipOptions(), format: ClipFormat? = nil, caption: String? = nil,
        encoder: GIFEncoder? = nil, videoEncoder: VideoEncoder? = nil
    ) throws(MediaError) {
        guard let format = format ?? (options.compatibility.isWandb ? nil : .gif) else { throw Self.noFormat }
        try format.check(under: options.compatibility, at: .init(field: "format"))
        try self.init(
            try TensorFrames(tensor, options: options), format: format, caption: caption, encoder: encoder,
            videoEncoder: videoEncoder)
    }

    /// The clip of any source of frames.
    ///
    /// A source that can be read only once makes a clip that can be written once.
    /// - Throws: `argument.invalid` for options of an encoder that do not go with the kind of file.
    public init(
        _ frames: any FrameSource, format: ClipFormat = .gif, caption: String? = nil, encoder: GIFEncoder? = nil,
        videoEncoder: VideoEncoder? = nil
    ) throws(MediaError) {
        _ = try ClipEncoder(for: format, gif: encoder ?? GIFEncoder(), video: videoEncoder)
        content = .frames(frames)
        self.format = format
        self.caption = caption
        self.encoder = encoder
        self.videoEncoder = videoEncoder
    }

    /// An existing file, which is copied byte for byte.
    ///
    /// Its ending has to be that of a kind of clip, and its first bytes have to be of that kind; of a GIF all blocks are walked
    /// through (``GIFFile``), of the others all packets (``VideoFile``). The wandb rules believe the ending alone.
    ///
    /// - Parameters:
    ///   - path: a file that ends in gif, apng, mp4, webm or ogg.
    ///   - caption: the text under the clip.
    ///   - frameRate: no rate: a file has its own. One that is given is an error, and reported under the wandb rules.
    ///   - compatibility: whose rules decide.
    ///   - limits: what is accepted of files.
    /// - Throws: what opening the file throws; `argument.invalid` for other endings and for a rate; `format.malformed`
    ///   for content of another kind; `format.truncated` for a GIF that ends before its end.
    public init(
        contentsOf path: String, caption: String? = nil, frameRate: FrameRate? = nil,
        compatibility: Compatibility = .standard, limits: Limits = .default
    ) throws(MediaError) {
        guard let format = ClipFormat(pathOf: path) else {
            throw MediaError(
                .argumentInvalid, "the name does not end like a clip",
                hint: "clips end in " + ClipFormat.allCases.map(\.rawValue).joined(separator: ", "),
                at: .init(file: path))
        }
        try self.init(
            FileContents.open(path, limits: limits), format: format, caption: caption, frameRate: frameRate,
            compatibility: compatibility)
        guard compatibility.isWandb, case .file(let contents, _, let findings) = content,
            let dot = path.lastIndex(of: ".")
        else { return }
        // The SDK keeps the ending as it is written.
        content = .file(contents, ending: String(path[dot...]), findings: findings)
    }

    private static var noFormat: MediaError {
        MediaError(
            .argumentInvalid, "nobody says what kind of file the clip is",
            hint: "choose one of " + ClipFormat.allCases.map(\.rawValue).joined(separator: ", "),
            at: .init(field: "format"))
    }

    /// The bytes of an existing file, or an open one, copied as they are.
    ///
    /// Without a format the bytes say what they are; the wandb rules ask for one.
    ///
    /// - Throws: as ``init(contentsOf:caption:frameRate:compatibility:limits:)``.
    public init(
        _ contents: FileContents, format: ClipFormat? = nil, caption: String? = nil, frameRate: FrameRate? = nil,
        compatibility: Compatibility = .standard
    ) throws(MediaError) {
        let found = format ?? (compatibility.isWandb ? nil : contents.withBytes(ClipFormat.of))
        guard let format = found else { throw Self.noFormat }
        try format.check(under: compatibility, at: .init(file: contents.name))
        var findings: [Finding] = []
        if let frameRate {
            let message = "a rate of \(frameRate) frames/s for a file, which has its own"
            let hint = "leave the rate out"
            guard compatibility.isWandb else {
                throw MediaError(.argumentInvalid, message, hint: hint, at: .init(field: "frameRate"))
            }
            findings.append(.warning(.argumentInvalid, message, path: "frameRate", hint: hint))
        }
        if !compatibility.isWandb {
            try contents.withBytes { (bytes) throws(MediaError) in try Self.check(bytes, format, contents.name) }
            if format == .gif { findings += try GIFFile(contents).findings }
            if format.isVideo { findings += try Self.checkVideo(contents) }
        }
        content = .file(contents, ending: "." + format.rawValue, findings: findings)
        self.format = format
        self.caption = caption
    }

    /// Reads the packets of a video, where that is possible.
    private static func checkVideo(_ contents: FileContents) throws(MediaError) -> [Finding] {
        do throws(MediaError) {
            _ = try VideoFile(contents)
            return []
        } catch {
            guard error.code == .libraryMissing else { throw error }
            return [
                .warning(
                    .libraryMissing, "the video was not looked into: \(error.message)", path: contents.name,
                    hint: error.hint)
            ]
        }
    }

    /// Compares the bytes of a file with the kind that it is said to be.
    private static func check(_ bytes: RawSpan, _ format: ClipFormat, _ name: String) throws(MediaError) {
        guard let found = ClipFormat.of(bytes) else {
            throw MediaError(
                bytes.isEmpty ? .truncated : .malformed,
                bytes.isEmpty ? "the file is empty" : "the content is no clip",
                hint: "expected \(format.rawValue)", at: .init(file: name))
        }
        guard found == format else {
            throw MediaError(
                .malformed, "the content is \(found.rawValue), the name or the caller says \(format.rawValue)",
                hint: "rename it, or say what it is", at: .init(file: name))
        }
    }
}

extension Clip {
    /// The frames; `nil` for an existing file.
    public var frames: (any FrameSource)? {
        if case .frames(let frames) = content { frames } else { nil }
    }
}
