public import MediaCore

/// The validation of polygons: x and y of each corner by turns, in pixels, the last corner joined to the first.
public enum MaskPolygon {
    /// Coordinates beyond this are refused: no picture is as large, and the arithmetic in fifths of a pixel stays exact.
    static let mostCoordinate = 67_108_864.0

    /// Everything that is wrong with a polygon, or odd.
    ///
    /// Errors: `polygon.odd` (an x without its y), `polygon.short` (fewer than 3 corners), `polygon.not-finite`,
    /// `polygon.range` (beyond ±2²⁶). Warnings: `polygon.outside` (corners outside the picture), `polygon.area` (it encloses
    /// nothing), `polygon.self-intersecting` with the edges and the place of the first crossing, and `polygon.unchecked` where
    /// looking for crossings was given up because too many edges lie close together. Of each kind there is one finding with
    /// the number of places.
    ///
    /// - Parameters:
    ///   - polygon: x0, y0, x1, y1, …
    ///   - imageWidth: the width of the picture; `nil` compares nothing.
    ///   - imageHeight: its height.
    ///   - path: what paths of findings begin with: `segmentation[0]`.
    public static func validate(
        _ polygon: [Double], imageWidth: Int? = nil, imageHeight: Int? = nil, path: String = "polygon"
    ) -> ValidationReport {
        var report = check(polygon, path: path)
        guard !report.hasErrors else { return report }
        addOutside(polygon, imageWidth, imageHeight, path, to: &report)
        if doubleArea(polygon) == 0 {
            report.add(
                .warning(.polygonArea, "the polygon encloses no area", path: path, hint: "check its corners"))
        }
        let search = PolygonCrossings(polygon)
        if let (first, second, x, y) = search.first {
            report.add(
                .warning(
                    .polygonSelfIntersecting,
                    "edges \(first) and \(second) cross near (\(hundredths(x)), \(hundredths(y)))"
                        + (search.count > 1 ? " (and \(search.count - 1) more crossings)" : ""),
                    path: "\(path)[\(2 * first)]", value: String(search.count),
                    hint: "what it covers twice counts as outside; split it into parts"))
        }
        if search.isIncomplete {
            report.add(
                .warning(
                    .polygonUnchecked, "\(polygon.count / 2) edges lie too close together to look for all crossings",
                    path: path, hint: "use fewer corners"))
        }
        return report
    }

    /// What makes a polygon unusable.
    static func check(_ polygon: [Double], path: String) -> ValidationReport {
        var report = ValidationReport()
        if polygon.count % 2 == 1 {
            report.add(
                .error(
                    .polygonOdd, "\(polygon.count) numbers, an x without its y", path: path,
                    value: String(polygon.count),
                    hint: "give x and y of each corner"))
        } else if polygon.count < 6 {
            report.add(
                .error(
                    .polygonShort, "\(polygon.count / 2) corners, a polygon has at least 3", path: path,
                    value: String(polygon.count / 2), hint: "leave it out, or give a box as a box"))
        }
        var notFinite = Offence()
        var tooFar = Offence()
        for (index, value) in polygon.enumerated() {
            if !value.isFinite {
                notFinite.add(at: index, "\(value)")
            } else if abs(value) > mostCoordinate {
                tooFar.add(at: index, "\(value)")
            }
        }
        for (offence, code, what) in [
            (notFinite, MediaError.Code.polygonNotFinite, "not finite"),
            (tooFar, .polygonRange, "farther out than any picture"),
        ] where offence.count > 0 {
            report.add(
                .error(
                    code, "\(offence.value) is \(what)" + (offence.count > 1 ? " (and \(offence.count - 1) more)" : ""),
                    path: "\(path)[\(offence.first)]", value: offence.value, hint: "coordinates are pixels"))
        }
        return report
    }

    private static func addOutside(
        _ polygon: [Double], _ width: Int?, _ height: Int?, _ path: String, to report: inout ValidationReport
    ) {
        var outside = Offence()
        for (index, value) in polygon.enumerated() {
            guard let most = index % 2 == 0 ? width : height else { continue }
            if value < 0 || value > Double(most) { outside.add(at: index, "\(value)") }
        }
        guard outside.count > 0 else { return }
        let isX = outside.first % 2 == 0
        report.add(
            .warning(
                .polygonOutside,
                "\(isX ? "x" : "y") \(outside.value) is outside 0…\((isX ? width : height) ?? 0)"
                    + (outside.count > 1 ? " (and \(outside.count - 1) more coordinates)" : ""),
                path: "\(path)[\(outside.first)]", value: outside.value, hint: "it is cut at the picture"))
    }

    private static func hundredths(_ value: Double) -> Double { (value * 100).rounded() / 100 }

    /// Twice the area, with the sign of the direction.
    private static func doubleArea(_ polygon: [Double]) -> Double {
        var sum = 0.0
        let corners = polygon.count / 2
        // From the first corner, so that polygons far out lose no digits.
        let (originX, originY) = (polygon[0], polygon[1])
        for corner in 1..<(corners - 1) {
            let (ax, ay) = (polygon[2 * corner] - originX, polygon[2 * corner + 1] - originY)
            let (bx, by) = (polygon[2 * corner + 2] - originX, polygon[2 * corner + 3] - originY)
            sum += ax * by - ay * bx
        }
        return sum
    }
}

extension MediaError.Code {
    /// A polygon has an x without its y.
    public static let polygonOdd: Self = "polygon.odd"
    /// A polygon has fewer than three corners.
    public static let polygonShort: Self = "polygon.short"
    /// A coordinate of a polygon is NaN or infinite.
    public static let polygonNotFinite: Self = "polygon.not-finite"
    /// A coordinate of a polygon is farther out than any picture.
    public static let polygonRange: Self = "polygon.range"
    /// A corner of a polygon is outside the picture.
    public static let polygonOutside: Self = "polygon.outside"
    /// A polygon encloses nothing.
    public static let polygonArea: Self = "polygon.area"
    /// Edges of a polygon cross.
    public static let polygonSelfIntersecting: Self = "polygon.self-intersecting"
    /// Whether the edges of a polygon cross would take too long to find out.
    public static let polygonUnchecked: Self = "polygon.unchecked"
}
