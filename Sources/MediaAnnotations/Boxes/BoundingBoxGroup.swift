public import MediaCore

/// Boxes that belong together, with the names of their classes: what a detector found, what people drew.
///
/// A group that was read from JSON remembers its text, and is written again exactly as it was given: unknown members, the
/// order of members and the way numbers are written stay.
public struct BoundingBoxGroup: Sendable {
    /// The boxes.
    public let boxes: [BoundingBox]
    /// The names that were given; `nil` when none were, so that each class is called `class_<id>`.
    public let labels: ClassLabels?
    /// The text that the group was read from, when it still says the same.
    let source: BoxSource?
    /// Where each box stood in the list that was read, when boxes of it were left out.
    let places: [Int]?

    /// A group of boxes.
    public init(_ boxes: [BoundingBox], labels: ClassLabels? = nil) {
        self.init(boxes, labels: labels, source: nil, places: nil)
    }

    init(_ boxes: [BoundingBox], labels: ClassLabels?, source: BoxSource?, places: [Int]?) {
        self.boxes = boxes
        self.labels = labels
        self.source = source
        self.places = places
    }

    /// A group from a value of the form that the wandb SDK takes: `{"box_data": […], "class_labels": {…}}`, or the list alone.
    ///
    /// - Parameters:
    ///   - json: The value; it is written again as it is.
    ///   - name: The name of the group in paths.
    ///   - options: How boxes are read.
    /// - Throws: the first error of ``BoxDocument/report``, which the error carries.
    public init(
        json: JSONValue, name: String? = nil, options: BoxReadingOptions = .init()
    ) throws(MediaError) {
        let text = try JSONWriter.bytes(json, options: .init(notFinite: .bareWords))
        var options = options
        options.acceptsNotFinite = true
        let document = try BoxReader.readGroup(
            FileContents(bytes: text, name: name ?? "boxes"), name: name, options: options)
        try document.report.throwIfInvalid()
        self = document.group
    }

    /// The same boxes with other names for their classes.
    public func labeled(_ labels: ClassLabels?) -> BoundingBoxGroup {
        BoundingBoxGroup(boxes, labels: labels, source: source?.withoutLabels, places: places)
    }

    /// The names of the classes: those that were given, else `class_<id>` for each id, in the order of the ids.
    public var effectiveLabels: ClassLabels { labels ?? .defaults(for: Set(boxes.compactMap(\.classID)).sorted()) }

    /// Whether there are no boxes.
    public var isEmpty: Bool { boxes.isEmpty }

    /// How paths name a group: `boxes["pred"]`.
    public static func path(ofGroup name: String) -> String { "boxes" + name.asSubscript }
}

extension BoundingBoxGroup: Hashable {
    /// Whether both have the same boxes and labels; the text they were read from may differ.
    public static func == (a: BoundingBoxGroup, b: BoundingBoxGroup) -> Bool {
        a.boxes == b.boxes && a.labels == b.labels
    }

    /// Feeds boxes and labels into a hasher.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(boxes)
        hasher.combine(labels)
    }
}

/// The text of a group in a document that is kept.
struct BoxSource: Sendable {
    let contents: FileContents
    /// The list of boxes.
    let list: Range<Int>
    /// The whole group; `nil` when it was a list alone or has got other labels.
    let group: Range<Int>?

    var withoutLabels: BoxSource { BoxSource(contents: contents, list: list, group: nil) }
}
