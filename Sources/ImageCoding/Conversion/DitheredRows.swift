import MediaCore
import Synchronization

/// Gray made black and white by Floyd–Steinberg error diffusion, row after row, as often as somebody asks for more.
///
/// The arithmetic is that of Pillow's `convert("1")`: errors are kept in sixteenths per column, 7 go right, 3 down left,
/// 5 down, 1 down right, divisions round towards zero, a pixel is white above 128. Colours turn gray by
/// `(299·R + 587·G + 114·B) / 1000` rounded down, which is what Pillow does there and nowhere else.
final class DitheredRows: Sendable {
    private struct State {
        /// The rows that are made, one bit per pixel, most significant first, each beginning at a byte.
        var bits: [UInt8] = []
        var rowsMade = 0
        /// The errors that wait for the next row, by column.
        var errors: [Int32]
        /// What was lost in the source, for rows where something was.
        var tallies: [Int: PixelTally] = [:]
    }

    private let gray: any PixelSource
    private let stride: Int
    private let state: Mutex<State>

    init(_ source: any PixelSource, rule: ConversionRule) throws(MediaError) {
        let isColor = source.format.channels >= 3 || source.format.model == .indexed
        if isColor {
            var opaque = source
            if opaque.format != .rgb { opaque = try ConvertedSource(source, to: .rgb, rule: rule) }
            gray = TruncatedLuma(base: opaque)
        } else if source.format == .gray {
            gray = source
        } else {
            gray = try ConvertedSource(source, to: .gray, rule: rule)
        }
        stride = (source.width + 7) / 8
        state = Mutex(State(errors: [Int32](repeating: 0, count: source.width + 1)))
    }

    func fill(rows: Range<Int>, into band: inout MutableRawSpan, tally: inout PixelTally) throws(MediaError) {
        let counts = try state.withLock { (state) throws(MediaError) in
            try make(upTo: rows.upperBound, &state)
            unpack(state.bits, rows, into: &band)
            var counts = PixelTally()
            if !state.tallies.isEmpty { for row in rows { if let lost = state.tallies[row] { counts.add(lost) } } }
            return counts
        }
        tally.add(counts)
    }

    private func make(upTo end: Int, _ state: inout State) throws(MediaError) {
        guard state.rowsMade < end else { return }
        let width = gray.width
        let row = ScratchRows(byteCount: width)
        while state.rowsMade < end {
            var lost = PixelTally()
            try row.fill(from: gray, rows: state.rowsMade..<state.rowsMade + 1, tally: &lost)
            if lost != PixelTally() { state.tallies[state.rowsMade] = lost }
            let start = state.bits.count
            state.bits.append(contentsOf: repeatElement(0, count: stride))
            unsafe state.bits.withUnsafeMutableBufferPointer { bits in
                unsafe state.errors.withUnsafeMutableBufferPointer { errors in
                    guard let gray = unsafe row.bytes.baseAddress?.assumingMemoryBound(to: UInt8.self),
                        let bits = bits.baseAddress, let errors = errors.baseAddress
                    else { return }
                    unsafe DitheredRows.diffuse(gray, bits + start, errors, count: width)
                }
            }
            state.rowsMade += 1
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

    private func unpack(_ bits: [UInt8], _ rows: Range<Int>, into band: inout MutableRawSpan) {
        let width = gray.width
        unsafe band.withUnsafeMutableBytes { band in
            for row in rows {
                let source = row * stride, target = (row - rows.lowerBound) * width
                for x in 0..<width {
                    unsafe band[target + x] = (bits[source + (x >> 3)] >> UInt8(truncatingIfNeeded: 7 - (x & 7))) & 1
                }
            }
        }
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
