public import MediaCore
public import MediaDrawing

/// One thing that somebody marked on a picture of a data set, as the data set says it.
///
/// It passed the rules of its format: numbers are finite, sizes above 0, shapes complete, the class is one of the set's.
public struct DataSetAnnotation: Sendable, Hashable {
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
    public var domain: BoundingBox.Domain
    /// The rectangle around it.
    public var box: Rectangle?
    /// The exact outline.
    public var shape: Shape?
    /// The points of a skeleton, in the order of the class's.
    public var keypoints: [KeypointSet.Keypoint] = []
    /// How sure a detector was.
    public var score: Double?
    /// What else is known.
    public var flags: Flags = []

    init(place: String, classID: Int, domain: BoundingBox.Domain) {
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
    /// Whether the picture has the size that the annotations are for, as far as its header was looked at.
    public internal(set) var fitsPicture = true
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
