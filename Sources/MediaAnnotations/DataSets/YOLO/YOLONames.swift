import MediaCore

/// What a YOLO set says of itself: the names of its classes, and the keypoints of a thing.
///
/// They stand in `data.yaml` (`names`, `nc`, `kpt_shape`) or, a name per line, in `classes.txt` or `obj.names`.
struct YOLONames: Sendable {
    var labels = ClassLabels()
    /// How many keypoints a thing has, and how many numbers each of them.
    var keypoints: (count: Int, numbersPerPoint: Int)?
    var report = ValidationReport()

    /// Files whose rows are names, not boxes.
    static let nameFiles: Set<String> = ["classes.txt", "obj.names", "names.txt", "labels.txt"]

    static func isNameFile(_ path: String) -> Bool { nameFiles.contains(path.splitPath.name) }

    /// Whether a text file of a set holds no rows: names, or words for people.
    static func hasNoRows(_ path: String) -> Bool {
        let name = path.splitPath.name.lowercased()
        return isNameFile(path) || name.hasPrefix("readme") || name.hasPrefix("license") || name == "requirements.txt"
    }

    /// No names.
    init() {}

    /// Reads the file of names.
    ///
    /// - Throws: what opening it throws. What breaks a rule in it is a finding.
    init(_ path: String, limits: Limits) throws(MediaError) {
        self.init(
            try FileContents.open(path, limits: limits), isYAML: ["yaml", "yml"].contains(path.fileEnding),
            limits: limits)
    }

    /// Reads a file of names that was opened.
    init(_ contents: FileContents, isYAML: Bool, limits: Limits) {
        guard contents.byteCount <= limits.headerBytes else {
            report.add(
                .error(
                    .limitExceeded, "the file of names has \(contents.byteCount) bytes",
                    hint: "raise Limits.headerBytes when the file can be trusted"))
            return
        }
        let bytes = contents.withBytes { bytes in unsafe bytes.withUnsafeBytes { unsafe [UInt8]($0) } }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            report.add(.error(.malformed, "the file is not UTF-8 text", hint: "save it as UTF-8"))
            return
        }
        if isYAML { readYAML(text) } else { readLines(text) }
    }

    private mutating func readLines(_ text: String) {
        var names = text.split(omittingEmptySubsequences: false) { $0.isNewline }.map { String($0.trimmedSpace) }
        while names.last?.isEmpty == true { names.removeLast() }
        for (index, name) in names.enumerated() where name.isEmpty {
            report.add(
                .error(
                    .dataSetTypeInvalid, "class \(index) has no name", path: "line \(index + 1)",
                    hint: "write a name per line"))
        }
        setLabels(names.enumerated().map { ($0.offset, $0.element) }.filter { !$0.1.isEmpty }, path: "")
    }

    private mutating func readYAML(_ text: String) {
        var yaml = YAMLSubset(text)
        do throws(MediaError) {
            let document = try yaml.read(["names", "nc", "kpt_shape"])
            if let names = document["names"] { setLabels(self.names(names), path: "names") }
            if let count = document["nc"] { check(count) }
            if let shape = document["kpt_shape"] { setKeypoints(shape) }
        } catch {
            report.add(error)
        }
    }

    private mutating func names(_ value: YAMLSubset.Value) -> [(Int, String)] {
        switch value {
        case .list(let names): return names.enumerated().map { ($0.offset, $0.element) }
        case .map(let names):
            return names.compactMap { key, name in
                if let id = Int(key) { return (id, name) }
                report.add(
                    .error(
                        .dataSetTypeInvalid, "the class \"\(key)\" is no whole number", path: "names", value: key,
                        hint: "write 0: \(name)"))
                return nil
            }
        case .text(let text):
            report.add(
                .error(
                    .dataSetTypeInvalid, "expected a list of names, found text", path: "names", value: text,
                    hint: "write names: [\(text)]"))
            return []
        }
    }

    private mutating func setLabels(_ names: [(Int, String)], path: String) {
        var entries: [ImageClass] = []
        var ids: Set<Int> = []
        for (id, name) in names {
            if id < 0 || !ids.insert(id).inserted {
                report.add(
                    .error(
                        id < 0 ? .valueOutOfRange : .labelsRepeated,
                        id < 0 ? "the class \(id) is below 0" : "class \(id) has two names", path: path, value: name,
                        hint: "number the classes from 0"))
            } else {
                entries.append(ImageClass(id: id, name: name))
            }
        }
        labels = (try? ClassLabels(entries)) ?? ClassLabels()
    }

    private mutating func check(_ count: YAMLSubset.Value) {
        guard case .text(let text) = count, let number = Int(text), number >= 0 else {
            report.add(
                .error(.dataSetTypeInvalid, "the number of classes is no whole number", path: "nc", hint: "write nc: 3")
            )
            return
        }
        guard number != labels.entries.count, !labels.isEmpty else { return }
        report.add(
            .error(
                .dataSetLabelsMissing, "nc says \(number) classes, names has \(labels.entries.count)", path: "nc",
                value: text, hint: "make both the same"))
    }

    private mutating func setKeypoints(_ shape: YAMLSubset.Value) {
        guard case .list(let texts) = shape, texts.count == 2, let count = Int(texts[0]), let numbers = Int(texts[1]),
            (1...4096).contains(count), (2...3).contains(numbers)
        else {
            report.add(
                .error(
                    .dataSetTypeInvalid, "kpt_shape is not the number of keypoints and 2 or 3", path: "kpt_shape",
                    hint: "write kpt_shape: [17, 3]"))
            return
        }
        keypoints = (count, numbers)
    }
}

extension StringProtocol {
    /// The text without spaces and tabs at its ends.
    var trimmedSpace: SubSequence {
        var text = self[...]
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return text.drop { $0 == " " || $0 == "\t" }
    }
}
