import MediaCore
import TestSupport
import Testing

@Suite("validate") struct ValidateTests {
    @Test("A sound data set has one line and status 0", arguments: ["coco", "yolo", "labelme", "voc"])
    func sound(name: String) throws {
        let outcome = try Tool().run("validate", "dataset", Fixtures.path("annotations/" + name))
        #expect(outcome.status == 0, "\(outcome.errorText)")
        #expect(outcome.lines.count == 1)
        #expect(
            outcome.text.contains("2 pictures (2 files found)") && outcome.text.contains("0 errors, 0 warnings")
        )
    }

    /// A tool with a YOLO set of one picture that has a warning, and a row that is wrong where `isBroken`.
    private func rows(isBroken: Bool) throws -> Tool {
        let tool = try Tool()
        try tool.copyFixture("images/gray.png", to: "set/images/a.png")
        try tool.folder.write("names: [cat]", to: "set/data.yaml")
        try tool.folder.write(
            "0 0.5 0.5 0.5 0.5\n0 0.9 0.5 0.5 0.5\n" + (isBroken ? "1 0.5 0.5 0.5 0.5\n" : ""), to: "set/labels/a.txt")
        return tool
    }

    @Test("Findings are lines with file, place, message and hint; the last line counts") func lines() throws {
        let tool = try rows(isBroken: true)
        let outcome = try tool.run("validate", "dataset", "set")
        #expect(outcome.status == 1)
        #expect(
            outcome.lines == [
                "set/labels/a.txt: line 2, column 3: warning: the box sticks out of the picture by 0.1499999999999999; cut the box at the picture",
                "set/labels/a.txt: line 3, column 1: class 1 has no name among the 1 of the set; add its name, or number the classes from 0",
                "YOLO: 1 picture (1 file found), 2 annotations (and 1 refused), 1 error, 1 warning",
            ])
        #expect(try tool.run("validate", "dataset", "set", "-q").lines.count == 1)
    }

    @Test("JSON has an object per finding and one with the counts") func json() throws {
        let outcome = try rows(isBroken: true).run("validate", "dataset", "set", "--json")
        let objects = try outcome.lines.map { try JSONReader.parse(String($0)) }
        #expect(objects.map { $0["code"]?.string } == ["box.outside", "data-set.reference-unknown", nil])
        #expect(objects[0]["file"] == "set/labels/a.txt" && objects[0]["severity"] == "warning")
        #expect(
            objects[2] == [
                "format": "yolo",
                "summary": ["images": 1, "pictures": 1, "annotations": 2, "refused": 1, "errors": 1, "warnings": 1],
            ])
    }

    @Test("Warnings end with status 1 when they count") func strict() throws {
        let tool = try rows(isBroken: false)
        #expect(try tool.run("validate", "dataset", "set").status == 0)
        #expect(try tool.run("validate", "dataset", "set", "--strict").status == 1)
    }

    @Test("Pictures are looked for elsewhere, or not at all") func pictures() throws {
        let tool = try Tool()
        try tool.copyFixture("annotations/voc/Annotations/view0.xml", to: "a/view0.xml")
        try tool.copyFixture("annotations/voc/JPEGImages/view0.png", to: "b/view0.png")
        #expect(try tool.run("validate", "dataset", "a").text.contains("warning: there is no picture"))
        for arguments in [["--pictures", "b"], ["--without-pictures"]] {
            #expect(try tool.run(["validate", "dataset", "a", "--strict"] + arguments).status == 0)
        }
    }

    @Test(
        "Wrong usage has status 64, what cannot be read 65",
        arguments: [
            (["missing"], 65), (["."], 65), (["a.txt", "--format", "tfrecord"], 64), ([], 64),
            (["a.txt", "--pictures", ".", "--without-pictures"], 64), (["a.txt", "--pictures", "missing"], 65),
        ] as [([String], Int32)])
    func failures(arguments: [String], status: Int32) throws {
        let tool = try Tool()
        try tool.folder.write("0 0.5 0.5 1 1", to: "a.txt")
        try tool.folder.write("", to: "b.bin")
        if arguments == ["."] { try tool.folder.write("<annotation/>", to: "c.xml") }
        let outcome = try tool.run(["validate", "dataset"] + arguments)
        #expect(outcome.status == status, "\(outcome.text)\(outcome.errorText)")
        #expect(outcome.errorText.contains("rror: "))
    }
}
