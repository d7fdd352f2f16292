import MediaCore

/// Reads boxes from JSON straight into values: no tree, and no string for what is known.
struct BoxReader: ~Copyable {
    /// One group as it was read.
    struct Outcome {
        var group: BoundingBoxGroup
        var report: ValidationReport
    }

    let options: BoxReadingOptions
    let contents: FileContents
    let names = BoxNames()
    var report = ValidationReport()
    var clipping = BoxClipping()
    /// The scores of the box at hand, and the names that scores had.
    var scores: [BoxScores.Entry] = []
    var scoreNames: [(name: JSONName, text: String)] = []

    /// Groups are told apart by people, and looked up one by one.
    private static let mostGroups = 1000

    private init(_ contents: FileContents, _ options: BoxReadingOptions) {
        self.contents = contents
        self.options = options
    }

    static func readDocument(
        _ contents: FileContents, options: BoxReadingOptions
    ) throws(MediaError) -> BoxDocument {
        try read(contents, options) { (boxes, json) throws(MediaError) in
            var document = BoxDocument()
            document.groups = try boxes.document(&json)
            document.report = boxes.report
            document.clipping = boxes.clipping
            return document
        }
    }

    static func readGroup(
        _ contents: FileContents, name: String?, options: BoxReadingOptions
    ) throws(MediaError) -> Outcome {
        try read(contents, options) { (boxes, json) throws(MediaError) in
            let group = try boxes.anyGroup(&json, path: name.map(BoundingBoxGroup.path) ?? "boxes")
            return Outcome(group: group, report: boxes.report)
        }
    }

    private static func read<Result>(
        _ contents: FileContents, _ options: BoxReadingOptions,
        _ body: (inout BoxReader, inout JSONPullReader) throws(MediaError) -> Result
    ) throws(MediaError) -> Result {
        var json = JSONReader.Options()
        json.acceptsNotFinite = options.acceptsNotFinite
        return try contents.withBytes { (bytes) throws(MediaError) in
            try JSONPullReader.read(bytes, limits: options.limits, options: json) { (reader) throws(MediaError) in
                var boxes = BoxReader(contents, options)
                return try body(&boxes, &reader)
            }
        }
    }

    // MARK: Groups

    /// A whole document: groups under names, or one group, or a list.
    private mutating func document(
        _ json: inout JSONPullReader
    ) throws(MediaError) -> AnnotationGroups<BoundingBoxGroup> {
        var groups = AnnotationGroups<BoundingBoxGroup>()
        guard json.isAtObject, !isOneGroup() else {
            groups[options.groupName] = try anyGroup(&json, path: "boxes")
            return groups
        }
        try json.beginObject()
        while try json.nextName() != nil {
            let name = json.nameText
            guard groups.entries.count < Self.mostGroups else {
                throw MediaError(
                    .limitExceeded, "the file has more than \(Self.mostGroups) groups of boxes",
                    hint: "put boxes into lists, not into groups of their own", at: .init(offset: json.offset))
            }
            groups[name] = try anyGroup(&json, path: BoundingBoxGroup.path(ofGroup: name))
        }
        return groups
    }

    /// Whether the document, an object, is a group itself: it has a list of boxes, wherever that stands among its members.
    ///
    /// The first names nearly always tell, so a reader of its own goes ahead and stops there. What is wrong with the document is
    /// for the other one to say.
    private func isOneGroup() -> Bool {
        var isGroup = false
        contents.withBytes { bytes in
            try? JSONPullReader.read(bytes, limits: options.limits, options: .python) { (ahead) throws(MediaError) in
                try ahead.beginObject()
                while let name = try ahead.nextName() {
                    if name == names.boxData || name == names.classLabels {
                        isGroup = true
                        return
                    }
                    guard ahead.isAtObject else {
                        try ahead.skip()
                        continue
                    }
                    try ahead.beginObject()
                    while let inner = try ahead.nextName() {
                        if inner == names.boxData || inner == names.classLabels { return }
                        try ahead.skip()
                    }
                }
            }
        }
        return isGroup
    }

    /// A group, or a list of boxes alone.
    private mutating func anyGroup(
        _ json: inout JSONPullReader, path: String
    ) throws(MediaError) -> BoundingBoxGroup {
        switch json.kind {
        case .object:
            let start = json.offset
            try json.beginObject()
            return try group(&json, first: try json.nextName(), start: start, path: path)
        case .array:
            let mark = mark(json)
            let read = try list(&json, path: path)
            return group(read, labels: nil, text: nil, since: mark, json, path: path)
        default:
            try wrongKind(
                &json, "a group of boxes", path: path, hint: "give an object with box_data, or a list of boxes")
            return BoundingBoxGroup([])
        }
    }

    /// The members of a group from `first` on.
    private mutating func group(
        _ json: inout JSONPullReader, first: JSONName?, start: Int, path: String
    ) throws(MediaError) -> BoundingBoxGroup {
        var read: ReadList?
        var labels: ClassLabels?
        var hasData = false
        var next = first
        let mark = mark(json)
        while let name = next {
            if name == names.boxData {
                hasData = true
                if json.isAtArray {
                    read = try list(&json, path: path)
                } else {
                    try wrongKind(&json, "a list of boxes", path: path + ".box_data")
                }
            } else if name == names.classLabels {
                labels = try json.classLabels(path: path + ".class_labels", into: &report)
            } else {
                try json.skip()
            }
            next = try json.nextName()
        }
        guard let read else {
            if !hasData {
                report.add(
                    .error(
                        .boxesMissing, "the group has no box_data", path: path + ".box_data",
                        hint: "give a list of boxes, [] when there are none"))
            }
            return BoundingBoxGroup([], labels: labels)
        }
        return group(read, labels: labels, text: start..<json.offset, since: mark, json, path: path)
    }

    /// What was known before a group was read.
    private struct Mark {
        var errors: Int
        var notFinite: Int
        var clipping: BoxClipping
    }

    private func mark(_ json: borrowing JSONPullReader) -> Mark {
        Mark(errors: report.counts[.error, default: 0], notFinite: json.notFiniteCount, clipping: clipping)
    }

    /// The group of boxes that have been read. It keeps its text as long as that says the same: nothing was wrong, nothing was
    /// cut, and no domain is meant that only we know of.
    private mutating func group(
        _ read: ReadList, labels: ClassLabels?, text: Range<Int>?, since mark: Mark, _ json: borrowing JSONPullReader,
        path: String
    ) -> BoundingBoxGroup {
        var isSound = report.counts[.error, default: 0] == mark.errors
        if isSound, json.notFiniteCount > mark.notFinite {
            isSound = false
            report.add(
                .error(
                    .valueNotFinite, "a member that is kept as it is holds NaN or Infinity, which are not JSON",
                    path: path, hint: "write null instead"))
        }
        let keepsText = isSound && clipping == mark.clipping && options.domain == .percentage
        return BoundingBoxGroup(
            read.boxes, labels: labels,
            source: keepsText ? BoxSource(contents: contents, list: read.range, group: text) : nil,
            places: read.places)
    }

    /// A list of boxes, without those that were left out.
    private struct ReadList {
        var boxes: [BoundingBox] = []
        /// Where the boxes stood, when some were left out.
        var places: [Int]?
        var range = 0..<0
    }

    private mutating func list(_ json: inout JSONPullReader, path: String) throws(MediaError) -> ReadList {
        var read = ReadList()
        var index = 0
        let start = json.offset
        try json.beginArray()
        while try json.nextElement() {
            if let box = try box(&json, path, index) {
                read.boxes.append(box)
                read.places?.append(index)
            } else if read.places == nil {
                read.places = Array(0..<index)
            }
            index += 1
            if index == 64 { read.boxes.reserveCapacity(expectedCount(after: index, from: start, to: json.offset)) }
        }
        read.range = start..<json.offset
        return read
    }

    /// How many boxes there will be in all if the rest of the file is like its beginning; growing would copy them all, time
    /// and again. A box takes more bytes in the file than in memory, or not much less.
    private func expectedCount(after count: Int, from start: Int, to end: Int) -> Int {
        let bytesPerBox = max((end - start) / count, MemoryLayout<BoundingBox>.stride / 2)
        return (contents.byteCount - start) / bytesPerBox + count
    }

    /// Steps over a value that is of the wrong kind and says so.
    mutating func wrongKind(
        _ json: inout JSONPullReader, _ expected: String, path: @autoclosure () -> String, hint: String? = nil
    ) throws(MediaError) {
        let value = try json.value().summary
        report.add(
            .error,
            .error(
                .boxTypeInvalid, "found \(value), expected \(expected)", path: path(), value: value, hint: hint))
    }
}

/// The names that members of a document of boxes have.
struct BoxNames {
    let boxData = JSONName("box_data"), classLabels = JSONName("class_labels")
    let ofBox = JSONKnownNames(["position", "class_id", "box_caption", "scores", "domain"])
    let ofPosition = JSONKnownNames(BoxMember.InPosition.allCases.map { "\($0)" })
}

/// The members of a box, in the order of ``BoxNames/ofBox``.
enum BoxMember: Int {
    case position, classID, caption, scores, domain

    /// The members of a position, by their names.
    enum InPosition: Int, CaseIterable {
        case minX, maxX, minY, maxY, middle, width, height

        var bit: PositionBits { PositionBits(rawValue: 1 << UInt8(truncatingIfNeeded: rawValue)) }
    }

    /// Some members of a position.
    struct PositionBits: OptionSet {
        let rawValue: UInt8

        static let edges = PositionBits(rawValue: 0b000_1111)
        static let size = PositionBits(rawValue: 0b111_0000)
    }
}

extension JSONValue {
    /// The value in a few characters, for messages.
    var summary: String {
        switch self {
        case .array(let elements): "a list of \(elements.count)"
        case .object: "an object"
        default:
            {
                let text = (try? JSONWriter.string(self, options: .init(notFinite: .bareWords))) ?? ""
                return text.count > 40 ? text.prefix(40) + "…" : text
            }()
        }
    }
}
