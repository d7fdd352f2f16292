public import MediaCore
import MediaDrawing

// What is drawn and written, from what a data set says. Boxes that were kept pass the rules of these types. Polygons without
// area and fractions outside 0…1, of which a reader only warns, are errors there and thrown.

extension DataSetAnnotation {
    /// The score under the name that boxes have for it.
    private var scores: BoxScores { score.map { ["score": $0] } ?? [:] }

    /// The box with its class and score; `nil` when there is none.
    ///
    /// - Throws: as ``BoundingBox/init(_:domain:classID:caption:scores:color:)``.
    public func boundingBox() throws(MediaError) -> BoundingBox? {
        guard let box else { return nil }
        return try BoundingBox(
            minX: box.minX, maxX: box.maxX, minY: box.minY, maxY: box.maxY, domain: domain, classID: classID,
            scores: scores)
    }

    /// The polygons of the outline, a value for each; none for other shapes.
    ///
    /// - Throws: as ``PolygonAnnotation/init(_:domain:classID:caption:scores:color:)``.
    public func polygons() throws(MediaError) -> [PolygonAnnotation] {
        guard case .polygons(let polygons)? = shape else { return [] }
        var result: [PolygonAnnotation] = []
        for points in polygons {
            result.append(try PolygonAnnotation(points, domain: domain, classID: classID, scores: scores))
        }
        return result
    }

    /// The keypoints, joined as the skeleton of their class says; `nil` when there are none.
    ///
    /// - Parameter skeleton: That of the class, as the walk has it; points without names that nothing joins if not given.
    /// - Throws: as ``KeypointSet/init(_:skeleton:domain:classID:caption:scores:color:)``.
    public func keypointSet(_ skeleton: Skeleton? = nil) throws(MediaError) -> KeypointSet? {
        guard !keypoints.isEmpty else { return nil }
        var joined = skeleton
        if joined == nil { joined = try Skeleton(names: keypoints.indices.map { "point \($0)" }, edges: []) }
        guard let joined else { return nil }
        return try KeypointSet(keypoints, skeleton: joined, domain: domain, classID: classID, scores: scores)
    }
}

extension DataSetImage {
    /// The boxes of all annotations that have one, in their order.
    public func boxes() throws(MediaError) -> [BoundingBox] {
        var boxes: [BoundingBox] = []
        for annotation in annotations {
            do throws(MediaError) {
                if let box = try annotation.boundingBox() { boxes.append(box) }
            } catch { throw error.inField(annotation.place) }
        }
        return boxes
    }
}
