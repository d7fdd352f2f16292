import MediaAnnotations
import TestSupport
import Testing

@Suite("Documents of boxes")
struct BoxDocumentTests {
    private func read(_ text: String, _ options: BoxReadingOptions = .init()) throws -> BoxDocument {
        try BoxDocument(FileContents(bytes: Array(text.utf8), name: "boxes.json"), options: options)
    }

    private static let edges = #""position":{"minX":0.1,"maxX":0.5,"minY":0.2,"maxY":0.75}"#

    @Test("groups, a group and a list are read")
    func shapes() throws {
        let list = "[{\(Self.edges),\"class_id\":3}]"
        #expect(try read(list).groups.names == ["boxes"])
        #expect(try read("{\"box_data\":\(list)}").groups.names == ["boxes"])
        #expect(try read("{\"note\":1,\"box_data\":\(list)}").groups.names == ["boxes"])
        #expect(try read("{\"note\":{\"by\":{}},\"box_data\":\(list)}").groups.names == ["boxes"])
        let named = try read(" {\"pred\": {\"box_data\":\(list)}, \"truth\": \(list)} ")
        #expect(named.groups.names == ["pred", "truth"])
        #expect(named.groups["truth"]?.boxes == named.groups["pred"]?.boxes)
        #expect(try read("{}").groups.isEmpty)
        #expect(try read(list).groups["boxes"]?.boxes.first?.classID == 3)
    }

    @Test("every member of a box is read, whatever the order")
    func members() throws {
        let text = #"""
            {"box_data":[{"scores":{"acc":1,"loss":-2.5e-3},"domain":"pixel","box_caption":"é \"x\"","class_id":-3,
            "position":{"height":2,"middle":[10.5,4],"width":3.0}}],"class_labels":{"7":"cat","-3":"dog"}}
            """#
        let group = try #require(try read(text).groups["boxes"])
        let box = try #require(group.boxes.first)
        #expect(box.position == .middle(x: 10.5, y: 4, width: 3, height: 2) && box.domain == .pixel)
        #expect(box.classID == -3 && box.caption == "é \"x\"")
        #expect(box.scores == ["acc": 1, "loss": -0.0025])
        #expect(group.labels?.entries.map(\.name) == ["cat", "dog"])
    }

    @Test(
        "what is no box is a finding with its path, and the other boxes are read",
        arguments: [
            ("3", "boxes.type", ""), ("{}", "box.position-missing", ".position"),
            (#"{"position":{}}"#, "box.position-missing", ".position"),
            (#"{"position":{"minX":0,"maxX":1,"minY":0}}"#, "box.position-missing", ".position"),
            (#"{"position":{"middle":[0.5,0.5],"height":1}}"#, "box.position-missing", ".position"),
            (#"{"position":[0,0,1,1]}"#, "box.type-invalid", ".position"),
            (#"{"position":{"minX":"0","maxX":1,"minY":0,"maxY":1}}"#, "box.type-invalid", ".position.minX"),
            (#"{"position":{"minX":0,"maxX":null,"minY":0,"maxY":1}}"#, "box.type-invalid", ".position.maxX"),
            (
                #"{"position":{"middle":[0.5,0.5,0.5],"width":0.1,"height":0.1}}"#, "box.type-invalid",
                ".position.middle"
            ),
            (#"{"position":{"middle":["a",0.5],"width":0.1,"height":0.1}}"#, "box.type-invalid", ".position.middle"),
            (#"{"position":{"minX":NaN,"maxX":1,"minY":0,"maxY":1}}"#, "value.not-finite", ".position.minX"),
            (#"{"position":{"minX":0.9,"maxX":0.1,"minY":0,"maxY":1}}"#, "box.inverted", ".position.maxX"),
            (#"{"position":{"minX":0,"maxX":640,"minY":0,"maxY":1}}"#, "box.outside", ".position.maxX"),
            ("{\(Self.edges),\"class_id\":2.5}", "box.type-invalid", ".class_id"),
            ("{\(Self.edges),\"class_id\":\"1\"}", "box.type-invalid", ".class_id"),
            ("{\(Self.edges),\"class_id\":true}", "box.type-invalid", ".class_id"),
            ("{\(Self.edges),\"box_caption\":3}", "box.type-invalid", ".box_caption"),
            ("{\(Self.edges),\"scores\":[1]}", "box.type-invalid", ".scores"),
            ("{\(Self.edges),\"scores\":{\"a\":\"x\"}}", "box.type-invalid", ".scores[\"a\"]"),
            ("{\(Self.edges),\"scores\":{\"a b\":-Infinity}}", "value.not-finite", ".scores[\"a b\"]"),
            ("{\(Self.edges),\"domain\":\"pixels\"}", "box.domain-unknown", ".domain"),
            ("{\(Self.edges),\"domain\":1}", "box.type-invalid", ".domain"),
        ])
    func findings(box: String, code: String, path: String) throws {
        let document = try read("{\"pred\":{\"box_data\":[{\(Self.edges)},\(box),{\(Self.edges)}]}}")
        let finding = try #require(document.report.findings.first)
        #expect(document.report.count == 1 && finding.severity == .error)
        #expect(finding.code.rawValue == (code == "boxes.type" ? "box.type-invalid" : code))
        #expect(finding.path == "boxes[\"pred\"][1]" + path)
        #expect(document.groups["pred"]?.boxes.count == 2)
        // Places in later findings are those of the file.
        let later = BoxValidation(strictness: .strict).report(on: document.groups)
        #expect(later.findings.map(\.path).contains("boxes[\"pred\"][2].class_id"))
    }

    @Test("groups and labels of the wrong kind are findings")
    func groupFindings() throws {
        func paths(_ text: String) throws -> [String] { try read(text).report.findings.map { "\($0.code) \($0.path)" } }
        #expect(try paths(#"{"p":{"class_labels":{}}}"#) == [#"boxes.missing boxes["p"].box_data"#])
        #expect(try paths(#"{"p":{"box_data":{"a":1}}}"#) == [#"box.type-invalid boxes["p"].box_data"#])
        #expect(try paths("7") == ["box.type-invalid boxes"])
        #expect(
            try paths(#"{"box_data":[],"class_labels":{"x":"a","1":2,"2":"b"}}"#) == [
                #"labels.key-invalid boxes.class_labels["x"]"#, #"labels.not-text boxes.class_labels["1"]"#,
            ])
        #expect(try paths(#"{"box_data":[],"more":NaN}"#) == ["value.not-finite boxes"])
    }

    @Test("what is not JSON is refused at its place; a repeated member too")
    func malformed() {
        for (text, offset) in [("[{]", 2), ("[{\(Self.edges)}", 60), ("[{\"class_id\":1,\"class_id\":2}]", 1)] {
            let error = #expect(throws: MediaError.self) { try read(text) }
            #expect(error?.code == .malformed)
            #expect(error?.location.offset == offset)
        }
    }

    @Test("boxes that leave the picture are cut when that is asked, and those outside vanish")
    func clips() throws {
        var options = BoxReadingOptions()
        options.clips = true
        options.image = try ImageSize(width: 8, height: 4)
        let text = """
            [{"position":{"minX":0.5,"maxX":1.5,"minY":-0.25,"maxY":0.5}},{"position":{"minX":1.5,"maxX":2,"minY":0,"maxY":1}},
            {"position":{"minX":4,"maxX":12,"minY":1,"maxY":2},"domain":"pixel"},{\(Self.edges)}]
            """
        let document = try read(text, options)
        #expect(document.report.count == 0)
        #expect(document.clipping.cut == 2 && document.clipping.vanished == 1)
        let boxes = try #require(document.groups["boxes"]).boxes
        #expect(boxes[0].position == .minMax(minX: 0.5, maxX: 1, minY: 0, maxY: 0.5))
        #expect(boxes[1].position == .minMax(minX: 4, maxX: 8, minY: 1, maxY: 2))
        #expect(boxes.count == 3)
    }

    @Test("a million bad boxes are counted, the first thousand are named")
    func manyFindings() throws {
        let text = "[" + Array(repeating: "0", count: 1_000_000).joined(separator: ",") + "]"
        let report = try read(text).report
        #expect(report.count == 1_000_000 && report.findings.count == 1000)
    }

    @Test("ten thousand damaged documents are read or refused; what is sound is written and read again the same")
    func mutations() throws {
        let seed = Array(
            #"""
            {"pred":{"box_data":[{"position":{"minX":0.1,"maxX":0.5,"minY":0.2,"maxY":0.75},"class_id":3,"domain":"percentage"},
            {"position":{"middle":[10.5,4],"width":3.0,"height":2},"domain":"pixel","class_id":1,"box_caption":"é","scores":
            {"acc":0.5,"b":1e-3},"more":[1,{"a":null}]}],"class_labels":{"7":"cat"}}}
            """#.utf8)
        var random = SeededGenerator(seed: 77)
        var sound = 0
        for _ in 0..<10_000 {
            let bytes = mutated(seed, using: &random)
            do throws(MediaError) {
                let document = try BoxDocument(FileContents(bytes: bytes, name: "x"))
                guard !document.report.hasErrors else { continue }
                for entry in document.groups.entries {
                    let sink = MemorySink()
                    try entry.group.write(to: sink)
                    let again = try BoxDocument(FileContents(bytes: sink.bytes, name: "y"))
                    #expect(!again.report.hasErrors)
                    #expect(again.groups["boxes"] == entry.group)
                    sound += 1
                }
            } catch {
                #expect([.malformed, .limitExceeded, .valueOutOfRange].contains(error.code))
            }
        }
        #expect(sound > 100)
    }
}
