import MediaCore

/// Turns rows of any format into 8-bit gray, RGB or RGBA, for formats that hold nothing else.
enum NarrowRows {
    /// Whether all that `source` shows is gray.
    static func isGray(_ source: any PixelSource) -> Bool {
        switch source.format.model {
        case .gray, .grayAlpha: true
        case .indexed: source.palette?.colors.allSatisfy { $0.red == $0.green && $0.green == $0.blue } ?? false
        case .rgb, .rgba: false
        }
    }

    /// Whether `source` can be other than opaque.
    static func hasOpacity(_ source: any PixelSource) -> Bool {
        source.format.hasAlpha
            || (source.format.model == .indexed && source.palette?.colors.contains { $0.alpha != 255 } ?? false)
    }

    /// What is lost, in words; opacity is not when there is no rule.
    static func losses(of source: any PixelSource, opacity: OpacityRule?, in format: String) -> [Finding] {
        var findings: [Finding] = []
        if source.format.bits == 16 {
            findings.append(
                .warning(
                    .valueOutOfRange, "\(format) has 8 bits: samples of 16 were rounded",
                    hint: "write a PNG to keep them"))
        }
        if let opacity, hasOpacity(source) {
            let what =
                switch opacity {
                case .over(let red, let green, let blue): "the picture was laid over \(red), \(green), \(blue)"
                case .drop, .refuse: "opacity was dropped"
                }
            findings.append(
                .warning(.valueOutOfRange, "\(format) has no opacity: \(what)", hint: "write a PNG to keep it"))
        }
        return findings
    }

    /// Throws what the options refuse, and for indices without a palette.
    static func check(
        _ source: any PixelSource, opacity: OpacityRule, refuses16Bits: Bool, in format: String
    ) throws(MediaError) {
        if source.format.model == .indexed, source.palette == nil {
            throw MediaError(.argumentInvalid, "a picture of indices has no palette")
        }
        if refuses16Bits, source.format.bits == 16 {
            throw MediaError(
                .valueOutOfRange, "a \(format) cannot hold the 16 bits of \(source.format) pixels",
                hint: "write a PNG, or allow rounding to 8 bits")
        }
        if opacity == .refuse, hasOpacity(source) {
            throw MediaError(
                .valueOutOfRange, "a \(format) cannot hold the opacity of \(source.format) pixels",
                hint: "write a PNG, or say which colour lies behind the picture")
        }
    }

    /// The conversion to `target`, which is gray, RGB or RGBA of 8 bits; `nil` when there is nothing to do.
    static func conversion(
        of source: any PixelSource, to target: PixelFormat, opacity: OpacityRule
    ) -> EncodingContext.Conversion? {
        let format = source.format
        guard format != target else { return nil }
        var background: Palette.Color?
        if case .over(let red, let green, let blue) = opacity, !target.hasAlpha {
            background = Palette.Color(red: red, green: green, blue: blue)
        }
        var colors = samples(of: source.palette, like: format)
        if let background { colors = colors.map { lay($0, over: background) } }
        let pixels = NarrowPixels(step: format.bytesPerPixel, channels: target.channels, background: background)
        return { [colors] from, to in
            unsafe from.withUnsafeBytes { from in
                unsafe to.withUnsafeMutableBytes { to in
                    unsafe pixels.convert(from, to, model: format.model, isWide: format.bits == 16, colors: colors)
                }
            }
        }
    }

    /// The colour of every sample of up to 8 bits: the palette's, or gray spread over 0…255. Always 256.
    static func samples(of palette: Palette?, like format: PixelFormat) -> [Palette.Color] {
        (0..<256).map { i in
            if let palette {
                return i < palette.colors.count ? palette.colors[i] : Palette.Color(red: 0, green: 0, blue: 0)
            }
            let level = UInt8(min(255, i * 255 / min(format.maximum, 255)))
            return Palette.Color(red: level, green: level, blue: level)
        }
    }

    /// A colour over an opaque one, rounded.
    static func lay(_ color: Palette.Color, over background: Palette.Color) -> Palette.Color {
        guard color.alpha != 255 else { return color }
        let alpha = UInt32(color.alpha)
        func mix(_ front: UInt8, _ back: UInt8) -> UInt8 {
            UInt8((UInt32(front) * alpha + UInt32(back) * (255 - alpha) + 127) / 255)
        }
        return Palette.Color(
            red: mix(color.red, background.red), green: mix(color.green, background.green),
            blue: mix(color.blue, background.blue))
    }
}
