/// Puts the colours of a palette in the place of those of a frame, and brings what is shown up to date.
///
/// What is shown stays where it is as good as the nearest colour: that makes the file smaller and keeps pixels from flickering.
/// Distances are those of samples, see ``Samples/distance``.
struct PixelReduction {
    /// The pixels that are wanted.
    let new: FramePixels
    /// Those of the frame before, what did not change stays as it is shown; `nil` for the first.
    let previous: FramePixels?
    /// What is shown before, and afterwards.
    let shown: FramePixels
    let palette: ReducedPalette
    /// What is filled; its area is set.
    let frame: IndexedFrame

    /// The index that leaves a pixel as it is.
    static let transparent: UInt8 = 255

    private var words: PixelWords { new.words }

    /// Every pixel gets the nearest colour.
    ///
    /// - Parameters:
    ///   - byCell: whether colours that share 6 bits of each sample may share the nearest colour. That is quick where there are
    ///     very many.
    ///   - refines: whether pixels at rest are drawn again where the palette is much better for them.
    func nearest(byCell: Bool, refines: Bool) {
        unsafe eachPixel { (key, isKept, screen, _, column) in
            var index = Self.transparent
            if isKept {
                if refines { unsafe refine(&index, key, screen, column) }
                return index
            }
            let wanted = Samples(words.color(of: key))
            index =
                byCell
                ? UInt8(truncatingIfNeeded: palette.index(ofCell: wanted.cell)) : palette.index(of: words.rgb(of: key))
            unsafe draw(&index, wanting: wanted, screen, column)
            return index
        }
    }

    /// What is wrong with a pixel is handed on to those to its right and below (Floyd and Steinberg, 1976).
    ///
    /// - Parameters:
    ///   - strength: how much of it, in 256ths.
    ///   - carry: memory for rows of this width.
    func diffuse(strength: Int32, _ carry: ErrorRows) {
        let weights = DiffusionWeights(strength: strength)
        carry.clear()
        var here = unsafe carry.first, below = unsafe carry.second
        var ahead = Samples()
        unsafe eachPixel {
            unsafe swap(&here, &below)
            unsafe below.update(repeating: 0, count: carry.count)
            ahead = Samples()
        } _: { (key, isKept, screen, _, column) in
            guard !isKept else {
                ahead = Samples()
                return Self.transparent
            }
            let place = unsafe here + 3 &* (column &+ 1)
            let wanted = unsafe Samples(words.color(of: key)).adding(ahead, place)
            var index = UInt8(truncatingIfNeeded: palette.index(ofCell: wanted.cell))
            let error = unsafe wanted - draw(&index, wanting: wanted, screen, column)
            ahead = error.part(weights.ahead)
            unsafe error.add(weights.behind, to: below + 3 &* column)
            unsafe error.add(weights.below, to: below + 3 &* (column &+ 1))
            unsafe error.add(weights.beyond, to: below + 3 &* (column &+ 2))
            return index
        }
    }

    /// Every pixel gets one of two colours between which it lies; which one is said by its place, so that what does not move
    /// does not flicker.
    ///
    /// The second colour is the nearest one to where the first is missed by. Thresholds are those of the additive sequence R2
    /// (Martin Roberts, 2018), which spreads them about as evenly as blue noise does.
    ///
    /// - Parameter strength: how much of what lies between is made up for, in 256ths.
    func order(strength: Int32) {
        unsafe eachPixel { (key, isKept, screen, row, column) in
            guard !isKept else { return Self.transparent }
            let wanted = Samples(words.color(of: key))
            let near = palette.index(ofCell: wanted.cell)
            let missed = wanted - palette.sample(near)
            let far = palette.index(ofCell: (wanted + missed).bounded.cell)
            var index = UInt8(truncatingIfNeeded: near)
            let step = palette.sample(far) - palette.sample(near)
            // missed · step ÷ step² is where the pixel lies between the two.
            let part = missed.product(step) &* strength
            var threshold = Self.threshold(row, column)
            if previous != nil {
                // Noise of a level should not turn a pixel back and forth.
                let held = unsafe words.key(UnsafePointer(screen), column)
                if held == palette.key(near) { threshold &+= Self.inertia }
                if held == palette.key(far) { threshold &-= Self.inertia }
            }
            if part > step.product(step) &* threshold { index = UInt8(truncatingIfNeeded: far) }
            unsafe draw(&index, wanting: palette.sample(Int(index)), screen, column)
            return index
        }
    }

    /// Fills the area of the frame.
    ///
    /// - Parameters:
    ///   - beginRow: done before each row.
    ///   - index: gets the key of a pixel, whether it is left alone (clear, or what it was), the row that is shown, and the place
    ///     of the pixel; answers the index that it gets.
    @inline(__always)
    private func eachPixel(
        _ beginRow: () -> Void = {}, _ index: (UInt32, Bool, UnsafeMutablePointer<UInt8>, Int, Int) -> UInt8
    ) {
        var output = unsafe frame.indices
        for row in frame.area.rows {
            beginRow()
            let pixels = unsafe new.row(row)
            let before = unsafe previous?.row(row)
            let screen = unsafe shown.base + row * shown.rowBytes
            for column in frame.area.columns {
                let key = unsafe words.key(pixels, column)
                var isKept = words.isClear(key)
                if let before = unsafe before, unsafe words.key(before, column) == key { isKept = true }
                unsafe output.pointee = index(key, isKept, screen, row, column)
                unsafe output += 1
            }
        }
    }

    /// By how much thresholds are moved in favour of what is shown.
    private static let inertia: Int32 = 32

    /// A threshold of 0…255 for a place: the upper bits of row × 0.5698… + column × 0.7548…, folded.
    @inline(__always)
    private static func threshold(_ row: Int, _ column: Int) -> Int32 {
        let value =
            UInt32(truncatingIfNeeded: column) &* 0xC13F_A9A9 &+ UInt32(truncatingIfNeeded: row) &* 0x91E1_0DA5
        let level = Int32(value >> 23)
        return level < 256 ? level : 511 &- level
    }

    /// Draws a pixel that is at rest again, if that makes its error less than half as large.
    @inline(__always)
    private func refine(
        _ index: inout UInt8, _ key: UInt32, _ screen: UnsafeMutablePointer<UInt8>, _ column: Int
    ) {
        let shownKey = unsafe words.key(UnsafePointer(screen), column)
        guard shownKey != key, !words.isClear(key) else { return }
        let nearest = palette.index(of: words.rgb(of: key))
        let wanted = Samples(words.color(of: key))
        let old = (Samples(words.color(of: shownKey)) - wanted).distance
        guard (palette.sample(Int(nearest)) - wanted).distance < old / 4 else { return }
        index = nearest
        unsafe words.store(palette.key(Int(nearest)), screen, column)
    }

    /// Draws a colour, unless what is shown is good enough.
    ///
    /// - Returns: what is shown afterwards. `index` becomes transparent where nothing is drawn.
    @inline(__always)
    @discardableResult
    private func draw(
        _ index: inout UInt8, wanting wanted: Samples, _ screen: UnsafeMutablePointer<UInt8>, _ column: Int
    ) -> Samples {
        let sample = palette.sample(Int(index))
        if previous != nil {
            let held = unsafe Samples(words.color(of: words.key(UnsafePointer(screen), column)))
            if (held - wanted).distance <= (sample - wanted).distance {
                index = Self.transparent
                return held
            }
        }
        unsafe words.store(palette.key(Int(index)), screen, column)
        return sample
    }
}
