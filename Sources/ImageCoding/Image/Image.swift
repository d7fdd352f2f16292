public import MediaCore
public import TensorIO

/// A picture as a media object: pixels or an existing file, with what is said about it.
///
///     let image = try Image(tensor, caption: "epoch 3")
///     let record = try image.write(to: folder, key: "samples", step: .step(3))
///
/// Making one checks the tensor and decides layout and value mapping; pixels are computed while the file is written.
public struct Image: Sendable {
    /// Where the pixels come from.
    enum Content: Sendable {
        case pixels(any PixelSource)
        case file(FileContents, ImageHeader, ending: String)
    }

    /// The text under the picture.
    public var caption: String?
    /// How many further pictures belong to this one; viewers show a group side by side. 0 is no group.
    public var grouping: Int?
    /// The names of the classes that masks and boxes of this picture speak of; they go into artifacts, not into history.
    public var classes: [ImageClass]
    /// The kind of file that is written; an existing file keeps its own.
    public let fileType: ImageFileType
    /// The encoder; `nil` takes ``EncodingPreset/fastest``, and under the wandb rules its quality of JPEG.
    public var encoder: ImageEncoder?

    let content: Content
    /// Under whose rules the picture was made.
    private let compatibility: Compatibility

    /// The one picture of a tensor.
    ///
    /// - Parameters:
    ///   - tensor: rank 2 or 3, or a batch that holds one picture or is laid out in a grid.
    ///   - options: how the tensor is read.
    ///   - caption: the text under the picture.
    ///   - grouping: how many further pictures belong to this one.
    ///   - classes: the names of classes.
    ///   - encoder: the encoder, if not the one of `options.fileType`.
    /// - Throws: what ``TensorIO/Tensor/picture(_:)`` throws; `format.unsupported` for pixels that the kind of file
    ///   cannot hold, where the mode was given.
    public init(
        _ tensor: Tensor, options: PictureOptions = PictureOptions(), caption: String? = nil, grouping: Int? = nil,
        classes: [ImageClass] = [], encoder: ImageEncoder? = nil
    ) throws(MediaError) {
        let picture = try tensor.picture(options)
        try options.fileType.check(mode: options.mode)
        self.init(
            content: .pixels(picture), fileType: options.fileType, compatibility: options.compatibility,
            caption: caption, grouping: grouping, classes: classes, encoder: encoder)
    }

    /// The picture of any source of pixels.
    public init(
        _ source: any PixelSource, fileType: ImageFileType = .png, caption: String? = nil, grouping: Int? = nil,
        classes: [ImageClass] = [], encoder: ImageEncoder? = nil
    ) {
        self.init(
            content: .pixels(source), fileType: fileType, compatibility: .standard, caption: caption,
            grouping: grouping, classes: classes, encoder: encoder)
    }

    /// A picture file, which is copied byte for byte: PNG, JPEG, GIF, BMP or WebP.
    ///
    /// Its header gives width, height and format. Where the ending of the name is not one of the format, the standard
    /// rules name the copy after the content, and report an ending that lies; the wandb rules keep the name's.
    ///
    /// - Throws: what ``MediaCore/FileContents/open(_:limits:acceptsStreams:)`` throws; `format.unrecognized` and
    ///   `format.malformed` for what is no picture, `format.truncated` for one that ends before its end.
    public init(
        contentsOf path: String, caption: String? = nil, grouping: Int? = nil, classes: [ImageClass] = [],
        compatibility: Compatibility = .standard, limits: Limits = .default
    ) throws(MediaError) {
        if let scheme = path.scheme {
            throw MediaError(
                .unsupported, "a picture at \(scheme):// is a reference to other storage, not a file",
                hint: "download it and give the path", at: .init(file: path))
        }
        let contents = try FileContents.open(path, limits: limits)
        let header: ImageHeader
        do throws(MediaError) {
            header = try contents.withBytes { (bytes) throws(MediaError) in try ImageHeader.read(bytes, name: path) }
        } catch {
            throw error.inFile(path)
        }
        if let damage = header.findings.first(where: { $0.severity == .error }) {
            throw MediaError(damage.code, damage.message, hint: damage.hint, at: .init(file: path))
        }
        let name = path.splitPath.name
        let isKept = compatibility.isWandb || !name.pathExtension.isEmpty && header.extensionMatches(path)
        self.init(
            content: .file(contents, header, ending: isKept ? name.pathEnding : "." + header.pathExtension),
            fileType: .png, compatibility: compatibility, caption: caption, grouping: grouping, classes: classes,
            encoder: nil)
    }

    private init(
        content: Content, fileType: ImageFileType, compatibility: Compatibility, caption: String?, grouping: Int?,
        classes: [ImageClass], encoder: ImageEncoder?
    ) {
        self.content = content
        self.fileType = fileType
        self.compatibility = compatibility
        self.caption = caption
        self.grouping = grouping
        self.classes = classes
        self.encoder = encoder
    }
}

/// A class by number and name.
public struct ImageClass: Sendable, Hashable {
    /// The number that masks and boxes use.
    public var id: Int
    /// What people read.
    public var name: String

    /// Creates a class.
    public init(id: Int, name: String) {
        self.id = id
        self.name = name
    }
}

extension Image {
    /// How many pixels a row has, as stored.
    public var width: Int {
        switch content {
        case .pixels(let source): source.width
        case .file(_, let header, _): header.width
        }
    }

    /// How many rows there are, as stored.
    public var height: Int {
        switch content {
        case .pixels(let source): source.height
        case .file(_, let header, _): header.height
        }
    }

    /// The format as the history names it: the ending of the file without its dot.
    public var format: String {
        switch content {
        case .pixels: fileType.rawValue
        case .file(_, _, let ending): String(ending.dropFirst())
        }
    }

    /// The pixels; `nil` for an existing file.
    public var source: (any PixelSource)? {
        if case .pixels(let source) = content { source } else { nil }
    }

    /// The encoder that writes the pixels.
    var effectiveEncoder: ImageEncoder {
        encoder ?? ImageEncoder(for: fileType, preset: .fastest, compatibility: compatibility)
    }
}

extension ImageFileType {
    /// Refuses a mode that was asked for and that this kind of file cannot hold.
    func check(mode: PixelMode?) throws(MediaError) {
        guard let mode else { return }
        let holds =
            switch self {
            case .png: true
            case .jpg, .jpeg: [.gray, .rgb, .bilevel].contains(mode.format)
            case .bmp: [.gray, .rgb, .rgba, .bilevel].contains(mode.format) || mode.format.model == .indexed
            }
        guard holds else {
            throw MediaError(
                .unsupported, "a \(rawValue) file cannot hold pixels of mode \(mode.name)",
                hint: "write png, or leave the mode out", at: .init(field: "mode"))
        }
    }
}

extension String {
    /// The part of a name from its last dot on; empty when there is none or only dots stand before it.
    var pathEnding: String {
        guard let dot = lastIndex(of: "."), self[..<dot].contains(where: { $0 != "." }) else { return "" }
        return String(self[dot...])
    }

    /// ``pathEnding`` without the dot.
    var pathExtension: String { String(pathEnding.dropFirst()) }

    /// `s3` of `s3://bucket/key`; `nil` for paths.
    fileprivate var scheme: String? {
        guard let colon = firstIndex(of: ":"), self[colon...].hasPrefix("://") else { return nil }
        let scheme = self[..<colon]
        guard !scheme.isEmpty,
            scheme.utf8.allSatisfy({ ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7A || (0x30...0x39).contains($0) })
        else { return nil }
        return String(scheme)
    }
}
