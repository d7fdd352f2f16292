import MediaCore
import MediaDrawing

/// A Pascal VOC file: one picture and the objects on it.
///
/// Format: <http://host.robots.ox.ac.uk/pascal/VOC/voc2012/devkit_doc.pdf>, 2.1. `xmin` and `xmax` are the first and the last
/// column of pixels of the box, counted from 1; here a box has its outer edges, so `xmin` becomes one less.
struct VOCDocument {
    private var image: DataSetImage
    private var numbering: ClassNumbering
    private var bounds = AnnotationBounds.pixels(width: nil, height: nil)

    /// Reads a whole file. What breaks a rule of the format is a finding.
    ///
    /// - Throws: what `XMLReader` throws; `data-set.type-invalid` when the document is no VOC file at all.
    static func read(
        _ contents: FileContents, into image: DataSetImage, numbering: inout ClassNumbering, limits: Limits
    ) throws(MediaError) -> DataSetImage {
        let tree = try contents.withBytes { (bytes) throws(MediaError) in try XMLReader.parse(bytes, limits: limits) }
        guard tree.root.name == "annotation" else {
            throw MediaError(
                .dataSetTypeInvalid, "the document is a <\(tree.root.name)>, not an <annotation>",
                hint: "give a file as Pascal VOC has it")
        }
        var document = VOCDocument(image: image, numbering: numbering)
        document.read(tree.root)
        numbering = document.numbering
        return document.image
    }

    private init(image: DataSetImage, numbering: ClassNumbering) {
        self.image = image
        self.numbering = numbering
    }

    private mutating func read(_ root: XMLTree.Element) {
        var findings = EntryFindings()
        if let name = root["filename"]?.trimmedText, !name.isEmpty {
            (image.name, image.nameField) = (String(name), "filename")
        }
        if let size = root["size"] {
            image.width = side("width", of: size, &findings)
            image.height = side("height", of: size, &findings)
        } else {
            findings.warning(
                .dataSetMemberMissing, "<size> is missing: boxes cannot be compared with the picture", path: "size",
                hint: "add <size> with <width> and <height>")
        }
        bounds = .pixels(width: image.width, height: image.height)
        image.report.add(findings)
        var index = 0
        for object in root.children where object.name == "object" {
            var findings = EntryFindings()
            let annotation = annotation(object, path: "object[\(index)]", &findings)
            image.report.add(findings)
            if let annotation, !findings.hasErrors {
                image.annotations.append(annotation)
            } else {
                image.refusedCount += 1
            }
            index += 1
        }
    }

    private func side(_ name: String, of size: XMLTree.Element, _ findings: inout EntryFindings) -> Int? {
        guard let element = required(name, in: size, path: "size", &findings) else { return nil }
        guard let side = Int(element.trimmedText), (1...Int(Int32.max)).contains(side) else {
            invalid(element, "size/\(name)", expected: "a number of pixels", &findings)
            return nil
        }
        return side
    }

    // MARK: Objects

    private mutating func annotation(
        _ object: XMLTree.Element, path: String, _ findings: inout EntryFindings
    ) -> DataSetAnnotation? {
        let name = required("name", in: object, path: path, &findings)
        if let name, name.trimmedText.isEmpty { invalid(name, path + "/name", expected: "a name", &findings) }
        var flags: DataSetAnnotation.Flags = []
        for (child, flag) in [
            ("difficult", .difficult), ("truncated", .truncated), ("occluded", .occluded),
        ] as [(String, DataSetAnnotation.Flags)] where self.flag(child, of: object, path: path, &findings) {
            flags.insert(flag)
        }
        guard let element = required("bndbox", in: object, path: path, &findings) else { return nil }
        let box = box(element, path: path + "/bndbox", &findings)
        guard let name, let box, !findings.hasErrors else { return nil }
        var annotation = DataSetAnnotation(
            place: path, classID: numbering.id(of: String(name.trimmedText)), domain: .pixel)
        annotation.box = box
        annotation.flags = flags
        return annotation
    }

    private func flag(
        _ name: String, of object: XMLTree.Element, path: String, _ findings: inout EntryFindings
    ) -> Bool {
        guard let element = object[name] else { return false }
        switch element.trimmedText {
        case "1": return true
        case "0", "": return false
        default:
            invalid(element, path + "/" + name, expected: "0 or 1", &findings)
            return false
        }
    }

    private func box(_ element: XMLTree.Element, path: String, _ findings: inout EntryFindings) -> Rectangle? {
        var numbers: [String: Double] = [:]
        for name in ["xmin", "ymin", "xmax", "ymax"] {
            guard let child = required(name, in: element, path: path, &findings) else { continue }
            // The years 2008 to 2011 have some numbers with decimals.
            guard let number = Double(child.trimmedText),
                !child.text.utf8.contains(where: { $0 | 0x20 == UInt8(ascii: "x") })
            else {
                invalid(child, path + "/" + name, expected: "a number", &findings)
                continue
            }
            if bounds.isSound(number, path: path + "/" + name, &findings) { numbers[name] = number }
        }
        guard let xmin = numbers["xmin"], let ymin = numbers["ymin"], let xmax = numbers["xmax"],
            let ymax = numbers["ymax"]
        else { return nil }
        for (low, lowName, high, highName) in [(xmin, "xmin", xmax, "xmax"), (ymin, "ymin", ymax, "ymax")]
        where high < low {
            findings.error(
                .boxInverted, "\(highName) \(high) is below \(lowName) \(low)", path: path + "/" + highName,
                value: "\(high)", hint: "exchange \(lowName) and \(highName)")
        }
        guard !findings.hasErrors else { return nil }
        if xmin < 1 || ymin < 1, xmin >= 0, ymin >= 0 {
            findings.warning(
                .boxOutside, "pixels are counted from 1, and this box begins at 0", path: path,
                value: "\(xmin), \(ymin)", hint: "add 1 to the numbers if the program that wrote them counts from 0")
        }
        // Pixel 0 never was: such a box begins at the edge of the picture.
        let edge = { (first: Double) in (0..<1).contains(first) ? 0 : first - 1 }
        let box = Rectangle(minX: edge(xmin), minY: edge(ymin), maxX: xmax, maxY: ymax)
        return bounds.checked(box, path: path, &findings)
    }

    // MARK: Members

    private func required(
        _ name: String, in element: XMLTree.Element, path: String, _ findings: inout EntryFindings
    ) -> XMLTree.Element? {
        if let child = element[name] { return child }
        findings.error(
            .dataSetMemberMissing, "\(element.position): <\(name)> is missing", path: path + "/" + name,
            hint: "add <\(name)>")
        return nil
    }

    private func invalid(
        _ element: XMLTree.Element, _ path: String, expected: String, _ findings: inout EntryFindings
    ) {
        let text = String(element.trimmedText.prefix(60))
        findings.error(
            .dataSetTypeInvalid, "\(element.position): expected \(expected), found \"\(text)\"", path: path,
            value: text,
            hint: "write \(expected)")
    }
}
