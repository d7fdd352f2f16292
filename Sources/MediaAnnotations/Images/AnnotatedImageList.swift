public import ImageCoding
public import MediaCore
import TensorIO

/// Annotated pictures that are logged together under one key.
///
/// As ``/ImageCoding/ImageList``, with `all_masks` and `all_boxes` in the history when any picture has some: one object of
/// groups, or `null`, per picture.
public struct AnnotatedImageList: MediaItem {
    /// The pictures.
    public var images: [AnnotatedImage]
    /// The most pictures that a list may hold. Viewers of the wandb SDK show 108.
    public var limit: Int
    /// What happens to longer lists.
    public var overflow: ImageList.Overflow
    /// What happens to pictures of different sizes. Where they are padded, masks get class 0 there, and boxes keep their places.
    public var sizes: ImageList.SizePolicy

    /// Creates a list.
    public init(
        _ images: [AnnotatedImage], limit: Int = 108, overflow: ImageList.Overflow = .error,
        sizes: ImageList.SizePolicy = .independent
    ) {
        self.images = images
        self.limit = limit
        self.overflow = overflow
        self.sizes = sizes
    }

    /// Writes every file and makes the one value of the list.
    ///
    /// - Throws: `limit.exceeded` for too many pictures, `shape.invalid` for different sizes, where they are errors; what
    ///   writing a picture throws, with its place in the list.
    public func write(
        to folder: MediaFolder, key: String, step: MediaStep, compatibility: Compatibility = .standard
    ) throws(MediaError) -> MediaRecord {
        try ImageListWriter(items: images, limit: limit, overflow: overflow, sizes: sizes)
            .write(to: folder, key: key, step: step, compatibility: compatibility)
    }
}

extension AnnotatedImage: ListedImage {
    /// The groups of each picture, where any has some.
    package static func listDetails(_ records: [MediaRecord]) -> JSONObject {
        var details = JSONObject()
        for (member, all) in [("masks", "all_masks"), ("boxes", "all_boxes")] {
            let groups = records.map { $0.json[member] }
            if groups.contains(where: { $0 != nil }) { details[all] = .array(groups.map { $0 ?? .null }) }
        }
        return details
    }

    /// The picture at the top left of a larger black one, its annotations where they were.
    package func padded(width: Int, height: Int) throws(MediaError) -> AnnotatedImage {
        let (old, new) = try (
            ImageSize(width: image.width, height: image.height), ImageSize(width: width, height: height)
        )
        return AnnotatedImage(
            checked: try image.padded(width: width, height: height),
            masks: try masks.mapGroups { (mask) throws(MediaError) in
                guard case .ids(let ids) = mask else {
                    throw MediaError(
                        .unsupported, "a mask's file cannot be padded without decoding it",
                        hint: "read it as a mask, or choose sizes: .independent", at: .init(field: "masks"))
                }
                return .ids(try ids.padded(width: width, height: height))
            },
            boxes: try boxes.mapGroups { (group) throws(MediaError) in try group.moved(from: old, to: new) },
            findings: findings, clipping: clipping)
    }
}

extension SegmentationMask {
    /// The mask at the top left of a larger one, whose other pixels are of class 0.
    func padded(width: Int, height: Int) throws(MediaError) -> SegmentationMask {
        let extended = try PaddedSource(
            source, insets: EdgeInsets(bottom: height - self.height, right: width - self.width), with: .color(.black))
        var bytes = [UInt8](repeating: 0, count: extended.bytesPerRow * height)
        var span = bytes.mutableSpan
        var band = unsafe span.mutableBytes
        var tally = PixelTally()
        try extended.fill(rows: 0..<height, into: &band, tally: &tally)
        let storage = TensorStorage.array(bytes)
        let ids = try Tensor(storage: storage, elementType: tensor.elementType, shape: [height, width])
        return try SegmentationMask(ids, labels: hasDefaultLabels ? nil : labels)
    }
}

extension BoundingBoxGroup {
    /// The boxes as they are on a picture that was set at the top left of another.
    fileprivate func moved(from old: ImageSize, to new: ImageSize) throws(MediaError) -> BoundingBoxGroup {
        var moved: [BoundingBox] = []
        moved.reserveCapacity(boxes.count)
        for box in boxes {
            guard box.domain == .percentage else {
                moved.append(box)
                continue
            }
            let pixels = try box.converted(domain: .pixel, in: old)
            moved.append(try pixels.converted(domain: .percentage, in: new))
        }
        return BoundingBoxGroup(moved, labels: labels)
    }
}
