public import ImageCoding
public import MediaCore
public import MediaDrawing

/// A rectangle that is turned: what detectors of aerial pictures and of text give.
public struct OrientedBox: Sendable, Hashable {
    /// The middle.
    public let center: Point
    /// The length along the box's own first axis; a fraction of the picture's width, or pixels.
    public let width: Double
    /// The length along the second; a fraction of the picture's height, or pixels.
    public let height: Double
    /// By how much the box is turned, in radians: from the x axis towards the y axis, so clockwise as seen.
    public let angle: Double
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

    /// A turned box.
    ///
    /// - Throws: `value.not-finite`, `value.out-of-range`, `box.outside` for a middle that is not on the picture, `box.empty`;
    ///   the error carries a report of all findings.
    public init(
        center: Point, width: Double, height: Double, angle: Double, domain: BoundingBox.Domain = .percentage,
        classID: Int? = nil, caption: String? = nil, scores: BoxScores = [:], color: Palette.Color? = nil
    ) throws(MediaError) {
        var report = ValidationReport()
        AnnotationRules.point(center, domain, path: "center", into: &report)
        AnnotationRules.size("width", width, into: &report)
        AnnotationRules.size("height", height, into: &report)
        if !angle.isFinite {
            report.add(
                .error(
                    .valueNotFinite, "the angle is \(angle)", path: "angle", value: "\(angle)", hint: "give radians"))
        }
        scores.findings(path: "", into: &report)
        try report.throwIfInvalid()
        self.center = center
        self.width = width
        self.height = height
        self.angle = angle
        self.domain = domain
        self.classID = classID
        self.caption = caption
        self.scores = scores
        self.color = color
    }

    /// The corners in pixels: that which is upper left before the turn, then clockwise.
    public func corners(in size: ImageSize) -> [Point] {
        let middle = center.inPixels(domain, of: size)
        let half = Point(x: width / 2, y: height / 2).inPixels(domain, of: size)
        // The C library's own differ from system to system.
        let halfTurns = angle / Double.pi
        let (sine, cosine) = (RepeatableMath.sinPi(halfTurns), RepeatableMath.sinPi(halfTurns + 0.5))
        return [(-1.0, -1.0), (1, -1), (1, 1), (-1, 1)].map { x, y in
            let (along, across) = (x * half.x, y * half.y)
            return Point(
                x: middle.x + along * cosine - across * sine, y: middle.y + along * sine + across * cosine)
        }
    }

    /// The outline in pixels.
    public func path(in size: ImageSize) -> Path { Path(through: corners(in: size), isClosed: true) }
}
