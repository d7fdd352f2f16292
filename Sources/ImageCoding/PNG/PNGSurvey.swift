import MediaCore

/// Finds out whether a picture fits a smaller format without a change, by looking at all of it.
struct PNGSurvey {
    private let format: PixelFormat
    /// What is still possible, after the pixels seen so far.
    private var isOpaque = true
    private var isGray = true
    private var hasEightBits = true
    private var fitsPalette = true
    /// The bits of a gray sample that would be enough.
    private var grayBits = 1

    private init(_ format: PixelFormat) { self.format = format }

    /// The smallest format that shows the same; `nil` when that is the picture's own.
    ///
    /// - Parameters:
    ///   - colors: a set whose colours are forgotten; the result shares its memory.
    ///   - cache: lends a worker's memory.
    static func reduction(
        of source: any PixelSource, colors: inout PNGColorTable, cache: PNGWorkerCache
    ) throws(MediaError) -> PNGReduction? {
        // Packed formats are small already.
        guard source.format.model != .indexed, source.format.bits >= 8 else { return nil }
        colors.removeAll()
        var survey = PNGSurvey(source.format)
        let loan = PNGWorkerLoan(cache)
        try survey.look(at: source, &colors, loan.worker)
        return survey.result(width: source.width, height: source.height, &colors)
    }

    // MARK: Looking

    private mutating func look(
        at source: any PixelSource, _ colors: inout PNGColorTable, _ worker: PNGBandWorker
    ) throws(MediaError) {
        let (width, height, pitch) = (source.width, source.height, source.bytesPerRow)
        let rows = min(height, max(1, (1 << 18) / pitch))
        let memory = unsafe try worker.sampleMemory(rows * pitch)
        var row = 0
        while row < height {
            let part = row..<min(row + rows, height)
            var ignored = PixelTally()
            var span = unsafe MutableRawSpan(_unsafeStart: memory, byteCount: part.count * pitch)
            try source.fill(rows: part, into: &span, tally: &ignored)
            guard unsafe look(at: memory, pixels: part.count * width, &colors) else { return }
            row = part.upperBound
        }
    }

    /// Takes some pixels into account; `false` when nothing is possible any more.
    private mutating func look(
        at bytes: UnsafePointer<UInt8>, pixels: Int, _ colors: inout PNGColorTable
    ) -> Bool {
        let step = format.bytesPerPixel
        var last: UInt32?
        for pixel in 0..<pixels {
            let place = unsafe bytes + (pixel &* step)
            if format.bits == 16 && hasEightBits {
                for sample in 0..<format.channels where unsafe place[2 &* sample] != place[2 &* sample &+ 1] {
                    hasEightBits = false
                }
            }
            if !hasEightBits {
                unsafe lookAtWide(place)
                if !isGray && !isOpaque { return false }
                if (format.model == .gray || !isGray) && (!format.hasAlpha || !isOpaque) { return false }
                continue
            }
            let color = unsafe PNGReduction.color(place, format)
            guard color != last else { continue }
            last = color
            let (red, green, blue) = (color >> 24, color >> 16 & 255, color >> 8 & 255)
            if color & 255 != 255 { isOpaque = false }
            if red != green || green != blue { isGray = false }
            if isGray {
                while grayBits < 8 && red % (255 / ((1 << UInt32(grayBits)) - 1)) != 0 { grayBits *= 2 }
            }
            if fitsPalette { fitsPalette = colors.insert(color) }
            let mayDropColor = isGray && format.model != .gray && format.model != .grayAlpha
            let mayDropAlpha = isOpaque && format.hasAlpha
            let mayDropBits = isGray && isOpaque && grayBits < 8
            let mayHalve = format.bits == 16
            if !fitsPalette && !mayDropColor && !mayDropAlpha && !mayDropBits && !mayHalve { return false }
        }
        return true
    }

    /// 16-bit samples that need their bits: opacity and colour alone can go.
    private mutating func lookAtWide(_ place: UnsafePointer<UInt8>) {
        fitsPalette = false
        grayBits = 16
        func sample(_ index: Int) -> UInt16 {
            unsafe UnsafeRawPointer(place).loadUnaligned(fromByteOffset: 2 &* index, as: UInt16.self)
        }
        if format.hasAlpha && sample(format.channels - 1) != .max { isOpaque = false }
        if format.channels >= 3 && (sample(0) != sample(1) || sample(1) != sample(2)) { isGray = false }
    }

    // MARK: Result

    private func result(width: Int, height: Int, _ colors: inout PNGColorTable) -> PNGReduction? {
        let bits = hasEightBits ? 8 : 16
        let keepsAlpha = format.hasAlpha && !isOpaque
        let model: PixelFormat.Model = isGray ? (keepsAlpha ? .grayAlpha : .gray) : (keepsAlpha ? .rgba : .rgb)
        let packs = hasEightBits && model == .gray
        guard let plain = PixelFormat(model: model, bits: packs ? grayBits : bits) else { return nil }

        let count = colors.colors.count
        let plainBits = plain.channels * plain.bits
        let indexBits = PNGLayout.indexBits(count)
        if hasEightBits && fitsPalette && indexBits < plainBits {
            // What a palette takes must be little beside what it saves, of which compression leaves a part.
            let overhead = 12 + 3 * count + (keepsAlpha ? 12 + count : 0)
            let (saved, isHuge) = (width * (plainBits - indexBits) / 8).multipliedReportingOverflow(by: height)
            if isHuge || saved / 4 > overhead, let indexed = PixelFormat(model: .indexed, bits: indexBits),
                let palette = colors.makePalette()
            {
                return PNGReduction(from: format, to: indexed, palette: palette, colors: colors)
            }
        }
        return plain == format ? nil : PNGReduction(from: format, to: plain, palette: nil, colors: nil)
    }
}
