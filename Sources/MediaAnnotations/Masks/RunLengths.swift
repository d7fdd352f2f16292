public import MediaCore

/// A region of a picture as the lengths of its runs, column by column: the form in which COCO keeps masks.
///
/// The first length is of pixels outside the region and may be 0, the next of pixels inside, and so on by turns. Pixels are
/// counted down the first column, then down the second. The lengths add up to the number of pixels.
///
/// Format: COCO API, `maskApi.h` ("RLE"), with `counts` as a list, or as text: see ``compressed``.
public struct RunLengths: Sendable, Hashable {
    /// How many pixels a row of the picture has; at least 1.
    public let width: Int
    /// How many rows the picture has; at least 1.
    public let height: Int
    /// The lengths; none is negative, and they add up to `width * height`.
    public let counts: [Int]

    /// Lengths as a COCO file lists them.
    ///
    /// - Throws: `argument.invalid` or `limit.exceeded` for the size; `rle.negative`, `rle.length` for lengths that cannot
    ///   be those of such a picture.
    public init(
        counts: [Int], width: Int, height: Int, limits: Limits = .default
    ) throws(MediaError) {
        try MaskSize.check(width: width, height: height, limits: limits, field: "size")
        var total = 0
        for (index, count) in counts.enumerated() {
            guard count >= 0 else {
                throw MediaError(
                    .rleNegative, "run \(index) has \(count) pixels", hint: "lengths are never below 0",
                    at: .init(field: "counts[\(index)]"))
            }
            // What is over the picture's size is refused at once, so that the sum does not overflow.
            guard count <= width * height - total else {
                throw Self.lengthError("more", than: width, height, at: "counts[\(index)]")
            }
            total += count
        }
        guard total == width * height else {
            throw Self.lengthError("only \(total)", than: width, height, at: "counts")
        }
        self.init(unchecked: counts, width: width, height: height)
    }

    /// Lengths that are known to be right.
    init(unchecked counts: [Int], width: Int, height: Int) {
        self.width = width
        self.height = height
        self.counts = counts
    }

    static func lengthError(_ what: String, than width: Int, _ height: Int, at field: String) -> MediaError {
        MediaError(
            .rleLength, "the runs have \(what) pixels, a picture of \(width)×\(height) has \(width * height)",
            hint: "check the size; COCO writes it as [height, width]", at: .init(field: field))
    }

    /// The runs of the pixels of one class in a mask.
    public init(_ mask: SegmentationMask, class id: Int) {
        let (width, height) = (mask.width, mask.height)
        var counts: [Int] = []
        unsafe mask.withRows { base, pitch in
            if mask.tensor.elementType == .uint16 {
                unsafe Self.find(UInt16(exactly: id), base, pitch, width, height, &counts)
            } else {
                unsafe Self.find(UInt8(exactly: id), base, pitch, width, height, &counts)
            }
        }
        self.init(unchecked: counts, width: width, height: height)
    }

    @unsafe private static func find<ID: FixedWidthInteger & BitwiseCopyable>(
        _ id: ID?, _ base: UnsafeRawPointer, _ pitch: Int, _ width: Int, _ height: Int, _ counts: inout [Int]
    ) {
        var (isInside, length) = (false, 0)
        for x in 0..<width {
            var pixel = unsafe base + x * MemoryLayout<ID>.size
            for _ in 0..<height {
                if (unsafe pixel.loadUnaligned(as: ID.self) == id) != isInside {
                    counts.append(length)
                    (isInside, length) = (!isInside, 0)
                }
                length &+= 1
                unsafe pixel += pitch
            }
        }
        counts.append(length)
    }

    /// How many pixels are inside.
    public var area: Int {
        stride(from: 1, to: counts.count, by: 2).reduce(0) { $0 + counts[$1] }
    }

    /// The pixels that are inside any of the regions, which are of one size.
    ///
    /// - Throws: `argument.invalid` when there is no region; `mask.size` when sizes differ.
    public static func union(_ regions: [RunLengths]) throws(MediaError) -> RunLengths {
        guard let first = regions.first else {
            throw MediaError(
                .argumentInvalid, "there is no region to unite", hint: "give at least one",
                at: .init(field: "regions"))
        }
        if regions.count == 1 { return first }
        // Where runs begin and end: the depth goes up and down, and what is above 0 is inside.
        var edges: [(place: Int, step: Int)] = []
        for region in regions {
            guard region.width == first.width, region.height == first.height else {
                throw MediaError(
                    .maskSize,
                    "regions of \(first.width)×\(first.height) and of \(region.width)×\(region.height) pixels",
                    hint: "unite regions of one picture", at: .init(field: "regions"))
            }
            var place = 0
            for (index, count) in region.counts.enumerated() {
                if index % 2 == 1, count > 0 {
                    edges.append((place, 1))
                    edges.append((place + count, -1))
                }
                place += count
            }
        }
        edges.sort { $0.place < $1.place }
        var runs = RunBuilder(pixels: first.width * first.height)
        var (depth, index) = (0, 0)
        while index < edges.count {
            let place = edges[index].place
            let before = depth
            while index < edges.count, edges[index].place == place {
                depth += edges[index].step
                index += 1
            }
            if (before > 0) != (depth > 0) { runs.turn(at: place) }
        }
        return RunLengths(unchecked: runs.finish(), width: first.width, height: first.height)
    }
}

/// Makes lengths from the places where inside and outside change.
struct RunBuilder {
    private var counts: [Int] = []
    private var last = 0
    private let pixels: Int

    init(pixels: Int) { self.pixels = pixels }

    /// Inside becomes outside or the other way round; places only grow.
    mutating func turn(at place: Int) {
        guard place < pixels else { return }
        counts.append(place - last)
        last = place
    }

    /// The lengths, with the last run.
    mutating func finish() -> [Int] {
        counts.append(pixels - last)
        return counts
    }
}

extension MediaError.Code {
    /// A run has a negative length.
    public static let rleNegative: Self = "rle.negative"
    /// The lengths of runs do not add up to the size of the picture.
    public static let rleLength: Self = "rle.length"
    /// Compressed runs hold a sign that cannot stand there, or end inside a number.
    public static let rleMalformed: Self = "rle.malformed"
}
