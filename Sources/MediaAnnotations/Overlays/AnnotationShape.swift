public import ImageCoding
public import MediaDrawing

/// Anything with an outline that is drawn on a picture, and what is said of it.
public enum AnnotationShape: Sendable, Hashable {
    /// An upright rectangle.
    case box(BoundingBox)
    /// A rectangle at an angle.
    case oriented(OrientedBox)
    /// An area between corners.
    case polygon(PolygonAnnotation)
    /// Points of a body and the bones between them.
    case keypoints(KeypointSet)

    /// The number of the class.
    public var classID: Int? { described.classID }
    /// Words for people, in the place of the name of the class.
    public var caption: String? { described.caption }
    /// What was measured.
    public var scores: BoxScores { described.scores }
    /// The colour, when it is not that of the class.
    public var color: Palette.Color? { described.color }

    private var described: any DescribedShape {
        switch self {
        case .box(let box): box
        case .oriented(let box): box
        case .polygon(let polygon): polygon
        case .keypoints(let points): points
        }
    }

    /// The upright rectangle around it on a picture, in pixels.
    public func bounds(in size: ImageSize) -> Rectangle {
        switch self {
        case .box(let box): return box.rectangle(in: size)
        case .oriented(let box): return Rectangle(around: box.corners(in: size))
        case .polygon(let polygon): return polygon.bounds(in: size)
        case .keypoints(let points): return Rectangle(around: points.places(in: size).map(\.point))
        }
    }
}

/// What is said of every kind of shape.
private protocol DescribedShape {
    var classID: Int? { get }
    var caption: String? { get }
    var scores: BoxScores { get }
    var color: Palette.Color? { get }
}

extension BoundingBox: DescribedShape {}
extension OrientedBox: DescribedShape {}
extension PolygonAnnotation: DescribedShape {}
extension KeypointSet: DescribedShape {}

extension KeypointSet {
    /// The points that are labelled, in pixels.
    func places(in size: ImageSize) -> [Keypoint] {
        points.filter { $0.visibility != .unlabeled }.map {
            Keypoint($0.point.inPixels(domain, of: size), $0.visibility)
        }
    }
}

/// Shapes that belong together, with the names of their classes.
public struct ShapeGroup: Sendable, Hashable {
    /// The shapes.
    public var shapes: [AnnotationShape]
    /// The names that were given.
    public var labels: ClassLabels?

    /// Creates a group.
    public init(_ shapes: [AnnotationShape], labels: ClassLabels? = nil) {
        self.shapes = shapes
        self.labels = labels
    }

    /// The boxes of a group.
    public init(_ boxes: BoundingBoxGroup) {
        self.init(boxes.boxes.map(AnnotationShape.box), labels: boxes.labels)
    }
}

extension Rectangle {
    /// The smallest rectangle around points; empty for none.
    init(around points: [Point]) {
        self = points.reduce(
            Rectangle(minX: .infinity, minY: .infinity, maxX: -.infinity, maxY: -.infinity)
        ) { bounds, point in
            Rectangle(
                minX: min(bounds.minX, point.x), minY: min(bounds.minY, point.y), maxX: max(bounds.maxX, point.x),
                maxY: max(bounds.maxY, point.y))
        }
    }
}
