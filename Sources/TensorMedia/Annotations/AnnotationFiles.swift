import MediaCore

/// The files of masks and boxes that belong to one picture.
public struct AnnotationFiles: Sendable, Hashable {
    /// A file, and the group that its annotations stand in.
    public struct File: Sendable, Hashable {
        /// The name of the group; `nil` where the file says it, or nobody does.
        public var group: String?
        /// The path.
        public var path: String

        /// Creates a description.
        public init(group: String? = nil, path: String) {
            self.group = group
            self.path = path
        }

        /// Reads `GROUP=FILE`, or a file alone. A file of that name goes before a group.
        public init(argument: String) {
            if let sign = argument.firstIndex(of: "="), sign > argument.startIndex,
                (try? FileSystem.status(of: argument)) == .some(nil)
            {
                self.init(
                    group: String(argument[..<sign]), path: String(argument[argument.index(after: sign)...]))
            } else {
                self.init(path: argument)
            }
        }
    }

    /// Masks: NPY, NPZ and other tensors, PNG, or COCO run lengths in JSON.
    public var masks: [File]
    /// Boxes in JSON.
    public var boxes: [File]
    /// The names of classes, for all of them; `nil` where the files say them, or nobody does.
    public var labels: String?

    /// Creates a set of files.
    public init(masks: [File] = [], boxes: [File] = [], labels: String? = nil) {
        self.masks = masks
        self.boxes = boxes
        self.labels = labels
    }

    /// All paths.
    var paths: [String] { masks.map(\.path) + boxes.map(\.path) + (labels.map { [$0] } ?? []) }
    /// Whether there are none.
    var isEmpty: Bool { masks.isEmpty && boxes.isEmpty }

    /// The endings of files beside a picture that are masks: `x.mask.npy` belongs to `x.npy`.
    static let maskEndings: Set<String> = ["npy", "npz", "png"]

    /// The group of annotations that stand in none.
    static let defaultGroup = "annotations"
}
