import MediaCore
import TensorIO

/// What the axes of a tensor of pictures mean, outermost first: `n` pictures, `h` rows, `w` columns, `c` channels.
public enum ImageLayout: String, Sendable, Hashable, CaseIterable {
    /// Rows, columns: one gray picture.
    case hw
    /// Rows, columns, channels: what NumPy, OpenCV and Pillow use.
    case hwc
    /// Channels, rows, columns: what PyTorch uses.
    case chw
    /// Gray pictures.
    case nhw
    /// Pictures of interleaved channels.
    case nhwc
    /// Pictures of channel planes.
    case nchw

    /// Whether the first axis counts pictures.
    public var isBatch: Bool { rawValue.first == "n" }
    /// How many axes there are.
    public var rank: Int { rawValue.utf8.count }
    /// The layout of one picture of the batch; the layout itself when it is none.
    public var single: ImageLayout {
        switch self {
        case .nhw: .hw
        case .nhwc: .hwc
        case .nchw: .chw
        default: self
        }
    }

    /// Which axis has the letter, if one has.
    func axis(_ letter: Character) -> Int? {
        rawValue.firstIndex(of: letter).map { rawValue.distance(from: rawValue.startIndex, to: $0) }
    }

    /// What a shape was taken for, and what there is to say about it.
    struct Reading: Hashable, Sendable {
        var layout: ImageLayout
        var findings: [Finding] = []
    }

    /// The layout of a shape, by the documented rule.
    ///
    /// Rank 2 is `hw`. Of rank 3, a last axis of 1, 3 or 4 is channels, always; otherwise a first one is. Two channels are
    /// believed only when a format with two is asked for. Rank 4 is a batch of rank 3.
    ///
    /// - Parameters:
    ///   - shape: the tensor's shape.
    ///   - format: the pixel format that the caller asked for, if any.
    /// - Throws: `shape.invalid`, naming the layouts that could be meant.
    static func infer(shape: [Int], format: PixelFormat?) throws(MediaError) -> Reading {
        let counts: Set<Int> = format?.model == .grayAlpha ? [1, 2, 3, 4] : [1, 3, 4]
        switch shape.count {
        case 2:
            return Reading(layout: .hw)
        case 3:
            return try choose(shape, first: 0, counts: counts, last: .hwc, planes: .chw)
        case 4:
            return try choose(shape, first: 1, counts: counts, last: .nhwc, planes: .nchw)
        default:
            throw MediaError(
                .shapeInvalid,
                "shape \(describe(shape)) has \(shape.count) \(shape.count == 1 ? "axis" : "axes"); a picture has 2 or 3, a batch of pictures 4",
                hint: hint(forRank: shape.count), at: .init(field: "shape"))
        }
    }

    private static func choose(
        _ shape: [Int], first: Int, counts: Set<Int>, last: ImageLayout, planes: ImageLayout
    ) throws(MediaError) -> Reading {
        let firstLength = shape[first]
        let lastLength = shape[shape.count - 1]
        if counts.contains(lastLength) {
            var reading = Reading(layout: last)
            if counts.contains(firstLength) {
                reading.findings.append(
                    .warning(
                        .layoutAmbiguous,
                        "shape \(describe(shape)) is read as \(last); its axis \(first) of \(firstLength) could be channels too",
                        path: "layout", value: last.rawValue, hint: "pass layout \(planes) if it is"))
            }
            return reading
        }
        if counts.contains(firstLength) { return Reading(layout: planes) }
        var message =
            "no axis of shape \(describe(shape)) can be channels: axis \(first) has \(firstLength), the last \(lastLength)"
        let hint: String
        if firstLength == 2 || lastLength == 2 {
            message += ", and two channels are believed only when asked for"
            hint =
                shape.count == 3
                ? "pass mode gray-alpha for \(lastLength == 2 ? last : planes), or layout nhw for a batch of gray pictures"
                : "pass mode gray-alpha for \(lastLength == 2 ? last : planes)"
        } else if shape.count == 3 {
            hint = "pass layout nhw for a batch of gray pictures, or select 1, 3 or 4 channels of hwc or chw"
        } else {
            hint = "select 1, 3 or 4 channels for nhwc or nchw, or one slice for nhw"
        }
        throw MediaError(.shapeInvalid, message, hint: hint, at: .init(field: "shape"))
    }

    private static func hint(forRank rank: Int) -> String {
        switch rank {
        case 0, 1: "reshape it to rows × columns, or say what it is (--as)"
        case 5: "take one frame of a batch of clips, or say what it is (--as)"
        default: "remove the axes that are not rows, columns or channels, or say what it is (--as)"
        }
    }
}

extension ImageLayout: CustomStringConvertible {
    /// One letter per axis.
    public var description: String { rawValue }
}
