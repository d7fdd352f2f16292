public import MediaCore

/// A picture in another size.
///
/// Old pixels are weighted by a ``ResizeFilter``, first along rows, then along columns, in linear light unless told
/// otherwise; colours count by their opacity. All arithmetic is float32 in a fixed order without fused multiplications, and
/// the tables are made without the C library, so that a picture is the same on every machine and for every partition into
/// bands.
///
/// Bounds: without linear light the result is within 1 of Pillow's `resize` (which rounds between the two passes) for
/// opaque 8-bit pictures. In linear light it is within 1 of the same computation in float64 for 8 and 16 bits.
///
/// Memory: a band of float rows as wide as the new picture and the few old rows that are read at a time; about 1 MiB
/// unless rows are very long. Weights are kept with the value: one for each old pixel in the window of each new one.
public struct ResizedSource: PixelSource {
    /// In which numbers pixels are mixed.
    public enum Light: Sendable, Hashable {
        /// In light: samples are sRGB and decoded first. Right for photographs and renderings.
        case linear
        /// In the samples as they are. Right for data, and what most tools do.
        case asStored
    }

    /// The picture whose pixels are mixed: the one that was given, indices and samples below 8 bits expanded.
    public let base: any PixelSource
    /// How many pixels a row has.
    public let width: Int
    /// How many rows there are.
    public let height: Int
    /// How pixels are made.
    public let filter: ResizeFilter
    /// In which numbers they are mixed.
    public let light: Light

    private let kernel: Kernel

    private enum Kernel: Sendable {
        case nearest
        case weighted(Resampler)
    }

    /// `source` in `width` × `height` pixels.
    ///
    /// Indices, and gray of less than 8 bits, become 8-bit colours or gray unless the filter is nearest.
    /// - Throws: `argument.invalid` for sizes below 1 or above 2³¹ − 1.
    public init(
        _ source: any PixelSource, width: Int, height: Int, filter: ResizeFilter = .lanczos3, light: Light = .linear
    ) throws(MediaError) {
        for (name, length) in [("width", width), ("height", height)] {
            guard length >= 1, length <= Int(Int32.max) else {
                throw MediaError(
                    .argumentInvalid, "a picture cannot be resized to \(name) \(length)",
                    hint: "choose 1 to \(Int32.max) pixels", at: .init(field: name))
            }
        }
        self.width = width
        self.height = height
        self.filter = filter
        self.light = light
        if filter == .nearest {
            base = source
            kernel = .nearest
        } else {
            let mixable = try ResizedSource.mixable(source)
            base = mixable
            kernel = .weighted(Resampler(mixable, width: width, height: height, filter: filter, light: light))
        }
    }

    /// Another picture, resized as this one was: its tables serve again where size and format are the same.
    ///
    /// - Throws: as ``init(_:width:height:filter:light:)``.
    package func applied(to source: any PixelSource) throws(MediaError) -> ResizedSource {
        let mixable = filter == .nearest ? source : try ResizedSource.mixable(source)
        guard (mixable.width, mixable.height) == (base.width, base.height), mixable.format == base.format else {
            return try ResizedSource(source, width: width, height: height, filter: filter, light: light)
        }
        return ResizedSource(mixable, like: self)
    }

    private init(_ base: any PixelSource, like other: ResizedSource) {
        self.base = base
        (width, height, filter, light, kernel) = (other.width, other.height, other.filter, other.light, other.kernel)
    }

    /// `source` so that neither side is longer than `maxSide`, with its proportions; the shorter side is rounded to
    /// nearest and at least 1. A smaller picture is given back as it is unless it may be enlarged.
    ///
    /// - Throws: `argument.invalid` when `maxSide` is below 1 or above 2³¹ − 1.
    public static func fit(
        _ source: any PixelSource, maxSide: Int, enlarging: Bool = false, filter: ResizeFilter = .lanczos3,
        light: Light = .linear
    ) throws(MediaError) -> any PixelSource {
        let size = try fittedSize(width: source.width, height: source.height, maxSide: maxSide, enlarging: enlarging)
        if size == (source.width, source.height) { return source }
        return try ResizedSource(source, width: size.width, height: size.height, filter: filter, light: light)
    }

    /// The size that ``fit(_:maxSide:enlarging:filter:light:)`` gives a picture of `width` × `height`.
    ///
    /// - Throws: `argument.invalid` when `maxSide` is below 1 or above 2³¹ − 1.
    public static func fittedSize(
        width: Int, height: Int, maxSide: Int, enlarging: Bool = false
    ) throws(MediaError) -> (width: Int, height: Int) {
        guard maxSide >= 1, maxSide <= Int(Int32.max) else {
            throw MediaError(
                .argumentInvalid, "a longest side of \(maxSide) pixels", hint: "choose 1 to \(Int32.max)",
                at: .init(field: "maxSide"))
        }
        let longest = max(width, height)
        guard longest > maxSide || (enlarging && longest < maxSide), longest >= 1 else { return (width, height) }
        func scaled(_ side: Int) -> Int {
            let (product, rest) = side.multipliedFullWidth(by: 2 * maxSide)
            guard product == 0, rest <= UInt(Int.max) - UInt(longest) else { return maxSide }
            return max(1, min(maxSide, (Int(rest) + longest) / (2 * longest)))
        }
        return (scaled(width), scaled(height))
    }

    /// What a pixel is.
    public var format: PixelFormat { base.format }
    /// The colours of indices.
    public var palette: Palette? { base.palette }
    /// What was decided when the first source was made.
    public var facts: PixelFacts { base.facts }

    /// Makes `rows` from the old rows in their windows. What an old row loses is counted with the first new row that it has
    /// a part in, and not at all where it has none.
    public func fill(
        rows: Range<Int>, into band: inout MutableRawSpan, tally: inout PixelTally
    ) throws(MediaError) {
        switch kernel {
        case .nearest: try fillNearest(rows, &band, &tally)
        case .weighted(let resampler): try resampler.fill(rows: rows, from: base, into: &band, tally: &tally)
        }
    }

    private func fillNearest(
        _ rows: Range<Int>, _ band: inout MutableRawSpan, _ tally: inout PixelTally
    ) throws(MediaError) {
        let old = ScratchRows(byteCount: base.bytesPerRow)
        let size = format.bytesPerPixel, stride = bytesPerRow
        let count = width, oldCount = base.width
        var present = -1
        for row in rows {
            let wanted = ResizedSource.nearest(row, of: height, in: base.height)
            let target = (row - rows.lowerBound) * stride
            if wanted != present {
                var lost = PixelTally()
                try old.fill(from: base, rows: wanted..<wanted + 1, tally: &lost)
                let isFirst = row == 0 || ResizedSource.nearest(row - 1, of: height, in: base.height) != wanted
                if isFirst { tally.add(lost) }
            }
            unsafe band.withUnsafeMutableBytes { band in
                if wanted == present {
                    unsafe UnsafeMutableRawBufferPointer(rebasing: band[target..<target + stride]).copyMemory(
                        from: UnsafeRawBufferPointer(rebasing: band[target - stride..<target]))
                    return
                }
                let old = unsafe old.bytes
                for x in 0..<count {
                    let from = ResizedSource.nearest(x, of: count, in: oldCount) * size, to = target + x * size
                    for byte in 0..<size { unsafe band[to + byte] = unsafe old[from + byte] }
                }
            }
            present = wanted
        }
    }

    /// The old pixel under the middle of a new one: ⌊(i + ½)·old/new⌋ in whole numbers.
    static func nearest(_ index: Int, of count: Int, in old: Int) -> Int {
        min(old - 1, (2 * index + 1) * old / (2 * count))
    }

    private static func mixable(_ source: any PixelSource) throws(MediaError) -> any PixelSource {
        if source.format.model == .indexed {
            let target: PixelFormat = source.palette?.model == .rgba ? .rgba : .rgb
            return try ConvertedSource(source, to: target)
        }
        return source.format.bits < 8 ? try ConvertedSource(source, to: .gray) : source
    }
}
