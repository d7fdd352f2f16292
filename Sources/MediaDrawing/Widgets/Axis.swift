import ImageCoding

/// A line with round numbers along one edge of a rectangle.
public struct Axis: Sendable {
    /// Along which edge it runs; the numbers stand outside.
    public enum Edge: String, Sendable, CaseIterable {
        /// The left edge, upwards.
        case left
        /// The right edge, upwards.
        case right
        /// The upper edge, to the right.
        case top
        /// The lower edge, to the right.
        case bottom

        /// Whether the axis runs from left to right.
        var isHorizontal: Bool { self == .top || self == .bottom }
    }

    /// The numbers at its beginning and at its end; the first may be the larger one.
    public var low: Double, high: Double
    /// How numbers are spread.
    public var scale: AxisScale
    /// How the numbers look; lines have the same colour.
    public var style: TextStyle

    /// Creates an axis.
    public init(from low: Double, to high: Double, scale: AxisScale = .linear, style: TextStyle) {
        self.low = low
        self.high = high
        self.scale = scale
        self.style = style
    }

    /// The numbers that an axis of this length has, in pixels, when none comes near to its neighbour.
    public func ticks(length: Double, along edge: Edge) -> AxisTicks {
        if !edge.isHorizontal { return most(length / (style.size * 2)) }
        // Wide numbers need more room, and how wide they are depends on how many there are.
        var count = length / (style.size * 2.5)
        while count > 2 {
            let ticks = most(count)
            let widest = ticks.ticks.reduce(0) { max($0, label($1).width) }
            if Double(ticks.ticks.count) * (widest + style.size) <= length { return ticks }
            count *= 0.7
        }
        return most(2)
    }

    /// How far the axis reaches out of its rectangle, in pixels.
    public func thickness(length: Double, along edge: Edge) -> Double {
        if edge.isHorizontal { return (tickLength + style.size * 0.25 + label(nil).height).rounded(.up) }
        let widest = ticks(length: length, along: edge).ticks.reduce(0) { max($0, label($1).width) }
        return (tickLength + style.size * 0.3 + widest).rounded(.up)
    }

    /// Draws the axis along an edge of a rectangle.
    public func draw(along edge: Edge, of rectangle: Rectangle, on canvas: inout Canvas) {
        let length = edge.isHorizontal ? rectangle.width : rectangle.height
        guard length > 0, style.canDraw else { return }
        for tick in ticks(length: length, along: edge).ticks {
            guard let position = scale.position(of: tick.value, from: low, to: high),
                (-1e-6...1.000001).contains(position)
            else { continue }
            draw(tick, at: position, edge, rectangle, on: &canvas)
        }
        drawLine(edge, rectangle, on: &canvas)
    }

    /// A tick is a third of a letter long and about a fifteenth of its size thick.
    private var tickLength: Double { (style.size / 3).rounded() }
    private var lineWidth: Double { max(1, (style.size / 15).rounded()) }

    private func most(_ count: Double) -> AxisTicks {
        AxisTicks(from: low, to: high, scale: scale, atMost: Int(min(max(2, count), 1000)))
    }

    private func label(_ tick: AxisTicks.Tick?) -> TextLayout {
        var style = style
        style.alignment = .left
        return TextLayout(tick?.label ?? "0", style: style)
    }

    private func draw(
        _ tick: AxisTicks.Tick, at position: Double, _ edge: Edge, _ box: Rectangle, on canvas: inout Canvas
    ) {
        let label = label(tick)
        let half = lineWidth / 2
        // Ticks lie on whole pixels, the outermost inside of the line's ends.
        if edge.isHorizontal {
            let x = min(max((box.minX + position * box.width - half).rounded(), box.minX), box.maxX - lineWidth)
            let y = edge == .bottom ? box.maxY : box.minY - tickLength
            canvas.fill(Rectangle(x: x, y: y, width: lineWidth, height: tickLength), color: style.color)
            let gap = style.size * 0.25
            let top = edge == .bottom ? y + tickLength + gap : y - gap - label.height
            canvas.draw(label, at: Point(x: x + half - label.width / 2, y: top))
        } else {
            let y = min(max((box.maxY - position * box.height - half).rounded(), box.minY), box.maxY - lineWidth)
            let x = edge == .right ? box.maxX : box.minX - tickLength
            canvas.fill(Rectangle(x: x, y: y, width: tickLength, height: lineWidth), color: style.color)
            let gap = style.size * 0.3
            let left = edge == .right ? x + tickLength + gap : x - gap - label.width
            let place = Rectangle(x: left, y: y + half - style.size, width: label.width, height: 2 * style.size)
            canvas.draw(label, in: place)
        }
    }

    private func drawLine(_ edge: Edge, _ box: Rectangle, on canvas: inout Canvas) {
        let line =
            switch edge {
            case .left: Rectangle(x: box.minX - lineWidth, y: box.minY, width: lineWidth, height: box.height)
            case .right: Rectangle(x: box.maxX, y: box.minY, width: lineWidth, height: box.height)
            case .top: Rectangle(x: box.minX, y: box.minY - lineWidth, width: box.width, height: lineWidth)
            case .bottom: Rectangle(x: box.minX, y: box.maxY, width: box.width, height: lineWidth)
            }
        canvas.fill(line, color: style.color)
    }
}
