public import ImageCoding
public import MediaCore

/// A picture with masks and boxes on it, in named groups: `predictions` beside `ground truth`.
///
///     let image = try AnnotatedImage(
///         Image(photo, caption: "epoch 3"), masks: ["predictions": mask], boxes: ["predictions": BoundingBoxGroup(boxes)])
///     let record = try image.write(to: folder, key: "samples", step: .step(3))
///
/// Making one compares every annotation with the picture. What does not fit is an error that carries all findings, each with
/// its path: `boxes["predictions"][3].position.maxX`.
public struct AnnotatedImage: Sendable {
    /// A mask, or a file that holds one.
    public enum Mask: Sendable {
        /// The class of every pixel.
        case ids(SegmentationMask)
        /// The path of a picture file that is copied byte for byte; its labels are not known.
        case file(String)
    }

    /// What is done with annotations that do not fit the picture.
    public struct Fitting: Sendable, Hashable {
        /// What is done with masks of another size.
        public var masks: SegmentationMask.Resizing
        /// Whether boxes that leave the picture are cut at its edges; they are errors otherwise.
        public var clipsBoxes: Bool
        /// Whether warnings are errors.
        public var strictness: Strictness

        /// Creates a choice; by default nothing is changed and what does not fit is refused.
        public init(
            masks: SegmentationMask.Resizing = .refuse, clipsBoxes: Bool = false, strictness: Strictness = .report
        ) {
            self.masks = masks
            self.clipsBoxes = clipsBoxes
            self.strictness = strictness
        }
    }

    /// The picture.
    public let image: Image
    /// The masks, in named groups.
    public let masks: AnnotationGroups<Mask>
    /// The boxes, in named groups.
    public let boxes: AnnotationGroups<BoundingBoxGroup>
    /// What was noticed and is no error.
    public let findings: [Finding]
    /// How many boxes were cut at the edges of the picture, and how many are gone.
    public let clipping: BoxClipping

    /// A picture with annotations that fit it.
    ///
    /// - Parameters:
    ///   - image: the picture.
    ///   - masks: the class of every pixel, once per group.
    ///   - boxes: rectangles around things, in groups.
    ///   - fitting: what is done with annotations that do not fit.
    /// - Throws: the first error of ``validate(_:masks:boxes:fitting:)``, which carries the whole report; for a mask's file,
    ///   what reading its header throws.
    public init(
        _ image: Image, masks: AnnotationGroups<SegmentationMask> = [:],
        boxes: AnnotationGroups<BoundingBoxGroup> = [:], fitting: Fitting = Fitting()
    ) throws(MediaError) {
        try self.init(image, masks: masks.mapGroups { Mask.ids($0) }, boxes: boxes, fitting: fitting)
    }

    /// A picture with annotations that fit it, some of whose masks are files.
    ///
    /// - Throws: as ``init(_:masks:boxes:fitting:)-(_,AnnotationGroups<SegmentationMask>,_,_)``.
    public init(
        _ image: Image, masks: AnnotationGroups<Mask>, boxes: AnnotationGroups<BoundingBoxGroup> = [:],
        fitting: Fitting = Fitting()
    ) throws(MediaError) {
        let size = try ImageSize(width: image.width, height: image.height)
        var (fitted, clipping) = (boxes, BoxClipping())
        if fitting.clipsBoxes {
            fitted = boxes.mapGroups { group in
                let (kept, cut) = BoundingBox.clipped(group.boxes, to: size)
                guard cut != BoxClipping() else { return group }
                clipping.add(cut)
                return BoundingBoxGroup(kept, labels: group.labels)
            }
        }
        let report = Self.validate(size, masks: masks, boxes: fitted, fitting: fitting)
        try report.throwIfInvalid()
        self.image = image
        self.masks = try masks.mapGroups { (mask) throws(MediaError) in
            guard case .ids(let ids) = mask else { return mask }
            return .ids(try ids.fitted(width: size.width, height: size.height, resize: fitting.masks))
        }
        self.boxes = fitted
        self.clipping = clipping
        findings = report.findings + clipping.findings
    }

    /// A picture whose annotations have been compared with it.
    init(
        checked image: Image, masks: AnnotationGroups<Mask>, boxes: AnnotationGroups<BoundingBoxGroup>,
        findings: [Finding], clipping: BoxClipping
    ) {
        self.image = image
        self.masks = masks
        self.boxes = boxes
        self.findings = findings
        self.clipping = clipping
    }

    /// Everything there is to say of annotations on a picture of a size.
    ///
    /// Errors are masks of another size (`mask.size`), unless they may be resized; files that hold no picture; boxes that
    /// leave the picture (`box.outside`) and boxes without a class in groups without labels (`box.class-missing`). For the
    /// warnings see ``BoxValidation`` and ``SegmentationMask/findings``.
    public static func validate(
        _ size: ImageSize, masks: AnnotationGroups<Mask>, boxes: AnnotationGroups<BoundingBoxGroup>,
        fitting: Fitting = Fitting()
    ) -> ValidationReport {
        var report = ValidationReport()
        for entry in masks.entries {
            for finding in findings(of: entry.group, on: size, fitting) {
                report.add(finding.under("masks" + entry.name.asSubscript, strictness: fitting.strictness))
            }
        }
        for entry in boxes.entries {
            var rules = BoxValidation(image: size, strictness: fitting.strictness)
            // Nobody could name the class of such a box: the SDK refuses it too.
            rules.requiresClasses = entry.group.labels == nil
            report.add(rules.report(on: entry.group, named: entry.name))
        }
        return report
    }

    private static func findings(of mask: Mask, on size: ImageSize, _ fitting: Fitting) -> [Finding] {
        do throws(MediaError) {
            switch mask {
            case .ids(let ids):
                if fitting.masks == .refuse { try ids.checkSize(width: size.width, height: size.height) }
                return ids.findings
            case .file(let path):
                let header = try FileContents.open(path).withBytes { (bytes) throws(MediaError) in
                    try ImageHeader.read(bytes, name: path)
                }
                guard (header.width, header.height) != (size.width, size.height) else { return header.findings }
                return header.findings + [
                    .error(
                        .maskSize, "the mask in \(path) is \(header.width)×\(header.height), the image \(size)",
                        hint: "a file is copied as it is: read it as a mask to resize it")
                ]
            }
        } catch {
            return error.report?.findings ?? [
                .error(error.code, error.message, path: error.location.field ?? "", hint: error.hint)
            ]
        }
    }
}

extension Finding {
    /// The finding, said of a part of something larger; under strictness, an error.
    fileprivate func under(_ path: String, strictness: Strictness) -> Finding {
        var copy = self
        copy.path = self.path.isEmpty ? path : path + "." + self.path
        if strictness == .strict { copy.severity = .error }
        return copy
    }
}

extension BoxClipping {
    /// Adds the counts of other boxes.
    mutating func add(_ other: BoxClipping) {
        cut += other.cut
        vanished += other.vanished
    }

    /// What cutting did, in words; empty when nothing was cut.
    var findings: [Finding] {
        guard self != BoxClipping() else { return [] }
        return [
            .warning(
                .boxOutside, "\(cut) boxes were cut at the edges of the image, \(vanished) lay outside and are gone",
                path: "boxes", value: String(cut + vanished))
        ]
    }
}

extension AnnotationGroups {
    /// Other groups under the same names.
    func mapGroups<Other: Sendable, Failure: Error>(
        _ transform: (Group) throws(Failure) -> Other
    ) throws(Failure) -> AnnotationGroups<Other> {
        var result = AnnotationGroups<Other>()
        for entry in entries { result[entry.name] = try transform(entry.group) }
        return result
    }
}
