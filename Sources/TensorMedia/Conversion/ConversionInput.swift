import MediaCore
import TensorIO

/// One thing to convert: a file, or one member of an archive.
public struct ConversionInput: Sendable, Hashable {
    /// The file's path; `-` is standard input.
    public var path: String {
        get { isBelow ? place + relativePath : place }
        set { self = ConversionInput(path: newValue, member: member, relativePath: relativePath) }
    }
    /// Which tensor of the file; `nil` for all of them.
    public var member: String?
    /// The path below the input that was named, with its ending: it decides the output's place.
    public private(set) var relativePath: String
    /// The folder with its `/` where the path ends with ``relativePath``, so that a million inputs share few of these;
    /// else the path.
    private var place: String
    private var isBelow: Bool

    /// Creates an input.
    public init(path: String, member: String? = nil, relativePath: String) {
        self.member = member
        self.relativePath = relativePath
        let front = path.utf8.count - relativePath.utf8.count
        isBelow = front > 0 && path.hasSuffix("/" + relativePath)
        place = isBelow ? String(path.utf8.prefix(front)) ?? "" : path
    }

    /// Uses the folder's text of another input where it is the same.
    mutating func shareFolder(of other: ConversionInput?) {
        if let other, other.place == place { place = other.place }
    }

    /// What messages call it: the path, or `archive:member`.
    public var name: String { name(ofMember: member) }

    /// What messages call a member of the file.
    package func name(ofMember member: String?) -> String {
        let file = path == "-" ? "standard input" : path
        guard let member, !member.isEmpty else { return file }
        // Names come from files: one that fills the screen helps nobody.
        return member.utf8.count <= 300 ? "\(file):\(member)" : "\(file):\(member.prefix(100))…"
    }

    /// The relative path without the ending: where the outputs of the whole file go.
    var stem: String {
        let (folder, name) = relativePath.splitPath
        guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")), dot > name.startIndex else { return relativePath }
        let base = String(name[..<dot])
        return folder == "." && !relativePath.hasPrefix("./") ? base : folder.appendingPath(base)
    }

    /// The ending of the name, in small letters and without its dot; empty when there is none.
    var pathExtension: String {
        let name = relativePath.splitPath.name
        guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")), dot > name.startIndex else { return "" }
        return name[name.index(after: dot)...].lowercased()
    }

    /// Where the pictures of a member go, without number and ending.
    ///
    /// Members of archives go into a folder of the archive's name. Their names come from a file: what could lead out of
    /// the folder, or is no name on some system, is escaped as in keys of media.
    func outputStem(member: String?) throws(MediaError) -> String {
        guard let member, !member.isEmpty else { return stem }
        let key = try MediaKey(member, compatibility: .standard)
        return (stem.split(separator: "/").map(String.init) + key.folders + [key.stem]).joined(separator: "/")
    }

    /// The bytes of the file, or all of standard input.
    func read(
        _ limits: Limits, buffers: FileBuffers? = nil, _ cancellation: CancellationFlag?
    ) throws(MediaError) -> FileContents {
        if path == "-" {
            return try FileContents.read(
                descriptor: 0, name: "standard input", limits: limits, cancellation: cancellation)
        }
        do throws(MediaError) {
            return try FileContents.open(path, limits: limits, buffers: buffers)
        } catch {
            throw error.ofUnreadableName(path)
        }
    }

    /// Opens the file as one of tensors.
    func open(_ contents: FileContents, _ settings: ConversionSettings) throws(MediaError) -> TensorFile {
        var options = TensorFile.Options()
        options.limits = settings.limits
        options.raw = settings.raw
        return try TensorFile.open(contents, options: options)
    }
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
