public import MediaCore

/// What a walk along a data set came to.
public struct DataSetSummary: Sendable, Hashable {
    /// Pictures that the annotations speak of.
    public private(set) var imageCount = 0
    /// Those of them whose files are there.
    public private(set) var pictureCount = 0
    /// Annotations that can be drawn.
    public private(set) var annotationCount = 0
    /// Annotations that broke a rule.
    public private(set) var refusedCount = 0
    /// Findings that are errors.
    public private(set) var errorCount = 0
    /// Findings that are warnings.
    public private(set) var warningCount = 0

    /// Nothing yet.
    public init() {}

    /// Counts a step.
    public mutating func add(_ step: DataSetWalker.Step) {
        switch step {
        case .image(let image):
            imageCount += 1
            pictureCount += image.picture == nil ? 0 : 1
            annotationCount += image.annotations.count
            refusedCount += image.refusedCount
            add(image.report)
        case .file(let file): add(file.report)
        }
    }

    private mutating func add(_ report: ValidationReport) {
        errorCount += report.counts[.error, default: 0]
        warningCount += report.counts[.warning, default: 0]
    }

    /// The numbers as JSON: `images`, `pictures`, `annotations`, `refused`, `errors`, `warnings`.
    public var json: JSONValue {
        [
            "images": JSONValue(imageCount), "pictures": JSONValue(pictureCount),
            "annotations": JSONValue(annotationCount), "refused": JSONValue(refusedCount),
            "errors": JSONValue(errorCount), "warnings": JSONValue(warningCount),
        ]
    }
}
