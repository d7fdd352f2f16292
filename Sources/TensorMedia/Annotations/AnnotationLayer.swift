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
    /// The files of boxes that hold those of several pictures.
    private let lists: FrameBoxes
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
        lists = FrameBoxes(limits: settings.limits)
    }

    /// A picture with its annotations; its facts say what there is to say about them.
    ///
    /// - Parameters:
    ///   - index: which of the pictures of the input, and of how many: a mask of one more axis holds one for each.
    /// - Throws: what reading the boxes throws; the first finding that is an error, with the report.
    func over(_ picture: any PixelSource, index: Int, of count: Int) throws(MediaError) -> any PixelSource {
        try overlay(picture, index: index, of: count, style)
    }

    /// The pictures of a clip with the layer over each, and one legend of the classes of all of them, so that it does not change
    /// from frame to frame.
    func over(_ frames: any FrameSource) throws(MediaError) -> any FrameSource {
        let count = frames.frameCount ?? 0
        var plain = style
        plain.legend = .none
        let drawn = try frames.mapFrames { [plain] (index, frame) throws(MediaError) in
            try overlay(frame, index: index, of: count, plain)
        }
        guard style.legend != .none, !masks.isEmpty else { return drawn }
        var entries: [Legend.Entry] = []
        for index in 0..<count {
            guard let frame = try frames.frame(index) else { break }
            entries += try overlay(frame, index: index, of: count, plain).legend.filter { !entries.contains($0) }
        }
        guard !entries.isEmpty else { return drawn }
        var legend = Legend(
            entries, style: style.textStyle(on: try ImageSize(width: frames.width, height: frames.height)))
        legend.side = style.legend == .right ? .right : .below
        return try drawn.mapFrames { [legend] (_, frame) throws(MediaError) in try Canvas(over: frame, with: legend) }
    }

    private func overlay(
        _ picture: any PixelSource, index: Int, of count: Int, _ style: OverlayStyle
    ) throws(MediaError) -> AnnotationOverlay {
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
        let boxes = try self.boxes(size, index: index, of: count, &findings)
        let image = try AnnotatedImage(
            Image(picture), masks: masks, boxes: boxes,
            fitting: .init(
                masks: settings.resizesMasks ? .nearest : .refuse, clipsBoxes: settings.clipsBoxes))
        return try AnnotationOverlay(image, style: style, filter: settings.filter, findings: findings)
    }

    private func boxes(
        _ size: ImageSize, index: Int, of count: Int, _ findings: inout [Finding]
    ) throws(MediaError) -> AnnotationGroups<BoundingBoxGroup> {
        var groups = AnnotationGroups<BoundingBoxGroup>()
        for file in boxes {
            let contents = count == 1 ? nil : try lists.boxes(of: file, at: index, of: count)
            let document: BoxDocument
            do throws(MediaError) {
                document = try reader.boxes(file, contents, settings: settings, size: size)
            } catch {
                throw (count == 1 ? error : error.inElement(index)).inFile(file.path)
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
