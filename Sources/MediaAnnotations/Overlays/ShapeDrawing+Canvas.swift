import ImageCoding
import MediaDrawing

/// A thing that is drawn, whatever its kind: in pixels, with its colour and the text of its chip.
struct DrawnShape {
    enum Outline {
        case rectangle(Rectangle)
        case path(Path, isClosed: Bool)
    }

    var outline: Outline
    /// What the chip stands beside.
    var bounds: Rectangle
    /// Points that are drawn over the outline.
    var points: [KeypointSet.Keypoint] = []
    var color = Palette.Color.black
    /// The pattern of the line, by the number of the group.
    var pattern = 0
    var text = ""

    /// A shape on a picture; `nil` for keypoints of which none is known.
    init?(_ shape: AnnotationShape, in size: ImageSize) {
        bounds = shape.bounds(in: size)
        switch shape {
        case .box(let box): outline = .rectangle(box.rectangle(in: size))
        case .oriented(let box): outline = .path(box.path(in: size), isClosed: true)
        case .polygon(let polygon): outline = .path(polygon.path(in: size), isClosed: true)
        case .keypoints(let set):
            outline = .path(set.path(in: size), isClosed: false)
            points = set.places(in: size)
            guard !points.isEmpty else { return nil }
        }
    }
}

extension ShapeDrawing {
    /// Lines first, then chips: no line runs through a caption.
    func draw(_ shapes: [DrawnShape], on canvas: inout Canvas) -> Report {
        var report = Report()
        let width = lineWidth ?? max(1.5, Double(min(canvas.width, canvas.height)) / 300)
        for shape in shapes { draw(shape, width: width, on: &canvas) }
        report.shapes = shapes.count
        report.droppedChips = drawChips(of: shapes, lineWidth: width, on: &canvas)
        return report
    }

    private func draw(_ shape: DrawnShape, width: Double, on canvas: inout Canvas) {
        let style = StrokeStyle(width: width, cap: .butt, join: .miter, dashes: Self.dashes(shape.pattern, width))
        // A byte of opacity; a share that is no number is none.
        let share = min(max(fillOpacity, 0), 1) * Double(shape.color.alpha)
        var tint = shape.color
        tint.alpha = share > 0 ? UInt8(share.rounded()) : 0
        switch shape.outline {
        case .rectangle(let rectangle):
            if tint.alpha > 0 { canvas.fill(rectangle, color: tint) }
            if style.dashes.isEmpty {
                canvas.stroke(rectangle, width: width, color: shape.color)
            } else {
                canvas.stroke(Path(rectangle), style: style, color: shape.color)
            }
        case .path(let path, let isClosed):
            if tint.alpha > 0, isClosed { canvas.fill(path, color: tint) }
            if !path.isEmpty { canvas.stroke(path, style: style, color: shape.color) }
        }
        for keypoint in shape.points {
            let radius = width * 1.5
            if keypoint.visibility == .visible {
                canvas.fillDisc(at: keypoint.point, radius: radius, color: shape.color)
            } else {
                canvas.strokeCircle(
                    at: keypoint.point, radius: radius - width / 4, width: width / 2, color: shape.color)
            }
        }
    }

    /// The pattern of lines of a group: none for the first.
    private static func dashes(_ group: Int, _ width: Double) -> [Double] {
        let patterns: [[Double]] = [[5, 3], [1.5, 1.5], [7, 2, 1.5, 2]]
        return group == 0 ? [] : patterns[(group - 1) % patterns.count].map { $0 * width }
    }

    // MARK: Chips

    /// Draws the chips that there is a place for, and says how many there were not.
    private func drawChips(of shapes: [DrawnShape], lineWidth: Double, on canvas: inout Canvas) -> Int {
        let size = textSize ?? TextStyle.size(forPictureOf: canvas.width, canvas.height)
        let captioned = shapes.filter { !$0.text.isEmpty }
        // On a picture that is not four times as high as a chip, chips would hide what they are about.
        guard Double(min(canvas.width, canvas.height)) >= size * 5 else { return captioned.count }
        // What is beyond the limit has no place anyway, and laying text out takes time.
        let layouts = captioned.prefix(max(0, mostChips)).map { shape in
            TextLayout(
                shape.text, style: TextStyle(typeface: typeface, size: size, color: shape.color.readableInk),
                maxLines: 1)
        }
        let padding = (size / 4).rounded(.up)
        let labels = zip(captioned, layouts).map { shape, layout in
            ChipLayout.Label(
                box: shape.bounds.inset(by: -lineWidth / 2).intersection(canvas.bounds),
                width: layout.width.rounded(.up) + 2 * padding,
                height: (layout.capHeight * 1.4 + 2).rounded(.up) + padding)
        }
        let places = ChipLayout(labels, in: canvas.bounds)
        for index in labels.indices {
            guard let place = places.places[index] else { continue }
            let chip = Rectangle(
                x: place.minX.rounded(.down), y: place.minY.rounded(.down), width: place.width, height: place.height)
            var color = captioned[index].color
            color.alpha = 255
            canvas.fill(chip, color: color, cornerRadius: (padding / 2).rounded())
            canvas.draw(
                layouts[index],
                in: Rectangle(minX: chip.minX + padding, minY: chip.minY, maxX: chip.maxX, maxY: chip.maxY))
        }
        return places.dropped + captioned.count - labels.count
    }
}
