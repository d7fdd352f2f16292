public import ImageCoding

/// The colours of a picture of numbers, with the numbers that they stand for.
public struct RangeBar: Decoration {
    /// The numbers at both ends of the colours; the first may be the larger one.
    public var low: Double, high: Double
    /// The colours, from the one of ``low`` to that of ``high``.
    public var colors: [Palette.Color]
    /// How numbers are spread over the colours.
    public var scale: AxisScale
    /// Whether there are numbers beyond the ends, which have the colours of the ends: that end is a tip.
    public var hasBelow = false, hasAbove = false
    /// The colour of what is no number, shown at the foot with the word `NaN`; `nil` shows nothing.
    public var notFinite: Palette.Color?
    /// To the right of the picture, upwards, or below it, to the right.
    public var side: DecorationSide
    /// How the numbers look.
    public var style: TextStyle
    /// The colour behind it.
    public var background: Palette.Color

    /// Creates a bar.
    public init(
        from low: Double, to high: Double, colors: ColorMap = .gray, scale: AxisScale = .linear,
        side: DecorationSide = .right, style: TextStyle, background: Palette.Color = .white
    ) {
        self.low = low
        self.high = high
        self.colors = colors.palette.colors
        self.scale = scale
        self.side = side
        self.style = style
        self.background = background
    }

    /// As long as the picture, and nine ems at least, so that three numbers have room.
    public func size(beside picture: Size) -> Size {
        switch side {
        case .right:
            let height = max(picture.height, 9 * style.size).rounded(.up)
            let bar = bar(in: Rectangle(x: 0, y: 0, width: 0, height: height))
            let axis = max(axis.thickness(length: bar.height, along: .right), foot == 0 ? 0 : 3 * style.size)
            return Size(width: margin + thickness + axis + margin, height: height)
        case .below, .above:
            let height = margin + thickness + axis.thickness(length: picture.width, along: .bottom) + margin / 2
            return Size(width: max(picture.width, 9 * style.size).rounded(.up), height: height.rounded(.up))
        }
    }

    /// Draws the bar and its numbers.
    public func draw(in rectangle: Rectangle, on canvas: inout Canvas) {
        let bar = bar(in: rectangle)
        guard !bar.isEmpty, !colors.isEmpty else { return }
        let line = max(1, (style.size / 15).rounded())
        drawColors(in: bar, on: &canvas)
        canvas.stroke(outline(of: bar.inset(by: -line / 2)), width: line, color: style.color)
        axis.draw(along: side == .right ? .right : .bottom, of: bar, on: &canvas)
        if let notFinite { drawFoot(notFinite, bar, line, on: &canvas) }
    }

    private var axis: Axis { Axis(from: low, to: high, scale: scale, style: style) }
    private var margin: Double { (style.size * 0.75).rounded() }
    private var thickness: Double { (style.size * 1.25).rounded() }
    /// What the tips take of the length.
    private func tip(_ isThere: Bool) -> Double { isThere ? (style.size * 0.8).rounded() : 0 }
    /// What the mark of what is no number takes of the length.
    private var foot: Double { notFinite == nil ? 0 : (style.size * 1.75).rounded() }

    /// Where the colours are, without tips; half a line is left for the numbers at the ends.
    private func bar(in box: Rectangle) -> Rectangle {
        switch side {
        case .right:
            Rectangle(
                minX: box.minX + margin, minY: box.minY + margin + tip(hasAbove), maxX: box.minX + margin + thickness,
                maxY: box.maxY - margin - tip(hasBelow) - foot)
        case .below, .above:
            Rectangle(
                minX: box.minX + 2 * margin + tip(hasBelow) + foot, minY: box.minY + margin,
                maxX: box.maxX - 2 * margin - tip(hasAbove), maxY: box.minY + margin + thickness)
        }
    }

    /// One rectangle per color, between whole pixels, so that none shines through between two.
    private func drawColors(in bar: Rectangle, on canvas: inout Canvas) {
        let length = side == .right ? bar.height : bar.width
        func edge(_ index: Int) -> Double { (length * Double(index) / Double(colors.count)).rounded() }
        for (index, color) in colors.enumerated() where edge(index) < edge(index + 1) {
            let part =
                side == .right
                ? Rectangle(
                    minX: bar.minX, minY: bar.maxY - edge(index + 1), maxX: bar.maxX, maxY: bar.maxY - edge(index))
                : Rectangle(
                    minX: bar.minX + edge(index), minY: bar.minY, maxX: bar.minX + edge(index + 1), maxY: bar.maxY)
            canvas.fill(part, color: color)
        }
        if hasBelow, let color = colors.first { canvas.fill(tipPath(of: bar, isAbove: false), color: color) }
        if hasAbove, let color = colors.last { canvas.fill(tipPath(of: bar, isAbove: true), color: color) }
    }

    private func tipPath(of bar: Rectangle, isAbove: Bool) -> Path {
        let points =
            switch (side, isAbove) {
            case (.right, true):
                [
                    Point(x: bar.minX, y: bar.minY), Point(x: bar.center.x, y: bar.minY - tip(true)),
                    Point(x: bar.maxX, y: bar.minY),
                ]
            case (.right, false):
                [
                    Point(x: bar.maxX, y: bar.maxY), Point(x: bar.center.x, y: bar.maxY + tip(true)),
                    Point(x: bar.minX, y: bar.maxY),
                ]
            case (.below, true), (.above, true):
                [
                    Point(x: bar.maxX, y: bar.minY), Point(x: bar.maxX + tip(true), y: bar.center.y),
                    Point(x: bar.maxX, y: bar.maxY),
                ]
            case (.below, false), (.above, false):
                [
                    Point(x: bar.minX, y: bar.maxY), Point(x: bar.minX - tip(true), y: bar.center.y),
                    Point(x: bar.minX, y: bar.minY),
                ]
            }
        return Path(through: points, isClosed: true)
    }

    /// The border around colours and tips.
    private func outline(of bar: Rectangle) -> Path {
        let above = hasAbove ? tipPath(of: bar, isAbove: true).points : []
        let below = hasBelow ? tipPath(of: bar, isAbove: false).points : []
        let corners = Path(bar).points
        switch side {
        case .right:
            return Path(
                through: (above.isEmpty ? [corners[0], corners[1]] : above)
                    + (below.isEmpty ? [corners[2], corners[3]] : below), isClosed: true)
        case .below, .above:
            return Path(
                through: (above.isEmpty ? [corners[1], corners[2]] : above)
                    + (below.isEmpty ? [corners[3], corners[0]] : below), isClosed: true)
        }
    }

    private func drawFoot(_ color: Palette.Color, _ bar: Rectangle, _ line: Double, on canvas: inout Canvas) {
        let size = style.size.rounded()
        let box =
            side == .right
            ? Rectangle(
                x: bar.minX, y: bar.maxY + tip(hasBelow) + foot - size, width: bar.width, height: size)
            : Rectangle(x: bar.minX - tip(hasBelow) - foot, y: bar.minY, width: size, height: bar.height)
        canvas.fill(box, color: color)
        canvas.stroke(box.inset(by: -line / 2), width: line, color: style.color)
        var style = style
        style.alignment = side == .right ? .left : .center
        let label = TextLayout("NaN", style: style)
        if side == .right {
            let left = box.maxX + (style.size * 0.63).rounded()
            canvas.draw(label, in: Rectangle(x: left, y: box.minY, width: label.width, height: box.height))
        } else {
            canvas.draw(label, at: Point(x: box.center.x - label.width / 2, y: box.maxY + style.size * 0.58))
        }
    }
}
