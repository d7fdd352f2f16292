import ImageCoding
import MediaAnnotations
public import MediaCore
import MediaDrawing
import TensorIO

/// Lays the annotations of one input over its pictures.
struct AnnotationLayer {
    private let files: AnnotationFiles
    private let settings: AnnotationSettings
    private let limits: Limits
    private let style: OverlayStyle
    private let labels: ClassLabels?

    /// The layer of an input; `nil` when it has no annotations, or they are not drawn.
    ///
    /// - Throws: what reading the labels and the font throws; `argument.invalid` for a palette that there is not, and for
    ///   annotations of pictures in a grid.
    init?(
        _ input: ConversionInput, settings: ConversionSettings, fonts: FontShelf
    ) throws(MediaError) {
        guard let files = input.annotations, !files.isEmpty, settings.annotations.areDrawn else { return nil }
        guard settings.picture.grid == nil else {
            throw MediaError(
                .argumentInvalid, "annotations cannot be drawn on pictures in a grid",
                hint: "leave the grid out, or do not draw annotations", at: .init(field: "grid"))
        }
        self.files = files
        self.settings = settings.annotations
        limits = settings.limits
        style = try settings.annotations.style(
            typeface: try fonts.typeface(font: settings.font, limits: settings.limits))
        labels = try files.labels.map { (path) throws(MediaError) in
            try ClassLabels.open(path, limits: settings.limits)
        }
    }

    /// A picture with its annotations, and what there is to say about them.
    ///
    /// - Parameters:
    ///   - index: which of the pictures of the input, and of how many: a mask of one more axis holds one for each.
    ///   - findings: gets the warnings.
    /// - Throws: what reading the files throws; the first finding that is an error, with the report.
    func over(
        _ picture: any PixelSource, index: Int, of count: Int, findings: inout [Finding]
    ) throws(MediaError) -> any PixelSource {
        let size = try ImageSize(width: picture.width, height: picture.height)
        var masks = AnnotationGroups<SegmentationMask>()
        for file in files.masks {
            do throws(MediaError) {
                let group = try freeName(file, masks.names)
                masks[group] = try AnnotationReader(limits: limits).mask(
                    file.path, labels: labels, index: index, of: count)
            } catch {
                throw error.inFile(file.path)
            }
        }
        let boxes = try self.boxes(size, count: count, &findings)
        let image = try AnnotatedImage(
            Image(picture), masks: masks, boxes: boxes,
            fitting: .init(
                masks: settings.resizesMasks ? .nearest : .refuse, clipsBoxes: settings.clipsBoxes))
        findings += image.findings
        let overlay = try AnnotationOverlay(image, style: style, filter: settings.filter)
        if overlay.report.hidden > 0 {
            findings.append(
                .warning(
                    .annotationsHidden, Self.words(overlay.report), path: "annotations",
                    value: String(overlay.report.hidden)))
        }
        return overlay
    }

    private func boxes(
        _ size: ImageSize, count: Int, _ findings: inout [Finding]
    ) throws(MediaError) -> AnnotationGroups<BoundingBoxGroup> {
        var groups = AnnotationGroups<BoundingBoxGroup>()
        guard !files.boxes.isEmpty else { return groups }
        guard count == 1 else {
            throw MediaError(
                .argumentInvalid, "boxes for one picture lie beside a batch of \(count)",
                hint: "convert the pictures of the batch one by one", at: .init(file: files.boxes.first?.path))
        }
        for file in files.boxes {
            let document: BoxDocument
            do throws(MediaError) {
                document = try AnnotationReader(limits: limits).boxes(file, settings: settings, size: size)
            } catch {
                throw error.inFile(file.path)
            }
            findings += document.report.findings
            for entry in document.groups.entries {
                let name = try freeName(.init(group: entry.name, path: file.path), groups.names)
                groups[name] = labels.map { entry.group.labeled($0) } ?? entry.group
            }
        }
        return groups
    }

    /// The name of the group that a file's annotations stand in.
    private func freeName(_ file: AnnotationFiles.File, _ taken: [String]) throws(MediaError) -> String {
        let name = file.group ?? AnnotationFiles.defaultGroup
        guard taken.contains(name) else { return name }
        throw MediaError(
            .nameCollision, "there is a group \"\(name)\" already", hint: "give the file a group of its own: NAME=FILE",
            at: .init(file: file.path))
    }

    private static func words(_ report: OverlayReport) -> String {
        let reasons = [
            (report.hiddenByGroup, "by group"), (report.hiddenByClass, "by class"), (report.hiddenByScore, "by score"),
        ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        return "\(report.drawn) shown, hidden: " + reasons.joined(separator: ", ")
    }
}

extension MediaError.Code {
    /// Annotations are not shown because they were filtered out.
    public static let annotationsHidden: Self = "annotations.hidden"
}
