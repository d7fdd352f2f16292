import MediaCore

/// How a picture's rows lie in the file, and in which bands they are encoded.
struct PNGLayout: Sendable {
    /// Pixels per row.
    let width: Int
    /// Rows.
    let height: Int
    /// What a pixel is when its row was made, by the source and by what makes it smaller.
    let source: PixelFormat
    /// What a pixel of the file is.
    let format: PixelFormat
    /// Bytes per row as it was made.
    let sourceRow: Int
    /// Bytes per row in the file, without the filter's name.
    let row: Int
    /// Bytes per pixel as the filters see it; at least 1.
    let step: Int
    /// How many rows a band has; the last one may have fewer. Depends on the picture alone, so that the file does not
    /// depend on the number of threads.
    let rowsPerBand: Int
    /// The palette, when the pixels are indices.
    let palette: Palette?

    /// The least bytes of a band, as far as the picture has them: large enough that what a band costs in the file, 12
    /// bytes for the chunk and 5 for each stored block of 65,535, stays below 0.02 % however long its rows are.
    static let bandBytes = 139_264
    /// The longest row, in bytes: a chunk ends at 2³¹ − 1, and a band of one row is one chunk.
    static let longestRow = 1 << 30

    /// - Throws: `argument.invalid`, `limit.exceeded` for a size that PNG does not have; `argument.invalid` for an indexed
    ///   source without a palette.
    init(_ source: any PixelSource, _ reduction: PNGReduction? = nil) throws(MediaError) {
        let made = reduction?.to ?? source.format
        let (width, height) = (source.width, source.height)
        guard width > 0, height > 0 else {
            throw MediaError(
                .argumentInvalid, "a picture of \(width) × \(height) pixels cannot be a PNG",
                hint: "both sides are at least 1")
        }
        guard width <= Int(Int32.max), height <= Int(Int32.max) else {
            throw MediaError(
                .limitExceeded, "a picture of \(width) × \(height) pixels is too large for PNG",
                hint: "both sides are at most 2147483647; split the picture")
        }
        let (bytes, overflow) = width.multipliedReportingOverflow(by: made.bytesPerPixel)
        guard !overflow, bytes < Self.longestRow else {
            throw MediaError(
                .limitExceeded,
                "a row of \(width) pixels of \(made) takes over \(Self.longestRow) bytes, the most this encoder writes",
                hint: "split the picture into narrower ones")
        }
        var format = made
        if format.model == .indexed {
            guard let palette = reduction?.palette ?? source.palette else {
                throw MediaError(
                    .argumentInvalid, "the picture's pixels are indices and it has no palette",
                    hint: "give the source a palette, or make it gray")
            }
            let bits = Self.indexBits(palette.colors.count)
            format = PixelFormat(model: .indexed, bits: bits) ?? format
            self.palette = palette
        } else {
            palette = nil
        }
        self.width = width
        self.height = height
        self.source = made
        self.format = format
        sourceRow = bytes
        let bitsPerPixel = format.channels * format.bits
        row = (width * bitsPerPixel + 7) / 8
        step = max(1, bitsPerPixel / 8)
        rowsPerBand = min(height, max(1, (Self.bandBytes + row) / (row + 1)))
    }

    /// What to know about the file: libpng, and with it most programs, refuses sides over a million pixels unless told
    /// otherwise.
    var findings: [Finding] {
        guard max(width, height) > 1_000_000 else { return [] }
        return [
            .warning(
                .limitExceeded, "many programs refuse a picture of \(width) × \(height) pixels", path: "size",
                value: "\(width)×\(height)", hint: "keep both sides up to 1000000")
        ]
    }

    /// Bytes per filtered row.
    var stride: Int { row + 1 }
    /// How many bands there are.
    var bandCount: Int { (height - 1) / rowsPerBand + 1 }
    /// Bytes of all filtered rows.
    var filteredBytes: Int { stride * height }

    /// The rows of a band.
    func rows(ofBand index: Int) -> Range<Int> {
        let start = index * rowsPerBand
        return start..<min(start + rowsPerBand, height)
    }

    /// The fewest bits in which an index of one of `colors` colours fits.
    static func indexBits(_ colors: Int) -> Int { colors <= 2 ? 1 : colors <= 4 ? 2 : colors <= 16 ? 4 : 8 }

    /// The number of the colour type in the header.
    var colorType: UInt8 {
        switch format.model {
        case .gray: 0
        case .rgb: 2
        case .indexed: 3
        case .grayAlpha: 4
        case .rgba: 6
        }
    }
}
