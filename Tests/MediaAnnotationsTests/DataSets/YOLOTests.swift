import MediaAnnotations
import TestSupport
import Testing

@Suite("YOLO data sets") struct YOLOTests {
    @Test("Python reads the same boxes and polygons", .python("PIL")) func python() throws {
        let script = """
            import json, pathlib, sys
            for file in sorted(pathlib.Path(sys.argv[1]).glob("labels/train/*.txt")):
                for line in file.read_text().splitlines():
                    row = [float(part) for part in line.split()]
                    x, y, w, h = row[1:5]
                    print(json.dumps([int(row[0]), [x - w / 2, y - h / 2, x + w / 2, y + h / 2] if len(row) == 5 else row[1:]]))
            """
        let set = try WalkedSet(dataSet("yolo"))
        #expect(set.format == .yolo && set.codes.isEmpty && set.summary.pictureCount == 2)
        #expect(set.labels.entries.map(\.name) == ["red ball", "green ball", "yellow ball"])
        #expect(
            set.images.map(\.width) == [64, 64]
                && set.images.map(\.name) == ["images/train/view0.png", "images/train/view1.png"])
        let lines = try PythonTools.run(script, arguments: [dataSet("yolo")]).lines
        try #require(lines.count == set.annotations.count && lines.count > 3)
        for (line, annotation) in zip(lines, set.annotations) {
            let theirs = try JSONReader.parse(String(line))
            #expect(theirs.array?.first?.integer == Int64(annotation.classID) && annotation.domain == .percentage)
            var numbers = annotation.box?.edges ?? []
            if case .polygons(let polygons)? = annotation.shape { numbers = polygons[0].flatMap { [$0.x, $0.y] } }
            #expect(theirs.array?.last?.array?.compactMap(\.double) == numbers)
        }
    }

    @Test("Every row that is wrong is found with line and column") func broken() throws {
        var options = DataSetOptions()
        options.findsPictures = false
        let set = try WalkedSet(dataSet("broken/yolo.txt"), options: options)
        #expect(
            set.codes == [
                "data-set.labels-missing ", "box.empty line 3, column 11", "box.outside line 4, column 3",
                "data-set.shape-invalid line 5", "value.not-finite line 6, column 3",
                "data-set.type-invalid line 7, column 1", "data-set.annotation-repeated line 8",
            ])
        #expect(set.annotations.map(\.place) == ["line 1", "line 2", "line 8"])
        let outside = set.findings.first { $0.path == "line 4, column 3" }
        #expect(outside?.hint == "divide pixels by the size of the picture")
    }

    /// The annotations of a set with one file of rows.
    private func rows(_ rows: String, names: String = "names: [a, b]", options: DataSetOptions = DataSetOptions())
        throws -> WalkedSet
    {
        let folder = try TemporaryFolder()
        try folder.write(names, to: "data.yaml")
        try folder.write(rows, to: "labels/a.txt")
        var options = options
        options.findsPictures = false
        return try WalkedSet(folder.path, options: options)
    }

    @Test("A fifth number is a score, keypoints follow kpt_shape, corners a turned box") func variants() throws {
        let scored = try rows("1 0.5 0.5 0.25 0.5 0.875\r\n\r\n0\t0.5  0.5 1 1 \n")
        #expect(scored.codes.isEmpty && scored.annotations.map(\.score) == [0.875, nil])
        #expect(scored.annotations.first?.box?.edges == [0.375, 0.25, 0.625, 0.75])

        let pose = try rows(
            "0 .5 .5 .5 .5 .25 .5 2 0 0 0\n0 .5 .5 .5 .5 1 2\n", names: "kpt_shape: [2, 3]\nnames: {0: a}")
        #expect(pose.codes == ["data-set.shape-invalid line 2"])
        #expect(pose.annotations.first?.keypoints.map(\.visibility) == [.visible, .unlabeled])

        var options = DataSetOptions()
        options.yoloRows = .orientedBoxes
        let turned = try rows("0 .5 0 1 .5 .5 1 0 .5\n0 .5 .5 .1 .1\n", options: options)
        #expect(turned.codes == ["data-set.shape-invalid line 2"])
        #expect(turned.annotations.first?.flags == .oriented)
        options.yoloRows = .keypoints(count: 1, numbersPerPoint: 2)
        let points = try rows("0 .5 .5 .1 .1 .5 .25\n0 .5 .5 .1 .1 0 0\n", options: options)
        #expect(points.annotations.map { $0.keypoints.map(\.visibility) } == [[.visible], [.unlabeled]])
    }

    @Test("A box that sticks out of the picture is cut and a warning; rounding is neither")
    func outside() throws {
        let set = try rows("0 0.95 0.5 0.2 0.5\n0 0.9999995 0.5 0.000002 0.5\n1 2 2 0.1 0.1\n")
        #expect(set.codes == ["box.outside line 1, column 3", "box.outside line 3, column 3"])
        #expect(set.findings.map(\.severity) == [.warning, .error])
        #expect(set.annotations.map { $0.box?.maxX } == [1, 1])
    }

    @Test(
        "Names are read from the YAML that data sets have",
        arguments: [
            ("names: [a, 'b c', \"d\\u00e9\"] # three", ["a", "b c", "dé"]), ("names:\n- a\n- it's\n", ["a", "it's"]),
            ("train: x\nnames:\n  0: a\n  1: 'b: it''s'\n\nval: y\n", ["a", "b: it's"]),
            ("names:\n  - a # one\n  # two\n  - b#c\nnc: 2", ["a", "b#c"]),
            ("nested:\n  names: [x]\nnames: {0: a, 1: b}", ["a", "b"]), ("names: [\n  a,\n  b, # c\n]\n", ["a", "b"]),
            ("\u{FEFF}", []),
        ])
    func yaml(text: String, names: [String]) throws {
        let set = try rows("", names: text)
        #expect(set.labels.entries.map(\.name) == names)
        #expect(set.codes == (names.isEmpty ? ["data-set.labels-missing "] : []))
    }

    @Test(
        "Names that are not what they seem are findings with their line",
        arguments: [
            ("names: &x [a]", "format.malformed line 1"), ("\nnames: [a, [b]]", "format.malformed line 2"),
            ("names: [a", "format.malformed line 1"), ("names:\n  - a\n  b: c", "format.malformed line 3"),
            ("names: a", "data-set.type-invalid names"), ("names: {x: a}", "data-set.type-invalid names"),
            ("names: {0: a, 0: b}", "labels.repeated names"), ("names: [a]\nnames: [b]", "format.malformed line 2"),
            ("names: [a]\nnc: 2", "data-set.labels-missing nc"), ("names: [\"a]", "format.malformed line 1"),
            ("names: [a]\nkpt_shape: [0, 3]", "data-set.type-invalid kpt_shape"),
            ("names: |\n  a", "format.malformed line 1"),
            ("names: {-1: a}", "value.out-of-range names"),
        ])
    func badYAML(text: String, code: String) throws {
        #expect(try rows("", names: text).codes == [code])
    }

    @Test("PyYAML reads the same names", .python("yaml")) func pyYAML() throws {
        let texts = [
            "names: [a, 'b c', \"d\\u00e9\"] # three", "names:\n- a\n- it's\n", "names: {0: a, 1: 'b: it''s'}",
            "path: ../x\ntrain: images/train # 128 images\nnames:\n  0: person\n  1: traffic light\n  2: \"T-shirt #1\"\n",
        ]
        for text in texts {
            let script =
                "import sys, yaml; n = yaml.safe_load(sys.stdin.buffer.read())['names']; print('\\n'.join(map(str, n.values() if isinstance(n, dict) else n)))"
            let theirs = try PythonTools.run(script, input: Array(text.utf8)).lines.map(String.init)
            #expect(try rows("", names: text).labels.entries.map(\.name) == theirs)
        }
    }

    @Test("classes.txt gives names a line each, and words for people are no rows") func classes() throws {
        let folder = try TemporaryFolder()
        try folder.write("cat\ntwo words\n\n", to: "classes.txt")
        try folder.write("see elsewhere\n", to: "README.txt")
        try folder.write("1 0.5 0.5 0.1 0.1\n2 0.5 0.5 0.1 0.1", to: "a.txt")
        let set = try WalkedSet(folder.path)
        #expect(set.labels.entries.map(\.name) == ["cat", "two words"])
        #expect(set.codes == ["data-set.reference-unknown line 2, column 1", "data-set.picture-missing "])
    }
}
