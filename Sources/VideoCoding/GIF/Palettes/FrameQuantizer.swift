import ImageCoding
import MediaCore

/// Reduces frames of many colours to palettes.
///
/// A palette is made for a frame and a few of those behind it, of what changes in them, and replaced by the next one then: a
/// palette that has become only a little worse than a new one would be is seen. Pictures of many colours hand the error of a pixel
/// on to its neighbours, where nothing else was asked for; drawings and text get the nearest colours.
struct FrameQuantizer: ~Copyable {
    /// The colours of the palette in use.
    var keys: [UInt32] { palette.keys }
    /// Whether the palette in use is the table of the clip.
    var isClipPalette = false

    private let words: PixelWords
    private let effort: QuantizerEffort
    private let dithering: GIFEncoder.Dithering
    private let palette: ReducedPalette
    private var histogram: ColorHistogram
    private var builder = PaletteBuilder()
    private var diffuses = false
    /// Whether pixels at rest get better colours too.
    private(set) var refines = false
    /// The colours near each other, when a loss is allowed.
    private var nearby: NearbyColors?
    /// For how many further frames the palette was made.
    private var life = 0
    private var carry: ErrorRows?

    init(words: PixelWords, preset: ClipPreset, dithering: GIFEncoder.Dithering) {
        self.words = words
        self.dithering = dithering
        effort = QuantizerEffort(preset)
        histogram = ColorHistogram(limit: effort.colors)
        palette = ReducedPalette(words: words)
    }

    /// Makes sure that there is a palette for a frame.
    ///
    /// - Parameters:
    ///   - frames: the frame that is reduced next, and those behind it.
    ///   - previous: the one before.
    ///   - shown: what is shown.
    ///   - area: what changed.
    mutating func choosePalette(
        _ frames: ArraySlice<FramePixels>, after previous: FramePixels?, shown: FramePixels, _ area: FrameArea
    ) {
        guard let first = frames.first else { return }
        if life > 0 {
            life -= 1
            return
        }
        let pixels = first.width * first.height
        let window = frames.prefix(min(effort.frames, max(1, effort.pixels / pixels)))
        // Odd, so that patterns of even width are not seen from one side only.
        var step = max(1, area.count * window.count / effort.sample) | 1
        var share = count(window, after: previous, every: step)
        // Where little changed, few columns may have met none of it; then all pixels are soon looked at.
        if step > 1, histogram.entries.count < Self.fewColors {
            step = 1
            share = count(window, after: previous, every: step)
        }
        let moves = share >= Self.movingShare
        refines = effort.refines && previous != nil && !moves && dithering.canRefine
        if refines { _ = count(window, after: previous, shown: shown, every: step) }
        builder.take(
            histogram, histogram.isExact ? .byPixels : effort.isLoose ? .flattest : .flatter)
        palette.set(builder.colors(count: 255, rounds: effort.rounds))
        isClipPalette = false
        life = window.count - 1
        // Dithering and losses are for pictures of many colours that move as a whole; they would only roughen drawings and text,
        // and dithering also what is small enough to be looked at pixel by pixel.
        let isNatural = moves && exactShare < 0.3
        diffuses = effort.dithers && isNatural && pixels > Self.smallPixels
        nearby = effort.isLoose && isNatural ? NearbyColors(palette) : nil
    }

    /// The share of the pixels that changes in a picture that moves as a whole.
    private static let movingShare: Float = 0.25
    /// With fewer colours in the columns that were counted, all pixels are.
    private static let fewColors = 1024
    /// Frames of so many pixels are never dithered.
    private static let smallPixels = 1 << 14

    /// How much of the pixels that were counted has a colour of the palette.
    private var exactShare: Float {
        guard histogram.isExact else { return 0 }
        let keys = Set(palette.keys.map(words.rgb))
        var exact = 0, all = 0
        for entry in histogram.entries {
            all += Int(entry.count)
            if keys.contains(entry.cell) { exact += Int(entry.count) }
        }
        return Float(exact) / Float(max(all, 1))
    }

    /// Counts colours of the pixels that changed, in every few columns; says which share of the pixels that is.
    ///
    /// - Parameter shown: what is shown, when pixels at rest that are shown otherwise than they are count too.
    private mutating func count(
        _ frames: ArraySlice<FramePixels>, after previous: FramePixels?, shown: FramePixels? = nil, every step: Int
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
                let screen = unsafe shown?.row(row)
                var column = offset
                while column < frame.width {
                    let key = unsafe words.key(new, column)
                    looked &+= 1
                    if let old = unsafe old, unsafe words.key(old, column) == key {
                        guard let screen = unsafe screen, unsafe words.key(screen, column) != key else {
                            column += step
                            continue
                        }
                    } else {
                        changed &+= 1
                    }
                    if !words.isClear(key) {
                        histogram.add(words.rgb(of: key))
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
        let reduction = PixelReduction(
            new: new, previous: previous, shown: shown, palette: palette,
            frame: frame)
        switch dithering {
        case .automatic where diffuses: reduction.diffuse(strength: Self.strength, rows(of: new))
        case .automatic, .none: reduction.nearest(byCell: !histogram.isExact, refines: refines)
        case .diffusion(let strength):
            reduction.diffuse(strength: GIFEncoder.Dithering.parts(strength), rows(of: new))
        case .ordered(let strength): reduction.order(strength: GIFEncoder.Dithering.parts(strength))
        }
        frame.transparent = PixelReduction.transparent
        frame.nearby = nearby
        frame.neededColors = 256
    }

    /// How much of an error is handed on where nothing else is said, in 256ths.
    private static let strength = GIFEncoder.Dithering.parts(GIFEncoder.Dithering.usualStrength)

    private mutating func rows(of frame: FramePixels) -> ErrorRows {
        let rows = carry ?? ErrorRows(width: frame.width)
        carry = rows
        return rows
    }
}
