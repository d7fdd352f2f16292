import MediaAnnotations
import TestSupport
import Testing

@Suite("Validation of boxes")
struct BoxValidationTests {
    @Test("all findings come with path, value and rule; warnings are errors under strict")
    func findings() throws {
        let size = try ImageSize(width: 100, height: 50)
        let boxes = try [
            BoundingBox(minX: 0, maxX: 100, minY: 0, maxY: 50, domain: .pixel, classID: 1),
            BoundingBox(minX: -3, maxX: 101, minY: 0, maxY: 50, domain: .pixel, classID: 1),
            BoundingBox(minX: 0.101, maxX: 0.104, minY: 0, maxY: 1, classID: 9),
            BoundingBox(minX: 0, maxX: 1, minY: 0, maxY: 1),
            BoundingBox(minX: 0, maxX: 1, minY: 0, maxY: 1),
            BoundingBox(middle: Point(x: 99, y: 10), width: 10, height: 4, domain: .pixel, classID: 1),
        ]
        let labels = try ClassLabels([ImageClass(id: 1, name: "cat")])
        let group = BoundingBoxGroup(boxes, labels: labels)
        let report = BoxValidation(image: size).report(on: group, named: "pred")
        #expect(
            report.findings.map { "\($0.severity) \($0.code) \($0.path)" } == [
                #"error box.outside boxes["pred"][1].position.minX"#,
                #"error box.outside boxes["pred"][1].position.maxX"#,
                #"warning box.under-pixel boxes["pred"][2].position"#,
                #"warning box.class-unknown boxes["pred"][2].class_id"#,
                #"warning box.class-missing boxes["pred"][3].class_id"#,
                #"warning box.class-missing boxes["pred"][4].class_id"#, #"warning box.repeated boxes["pred"][4]"#,
                #"error box.outside boxes["pred"][5].position.width"#,
            ])
        #expect(report.findings[0].hint == "pass clip: true to cut boxes at the image")
        let strict = BoxValidation(image: size, strictness: .strict).report(on: group)
        #expect(strict.counts == [.error: 8])
        var needing = BoxValidation()
        needing.requiresClasses = true
        #expect(needing.report(on: group).counts == [.error: 2, .warning: 2])
        #expect(BoundingBox.validate([boxes[0]], in: size).count == 0)
    }

    @Test("of a million boxes, equal ones are found")
    func million() throws {
        var boxes = try (0..<1_000_000).map { index in
            let x = Double(index % 1000) / 1001
            let y = Double(index / 1000) / 1001
            return try BoundingBox(minX: x, maxX: x + 0.0005, minY: y, maxY: y + 0.0005, classID: 0)
        }
        boxes.append(boxes[123_456])
        let report = BoxValidation().report(on: BoundingBoxGroup(boxes))
        #expect(report.findings.map(\.message) == ["the box is the same as that at 123456"])
    }
}

@Suite("Class labels from files")
struct ClassLabelsReadingTests {
    private func labels(_ text: String) throws -> [String] {
        try ClassLabels(contents: FileContents(bytes: Array(text.utf8), name: "labels")).entries.map {
            "\($0.id) \($0.name)"
        }
    }

    @Test("all shapes are read")
    func shapes() throws {
        #expect(try labels(#" {"7":"cat","0":"dog"}"#) == ["7 cat", "0 dog"])
        #expect(try labels(#"["cat","dog"]"#) == ["0 cat", "1 dog"])
        #expect(
            try labels(#"[{"id":7,"name":"cat","supercategory":"x"},{"name":"dog","id":0}]"#) == ["7 cat", "0 dog"])
        #expect(try labels("cat\r\ndog house\r\n\r\n") == ["0 cat", "1 dog house"])
        #expect(try labels("") == [])
    }

    @Test("names that are no text and numbers that are none are findings, all of them")
    func findings() throws {
        func paths(_ text: String) throws -> [String] {
            let error = try #require(throws: MediaError.self) { try labels(text) }
            return error.report?.findings.map { "\($0.code) \($0.path)" } ?? ["\(error.code)"]
        }
        #expect(
            try paths(#"{"a":"x","1":null,"01":"y","2":["z"]}"#) == [
                #"labels.key-invalid class_labels["a"]"#, #"labels.not-text class_labels["1"]"#,
                #"labels.key-invalid class_labels["01"]"#, #"labels.not-text class_labels["2"]"#,
            ])
        #expect(try paths(#"["a",7]"#) == ["labels.not-text class_labels[1]"])
        #expect(
            try paths(#"[{"id":1.5,"name":"a"},{"name":"b"},{"id":1,"name":2},{"id":1}]"#) == [
                "labels.key-invalid class_labels[0].id", "labels.key-invalid class_labels[1]",
                "labels.not-text class_labels[2].name", "labels.not-text class_labels[3]",
            ])
        #expect(try paths(#"[{"id":1,"name":"a"},{"id":1,"name":"b"}]"#) == ["labels.repeated class_labels[1]"])
        #expect(try paths(#"{"1":"a","#) == ["format.malformed"])
        let error = #expect(throws: MediaError.self) { try ClassLabels(json: ["0": 1, "1": .number(.nan)]) }
        #expect(error?.report?.count == 2)
    }
}
