import CImageBarriers
public import MediaCore

/// Writes JPEG files with libjpeg-turbo, straight from the rows of a source.
///
/// The same source, options and library give the same bytes. Pictures that JPEG cannot hold are changed as the options
/// say: opacity is composed, 16 bits are rounded to 8, indices and 1, 2 and 4 bits become 8 bits without loss. What was
/// lost is a finding of the report; ``losses(of:)`` says it before.
public struct JPEGEncoder: Sendable {
    /// How much finer lightness is stored than colour.
    public enum Subsampling: String, Sendable, Hashable, CaseIterable {
        /// Colour as fine as lightness (4:4:4). For drawings, text, colour maps.
        case none = "4:4:4"
        /// Colour at half the width (4:2:2).
        case horizontal = "4:2:2"
        /// Colour at half the width and height (4:2:0). For photographs.
        case both = "4:2:0"
    }

    /// 1 (small) to 100 (good), on the scale of the Independent JPEG Group.
    public var quality: Int
    /// How colour is stored. Gray pictures have none.
    public var subsampling: Subsampling
    /// Whether to write scans of growing quality.
    public var isProgressive: Bool
    /// Whether to make Huffman tables for the picture: a smaller file, a second pass. Progressive files always have them.
    public var optimizesTables: Bool
    /// Rows of blocks between restart markers; 0 for none.
    public var restartRows: Int
    /// What becomes of opacity.
    public var opacity: OpacityRule
    /// Whether 16-bit samples are refused instead of rounded to 8 bits.
    public var refuses16Bits: Bool
    /// What to write besides pixels: density, profile, EXIF, the text `Comment`.
    public var metadata: ImageMetadata

    /// Creates an encoder.
    public init(
        quality: Int = 90, subsampling: Subsampling = .both, isProgressive: Bool = false, optimizesTables: Bool = false,
        restartRows: Int = 0, opacity: OpacityRule = .overWhite, refuses16Bits: Bool = false,
        metadata: ImageMetadata = ImageMetadata()
    ) {
        self.quality = quality
        self.subsampling = subsampling
        self.isProgressive = isProgressive
        self.optimizesTables = optimizesTables
        self.restartRows = restartRows
        self.opacity = opacity
        self.refuses16Bits = refuses16Bits
        self.metadata = metadata
    }

    /// What Pillow does when it is told nothing, and with it wandb: quality 75, 4:2:0, opacity dropped.
    public static let pillow = JPEGEncoder(quality: 75, opacity: .drop)

    /// A preset: `.fastest` and `.balanced` write baseline files, `.smallest` progressive ones.
    public init(preset: EncodingPreset, quality: Int = 90) {
        self.init(quality: quality, isProgressive: preset == .smallest, optimizesTables: preset != .fastest)
    }

    /// What encoding `source` would lose, apart from the compression itself; empty when nothing.
    public func losses(of source: any PixelSource) -> [Finding] {
        var findings = NarrowRows.losses(of: source, opacity: opacity, in: "JPEG")
        if let profile = metadata.profile, !ICCProfile.fits(profile, source.format.model) {
            findings.append(
                .warning(.argumentInvalid, "the colour profile is not one for \(source.format) pixels; it is left out"))
        }
        return findings
    }

    /// Encodes a picture.
    ///
    /// - Throws: what the source or the sink throws; `argument.invalid` for a quality outside 1…100, sides over 65500
    ///   pixels or metadata too large for a marker; `value.out-of-range` when opacity or 16 bits are refused.
    public func encode(_ source: any PixelSource, to sink: any ByteSink) throws(MediaError) -> EncodingReport {
        try checkOptions(source)
        let findings = losses(of: source)
        let target: PixelFormat = NarrowRows.isGray(source) ? .gray : .rgb
        let convert = NarrowRows.conversion(of: source, to: target, opacity: opacity)
        // The only source that has its rows in memory; libjpeg reads them there.
        if convert == nil, let tensor = source as? TensorPixels {
            return try unsafe tensor.withStoredRows { (rows) throws(MediaError) in
                let stored = unsafe rows?.pitch == source.bytesPerRow ? rows?.first : nil
                let context = try unsafe EncodingContext(source: source, sink: sink, stored: stored)
                return try encode(source, to: sink, target, findings, context)
            }
        }
        let context = try EncodingContext(
            source: source, sink: sink, convertedBytesPerRow: convert == nil ? 0 : source.width * target.channels,
            convert: convert)
        return try encode(source, to: sink, target, findings, context)
    }

    private func encode(
        _ source: any PixelSource, to sink: any ByteSink, _ target: PixelFormat, _ findings: [Finding],
        _ context: EncodingContext
    ) throws(MediaError) -> EncodingReport {
        var context = context
        let start = sink.byteCount
        let profile = metadata.profile.flatMap { ICCProfile.fits($0, source.format.model) ? $0 : nil } ?? []
        try call(
            source: source, channels: target.channels, profile: profile, comment: Array((comment ?? "").utf8),
            exif: metadata.exifForPixels.map { Array("Exif\0\0".utf8) + $0 } ?? [], &context)
        return EncodingReport(
            width: source.width, height: source.height, format: target, byteCount: sink.byteCount - start,
            facts: source.facts, tally: context.tally, findings: findings + context.findings)
    }

    private var comment: String? { metadata.texts.first { $0.key == "Comment" }?.value }

    private func call(
        source: any PixelSource, channels: Int, profile: [UInt8], comment: [UInt8], exif: [UInt8],
        _ context: inout EncodingContext
    ) throws(MediaError) {
        // 65533 bytes fit into a marker, 65519 of a profile, in up to 255 markers.
        guard profile.count <= 255 * 65519, comment.count <= 65533, exif.count <= 65533 else {
            throw MediaError(
                .argumentInvalid,
                "a profile of \(profile.count), a comment of \(comment.count) or EXIF data of \(exif.count) bytes",
                hint: "a JPEG holds a profile of 16 MB and 65533 bytes of each of the others")
        }
        var layout = tm_jpeg_layout()
        layout.width = UInt32(source.width)
        layout.height = UInt32(source.height)
        layout.channels = UInt8(channels)
        layout.quality = UInt8(quality)
        layout.horizontal = subsampling == .none ? 1 : 2
        layout.vertical = subsampling == .both ? 2 : 1
        layout.progressive = isProgressive ? 1 : 0
        layout.optimized = optimizesTables ? 1 : 0
        layout.restart_rows = UInt16(restartRows)
        layout.density_x = 1
        layout.density_y = 1
        if let density = metadata.density {
            // JFIF has dots per inch or a ratio, in whole numbers.
            let scale = density.isPerMetre ? 0.0254 : 1
            layout.density_unit = density.isPerMetre ? 1 : 0
            layout.density_x = Self.dots(density.x * scale)
            layout.density_y = Self.dots(density.y * scale)
        }
        var failure = tm_image_failure()
        let rows = UInt32(context.bandRows)
        unsafe profile.withUnsafeBufferPointer { profile in
            unsafe comment.withUnsafeBufferPointer { comment in
                unsafe exif.withUnsafeBufferPointer { exif in
                    var markers = unsafe tm_jpeg_markers(
                        exif: exif.baseAddress, exif_count: exif.count, icc: profile.baseAddress,
                        icc_count: profile.count, comment: comment.baseAddress, comment_count: comment.count)
                    unsafe withUnsafeMutablePointer(to: &context) { context in
                        _ = unsafe tm_jpeg_encode(
                            &layout, &markers, rows, EncodingContext.rowsCallback,
                            EncodingContext.bytesCallback, EncodingContext.warningCallback, context, &failure)
                    }
                }
            }
        }
        if let error = failure.error(of: "libjpeg", thrown: context.error) { throw error }
    }

    private static func dots(_ value: Double) -> UInt16 {
        guard value >= 1 else { return 1 }
        return value < 65535 ? UInt16(value + 0.5) : 65535
    }

    private func checkOptions(_ source: any PixelSource) throws(MediaError) {
        guard (1...100).contains(quality) else {
            throw MediaError(.argumentInvalid, "the quality is \(quality)", hint: "give 1 to 100")
        }
        guard (0...65535).contains(restartRows) else {
            throw MediaError(.argumentInvalid, "restart markers every \(restartRows) rows", hint: "give 0 to 65535")
        }
        guard (1...65500).contains(source.width), (1...65500).contains(source.height) else {
            throw MediaError(
                .argumentInvalid, "\(source.width)×\(source.height) pixels: a JPEG has 1 to 65500 a side",
                hint: "write a PNG, or make the picture smaller")
        }
        try NarrowRows.check(source, opacity: opacity, refuses16Bits: refuses16Bits, in: "JPEG")
    }
}
