import MediaCore
import MediaDrawing

extension JSONEntry {
    // MARK: Of a category

    /// `keypoints` of a category: the names of the points.
    mutating func keypointNames() -> [String] {
        guard let value = self["keypoints"] else { return [] }
        guard let list = value.array else {
            invalid(value, path("keypoints"), expected: "a list of names")
            return []
        }
        var names: [String] = []
        for (index, value) in list.enumerated() {
            guard let name = value.string else {
                invalid(value, "\(path("keypoints"))[\(index)]", expected: "text")
                return []
            }
            names.append(name)
        }
        return names
    }

    /// `skeleton` of a category: pairs of points, counted from 1.
    mutating func skeleton(pointCount: Int) -> [Skeleton.Edge] {
        guard let value = self["skeleton"] else { return [] }
        guard let list = value.array else {
            invalid(value, path("skeleton"), expected: "a list of pairs")
            return []
        }
        var edges: [Skeleton.Edge] = []
        for (index, pair) in list.enumerated() {
            let ends = pair.array?.compactMap(\.integer) ?? []
            guard pair.array?.count == 2, ends.count == 2, ends[0] != ends[1],
                ends.allSatisfy({ $0 >= 1 && $0 <= Int64(pointCount) })
            else {
                findings.warning(
                    .dataSetReferenceUnknown, "the pair names no two of the \(pointCount) keypoints",
                    path: "\(path("skeleton"))[\(index)]", value: pair.brief, hint: "count the keypoints from 1")
                continue
            }
            edges.append(Skeleton.Edge(Int(ends[0]) - 1, Int(ends[1]) - 1))
        }
        return edges
    }

    // MARK: Of an annotation

    /// `keypoints` of an annotation: x, y and visibility of each point of the class.
    mutating func keypoints(_ known: COCOClass, _ bounds: AnnotationBounds) -> [KeypointSet.Keypoint] {
        guard let value = self["keypoints"] else { return [] }
        guard let list = value.array else {
            invalid(value, path("keypoints"), expected: "a list of numbers")
            return []
        }
        guard list.count % 3 == 0, known.pointCount == 0 || list.count == 3 * known.pointCount else {
            let wanted = known.pointCount == 0 ? "three for each point" : "\(3 * known.pointCount)"
            findings.error(
                .dataSetShapeInvalid, "there are \(list.count) numbers, expected \(wanted)", path: path("keypoints"),
                value: "\(list.count)", hint: "write x, y and visibility of each keypoint of the category")
            return []
        }
        var points: [KeypointSet.Keypoint] = []
        points.reserveCapacity(list.count / 3)
        for start in stride(from: 0, to: list.count, by: 3) {
            guard let point = keypoint(list, start, bounds) else { return [] }
            points.append(point)
        }
        let marked = points.count { $0.visibility != .unlabeled }
        if let stated = self["num_keypoints"], stated.integer != Int64(marked) {
            findings.warning(
                .dataSetShapeInvalid, "\(stated.brief) keypoints are announced, \(marked) are marked",
                path: path("num_keypoints"), value: stated.brief, hint: "count those with a visibility of 1 or 2")
        }
        let seen = points.filter { $0.visibility != .unlabeled }.map(\.point)
        let base = path("keypoints")
        bounds.check(seen, path: base, &findings) { _ in base }
        return points
    }

    private mutating func keypoint(
        _ list: [JSONValue], _ start: Int, _ bounds: AnnotationBounds
    ) -> KeypointSet.Keypoint? {
        for index in start..<start + 2 {
            let path = "\(path("keypoints"))[\(index)]"
            guard let number = list[index].double else {
                invalid(list[index], path, expected: "a number")
                return nil
            }
            guard bounds.isSound(number, path: path, &findings) else { return nil }
        }
        let visibility = list[start + 2].integer.flatMap { Int(exactly: $0) }
        guard let visibility, let known = KeypointSet.Visibility(rawValue: visibility) else {
            invalid(list[start + 2], "\(path("keypoints"))[\(start + 2)]", expected: "a visibility: 0, 1 or 2")
            return nil
        }
        let point = Point(x: list[start].double ?? 0, y: list[start + 1].double ?? 0)
        return KeypointSet.Keypoint(point, known)
    }
}
