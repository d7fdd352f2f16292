import MediaAnnotations
import Testing

@Suite("Choosing annotations")
struct AnnotationFilterTests {
    @Test("conditions are read and hold as written")
    func conditions() throws {
        let box = try BoundingBox(minX: 0, maxX: 1, minY: 0, maxY: 1, scores: ["acc": 0.5])
        for (text, holds) in [
            ("acc>=0.5", true), ("acc > 0.5", false), ("acc<=.5", true), ("acc<0.5", false), (" acc == 5e-1 ", true),
            ("acc!=0.5", false), ("loss<1", false), ("loss!=1", false),
        ] { #expect(try ScoreCondition(text).holds(for: box) == holds, "\(text)") }
        for text in ["", "acc", "acc>", ">=1", "acc=1", "acc=>1", "acc>=x", "acc>=1 2", "acc>=nan", "a<1<2"] {
            let error = #expect(throws: MediaError.self) { try ScoreCondition(text) }
            #expect(error?.code == .argumentInvalid)
        }
    }

    @Test("groups, classes and scores choose one after the other, and what is hidden is counted")
    func filter() throws {
        func box(_ id: Int?, _ score: Double) throws -> BoundingBox {
            try BoundingBox(minX: 0, maxX: 1, minY: 0, maxY: 1, classID: id, scores: ["acc": score])
        }
        let labels = try ClassLabels([ImageClass(id: 1, name: "car")])
        let groups: AnnotationGroups<BoundingBoxGroup> = try [
            "pred": BoundingBoxGroup(
                [box(1, 0.9), box(1, 0.1), box(2, 0.9), box(nil, 0.9), box(3, 0.8)], labels: labels),
            "truth": BoundingBoxGroup([box(1, 1)]),
        ]
        let picture = try Tensor([UInt8](repeating: 90, count: 40 * 30), shape: [30, 40]).picture()
        func report(_ change: (inout AnnotationFilter) throws -> Void) throws -> OverlayReport {
            var filter = AnnotationFilter()
            try change(&filter)
            return try AnnotationOverlay(picture, boxes: groups, filter: filter).report
        }
        #expect(try report { _ in }.hidden == 0)
        let chosen = try report {
            $0.groups = ["pred", "nowhere"]
            $0.classes = ["car", "3", "class_9"]
            $0.scores = [try ScoreCondition("acc>=0.5")]
        }
        #expect(chosen.drawn == 2)
        #expect((chosen.hiddenByGroup, chosen.hiddenByClass, chosen.hiddenByScore) == (1, 2, 1))
        #expect(chosen.findings.map(\.value).prefix(2) == ["nowhere", "class_9"])
        let rest = try report {
            $0.hiddenGroups = ["truth"]
            $0.hiddenClasses = ["car"]
        }
        #expect((rest.drawn, rest.hiddenByGroup, rest.hiddenByClass) == (3, 1, 2))
    }
}
