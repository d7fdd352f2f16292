import MediaCore

/// Gray made black and white by Floyd–Steinberg error diffusion, row after row, as often as somebody asks for more.
///
/// The arithmetic is that of Pillow's `convert("1")`: errors are kept in sixteenths per column, 7 go right, 3 down left,
/// 5 down, 1 down right, divisions round towards zero, a pixel is white above 128. Colours turn gray by
/// `(299·R + 587·G + 114·B) / 1000` rounded down, which is what Pillow does there and nowhere else.
struct DitheredRows: Sendable {
    private let rows: DiffusedRows
    private let width: Int
    /// The rows that are kept have one bit per pixel, most significant first, each beginning at a byte.
    private let stride: Int

    init(_ source: any PixelSource, rule: ConversionRule) throws(MediaError) {
        let isColor = source.format.channels >= 3 || source.format.model == .indexed
        let gray: any PixelSource
        if isColor {
            var opaque = source
            if opaque.format != .rgb { opaque = try ConvertedSource(source, to: .rgb, rule: rule) }
            gray = TruncatedLuma(base: opaque)
        } else if source.format == .gray {
            gray = source
        } else {
            gray = try ConvertedSource(source, to: .gray, rule: rule)
        }
        width = source.width
        stride = (source.width + 7) / 8
        rows = unsafe DiffusedRows(gray, bytesPerRow: stride, errors: source.width + 1) {
            unsafe DitheredRows.diffuse($0, $1, $2, count: $3)
        }
    }

    func fill(rows wanted: Range<Int>, into band: inout MutableRawSpan, tally: inout PixelTally) throws(MediaError) {
        try unsafe band.withUnsafeMutableBytes { (band) throws(MediaError) in
            try unsafe rows.withRows(wanted, tally: &tally) { bits in
                for row in wanted {
                    let source = unsafe bits + row * stride
                    let target = (row - wanted.lowerBound) * width
                    for x in 0..<width {
                        unsafe band[target + x] = (source[x >> 3] >> UInt8(truncatingIfNeeded: 7 - (x & 7))) & 1
                    }
                }
            }
        }
    }

    /// One row. `errors` has one entry more than the row has pixels; entry *x* + 1 waits for column *x*.
    @unsafe private static func diffuse(
        _ gray: UnsafePointer<UInt8>, _ bits: UnsafeMutablePointer<UInt8>, _ errors: UnsafeMutablePointer<Int32>,
        count: Int
    ) {
        var right: Int32 = 0  // for the next column, in sixteenths
        var below: Int32 = 0, belowRight: Int32 = 0  // for the next row: this column, the next one
        for x in 0..<count {
            let wanted = Int32(truncatingIfNeeded: unsafe gray[x]) &+ (right &+ (unsafe errors[x &+ 1])) / 16
            let value = max(0, min(255, wanted))
            let isWhite = value > 128
            if isWhite { unsafe bits[x >> 3] |= 0x80 >> UInt8(truncatingIfNeeded: x & 7) }
            let error = value &- (isWhite ? 255 : 0)
            unsafe errors[x] = 3 &* error &+ below
            below = 5 &* error &+ belowRight
            belowRight = error
            right = 7 &* error
        }
        unsafe errors[count] = below
    }
}

/// Gray as Pillow computes it on the way from colours to black and white.
private struct TruncatedLuma: PixelSource {
    let base: any PixelSource
    var width: Int { base.width }
    var height: Int { base.height }
    var format: PixelFormat { .gray }

    func fill(rows: Range<Int>, into band: inout MutableRawSpan, tally: inout PixelTally) throws(MediaError) {
        let colors = ScratchRows(byteCount: rows.count * base.bytesPerRow)
        try colors.fill(from: base, rows: rows, tally: &tally)
        let count = rows.count * width
        unsafe band.withUnsafeMutableBytes { gray in
            let rgb = unsafe colors.bytes
            for i in 0..<count {
                let sum =
                    299 &* Int32(truncatingIfNeeded: unsafe rgb[3 &* i])
                    &+ 587 &* Int32(truncatingIfNeeded: unsafe rgb[3 &* i &+ 1])
                    &+ 114 &* Int32(truncatingIfNeeded: unsafe rgb[3 &* i &+ 2])
                unsafe gray[i] = UInt8(truncatingIfNeeded: sum / 1000)
            }
        }
    }
}
