public import ImageCoding
public import MediaCore
public import MediaDrawing

/// A picture with masks, boxes and other shapes drawn over it, which is a picture again.
///
///     let overlay = try AnnotationOverlay(photo, masks: ["pred": mask], boxes: ["pred": group])
///     try PNGEncoder().encode(overlay, to: sink)
///     print(overlay.report.drawn, overlay.report.hidden)
///
/// Masks lie below, one group on the other, then lines, then names. The lines of the first group are solid, those of later ones
/// dashed, so that predictions and truth can be told apart in the colours of their classes. Everything is made band by band.
public struct AnnotationOverlay: PixelSource {
    /// What is shown, and what not.
    public internal(set) var report: OverlayReport
    /// The classes of masks that are shown, with their colours, whether or not the legend is.
    public let legend: [Legend.Entry]
    private let canvas: Canvas

    /// Lays annotations over a picture.
    ///
    /// - Parameters:
    ///   - picture: the picture, of any format.
    ///   - masks: masks of its size.
    ///   - boxes: boxes, in percentages or pixels of it.
    ///   - shapes: oriented boxes, polygons, keypoints, with their labels.
    ///   - style: how it looks.
    ///   - filter: what is shown.
    ///   - findings: what is known of the annotations already, to be reported with the picture.
    /// - Throws: `mask.size` for a mask of another size; `argument.invalid` for a style of masks out of its range.
    public init(
        _ picture: any PixelSource, masks: AnnotationGroups<SegmentationMask> = [:],
        boxes: AnnotationGroups<BoundingBoxGroup> = [:], shapes: AnnotationGroups<ShapeGroup> = [:],
        style: OverlayStyle = OverlayStyle(), filter: AnnotationFilter = AnnotationFilter(),
        findings: [Finding] = []
    ) throws(MediaError) {
        let size = try ImageSize(width: picture.width, height: picture.height)
        var report = OverlayReport()
        var names = FilterNames()
        var legend: [Legend.Entry] = []
        var below = picture
        for entry in masks.entries {
            names.note(group: entry.name)
            guard filter.shows(group: entry.name) else {
                report.hiddenByGroup += 1
                continue
            }
            do throws(MediaError) {
                let layer = try Self.layer(entry.group, over: below, style, filter, &names)
                report.hiddenPixels += layer.hiddenPixels
                legend += layer.legend(style.shapes.palette).filter { !legend.contains($0) }
                below = layer
            } catch {
                throw error.inField("masks" + entry.name.asSubscript)
            }
        }
        var canvas = try Canvas(over: below)
        var groups = boxes.mapGroups { ShapeGroup($0) }
        for entry in shapes.entries {
            var joined = groups[entry.name] ?? ShapeGroup([], labels: entry.group.labels)
            joined.shapes += entry.group.shapes
            groups[entry.name] = joined
        }
        let drawing = try style.shapes.draw(
            filter.choose(from: groups, noting: &names, report: &report), on: &canvas)
        report.drawn = drawing.shapes
        report.droppedNames = drawing.droppedChips
        if style.legend != .none, !legend.isEmpty {
            var strip = Legend(legend, style: style.textStyle(on: size))
            strip.side = style.legend == .right ? .right : .below
            canvas = try Canvas(over: canvas, with: strip)
        }
        self.legend = legend
        report.findings = findings + names.findings(of: filter) + drawing.findings
        self.canvas = canvas
        self.report = report
    }

    /// The picture of an annotated image with its annotations drawn over it.
    ///
    /// - Throws: as ``init(_:masks:boxes:shapes:style:filter:findings:)``; `format.unsupported` where picture or mask is a file that
    ///   is only copied: decode it first.
    public init(
        _ image: AnnotatedImage, style: OverlayStyle = OverlayStyle(), filter: AnnotationFilter = AnnotationFilter(),
        findings: [Finding] = []
    ) throws(MediaError) {
        guard let source = image.image.source else {
            throw MediaError(
                .unsupported, "the picture is a file that is copied as it is", hint: "decode it and give its pixels",
                at: .init(field: "image"))
        }
        let masks = try image.masks.mapGroups { (mask) throws(MediaError) in
            guard case .ids(let ids) = mask else {
                throw MediaError(
                    .unsupported, "a mask is a file that is copied as it is", hint: "read it as a mask",
                    at: .init(field: "masks"))
            }
            return ids
        }
        try self.init(
            source, masks: masks, boxes: image.boxes, style: style, filter: filter, findings: findings + image.findings)
    }

    private static func layer(
        _ mask: SegmentationMask, over picture: any PixelSource, _ style: OverlayStyle, _ filter: AnnotationFilter,
        _ names: inout FilterNames
    ) throws(MediaError) -> MaskOverlay {
        for entry in mask.classes { names.note(classID: entry.id, labels: mask.labels) }
        var look = style.masks
        if filter.choosesClasses {
            // Asking for a class by name shows it, background or not.
            let automatic = MaskOverlay.shownClasses(of: mask, look.classes)
            look.classes = .only(
                Set(
                    mask.classes.map(\.id).filter { id in
                        filter.shows(classID: id, labels: mask.labels)
                            && (filter.classes != nil || automatic.contains(id))
                    }))
        }
        return try MaskOverlay(picture, mask: mask, style: look) { style.shapes.palette.color(for: $0) }
    }

    /// How many pixels a row has; with a legend, more than the picture.
    public var width: Int { canvas.width }
    /// How many rows there are.
    public var height: Int { canvas.height }
    /// `rgb` or `rgba`, of 16 bits where the picture has them and no mask is shown.
    public var format: PixelFormat { canvas.format }
    /// What was decided when the picture was made, and what was noticed.
    public var facts: PixelFacts {
        var facts = canvas.facts
        facts.findings += report.findings
        if let remark = report.remark { facts.remarks.append(remark) }
        return facts
    }

    /// Makes rows of the picture and draws what is on them.
    public func fill(rows: Range<Int>, into band: inout MutableRawSpan, tally: inout PixelTally) throws(MediaError) {
        try canvas.fill(rows: rows, into: &band, tally: &tally)
    }
}

extension MaskOverlay {
    /// What the colours mean that are drawn.
    fileprivate func legend(_ palette: CategoryPalette) -> [Legend.Entry] {
        let hidden = Set(hiddenClasses.map(\.id))
        return mask.classes.filter { !hidden.contains($0.id) }.map {
            Legend.Entry(mask.labels.name(of: $0.id), color: palette.color(for: $0.id))
        }
    }
}
