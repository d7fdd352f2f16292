import CImageBarriers
public import MediaCore

/// Writes PNG files with libpng, pixel for pixel: what our own encoder is measured against.
public struct ReferencePNGEncoder: Sendable {
    /// A choice of row filters; empty leaves the choice to libpng.
    public struct Filters: OptionSet, Sendable, Hashable {
        /// Bit n stands for filter type n.
        public let rawValue: UInt8

        /// Creates a choice from its bits.
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// Bytes as they are.
        public static let none = Filters(rawValue: 1)
        /// Differences to the left.
        public static let sub = Filters(rawValue: 2)
        /// Differences to the row above.
        public static let up = Filters(rawValue: 4)
        /// Differences to the average of both.
        public static let average = Filters(rawValue: 8)
        /// Differences to the nearest of three neighbours.
        public static let paeth = Filters(rawValue: 16)
        /// All five; libpng chooses row by row.
        public static let all = Filters(rawValue: 31)
    }

    /// zlib's level, 0…9.
    public var level: Int
    /// The filters to choose from.
    public var filters: Filters
    /// Whether to write seven passes (Adam7). The rows are asked for seven times.
    public var isInterlaced: Bool

    /// Creates an encoder.
    public init(level: Int = 6, filters: Filters = [], isInterlaced: Bool = false) {
        self.level = level
        self.filters = filters
        self.isInterlaced = isInterlaced
    }

    /// Encodes a picture of any pixel format.
    ///
    /// - Throws: what the source or the sink throws; `argument.invalid` for sizes PNG does not have.
    public func encode(_ source: any PixelSource, to sink: any ByteSink) throws(MediaError) -> EncodingReport {
        var layout = try layout(for: source)
        let start = sink.byteCount
        var context = try EncodingContext(source: source, sink: sink)
        var failure = tm_image_failure()
        let rows = UInt32(context.bandRows)
        unsafe withUnsafeMutablePointer(to: &context) { context in
            _ = unsafe tm_png_encode(
                &layout, rows, EncodingContext.rowsCallback, EncodingContext.bytesCallback,
                EncodingContext.warningCallback, context, &failure)
        }
        if let error = failure.error(of: "libpng", thrown: context.error) { throw error }
        return EncodingReport(
            width: source.width, height: source.height, format: source.format, byteCount: sink.byteCount - start,
            facts: source.facts, tally: context.tally, findings: context.findings)
    }

    private func layout(for source: any PixelSource) throws(MediaError) -> tm_png_layout {
        guard let width = UInt32(exactly: source.width), let height = UInt32(exactly: source.height),
            width >= 1, height >= 1, width <= 0x7FFF_FFFF, height <= 0x7FFF_FFFF
        else {
            throw MediaError(
                .argumentInvalid, "a PNG has 1 to 2147483647 pixels a side, not \(source.width)×\(source.height)")
        }
        guard (0...9).contains(level) else {
            throw MediaError(.argumentInvalid, "the level is \(level)", hint: "give 0 to 9")
        }
        var layout = tm_png_layout()
        layout.width = width
        layout.height = height
        layout.bit_depth = UInt8(source.format.bits)
        layout.color_type =
            switch source.format.model {
            case .gray: 0
            case .rgb: 2
            case .indexed: 3
            case .grayAlpha: 4
            case .rgba: 6
            }
        layout.level = UInt8(level)
        layout.strategy = -1
        layout.filters = filters.rawValue
        layout.interlaced = isInterlaced ? 1 : 0
        if source.format.model == .indexed {
            guard let palette = source.palette, palette.colors.count <= source.format.maximum + 1 else {
                throw MediaError(
                    .argumentInvalid,
                    "a picture of indices needs a palette of 1 to \(source.format.maximum + 1) colours")
            }
            layout.palette_count = UInt16(palette.colors.count)
            unsafe withUnsafeMutableBytes(of: &layout.palette) { table in
                for (i, color) in palette.colors.enumerated() {
                    unsafe table[4 * i] = color.red
                    unsafe table[4 * i + 1] = color.green
                    unsafe table[4 * i + 2] = color.blue
                    unsafe table[4 * i + 3] = color.alpha
                }
            }
        }
        return layout
    }
}
