public import MediaCore
public import MediaDrawing

/// One thing that somebody marked on a picture of a data set, as the data set says it.
///
/// It passed the rules of its format: numbers are finite, sizes above 0, shapes complete, the class is one of the set's.
public struct DataSetAnnotation: Sendable, Hashable {
    /// What coordinates count.
    public enum Domain: String, Sendable, CaseIterable {
        /// Fractions of the picture's width and height, 0…1: YOLO.
        case percentage
        /// Pixels. 0 is the outer edge of the first pixel: everything else, Pascal VOC once it is converted.
        case pixel
    }

    /// The exact outline, where there is more than a box.
    public enum Shape: Sendable, Hashable {
        /// What is inside any of these polygons, each of at least three points.
        case polygons([[Point]])
        /// Runs of pixels of the whole picture.
        case runs(RunLengths)
        /// A circle, its radius above 0.
        case circle(center: Point, radius: Double)
        /// A line through at least two points.
        case line([Point])
        /// Single points, at least one.
        case points([Point])
    }

    /// A point of a skeleton.
    public struct Keypoint: Sendable, Hashable {
        /// Whether a keypoint was marked, and whether it can be seen.
        public enum Visibility: Int, Sendable, CaseIterable {
            /// It was not marked; its place says nothing.
            case absent = 0
            /// It is behind something.
            case hidden = 1
            /// It can be seen.
            case visible = 2
        }

        /// Where it is.
        public var point: Point
        /// Whether it was marked.
        public var visibility: Visibility

        /// Creates a keypoint.
        public init(point: Point, visibility: Visibility) {
            self.point = point
            self.visibility = visibility
        }
    }

    /// What some formats say of a thing beside its place.
    public struct Flags: OptionSet, Sendable, Hashable {
        /// The bits.
        public let rawValue: UInt8
        /// Flags with these bits.
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// Many things in one region (COCO `iscrowd`).
        public static let crowd = Flags(rawValue: 1)
        /// Hard to recognise; evaluations leave it out (Pascal VOC).
        public static let difficult = Flags(rawValue: 2)
        /// Cut off by the edge of the picture (Pascal VOC).
        public static let truncated = Flags(rawValue: 4)
        /// Partly behind something (Pascal VOC).
        public static let occluded = Flags(rawValue: 8)
        /// The polygon is a turned rectangle (YOLO).
        public static let oriented = Flags(rawValue: 16)
    }

    /// Where in its file the annotation stands: `annotations[3]`, `line 4`, `shapes[0]`, `object[2]`.
    public var place: String
    /// The number of its class among the set's labels.
    public var classID: Int
    /// What coordinates count.
    public var domain: Domain
    /// The rectangle around it.
    public var box: Rectangle?
    /// The exact outline.
    public var shape: Shape?
    /// The points of a skeleton, in the order of the class's.
    public var keypoints: [Keypoint] = []
    /// How sure a detector was.
    public var score: Double?
    /// What else is known.
    public var flags: Flags = []

    init(place: String, classID: Int, domain: Domain) {
        self.place = place
        self.classID = classID
        self.domain = domain
    }
}

/// A picture of a data set with everything that was marked on it.
public struct DataSetImage: Sendable {
    /// The picture as the annotations name it: a file name, or the stem that a picture should have.
    public var name: String
    /// The path of the picture's file, when there is one inside the data set's folder.
    public var picture: String?
    /// Pixels in a row, as the annotations say, or the picture where they do not.
    public var width: Int?
    /// Rows, as the annotations say, or the picture where they do not.
    public var height: Int?
    /// What can be drawn, in the order of the file.
    public var annotations: [DataSetAnnotation] = []
    /// How many annotations broke a rule and were left out.
    public var refusedCount = 0
    /// The path of the file that holds the annotations.
    public var file: String
    /// What was found in that file about this picture, and about the picture itself.
    public var report: ValidationReport
    /// Where in the file the name stands, for findings; empty when it stands nowhere.
    var nameField: String

    init(name: String, file: String, nameField: String = "", report: ValidationReport = ValidationReport()) {
        self.name = name
        self.nameField = nameField
        self.file = file
        self.report = report
    }
}

/// The points that a class of things has, and which of them are joined: a person's joints and limbs.
public struct DataSetSkeleton: Sendable, Hashable {
    /// The number of the class.
    public var classID: Int
    /// The names of the points.
    public var keypoints: [String]
    /// Pairs of points that are joined, counted from 0.
    public var edges: [Edge]

    /// Two points that are joined.
    public struct Edge: Sendable, Hashable {
        /// One of them, counted from 0.
        public var first: Int
        /// The other.
        public var second: Int

        /// Joins two points, counted from 0.
        public init(first: Int, second: Int) {
            self.first = first
            self.second = second
        }
    }
}
