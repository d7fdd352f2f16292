public import MediaCore

extension MediaError.Code {
    /// A member that the format asks for is missing.
    public static let dataSetMemberMissing: Self = "data-set.member-missing"
    /// A member is a value of the wrong kind: text for a number, a list of the wrong length.
    public static let dataSetTypeInvalid: Self = "data-set.type-invalid"
    /// Two entries have the same id.
    public static let dataSetIDRepeated: Self = "data-set.id-repeated"
    /// An entry names an image or a class that is not in the data set.
    public static let dataSetReferenceUnknown: Self = "data-set.reference-unknown"
    /// The same annotation stands twice.
    public static let dataSetAnnotationRepeated: Self = "data-set.annotation-repeated"
    /// The picture of annotations is not there.
    public static let dataSetPictureMissing: Self = "data-set.picture-missing"
    /// A picture has another size than its annotations say.
    public static let dataSetPictureSize: Self = "data-set.picture-size"
    /// Classes have no names, or another number of names than the data set says.
    public static let dataSetLabelsMissing: Self = "data-set.labels-missing"
    /// A shape has too few points, or another number than its kind has.
    public static let dataSetShapeInvalid: Self = "data-set.shape-invalid"
    /// Points of a thing are not on the picture.
    public static let pointOutside: Self = "point.outside"
}

/// The findings of one entry of a file; whether it can be used is known when all of it was looked at.
struct EntryFindings {
    private(set) var findings: [Finding] = []
    private(set) var hasErrors = false

    mutating func add(_ finding: Finding) {
        if finding.severity == .error { hasErrors = true }
        findings.append(finding)
    }

    mutating func error(
        _ code: MediaError.Code, _ message: String, path: String, value: String? = nil, hint: String? = nil
    ) {
        add(.error(code, message, path: path, value: value, hint: hint))
    }

    mutating func warning(
        _ code: MediaError.Code, _ message: String, path: String, value: String? = nil, hint: String? = nil
    ) {
        add(.warning(code, message, path: path, value: value, hint: hint))
    }
}

extension ValidationReport {
    /// Adds all findings of an entry.
    mutating func add(_ entry: EntryFindings) {
        for finding in entry.findings { add(finding) }
    }

    /// Adds an error that ended the reading of a file.
    mutating func add(_ error: MediaError) {
        add(
            .error(
                error.code, error.message, path: error.location.field ?? "",
                hint: error.hint ?? "write the file again, or mend it at that place"))
    }
}
