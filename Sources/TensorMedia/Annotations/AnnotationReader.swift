import ImageCoding
public import MediaAnnotations
public import MediaCore
import TensorIO

/// Reads masks and boxes from the files that people have.
public struct AnnotationReader: Sendable {
    /// What is accepted of a file.
    public var limits: Limits

    /// Creates a reader.
    public init(limits: Limits = .default) { self.limits = limits }

    /// Reads a mask: a tensor file, a PNG of ids, or COCO run lengths (`{"size": [height, width], "counts": …}`).
    ///
    /// - Parameters:
    ///   - path: the file; `archive.npz:name` names one of several tensors.
    ///   - labels: the names of classes.
    ///   - index: which mask of a tensor of rank 3 is wanted.
    ///   - count: how many pictures there are; a tensor of rank 3 holds as many masks.
    /// - Throws: what reading the file throws, and what is wrong with the mask, with its report.
    public func mask(
        _ path: String, labels: ClassLabels? = nil, index: Int = 0, of count: Int = 1
    ) throws(MediaError) -> SegmentationMask {
        let (file, member) = Self.split(path)
        let contents = try FileContents.open(file, limits: limits)
        if contents.withBytes({ ImageHeader.FileFormat.of($0) }) != nil {
            return try contents.withBytes { (bytes) throws(MediaError) in
                try SegmentationMask(file: bytes, labels: labels, limits: limits)
            }
        }
        if file.hasSuffix(".json") {
            let json = try contents.withBytes { (bytes) throws(MediaError) in
                try JSONReader.parse(bytes, limits: limits)
            }
            return try SegmentationMask(try runLengths(json), labels: labels)
        }
        return try SegmentationMask(
            try tensor(contents, member, index: index, of: count), labels: labels, limits: limits)
    }

    /// The tensor of a mask, as it is in the file.
    ///
    /// - Throws: what reading the file throws; `shape.invalid` for a batch of another length.
    public func maskTensor(_ path: String) throws(MediaError) -> Tensor {
        let (file, member) = Self.split(path)
        return try tensor(try FileContents.open(file, limits: limits), member, index: 0, of: 1)
    }

    private func tensor(
        _ contents: FileContents, _ member: String?, index: Int, of count: Int
    ) throws(MediaError) -> Tensor {
        var options = TensorFile.Options()
        options.limits = limits
        let file = try TensorFile.open(contents, options: options)
        let tensor = if let member { try file.tensor(named: member) } else { try file.onlyTensor() }
        guard tensor.rank == 3, count > 1 || tensor.shape[0] == 1 else { return tensor }
        guard tensor.shape[0] == count else {
            throw MediaError(
                .shapeInvalid, "\(tensor.shape[0]) masks of shape \(describe(tensor.shape)) for \(count) pictures",
                hint: "give a mask for each", at: .init(field: "shape"))
        }
        return try tensor.slice(axis: 0, at: index)
    }

    /// `{"size": [height, width], "counts": …}`, the counts a list or text.
    private func runLengths(_ json: JSONValue) throws(MediaError) -> RunLengths {
        let size = json["size"]?.array?.compactMap(\.integer).compactMap { Int(exactly: $0) } ?? []
        guard size.count == 2 else {
            throw MediaError(
                .malformed, "the JSON of a mask has no size of two whole numbers",
                hint: "give run lengths as COCO has them: {\"size\": [height, width], \"counts\": …}",
                at: .init(field: "size"))
        }
        if let text = json["counts"]?.string {
            return try RunLengths(compressed: text, width: size[1], height: size[0], limits: limits)
        }
        let counts = json["counts"]?.array ?? []
        let numbers = counts.compactMap(\.integer).compactMap { Int(exactly: $0) }
        guard !counts.isEmpty, numbers.count == counts.count else {
            throw MediaError(
                .malformed, "the counts are no list of whole numbers and no text", hint: "give one of them",
                at: .init(field: "counts"))
        }
        return try RunLengths(counts: numbers, width: size[1], height: size[0], limits: limits)
    }

    /// Reads a file of boxes; see ``/MediaAnnotations/BoxDocument`` for its shapes.
    func boxes(
        _ file: AnnotationFiles.File, settings: AnnotationSettings, size: ImageSize?
    ) throws(MediaError) -> BoxDocument {
        var options = BoxReadingOptions()
        options.domain = settings.domain
        options.clips = settings.clipsBoxes
        options.image = size
        options.groupName = file.group ?? AnnotationFiles.defaultGroup
        options.limits = limits
        let document = try BoxDocument(path: file.path, options: options)
        try document.report.throwIfInvalid()
        return document
    }

    /// `archive.npz:name` in its parts; a file of that name goes before.
    private static func split(_ path: String) -> (file: String, member: String?) {
        guard (try? FileSystem.status(of: path)) == .some(nil) else { return (path, nil) }
        for (file, member) in path.membersAfterColons where (try? FileSystem.status(of: file)) != .some(nil) {
            return (file, member)
        }
        return (path, nil)
    }
}
