import ImageCoding
import MediaCore
import MediaDrawing

extension DataSetAnnotation {
    /// What is drawn of annotations, as groups that can be shown and hidden.
    enum Part: String, CaseIterable {
        /// The insides of outlines, in colour.
        case masks
        /// Upright and turned boxes.
        case boxes
        /// Polygons, circles and lines.
        case outlines
        /// Points, and what joins them.
        case keypoints
    }

    /// Whether there is an inside that is coloured; turned boxes are boxes.
    var hasInside: Bool {
        switch shape {
        case .polygons?: !flags.contains(.oriented)
        case .runs?, .circle?: true
        case .line?, .points?, nil: false
        }
    }

    /// The shapes of a part on a picture; none for masks.
    ///
    /// Outlines and keypoints come in pixels: what is outside of the picture, of which readers warn, is drawn as far as it is on it.
    ///
    /// - Parameters:
    ///   - hasChip: Whether the name and the scores stand at the first of them: once for each annotation.
    ///   - skeleton: That of the class.
    /// - Throws: what the shape throws when it is made: for a polygon without area above all.
    func shapes(
        of part: Part, on size: ImageSize, hasChip: Bool, skeleton: Skeleton?
    ) throws(MediaError) -> [AnnotationShape] {
        var pen = Pen(
            size: size, domain: domain, classID: classID, chip: hasChip ? score.map { ["score": $0] } ?? [:] : nil)
        switch (part, shape) {
        case (.boxes, _) where box != nil:
            return try pen.box(box)
        case (.boxes, .polygons(let polygons)?) where flags.contains(.oriented):
            return try pen.polygons(polygons)
        case (.outlines, .polygons(let polygons)?) where !flags.contains(.oriented):
            return try pen.polygons(polygons)
        case (.outlines, .circle(let center, let radius)?):
            return try pen.polygons([Self.corners(around: center, radius: radius)])
        case (.outlines, .line(let points)?):
            return try pen.joined(
                points.map { KeypointSet.Keypoint($0) }, points.indices.dropLast().map { Skeleton.Edge($0, $0 + 1) })
        case (.keypoints, .points(let points)?):
            return try pen.joined(points.map { KeypointSet.Keypoint($0) }, [])
        case (.keypoints, _) where !keypoints.isEmpty:
            let edges = skeleton?.names.count == keypoints.count ? skeleton?.edges : nil
            return try pen.joined(keypoints, edges ?? [])
        default: return []
        }
    }
}

/// Makes shapes of one annotation, the first with its chip.
private struct Pen {
    let size: ImageSize
    let domain: BoundingBox.Domain
    let classID: Int
    /// The scores that stand on the chip; `nil` when there is no chip, or when it has been given away.
    var chip: BoxScores?

    /// The caption and the scores of the next shape; no caption leaves the place to the name of the class.
    private mutating func takeChip() -> (caption: String?, scores: BoxScores) {
        defer { chip = nil }
        return (chip == nil ? "" : nil, chip ?? [:])
    }

    mutating func box(_ box: Rectangle?) throws(MediaError) -> [AnnotationShape] {
        guard let box else { return [] }
        let chip = takeChip()
        return [
            .box(
                try BoundingBox(
                    minX: box.minX, maxX: box.maxX, minY: box.minY, maxY: box.maxY, domain: domain, classID: classID,
                    caption: chip.caption, scores: chip.scores))
        ]
    }

    mutating func polygons(_ polygons: [[Point]]) throws(MediaError) -> [AnnotationShape] {
        var shapes: [AnnotationShape] = []
        for points in polygons {
            let chip = takeChip()
            shapes.append(
                .polygon(
                    try PolygonAnnotation(
                        points.map { $0.inPixels(domain, of: size) }, domain: .pixel, classID: classID,
                        caption: chip.caption, scores: chip.scores)))
        }
        return shapes
    }

    mutating func joined(
        _ points: [KeypointSet.Keypoint], _ edges: [Skeleton.Edge]
    ) throws(MediaError) -> [AnnotationShape] {
        let chip = takeChip()
        let skeleton = try Skeleton(names: points.indices.map { "point \($0)" }, edges: edges)
        return [
            .keypoints(
                try KeypointSet(
                    points.map { KeypointSet.Keypoint($0.point.inPixels(domain, of: size), $0.visibility) },
                    skeleton: skeleton, domain: .pixel, classID: classID, caption: chip.caption, scores: chip.scores))
        ]
    }
}
