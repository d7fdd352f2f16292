public import MediaCore

extension MediaError.Code {
    /// The number of a class is not an integer.
    public static let labelsKeyInvalid: Self = "labels.key-invalid"
    /// The name of a class is not text.
    public static let labelsNotText: Self = "labels.not-text"
}

extension ClassLabels {
    /// The classes in an object of names by number, `{"0": "cat"}`.
    ///
    /// - Throws: `labels.key-invalid`, `labels.not-text`, `labels.repeated`; the error carries a report of all findings.
    public init(json: JSONValue, path: String = "class_labels") throws(MediaError) {
        let text = try JSONWriter.bytes(json, options: .init(notFinite: .bareWords))
        var report = ValidationReport()
        var options = JSONReader.Options()
        options.acceptsNotFinite = true
        let labels = try unsafe JSONPullReader.read(text.span.bytes, options: options) { (reader) throws(MediaError) in
            try reader.classLabels(path: path, into: &report)
        }
        try report.throwIfInvalid()
        self = labels
    }

    /// The classes in a file.
    ///
    /// JSON in one of three shapes, `{"0": "cat", "7": "dog"}`, `["cat", "dog"]` (numbers from 0), `[{"id": 7, "name": "dog"}]`;
    /// or text with a name per line, numbers from 0. JSON begins with `{` or `[`.
    /// - Throws: `labels.key-invalid`, `labels.not-text`, `labels.repeated`, with a report of all findings; `format.malformed`;
    ///   `file.not-found`, `file.unreadable`.
    public static func open(_ path: String, limits: Limits = .default) throws(MediaError) -> ClassLabels {
        do throws(MediaError) {
            return try ClassLabels(contents: try FileContents.open(path, limits: limits), limits: limits)
        } catch {
            throw error.inFile(path)
        }
    }

    /// The classes in the bytes of a file; see ``open(_:limits:)``.
    public init(contents: FileContents, limits: Limits = .default) throws(MediaError) {
        self = try contents.withBytes { (bytes) throws(MediaError) in
            let first = bytes.firstByte { !$0.isSpace }
            guard first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else {
                return try ClassLabels(lines: bytes)
            }
            var report = ValidationReport()
            let labels = try JSONPullReader.read(bytes, limits: limits) { (reader) throws(MediaError) in
                try reader.classLabels(path: "class_labels", into: &report)
            }
            try report.throwIfInvalid()
            return labels
        }
    }

    /// A name per line; empty lines at the end do not count.
    private init(lines bytes: RawSpan) throws(MediaError) {
        let buffer = unsafe bytes.withUnsafeBytes { unsafe [UInt8]($0) }
        guard String(validating: buffer, as: UTF8.self) != nil else {
            throw MediaError(
                .malformed, "the labels are not UTF-8", hint: "give JSON, or text with a name per line",
                at: .init(field: "class_labels"))
        }
        // By bytes: to a string, the two characters that end a line of Windows are one.
        var names = buffer.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { line in
            String(decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line, as: UTF8.self)
        }
        while names.last?.isEmpty == true { names.removeLast() }
        try self.init(names.enumerated().map { ImageClass(id: $0.offset, name: $0.element) })
    }
}

extension JSONPullReader {
    /// Takes the labels of classes in any of their shapes.
    mutating func classLabels(path: String, into report: inout ValidationReport) throws(MediaError) -> ClassLabels {
        var entries: [ImageClass] = []
        switch kind {
        case .object:
            try beginObject()
            while try nextName() != nil {
                let key = nameText
                let place = path + key.asSubscript
                guard let id = Int(key), String(id) == key else {
                    report.add(
                        .error(
                            .labelsKeyInvalid, "\(JSONValue(key).summary) is not the number of a class", path: place,
                            value: JSONValue(key).summary,
                            hint: "write {\"0\": \"name\"}"))
                    try skip()
                    continue
                }
                if let name = try label(place, &report) { entries.append(ImageClass(id: id, name: name)) }
            }
        case .array:
            try beginArray()
            var index = 0
            while try nextElement() {
                let place = "\(path)[\(index)]"
                if kind == .object {
                    if let entry = try entry(place, &report) { entries.append(entry) }
                } else if let name = try label(place, &report) {
                    entries.append(ImageClass(id: index, name: name))
                }
                index += 1
            }
        default:
            let value = try value().summary
            report.add(
                .error(
                    .labelsNotText, "found \(value), expected names of classes", path: path, value: value,
                    hint: "write {\"0\": \"name\"} or [\"name\"]"))
        }
        do throws(MediaError) {
            return try ClassLabels(entries)
        } catch {
            if let found = error.report { report.add(found) }
            return ClassLabels()
        }
    }

    private mutating func label(_ path: String, _ report: inout ValidationReport) throws(MediaError) -> String? {
        guard kind != .string else { return try string() }
        let value = try value().summary
        report.add(
            .error(
                .labelsNotText, "found \(value), expected the name of a class", path: path, value: value,
                hint: "put names in quotes"))
        return nil
    }

    /// `{"id": 7, "name": "dog"}`; other members are not looked at.
    private mutating func entry(_ path: String, _ report: inout ValidationReport) throws(MediaError) -> ImageClass? {
        let (idName, nameName) = (JSONName("id"), JSONName("name"))
        var id: Int64?
        var text: String?
        var isWrong = false
        try beginObject()
        while let name = try nextName() {
            if name == idName {
                let value = try value()
                if case .integer(let number) = value {
                    id = number
                } else {
                    isWrong = true
                    report.add(
                        .error(
                            .labelsKeyInvalid, "found \(value.summary), expected an integer", path: path + ".id",
                            value: value.summary, hint: "write {\"id\": 0, \"name\": \"cat\"}"))
                }
            } else if name == nameName {
                text = try label(path + ".name", &report)
                isWrong = isWrong || text == nil
            } else {
                try skip()
            }
        }
        guard let id, let text else {
            if !isWrong {
                report.add(
                    .error(
                        id == nil ? .labelsKeyInvalid : .labelsNotText, "the class has no \(id == nil ? "id" : "name")",
                        path: path, hint: "write {\"id\": 0, \"name\": \"cat\"}"))
            }
            return nil
        }
        return ImageClass(id: Int(id), name: text)
    }
}

extension RawSpan {
    fileprivate func firstByte(where accepts: (UInt8) -> Bool) -> UInt8? {
        for index in 0..<byteCount {
            let byte = unsafe unsafeLoad(fromByteOffset: index, as: UInt8.self)
            if accepts(byte) { return byte }
        }
        return nil
    }
}

extension UInt8 {
    fileprivate var isSpace: Bool { self == 0x20 || self == 0x09 || self == 0x0A || self == 0x0D }
}
