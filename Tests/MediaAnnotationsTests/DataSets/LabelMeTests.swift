import MediaAnnotations
import TestSupport
import Testing

@Suite("LabelMe data sets") struct LabelMeTests {
    @Test("Python's json reads the same shapes", .python("PIL")) func python() throws {
        let script = """
            import json, pathlib, sys
            for file in sorted(pathlib.Path(sys.argv[1]).glob("*.json")):
                value = json.loads(file.read_text())
                for s in value["shapes"]:
                    print(json.dumps([value["imagePath"], value["imageWidth"], s["label"], s["shape_type"], [float(n) for p in s["points"] for n in p]]))
            """
        let set = try WalkedSet(dataSet("labelme"))
        #expect(set.format == .labelMe && set.codes.isEmpty && set.summary.pictureCount == 2)
        let theirs = try PythonTools.run(script, arguments: [dataSet("labelme")]).lines
        var ours: [String] = []
        for image in set.images {
            for annotation in image.annotations {
                let (kind, numbers): (String, [Double])
                switch annotation.shape {
                case .polygons(let polygons)?: (kind, numbers) = ("polygon", polygons[0].flatMap { [$0.x, $0.y] })
                case .circle(let center, let radius)?:
                    (kind, numbers) = ("circle", [center.x, center.y, center.x + radius, center.y])
                default: (kind, numbers) = ("rectangle", annotation.box?.edges ?? [])
                }
                ours.append(
                    try JSONWriter.string([
                        .string(image.name), JSONValue(image.width ?? 0),
                        .string(set.labels.name(of: annotation.classID)),
                        .string(kind), .array(numbers.map(JSONValue.number)),
                    ]))
            }
        }
        #expect(try theirs.map { try JSONWriter.string(try JSONReader.parse(String($0))) } == ours)
    }

    /// The walk along one file, beside a picture of 60×40.
    private func read(_ shapes: String, members: String = "") throws -> WalkedSet {
        let folder = try TemporaryFolder()
        try folder.write(try Fixtures.bytes("images/gray.png"), to: "a.png")
        try folder.write(
            "{\"imagePath\":\"a.png\",\"imageWidth\":60,\"imageHeight\":40\(members),\"shapes\":[\(shapes)]}",
            to: "a.json")
        return try WalkedSet(folder.path)
    }

    @Test("All kinds of shapes are read") func kinds() throws {
        let set = try read(
            """
            {"label":"a","points":[[9,8],[1,2]],"shape_type":"rectangle"},
            {"label":"b","points":[[1,2],[3,4]],"shape_type":"line"},
            {"label":"a","points":[[1,2],[3,4],[5,7]],"shape_type":"linestrip"},
            {"label":"b","points":[[1,2]],"shape_type":"point"},{"label":"b","points":[[1,2],[3,4]],"shape_type":"points"},
            {"label":"c","points":[[1,2],[3,4],[5,7]]}
            """)
        #expect(set.codes.isEmpty)
        #expect(set.annotations.map(\.classID) == [0, 1, 0, 1, 1, 2] && set.labels[2] == "c")
        let points = [Point(x: 1, y: 2), Point(x: 3, y: 4), Point(x: 5, y: 7)]
        #expect(
            set.annotations.map(\.shape) == [
                nil, .line(Array(points.prefix(2))), .line(points), .points([points[0]]),
                .points(Array(points.prefix(2))),
                .polygons([points]),
            ])
        #expect(set.annotations.first?.box?.edges == [1, 2, 9, 8])
    }

    @Test("Every mistake is found at its member") func broken() throws {
        let set = try WalkedSet(dataSet("broken/labelme.json"))
        #expect(
            set.codes == [
                "value.out-of-range imageWidth", "data-set.shape-invalid shapes[0].points",
                "data-set.type-invalid shapes[1].label", "data-set.type-invalid shapes[2].shape_type",
                "data-set.type-invalid shapes[3].points[0]", "box.empty shapes[4].points", "path.invalid imagePath",
            ])
        #expect(set.annotations.isEmpty)
    }

    @Test("An embedded picture is compared with the stated size, text that is none is a warning", .python("PIL"))
    func embedded() throws {
        let script = "import base64, sys; sys.stdout.write(base64.b64encode(sys.stdin.buffer.read()).decode())"
        for (file, codes) in [("gray.png", []), ("bilevel.png", []), ("rgb-420.jpg", [])] as [(String, [String])] {
            let text = try PythonTools.run(script, input: try Fixtures.bytes("images/" + file)).text
            #expect(try read("", members: ",\"imageData\":\"\(text)\"").codes == codes, "\(file)")
        }
        let other = try PythonTools.run(script, input: try Fixtures.bytes("annotations/labelme/view0.png")).text
        #expect(try read("", members: ",\"imageData\":\"\(other)\"").codes == ["data-set.picture-size imageData"])
        #expect(try read("", members: ",\"imageData\":\"*\"").codes == ["data-set.type-invalid imageData"])
        #expect(try read("", members: ",\"imageData\":7").codes == ["data-set.type-invalid imageData"])
    }
}
