import MediaCore

/// A COCO file: its pictures with their annotations, in the order of the file.
///
/// Format: <https://cocodataset.org/#format-data>. `info` and `licenses` are not looked at.
struct COCODocument: Sendable {
    var images: [DataSetImage] = []
    var labels = ClassLabels()
    /// By class, of those that have one.
    var skeletons: [Int: Skeleton] = [:]
    /// What was found that belongs to no picture.
    var report = ValidationReport()

    /// How many findings are kept for a picture, and of how many pictures: a hostile file may have one for every few bytes.
    private static let findingsPerImage = 32
    private static let imagesWithFindings = 2048

    private var places: [Int64: Int] = [:]
    private var classes: [Int64: COCOClass] = [:]
    private var annotationIDs: Set<Int64> = []
    private var imagesLeft = COCODocument.imagesWithFindings

    /// Reads a whole file. What breaks a rule of the format is a finding.
    ///
    /// - Throws: what `JSONReader` throws; `format.unsupported` for a file of results; `data-set.type-invalid`,
    ///   `data-set.member-missing` when the document is no COCO file at all.
    init(_ contents: FileContents, limits: Limits) throws(MediaError) {
        var options = JSONReader.Options()
        // NaN is what programs write for a box that failed: worth a finding, not the whole file.
        options.acceptsNotFinite = true
        let document = try contents.withBytes { (bytes) throws(MediaError) in
            try JSONReader.parse(bytes, limits: limits, options: options)
        }
        guard let members = document.object else {
            guard document.array?.first?["image_id"] != nil else {
                throw Self.notCOCO("the document is \(document.kind), not an object")
            }
            throw MediaError(
                .unsupported, "the document is a list of results, which needs its data set",
                hint: "give the file with \"images\", \"annotations\" and \"categories\"")
        }
        let categories = try list("categories", of: members, isRequired: false)
        let images = try list("images", of: members, isRequired: true)
        let annotations = try list("annotations", of: members, isRequired: true)
        readCategories(categories)
        readImages(images, file: contents.name)
        for (index, annotation) in annotations.enumerated() {
            read(annotation, at: index, limits: limits)
        }
    }

    private static func notCOCO(_ message: String) -> MediaError {
        MediaError(
            .dataSetTypeInvalid, message, hint: "give a COCO file, with \"images\", \"annotations\" and \"categories\"")
    }

    private mutating func list(
        _ name: String, of members: JSONObject, isRequired: Bool
    ) throws(MediaError) -> [JSONValue] {
        guard let value = members[name] else {
            guard !isRequired else { throw Self.notCOCO("the document has no \"\(name)\"") }
            report.add(
                .error(
                    .dataSetMemberMissing, "the document has no \"\(name)\"", path: name,
                    hint: "give the classes as [{\"id\": 1, \"name\": \"cat\"}]"))
            return []
        }
        guard let elements = value.array else { throw Self.notCOCO("\"\(name)\" is \(value.kind), not a list") }
        return elements
    }

    // MARK: Classes

    private mutating func readCategories(_ categories: [JSONValue]) {
        var entries: [ImageClass] = []
        var names: Set<String> = []
        for (index, value) in categories.enumerated() {
            var entry = JSONEntry(value, path: "categories[\(index)]")
            let id = entry.integer("id")
            let name = entry.text("name")
            let points = entry.keypointNames()
            let edges = entry.skeleton(pointCount: points.count)
            if let id, !entry.findings.hasErrors {
                if classes[id] != nil {
                    entry.findings.error(
                        .dataSetIDRepeated, "the id \(id) is that of an earlier category", path: entry.path("id"),
                        value: "\(id)", hint: "give every category an id of its own")
                } else if let number = Int(exactly: id), let name {
                    classes[id] = COCOClass(id: number, pointCount: points.count)
                    entries.append(ImageClass(id: number, name: name))
                    if !names.insert(name).inserted {
                        entry.findings.warning(
                            .dataSetIDRepeated, "another category is called \"\(name)\" too", path: entry.path("name"),
                            value: name, hint: "give every category a name of its own")
                    }
                    // The edges are sound, so there is nothing to throw.
                    if !points.isEmpty { skeletons[number] = try? Skeleton(names: points, edges: edges) }
                }
            }
            report.add(entry.findings)
        }
        // No number stands twice, so there is nothing to throw.
        labels = (try? ClassLabels(entries)) ?? ClassLabels()
    }

    // MARK: Images

    private mutating func readImages(_ values: [JSONValue], file: String) {
        images.reserveCapacity(values.count)
        for (index, value) in values.enumerated() {
            var entry = JSONEntry(value, path: "images[\(index)]")
            let id = entry.integer("id")
            let name = entry.text("file_name")
            let width = entry.side("width")
            let height = entry.side("height")
            if let id, places[id] != nil {
                entry.findings.error(
                    .dataSetIDRepeated, "the id \(id) is that of an earlier image", path: entry.path("id"),
                    value: "\(id)", hint: "give every image an id of its own")
            }
            report.add(entry.findings)
            guard let id, let name, !entry.findings.hasErrors else { continue }
            places[id] = images.count
            var image = DataSetImage(
                name: name, file: file, nameField: entry.path("file_name"), report: ValidationReport(capacity: 0))
            (image.width, image.height) = (width, height)
            images.append(image)
        }
    }

    // MARK: Annotations

    private mutating func read(_ value: JSONValue, at index: Int, limits: Limits) {
        var entry = JSONEntry(value, path: "annotations[\(index)]")
        if value["id"] != nil, let id = entry.integer("id"), !annotationIDs.insert(id).inserted {
            entry.findings.error(
                .dataSetIDRepeated, "the id \(id) is that of an earlier annotation", path: entry.path("id"),
                value: "\(id)", hint: "give every annotation an id of its own")
        }
        let imageID = entry.integer("image_id")
        let place = imageID.flatMap { places[$0] }
        if let imageID, place == nil {
            entry.findings.error(
                .dataSetReferenceUnknown, "there is no image with the id \(imageID)", path: entry.path("image_id"),
                value: "\(imageID)", hint: "add the image, or leave the annotation out")
        }
        let category = entry.integer("category_id")
        let known = category.flatMap { classes[$0] }
        if let category, known == nil {
            entry.findings.error(
                .dataSetReferenceUnknown, "there is no category with the id \(category)",
                path: entry.path("category_id"), value: "\(category)",
                hint: "add the category, or leave the annotation out")
        }
        let annotation = entry.annotation(
            of: known ?? COCOClass(id: 0, pointCount: 0), width: place.flatMap { images[$0].width },
            height: place.flatMap { images[$0].height }, limits: limits)
        guard let place else {
            report.add(entry.findings)
            return
        }
        add(entry.findings, toImage: place)
        if let annotation, known != nil, !entry.findings.hasErrors {
            images[place].annotations.append(annotation)
        } else {
            images[place].refusedCount += 1
        }
    }

    private mutating func add(_ findings: EntryFindings, toImage place: Int) {
        guard !findings.findings.isEmpty else { return }
        if images[place].report.count == 0, imagesLeft > 0 {
            imagesLeft -= 1
            images[place].report = ValidationReport(capacity: Self.findingsPerImage)
        }
        images[place].report.add(findings)
    }
}

/// What annotations have to know of their class.
struct COCOClass: Sendable {
    var id: Int
    /// How many keypoints things of the class have; 0 for none.
    var pointCount: Int
}

extension JSONValue {
    /// What kind of value it is, for messages.
    var kind: String {
        switch self {
        case .null: "null"
        case .bool: "a truth value"
        case .integer, .number: "a number"
        case .string: "text"
        case .array: "a list"
        case .object: "an object"
        }
    }

    /// The value for messages: short ones as they are.
    var brief: String {
        guard let text = try? JSONWriter.string(self), text.utf8.count <= 60 else { return kind }
        return text
    }
}
