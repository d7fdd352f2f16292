import ImageCoding
import MediaAnnotations
import MediaCore
import MediaDrawing
import TensorIO

/// What is laid over the pictures of one input.
protocol PictureLayer {
    /// The size of the pictures that it is for, where it says so.
    var size: ImageSize? { get }
    /// A picture with the layer over it; its facts say what there is to say about it.
    ///
    /// - Parameters:
    ///   - index: which of the pictures of the input, and of how many.
    func over(_ picture: any PixelSource, index: Int, of count: Int) throws(MediaError) -> any PixelSource
}

/// Lays the annotations of one input over its pictures.
struct AnnotationLayer: PictureLayer {
    private let masks: AnnotationGroups<MaskFile>
    private let boxes: [AnnotationFiles.File]
    private let settings: AnnotationSettings
    private let reader: AnnotationReader
    private let style: OverlayStyle
    private let labels: ClassLabels?
    /// Masks and boxes are compared with the picture as it is shown.
    var size: ImageSize? { nil }

    /// The layer of an input; `nil` when it has no annotations, or they are not drawn.
    ///
    /// - Throws: what reading masks, labels and the font throws; `argument.invalid` for a palette that there is not, and
    ///   for annotations of pictures in a grid.
    init?(
        _ input: ConversionInput, settings: ConversionSettings, fonts: FontShelf
    ) throws(MediaError) {
        guard let files = input.annotations, !files.isEmpty, settings.annotations.areDrawn else { return nil }
        guard settings.picture.grid == nil else {
            throw MediaError(
                .argumentInvalid, "annotations cannot be drawn on pictures in a grid",
                hint: "leave the grid out, or do not draw annotations", at: .init(field: "grid"))
        }
        self.settings = settings.annotations
        reader = AnnotationReader(limits: settings.limits)
        style = try settings.annotations.style(
            typeface: try fonts.typeface(font: settings.font, limits: settings.limits))
        let labels: ClassLabels? =
            if let path = files.labels { try ClassLabels.open(path, limits: settings.limits) } else { nil }
        self.labels = labels
        var masks = AnnotationGroups<MaskFile>()
        for file in files.masks {
            do throws(MediaError) {
                masks[try file.freeGroup(masks.names)] = try reader.open(file.path, labels: labels)
            } catch {
                throw error.inFile(file.path)
            }
        }
        self.masks = masks
        boxes = files.boxes
    }

    /// A picture with its annotations; its facts say what there is to say about them.
    ///
    /// - Parameters:
    ///   - index: which of the pictures of the input, and of how many: a mask of one more axis holds one for each.
    /// - Throws: what reading the boxes throws; the first finding that is an error, with the report.
    func over(_ picture: any PixelSource, index: Int, of count: Int) throws(MediaError) -> any PixelSource {
        let size = try ImageSize(width: picture.width, height: picture.height)
        var masks = AnnotationGroups<SegmentationMask>()
        for entry in self.masks.entries {
            do throws(MediaError) {
                masks[entry.name] = try entry.group.mask(at: index, of: count)
            } catch {
                throw error.inField("masks[\"\(entry.name)\"]")
            }
        }
        var findings: [Finding] = []
        let boxes = try self.boxes(size, count: count, &findings)
        let image = try AnnotatedImage(
            Image(picture), masks: masks, boxes: boxes,
            fitting: .init(
                masks: settings.resizesMasks ? .nearest : .refuse, clipsBoxes: settings.clipsBoxes))
        return try AnnotationOverlay(image, style: style, filter: settings.filter, findings: findings)
    }

    private func boxes(
        _ size: ImageSize, count: Int, _ findings: inout [Finding]
    ) throws(MediaError) -> AnnotationGroups<BoundingBoxGroup> {
        var groups = AnnotationGroups<BoundingBoxGroup>()
        guard let first = boxes.first else { return groups }
        guard count == 1 else {
            throw MediaError(
                .argumentInvalid, "boxes for one picture lie beside a batch of \(count)",
                hint: "convert the pictures of the batch one by one", at: .init(file: first.path))
        }
        for file in boxes {
            let document: BoxDocument
            do throws(MediaError) {
                document = try reader.boxes(file, settings: settings, size: size)
            } catch {
                throw error.inFile(file.path)
            }
            findings += document.report.findings
            for entry in document.groups.entries {
                let name = try AnnotationFiles.File(group: entry.name, path: file.path).freeGroup(groups.names)
                groups[name] = labels.map { entry.group.labeled($0) } ?? entry.group
            }
        }
        return groups
    }
}

extension AnnotationFiles.File {
    /// The name of the group that the file's annotations stand in.
    ///
    /// - Throws: `file.name-collision` when it is taken.
    fileprivate func freeGroup(_ taken: [String]) throws(MediaError) -> String {
        let name = group ?? AnnotationFiles.defaultGroup
        guard taken.contains(name) else { return name }
        throw MediaError(
            .nameCollision, "there is a group \"\(name)\" already", hint: "give the file a group of its own: NAME=FILE",
            at: .init(file: path))
    }
}
