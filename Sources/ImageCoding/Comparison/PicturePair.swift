import MediaCore

/// Two pictures of one size, brought to one format.
struct PicturePair: Sendable {
    let first: any PixelSource
    let second: any PixelSource
    let format: PixelFormat
    /// What was done to which.
    let conversions: [String]

    /// - Throws: `argument.invalid` for pictures of different sizes.
    init(_ first: any PixelSource, _ second: any PixelSource) throws(MediaError) {
        guard first.width == second.width, first.height == second.height else {
            throw MediaError(
                .argumentInvalid,
                "the first picture has \(first.width)×\(first.height) pixels, the second \(second.width)×\(second.height)",
                hint: "resize or crop one of them first", at: .init(field: "size"))
        }
        let formats = (Self.plain(first), Self.plain(second))
        format = Self.union(formats.0, formats.1)
        var conversions: [String] = []
        for (name, source, plain) in [("first", first, formats.0), ("second", second, formats.1)]
        where plain != format { conversions.append("the \(name) from \(source.format) to \(format)") }
        self.conversions = conversions
        self.first = first.format == format ? first : try ConvertedSource(first, to: format)
        self.second = second.format == format ? second : try ConvertedSource(second, to: format)
    }

    /// The format that says the same without palette and with whole bytes.
    private static func plain(_ source: any PixelSource) -> PixelFormat {
        if source.format.model == .indexed { return source.palette?.model == .rgba ? .rgba : .rgb }
        return source.format.bits < 8 ? .gray : source.format
    }

    /// The least format that holds both.
    private static func union(_ one: PixelFormat, _ two: PixelFormat) -> PixelFormat {
        let hasColor = [one, two].contains { $0.model == .rgb || $0.model == .rgba }
        let model: PixelFormat.Model =
            switch (hasColor, one.hasAlpha || two.hasAlpha) {
            case (false, false): .gray
            case (false, true): .grayAlpha
            case (true, false): .rgb
            case (true, true): .rgba
            }
        return PixelFormat(model: model, bits: max(one.bits, two.bits)) ?? .rgba16
    }
}
