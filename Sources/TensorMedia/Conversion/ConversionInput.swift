import AudioCoding
import MediaCore
import TensorIO

/// One thing to convert: a file, a file in a tar archive, or one tensor of either.
public struct ConversionInput: Sendable, Hashable {
    /// The file's path; `-` is standard input.
    public var path: String {
        get { isBelow ? place + relativePath : place }
        set {
            let (entry, annotations, isFolder) = (entry, annotationBox, isFrameFolder)
            self = ConversionInput(path: newValue, member: member, relativePath: relativePath)
            (self.entry, annotationBox, isFrameFolder) = (entry, annotations, isFolder)
        }
    }
    /// Which tensor of the file; `nil` for all of them.
    public var member: String?
    /// The path below the input that was named, with its ending: it decides the output's place.
    public private(set) var relativePath: String
    /// The folder with its `/` where the path ends with ``relativePath``, so that a million inputs share few of these;
    /// else the path.
    private var place: String
    private var isBelow: Bool
    /// The masks and boxes that belong to it; rare, so the room for them is not in every input.
    private var annotationBox: AnnotationBox?
    /// Whether it is a folder whose files are the frames of one clip.
    public private(set) var isFrameFolder = false
    /// Which file of the archive at ``path`` it is, when that is a tar archive.
    var entry: ArchiveEntry?

    /// Creates an input.
    public init(path: String, member: String? = nil, relativePath: String) {
        self.member = member
        self.relativePath = relativePath
        let front = path.utf8.count - relativePath.utf8.count
        isBelow = front > 0 && path.hasSuffix("/" + relativePath)
        place = isBelow ? String(path.utf8.prefix(front)) ?? "" : path
    }

    /// Creates the input that a folder of frames is: one clip, called like the folder.
    public init(frameFolder path: String) {
        var path = path[...]
        while path.utf8.count > 1, path.hasSuffix("/") { path.removeLast() }
        let name = String(path).splitPath.name
        self.init(path: String(path), relativePath: ["", ".", ".."].contains(name) ? "frames" : name)
        isFrameFolder = true
    }

    /// The files of masks and boxes that are drawn on its pictures.
    public var annotations: AnnotationFiles? {
        get { annotationBox?.files }
        set { annotationBox = newValue.map(AnnotationBox.init) }
    }

    /// Uses the folder's text of another input where it is the same.
    mutating func shareFolder(of other: ConversionInput?) {
        if let other, other.place == place { place = other.place }
    }

    /// Whether it is nothing to convert, but a member of a shard that goes into the new one with its sample.
    public var isCompanion: Bool { entry?.isCompanion ?? false }

    /// What messages call it: the path, or `archive:member`.
    public var name: String { name(ofMember: member) }

    /// What messages call a member of the file.
    package func name(ofMember member: String?) -> String {
        var name = path == "-" ? "standard input" : path
        for part in [entry?.name, member] {
            guard let part, !part.isEmpty else { continue }
            // Names come from files: one that fills the screen helps nobody.
            name += ":" + (part.utf8.count <= 300 ? part : part.prefix(100) + "…")
        }
        return name
    }

    /// The name of the tensor in the archive at ``path``: `member`, or the file in a tar archive and the tensor in it.
    func fullMember(_ member: String?) -> String? {
        guard let entry else { return member }
        return member.map { $0.isEmpty ? entry.name : entry.name + ":" + $0 } ?? entry.name
    }

    /// What tells it from all other inputs of a search: the relative path, and the file in the archive there.
    package var searchPath: String { entry.map { relativePath + ":" + $0.name } ?? relativePath }

    /// What decides to which share of a batch it belongs: samples of a shard stay whole.
    package var sharePath: String { entry.map { relativePath + ":" + $0.name.sampleKey } ?? relativePath }

    /// The relative path without the ending: where the outputs of the whole file go.
    ///
    /// Files in a tar archive go into a folder of its name, or keep their paths in an archive of samples.
    var stem: String {
        if isFrameFolder { return relativePath }
        guard let entry else { return relativePath.withoutEnding }
        let own = entry.name.withoutEnding
        if entry.isBare { return own }
        guard let key = try? MediaKey(own, compatibility: .standard) else {
            return relativePath.withoutEnding + "/" + own
        }
        return ([relativePath.withoutEnding] + key.folders + [key.stem]).joined(separator: "/")
    }

    /// The name of the file alone, as captions say it: without folders and ending.
    var pictureName: String {
        if isFrameFolder { return relativePath }
        return path == "-" ? "standard input" : (entry?.name ?? relativePath).splitPath.name.withoutEnding
    }

    /// The file's path with its ending, where outputs go: what a copy of it is called.
    var ownPath: String { stem + "." + pathExtension }

    /// The name by which the kind of the file can be told.
    var fileName: String { entry?.name ?? path }

    /// The ending of the name, in small letters and without its dot; empty when there is none.
    var pathExtension: String { (entry?.name ?? relativePath).fileEnding }

    /// Where the pictures of a member go, without number and ending.
    ///
    /// Members of archives go into a folder of the archive's name. Their names come from a file: what could lead out of
    /// the folder, or is no name on some system, is escaped as in keys of media.
    func outputStem(member: String?) throws(MediaError) -> String {
        guard let member, !member.isEmpty else { return stem }
        let key = try MediaKey(member, compatibility: .standard)
        // The key of a sample ends at the first dot: what comes out of one file stays in its sample.
        if entry?.isBare == true { return ([stem] + key.folders + [key.stem]).joined(separator: ".") }
        return (stem.split(separator: "/").map(String.init) + key.folders + [key.stem]).joined(separator: "/")
    }

    /// The stem of one of the pictures that a tensor is.
    func numberedStem(_ stem: String, _ index: Int) -> String {
        stem + (entry?.isBare == true ? "." : "_") + String(index).leftPadded(to: 6)
    }

    /// The bytes of the file, or all of standard input.
    func read(
        _ limits: Limits, buffers: FileBuffers? = nil, _ cancellation: CancellationFlag?
    ) throws(MediaError) -> FileContents {
        if path == "-" {
            return try FileContents.read(
                descriptor: 0, name: "standard input", limits: limits, cancellation: cancellation)
        }
        if let entry { return try entry.archive.contents(of: entry.member, limits: limits, buffers: buffers) }
        do throws(MediaError) {
            return try FileContents.open(path, limits: limits, buffers: buffers)
        } catch {
            throw error.ofUnreadableName(path)
        }
    }

    /// Opens the file as one of tensors.
    func open(_ contents: FileContents, _ settings: ConversionSettings) throws(MediaError) -> TensorFile {
        if settings.raw == nil, member == nil, InputFinder.soundEndings.contains(pathExtension) {
            // Whoever calls a file so does not look for tensors in it.
            _ = try SoundFileHeader.read(contents, limits: settings.limits)
        }
        var options = TensorFile.Options()
        options.limits = settings.limits
        options.raw = settings.raw
        return try TensorFile.open(contents, options: options)
    }
}

/// Keeps annotations out of line.
private final class AnnotationBox: Sendable, Hashable {
    let files: AnnotationFiles

    init(_ files: AnnotationFiles) { self.files = files }

    static func == (a: AnnotationBox, b: AnnotationBox) -> Bool { a.files == b.files }
    func hash(into hasher: inout Hasher) { hasher.combine(files) }
}

extension TensorFile.Format {
    /// Whether files of the format hold tensors by name.
    var isArchive: Bool {
        switch self {
        case .npz, .safetensors, .torch: true
        case .npy, .raw: false
        }
    }
}

extension MediaError {
    /// The error with advice that fits a name whose bytes are no text: it reaches this package with U+FFFD in their place,
    /// and under that name there is nothing.
    func ofUnreadableName(_ path: String) -> MediaError {
        guard code == .fileNotFound, path.unicodeScalars.contains("\u{FFFD}") else { return self }
        var copy = self
        copy.message = "the name is not UTF-8, so the file cannot be opened"
        copy.hint = "rename it"
        return copy
    }
}

extension String {
    /// The text with zeros in front.
    func leftPadded(to count: Int) -> String { String(repeating: "0", count: max(0, count - utf8.count)) + self }
}
