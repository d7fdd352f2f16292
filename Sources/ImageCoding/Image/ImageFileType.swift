public import MediaCore

/// The kinds of picture files that are written, by the ending of their names.
public enum ImageFileType: String, Sendable, Hashable, CaseIterable {
    /// Portable Network Graphics, lossless. The default.
    case png
    /// JPEG, with the short ending.
    case jpg
    /// JPEG.
    case jpeg
    /// Windows bitmap, not compressed.
    case bmp

    /// The kind of file with this ending. Endings are matched exactly; an empty one is `png`.
    ///
    /// - Throws: `argument.invalid`, naming the choices.
    public init(fileExtension: String) throws(MediaError) {
        guard let type = fileExtension.isEmpty ? .png : ImageFileType(rawValue: fileExtension) else {
            throw MediaError(
                .argumentInvalid, "pictures are not written as \"\(fileExtension)\"",
                hint: "choose one of " + ImageFileType.allCases.map(\.rawValue).joined(separator: ", "),
                at: .init(field: "format"))
        }
        self = type
    }

    /// Whether the file is a JPEG, under either ending.
    public var isJPEG: Bool { self == .jpg || self == .jpeg }

    /// The media type (RFC 6838).
    public var mediaType: String {
        switch self {
        case .png: "image/png"
        case .jpg, .jpeg: "image/jpeg"
        case .bmp: "image/bmp"
        }
    }
}
