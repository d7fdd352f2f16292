import MediaAnnotations
import TestSupport
import Testing

@Suite("COCO data sets") struct COCOTests {
    @Test("pycocotools reads the same images, classes, boxes, outlines and keypoints", .python("pycocotools"))
    func pycocotools() throws {
        let script = """
            import json, sys, contextlib
            from pycocotools.coco import COCO
            def outline(a):
                s = a.get("segmentation")
                return coco.annToRLE(a)["counts"] if isinstance(s, dict) else s
            with contextlib.redirect_stdout(sys.stderr): coco = COCO(sys.argv[1])
            for id in coco.getImgIds():
                image = coco.loadImgs(id)[0]
                for a in coco.loadAnns(coco.getAnnIds(imgIds=id)):
                    print(json.dumps([image["file_name"], image["width"], image["height"], a["category_id"],
                        coco.loadCats(a["category_id"])[0]["name"], a["bbox"], a["iscrowd"], a.get("keypoints", []), outline(a)], default=bytes.decode))
            """
        let path = dataSet("coco/annotations/instances_train.json")
        let theirs = try PythonTools.run(script, arguments: [path]).lines
        let set = try WalkedSet(path)
        #expect(set.codes.isEmpty && set.summary.pictureCount == 2)
        var ours: [JSONValue] = []
        for image in set.images {
            for annotation in image.annotations {
                let box = try #require(annotation.box)
                let points = annotation.keypoints.flatMap {
                    [JSONValue.number($0.point.x), .number($0.point.y), JSONValue($0.visibility.rawValue)]
                }
                ours.append([
                    .string(image.name), JSONValue(image.width ?? 0), JSONValue(image.height ?? 0),
                    JSONValue(annotation.classID), .string(set.labels.name(of: annotation.classID)),
                    .array([box.minX, box.minY, box.width, box.height].map(JSONValue.number)),
                    JSONValue(annotation.flags.contains(.crowd) ? 1 : 0), .array(points), segmentation(annotation),
                ])
            }
        }
        try #require(theirs.count == ours.count && ours.count > 6)
        for (line, value) in zip(theirs, ours) {
            #expect(try JSONReader.parse(String(line)).asNumbers == value.asNumbers)
        }
        #expect(
            set.skeletons.keys.sorted() == [7] && set.skeletons[7]?.edges == [.init(0, 1), .init(1, 2)])
    }

    private func segmentation(_ annotation: DataSetAnnotation) -> JSONValue {
        switch annotation.shape {
        case .polygons(let polygons)?:
            return .array(polygons.map { .array($0.flatMap { [.number($0.x), .number($0.y)] }) })
        case .runs(let runs)?: return .string(runs.compressed)
        default: return .null
        }
    }

    @Test("pycocotools paints the same masks", .python("pycocotools")) func masks() throws {
        let script = """
            import sys, contextlib, numpy
            from pycocotools.coco import COCO
            with contextlib.redirect_stdout(sys.stderr): coco = COCO(sys.argv[1])
            for id in coco.getImgIds():
                image = coco.loadImgs(id)[0]
                mask = numpy.zeros((image["height"], image["width"]), numpy.uint8)
                for a in coco.loadAnns(coco.getAnnIds(imgIds=id)):
                    if "segmentation" in a: mask[coco.annToMask(a) == 1] = a["category_id"]
                sys.stdout.buffer.write(mask.tobytes())
            """
        let path = dataSet("coco/annotations/instances_train.json")
        let theirs = try PythonTools.run(script, arguments: [path]).output
        let set = try WalkedSet(path)
        var ours: [UInt8] = []
        for image in set.images {
            let mask = try #require(try image.mask(labels: set.labels))
            #expect(mask.labels[2] == "red ball")
            ours += mask.tensor.values().map { UInt8($0) }
        }
        #expect(firstDifference(ours, theirs) == nil)
        #expect(Set(ours).isSuperset(of: [0, 1, 2, 3]))
    }

    @Test("Every mistake of the broken file is found where it is, and nothing wrong is kept") func broken() throws {
        let set = try WalkedSet(dataSet("broken/coco.json"))
        #expect(
            Set(set.codes) == [
                "data-set.id-repeated images[2].id", "value.out-of-range images[2].width",
                "data-set.reference-unknown annotations[6].image_id", "data-set.type-invalid annotations[14]",
                "box.inverted annotations[0].bbox[2]", "value.not-finite annotations[1].bbox[0]",
                "box.outside annotations[2].bbox", "box.outside annotations[3].bbox",
                "data-set.type-invalid annotations[4].bbox", "data-set.reference-unknown annotations[5].category_id",
                "polygon.short annotations[7].segmentation[0]",
                "data-set.type-invalid annotations[8].segmentation[0][2]",
                "rle.length annotations[9].segmentation.counts",
                "data-set.picture-size annotations[10].segmentation.size",
                "rle.malformed annotations[11].segmentation.counts", "data-set.shape-invalid annotations[12].keypoints",
                "data-set.id-repeated annotations[13].id", "data-set.member-missing annotations[13].bbox",
                "data-set.picture-missing images[0].file_name", "path.invalid images[1].file_name",
            ])
        // The box that sticks out is a warning.
        #expect(set.annotations.map(\.place) == ["annotations[3]"])
        #expect(set.summary.refusedCount == 12)
        for finding in set.findings { #expect(finding.hint?.isEmpty == false, "\(finding)") }
    }

    @Test(
        "What is no COCO file is one finding of the file",
        arguments: [
            ("[1, 2]", MediaError.Code.dataSetTypeInvalid), ("{\"images\": []", .malformed),
            ("{\"images\": []}", .dataSetTypeInvalid), ("{\"images\": {}, \"annotations\": []}", .dataSetTypeInvalid),
            ("[{\"image_id\": 1, \"bbox\": [1, 2, 3, 4]}]", .unsupported),
        ])
    func noCOCO(text: String, code: MediaError.Code) throws {
        let folder = try TemporaryFolder()
        let set = try WalkedSet(try folder.write(text, to: "a.json"), format: .coco)
        #expect(set.images.isEmpty && set.findings.contains { $0.code == code && $0.severity == .error })
    }

    @Test("Findings of a hostile file are counted, not kept") func manyFindings() throws {
        let folder = try TemporaryFolder()
        let annotations = Array(repeating: "{\"image_id\":1,\"category_id\":1,\"bbox\":[0,0,0,0]}", count: 5000)
        let text = """
            {"images":[{"id":1,"file_name":"a.png","width":5,"height":5}],"categories":[{"id":1,"name":"a"}],
            "annotations":[\(annotations.joined(separator: ","))]}
            """
        var options = DataSetOptions()
        options.findsPictures = false
        let set = try WalkedSet(try folder.write(text, to: "a.json"), options: options)
        #expect(set.summary.errorCount == 10_000 && set.summary.refusedCount == 5000)
        #expect(set.findings.count <= 32)
    }

    @Test("Files of one set share their classes; a number with two names is found") func severalFiles() throws {
        let folder = try TemporaryFolder()
        for (file, name) in [("a", "cat"), ("b", "dog"), ("c", "cat")] {
            try folder.write(
                "{\"images\":[],\"annotations\":[],\"categories\":[{\"id\":1,\"name\":\"\(name)\"}]}",
                to: "annotations/\(file).json")
        }
        let set = try WalkedSet(folder.path)
        #expect(set.codes == ["labels.repeated categories"])
        #expect(set.files.first?.file == folder.path("annotations/b.json"))
        #expect(set.labels[1] == "cat")
    }
}

extension JSONValue {
    /// The value with integers as numbers: Python keeps them apart.
    fileprivate var asNumbers: JSONValue {
        switch self {
        case .integer(let value): .number(Double(value))
        case .array(let elements): .array(elements.map(\.asNumbers))
        case .object(let object): .object(JSONObject(object.members.map { ($0.name, $0.value.asNumbers) }))
        default: self
        }
    }
}
