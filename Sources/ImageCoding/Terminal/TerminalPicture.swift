public import MediaCore

/// Writes pictures as terminals show them.
///
///     try TerminalPicture(.init(method: .blocks, columns: 80, rows: 40)).write(image, to: sink)
///
/// A picture that is larger than the room is made smaller, with its proportions; a very small one is made larger by a whole
/// factor where the method shows pixels. What can be seen through lies on a checkerboard, or on the terminal's own
/// background where the method knows opacity. A line feed ends the picture.
///
/// Memory: the picture in its shown size, and the text that is made of it.
public struct TerminalPicture: Sendable {
    /// In which way.
    public enum Method: String, Sendable, CaseIterable {
        /// Characters `▀` with a colour above and one below: two pixels to a character. Every terminal with colours.
        case blocks
        /// The graphics protocol of kitty, which Ghostty and Konsole speak too.
        case kitty
        /// Inline images of iTerm2, which WezTerm and mintty know too.
        case iterm
        /// Sixel graphics of the VT340: foot, mlterm, xterm and others. At most 256 colours, by our own choice.
        case sixel
    }

    /// How much room there is and what the terminal can do.
    public struct Options: Sendable, Hashable {
        /// In which way.
        public var method: Method
        /// The room in characters.
        public var columns: Int, rows: Int
        /// The size of a character in pixels; blocks do not ask for it.
        public var cellWidth: Int, cellHeight: Int
        /// Whether the terminal knows colours of 24 bits; otherwise blocks take the nearest of xterm's 256.
        public var hasTrueColor: Bool

        /// Creates options; sizes below 1 count as 1, those above 10000 as that.
        public init(
            method: Method, columns: Int = 80, rows: Int = 24, cellWidth: Int = 8, cellHeight: Int = 16,
            hasTrueColor: Bool = true
        ) {
            func clamp(_ size: Int) -> Int { max(1, min(10_000, size)) }
            self.method = method
            self.columns = clamp(columns)
            self.rows = clamp(rows)
            self.cellWidth = clamp(cellWidth)
            self.cellHeight = clamp(cellHeight)
            self.hasTrueColor = hasTrueColor
        }
    }

    /// How much room there is and what the terminal can do.
    public var options: Options

    /// Creates a writer.
    public init(_ options: Options) { self.options = options }

    /// The longest side that is sent in pixels: more is slow over a network and no better to look at.
    private static let mostPixels = 1024
    /// Pictures below this are enlarged where the method shows pixels.
    private static let fewPixels = 128

    /// Writes a picture.
    ///
    /// - Throws: what the source and the sink throw.
    public func write(_ source: any PixelSource, to sink: any ByteSink) throws(MediaError) {
        let shown = try sized(try expanded(source))
        var text: [UInt8] = []
        switch options.method {
        case .blocks:
            HalfBlocks(hasTrueColor: options.hasTrueColor).append(try ShownPixels(shown, checker: 4), to: &text)
        case .kitty: KittyGraphics.append(try png(shown), to: &text)
        case .iterm: ITermImage.append(try png(shown), width: shown.width, height: shown.height, to: &text)
        case .sixel: SixelGraphics.append(try ShownPixels(shown, checker: 8), to: &text)
        }
        try unsafe sink.write(text.span.bytes)
    }

    /// The picture with 8-bit colours.
    private func expanded(_ source: any PixelSource) throws(MediaError) -> any PixelSource {
        let hasAlpha = source.format.hasAlpha || source.palette?.model == .rgba
        let format: PixelFormat = hasAlpha ? .rgba : .rgb
        return source.format == format ? source : try ConvertedSource(source, to: format)
    }

    /// The picture in the size in which it is shown.
    private func sized(_ source: any PixelSource) throws(MediaError) -> any PixelSource {
        var width = options.columns, height = 2 * options.rows
        if options.method != .blocks {
            width = min(Self.mostPixels, options.columns * options.cellWidth)
            height = min(Self.mostPixels, options.rows * options.cellHeight)
        }
        let longest = max(source.width, source.height)
        if options.method != .blocks, longest < Self.fewPixels {
            let factor = min((Self.fewPixels + longest - 1) / longest, width / source.width, height / source.height)
            if factor > 1 {
                return try ResizedSource(
                    source, width: factor * source.width, height: factor * source.height, filter: .nearest)
            }
        }
        guard source.width > width || source.height > height else { return source }
        // Whichever side is the tighter one gives the scale; both sizes are below 2³¹.
        let isWide = source.width * height > source.height * width
        let newWidth = isWide ? width : max(1, (source.width * height + source.height / 2) / source.height)
        let newHeight = isWide ? max(1, (source.height * width + source.width / 2) / source.width) : height
        return try ResizedSource(source, width: newWidth, height: newHeight)
    }

    private func png(_ source: any PixelSource) throws(MediaError) -> [UInt8] {
        let sink = MemorySink()
        _ = try PNGEncoder(preset: .fastest).encode(source, to: sink)
        return sink.takeBytes()
    }
}
