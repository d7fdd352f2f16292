import MediaCore
import MediaDrawing

/// The rows of one YOLO file: a class and numbers from 0 to 1, a thing per row.
///
/// Format: <https://docs.ultralytics.com/datasets/>, detection, segmentation, oriented boxes and pose; a score behind a box is
/// what predictions have.
struct YOLODocument {
    private let options: DataSetOptions
    private let names: YOLONames
    private var image: DataSetImage
    private var line = 0
    /// The rows that were read, with their lines.
    private var rows: [ArraySlice<UInt8>: Int] = [:]

    /// Reads a whole file. What breaks a rule is a finding.
    static func read(
        _ contents: FileContents, into image: DataSetImage, names: YOLONames, options: DataSetOptions
    ) -> DataSetImage {
        var document = YOLODocument(options: options, names: names, image: image)
        let bytes = contents.withBytes { bytes in unsafe bytes.withUnsafeBytes { unsafe [UInt8]($0) } }
        var start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        while start < bytes.count {
            let end = bytes[start...].firstIndex { $0 == 0x0A || $0 == 0x0D } ?? bytes.count
            document.line += 1
            document.readRow(bytes[start..<end])
            // A carriage return and a line feed are one line end.
            let isPair = end + 1 < bytes.count && bytes[end] == 0x0D && bytes[end + 1] == 0x0A
            start = end + (isPair ? 2 : 1)
        }
        return document.image
    }

    private init(options: DataSetOptions, names: YOLONames, image: DataSetImage) {
        self.options = options
        self.names = names
        self.image = image
    }

    /// A number with the column where it stands, from 1.
    private struct Word {
        var text: String
        var column: Int
    }

    private func path(_ word: Word) -> String { "line \(line), column \(word.column)" }

    // MARK: Rows

    private mutating func readRow(_ row: ArraySlice<UInt8>) {
        let words = Self.words(of: row)
        guard let first = words.first else { return }
        var findings = EntryFindings()
        let annotation = annotation(first, words.dropFirst(), &findings)
        noteRepetition(row, &findings)
        image.report.add(findings)
        if let annotation, !findings.hasErrors { image.annotations.append(annotation) } else { image.refusedCount += 1 }
    }

    private static func words(of row: ArraySlice<UInt8>) -> [Word] {
        row.split { $0 == 0x20 || $0 == 0x09 }.map {
            Word(text: String(decoding: $0, as: UTF8.self), column: $0.startIndex - row.startIndex + 1)
        }
    }

    private mutating func noteRepetition(_ row: ArraySlice<UInt8>, _ findings: inout EntryFindings) {
        guard let earlier = rows.updateValue(line, forKey: row) else { return }
        findings.warning(
            .dataSetAnnotationRepeated, "the row is that of line \(earlier) again", path: "line \(line)",
            hint: "leave one of them out")
    }

    private func annotation(
        _ first: Word, _ rest: ArraySlice<Word>, _ findings: inout EntryFindings
    ) -> DataSetAnnotation? {
        guard let id = classID(first, &findings) else { return nil }
        var numbers: [Double] = []
        for word in rest {
            // Swift reads hexadecimal numbers too, which no program writes here.
            guard let number = Double(word.text), !word.text.utf8.contains(where: { $0 | 0x20 == UInt8(ascii: "x") })
            else {
                findings.error(
                    .dataSetTypeInvalid, "expected a number", path: path(word), value: word.text,
                    hint: "write numbers with spaces between them")
                return nil
            }
            guard AnnotationBounds.fractions.isSound(number, path: path(word), &findings) else { return nil }
            numbers.append(number)
        }
        var annotation = DataSetAnnotation(place: "line \(line)", classID: id, domain: .percentage)
        let columns = rest.map(\.column)
        return fill(&annotation, numbers, columns, &findings) ? annotation : nil
    }

    private func classID(_ word: Word, _ findings: inout EntryFindings) -> Int? {
        // Some programs write all numbers as floats.
        guard let id = Int(word.text) ?? Double(word.text).flatMap({ Int(exactly: $0) }), id >= 0 else {
            findings.error(
                .dataSetTypeInvalid, "the class is no whole number from 0", path: path(word), value: word.text,
                hint: "write the number of the class first")
            return nil
        }
        if !names.labels.isEmpty, names.labels[id] == nil {
            findings.error(
                .dataSetReferenceUnknown, "class \(id) has no name among the \(names.labels.entries.count) of the set",
                path: path(word), value: word.text, hint: "add its name, or number the classes from 0")
            return nil
        }
        return id
    }

    // MARK: Numbers

    private func fill(
        _ annotation: inout DataSetAnnotation, _ numbers: [Double], _ columns: [Int], _ findings: inout EntryFindings
    ) -> Bool {
        switch rowForm(numbers.count) {
        case .boxes?:
            guard let box = box(numbers, columns, &findings) else { return false }
            annotation.box = box
            if numbers.count > 4 {
                annotation.score = numbers[4]
                checkScore(numbers[4], columns[4], &findings)
            }
        case .polygons?, .orientedBoxes?:
            if options.yoloRows == .orientedBoxes { annotation.flags.insert(.oriented) }
            let points = AnnotationBounds.fractions.corners(numbers, path: "line \(line)", &findings) {
                "line \(line), column \(columns[$0])"
            }
            guard let points else { return false }
            annotation.shape = .polygons([points])
        case .keypoints(_, let size)?:
            guard let box = box(numbers, columns, &findings) else { return false }
            annotation.box = box
            guard let points = keypoints(numbers, columns, size, &findings) else { return false }
            annotation.keypoints = points
        default:
            findings.error(
                .dataSetShapeInvalid, "\(numbers.count) numbers follow the class, \(expectation)", path: "line \(line)",
                value: "\(numbers.count)", hint: "write a box as class, x, y, width, height")
            return false
        }
        return true
    }

    /// What so many numbers are; `nil` when they are nothing.
    private func rowForm(_ count: Int) -> DataSetOptions.YOLORows? {
        switch options.yoloRows {
        case .boxes: return (4...5).contains(count) ? .boxes : nil
        case .polygons: return count >= 6 && count % 2 == 0 ? .polygons : nil
        case .orientedBoxes: return count == 8 ? .orientedBoxes : nil
        case .keypoints(let points, let size):
            guard points > 0, points <= 4096, (2...3).contains(size) else { return nil }
            return count == 4 + points * size ? .keypoints(count: points, numbersPerPoint: size) : nil
        case .automatic:
            if let (points, size) = names.keypoints {
                return count == 4 + points * size ? .keypoints(count: points, numbersPerPoint: size) : nil
            }
            if (4...5).contains(count) { return .boxes }
            return count >= 6 && count % 2 == 0 ? .polygons : nil
        }
    }

    private var expectation: String {
        switch options.yoloRows {
        case .boxes: "a box has four, with its score five"
        case .polygons: "a polygon has two for each of three or more points"
        case .orientedBoxes: "a turned box has eight"
        case .keypoints(let points, let size): "a box and \(points) keypoints of \(size) numbers were announced"
        case .automatic:
            if let (points, size) = names.keypoints {
                "kpt_shape announces a box and \(points) keypoints of \(size) numbers"
            } else {
                "a box has four or five, a polygon six or more and an even number"
            }
        }
    }

    private func box(_ numbers: [Double], _ columns: [Int], _ findings: inout EntryFindings) -> Rectangle? {
        let bounds = AnnotationBounds.fractions
        for (index, name) in [(2, "width"), (3, "height")] {
            guard bounds.isSize(numbers[index], name, path: "line \(line), column \(columns[index])", &findings) else {
                return nil
            }
        }
        let (x, y, width, height) = (numbers[0], numbers[1], numbers[2], numbers[3])
        let box = Rectangle(minX: x - width / 2, minY: y - height / 2, maxX: x + width / 2, maxY: y + height / 2)
        return bounds.checked(box, path: "line \(line), column \(columns[0])", &findings)
    }

    private func checkScore(_ score: Double, _ column: Int, _ findings: inout EntryFindings) {
        guard !(0...1).contains(score) else { return }
        findings.warning(
            .valueOutOfRange, "the score is outside 0…1", path: "line \(line), column \(column)", value: "\(score)",
            hint: "write five numbers when it is no score")
    }

    private func keypoints(
        _ numbers: [Double], _ columns: [Int], _ size: Int, _ findings: inout EntryFindings
    ) -> [KeypointSet.Keypoint]? {
        var points: [KeypointSet.Keypoint] = []
        for start in stride(from: 4, to: numbers.count, by: size) {
            let point = Point(x: numbers[start], y: numbers[start + 1])
            // With two numbers, a point in the corner is one that was not marked.
            var visibility: KeypointSet.Visibility? = point == .zero ? .unlabeled : .visible
            if size == 3 { visibility = Int(exactly: numbers[start + 2]).flatMap { .init(rawValue: $0) } }
            guard let visibility else {
                findings.error(
                    .dataSetTypeInvalid, "expected a visibility: 0, 1 or 2",
                    path: "line \(line), column \(columns[start + 2])", value: "\(numbers[start + 2])",
                    hint: "write 0 for a point that is not marked, 1 for a hidden one, 2 for one to be seen")
                return nil
            }
            points.append(KeypointSet.Keypoint(point, visibility))
        }
        let seen = points.filter { $0.visibility != .unlabeled }.map(\.point)
        AnnotationBounds.fractions.check(seen, path: "line \(line)", &findings) { _ in "line \(line)" }
        return points
    }
}
