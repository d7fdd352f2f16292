public import MediaCore
import MediaDrawing

extension MediaError.Code {
    /// A shape has too few points, or no area.
    public static let shapeEmpty: Self = "shape.empty"
    /// A skeleton joins a point that it does not have.
    public static let skeletonInvalid: Self = "skeleton.invalid"
}

/// What shapes of all kinds have in common: points that are numbers and, as fractions, lie on the picture.
enum AnnotationRules {
    /// Adds what is wrong with a point.
    static func point(
        _ point: Point, _ domain: BoundingBox.Domain, path: String, into report: inout ValidationReport
    ) {
        for (name, value) in [("x", point.x), ("y", point.y)] {
            let place = "\(path).\(name)"
            if !value.isFinite {
                report.add(
                    .error,
                    .error(
                        .valueNotFinite, "\(name) is \(value)", path: place, value: "\(value)", hint: "leave it out"))
            } else if domain == .percentage, !(-BoxRules.tolerance...1 + BoxRules.tolerance).contains(value) {
                report.add(
                    .error,
                    .error(
                        .boxOutside, "\(name) \(value) is outside 0…1", path: place, value: "\(value)",
                        hint: value.magnitude > 2
                            ? "pass domain: .pixel for pixel coordinates" : "move it onto the image"))
            } else if value.magnitude > BoxRules.farthest {
                report.add(
                    .error,
                    .error(
                        .valueOutOfRange, "\(name) \(value) is no pixel of any picture", path: place,
                        value: "\(value)", hint: "leave it out"))
            }
        }
    }

    /// Adds what is wrong with a size.
    static func size(_ name: String, _ value: Double, into report: inout ValidationReport) {
        guard !(value > 0 && value <= BoxRules.farthest) else { return }
        report.add(
            .error(
                value.isFinite ? (value > 0 ? .valueOutOfRange : .boxEmpty) : .valueNotFinite, "\(name) is \(value)",
                path: name, value: "\(value)", hint: "give a size above 0"))
    }
}

extension Point {
    /// The point in pixels.
    func inPixels(_ domain: BoundingBox.Domain, of size: ImageSize) -> Point {
        domain == .pixel ? self : Point(x: x * Double(size.width), y: y * Double(size.height))
    }
}
