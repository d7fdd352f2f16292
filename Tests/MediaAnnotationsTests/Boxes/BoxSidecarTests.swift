import Foundation
import MediaAnnotations
import TestSupport
import Testing

@Suite("Sidecars of boxes")
struct BoxSidecarTests {
    private func sidecar(_ group: BoundingBoxGroup, key: String = "val/boxes") throws -> (MediaRecord.File, String) {
        let folder = try TemporaryFolder()
        let file = try group.writeSidecar(
            to: try MediaFolder(path: folder.path), key: key, step: .step(5), compatibility: .wandb(.v0_31))
        return (file, String(decoding: try folder.bytes(file.path), as: UTF8.self))
    }

    @Test("boxes made in Swift are written as the SDK writes them")
    func typed() throws {
        let boxes = try [
            BoundingBox(
                minX: 0.05, maxX: 0.95, minY: 0.5, maxY: 0.625, classID: 7, caption: "é",
                scores: ["acc": 0.1, "loss": 1.2]),
            BoundingBox(middle: Point(x: 1.5, y: 2.25), width: 1.5, height: 1, domain: .pixel, classID: 0),
        ]
        let labels = try ClassLabels([ImageClass(id: 7, name: "cat"), ImageClass(id: 0, name: "dog")])
        let (file, text) = try sidecar(BoundingBoxGroup(boxes, labels: labels))
        #expect(
            text == #"{"box_data":[{"position":{"minX":0.05,"maxX":0.95,"minY":0.5,"maxY":0.625},"class_id":7,"#
                + #""box_caption":"é","scores":{"acc":0.1,"loss":1.2}},{"position":{"middle":[1.5,2.25],"width":1.5,"#
                + #""height":1.0},"class_id":0,"domain":"pixel"}],"class_labels":{"7":"cat","0":"dog"}}"#)
        #expect(file.path.hasPrefix("media/metadata/boxes2D/val/boxes_5_") && file.path.hasSuffix(".boxes2D.json"))
        #expect(file.role == .sidecar)
        let history = BoundingBoxGroup.historyJSON(of: file).members.map(\.name)
        #expect(history == ["_type", "sha256", "size", "path"])
        #expect(try JSONReader.parse(try sidecar(BoundingBoxGroup([])).1) == ["box_data": []])
    }

    @Test("a group that was read is written as it was given")
    func asGiven() throws {
        let json: JSONValue = [
            "more": ["x": [1, 2.5, nil]], "class_labels": ["7": "cat"],
            "box_data": [
                [
                    "bar": [1, 2], "class_id": 7,
                    "position": ["maxY": 1, "minX": 0, "maxX": 0.95, "minY": 0.5, "foo": "a \"b\" \\"],
                ]
            ],
        ]
        let group = try BoundingBoxGroup(json: json)
        #expect(try sidecar(group).1 == JSONWriter.string(json))
        #expect(group.boxes.first?.position == .minMax(minX: 0, maxX: 0.95, minY: 0.5, maxY: 1))

        let spaced =
            "\n[ {\"class_id\" : 1 , \"a b\": \"c  d\",\t\"position\":{\"minX\":1e-1,\"maxX\":5E-1,\"minY\":0,\"maxY\":1}} ]"
        let list = try BoxDocument(FileContents(bytes: Array(spaced.utf8), name: "x")).groups["boxes"]
        let compact = #"[{"class_id":1,"a b":"c  d","position":{"minX":1e-1,"maxX":5E-1,"minY":0,"maxY":1}}]"#
        #expect(try sidecar(#require(list)).1 == "{\"box_data\":\(compact)}")
        let labels = try ClassLabels([ImageClass(id: 1, name: "x")])
        let labeled = try #require(list).labeled(labels)
        #expect(try sidecar(labeled).1 == "{\"box_data\":\(compact),\"class_labels\":{\"1\":\"x\"}}")
    }

    @Test("labels go into the configuration, default ones in the order of the ids")
    func config() throws {
        let boxes = try [3, 1, 3].map { try BoundingBox(minX: 0, maxX: 1, minY: 0, maxY: 1, classID: $0) }
        let record = BoundingBoxGroup(boxes).labelRecord(key: "a/b", group: "pred")
        #expect(record.path == ["_wandb", "bounding_box/class_labels", "a/b_wandb_delimeter_pred"])
        #expect(
            try JSONWriter.string(record.value)
                == #"{"type":"bounding_box/class_labels","key":"a/b_wandb_delimeter_pred","value":"#
                + #"{"1":"class_1","3":"class_3"}}"#)
    }

    @Test("without labels every box needs a class, and nothing is written otherwise")
    func missingClass() throws {
        let folder = try TemporaryFolder()
        let group = BoundingBoxGroup([try BoundingBox(minX: 0, maxX: 1, minY: 0, maxY: 1)])
        let error = #expect(throws: MediaError.self) {
            try group.writeSidecar(to: try MediaFolder(path: folder.path), key: "k", step: .summary)
        }
        #expect(error?.code == .boxClassMissing)
        #expect(throws: Never.self) { try sidecar(group.labeled(ClassLabels())) }
    }

    @Test("every recorded case is written as the SDK wrote it or refused for a reason that is known", .shared)
    func oracle() throws {
        // Nothing is written that is damaged or lies: these go through the SDK in silence.
        let refusals: [String: MediaError.Code] = [
            "hazard.inverted-minmax-accepted": .boxInverted, "hazard.nan-coordinate-accepted": .valueNotFinite,
            "hazard.nonfinite-scores-accepted": .valueNotFinite, "hazard.percentage-over-1-accepted": .boxOutside,
            "hazard.unknown-domain-accepted": .boxDomainUnknown, "many": .boxOutside,
        ]
        let cases = try OracleBoxes.all()
        #expect(cases.count > 30)
        for record in cases {
            for (name, value) in record.groups {
                let outcome = Result { () throws(MediaError) in
                    let group = try BoundingBoxGroup(json: value, name: name)
                    let folder = try MediaFolder(path: record.folder.path)
                    return (try group.writeSidecar(to: folder, key: record.key, step: .step(0)), group)
                }
                switch outcome {
                case .failure(let error):
                    let reason = refusals[record.behaviour]
                    #expect(record.isRefused || error.code == reason, "\(record.id): \(error)")
                    #expect(error.location.field?.hasPrefix("boxes") == true)
                case .success(let (file, group)):
                    #expect(!record.isRefused && refusals[record.behaviour] == nil, "\(record.id)")
                    let bytes = try record.folder.bytes(file.path)
                    let text = try JSONReader.parse(bytes.span.bytes)
                    #expect(record.sidecars.contains(text), "\(record.id)")
                    #expect(
                        record.config.contains(group.labelRecord(key: record.key, group: name).value), "\(record.id)")
                }
            }
        }
    }
}

/// What was recorded of the SDK's boxes.
private struct OracleBoxes {
    let id: String
    let behaviour: String
    let key: String
    let groups: [(String, JSONValue)]
    let isRefused: Bool
    let sidecars: [JSONValue]
    let config: [JSONValue]
    let folder: TemporaryFolder

    static func all() throws -> [OracleBoxes] {
        let corpus = try #require(Fixtures.shared) + "/oracle"
        return try FileManager.default.contentsOfDirectory(atPath: corpus).sorted().filter {
            // Keys of labels that are text cannot be told from numbers in JSON.
            $0.hasPrefix("image-boxes--") && !$0.contains("class_labels-string-key")
        }.map { try OracleBoxes(path: "\(corpus)/\($0)/case.json") }
    }

    private init(path: String) throws {
        let json = try FileContents.open(path).withBytes { try JSONReader.parse($0, options: .python) }
        let expect = json["expect"]
        id = json["id"]?.string ?? ""
        behaviour = json["behaviour"]?.string ?? ""
        key = json["log"]?["key"]?.string ?? ""
        groups = json["args"]?["boxes"]?.object?.members.map { ($0.name, Self.plain($0.value)) } ?? []
        isRefused = expect?["outcome"]?.string != "ok"
        sidecars = expect?["files"]?.array?.compactMap { $0["json"] } ?? []
        config =
            expect?["config__wandb"]?["bounding_box/class_labels"]?.object?.members.map(\.value) ?? []
        folder = try TemporaryFolder()
    }

    /// The value without the marks for what JSON does not have.
    private static func plain(_ value: JSONValue) -> JSONValue {
        switch value {
        case .array(let elements): return .array(elements.map(plain))
        case .object(let object):
            if let pairs = object["$map"]?.array {
                return .object(
                    JSONObject(pairs.compactMap { pair in pair.array.map { (String($0[0].integer ?? -1), $0[1]) } }))
            }
            if let text = object["$float"]?.string { return .number(Double(text) ?? .nan) }
            return .object(JSONObject(object.members.map { ($0.name, plain($0.value)) }))
        default: return value
        }
    }
}
