import MediaCore
import MediaDrawing

/// What coordinates on a picture may be: the rules that all formats share.
///
/// A coordinate that is not finite or further away than any picture reaches is an error. So is a box that has no size or
/// nothing on the picture; what sticks out of the picture is a warning.
struct AnnotationBounds {
    /// Where pictures end; a coordinate beyond is a mistake whatever the picture.
    static let farthest = 0x1p31
    /// How far outside a fraction may be without a word: numbers that went through 32-bit floats miss the edge by as much.
    static let fractionSlack = 1e-6
    /// How far outside a pixel may be without a word: COCO's own boxes are rounded to hundredths, and half a pixel is nobody's
    /// mistake.
    static let pixelSlack = 0.5

    let domain: BoundingBox.Domain
    /// The right and lower edge, as far as they are known.
    let width: Double?
    let height: Double?

    /// The bounds of fractions.
    static let fractions = AnnotationBounds(domain: .percentage, width: 1, height: 1)

    /// The bounds of pixels on a picture of this size.
    static func pixels(width: Int?, height: Int?) -> AnnotationBounds {
        AnnotationBounds(domain: .pixel, width: width.map(Double.init), height: height.map(Double.init))
    }

    private var slack: Double { domain == .percentage ? Self.fractionSlack : Self.pixelSlack }

    /// Whether a number can be a coordinate at all.
    func isSound(_ value: Double, path: @autoclosure () -> String, _ findings: inout EntryFindings) -> Bool {
        if value.magnitude <= Self.farthest { return true }
        if value.isFinite {
            findings.error(
                .valueOutOfRange, "\(value) is beyond every picture", path: path(), value: "\(value)",
                hint: "leave the annotation out")
        } else {
            findings.error(
                .valueNotFinite, "the coordinate is \(value)", path: path(), value: "\(value)",
                hint: "leave the annotation out")
        }
        return false
    }

    /// Whether a width, a height or a radius is above 0.
    func isSize(
        _ value: Double, _ name: String, path: @autoclosure () -> String, _ findings: inout EntryFindings
    ) -> Bool {
        guard isSound(value, path: path(), &findings) else { return false }
        if value > 0 { return true }
        if value < 0 {
            findings.error(
                .boxInverted, "the \(name) is \(value)", path: path(), value: "\(value)",
                hint: "give the size, a positive number")
        } else {
            findings.error(
                .boxEmpty, "the \(name) is 0", path: path(), value: "0", hint: "leave the annotation out")
        }
        return false
    }

    /// Looks where a sound box is; cuts one of fractions at the picture, which is all that fractions can say.
    func checked(
        _ box: Rectangle, path: @autoclosure () -> String, _ findings: inout EntryFindings
    ) -> Rectangle? {
        let picture = Rectangle(minX: 0, minY: 0, maxX: width ?? .infinity, maxY: height ?? .infinity)
        let inside = box.intersection(picture)
        guard !inside.isEmpty else {
            // A size below the distance of two doubles there is none.
            findings.error(
                .boxOutside, "nothing of the box is on the picture\(sizeText)", path: path(),
                value: text(box), hint: domain == .percentage ? pixelHint(box) : "check the size of the picture")
            return nil
        }
        let excess = max(
            max(inside.minX - box.minX, inside.minY - box.minY), max(box.maxX - inside.maxX, box.maxY - inside.maxY))
        if excess > slack {
            findings.warning(
                .boxOutside, "the box sticks out of the picture\(sizeText) by \(excess)", path: path(),
                value: text(box),
                hint: domain == .percentage && excess > 1 ? pixelHint(box) : "cut the box at the picture")
        }
        return domain == .percentage ? inside : box
    }

    /// Looks where sound points are; the first that is outside is named, with how many there are.
    func check(
        _ points: [Point], path: @autoclosure () -> String, _ findings: inout EntryFindings,
        pathOfPoint: (Int) -> String
    ) {
        var first: Int?
        var count = 0
        for (index, point) in points.enumerated() where !contains(point) {
            first = first ?? index
            count += 1
        }
        guard let first else { return }
        findings.warning(
            .pointOutside,
            "\(count) of \(points.count) points \(count == 1 ? "is" : "are") outside the picture\(sizeText), this one first",
            path: pathOfPoint(first), value: "\(points[first].x), \(points[first].y)",
            hint: domain == .percentage ? "fractions lie within 0…1" : "cut the outline at the picture")
    }

    /// The corners of a polygon, x and y by turns, looked at by the rules of ``MaskPolygon``; `nil` when it breaks one.
    func corners(
        _ numbers: [Double], path: String, _ findings: inout EntryFindings, pathOfNumber: (Int) -> String
    ) -> [Point]? {
        let report = MaskPolygon.validate(
            numbers, imageWidth: width.flatMap { Int(exactly: $0) }, imageHeight: height.flatMap { Int(exactly: $0) },
            path: "")
        for var finding in report.findings {
            // `[5]` for a number, nothing for the polygon itself.
            finding.path = Int(finding.path.dropFirst().dropLast()).map(pathOfNumber) ?? path
            findings.add(finding)
        }
        guard !report.hasErrors else { return nil }
        return stride(from: 0, to: numbers.count, by: 2).map { Point(x: numbers[$0], y: numbers[$0 + 1]) }
    }

    private func contains(_ point: Point) -> Bool {
        point.x >= -slack && point.y >= -slack && point.x <= (width ?? .infinity) + slack
            && point.y <= (height ?? .infinity) + slack
    }

    private var sizeText: String {
        guard domain == .pixel, let width, let height else { return "" }
        return " of \(Int(exactly: width) ?? 0)×\(Int(exactly: height) ?? 0)"
    }

    private func text(_ box: Rectangle) -> String { "x \(box.minX)…\(box.maxX), y \(box.minY)…\(box.maxY)" }

    private func pixelHint(_ box: Rectangle) -> String {
        box.maxX > 2 || box.maxY > 2 ? "divide pixels by the size of the picture" : "fractions lie within 0…1"
    }
}

extension Rectangle {
    /// The least rectangle around points; `nil` without points.
    init?(around points: some Sequence<Point>) {
        var result: Rectangle?
        for point in points {
            let spot = Rectangle(minX: point.x, minY: point.y, maxX: point.x, maxY: point.y)
            result = result?.union(spot) ?? spot
        }
        guard let result else { return nil }
        self = result
    }
}
