public import ImageCoding
public import MediaCore
import TensorIO

/// A picture with the classes of a mask in colours over it.
///
/// Every channel is `(base · (255 − a) + colour · a + 127) / 255` in whole numbers, rounded down, where a is the opacity of
/// the class, 0…255. The result is 8-bit `rgb`; `rgba` when the picture has opacity, which is blended towards 255 likewise.
/// Gray, indexed and 16-bit pictures are converted first. Rows are made as they are asked for; nothing is held but a table.
public struct MaskOverlay: PixelSource {
    /// Which classes are drawn.
    public enum Classes: Sendable, Hashable {
        /// All but background: class 0 when it has no label of its own, or one that says so
        /// (``MaskOverlay/backgroundNames``). COCO, Pascal VOC and most networks mean "nothing" by 0.
        case automatic
        /// All, 0 too.
        case all
        /// These alone.
        case only(Set<Int>)
        /// All but these.
        case except(Set<Int>)
    }

    /// How a mask is drawn.
    public struct Style: Sendable, Hashable {
        /// How much of the colour is seen, 0…1; rounded to 255ths together with the opacity of the colour itself.
        public var opacity: Double
        /// How wide the opaque edge of each region is, in pixels, inside of it; 0 draws none, 64 is the most.
        public var outline: Int
        /// Which classes are drawn.
        public var classes: Classes

        /// Creates a style.
        public init(opacity: Double = 0.5, outline: Int = 0, classes: Classes = .automatic) {
            self.opacity = opacity
            self.outline = outline
            self.classes = classes
        }
    }

    /// The widest edge of regions, in pixels.
    public static let widestOutline = 64

    /// Labels of class 0 that mean background, in lower case.
    public static let backgroundNames: Set<String> = [
        "background", "_background_", "__background__", "bg", "unlabeled", "unlabelled", "void", "none", "nothing",
        "ignore", "other",
    ]

    /// The picture below, in 8-bit `rgb` or `rgba`.
    public let base: any PixelSource
    /// The mask.
    public let mask: SegmentationMask
    /// How it is drawn.
    public let style: Style
    /// The classes that occur and are not drawn.
    public let hiddenClasses: [SegmentationMask.ClassCount]

    /// Red, green, blue and a for each number that the mask can hold.
    private let table: [UInt8]
    /// Whether nothing is drawn.
    private let isEmpty: Bool

    /// Lays a mask over a picture of its size.
    ///
    /// - Parameters:
    ///   - picture: the picture below.
    ///   - mask: the mask.
    ///   - style: how it is drawn.
    ///   - color: the colour of a class; asked once for each class that occurs and is drawn. Its opacity is multiplied with
    ///     that of the style.
    /// - Throws: `mask.size` when mask and picture differ in size; `argument.invalid` for an opacity outside 0…1 or an
    ///   outline outside 0…64.
    public init(
        _ picture: any PixelSource, mask: SegmentationMask, style: Style = Style(), color: (Int) -> Palette.Color
    ) throws(MediaError) {
        guard style.opacity >= 0, style.opacity <= 1 else {
            throw MediaError(
                .argumentInvalid, "an opacity of \(style.opacity)", hint: "use 0…1", at: .init(field: "opacity"))
        }
        guard (0...Self.widestOutline).contains(style.outline) else {
            throw MediaError(
                .argumentInvalid, "an outline of \(style.outline) pixels", hint: "use 0…\(Self.widestOutline)",
                at: .init(field: "outline"))
        }
        try mask.checkSize(width: picture.width, height: picture.height)
        let format: PixelFormat = picture.hasOpacity ? .rgba : .rgb
        base = picture.format == format ? picture : try ConvertedSource(picture, to: format)
        self.mask = mask
        self.style = style
        var table = [UInt8](repeating: 0, count: mask.tensor.elementType == .uint16 ? 4 << 16 : 4 << 8)
        var hidden: [SegmentationMask.ClassCount] = []
        for entry in mask.classes {
            guard Self.shows(entry.id, of: mask, style.classes) else {
                hidden.append(entry)
                continue
            }
            let color = color(entry.id)
            let place = 4 * entry.id
            (table[place], table[place + 1], table[place + 2]) = (color.red, color.green, color.blue)
            // 0…255: both factors are within their ranges.
            table[place + 3] = UInt8((style.opacity * Double(color.alpha)).rounded())
        }
        self.table = table
        hiddenClasses = hidden
        isEmpty = hidden.count == mask.classes.count
    }

    /// The same with colours from a table: class *i* has colour *i*, beyond the last it begins anew.
    ///
    /// - Throws: also `argument.invalid` for a table without colours.
    public init(
        _ picture: any PixelSource, mask: SegmentationMask, style: Style = Style(), colors: [Palette.Color]
    ) throws(MediaError) {
        guard !colors.isEmpty else {
            throw MediaError(
                .argumentInvalid, "there is no colour for the classes", hint: "give at least one",
                at: .init(field: "colors"))
        }
        try self.init(picture, mask: mask, style: style) { colors[$0 % colors.count] }
    }

    /// The classes that occur and are drawn under a choice.
    static func shownClasses(of mask: SegmentationMask, _ classes: Classes) -> Set<Int> {
        Set(mask.classes.lazy.map(\.id).filter { shows($0, of: mask, classes) })
    }

    private static func shows(_ id: Int, of mask: SegmentationMask, _ classes: Classes) -> Bool {
        switch classes {
        case .all: return true
        case .only(let ids): return ids.contains(id)
        case .except(let ids): return !ids.contains(id)
        case .automatic:
            guard id == 0 else { return true }
            guard !mask.hasDefaultLabels, let name = mask.labels[0] else { return false }
            return !backgroundNames.contains(name.lowercased())
        }
    }

    /// How many pixels are of a class that is not drawn.
    public var hiddenPixels: Int { hiddenClasses.reduce(0) { $0 + $1.pixelCount } }
    /// How many pixels a row has.
    public var width: Int { base.width }
    /// How many rows there are.
    public var height: Int { base.height }
    /// `rgb` or `rgba`.
    public var format: PixelFormat { base.format }
    /// What was decided when the picture below was made.
    public var facts: PixelFacts { base.facts }

    /// Asks the picture below for `rows` and blends the colours over them.
    public func fill(rows: Range<Int>, into band: inout MutableRawSpan, tally: inout PixelTally) throws(MediaError) {
        let length = rows.count * bytesPerRow
        guard rows.lowerBound >= 0, rows.upperBound <= height, band.byteCount >= length else {
            throw MediaError(
                .argumentInvalid, "rows \(rows) of a picture of \(height) do not fit a band of \(band.byteCount) bytes")
        }
        try base.fill(rows: rows, into: &band, tally: &tally)
        guard !isEmpty, !rows.isEmpty else { return }
        unsafe band.withUnsafeMutableBytes { bytes in
            guard let pixels = unsafe bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return }
            if mask.tensor.elementType == .uint16 {
                unsafe blend(UInt16.self, rows, pixels)
            } else {
                unsafe blend(UInt8.self, rows, pixels)
            }
        }
    }

    @unsafe private func blend<ID: MaskNumber>(
        _ type: ID.Type, _ rows: Range<Int>, _ pixels: UnsafeMutablePointer<UInt8>
    ) {
        let channels = format.channels
        unsafe mask.withRows { first, pitch in
            unsafe table.withUnsafeBufferPointer { table in
                guard let table = table.baseAddress else { return }
                guard style.outline == 0 else {
                    let outline = unsafe MaskOutline(type, first: first, pitch: pitch, width: width, height: height)
                    unsafe outline.forEachRow(rows, reach: style.outline) { row, edges in
                        unsafe ID.blend(
                            first + row * pitch, count: width, table: table, channels: channels, edges: edges,
                            pixels: pixels + (row - rows.lowerBound) * width * channels)
                    }
                    return
                }
                // Rows that follow each other are one.
                let isOne = pitch == width * MemoryLayout<ID>.size
                let count = isOne ? rows.count * width : width
                for row in isOne ? rows.lowerBound..<rows.lowerBound + 1 : rows {
                    unsafe ID.blend(
                        first + row * pitch, count: count, table: table, channels: channels, edges: nil,
                        pixels: pixels + (row - rows.lowerBound) * width * channels)
                }
            }
        }
    }
}

extension PixelSource {
    /// Whether pixels may be seen through.
    fileprivate var hasOpacity: Bool {
        format.hasAlpha || palette?.colors.contains { $0.alpha != 255 } == true
    }
}
