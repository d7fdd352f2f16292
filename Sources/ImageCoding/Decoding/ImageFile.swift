public import MediaCore

/// Reads image files of the formats that can be decoded here: PNG and JPEG.
public enum ImageFile {
    /// Decodes a file that is in memory; its format is told by content.
    ///
    /// - Throws: `format.unsupported` for GIF, BMP and WebP, whose headers alone are read; what ``PNGDecoder`` and
    ///   ``JPEGDecoder`` throw.
    public static func decode(
        _ bytes: RawSpan, limits: Limits = .default, appliesOrientation: Bool = true
    ) throws(MediaError) -> DecodedImage {
        switch ImageHeader.FileFormat.of(bytes) {
        case .png: return try PNGDecoder(limits: limits, appliesOrientation: appliesOrientation).decode(bytes)
        case .jpeg: return try JPEGDecoder(limits: limits, appliesOrientation: appliesOrientation).decode(bytes)
        case .some(let format):
            throw MediaError(
                .unsupported, "pixels of \(format.rawValue.uppercased()) files are not read",
                hint: "pass the file through as it is, or convert it to PNG")
        case nil:
            throw MediaError(
                .unrecognized,
                bytes.isEmpty ? "the file is empty" : "the content is not PNG, JPEG, GIF, BMP or WebP",
                hint: "give a PNG or JPEG file")
        }
    }

    /// Decodes a file that was opened. Errors and findings name it; an extension that lies is a finding.
    public static func decode(
        _ contents: FileContents, limits: Limits = .default, appliesOrientation: Bool = true
    ) throws(MediaError) -> DecodedImage {
        do throws(MediaError) {
            return try contents.withBytes { bytes throws(MediaError) in
                var image = try decode(bytes, limits: limits, appliesOrientation: appliesOrientation)
                let header = try ImageHeader.read(bytes, name: contents.name)
                image.findings += header.findings.filter { $0.code == .unrecognized }
                return image
            }
        } catch { throw error.inFile(contents.name) }
    }

    /// Opens and decodes a file.
    public static func decode(
        path: String, limits: Limits = .default, appliesOrientation: Bool = true
    ) throws(MediaError) -> DecodedImage {
        try decode(
            try FileContents.open(path, limits: limits), limits: limits, appliesOrientation: appliesOrientation)
    }
}
