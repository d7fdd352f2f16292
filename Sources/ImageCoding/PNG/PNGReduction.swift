import MediaCore

/// Finds out whether a picture fits a smaller format without a change, by looking at all of it.
struct PNGReduction {
    private let source: any PixelSource
    private let format: PixelFormat
    /// What is still possible, after the pixels seen so far.
    private var isOpaque = true
    private var isGray = true
    private var hasEightBits = true
    private var fitsPalette = true
    /// The bits of a gray sample that would be enough.
    private var grayBits = 1
    private var colors = PNGColorTable()

    private init(_ source: any PixelSource) {
        self.source = source
        format = source.format
    }

    /// The picture in the smallest format that shows the same; `nil` when that is its own.
    static func reduced(_ source: any PixelSource) throws(MediaError) -> PNGReducedSource? {
        // Packed formats are small already.
        guard source.format.model != .indexed, source.format.bits >= 8 else { return nil }
        var reduction = PNGReduction(source)
        try reduction.survey()
        return reduction.result()
    }

    // MARK: Looking

    private mutating func survey() throws(MediaError) {
        let pitch = source.bytesPerRow
        let rows = max(1, (1 << 18) / pitch)
        var memory = PNGScratch()
        try memory.reserve(rows * pitch)
        var row = 0
        while row < source.height {
            let part = row..<min(row + rows, source.height)
            var ignored = PixelTally()
            let start = unsafe memory.pointer
            var span = unsafe MutableRawSpan(_unsafeStart: start, byteCount: part.count * pitch)
            try source.fill(rows: part, into: &span, tally: &ignored)
            guard unsafe look(at: start, pixels: part.count * source.width) else { return }
            row = part.upperBound
        }
    }

    /// Takes some pixels into account; `false` when nothing is possible any more.
    private mutating func look(at bytes: UnsafePointer<UInt8>, pixels: Int) -> Bool {
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
            let color = unsafe PNGReducedSource.color(place, format)
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

    private mutating func result() -> PNGReducedSource? {
        let bits = hasEightBits ? 8 : 16
        let keepsAlpha = format.hasAlpha && !isOpaque
        let model: PixelFormat.Model = isGray ? (keepsAlpha ? .grayAlpha : .gray) : (keepsAlpha ? .rgba : .rgb)
        let packs = hasEightBits && model == .gray
        guard let plain = PixelFormat(model: model, bits: packs ? grayBits : bits) else { return nil }

        let plainBits = plain.channels * plain.bits
        let indexBits = PNGLayout.indexBits(colors.colors.count)
        if hasEightBits && fitsPalette && indexBits < plainBits {
            // What a palette takes must be little beside what it saves, of which compression leaves a part.
            let overhead = 12 + 3 * colors.colors.count + (keepsAlpha ? 12 + colors.colors.count : 0)
            let (saved, isHuge) = (source.width * (plainBits - indexBits) / 8).multipliedReportingOverflow(
                by: source.height)
            if isHuge || saved / 4 > overhead, let indexed = PixelFormat(model: .indexed, bits: indexBits) {
                colors.sort()
                return PNGReducedSource(source, format: indexed, colors: colors)
            }
        }
        return plain == format ? nil : PNGReducedSource(source, format: plain, colors: nil)
    }
}

/// A picture in a smaller format that shows the same.
struct PNGReducedSource: PixelSource {
    private let base: any PixelSource
    private let colors: PNGColorTable?
    let format: PixelFormat
    let palette: Palette?

    init(_ base: any PixelSource, format: PixelFormat, colors: PNGColorTable?) {
        self.base = base
        self.format = format
        self.colors = colors
        palette = colors?.palette
    }

    var width: Int { base.width }
    var height: Int { base.height }
    var facts: PixelFacts { base.facts }

    func fill(rows: Range<Int>, into band: inout MutableRawSpan, tally: inout PixelTally) throws(MediaError) {
        var memory = PNGScratch()
        let count = rows.count * base.bytesPerRow
        try memory.reserve(count)
        let start = unsafe memory.pointer
        var span = unsafe MutableRawSpan(_unsafeStart: start, byteCount: count)
        try base.fill(rows: rows, into: &span, tally: &tally)
        unsafe band.withUnsafeMutableBytes { target in
            guard let output = unsafe target.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return }
            unsafe reduce(start, pixels: rows.count * width, output: output)
        }
    }

    /// The pixel's colour in 8 bits each: red highest, opacity lowest. Of 16-bit samples, the high byte.
    @inline(__always)
    static func color(_ place: UnsafePointer<UInt8>, _ format: PixelFormat) -> UInt32 {
        let width = format.bytesPerSample
        @inline(__always) func sample(_ index: Int) -> UInt32 {
            // The bytes of a sample that is looked at here are equal.
            unsafe UInt32(place[index &* width])
        }
        switch format.model {
        case .gray, .indexed: return sample(0) &* 0x0101_0100 | 255
        case .grayAlpha: return sample(0) &* 0x0101_0100 | sample(1)
        case .rgb: return sample(0) << 24 | sample(1) << 16 | sample(2) << 8 | 255
        case .rgba: return sample(0) << 24 | sample(1) << 16 | sample(2) << 8 | sample(3)
        }
    }

    private func reduce(
        _ input: UnsafePointer<UInt8>, pixels: Int, output: UnsafeMutablePointer<UInt8>
    ) {
        let from = base.format
        let step = from.bytesPerPixel
        if let colors {
            for pixel in 0..<pixels {
                unsafe output[pixel] = colors.number(of: Self.color(input + (pixel &* step), from))
            }
            return
        }
        // Samples that stay, in their order: gray is the red one, opacity the last.
        let kept: [Int] =
            switch format.model {
            case .gray, .indexed: [0]
            case .grayAlpha: [0, from.channels - 1]
            case .rgb: [0, 1, 2]
            case .rgba: [0, 1, 2, 3]
            }
        let (wide, narrow) = (from.bytesPerSample, format.bytesPerSample)
        let divisor = format.bits < 8 ? UInt8(255 / format.maximum) : 1
        for pixel in 0..<pixels {
            for (index, channel) in kept.enumerated() {
                let place = unsafe input + (pixel &* step &+ channel &* wide)
                let target = unsafe output + (pixel &* kept.count &+ index) &* narrow
                unsafe target[0] = place[0] / divisor
                if narrow == 2 { unsafe target[1] = place[1] }
            }
        }
    }
}
