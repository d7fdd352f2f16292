public import MediaCore

/// A gray picture in the colours of a map.
///
/// The pixels become indices into a palette that is the map: a third of the bytes of colours, and less work to compress.
public struct ColorMappedSource: PixelSource {
    /// The gray picture, in 8 bits.
    public let base: any PixelSource
    /// The colours.
    public let map: ColorMap

    /// `source` in the colours of `map`, as indices.
    ///
    /// Gray of 16 bits is rounded to 8, gray of fewer bits is stretched; opacity is dropped.
    /// - Throws: `argument.invalid` when the picture has colours of its own.
    public init(_ source: any PixelSource, map: ColorMap) throws(MediaError) {
        guard source.format.model == .gray || source.format.model == .grayAlpha else {
            throw MediaError(
                .argumentInvalid, "a colour map needs one number per pixel, the picture is \(source.format)",
                hint: "choose one channel, or leave the colour map out", at: .init(field: "colormap"))
        }
        base = source.format == .gray ? source : try ConvertedSource(source, to: .gray)
        self.map = map
    }

    /// `source` in the colours of `map`, as 8-bit colours, for formats without palettes: `rgba` when the map has opacity.
    ///
    /// - Throws: `argument.invalid` when the picture has colours of its own.
    public static func rgb(_ source: any PixelSource, map: ColorMap) throws(MediaError) -> any PixelSource {
        let indexed = try ColorMappedSource(source, map: map)
        return try ConvertedSource(indexed, to: map.palette.model == .rgba ? .rgba : .rgb)
    }

    /// How many pixels a row has.
    public var width: Int { base.width }
    /// How many rows there are.
    public var height: Int { base.height }
    /// Indices of 8 bits.
    public var format: PixelFormat { .indexed }
    /// The colours of the map.
    public var palette: Palette? { map.palette }
    /// What was decided when the first source was made.
    public var facts: PixelFacts { base.facts }

    /// Gray levels are the indices, so nothing is converted.
    public func fill(
        rows: Range<Int>, into band: inout MutableRawSpan, tally: inout PixelTally
    ) throws(MediaError) {
        try base.fill(rows: rows, into: &band, tally: &tally)
    }
}
