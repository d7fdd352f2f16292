import MediaCore

/// Colours reduced to the web palette by Floyd–Steinberg error diffusion, row after row, as often as somebody asks for more.
///
/// The arithmetic is that of Pillow's `convert("P")` from RGB: the palette has ten blacks and a cube of 6 × 6 × 6 colours,
/// the nearest colour is looked up with the two low bits of every sample left out, and errors go as in ``DitheredRows``
/// for each channel, except that the last column of the next row gets what blue has left for all three.
struct WebPaletteRows: Sendable {
    /// The colours: ten times black, then the cube, red fastest, in steps of 51.
    static let palette = Palette(
        unchecked: [Palette.Color](repeating: .black, count: 10)
            + (0..<216).map {
                Palette.Color(
                    red: UInt8(truncatingIfNeeded: $0 % 6 * 51), green: UInt8(truncatingIfNeeded: $0 / 6 % 6 * 51),
                    blue: UInt8(truncatingIfNeeded: $0 / 36 * 51))
            })

    private let rows: DiffusedRows
    private let width: Int

    /// - Parameter source: anything; opacity is left out.
    init(_ source: any PixelSource, rule: ConversionRule) throws(MediaError) {
        let colors = source.format == .rgb ? source : try ConvertedSource(source, to: .rgb, rule: rule)
        width = source.width
        rows = unsafe DiffusedRows(colors, bytesPerRow: source.width, errors: 3 * (source.width + 1)) {
            unsafe WebPaletteRows.diffuse($0, $1, $2, count: $3)
        }
    }

    func fill(rows wanted: Range<Int>, into band: inout MutableRawSpan, tally: inout PixelTally) throws(MediaError) {
        try unsafe band.withUnsafeMutableBytes { (band) throws(MediaError) in
            try unsafe rows.withRows(wanted, tally: &tally) { indices in
                guard let band = band.baseAddress else { return }
                unsafe band.copyMemory(from: indices + wanted.lowerBound * width, byteCount: wanted.count * width)
            }
        }
    }

    /// The errors of one channel on their way along a row.
    private struct Carry {
        var right: Int32 = 0
        var below: Int32 = 0
        var belowRight: Int32 = 0

        /// The sample that is wanted.
        mutating func wanted(_ sample: UInt8, _ waiting: Int32) -> Int32 {
            max(0, min(255, Int32(truncatingIfNeeded: sample) &+ (right &+ waiting) / 16))
        }

        /// Spreads an error, and returns what the column to the left gets in the next row.
        mutating func spread(_ error: Int32) -> Int32 {
            let left = 3 &* error &+ below
            below = 5 &* error &+ belowRight
            belowRight = error
            right = 7 &* error
            return left
        }
    }

    /// One row. `errors` has three entries more than the row has samples; those of column *x* wait at *x* + 1.
    @unsafe private static func diffuse(
        _ rgb: UnsafePointer<UInt8>, _ indices: UnsafeMutablePointer<UInt8>, _ errors: UnsafeMutablePointer<Int32>,
        count: Int
    ) {
        var red = Carry(), green = Carry(), blue = Carry()
        for x in 0..<count {
            let place = 3 &* x
            let r = unsafe red.wanted(rgb[place], errors[place &+ 3])
            let g = unsafe green.wanted(rgb[place &+ 1], errors[place &+ 4])
            let b = unsafe blue.wanted(rgb[place &+ 2], errors[place &+ 5])
            let nearest = nearest(r & ~3, g & ~3, b & ~3)
            unsafe indices[x] = nearest.index
            unsafe errors[place] = red.spread(r &- nearest.red)
            unsafe errors[place &+ 1] = green.spread(g &- nearest.green)
            unsafe errors[place &+ 2] = blue.spread(b &- nearest.blue)
        }
        let end = 3 &* count
        unsafe errors[end] = blue.below
        unsafe errors[end &+ 1] = blue.belowRight
        unsafe errors[end &+ 2] = blue.belowRight
    }

    /// The nearest colour; of the black ones the first in the palette.
    private static func nearest(
        _ r: Int32, _ g: Int32, _ b: Int32
    ) -> (index: UInt8, red: Int32, green: Int32, blue: Int32) {
        let (i, j, k) = ((r &+ 25) / 51, (g &+ 25) / 51, (b &+ 25) / 51)
        let place = i &+ 6 &* j &+ 36 &* k
        return (place == 0 ? 0 : UInt8(truncatingIfNeeded: 10 &+ place), i &* 51, j &* 51, k &* 51)
    }
}
