public import ImageCoding
public import MediaCore
import TensorIO

extension SegmentationMask {
    /// A mask from a PNG file: gray levels of up to 16 bits are the ids, or the indices of a palette, whatever its colours.
    ///
    /// - Parameters:
    ///   - path: the file. Tensors (`.npy`, `.npz`, …) are opened with ``TensorIO/TensorFile``.
    ///   - labels: the names of classes.
    ///   - colors: which class a colour stands for, for pictures whose colours are the classes; `nil` refuses those.
    ///   - limits: how large a mask may be.
    /// - Throws: what ``ImageCoding/ImageFile/decode(path:limits:appliesOrientation:)`` throws;
    ///   as ``init(picture:labels:colors:limits:)``.
    public init(
        contentsOf path: String, labels: ClassLabels? = nil, colors: [Palette.Color: Int]? = nil,
        limits: Limits = .default
    ) throws(MediaError) {
        let picture = try ImageFile.decode(path: path, limits: limits)
        do throws(MediaError) {
            try self.init(picture: picture, labels: labels, colors: colors, limits: limits)
        } catch { throw error.inFile(path) }
    }

    /// A mask from the bytes of a PNG file.
    ///
    /// - Throws: as ``init(contentsOf:labels:colors:limits:)``.
    public init(
        file bytes: RawSpan, labels: ClassLabels? = nil, colors: [Palette.Color: Int]? = nil, limits: Limits = .default
    ) throws(MediaError) {
        try self.init(
            picture: try ImageFile.decode(bytes, limits: limits), labels: labels, colors: colors, limits: limits)
    }

    /// A mask from a decoded picture.
    ///
    /// - Throws: `mask.lossy` for a JPEG, whose pixels are not those that were written; `mask.color` for a colour that
    ///   stands for no class, with its place and the number of such pixels, or for colours where `colors` is `nil`;
    ///   `mask.id-range` for classes in `colors` that are not 0…65,535.
    public init(
        picture: DecodedImage, labels: ClassLabels? = nil, colors: [Palette.Color: Int]? = nil,
        limits: Limits = .default
    ) throws(MediaError) {
        guard picture.fileFormat == .png else {
            throw MediaError(
                .maskLossy, "a \(picture.fileFormat.rawValue.uppercased()) file does not keep the numbers of a mask",
                hint: "save masks as PNG", at: .init(field: "mask"))
        }
        if let colors {
            try self.init(try Self.ids(of: picture, colors), labels: labels, limits: limits)
            return
        }
        guard picture.format.channels == 1 else {
            throw MediaError(
                .maskColor, "a picture of \(picture.format) pixels is no mask, which has one number per pixel",
                hint: "save class numbers as a gray picture, or say which class each colour stands for",
                at: .init(field: "mask"))
        }
        let (pixels, shape) = (picture.pixels, [picture.height, picture.width])
        let tensor =
            picture.format.bits == 16
            ? try Tensor(storage: .array(pixels), elementType: .uint16, shape: shape) : try Tensor(pixels, shape: shape)
        try self.init(tensor, labels: labels, limits: limits)
    }

    /// The classes that the colours of a picture stand for.
    private static func ids(of picture: DecodedImage, _ colors: [Palette.Color: Int]) throws(MediaError) -> Tensor {
        var classes: [UInt32: UInt16] = [:]
        for (color, id) in colors {
            guard let number = UInt16(exactly: id) else {
                throw MediaError(
                    .maskIDRange, "\(id) is no class of a mask, which are 0…\(MaskScan.mostID)",
                    hint: "number the classes from 0", at: .init(field: "colors"))
            }
            classes[color.word] = number
        }
        let pixels = try ConvertedSource(picture, to: .rgba)
        var ids: [UInt16] = []
        ids.reserveCapacity(picture.width * picture.height)
        var row = [UInt8](repeating: 0, count: pixels.bytesPerRow)
        var tally = PixelTally()
        var unknown = Offence()
        var last: (color: UInt32, id: UInt16)?
        for y in 0..<picture.height {
            var span = row.mutableSpan
            var band = unsafe span.mutableBytes
            try pixels.fill(rows: y..<y + 1, into: &band, tally: &tally)
            for x in 0..<picture.width {
                let color = Palette.Color(
                    red: row[4 * x], green: row[4 * x + 1], blue: row[4 * x + 2], alpha: row[4 * x + 3])
                if let last, last.color == color.word {
                    ids.append(last.id)
                } else if let id = classes[color.word] {
                    last = (color.word, id)
                    ids.append(id)
                } else {
                    unknown.add(at: ids.count, color.hex)
                    ids.append(0)
                }
            }
        }
        var report = ValidationReport()
        if unknown.count > 0 {
            report.add(
                .error(
                    .maskColor,
                    "\(unknown.value) stands for no class"
                        + (unknown.count > 1 ? " (and \(unknown.count - 1) more pixels)" : ""),
                    path: "mask[\(unknown.first / picture.width)][\(unknown.first % picture.width)]",
                    value: unknown.value, hint: "add the colour, or save the mask without smoothing"))
        }
        try report.throwIfInvalid()
        return try Tensor(ids, shape: [picture.height, picture.width])
    }
}

extension Palette.Color {
    /// All of it as one number.
    fileprivate var word: UInt32 { UInt32(red) << 24 | UInt32(green) << 16 | UInt32(blue) << 8 | UInt32(alpha) }

    /// `#ff8800`, with the opacity behind it when it is not full.
    fileprivate var hex: String {
        let samples = alpha == 255 ? [red, green, blue] : [red, green, blue, alpha]
        return "#" + samples.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

extension MediaError.Code {
    /// A mask is in a file whose format changes numbers.
    public static let maskLossy: Self = "mask.lossy"
    /// A colour in a mask stands for no class.
    public static let maskColor: Self = "mask.color"
}
