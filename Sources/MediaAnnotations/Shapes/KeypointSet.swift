public import ImageCoding
public import MediaCore
public import MediaDrawing

/// Which points a thing has, and which of them are joined by lines: a hand, a body.
public struct Skeleton: Sendable, Hashable {
    /// A line between two points.
    public struct Edge: Sendable, Hashable {
        /// The points that it joins, counted from 0.
        public let from: Int, to: Int

        /// Creates an edge.
        public init(_ from: Int, _ to: Int) {
            self.from = from
            self.to = to
        }
    }

    /// What the points are called.
    public let names: [String]
    /// The lines.
    public let edges: [Edge]

    /// A skeleton.
    ///
    /// - Throws: `skeleton.invalid` for a line to a point that there is not, or to its own beginning.
    public init(names: [String], edges: [Edge]) throws(MediaError) {
        var report = ValidationReport()
        for (index, edge) in edges.enumerated() {
            let isKnown = names.indices.contains(edge.from) && names.indices.contains(edge.to)
            guard !isKnown || edge.from == edge.to else { continue }
            report.add(
                .error(
                    .skeletonInvalid, "an edge joins \(edge.from) and \(edge.to) of \(names.count) points",
                    path: "edges[\(index)]", hint: isKnown ? "leave it out" : "count points from 0"))
        }
        try report.throwIfInvalid()
        self.names = names
        self.edges = edges
    }
}

/// The points of one thing on a picture, as COCO has them.
public struct KeypointSet: Sendable, Hashable {
    /// Whether a point can be seen.
    public enum Visibility: Int, Sendable, CaseIterable {
        /// 0: its place is not known; its numbers mean nothing.
        case unlabeled = 0
        /// 1: something is in front of it.
        case hidden = 1
        /// 2: it can be seen.
        case visible = 2
    }

    /// One point.
    public struct Keypoint: Sendable, Hashable {
        /// Where it is.
        public var point: Point
        /// Whether it can be seen.
        public var visibility: Visibility

        /// Creates a point.
        public init(_ point: Point, _ visibility: Visibility = .visible) {
            self.point = point
            self.visibility = visibility
        }
    }

    /// The points, in the order of the skeleton.
    public let points: [Keypoint]
    /// What they are, and how they are joined.
    public let skeleton: Skeleton
    /// What the numbers count.
    public let domain: BoundingBox.Domain
    /// The number of the class, when there is one.
    public var classID: Int?
    /// Words for people.
    public var caption: String?
    /// What was measured.
    public let scores: BoxScores
    /// The colour in which it is drawn; that of its class when there is none.
    public var color: Palette.Color?

    /// A set of points.
    ///
    /// - Throws: `shape.invalid` when there are not as many as the skeleton has; `value.not-finite`, `value.out-of-range`,
    ///   `box.outside` for those that are labelled. The error carries a report of all findings, with paths like `points[3].x`.
    public init(
        _ points: [Keypoint], skeleton: Skeleton, domain: BoundingBox.Domain = .percentage, classID: Int? = nil,
        caption: String? = nil, scores: BoxScores = [:], color: Palette.Color? = nil
    ) throws(MediaError) {
        var report = ValidationReport()
        if points.count != skeleton.names.count {
            report.add(
                .error(
                    .shapeInvalid, "found \(points.count) points, the skeleton has \(skeleton.names.count)",
                    path: "points", value: "\(points.count)", hint: "give points that are not known as unlabeled"))
        }
        for (index, keypoint) in points.enumerated() where keypoint.visibility != .unlabeled {
            AnnotationRules.point(keypoint.point, domain, path: "points[\(index)]", into: &report)
        }
        scores.findings(path: "", into: &report)
        try report.throwIfInvalid()
        self.points = points
        self.skeleton = skeleton
        self.domain = domain
        self.classID = classID
        self.caption = caption
        self.scores = scores
        self.color = color
    }

    /// Points as COCO has them: x, y in pixels and 0, 1 or 2, for one after the other.
    ///
    /// COCO's numbers are those of pixels, of which the first is 0: the middle of that pixel is half a pixel farther in ours.
    /// - Throws: `shape.invalid` when the count is not three times that of the skeleton, `value.out-of-range` for another
    ///   visibility; as ``init(_:skeleton:domain:classID:caption:scores:color:)``.
    public init(coco numbers: [Double], skeleton: Skeleton, classID: Int? = nil) throws(MediaError) {
        guard numbers.count == skeleton.names.count * 3 else {
            throw MediaError(
                .shapeInvalid,
                "found \(numbers.count) numbers, \(skeleton.names.count) points have \(skeleton.names.count * 3)",
                hint: "give x, y and visibility for each", at: .init(field: "keypoints"))
        }
        var points: [Keypoint] = []
        for index in skeleton.names.indices {
            let value = numbers[index * 3 + 2]
            guard let visibility = Int(exactly: value).flatMap(Visibility.init) else {
                throw MediaError(
                    .valueOutOfRange, "the visibility \(value) is none of 0, 1 and 2", hint: "give one of them",
                    at: .init(field: "keypoints[\(index * 3 + 2)]"))
            }
            points.append(
                Keypoint(Point(x: numbers[index * 3] + 0.5, y: numbers[index * 3 + 1] + 0.5), visibility))
        }
        try self.init(points, skeleton: skeleton, domain: .pixel, classID: classID)
    }

    /// The lines between points that are labelled, in pixels.
    public func path(in size: ImageSize) -> Path {
        var path = Path()
        for edge in skeleton.edges {
            let (from, to) = (points[edge.from], points[edge.to])
            guard from.visibility != .unlabeled, to.visibility != .unlabeled else { continue }
            path.move(to: from.point.inPixels(domain, of: size))
            path.line(to: to.point.inPixels(domain, of: size))
        }
        return path
    }
}
