public import MediaCore
import MediaDrawing

extension DataSetAnnotation {
    /// The pixels of the shape on a picture; `nil` when there is none with an inside.
    ///
    /// A circle is taken for the polygon of 128 corners on it.
    ///
    /// - Parameters:
    ///   - width: The width of the picture in pixels.
    ///   - height: Its height.
    ///   - limits: How large it may be.
    /// - Throws: what ``RunLengths/init(polygons:width:height:limits:)`` throws; `mask.size` for runs of another size.
    public func region(width: Int, height: Int, limits: Limits = .default) throws(MediaError) -> RunLengths? {
        switch shape {
        case .polygons(let polygons)?:
            let scale = domain == .pixel ? Point(x: 1, y: 1) : Point(x: Double(width), y: Double(height))
            let numbers = polygons.map { $0.flatMap { [$0.x * scale.x, $0.y * scale.y] } }
            return try RunLengths(polygons: numbers, width: width, height: height, limits: limits)
        case .circle(let center, let radius)?:
            let numbers = Self.corners(around: center, radius: radius).flatMap { [$0.x, $0.y] }
            return try RunLengths(polygon: numbers, width: width, height: height, limits: limits)
        case .runs(let runs)?:
            guard runs.width == width, runs.height == height else {
                throw MediaError(
                    .maskSize,
                    "the runs are of \(runs.width)×\(runs.height) pixels, the picture has \(width)×\(height)",
                    hint: "give the size that the annotations are for", at: .init(field: place))
            }
            return runs
        case .line?, .points?, nil: return nil
        }
    }

    /// The corners of the polygon that is taken for a circle.
    static func corners(around center: Point, radius: Double) -> [Point] { directions.map { center + $0 * radius } }

    /// The directions to the corners of a polygon of 128, by halving angles: the same on every machine.
    private static let directions: [Point] = {
        var directions = [Point(x: 1, y: 0), Point(x: 0, y: 1), Point(x: -1, y: 0), Point(x: 0, y: -1)]
        while directions.count < 128 {
            directions = directions.indices.flatMap { index -> [Point] in
                let sum = directions[index] + directions[(index + 1) % directions.count]
                return [directions[index], sum * (1 / sum.length)]
            }
        }
        return directions
    }()
}

extension DataSetImage {
    /// The shapes of all annotations as a mask of their classes, made when it is asked for; `nil` when none has an inside.
    ///
    /// Annotations are painted in their order, so a later one hides an earlier one. What no shape covers is class 0.
    ///
    /// - Parameters:
    ///   - labels: The names of classes, as the walk has them.
    ///   - limits: How large the mask may be.
    /// - Throws: `argument.invalid` when the size of the picture is unknown; what ``MaskBuilder`` throws, `mask.id-range` for
    ///   classes beyond 65,535 above all.
    public func mask(labels: ClassLabels? = nil, limits: Limits = .default) throws(MediaError) -> SegmentationMask? {
        guard annotations.contains(where: { $0.shape != nil }) else { return nil }
        guard let width, let height else {
            throw MediaError(
                .argumentInvalid, "the size of the picture is unknown",
                hint: "give the pictures beside the annotations",
                at: .init(file: file, field: name))
        }
        var builder: MaskBuilder?
        for annotation in annotations {
            do throws(MediaError) {
                guard let region = try annotation.region(width: width, height: height, limits: limits) else { continue }
                if builder == nil { builder = try MaskBuilder(width: width, height: height, limits: limits) }
                try builder?.paint(region, class: annotation.classID)
            } catch { throw error.inField(annotation.place) }
        }
        return try builder?.mask(labels: labels)
    }
}
