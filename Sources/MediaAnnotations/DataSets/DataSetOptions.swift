public import MediaCore

/// How a data set is read where its files do not say.
public struct DataSetOptions: Sendable, Hashable {
    /// What the numbers behind the class are in the rows of a YOLO file.
    public enum YOLORows: Sendable, Hashable {
        /// Keypoints when `data.yaml` has `kpt_shape`; else four numbers are a box, five a box with a score, an even number
        /// from six on a polygon.
        case automatic
        /// Middle and size, and a score if there is a fifth number.
        case boxes
        /// x and y by turns, at least three points.
        case polygons
        /// The corners of a turned rectangle, eight numbers.
        case orientedBoxes
        /// A box, then so many points of 2 numbers, or of 3 with the visibility.
        case keypoints(count: Int, numbersPerPoint: Int)
    }

    /// What is accepted of files.
    public var limits = Limits.default
    /// The folder with the pictures, when it is not inside the data set's or not where the format has it.
    public var pictureFolder: String?
    /// Whether pictures are looked for; without, an image has no file and no finding says so.
    public var findsPictures = true
    /// Whether the header of each picture is read, to compare its size with what the annotations say.
    public var readsPictureHeaders = true
    /// What the rows of YOLO files are.
    public var yoloRows = YOLORows.automatic

    /// The usual options.
    public init() {}
}
