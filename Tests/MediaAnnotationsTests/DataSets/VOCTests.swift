import MediaAnnotations
import TestSupport
import Testing

@Suite("Pascal VOC data sets") struct VOCTests {
    @Test("Python's xml reads the same objects", .python("PIL")) func python() throws {
        let script = """
            import json, pathlib, sys, xml.etree.ElementTree as tree
            for file in sorted(pathlib.Path(sys.argv[1]).glob("Annotations/*.xml")):
                root = tree.parse(file).getroot()
                for o in root.iter("object"):
                    b = [int(o.find("bndbox/" + name).text) for name in ("xmin", "ymin", "xmax", "ymax")]
                    print(json.dumps([root.find("filename").text, o.find("name").text, b, int(o.find("truncated").text), int(o.find("difficult").text)]))
            """
        let set = try WalkedSet(dataSet("voc"))
        #expect(set.format == .voc && set.codes.isEmpty && set.summary.pictureCount == 2)
        let ours: [JSONValue] = set.images.flatMap { image in
            image.annotations.map { annotation in
                let box = annotation.box ?? Rectangle(x: 0, y: 0, width: 0, height: 0)
                return [
                    .string(image.name), .string(set.labels.name(of: annotation.classID)),
                    // The last pixel of a box is the one before its outer edge, counted from 1.
                    .array([box.minX + 1, box.minY + 1, box.maxX, box.maxY].map { .integer(Int64($0)) }),
                    JSONValue(annotation.flags.contains(.truncated) ? 1 : 0),
                    JSONValue(annotation.flags.contains(.difficult) ? 1 : 0),
                ]
            }
        }
        let theirs = try PythonTools.run(script, arguments: [dataSet("voc")]).lines.map {
            try JSONReader.parse(String($0))
        }
        #expect(ours == theirs && ours.count == 6)
    }

    @Test("Every mistake is found at its element, with line and column") func broken() throws {
        let set = try WalkedSet(dataSet("broken/voc.xml"))
        #expect(
            set.codes == [
                "box.inverted object[0]/bndbox/xmax", "data-set.member-missing object[1]/name",
                "data-set.type-invalid object[1]/bndbox/ymax", "data-set.type-invalid object[2]/difficult",
                "data-set.member-missing object[2]/bndbox", "data-set.picture-missing filename",
            ])
        #expect(set.annotations.isEmpty && set.images.first?.refusedCount == 3)
        #expect(set.findings[2].message == "line 5, column 59: expected a number, found \"x\"")
        let entity = try WalkedSet(dataSet("broken/voc-entity.xml"))
        #expect(entity.codes == ["format.unsupported "] && entity.images.count == 1)
    }

    @Test("Boxes that begin at 0 are moved to the edge, decimals are kept") func zeroBased() throws {
        let folder = try TemporaryFolder()
        func object(_ box: [String]) -> String {
            let names = ["xmin", "ymin", "xmax", "ymax"]
            return "<object><name>a</name><bndbox>" + zip(names, box).map { "<\($0)>\($1)</\($0)>" }.joined()
                + "</bndbox></object>"
        }
        let size = "<size><width>20</width><height>10</height></size>"
        let objects = [
            ["0", "1", "5", "5"], ["1", "1", "20", "10"], ["2.5", "3", "2.5", "4"], ["15", "1", "40", "5"],
        ]
        try folder.write("<annotation>\(size)\(objects.map(object).joined())</annotation>", to: "a.xml")
        var options = DataSetOptions()
        options.findsPictures = false
        let set = try WalkedSet(folder.path, options: options)
        #expect(
            set.annotations.map { $0.box?.edges ?? [] } == [
                [0, 0, 5, 5], [0, 0, 20, 10], [1.5, 2, 2.5, 4], [14, 0, 40, 5],
            ])
        #expect(set.codes == ["box.outside object[0]/bndbox", "box.outside object[3]/bndbox"])
        #expect(set.summary.warningCount == 2)
    }
}
