public import ImageCoding
public import MediaCore

extension AnnotationOverlay {
    /// A picture with what a data set says of it drawn over it: insides of outlines in colour, boxes, outlines, keypoints.
    ///
    /// The groups that a filter chooses from are these four kinds: `masks`, `boxes`, `outlines` (polygons, circles, lines) and
    /// `keypoints`. Classes and scores, of which there is one, `score`, choose whole annotations. The report counts annotations,
    /// not shapes. An annotation that cannot be drawn is a warning among its findings, and the others are drawn.
    ///
    /// - Parameters:
    ///   - picture: the picture.
    ///   - annotations: what is on it, for a picture of this size.
    ///   - labels: the names of classes, as the walk has them.
    ///   - skeletons: those of classes with keypoints, as the walk has them.
    ///   - style: how it looks. Which classes of masks are drawn follows from the annotations; class 0, where it means
    ///     background, only with ``MaskOverlay/Classes/all``.
    ///   - filter: what is shown.
    ///   - clipsBoxes: whether boxes are cut at the edges of the picture; lines beyond it are not seen otherwise.
    ///   - limits: how large masks may be.
    /// - Throws: `data-set.picture-size` for annotations that are for a picture of another size; as
    ///   ``init(_:masks:boxes:shapes:style:filter:findings:)``.
    public init(
        _ picture: any PixelSource, annotations: DataSetImage, labels: ClassLabels = ClassLabels(),
        skeletons: [Int: Skeleton] = [:], style: OverlayStyle = OverlayStyle(),
        filter: AnnotationFilter = AnnotationFilter(), clipsBoxes: Bool = false, limits: Limits = .default
    ) throws(MediaError) {
        let size = try ImageSize(width: picture.width, height: picture.height)
        try annotations.checkSize(size)
        var choice = DataSetChoice(size: size, labels: labels, skeletons: skeletons, filter: filter)
        choice.clipsBoxes = clipsBoxes
        choice.showsBackground = style.masks.classes == .all
        for annotation in annotations.annotations { choice.add(annotation, limits) }
        var style = style
        style.masks.classes = .except(choice.unseenClasses)
        var masks = AnnotationGroups<SegmentationMask>()
        masks["annotations"] = try choice.mask()
        try self.init(
            picture, masks: masks, shapes: ["annotations": ShapeGroup(choice.shapes, labels: labels)], style: style,
            findings: choice.warnings)
        var counted = choice.report
        counted.droppedNames = report.droppedNames
        counted.findings = report.findings
        counted.missingNames = choice.missingNames
        report = counted
    }
}

extension DataSetImage {
    /// Throws when the annotations are for a picture of another size.
    fileprivate func checkSize(_ size: ImageSize) throws(MediaError) {
        guard (width ?? size.width, height ?? size.height) != (size.width, size.height) else { return }
        let stated = "\(width ?? size.width)×\(height ?? size.height)"
        throw MediaError(
            .dataSetPictureSize, "the picture has \(size) pixels, its annotations are for \(stated)",
            hint: "annotate this picture, or scale it back", at: .init(file: picture ?? file))
    }
}

/// Chooses what is drawn of the annotations of a picture, one after the other.
private struct DataSetChoice {
    let size: ImageSize
    let labels: ClassLabels
    let skeletons: [Int: Skeleton]
    let filter: AnnotationFilter
    var clipsBoxes = false
    var showsBackground = false
    private(set) var shapes: [AnnotationShape] = []
    private(set) var report = OverlayReport()
    private var names = FilterNames()
    /// What could not be drawn.
    private(set) var warnings: [Finding] = []
    /// The regions of the mask, in their order.
    private var regions: [(RunLengths, classID: Int)] = []

    init(size: ImageSize, labels: ClassLabels, skeletons: [Int: Skeleton], filter: AnnotationFilter) {
        self.size = size
        self.labels = labels
        self.skeletons = skeletons
        self.filter = filter
        for part in DataSetAnnotation.Part.allCases { names.note(group: part.rawValue) }
        if filter.choosesClasses { for entry in labels.entries { names.note(classID: entry.id, labels: labels) } }
    }

    /// A warning for each name of the filter that is not on this picture.
    var missingNames: [Finding] { names.findings(of: filter) }

    mutating func add(_ annotation: DataSetAnnotation, _ limits: Limits) {
        let scores: BoxScores = annotation.score.map { ["score": $0] } ?? [:]
        if filter.choosesClasses { names.note(classID: annotation.classID, labels: labels) }
        names.note(scores: scores)
        guard filter.shows(classID: annotation.classID, labels: labels) else {
            report.hiddenByClass += 1
            return
        }
        guard filter.shows(scores: scores) else {
            report.hiddenByScore += 1
            return
        }
        var shown: [AnnotationShape] = []
        for part in DataSetAnnotation.Part.allCases where filter.shows(group: part.rawValue) {
            // A polygon without area still has its box.
            attempt(annotation) { (choice) throws(MediaError) in
                shown += try choice.shapes(of: part, annotation, hasChip: shown.isEmpty)
            }
        }
        let before = regions.count
        if filter.shows(group: DataSetAnnotation.Part.masks.rawValue), annotation.hasInside {
            attempt(annotation) { (choice) throws(MediaError) in try choice.addRegion(annotation, limits) }
        }
        shapes += shown
        let isHidden = shown.isEmpty && regions.count == before
        report.hiddenByGroup += isHidden ? 1 : 0
        report.drawn += isHidden ? 0 : 1
    }

    /// Does something about an annotation; that it cannot be done is a warning.
    private mutating func attempt(
        _ annotation: DataSetAnnotation, _ work: (inout DataSetChoice) throws(MediaError) -> Void
    ) {
        do throws(MediaError) {
            try work(&self)
        } catch {
            let place = error.location.field.map { annotation.place + "." + $0 } ?? annotation.place
            warnings.append(.warning(error.code, "not drawn: \(error.message)", path: place, hint: error.hint))
        }
    }

    private func shapes(
        of part: DataSetAnnotation.Part, _ annotation: DataSetAnnotation, hasChip: Bool
    ) throws(MediaError) -> [AnnotationShape] {
        let shapes = try annotation.shapes(
            of: part, on: size, hasChip: hasChip, skeleton: skeletons[annotation.classID])
        guard clipsBoxes else { return shapes }
        return shapes.compactMap { shape in
            guard case .box(let box) = shape else { return shape }
            return box.clipped(to: size).map(AnnotationShape.box)
        }
    }

    private mutating func addRegion(_ annotation: DataSetAnnotation, _ limits: Limits) throws(MediaError) {
        guard UInt16(exactly: annotation.classID) != nil else {
            throw MediaError(
                .maskIDRange, "masks have no class \(annotation.classID), the inside has no colour",
                hint: "number the classes from 0")
        }
        guard let region = try annotation.region(width: size.width, height: size.height, limits: limits) else { return }
        regions.append((region, annotation.classID))
    }

    // MARK: The mask

    /// The class that stands for no annotation: one that none has, since 0 may be a class like others.
    private var nothing: Int {
        let taken = Set(regions.map(\.classID))
        return (0...taken.count).first { !taken.contains($0) } ?? 0
    }

    /// The classes of the mask that are not drawn.
    var unseenClasses: Set<Int> {
        guard !showsBackground, let name = labels[0], MaskOverlay.backgroundNames.contains(name.lowercased()) else {
            return [nothing]
        }
        return [nothing, 0]
    }

    /// The regions as a mask, later ones over earlier ones; `nil` without any.
    func mask() throws(MediaError) -> SegmentationMask? {
        guard !regions.isEmpty else { return nil }
        var builder = try MaskBuilder(width: size.width, height: size.height, background: nothing)
        for (region, classID) in regions { try builder.paint(region, class: classID) }
        return try builder.mask(labels: labels)
    }
}
