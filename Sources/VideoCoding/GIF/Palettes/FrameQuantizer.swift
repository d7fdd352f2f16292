import ImageCoding
import MediaCore

/// Reduces frames of many colours to palettes.
///
/// A palette is made for a frame and a few of those behind it, of what changes in them, and replaced by the next one then: a
/// palette that has become only a little worse than a new one would be is seen. Pictures of many colours hand the error of a pixel
/// on to its neighbours (Floyd and Steinberg, 1976); drawings and text get the nearest colours.
struct FrameQuantizer: ~Copyable {
    /// The colours of the palette in use.
    var keys: [UInt32] { palette.keys }
    /// Whether the palette in use is the table of the clip.
    var isClipPalette = false

    private let words: PixelWords
    private let effort: Effort
    private let palette: ReducedPalette
    private var histogram: ColorHistogram
    private var builder = PaletteBuilder()
    private var diffuses = false
    /// For how many further frames the palette was made.
    private var life = 0
    private var carry: ErrorRows?

    init(words: PixelWords, preset: GIFEncoder.Preset) {
        self.words = words
        effort = Effort(preset)
        histogram = ColorHistogram(limit: effort.colors)
        palette = ReducedPalette(words: words)
    }

    /// Makes sure that there is a palette for a frame.
    ///
    /// - Parameters:
    ///   - frames: the frame that is reduced next, and those behind it.
    ///   - previous: the one before.
    ///   - area: what changed.
    mutating func choosePalette(
        _ frames: ArraySlice<FramePixels>, after previous: FramePixels?, _ area: FrameArea
    ) {
        guard let first = frames.first else { return }
        if life > 0 {
            life -= 1
            return
        }
        let pixels = first.width * first.height
        let window = min(effort.frames, max(1, effort.pixels / pixels), frames.count)
        // Odd, so that patterns of even width are not seen from one side only.
        let step = max(1, area.count * window / effort.sample) | 1
        var share = count(frames.prefix(window), after: previous, every: step)
        // Where little changed, few columns may have met none of it; then all pixels are soon looked at.
        if step > 1, histogram.entries.count < Self.fewColors {
            share = count(frames.prefix(window), after: previous, every: 1)
        }
        builder.take(histogram)
        palette.set(builder.colors(count: 255, rounds: effort.rounds))
        isClipPalette = false
        life = window - 1
        // Dithering is for pictures of many colours that move as a whole; it would only roughen drawings, text and what
        // is small enough to be looked at pixel by pixel.
        diffuses =
            effort.dithers && share >= 0.25 && pixels > Self.smallPixels && exactShare < 0.3
    }

    /// With fewer colours in the columns that were counted, all pixels are.
    private static let fewColors = 1024
    /// Frames of so many pixels are never dithered.
    private static let smallPixels = 1 << 14

    /// How much of the pixels that were counted has a colour of the palette.
    private var exactShare: Float {
        guard histogram.isExact else { return 0 }
        let keys = Set(palette.keys.map { words.stride == 1 ? $0 &* 0x01_0101 : $0 & 0xFF_FFFF })
        var exact = 0, all = 0
        for entry in histogram.entries {
            all += Int(entry.count)
            if keys.contains(entry.cell) { exact += Int(entry.count) }
        }
        return Float(exact) / Float(max(all, 1))
    }

    /// Counts colours of the pixels that changed, in every few columns; says which share of the pixels that is.
    private mutating func count(
        _ frames: ArraySlice<FramePixels>, after previous: FramePixels?, every step: Int
    ) -> Float {
        histogram.removeAll()
        var before = previous
        var offset = 0
        var looked = 0
        var changed = 0
        for frame in frames {
            for row in 0..<frame.height {
                let new = unsafe frame.row(row)
                let old = unsafe before?.row(row)
                var column = offset
                while column < frame.width {
                    let key = unsafe words.key(new, column)
                    looked &+= 1
                    if let old = unsafe old, unsafe words.key(old, column) == key {
                        column += step
                        continue
                    }
                    changed &+= 1
                    if !words.isClear(key) {
                        let color = words.stride == 1 ? key &* 0x01_0101 : key & 0xFF_FFFF
                        histogram.add(color)
                    }
                    column += step
                }
                offset = (column - frame.width) % step
            }
            before = frame
        }
        return Float(changed) / Float(max(looked, 1))
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
                if words.isClear(key) {
                    unsafe output.pointee = 255
                } else if let before = unsafe before, unsafe words.key(before, column) == key {
                    unsafe output.pointee = 255
                } else {
                    let index = palette.index(of: words.stride == 1 ? key &* 0x01_0101 : key & 0xFF_FFFF)
                    let color = palette.key(Int(index))
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

    /// What is wrong with a pixel is handed on to those to its right and below, 0.8 of it; counted in 256ths of a level.
    private static func diffuse(
        _ new: FramePixels, _ previous: FramePixels?, _ shown: FramePixels, _ palette: ReducedPalette,
        _ carry: ErrorRows, _ words: PixelWords, _ frame: IndexedFrame
    ) {
        var output = unsafe frame.indices
        carry.clear()
        var here = unsafe carry.first, below = unsafe carry.second
        for row in frame.area.rows {
            let pixels = unsafe new.row(row)
            let before = unsafe previous?.row(row)
            let screen = unsafe shown.base + row * shown.rowBytes
            unsafe below.update(repeating: 0, count: carry.count)
            var ahead = LevelError()
            for column in frame.area.columns {
                let key = unsafe words.key(pixels, column)
                var isKept = words.isClear(key)
                if let before = unsafe before, unsafe words.key(before, column) == key { isKept = true }
                if isKept {
                    unsafe output.pointee = 255
                    unsafe output += 1
                    ahead = LevelError()
                    continue
                }
                let color = words.color(of: key)
                let place = unsafe here + 3 &* (column &+ 1)
                let red = unsafe wanted(color.red, ahead.red &+ place[0])
                let green = unsafe wanted(color.green, ahead.green &+ place[1])
                let blue = unsafe wanted(color.blue, ahead.blue &+ place[2])
                let index = palette.index(ofCell: cell(red) << 12 | cell(green) << 6 | cell(blue))
                let sample = palette.sample(index)
                let error = LevelError(
                    red: red &- sample.red, green: green &- sample.green, blue: blue &- sample.blue)
                ahead = error.part(90)
                unsafe error.add(38, to: below + 3 &* column)
                unsafe error.add(64, to: below + 3 &* (column &+ 1))
                unsafe error.add(13, to: below + 3 &* (column &+ 2))
                let shownKey = palette.key(index)
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

    /// A level and what was handed on to it, in 256ths, inside the range of levels.
    @inline(__always)
    private static func wanted(_ level: UInt8, _ error: Int32) -> Int32 {
        min(max(Int32(level) &* 256 &+ error, 0), 255 * 256)
    }

    /// The upper 6 bits of a level that is counted in 256ths, rounded.
    @inline(__always)
    private static func cell(_ level: Int32) -> Int { Int((level &+ 128) &>> 10) }
}

/// How much a palette is worth.
private struct Effort {
    /// How many frames a palette is made for at the most.
    var frames = 4
    /// How many pixels it is made for at least, as long as there are frames.
    var pixels = 1 << 17
    /// About how many of the pixels are counted.
    var sample = 1 << 17
    /// How many colours are told apart.
    var colors = 8192
    /// How often the colours are moved.
    var rounds = 1
    /// Whether errors are handed on at all.
    var dithers = true

    init(_ preset: GIFEncoder.Preset) {
        switch preset {
        case .balanced, .smallest: break
        case .fastest:
            frames = 16
            pixels = 1 << 20
            sample = 1 << 15
            colors = 4096
            dithers = false
        case .best:
            frames = 1
            sample = 1 << 19
            colors = ColorHistogram.most
            rounds = 4
        }
    }
}

/// What is wrong with the three samples of a pixel, in 256ths of a level.
struct LevelError {
    var red: Int32 = 0, green: Int32 = 0, blue: Int32 = 0

    /// So many 256ths of it.
    @inline(__always)
    func part(_ weight: Int32) -> LevelError {
        LevelError(red: (red &* weight) &>> 8, green: (green &* weight) &>> 8, blue: (blue &* weight) &>> 8)
    }

    /// Adds so many 256ths of it to three numbers.
    @inline(__always)
    func add(_ weight: Int32, to place: UnsafeMutablePointer<Int32>) {
        unsafe place[0] &+= (red &* weight) &>> 8
        unsafe place[1] &+= (green &* weight) &>> 8
        unsafe place[2] &+= (blue &* weight) &>> 8
    }
}

/// Two rows of errors, three numbers for a pixel, with a place more at either end.
@safe
final class ErrorRows {
    let first: UnsafeMutablePointer<Int32>
    let second: UnsafeMutablePointer<Int32>
    /// How many numbers a row has.
    let count: Int

    init(width: Int) {
        count = 3 * (width + 2)
        unsafe first = .allocate(capacity: count)
        unsafe second = .allocate(capacity: count)
        unsafe first.initialize(repeating: 0, count: count)
        unsafe second.initialize(repeating: 0, count: count)
    }

    deinit {
        unsafe first.deallocate()
        unsafe second.deallocate()
    }

    /// No errors.
    func clear() {
        unsafe first.update(repeating: 0, count: count)
        unsafe second.update(repeating: 0, count: count)
    }
}
