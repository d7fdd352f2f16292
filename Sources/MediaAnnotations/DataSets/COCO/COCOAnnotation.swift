import MediaCore
import MediaDrawing

extension JSONEntry {
    /// The annotation that the entry is; `nil` when it has nothing that can be drawn.
    mutating func annotation(of known: COCOClass, width: Int?, height: Int?, limits: Limits) -> DataSetAnnotation? {
        let bounds = AnnotationBounds.pixels(width: width, height: height)
        var annotation = DataSetAnnotation(place: path(""), classID: known.id, domain: .pixel)
        annotation.box = box(bounds)
        annotation.shape = segmentation(bounds, limits)
        annotation.keypoints = keypoints(known, bounds)
        annotation.score = score()
        if flag("iscrowd") { annotation.flags.insert(.crowd) }
        if let value = self["area"], !((value.double ?? .nan) >= 0) {
            findings.warning(
                .valueOutOfRange, "the area is \(value.brief)", path: path("area"), value: value.brief,
                hint: "give the number of pixels")
        }
        guard annotation.box != nil || annotation.shape != nil || !annotation.keypoints.isEmpty else {
            if isObject, self["bbox"] == nil, self["segmentation"] == nil, self["keypoints"] == nil {
                findings.error(
                    .dataSetMemberMissing, "there is neither a box nor an outline nor keypoints", path: path("bbox"),
                    hint: "add \"bbox\": [x, y, width, height]")
            }
            return nil
        }
        return annotation
    }

    /// `bbox`: left, top, width, height in pixels.
    private mutating func box(_ bounds: AnnotationBounds) -> Rectangle? {
        guard let value = self["bbox"] else { return nil }
        guard let list = value.array, list.count == 4 || list.isEmpty else {
            findings.error(
                .dataSetTypeInvalid,
                "expected four numbers, found \(value.array.map { "\($0.count)" } ?? value.kind)", path: path("bbox"),
                value: value.brief, hint: "write [x, y, width, height]")
            return nil
        }
        // Keypoints and captions of some programs come with an empty box.
        guard !list.isEmpty, let numbers = numbers(list, "bbox") else { return nil }
        let path = path("bbox")
        var isSound = true
        for index in 0..<2 {
            isSound = bounds.isSound(numbers[index], path: "\(path)[\(index)]", &findings) && isSound
        }
        for (index, name) in [(2, "width"), (3, "height")] {
            isSound = bounds.isSize(numbers[index], name, path: "\(path)[\(index)]", &findings) && isSound
        }
        guard isSound else { return nil }
        let box = Rectangle(x: numbers[0], y: numbers[1], width: numbers[2], height: numbers[3])
        return bounds.checked(box, path: path, &findings)
    }

    /// The numbers of a list; `nil` when something in it is none.
    private mutating func numbers(_ list: [JSONValue], _ name: String) -> [Double]? {
        var numbers: [Double] = []
        numbers.reserveCapacity(list.count)
        for (index, value) in list.enumerated() {
            guard let number = value.double else {
                invalid(value, "\(path(name))[\(index)]", expected: "a number")
                return nil
            }
            numbers.append(number)
        }
        return numbers
    }

    private mutating func score() -> Double? {
        guard let value = self["score"] else { return nil }
        guard let score = value.double, score.isFinite else {
            invalid(value, path("score"), expected: "a finite number")
            return nil
        }
        return score
    }

    // MARK: Outlines

    private mutating func segmentation(_ bounds: AnnotationBounds, _ limits: Limits) -> DataSetAnnotation.Shape? {
        switch self["segmentation"] {
        case nil: return nil
        case .array(let polygons)?:
            guard !polygons.isEmpty else { return nil }
            return self.polygons(polygons, bounds)
        case .object(let runs)?: return self.runs(runs, bounds, limits)
        case let other?:
            invalid(other, path("segmentation"), expected: "a list of polygons, or runs")
            return nil
        }
    }

    private mutating func polygons(_ list: [JSONValue], _ bounds: AnnotationBounds) -> DataSetAnnotation.Shape? {
        var polygons: [[Point]] = []
        polygons.reserveCapacity(list.count)
        for (index, value) in list.enumerated() {
            let name = "segmentation[\(index)]"
            guard let coordinates = value.array else {
                invalid(value, path(name), expected: "a list of numbers")
                return nil
            }
            guard let numbers = numbers(coordinates, name) else { return nil }
            let base = path(name)
            let points = bounds.corners(numbers, path: base, &findings) { "\(base)[\($0)]" }
            guard let points else { return nil }
            polygons.append(points)
        }
        return .polygons(polygons)
    }

    /// `{"size": [height, width], "counts": […] or "…"}`.
    private mutating func runs(
        _ runs: JSONObject, _ bounds: AnnotationBounds, _ limits: Limits
    ) -> DataSetAnnotation.Shape? {
        let path = path("segmentation")
        guard let size = runs["size"]?.array, size.count == 2, let height = size[0].integer,
            let width = size[1].integer,
            (1...Int64(Int32.max)).contains(height), (1...Int64(Int32.max)).contains(width)
        else {
            findings.error(
                .dataSetTypeInvalid, "the runs have no size", path: path + ".size", value: runs["size"]?.brief,
                hint: "write [height, width]")
            return nil
        }
        if let pictureWidth = bounds.width, let pictureHeight = bounds.height,
            (pictureWidth, pictureHeight) != (Double(width), Double(height))
        {
            findings.error(
                .dataSetPictureSize,
                "the runs are of \(width)×\(height) pixels, the picture has \(Int(pictureWidth))×\(Int(pictureHeight))",
                path: path + ".size", value: "[\(height), \(width)]", hint: "write [height, width] of the picture")
            return nil
        }
        do throws(MediaError) {
            switch runs["counts"] {
            case .string(let text)?:
                return .runs(try RunLengths(compressed: text, width: Int(width), height: Int(height), limits: limits))
            case .array(let list)?:
                guard let counts = lengths(list, path + ".counts") else { return nil }
                return .runs(try RunLengths(counts: counts, width: Int(width), height: Int(height), limits: limits))
            case let other:
                findings.error(
                    .dataSetTypeInvalid, "the runs have no counts", path: path + ".counts", value: other?.brief,
                    hint: "write a list of lengths, or the text that pycocotools makes")
            }
        } catch {
            findings.error(
                error.code, error.message, path: path + "." + (error.location.field ?? "counts"), hint: error.hint)
        }
        return nil
    }

    /// The lengths of a list; whether they fit the picture is asked of `RunLengths`.
    private mutating func lengths(_ list: [JSONValue], _ path: String) -> [Int]? {
        var lengths: [Int] = []
        lengths.reserveCapacity(list.count)
        for (index, value) in list.enumerated() {
            guard let length = value.integer.flatMap({ Int(exactly: $0) }) else {
                invalid(value, "\(path)[\(index)]", expected: "a whole number")
                return nil
            }
            lengths.append(length)
        }
        return lengths
    }
}
