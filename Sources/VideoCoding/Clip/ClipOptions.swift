public import ImageCoding
public import MediaCore

/// How a tensor becomes a clip.
///
/// Everything may be left out: the defaults are the documented rules, and the report says which of them were used.
public struct ClipOptions: Sendable {
    /// What the axes mean; `nil` takes `tcwh` of four axes, `ntcwh` of five, `thw` of three, and what the SDK reads under
    /// the wandb rules: `tchw` and `ntchw`.
    public var layout: ClipLayout?
    /// How numbers become samples of 8 bits; decided once for all frames.
    public var mapping: ValueMapping = .automatic
    /// Colours for scalar fields; `nil` leaves them gray.
    public var colorMap: ColorMap?
    /// The pixels of every frame, of 8 bits a sample or fewer; `nil` takes what the tensor has.
    public var mode: PixelMode?
    /// How the clips of a batch stand side by side.
    public var arrangement: ClipArrangement = .tiled
    /// How many frames are shown per second; `nil` takes ``defaultFrameRate``.
    public var frameRate: FrameRate?
    /// Whether guesses and losses are reported or refused.
    public var strictness: Strictness = .report
    /// Whose rules decide: ours, or those of a wandb version.
    public var compatibility: Compatibility = .standard
    /// What sizes are accepted.
    public var limits: Limits = .default

    /// Four frames per second, where nobody states a rate.
    public static let defaultFrameRate = FrameRate.four

    /// The defaults.
    public init() {}

    /// The defaults with some changes: `ClipOptions { $0.layout = .tchw }`.
    public init(_ change: (inout ClipOptions) -> Void) {
        self.init()
        change(&self)
    }
}

/// How the clips of a batch stand side by side in the frames of one clip.
public enum ClipArrangement: Sendable, Hashable {
    /// In rows of a power of two, filled up with black clips to a power of two, as the wandb SDK does: 2 clips in one row,
    /// 3 and one black in one row, 4 in two rows, 5 to 8 in two rows of four.
    case tiled
    /// In a grid. More clips than `rows` has room for are an error.
    case grid(ImageGrid.Options, rows: Int? = nil)
}

/// A size for every frame of a clip.
public enum FrameSize: Sendable, Hashable {
    /// Exactly so many pixels, whatever becomes of the proportions.
    case exact(width: Int, height: Int)
    /// So wide, in proportion.
    case width(Int)
    /// So high, in proportion.
    case height(Int)
    /// Inside a rectangle, in proportion; smaller clips stay as they are.
    case inside(width: Int, height: Int)
    /// No side longer; smaller clips stay as they are.
    case maxSide(Int)

    /// The size that frames of `width` × `height` get; sides in proportion are rounded to nearest and at least 1.
    ///
    /// - Throws: `argument.invalid` for a side below 1 or above `limits.imageSide`.
    public func applied(
        width: Int, height: Int, limits: Limits = .default
    ) throws(MediaError) -> (width: Int, height: Int) {
        switch self {
        case .exact(let newWidth, let newHeight):
            return (try check(newWidth, limits), try check(newHeight, limits))
        case .width(let side):
            return (try check(side, limits), try check(scaled(height, by: side, over: width), limits))
        case .height(let side):
            return (try check(scaled(width, by: side, over: height), limits), try check(side, limits))
        case .maxSide(let side):
            return try FrameSize.inside(width: side, height: side).applied(width: width, height: height, limits: limits)
        case .inside(let most, let mostHeight):
            let box = (width: try check(most, limits), height: try check(mostHeight, limits))
            if width <= box.width, height <= box.height { return (width, height) }
            let height2 = scaled(height, by: box.width, over: width)
            if height2 <= box.height { return (box.width, height2) }
            return (min(box.width, scaled(width, by: box.height, over: height)), box.height)
        }
    }

    /// side · part / whole, to nearest; not below 1. Sides of pictures fit 31 bits.
    private func scaled(_ side: Int, by part: Int, over whole: Int) -> Int {
        let (product, overflow) = side.multipliedReportingOverflow(by: part)
        return overflow ? Int.max : max(1, (product + whole / 2) / whole)
    }

    private func check(_ side: Int, _ limits: Limits) throws(MediaError) -> Int {
        guard (1...max(1, limits.imageSide)).contains(side) else {
            throw MediaError(
                .argumentInvalid, "frames with a side of \(side) pixels", hint: "choose 1 to \(limits.imageSide)",
                at: .init(field: "size"))
        }
        return side
    }
}

extension FrameSize: LosslessStringConvertible {
    /// A size as the command line takes it: `320x240`, `320x` (so wide), `x240` (so high), `fit:320x240` (inside), `320`
    /// (no side longer).
    public init?(_ description: String) {
        let isInside = description.hasPrefix("fit:")
        let text = isInside ? description.dropFirst(4) : description[...]
        let parts = text.split(separator: "x", omittingEmptySubsequences: false)
        func side(_ text: Substring) -> Int? {
            guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
            return Int(text)
        }
        switch (parts.count, isInside) {
        case (1, _):
            guard let side = side(parts[0]) else { return nil }
            self = .maxSide(side)
        case (2, false) where parts[1].isEmpty:
            guard let side = side(parts[0]) else { return nil }
            self = .width(side)
        case (2, false) where parts[0].isEmpty:
            guard let side = side(parts[1]) else { return nil }
            self = .height(side)
        case (2, _):
            guard let width = side(parts[0]), let height = side(parts[1]) else { return nil }
            self = isInside ? .inside(width: width, height: height) : .exact(width: width, height: height)
        default: return nil
        }
    }

    /// The size as the command line takes it.
    public var description: String {
        switch self {
        case .exact(let width, let height): "\(width)x\(height)"
        case .width(let side): "\(side)x"
        case .height(let side): "x\(side)"
        case .inside(let width, let height): "fit:\(width)x\(height)"
        case .maxSide(let side): "\(side)"
        }
    }
}
