import ImageCoding
import MediaCore

/// Decides, frame after frame, what is drawn and with which colours.
///
/// A frame is exact where 256 colours are enough: those of the clip, as long as they are, else its own. Other frames are
/// reduced by the ``FrameQuantizer``. All that later frames depend on is here, so frames are planned in order.
@safe
struct FramePlanner: ~Copyable {
    /// The colours of the clip.
    private(set) var colors = ColorIndex()
    /// How many entries the table of the clip has in the file, once it is written; later colours are those of frames.
    var writtenColors: Int?
    /// How many entries the indices of frames so far need.
    private(set) var neededColors = 0

    private var own = ColorIndex()
    private var quantizer: FrameQuantizer
    private let words: PixelWords
    private let width: Int
    private let height: Int
    /// What is shown, where it is not what the frame before was.
    private var shown: FramePixels?

    init(width: Int, height: Int, words: PixelWords, encoder: GIFEncoder) {
        self.width = width
        self.height = height
        self.words = words
        quantizer = FrameQuantizer(words: words, preset: encoder.preset, dithering: encoder.dithering)
    }

    /// Plans a frame.
    ///
    /// - Parameters:
    ///   - new: the frame.
    ///   - previous: the frame before it; `nil` for the first.
    ///   - coming: this frame and those behind it that are known already, for palettes.
    ///   - frame: what is filled, apart from its delay.
    mutating func plan(
        _ new: FramePixels, after previous: FramePixels?, coming: ArraySlice<FramePixels>, into frame: IndexedFrame
    ) {
        // Clear pixels cannot be drawn over others: such clips begin each frame on an empty screen.
        guard let previous, words.stride != 4 else {
            frame.begin(FrameArea(columns: 0..<width, rows: 0..<height))
            if !planExact(new, since: nil, frame) { reduce(new, after: nil, coming, frame) }
            if words.stride == 4 { frame.disposal = .clear }
            if let previous { frame.isUnchanged = FrameDelta.area(of: new, since: previous) == nil }
            return
        }
        guard let changed = FrameDelta.area(of: new, since: previous) else {
            frame.beginUnchanged()
            frame.isExact = shown == nil
            neededColors = max(neededColors, frame.neededColors)
            if colors.count == 0 { frame.giveOwnTable() }
            return
        }
        // Exact where every pixel can be: those that are shown as they are stay.
        if let shown {
            let area = FrameDelta.area(of: new, since: shown) ?? changed
            frame.begin(area)
            if planExact(new, since: shown, frame) {
                self.shown = nil
                return
            }
        } else {
            frame.begin(changed)
            if planExact(new, since: previous, frame) { return }
        }
        frame.begin(changed)
        if let shown, planChanges(new, after: previous, shown, frame) { return }
        frame.begin(changed)
        reduce(new, after: previous, coming, frame)
    }

    /// Draws what changed without a loss, where the rest of the picture was reduced before, if 256 colours are enough.
    private mutating func planChanges(
        _ new: FramePixels, after previous: FramePixels, _ shown: FramePixels, _ frame: IndexedFrame
    ) -> Bool {
        own.removeAll()
        guard ExactIndexer.index(new, since: previous, colors: &own, into: frame) else { return false }
        frame.makeLocal(of: own.keys)
        frame.isExact = false
        shown.copyChanges(new, since: previous, frame.area)
        return true
    }

    /// Fills a frame without a loss, if 256 colours are enough.
    private mutating func planExact(_ new: FramePixels, since old: FramePixels?, _ frame: IndexedFrame) -> Bool {
        let before = colors.count
        if ExactIndexer.index(new, since: old, colors: &colors, into: frame) {
            if let writtenColors, frame.neededColors > writtenColors {
                frame.makeLocal(of: colors.keys)
                colors.removeAll(from: writtenColors)
            } else {
                neededColors = max(neededColors, frame.neededColors)
            }
            return true
        }
        colors.removeAll(from: before)
        own.removeAll()
        frame.begin(frame.area)
        guard ExactIndexer.index(new, since: old, colors: &own, into: frame) else { return false }
        frame.makeLocal(of: own.keys)
        return true
    }

    /// Fills a frame with the nearest colours of a palette.
    private mutating func reduce(
        _ new: FramePixels, after previous: FramePixels?, _ coming: ArraySlice<FramePixels>, _ frame: IndexedFrame
    ) {
        frame.isExact = false
        let shown = self.shown ?? FramePixels(width: width, height: height, words: words)
        if self.shown == nil, let previous { shown.copy(previous) }
        self.shown = shown
        quantizer.choosePalette(coming, after: previous, shown: shown, frame.area)
        if quantizer.refines, let area = FrameDelta.area(of: new, since: shown) {
            frame.begin(area)
            frame.isExact = false
        }
        quantizer.reduce(new, after: previous, shown: shown, into: frame)
        // The first palette of all is that of the clip.
        if colors.count == 0, writtenColors == nil {
            for key in quantizer.keys { _ = colors.index(of: key) }
            quantizer.isClipPalette = colors.count == quantizer.keys.count
        }
        if quantizer.isClipPalette, frame.neededColors <= writtenColors ?? 256 {
            neededColors = max(neededColors, frame.neededColors)
        } else {
            frame.setLocal(quantizer.keys)
        }
    }
}
