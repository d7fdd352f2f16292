public import MediaCore

/// The numbers of other programs.
extension BoundingBox {
    /// A box as COCO has it: the upper left corner and the size, in pixels.
    ///
    /// - Throws: as ``init(_:domain:classID:caption:scores:color:)``.
    public static func coco(
        x: Double, y: Double, width: Double, height: Double, classID: Int? = nil, scores: BoxScores = [:]
    ) throws(MediaError) -> BoundingBox {
        try .corner(x, y, width, height, domain: .pixel, classID: classID, scores: scores)
    }

    /// A box by its upper left corner and size; a size that is not positive is said of the size.
    static func corner(
        _ x: Double, _ y: Double, _ width: Double, _ height: Double, domain: Domain, classID: Int?, scores: BoxScores
    ) throws(MediaError) -> BoundingBox {
        guard x.isFinite, y.isFinite, width > 0, height > 0 else {
            return try BoundingBox(
                .middle(x: x, y: y, width: width, height: height), domain: domain, classID: classID, scores: scores)
        }
        return try BoundingBox(
            minX: x, maxX: x + width, minY: y, maxY: y + height, domain: domain, classID: classID, scores: scores)
    }

    /// The box as COCO has it: left edge, upper edge, width, height, in pixels.
    ///
    /// - Throws: as ``converted(to:domain:in:)``.
    public func coco(in size: ImageSize) throws(MediaError) -> (x: Double, y: Double, width: Double, height: Double) {
        let box = try converted(to: .minMax, domain: .pixel, in: size).numbers
        return (box.0, box.2, box.1 - box.0, box.3 - box.2)
    }

    /// A box as YOLO has it: the middle and the size, in fractions of the picture.
    ///
    /// - Throws: as ``init(_:domain:classID:caption:scores:color:)``.
    public static func yolo(
        x: Double, y: Double, width: Double, height: Double, classID: Int? = nil, scores: BoxScores = [:]
    ) throws(MediaError) -> BoundingBox {
        try BoundingBox(.middle(x: x, y: y, width: width, height: height), classID: classID, scores: scores)
    }

    /// The box as YOLO has it: middle and size, in fractions of the picture.
    ///
    /// - Throws: as ``converted(to:domain:in:)``.
    public func yolo(in size: ImageSize) throws(MediaError) -> (x: Double, y: Double, width: Double, height: Double) {
        let box = try converted(to: .middle, domain: .percentage, in: size).numbers
        return (box.0, box.1, box.2, box.3)
    }

    /// A box as Pascal VOC has it: the first and the last pixel in each direction, counted from 1.
    ///
    /// The left edge is that of the pixel `xmin` and the right one that of `xmax`, so a box with `xmin == xmax` is one
    /// pixel wide. Numbers between pixels, which some files have, are kept.
    /// - Throws: as ``init(_:domain:classID:caption:scores:color:)``.
    public static func pascalVOC(
        xmin: Double, ymin: Double, xmax: Double, ymax: Double, classID: Int? = nil, caption: String? = nil
    ) throws(MediaError) -> BoundingBox {
        try BoundingBox(
            minX: xmin - 1, maxX: xmax, minY: ymin - 1, maxY: ymax, domain: .pixel, classID: classID, caption: caption)
    }

    /// The box as Pascal VOC has it: the first and the last pixel in each direction, counted from 1.
    ///
    /// Each edge goes to the nearest edge between pixels, so it moves by half a pixel at the most; a box that would have no
    /// pixel then gets the one that its middle is in.
    /// - Throws: as ``converted(to:domain:in:)``.
    public func pascalVOC(in size: ImageSize) throws(MediaError) -> (xmin: Int, ymin: Int, xmax: Int, ymax: Int) {
        let box = try converted(to: .minMax, domain: .pixel, in: size).numbers
        let x = Self.pixels(box.0, box.1)
        let y = Self.pixels(box.2, box.3)
        return (x.lowerBound, y.lowerBound, x.upperBound, y.upperBound)
    }

    /// The pixels between two edges, counted from 1. The rules bound the numbers, so they fit.
    private static func pixels(_ low: Double, _ high: Double) -> ClosedRange<Int> {
        let first = Int(low.rounded()) + 1
        let last = Int(high.rounded())
        guard first > last else { return first...last }
        let middle = Int(((low + high) / 2).rounded(.down)) + 1
        return middle...middle
    }
}
