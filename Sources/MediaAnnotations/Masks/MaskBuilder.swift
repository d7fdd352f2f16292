public import MediaCore
import TensorIO

/// Paints regions into a mask, one over the other: what comes later hides what was there.
///
///     var builder = try MaskBuilder(width: 640, height: 480)
///     for annotation in annotations { try builder.paint(annotation.region, class: annotation.category) }
///     let mask = try builder.mask(labels: labels)
public struct MaskBuilder: Sendable {
    /// How many pixels a row has.
    public let width: Int
    /// How many rows there are.
    public let height: Int
    private var ids: [UInt16]

    /// A mask of one class.
    ///
    /// - Throws: `argument.invalid` or `limit.exceeded` for the size; `mask.id-range` for a class that is not 0…65,535.
    public init(
        width: Int, height: Int, background: Int = 0, limits: Limits = .default
    ) throws(MediaError) {
        try MaskSize.check(width: width, height: height, limits: limits, field: "size")
        self.width = width
        self.height = height
        ids = [UInt16](repeating: try Self.checked(background), count: width * height)
    }

    private static func checked(_ id: Int) throws(MediaError) -> UInt16 {
        guard let id = UInt16(exactly: id) else {
            throw MediaError(
                .maskIDRange, "\(id) is no class of a mask, which are 0…\(MaskScan.mostID)",
                hint: "number the classes from 0", at: .init(field: "class"))
        }
        return id
    }

    /// Gives the pixels of a region a class.
    ///
    /// - Throws: `mask.size` when the region is of another size; `mask.id-range`.
    public mutating func paint(_ region: RunLengths, class id: Int) throws(MediaError) {
        guard region.width == width, region.height == height else {
            throw MediaError(
                .maskSize,
                "the region is of a picture of \(region.width)×\(region.height), the mask has \(width)×\(height) pixels",
                hint: "use regions of this picture", at: .init(field: "region"))
        }
        let id = try Self.checked(id)
        let (width, height) = (width, height)
        unsafe ids.withUnsafeMutableBufferPointer { ids in
            var place = 0
            for (index, count) in region.counts.enumerated() {
                if index % 2 == 1 {
                    var (x, y) = (place / height, place % height)
                    for _ in 0..<count {
                        unsafe ids[y &* width &+ x] = id
                        y &+= 1
                        if y == height { (x, y) = (x &+ 1, 0) }
                    }
                }
                place += count
            }
        }
    }

    /// Gives the pixels inside polygons a class; see ``RunLengths/init(polygons:width:height:limits:)``.
    ///
    /// - Throws: what that throws; `mask.id-range`.
    public mutating func paint(polygons: [[Double]], class id: Int) throws(MediaError) {
        try paint(try RunLengths(polygons: polygons, width: width, height: height, limits: .unlimitedSize), class: id)
    }

    /// The mask.
    ///
    /// - Throws: nothing that is painted makes a mask wrong; what ``SegmentationMask/init(_:labels:limits:)`` throws.
    public func mask(labels: ClassLabels? = nil) throws(MediaError) -> SegmentationMask {
        try SegmentationMask(try Tensor(ids, shape: [height, width]), labels: labels, limits: .unlimitedSize)
    }
}

extension Limits {
    /// For pictures whose size was checked before.
    fileprivate static var unlimitedSize: Limits {
        var limits = Limits()
        limits.imageSide = .max
        limits.imagePixels = .max
        return limits
    }
}

extension SegmentationMask {
    /// A mask with one region.
    ///
    /// - Throws: `mask.id-range` for classes that are not 0…65,535.
    public init(
        _ region: RunLengths, class id: Int = 1, background: Int = 0, labels: ClassLabels? = nil
    ) throws(MediaError) {
        var builder = try MaskBuilder(
            width: region.width, height: region.height, background: background, limits: .unlimitedSize)
        try builder.paint(region, class: id)
        self = try builder.mask(labels: labels)
    }
}
