public import MediaCore

/// What the first bytes of an image file say: format, size, depth, animation, orientation.
///
/// Nothing is decoded and no library is called. The format is told by content; what the file's name says is compared
/// with ``extensionMatches(_:)``.
public struct ImageHeader: Sendable, Hashable {
    /// Kinds of image file that are told apart by content.
    public enum FileFormat: String, Sendable, Hashable, CaseIterable {
        /// Portable Network Graphics, animated ones too.
        case png
        /// JPEG, in JFIF, EXIF or bare.
        case jpeg
        /// Graphics Interchange Format.
        case gif
        /// Windows bitmap.
        case bmp
        /// WebP, lossy, lossless and animated.
        case webp

        /// The extensions that files of this format have; the first is the usual one.
        public var pathExtensions: [String] {
            switch self {
            case .png: ["png", "apng"]
            case .jpeg: ["jpg", "jpeg", "jpe", "jfif"]
            case .gif: ["gif"]
            case .bmp: ["bmp", "dib"]
            case .webp: ["webp"]
            }
        }

        /// The media type: `image/png`, …
        public var mediaType: String { "image/" + rawValue }

        /// The format of a file that begins with `bytes`; `nil` when it is none of these.
        public static func of(_ bytes: RawSpan) -> FileFormat? {
            if bytes.holds(PNGChunks.signature) { return .png }
            if bytes.holds([0xFF, 0xD8, 0xFF]) { return .jpeg }
            if bytes.holds("GIF87a") || bytes.holds("GIF89a") { return .gif }
            if bytes.holds("RIFF") && bytes.holds("WEBP", at: 8) { return .webp }
            // Two letters are little: the size of the second header must be one of those that exist.
            if bytes.holds("BM"), [12, 16, 40, 52, 56, 64, 108, 124].contains(bytes.littleEndian32(at: 14)) {
                return .bmp
            }
            return nil
        }
    }

    /// The format, by content.
    public var fileFormat: FileFormat
    /// How many pixels a row has, as stored: before ``orientation`` is applied.
    public var width: Int
    /// How many rows there are, as stored.
    public var height: Int
    /// Bits per sample; of a picture of indices, bits per index.
    public var bitDepth: Int
    /// Samples per pixel, opacity included; 1 for indices.
    public var channels: Int
    /// Whether a pixel is an index into a palette.
    public var isIndexed = false
    /// Whether pixels can be other than opaque.
    public var hasAlpha = false
    /// Whether the file has more than one frame.
    public var isAnimated = false
    /// How stored rows and columns lie in the picture.
    public var orientation = ImageOrientation.up
    /// Whether there is an ICC profile.
    public var hasProfile = false
    /// What is odd: sizes that the file cannot hold, an end that comes too early, an extension that lies.
    public var findings: [Finding] = []

    init(_ fileFormat: FileFormat, width: Int, height: Int, bitDepth: Int, channels: Int) {
        self.fileFormat = fileFormat
        self.width = width
        self.height = height
        self.bitDepth = bitDepth
        self.channels = channels
    }

    /// The extension that fits the content, without a dot.
    public var pathExtension: String { fileFormat.pathExtensions[0] }

    /// The width once ``orientation`` is applied.
    public var orientedWidth: Int { orientation.swapsAxes ? height : width }

    /// The height once ``orientation`` is applied.
    public var orientedHeight: Int { orientation.swapsAxes ? width : height }

    /// Whether the extension of a file's name fits the content. A name without an extension claims nothing and fits.
    public func extensionMatches(_ name: String) -> Bool {
        let claimed = name.fileEnding
        return claimed.isEmpty || fileFormat.pathExtensions.contains(claimed)
    }

    /// Reads the header of a file.
    ///
    /// - Parameters:
    ///   - bytes: the whole file. Its beginning is enough for the size; what is behind it tells of frames and damage.
    ///   - name: the file's name; when its extension lies, that is a finding.
    /// - Throws: `format.unrecognized` when the content is none of the formats; `format.truncated` or
    ///   `format.malformed` when there is no size in it.
    public static func read(_ bytes: RawSpan, name: String? = nil) throws(MediaError) -> ImageHeader {
        guard let format = FileFormat.of(bytes) else {
            throw MediaError(
                .unrecognized,
                bytes.isEmpty ? "the file is empty" : "the content is not PNG, JPEG, GIF, BMP or WebP",
                hint: "give an image file of one of these formats")
        }
        var header =
            switch format {
            case .png: try readPNG(bytes)
            case .jpeg: try readJPEG(bytes)
            case .gif: try readGIF(bytes)
            case .bmp: try readBMP(bytes)
            case .webp: try readWebP(bytes)
            }
        guard header.width >= 1, header.height >= 1 else {
            throw MediaError(
                .malformed, "the size is \(header.width)×\(header.height) pixels", hint: "write the file again",
                at: .init(field: "header"))
        }
        if let name, !header.extensionMatches(name) {
            let claimed = name.fileEnding
            header.findings.append(
                .warning(
                    .unrecognized, "the name ends in .\(claimed), the content is \(format.rawValue)",
                    hint: "rename it to end in .\(header.pathExtension)"))
        }
        return header
    }

    /// A header that the file is too short for.
    static func cut(_ what: String, _ bytes: RawSpan) -> MediaError {
        MediaError(
            .truncated, "the file ends after \(bytes.byteCount) bytes, inside \(what)",
            hint: "copy or write the file again", at: .init(offset: bytes.byteCount))
    }

    /// Notes that the file ends before its end.
    mutating func noteTruncation(_ message: String) {
        findings.append(.error(.truncated, message, hint: "copy or write the file again"))
    }
}
