public import MediaCore
import TensorIO

extension Sound {
    /// An existing file, which is copied byte for byte after its header was read.
    ///
    /// - Parameters:
    ///   - path: a WAV, FLAC, Ogg (Vorbis, Opus, FLAC), MP3 or AIFF file whose name ends like one of its kind.
    ///   - caption: the text under the sound.
    ///   - compatibility: the wandb rules keep any ending.
    ///   - limits: what is accepted of files.
    /// - Throws: what opening the file and ``SoundFileHeader/read(_:limits:)`` throw; `format.malformed` for an ending of
    ///   another kind.
    public init(
        contentsOf path: String, caption: String? = nil, compatibility: Compatibility = .standard,
        limits: Limits = .default
    ) throws(MediaError) {
        let contents = try FileContents.open(path, limits: limits)
        let header = try SoundFileHeader.read(contents, limits: limits)
        let name = path.split(separator: "/").last ?? ""
        let ending = name.lastIndex(of: ".").map { String(name[name.index(after: $0)...]) } ?? ""
        guard compatibility.isWandb || header.kind.endings.contains(ending.lowercased()) else {
            throw MediaError(
                .malformed, "the content is \(header.kind), the name ends in \"\(ending)\"",
                hint: "rename it: a \(header.kind) file ends in \(header.kind.endings.joined(separator: ", "))",
                at: .init(file: path))
        }
        try self.init(contents, header, ending: ending.isEmpty ? "" : "." + ending, caption: caption, limits: limits)
    }

    /// The bytes of an existing file, or an open one, copied as they are.
    ///
    /// - Throws: as ``SoundFileHeader/read(_:limits:)``.
    public init(
        _ contents: FileContents, caption: String? = nil, limits: Limits = .default
    ) throws(MediaError) {
        let header = try SoundFileHeader.read(contents, limits: limits)
        try self.init(contents, header, ending: "." + header.kind.rawValue, caption: caption, limits: limits)
    }

    private init(
        _ contents: FileContents, _ header: SoundFileHeader, ending: String, caption: String?, limits: Limits
    ) throws(MediaError) {
        let source: any SampleSource =
            header.kind == .wav ? try WAVFile(contents, limits: limits) : CopiedSamples(header, name: contents.name)
        self.init(copying: contents, header: header, ending: ending, source: source, caption: caption)
    }

    /// What the header of an existing file says; `nil` for samples.
    public var fileHeader: SoundFileHeader? { file?.header }
}

/// The samples of a compressed file, which is copied and not decoded.
private struct CopiedSamples: SampleSource {
    let rate: Int
    let channels: Int
    let count: Int?
    private let kind: SoundFileKind
    private let name: String

    init(_ header: SoundFileHeader, name: String) {
        (rate, channels, count, kind) = (header.rate, header.channels, header.count, header.kind)
        self.name = name
    }

    func fill(_ range: Range<Int>, into samples: inout MutableSpan<Float>) throws(MediaError) -> Int {
        throw MediaError(
            .unsupported, "the samples of a \(kind) file are not decoded here",
            hint: "convert it: ffmpeg -i in.\(kind) out.wav", at: .init(file: name))
    }
}
