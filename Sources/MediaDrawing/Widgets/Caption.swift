public import ImageCoding

/// Text below a picture, broken into lines where it is wider.
public struct Caption: Decoration {
    /// The text.
    public var text: String
    /// How it looks.
    public var style: TextStyle
    /// The colour behind it.
    public var background: Palette.Color
    /// How many lines there may be; what goes beyond is cut off.
    public var maxLines: Int

    /// Creates a caption.
    public init(_ text: String, style: TextStyle, background: Palette.Color = .white, maxLines: Int = 12) {
        self.text = text
        self.style = style
        self.background = background
        self.maxLines = maxLines
    }

    /// Below the picture.
    public var side: DecorationSide { .below }

    /// As wide as the picture; below a picture narrower than twenty ems as wide as the text, up to that.
    public func size(beside picture: Size) -> Size {
        let natural = TextLayout(text, style: style).width + 2 * margin
        let width = max(picture.width, min(natural, 20 * style.size)).rounded(.up)
        return Size(width: width, height: (layout(in: width).height + 1.2 * margin).rounded(.up))
    }

    /// Draws the text into a rectangle, from its top.
    public func draw(in rectangle: Rectangle, on canvas: inout Canvas) {
        let layout = layout(in: rectangle.width)
        let x =
            switch style.alignment {
            case .left: rectangle.minX + margin
            case .center: rectangle.center.x - layout.width / 2
            case .right: rectangle.maxX - margin - layout.width
            }
        canvas.draw(layout, at: Point(x: x, y: rectangle.minY + (0.6 * margin).rounded()))
    }

    /// Left and right of the text; a little more than half of that above and below, where lines bring room of their own.
    private var margin: Double { (style.size / 2).rounded() }

    private func layout(in width: Double) -> TextLayout {
        TextLayout(text, style: style, maxWidth: max(1, width - 2 * margin), maxLines: maxLines)
    }
}
