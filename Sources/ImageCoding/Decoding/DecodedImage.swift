public import MediaCore

/// A picture from a file: its pixels in memory as the file stores them, and what the file says about them.
///
/// It is a ``PixelSource``, so every encoder takes it as it is.
public struct DecodedImage: PixelSource {
    /// How many pixels a row has.
    public let width: Int
    /// How many rows there are.
    public let height: Int
    /// What a pixel is: the file's own depth and model. A JPEG is `gray` or `rgb`.
    public let format: PixelFormat
    /// The colours of indices.
    public let palette: Palette?
    /// What else the file says.
    public var metadata: ImageMetadata
    /// What was odd about the file, though it could be read.
    public var findings: [Finding]
    /// What kind of file the picture comes from.
    public let fileFormat: ImageHeader.FileFormat

    let storage: PixelStorage

    init(
        width: Int, height: Int, format: PixelFormat, palette: Palette?, storage: PixelStorage,
        fileFormat: ImageHeader.FileFormat, metadata: ImageMetadata = ImageMetadata(), findings: [Finding] = []
    ) {
        self.width = width
        self.height = height
        self.format = format
        self.palette = palette
        self.storage = storage
        self.fileFormat = fileFormat
        self.metadata = metadata
        self.findings = findings
    }

    /// The findings, for a report.
    public var facts: PixelFacts {
        var facts = PixelFacts()
        facts.findings = findings
        return facts
    }

    /// The pixels, top row first, packed: a byte per sample, two in the processor's order for 16 bits.
    public func withPixels<R, E>(_ body: (RawSpan) throws(E) -> R) throws(E) -> R { try storage.withBytes(body) }

    /// A copy of the pixels, as in ``withPixels(_:)``.
    public var pixels: [UInt8] {
        storage.withBytes { bytes in unsafe bytes.withUnsafeBytes { unsafe [UInt8]($0) } }
    }

    /// Copies rows.
    public func fill(rows: Range<Int>, into band: inout MutableRawSpan, tally: inout PixelTally) throws(MediaError) {
        let length = rows.count * bytesPerRow
        guard rows.lowerBound >= 0, rows.upperBound <= height, band.byteCount == length else {
            throw MediaError(
                .argumentInvalid,
                "rows \(rows) of \(height) need \(length) bytes, the band has \(band.byteCount)")
        }
        let start = rows.lowerBound * bytesPerRow
        unsafe band.withUnsafeMutableBytes { target in
            guard length > 0, let base = target.baseAddress else { return }
            unsafe base.copyMemory(from: storage.base + start, byteCount: length)
        }
    }
}
