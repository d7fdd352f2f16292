import MediaCore

/// One pass of a conversion over packed pixels.
enum ConversionStep: Sendable, Hashable {
    /// Samples of up to 8 bits through a table of 256.
    case table([UInt8])
    /// Indices to the colours of a palette, given as 256 entries of 4 samples of which the first `channels` count.
    case palette([UInt8], channels: Int)
    /// 8 to 16 bits, times `factor`.
    case widen(channels: Int, factor: UInt16)
    /// 16 to 8 bits, scaled.
    case narrow(channels: Int)
    /// 16 to 8 bits, the number kept.
    case saturate(channels: Int)
    /// Another model with as many bits (8 or 16).
    case remodel(PixelFormat.Model, PixelFormat.Model, bits: Int)
    /// Over an opaque colour; `channels` counts without opacity.
    case compose(channels: Int, over: [UInt16], bits: Int)

    /// How many bytes a pixel takes after the step.
    var bytesPerPixel: Int {
        switch self {
        case .table: 1
        case .palette(_, let channels), .narrow(let channels), .saturate(let channels): channels
        case .widen(let channels, _): channels * 2
        case .remodel(_, let to, let bits): to.channels * (bits / 8)
        case .compose(let channels, _, let bits): channels * (bits / 8)
        }
    }

    /// Converts `count` pixels. Both buffers hold that many, aligned for their samples.
    @unsafe func run(_ source: UnsafeMutableRawPointer, _ target: UnsafeMutableRawPointer, count: Int) {
        let bytes = unsafe UnsafePointer(source.assumingMemoryBound(to: UInt8.self))
        let words = unsafe UnsafePointer(source.assumingMemoryBound(to: UInt16.self))
        let outBytes = unsafe target.assumingMemoryBound(to: UInt8.self)
        let outWords = unsafe target.assumingMemoryBound(to: UInt16.self)
        switch self {
        case .table(let table):
            unsafe table.withUnsafeBufferPointer { table in
                guard let table = table.baseAddress else { return }
                unsafe SampleLoops.lookUp(table, bytes, outBytes, count: count)
            }
        case .palette(let table, let channels):
            unsafe table.withUnsafeBufferPointer { table in
                guard let table = table.baseAddress else { return }
                unsafe SampleLoops.lookUp(table, channels: channels, bytes, outBytes, count: count)
            }
        case .widen(let channels, let factor):
            unsafe SampleLoops.widen(bytes, outWords, count: count * channels, factor: factor)
        case .narrow(let channels): unsafe SampleLoops.narrow(words, outBytes, count: count * channels)
        case .saturate(let channels): unsafe SampleLoops.saturate(words, outBytes, count: count * channels)
        case .remodel(let from, let to, 16): unsafe SampleLoops.remodel(from, to, words, outWords, count: count)
        case .remodel(let from, let to, _): unsafe SampleLoops.remodel(from, to, bytes, outBytes, count: count)
        case .compose(let channels, let color, 16):
            unsafe SampleLoops.compose(channels: channels, over: color, words, outWords, count: count)
        case .compose(let channels, let color, _):
            let color = color.map { UInt8(truncatingIfNeeded: $0) }
            unsafe SampleLoops.compose(channels: channels, over: color, bytes, outBytes, count: count)
        }
    }
}

extension ConversionStep {
    /// The steps from one format to another; none when the bytes stay as they are.
    ///
    /// Bilevel pictures come out as the threshold has them; ``DitheredRows`` asks for gray instead.
    /// - Throws: `argument.invalid` when colours would have to be reduced to a palette.
    static func plan(
        from: PixelFormat, palette: Palette?, to: PixelFormat, rule: ConversionRule
    ) throws(MediaError) -> [ConversionStep] {
        if to.model == .indexed { return try planIndexed(from: from, palette: palette, to: to, rule: rule) }
        if from == to { return [] }
        var steps: [ConversionStep] = []
        var model = from.model
        var bits = from.bits
        if model == .indexed {
            model = palette?.model ?? .rgb
            steps.append(.palette(palette?.table ?? [UInt8](repeating: 0, count: 1024), channels: model.channels))
            bits = 8
        } else if bits < 8, rule.depth == .scaled {
            let factor = UInt8(truncatingIfNeeded: 255 / from.maximum)
            steps.append(.table((0...255).map { UInt8(truncatingIfNeeded: min($0, from.maximum)) &* factor }))
            bits = 8
        }
        bits = max(bits, 8)
        // Luma and composition are computed at the greater of both depths.
        if bits == 8, to.bits == 16, rule.depth == .scaled {
            steps.append(.widen(channels: model.channels, factor: 257))
            bits = 16
        }
        if model.hasAlpha, !to.hasAlpha, case .compose(let color) = rule.alpha {
            if model == .grayAlpha, to.model == .rgb {
                steps.append(.remodel(model, .rgba, bits: bits))
                model = .rgba
            }
            let opaque = model.withoutAlpha
            steps.append(.compose(channels: opaque.channels, over: color.samples(of: opaque, bits: bits), bits: bits))
            model = opaque
        }
        if model != to.model { steps.append(.remodel(model, to.model, bits: bits)) }
        let channels = to.channels
        switch (bits, to.bits) {
        case (16, ..<16):
            steps.append(rule.depth == .scaled ? .narrow(channels: channels) : .saturate(channels: channels))
        case (8, 16): steps.append(.widen(channels: channels, factor: 1))
        default: break
        }
        if to.bits < 8 { steps.append(.table(reduction(to: to, rule: rule))) }
        return steps
    }

    /// 8-bit gray to fewer bits.
    private static func reduction(to: PixelFormat, rule: ConversionRule) -> [UInt8] {
        (0...255).map { value in
            if to.bits == 1, case .threshold(let threshold) = rule.bilevel { return value >= threshold ? 1 : 0 }
            return UInt8(
                truncatingIfNeeded: rule.depth == .scaled ? (value * to.maximum + 127) / 255 : min(value, to.maximum))
        }
    }

    private static func planIndexed(
        from: PixelFormat, palette: Palette?, to: PixelFormat, rule: ConversionRule
    ) throws(MediaError) -> [ConversionStep] {
        if rule.colors == .webPalette, to == .indexed, from.model == .gray || from.model == .grayAlpha {
            return try plan(from: from, palette: palette, to: .gray, rule: rule)
        }
        let isGray = from.model == .gray && from.bits <= to.bits
        let fits = from.model == .indexed && (palette?.colors.count ?? 256) <= to.maximum + 1
        guard isGray || fits else {
            throw MediaError(
                .argumentInvalid, "\(from) pixels cannot become \(to): their colours would have to be reduced",
                hint: "choose rgb or rgba, or a colour map for gray pictures", at: .init(field: "pixelFormat"))
        }
        return []
    }
}

extension PixelFormat.Model {
    /// Whether the last sample is opacity.
    var hasAlpha: Bool { self == .grayAlpha || self == .rgba }
    /// The model without opacity.
    var withoutAlpha: PixelFormat.Model {
        switch self {
        case .grayAlpha: .gray
        case .rgba: .rgb
        default: self
        }
    }
}

extension Palette {
    /// `rgba` when any colour is not opaque, else `rgb`.
    var model: PixelFormat.Model { colors.allSatisfy { $0.alpha == 255 } ? .rgb : .rgba }

    /// 256 entries of red, green, blue, opacity; those beyond the last colour are opaque black.
    var table: [UInt8] {
        var table: [UInt8] = []
        table.reserveCapacity(1024)
        for color in colors { table += [color.red, color.green, color.blue, color.alpha] }
        while table.count < 1024 { table += [0, 0, 0, 255] }
        return table
    }

    /// The grays of a format of 1 to 8 bits.
    static func grays(bits: Int) -> Palette? {
        let maximum = (1 << bits) - 1
        return Palette((0...maximum).map { Color(gray: UInt8(truncatingIfNeeded: $0 * 255 / maximum)) })
    }
}

extension Palette.Color {
    /// An opaque gray.
    public init(gray: UInt8) { self.init(red: gray, green: gray, blue: gray) }

    /// Opaque black.
    public static let black = Palette.Color(gray: 0)
    /// Opaque white.
    public static let white = Palette.Color(gray: 255)
    /// Black that cannot be seen.
    public static let clear = Palette.Color(red: 0, green: 0, blue: 0, alpha: 0)

    /// Whether red, green and blue are equal.
    var isGray: Bool { red == green && green == blue }

    /// The samples of a pixel of this colour, scaled to `bits` (1 to 16); gray is its luma.
    func samples(of model: PixelFormat.Model, bits: Int) -> [UInt16] {
        let luma = SampleLoops.luma(red, green, blue)
        let samples: [UInt8] =
            switch model {
            case .gray, .indexed: [luma]
            case .grayAlpha: [luma, alpha]
            case .rgb: [red, green, blue]
            case .rgba: [red, green, blue, alpha]
            }
        let maximum = (1 << bits) - 1
        return samples.map { UInt16(truncatingIfNeeded: (Int($0) * maximum + 127) / 255) }
    }
}
