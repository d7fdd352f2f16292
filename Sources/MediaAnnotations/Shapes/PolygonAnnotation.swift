public import ImageCoding
public import MediaCore
public import MediaDrawing

/// An outline around a thing on a picture.
public struct PolygonAnnotation: Sendable, Hashable {
    /// The corners, in order; the last is joined with the first.
    public let points: [Point]
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
    /// What the caller should know: an outline that crosses itself.
    public let findings: [Finding]

    /// A polygon.
    ///
    /// - Throws: `shape.empty` for fewer than three corners or no area, `value.not-finite`, `value.out-of-range`, `box.outside`;
    ///   the error carries a report of all findings, with paths like `points[3].x`.
    public init(
        _ points: [Point], domain: BoundingBox.Domain = .percentage, classID: Int? = nil, caption: String? = nil,
        scores: BoxScores = [:], color: Palette.Color? = nil
    ) throws(MediaError) {
        var report = ValidationReport()
        for (index, point) in points.enumerated() {
            AnnotationRules.point(point, domain, path: "points[\(index)]", into: &report)
        }
        if points.count < 3 {
            report.add(
                .error(
                    .shapeEmpty, "a polygon needs three corners, found \(points.count)", path: "points",
                    value: "\(points.count)", hint: "leave it out"))
        } else if !report.hasErrors, Self.area(of: points) == 0 {
            report.add(.error(.shapeEmpty, "the polygon has no area", path: "points", hint: "leave it out"))
        }
        scores.findings(path: "", into: &report)
        try report.throwIfInvalid()
        let crossings = PolygonCrossings(points.flatMap { [$0.x, $0.y] })
        if let (first, second, _, _) = crossings.first {
            report.add(
                .warning(
                    .polygonSelfIntersecting, "the edges from corner \(first) and from corner \(second) cross",
                    path: "points[\(first)]", value: String(crossings.count), hint: "check the order of the corners"))
        }
        if crossings.isIncomplete {
            report.add(
                .warning(
                    .polygonUnchecked, "not all of \(points.count) edges were searched for crossings", path: "points"))
        }
        findings = report.findings
        self.points = points
        self.domain = domain
        self.classID = classID
        self.caption = caption
        self.scores = scores
        self.color = color
    }

    /// The area between the edges, by the shoelace formula, in the unit of the domain; above 0. Where the outline crosses
    /// itself, what lies on the other side of it counts against the rest.
    public var area: Double { Self.area(of: points).magnitude }

    /// The outline in pixels.
    public func path(in size: ImageSize) -> Path {
        Path(through: points.map { $0.inPixels(domain, of: size) }, isClosed: true)
    }

    /// The rectangle around the outline, in pixels.
    public func bounds(in size: ImageSize) -> Rectangle {
        let corners = points.map { $0.inPixels(domain, of: size) }
        return corners.reduce(
            Rectangle(minX: corners[0].x, minY: corners[0].y, maxX: corners[0].x, maxY: corners[0].y)
        ) { $0.union(Rectangle(minX: $1.x, minY: $1.y, maxX: $1.x, maxY: $1.y)) }
    }

    private static func area(of points: [Point]) -> Double {
        guard var last = points.last, let origin = points.first else { return 0 }
        var sum = 0.0
        for point in points {
            // From the first corner: far from zero the products would cancel.
            sum += (last.x - origin.x) * (point.y - origin.y) - (point.x - origin.x) * (last.y - origin.y)
            last = point
        }
        return sum / 2
    }
}
