import Foundation
import ImageCoding
import MediaAnnotations
import MediaCore
import TensorIO

/// Makes pictures with masks and boxes of the arguments of a case.
struct AnnotationArguments {
    let record: ConformanceCase
    let compatibility: Compatibility

    /// Whether a picture of the case has annotations.
    static func areIn(_ arguments: JSONValue) -> Bool {
        (arguments.array ?? [arguments]).contains { $0["masks"] != nil || $0["boxes"] != nil }
    }

    func write(
        _ arguments: JSONValue, to folder: MediaFolder, key: String, step: MediaStep
    ) throws(MediaError) -> MediaRecord {
        guard let elements = arguments.array else {
            return try image(arguments).write(to: folder, key: key, step: step, compatibility: compatibility)
        }
        var images: [AnnotatedImage] = []
        for element in elements { images.append(try image(element)) }
        return try images.write(to: folder, key: key, step: step, compatibility: compatibility)
    }

    private func image(_ arguments: JSONValue) throws(MediaError) -> AnnotatedImage {
        var masks = AnnotationGroups<AnnotatedImage.Mask>()
        for member in arguments["masks"]?.object?.members ?? [] {
            masks[member.name] = try mask(member.value, of: "masks[\"\(member.name)\"]")
        }
        var boxes = AnnotationGroups<BoundingBoxGroup>()
        for member in arguments["boxes"]?.object?.members ?? [] {
            boxes[member.name] = try BoundingBoxGroup(json: Self.plain(member.value), name: member.name)
        }
        return try AnnotatedImage(
            ImageFamilies.image(record, arguments, compatibility: compatibility), masks: masks, boxes: boxes)
    }

    private func mask(_ arguments: JSONValue, of name: String) throws(MediaError) -> AnnotatedImage.Mask {
        if let path = arguments["path"].flatMap(record.path) { return .file(path) }
        let labels = try arguments["class_labels"].map { (labels) throws(MediaError) in
            try ClassLabels(json: Self.plain(labels))
        }
        guard let data = arguments["mask_data"], let tensor = try? record.tensor(data) else {
            throw MediaError(.argumentInvalid, "the group has no mask_data", at: .init(field: name))
        }
        return .ids(try SegmentationMask(tensor, labels: labels))
    }

    /// JSON as the SDK's caller wrote it: `{"$map": [[7, "cat"]]}` is an object with numbers for names, `{"$float": "NaN"}` a
    /// number that JSON does not have.
    private static func plain(_ value: JSONValue) -> JSONValue {
        switch value {
        case .array(let elements):
            return .array(elements.map(plain))
        case .object(let object):
            if let pairs = object["$map"]?.array {
                return .object(
                    JSONObject(
                        pairs.compactMap { pair in
                            guard let entry = pair.array, entry.count == 2 else { return nil }
                            let name = entry[0].integer.map { String($0) } ?? entry[0].string ?? ""
                            return (name, plain(entry[1]))
                        }))
            }
            if let text = object["$float"]?.string {
                return .number(text == "NaN" ? .nan : text.hasPrefix("-") ? -.infinity : .infinity)
            }
            return .object(JSONObject(object.members.map { ($0.name, plain($0.value)) }))
        default:
            return value
        }
    }
}
