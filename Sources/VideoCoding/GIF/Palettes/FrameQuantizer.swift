import ImageCoding
import MediaCore

/// Reduces frames of many colours to palettes.
///
/// A palette serves as long as it fits: at the beginning of each group of frames it is compared with their colours, and a new
/// one takes its place when it has become much worse than it was. Content with few colours is drawn with the nearest ones;
/// where there are many, the error is handed on to the neighbours (Floyd and Steinberg, 1976).
struct FrameQuantizer: ~Copyable {
    /// The colours of the palette in use.
    var keys: [UInt32] { palette?.keys ?? [] }
    /// Whether the palette in use is the table of the clip.
    var isClipPalette = false

    private let words: PixelWords
    private let preset: GIFEncoder.Preset
    private var palette: ReducedPalette?
    private var histogram = ColorHistogram()
    private var builder = PaletteBuilder()
    private var hasChosen = false
    private var diffuses = false
    private var carry: ErrorRows?

    init(words: PixelWords, preset: GIFEncoder.Preset) {
        self.words = words
        self.preset = preset
    }

    /// Says that another group of frames begins.
    mutating func beginGroup() { hasChosen = false }

    /// Makes sure that there is a palette which fits.
    ///
    /// - Parameters:
    ///   - frames: the frame that is reduced next, and those behind it.
    ///   - previous: the one before.
    mutating func choosePalette(_ frames: ArraySlice<FramePixels>, after previous: FramePixels?) {
        guard !hasChosen || preset == .best else { return }
        hasChosen = true
        histogram.removeAll()
        let looked = preset == .best ? frames.prefix(1) : frames
        count(looked, after: previous)
        guard !histogram.entries.isEmpty else { return }
        diffuses = !histogram.isExact && preset != .fastest
        if let palette {
            let error = palette.error(on: histogram)
            // As good as it was, or so good that nobody sees the difference.
            if error <= max(palette.error * 1.25, 2e-6) { return }
        }
        let rounds = preset == .fastest ? 1 : preset == .best ? 4 : 2
        let colors = builder.colors(of: histogram, count: 255, rounds: rounds)
        palette = ReducedPalette(colors, error: builder.error, words: words)
        isClipPalette = false
    }

    /// Counts colours of the pixels that changed; of large frames, those of every few columns.
    private mutating func count(_ frames: ArraySlice<FramePixels>, after previous: FramePixels?) {
        guard let first = frames.first else { return }
        let pixels = first.width * first.height * frames.count
        // Odd, so that patterns of even width are not seen from one side only.
        let step = max(1, pixels / 400_000) | 1
        var before = previous
        var offset = 0
        for frame in frames {
            for row in 0..<frame.height {
                let new = unsafe frame.row(row)
                let old = unsafe before?.row(row)
                var column = offset
                while column < frame.width {
                    let key = unsafe words.key(new, column)
                    if let old = unsafe old, unsafe words.key(old, column) == key {
                        column += step
                        continue
                    }
                    if words.stride != 4 || key >> 24 != 0 {
                        let color = words.stride == 1 ? key &* 0x01_0101 : key & 0xFF_FFFF
                        histogram.add(color, count: 1)
                    }
                    column += step
                }
                offset = (column - frame.width) % step
            }
            before = frame
        }
    }

    /// Fills a frame whose area is set, and brings what is shown up to date.
    ///
    /// - Parameters:
    ///   - new: the pixels.
    ///   - previous: those of the frame before: what did not change stays as it is shown.
    ///   - shown: what is shown before, and afterwards.
    ///   - frame: what is filled.
    mutating func reduce(
        _ new: FramePixels, after previous: FramePixels?, shown: FramePixels, into frame: IndexedFrame
    ) {
        guard let palette else { return }
        if diffuses {
            let carry = self.carry ?? ErrorRows(width: new.width)
            self.carry = carry
            Self.diffuse(new, previous, shown, palette, carry, words, frame)
        } else {
            Self.nearest(new, previous, shown, palette, words, frame)
        }
        frame.transparent = 255
        frame.neededColors = 256
    }

    /// Every pixel gets the nearest colour.
    private static func nearest(
        _ new: FramePixels, _ previous: FramePixels?, _ shown: FramePixels, _ palette: ReducedPalette,
        _ words: PixelWords, _ frame: IndexedFrame
    ) {
        var output = unsafe frame.indices
        for row in frame.area.rows {
            let pixels = unsafe new.row(row)
            let before = unsafe previous?.row(row)
            let screen = unsafe shown.base + row * shown.rowBytes
            for column in frame.area.columns {
                let key = unsafe words.key(pixels, column)
                if let before = unsafe before, unsafe words.key(before, column) == key {
                    unsafe output.pointee = 255
                } else {
                    let index = palette.index(of: words.stride == 1 ? key &* 0x01_0101 : key & 0xFF_FFFF)
                    let color = palette.keys[Int(index)]
                    if previous != nil, unsafe words.key(UnsafePointer(screen), column) == color {
                        unsafe output.pointee = 255
                    } else {
                        unsafe output.pointee = index
                        unsafe words.store(color, screen, column)
                    }
                }
                unsafe output += 1
            }
        }
    }

    /// What is wrong with a pixel is handed on to those to its right and below, 0.8 of it.
    private static func diffuse(
        _ new: FramePixels, _ previous: FramePixels?, _ shown: FramePixels, _ palette: ReducedPalette,
        _ carry: ErrorRows, _ words: PixelWords, _ frame: IndexedFrame
    ) {
        var output = unsafe frame.indices
        let width = new.width
        carry.clear()
        var here = unsafe carry.first, below = unsafe carry.second
        for row in frame.area.rows {
            let pixels = unsafe new.row(row)
            let before = unsafe previous?.row(row)
            let screen = unsafe shown.base + row * shown.rowBytes
            unsafe below.update(repeating: SIMD4(), count: width + 2)
            var ahead = SIMD4<Float>()
            for column in frame.area.columns {
                let key = unsafe words.key(pixels, column)
                if let before = unsafe before, unsafe words.key(before, column) == key {
                    unsafe output.pointee = 255
                    unsafe output += 1
                    ahead = SIMD4()
                    continue
                }
                let color = words.color(of: key)
                var wanted = SIMD4(Float(color.red), Float(color.green), Float(color.blue), 0)
                wanted += unsafe here[column &+ 1] + ahead
                wanted.clamp(lowerBound: SIMD4(), upperBound: SIMD4(repeating: 255))
                let cell = SIMD4<Int32>(truncatingIfNeeded: SIMD4<UInt8>(wanted + 0.5))
                let index = palette.index(
                    ofCell: Int(cell.x >> 2) << 12 | Int(cell.y >> 2) << 6 | Int(cell.z >> 2))
                let error = (wanted - palette.samples[index]) * (0.8 / 16)
                ahead = error * 7
                unsafe below[column] += error * 3
                unsafe below[column &+ 1] += error * 5
                unsafe below[column &+ 2] += error
                let shownKey = palette.keys[index]
                if previous != nil, unsafe words.key(UnsafePointer(screen), column) == shownKey {
                    unsafe output.pointee = 255
                } else {
                    unsafe output.pointee = UInt8(truncatingIfNeeded: index)
                    unsafe words.store(shownKey, screen, column)
                }
                unsafe output += 1
            }
            unsafe swap(&here, &below)
        }
    }
}

/// Two rows of errors, each with a place more at either end.
@safe
final class ErrorRows {
    let first: UnsafeMutablePointer<SIMD4<Float>>
    let second: UnsafeMutablePointer<SIMD4<Float>>
    private let count: Int

    init(width: Int) {
        count = width + 2
        unsafe first = .allocate(capacity: count)
        unsafe second = .allocate(capacity: count)
        unsafe first.initialize(repeating: SIMD4(), count: count)
        unsafe second.initialize(repeating: SIMD4(), count: count)
    }

    deinit {
        unsafe first.deallocate()
        unsafe second.deallocate()
    }

    /// No errors.
    func clear() {
        unsafe first.update(repeating: SIMD4(), count: count)
        unsafe second.update(repeating: SIMD4(), count: count)
    }
}
