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
        try open(path, labels: labels).mask(at: index, of: count)
    }

    /// Everything that is wrong with a mask, or odd.
    ///
    /// - Parameters:
    ///   - path: the file, as in ``mask(_:labels:index:of:)``.
    ///   - labels: the names of classes.
    ///   - size: the size of the picture that it is for; `nil` compares nothing.
    /// - Throws: what reading the file throws. What can be read and is no mask is in the report.
    public func validateMask(
        _ path: String, labels: ClassLabels? = nil, size: ImageSize? = nil
    ) throws(MediaError) -> ValidationReport {
        let (contents, kind) = try contents(path)
        if case .tensor(let member) = kind {
            return SegmentationMask.validate(
                try tensor(contents, member), labels: labels, imageWidth: size?.width, imageHeight: size?.height,
                limits: limits)
        }
        do throws(MediaError) {
            let mask = try whole(contents, kind, labels)
            if let size { try mask.checkSize(width: size.width, height: size.height) }
            var report = ValidationReport()
            for finding in mask.findings { report.add(finding) }
            return report
        } catch {
            guard let report = error.report else { throw error }
            return report
        }
    }

    /// Opens a file of masks, once for all pictures that they are for.
    func open(_ path: String, labels: ClassLabels?) throws(MediaError) -> MaskFile {
        let (contents, kind) = try contents(path)
        guard case .tensor(let member) = kind else { return .one(try whole(contents, kind, labels)) }
        let tensor = try tensor(contents, member)
        if tensor.rank == 3 { return .several(tensor, labels: labels, limits) }
        return .one(try SegmentationMask(tensor, labels: labels, limits: limits))
    }

    private enum Kind {
        case picture, runLengths
        case tensor(member: String?)
    }

    private func contents(_ path: String) throws(MediaError) -> (FileContents, Kind) {
        let (file, member) = Self.split(path)
        let contents = try FileContents.open(file, limits: limits)
        if contents.withBytes({ ImageHeader.FileFormat.of($0) }) != nil { return (contents, .picture) }
        return (contents, file.hasSuffix(".json") ? .runLengths : .tensor(member: member))
    }

    /// A mask that is not one of a tensor.
    private func whole(
        _ contents: FileContents, _ kind: Kind, _ labels: ClassLabels?
    ) throws(MediaError) -> SegmentationMask {
        try contents.withBytes { (bytes) throws(MediaError) in
            if case .picture = kind { return try SegmentationMask(file: bytes, labels: labels, limits: limits) }
            return try SegmentationMask(try runLengths(try JSONReader.parse(bytes, limits: limits)), labels: labels)
        }
    }

    private func tensor(_ contents: FileContents, _ member: String?) throws(MediaError) -> Tensor {
        var options = TensorFile.Options()
        options.limits = limits
        let file = try TensorFile.open(contents, options: options)
        return if let member { try file.tensor(named: member) } else { try file.onlyTensor() }
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
    ///
    /// - Parameter part: the part of the file that is read; all of it when `nil`.
    func boxes(
        _ file: AnnotationFiles.File, _ part: FileContents? = nil, settings: AnnotationSettings, size: ImageSize?
    ) throws(MediaError) -> BoxDocument {
        var options = BoxReadingOptions()
        options.domain = settings.domain
        options.clips = settings.clipsBoxes
        options.image = size
        options.groupName = file.group ?? AnnotationFiles.defaultGroup
        options.limits = limits
        let document =
            if let part { try BoxDocument(part, options: options) } else {
                try BoxDocument(path: file.path, options: options)
            }
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

/// The masks of a file: one for every picture, or one for each.
enum MaskFile {
    case one(SegmentationMask)
    case several(Tensor, labels: ClassLabels?, Limits)

    /// The mask of one of the pictures.
    ///
    /// - Throws: `shape.invalid` when there are not as many masks as pictures; what is wrong with the mask.
    func mask(at index: Int, of count: Int) throws(MediaError) -> SegmentationMask {
        switch self {
        case .one(let mask): return mask
        case .several(let masks, let labels, let limits):
            guard masks.shape[0] == count else {
                throw MediaError(
                    .shapeInvalid,
                    "shape \(describe(masks.shape)) holds \(masks.shape[0]) masks, there are \(count) pictures",
                    hint: "give a mask for each, or one of rows × columns", at: .init(field: "shape"))
            }
            return try SegmentationMask(try masks.slice(axis: 0, at: index), labels: labels, limits: limits)
        }
    }
}
