import ImageCoding
public import MediaCore

/// The kinds of files of moving pictures, by the ending of their names.
public enum ClipFormat: String, Sendable, Hashable, CaseIterable {
    /// Graphics Interchange Format: 256 colours for a frame. The default.
    case gif
    /// Animated PNG: every colour and opacity.
    case apng
    /// MPEG-4: the video that plays everywhere.
    case mp4
    /// WebM: the video that keeps opacity when asked to.
    case webm
    /// Ogg.
    case ogg

    /// The kind of file with this ending. Endings are matched exactly.
    ///
    /// - Throws: `argument.invalid`, naming the choices.
    public init(fileExtension: String) throws(MediaError) {
        guard let format = ClipFormat(rawValue: fileExtension) else {
            throw MediaError(
                .argumentInvalid, "clips are not written as \"\(fileExtension)\"",
                hint: "choose one of " + ClipFormat.allCases.map(\.rawValue).joined(separator: ", "),
                at: .init(field: "format"))
        }
        self = format
    }

    /// The kind of file that a path stands for by its ending, in small or capital letters; `nil` for other endings.
    public init?(pathOf path: String) { self.init(rawValue: path.fileEnding) }

    /// The media type (RFC 6838).
    public var mediaType: String {
        switch self {
        case .gif: "image/gif"
        case .apng: "image/apng"
        case .mp4: "video/mp4"
        case .webm: "video/webm"
        case .ogg: "video/ogg"
        }
    }

    /// Whether files of this kind hold video, which libav writes.
    public var isVideo: Bool { VideoCodec.standard(for: self) != nil }

    /// Checks that the kind may be asked for under some rules: the SDK knows no animated PNG.
    ///
    /// - Throws: `argument.invalid`, naming the choices.
    func check(under compatibility: Compatibility, at location: MediaError.Location) throws(MediaError) {
        guard compatibility.isWandb, self == .apng else { return }
        throw MediaError(
            .argumentInvalid, "the wandb SDK knows no \(rawValue)", hint: "choose one of gif, mp4, webm, ogg",
            at: location)
    }

    /// The brands of pictures (ISO/IEC 23008-12).
    private static let pictureBrands = ["heic", "heix", "heim", "heis", "mif1", "msf1", "avif", "avis"]

    /// What kind of file these bytes begin; `nil` for others.
    static func of(_ bytes: RawSpan) -> ClipFormat? {
        if bytes.holds("GIF87a") || bytes.holds("GIF89a") { return .gif }
        // Pictures of HEIF and AVIF are files of the same boxes.
        if bytes.holds("ftyp", at: 4) {
            let isPicture = pictureBrands.contains { brand in bytes.holds(brand, at: 8) }
            return isPicture ? nil : .mp4
        }
        if bytes.holds("OggS") { return .ogg }
        if bytes.holds(PNGChunks.signature) { return PNGChunks.first("acTL", in: bytes) == nil ? nil : .apng }
        return bytes.holds([0x1A, 0x45, 0xDF, 0xA3]) ? .webm : nil
    }
}
