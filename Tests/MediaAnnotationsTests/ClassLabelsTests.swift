import MediaAnnotations
import Testing

@Suite("Class labels")
struct ClassLabelsTests {
    @Test("names are found by number and written in the order in which they were given")
    func names() throws {
        let labels = try ClassLabels([ImageClass(id: 7, name: "cat"), ImageClass(id: 0, name: "dog")])
        #expect(labels[7] == "cat" && labels[1] == nil && labels.name(of: 1) == "class_1")
        #expect(try JSONWriter.string(labels.json) == #"{"7":"cat","0":"dog"}"#)
        #expect(ClassLabels.defaults(for: [2, 0, 2]).entries.map(\.name) == ["class_2", "class_0"])
    }

    @Test("a number with two names is refused, and all of them are named")
    func repeated() throws {
        let error = try #require(throws: MediaError.self) {
            try ClassLabels([1, 1, 2, 2].map { ImageClass(id: $0, name: "x\($0)") })
        }
        #expect(error.code == .labelsRepeated)
        #expect(error.report?.findings.map(\.path) == ["class_labels[1]", "class_labels[2]"])
    }

    @Test("groups keep their order and replace by name")
    func groups() {
        var groups: AnnotationGroups<Int> = ["pred": 1, "truth": 2]
        groups["pred"] = 3
        groups["other"] = 4
        #expect(groups.names == ["pred", "truth", "other"] && groups["pred"] == 3)
        groups["truth"] = nil
        #expect(groups.entries.map(\.group) == [3, 4])
    }
}
