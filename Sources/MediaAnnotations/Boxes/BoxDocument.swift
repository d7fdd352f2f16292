public import MediaCore

/// How boxes are read.
public struct BoxReadingOptions: Sendable, Hashable {
    /// What the numbers of boxes count that do not say so themselves.
    public var domain = BoundingBox.Domain.percentage
    /// Whether boxes that leave the picture are cut at its edges; they are errors otherwise. Those in pixels are cut only
    /// when ``image`` is known.
    public var clips = false
    /// The picture that the boxes are on.
    public var image: ImageSize?
    /// The name of the group in a file that has one without a name.
    public var groupName = "boxes"
    /// Nesting is looked at.
    public var limits = Limits.default
    /// Whether `NaN` and `Infinity` are read, as Python writes them. They are findings then, not errors of the format.
    public var acceptsNotFinite = true

    /// The wandb SDK's rules for what is not said.
    public init() {}
}

/// A file of boxes that was read: what is sound of it, and findings about the rest.
///
/// Three shapes are read: groups under names, `{"predictions": {"box_data": […]}}`; one group, `{"box_data": […]}`; a list of
/// boxes. A box is `{"position": {…}, "class_id": 1, "box_caption": "…", "scores": {…}, "domain": "pixel"}`, its position
/// `{"minX", "maxX", "minY", "maxY"}` or `{"middle": [x, y], "width", "height"}`; with both, the edges hold.
public struct BoxDocument: Sendable {
    /// The groups, with the boxes that break no rule.
    public internal(set) var groups: AnnotationGroups<BoundingBoxGroup> = [:]
    /// What is wrong with the others.
    public internal(set) var report = ValidationReport()
    /// What ``BoxReadingOptions/clips`` did.
    public internal(set) var clipping = BoxClipping()

    /// Reads a document.
    ///
    /// - Throws: as ``/MediaCore/JSONReader`` for what is not JSON. What is JSON and no box is in
    ///   ``report``.
    public init(_ contents: FileContents, options: BoxReadingOptions = .init()) throws(MediaError) {
        self = try BoxReader.readDocument(contents, options: options)
    }

    /// Reads a file.
    ///
    /// - Throws: as ``init(_:options:)``; `file.not-found`, `file.unreadable`.
    public init(path: String, options: BoxReadingOptions = .init()) throws(MediaError) {
        do throws(MediaError) {
            try self.init(try FileContents.open(path, limits: options.limits), options: options)
        } catch {
            throw error.inFile(path)
        }
    }

    init() {}
}
