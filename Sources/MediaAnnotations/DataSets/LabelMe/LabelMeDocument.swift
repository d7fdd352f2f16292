import ImageCoding
import MediaCore
import MediaDrawing

/// A LabelMe file: one picture and the shapes on it.
///
/// Format: <https://github.com/wkentaro/labelme>, versions 3 to 5. An embedded picture (`imageData`) is compared with the size
/// that is stated and otherwise left alone.
struct LabelMeDocument {
    private var image: DataSetImage
    private var numbering: ClassNumbering
    private var bounds = AnnotationBounds.pixels(width: nil, height: nil)

    /// Reads a whole file. What breaks a rule of the format is a finding.
    ///
    /// - Throws: what `JSONReader` throws; `data-set.type-invalid` when the document is no LabelMe file at all.
    static func read(
        _ contents: FileContents, into image: DataSetImage, numbering: inout ClassNumbering, limits: Limits
    ) throws(MediaError) -> DataSetImage {
        var options = JSONReader.Options()
        options.acceptsNotFinite = true
        let value = try contents.withBytes { (bytes) throws(MediaError) in
            try JSONReader.parse(bytes, limits: limits, options: options)
        }
        guard let shapes = value["shapes"] else {
            throw MediaError(
                .dataSetTypeInvalid, "the document has no \"shapes\"", hint: "give a file that LabelMe wrote",
                at: .init(field: "shapes"))
        }
        var document = LabelMeDocument(image: image, numbering: numbering)
        document.readPicture(value)
        document.read(shapes)
        numbering = document.numbering
        return document.image
    }

    private init(image: DataSetImage, numbering: ClassNumbering) {
        self.image = image
        self.numbering = numbering
    }

    private mutating func readPicture(_ value: JSONValue) {
        var entry = JSONEntry(value, path: "")
        if let name = entry.text("imagePath") { (image.name, image.nameField) = (name, "imagePath") }
        image.width = entry.side("imageWidth")
        image.height = entry.side("imageHeight")
        bounds = .pixels(width: image.width, height: image.height)
        if let data = entry["imageData"] {
            if let text = data.string {
                checkEmbedded(text, &entry)
            } else {
                entry.invalid(data, "imageData", expected: "text in base64")
            }
        }
        image.report.add(entry.findings)
    }

    /// Compares the size of an embedded picture with the one that is stated; only its beginning is decoded.
    private func checkEmbedded(_ text: String, _ entry: inout JSONEntry) {
        let count = text.utf8.count
        guard let bytes = [UInt8](base64: text.utf8.prefix(1 << 18)), count % 4 == 0 else {
            entry.findings.warning(
                .dataSetTypeInvalid, "the embedded picture is not base64", path: "imageData",
                hint: "leave \"imageData\" out; the picture's file is used")
            return
        }
        guard let header = try? unsafe ImageHeader.read(bytes.span.bytes), let width = image.width,
            let height = image.height,
            (header.width, header.height) != (width, height),
            (header.orientedWidth, header.orientedHeight) != (width, height)
        else { return }
        entry.findings.error(
            .dataSetPictureSize,
            "the embedded picture has \(header.width)×\(header.height) pixels, its annotations are for \(width)×\(height)",
            path: "imageData", value: "\(header.width)×\(header.height)",
            hint: "annotate this picture, or scale it back")
    }

    // MARK: Shapes

    private mutating func read(_ shapes: JSONValue) {
        guard let list = shapes.array else {
            image.report.add(
                .error(
                    .dataSetTypeInvalid, "expected a list, found \(shapes.kind)", path: "shapes", value: shapes.brief,
                    hint: "write [{\"label\": …, \"points\": …}]"))
            return
        }
        for (index, value) in list.enumerated() {
            var entry = JSONEntry(value, path: "shapes[\(index)]")
            let annotation = annotation(&entry)
            image.report.add(entry.findings)
            if let annotation, !entry.findings.hasErrors {
                image.annotations.append(annotation)
            } else {
                image.refusedCount += 1
            }
        }
    }

    private mutating func annotation(_ entry: inout JSONEntry) -> DataSetAnnotation? {
        let label = entry.text("label")
        let points = points(&entry)
        // Files of version 3 have no kinds: all shapes are polygons.
        let kind = entry["shape_type"].map { $0.string ?? "" } ?? "polygon"
        guard let label, let points, !entry.findings.hasErrors else { return nil }
        var annotation = DataSetAnnotation(place: entry.path(""), classID: numbering.id(of: label), domain: .pixel)
        return fill(&annotation, kind, points, &entry) ? annotation : nil
    }

    private func points(_ entry: inout JSONEntry) -> [Point]? {
        guard let value = entry.required("points") else { return nil }
        guard let list = value.array else {
            entry.invalid(value, entry.path("points"), expected: "a list of points")
            return nil
        }
        var points: [Point] = []
        points.reserveCapacity(list.count)
        for (index, pair) in list.enumerated() {
            let path = "\(entry.path("points"))[\(index)]"
            guard let numbers = pair.array, numbers.count == 2, let x = numbers[0].double, let y = numbers[1].double
            else {
                entry.invalid(pair, path, expected: "a point, [x, y]")
                return nil
            }
            guard bounds.isSound(x, path: path + "[0]", &entry.findings),
                bounds.isSound(y, path: path + "[1]", &entry.findings)
            else { return nil }
            points.append(Point(x: x, y: y))
        }
        return points
    }

    private func fill(
        _ annotation: inout DataSetAnnotation, _ kind: String, _ points: [Point], _ entry: inout JSONEntry
    ) -> Bool {
        let allowed: ClosedRange<Int>
        switch kind {
        case "polygon": allowed = 3...Int.max
        case "rectangle", "circle", "line", "mask": allowed = 2...2
        case "linestrip": allowed = 2...Int.max
        case "point": allowed = 1...1
        case "points": allowed = 1...Int.max
        default:
            entry.findings.error(
                .dataSetTypeInvalid, "there is no kind of shape \"\(kind)\"", path: entry.path("shape_type"),
                value: kind,
                hint: "use polygon, rectangle, circle, line, linestrip, point or points")
            return false
        }
        guard allowed.contains(points.count) else {
            let wanted = allowed.upperBound == .max ? "\(allowed.lowerBound) or more" : "\(allowed.lowerBound)"
            entry.findings.error(
                .dataSetShapeInvalid, "a \(kind) has \(wanted) points, this one \(points.count)",
                path: entry.path("points"), value: "\(points.count)", hint: "mark the shape again")
            return false
        }
        let path = entry.path("points")
        switch kind {
        case "rectangle", "mask":
            // Dragged from any corner to the one opposite.
            guard let box = Rectangle(around: points) else { return false }
            guard !box.isEmpty else {
                entry.findings.error(
                    .boxEmpty, "the \(kind) has no size", path: path, hint: "leave the shape out")
                return false
            }
            annotation.box = bounds.checked(box, path: path, &entry.findings)
            if kind == "mask" {
                entry.findings.warning(
                    .unsupported, "the mask is read as the box around it", path: entry.path("mask"),
                    hint: "mark the shape as a polygon")
            }
            return annotation.box != nil
        case "circle":
            let radius = (points[1] - points[0]).length
            guard bounds.isSize(radius, "radius", path: path, &entry.findings) else { return false }
            let (x, y) = (points[0].x, points[0].y)
            annotation.shape = .circle(center: points[0], radius: radius)
            annotation.box = bounds.checked(
                Rectangle(minX: x - radius, minY: y - radius, maxX: x + radius, maxY: y + radius), path: path,
                &entry.findings)
            return annotation.box != nil
        case "polygon":
            let corners = bounds.corners(points.flatMap { [$0.x, $0.y] }, path: path, &entry.findings) {
                "\(path)[\($0 / 2)][\($0 % 2)]"
            }
            annotation.shape = .polygons([points])
            // Its corners were looked at.
            return corners != nil
        case "line", "linestrip": annotation.shape = .line(points)
        default: annotation.shape = .points(points)
        }
        bounds.check(points, path: path, &entry.findings) { "\(path)[\($0)]" }
        return true
    }
}
