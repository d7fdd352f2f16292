public import MediaCore

/// Several pictures side by side, row after row.
///
/// All cells have the size of the largest picture. Pictures of different formats are converted to one that holds all of
/// them: colour if any has colour, opacity if any has it, 16 bits if any has them; equal palettes are kept. The
/// background may widen the format the same way.
///
/// Memory: a few rows of one cell per band.
public struct ImageGrid: PixelSource {
    /// Where a picture stands in a cell that is larger.
    public enum Alignment: Sendable, Hashable {
        /// In the middle; one pixel of an odd rest goes right and below.
        case center
        /// At the top, on the left.
        case topLeft
    }

    /// What to do with pictures of different sizes.
    public enum SizePolicy: Sendable, Hashable {
        /// Refuse them.
        case requireEqual
        /// Put background around the smaller ones.
        case padToLargest
    }

    /// How a grid is laid out.
    public struct Options: Sendable, Hashable {
        /// How many pictures stand side by side; `nil` for the least number whose square holds all of them.
        public var columns: Int?
        /// How many pixels there are between cells.
        public var padding: Int
        /// How many pixels there are around the grid.
        public var border: Int
        /// The colour of everything that is no picture; its luma among gray pictures is used only if it is a gray.
        public var background: Palette.Color
        /// Where a picture stands in a cell that is larger.
        public var alignment: Alignment
        /// What to do with pictures of different sizes.
        public var sizePolicy: SizePolicy

        /// Creates options.
        public init(
            columns: Int? = nil, padding: Int = 2, border: Int = 0, background: Palette.Color = .black,
            alignment: Alignment = .center, sizePolicy: SizePolicy = .requireEqual
        ) {
            self.columns = columns
            self.padding = padding
            self.border = border
            self.background = background
            self.alignment = alignment
            self.sizePolicy = sizePolicy
        }
    }

    /// The pictures, in the format of the grid.
    public let cells: [any PixelSource]
    /// How many cells stand side by side.
    public let columns: Int
    /// How many rows of cells there are.
    public let rows: Int
    /// The size of a cell.
    public let cellWidth: Int, cellHeight: Int
    /// How the grid is laid out.
    public let options: Options
    /// What a pixel is.
    public let format: PixelFormat
    /// The colours of indices.
    public let palette: Palette?
    /// How many pixels a row has.
    public let width: Int
    /// How many rows of pixels there are.
    public let height: Int
    private let pixel: [UInt8]

    /// A grid of `sources`, the first at the top left, in reading order.
    ///
    /// - Throws: `argument.invalid` without pictures, for fewer than one column, for negative padding and for pictures of
    ///   different sizes where those are refused (naming the first that differs); `limit.exceeded` when the grid gets
    ///   longer than `limits.imageSide`.
    public init(
        _ sources: [any PixelSource], options: Options = Options(), limits: Limits = .default
    ) throws(MediaError) {
        guard let first = sources.first else {
            throw MediaError(
                .argumentInvalid, "a grid of no pictures", hint: "give at least one", at: .init(field: "sources"))
        }
        let columns = options.columns ?? ImageGrid.squareRoot(roundedUp: sources.count)
        for (name, value, least) in [
            ("columns", columns, 1), ("padding", options.padding, 0), ("border", options.border, 0),
        ] {
            guard value >= least, value <= Int(Int32.max) else {
                throw MediaError(
                    .argumentInvalid, "a grid with \(name) \(value)", hint: "choose \(least) or more",
                    at: .init(field: name))
            }
        }
        var cell = (width: first.width, height: first.height)
        for (i, source) in sources.enumerated() where (source.width, source.height) != (first.width, first.height) {
            guard options.sizePolicy == .padToLargest else {
                throw MediaError(
                    .argumentInvalid,
                    "picture \(i) has \(source.width)×\(source.height) pixels, the first \(first.width)×\(first.height)",
                    hint: "pad them to the largest, or resize them first", at: .init(field: "sources[\(i)]"))
            }
            cell = (max(cell.width, source.width), max(cell.height, source.height))
        }
        self.columns = min(columns, sources.count)
        self.rows = (sources.count + self.columns - 1) / self.columns
        (cellWidth, cellHeight) = cell
        self.options = options
        width = try ImageGrid.length(self.columns, cell.width, options, limits, "width")
        height = try ImageGrid.length(self.rows, cell.height, options, limits, "height")

        let isFull =
            options.border == 0 && options.padding == 0 && sources.count == self.columns * self.rows
            && sources.allSatisfy { ($0.width, $0.height) == cell }
        let common = CommonFormat(of: sources, background: isFull ? nil : options.background)
        format = common.format
        palette = common.palette
        pixel = try isFull ? [] : common.format.pixel(of: options.background, palette: common.palette)
        var cells: [any PixelSource] = []
        cells.reserveCapacity(sources.count)
        for source in sources {
            cells.append(source.format == common.format ? source : try ConvertedSource(source, to: common.format))
        }
        self.cells = cells
    }

    /// What was decided about the first picture, with the findings of all.
    public var facts: PixelFacts {
        var facts = cells.first?.facts ?? PixelFacts()
        for cell in cells.dropFirst() {
            for finding in cell.facts.findings where !facts.findings.contains(finding) {
                facts.findings.append(finding)
            }
        }
        return facts
    }

    /// Fills the background, then copies in the rows of the cells that `rows` touches.
    public func fill(
        rows wanted: Range<Int>, into band: inout MutableRawSpan, tally: inout PixelTally
    ) throws(MediaError) {
        band.fill(repeating: pixel)
        let stride = bytesPerRow
        let period = cellHeight + options.padding
        let first = max(0, (wanted.lowerBound - options.border) / period)
        let last = min(rows - 1, max(0, wanted.upperBound - 1 - options.border) / period)
        guard first <= last else { return }
        for row in first...last {
            for column in 0..<columns {
                let index = row * columns + column
                guard index < cells.count else { break }
                let cell = cells[index]
                let isCentered = options.alignment == .center
                let top = options.border + row * period + (isCentered ? (cellHeight - cell.height) / 2 : 0)
                let left =
                    options.border + column * (cellWidth + options.padding)
                    + (isCentered ? (cellWidth - cell.width) / 2 : 0)
                let visible = wanted.clamped(to: top..<top + cell.height)
                if visible.isEmpty { continue }
                var copier = RowCopier(cell, rowsAtMost: visible.count)
                try copier.copy(
                    rows: visible.lowerBound - top..<visible.upperBound - top, columns: 0..<cell.width, into: &band,
                    at: (visible.lowerBound - wanted.lowerBound) * stride + left * format.bytesPerPixel,
                    stride: stride, tally: &tally)
            }
        }
    }

    private static func length(
        _ count: Int, _ cell: Int, _ options: Options, _ limits: Limits, _ name: String
    ) throws(MediaError) -> Int {
        let (cells, overflow) = count.multipliedReportingOverflow(by: cell)
        let (gaps, overflow2) = (count - 1).multipliedReportingOverflow(by: options.padding)
        let (inside, overflow3) = cells.addingReportingOverflow(gaps)
        let (length, overflow4) = inside.addingReportingOverflow(2 * options.border)
        guard !overflow, !overflow2, !overflow3, !overflow4, length <= limits.imageSide else {
            throw MediaError(
                .limitExceeded,
                "a grid of \(count) cells of \(cell) pixels is longer than \(limits.imageSide) in \(name)",
                hint: "resize the pictures, or choose another number of columns", at: .init(field: name))
        }
        return length
    }

    private static func squareRoot(roundedUp count: Int) -> Int {
        var root = 1
        while root * root < count { root += 1 }
        return root
    }
}

/// The format that holds the pixels of several pictures, and a background, without loss.
struct CommonFormat {
    let format: PixelFormat
    let palette: Palette?

    init(of sources: [any PixelSource], background: Palette.Color?) {
        if let shared = CommonFormat.sharedPalette(sources, background) {
            (format, palette) = shared
            return
        }
        let isEqual = sources.allSatisfy { $0.format == sources.first?.format }
        var hasColor = !(background?.isGray ?? true)
        var hasAlpha = (background?.alpha ?? 255) < 255
        var bits = 1
        for source in sources {
            let model = source.format.model == .indexed ? source.palette?.model ?? .rgb : source.format.model
            hasColor = hasColor || model == .rgb || model == .rgba
            hasAlpha = hasAlpha || model == .grayAlpha || model == .rgba
            bits = max(bits, source.format.model == .indexed ? 8 : source.format.bits)
        }
        if let background, bits < 8 {
            // A gray of few bits stays so only if the background is one of its levels.
            let step = 255 / ((1 << bits) - 1)
            if Int(background.red) % step != 0 { bits = 8 }
        }
        if !isEqual || hasColor || hasAlpha { bits = max(8, bits) }
        let model: PixelFormat.Model = hasColor ? (hasAlpha ? .rgba : .rgb) : (hasAlpha ? .grayAlpha : .gray)
        format = PixelFormat(model: model, bits: bits) ?? .rgba
        palette = nil
    }

    /// The palette that all pictures have, with room made for the background if there is any.
    private static func sharedPalette(
        _ sources: [any PixelSource], _ background: Palette.Color?
    ) -> (PixelFormat, Palette?)? {
        guard let first = sources.first, first.format.model == .indexed, let palette = first.palette,
            sources.allSatisfy({ $0.format == first.format && $0.palette == palette })
        else { return nil }
        guard let background, !palette.colors.contains(background) else { return (first.format, palette) }
        guard palette.colors.count <= first.format.maximum else { return nil }
        return (first.format, Palette(palette.colors + [background]))
    }
}
