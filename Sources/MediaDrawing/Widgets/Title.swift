public import ImageCoding

/// A line of text above a picture; what does not fit ends with `…`.
public struct Title: Decoration {
    /// The text.
    public var text: String
    /// How it looks. Its alignment says where the text stands.
    public var style: TextStyle
    /// The colour behind it.
    public var background: Palette.Color
    /// How wide it is at the least, for titles of pictures that stand side by side; see ``width(of:style:)``.
    public var leastWidth: Double

    /// Creates a title.
    public init(
        _ text: String, style: TextStyle, background: Palette.Color = .white, leastWidth: Double = 0
    ) {
        self.text = text
        self.style = style
        self.background = background
        self.leastWidth = leastWidth
    }

    /// Above the picture.
    public var side: DecorationSide { .above }

    /// As wide as the picture, and a line high.
    public func size(beside picture: Size) -> Size {
        Size(
            width: max(picture.width, leastWidth).rounded(.up),
            height: (TextLayout("Xg", style: style).height + style.size / 2).rounded(.up))
    }

    /// How wide pictures have to be to show the longest of these titles whole, up to six ems, in pixels.
    public static func width(of titles: [String], style: TextStyle) -> Double {
        let widest = titles.map { TextLayout($0, style: style).width }.max() ?? 0
        return min(widest + style.size, 6 * style.size).rounded(.up)
    }

    /// Draws the text into a rectangle.
    public func draw(in rectangle: Rectangle, on canvas: inout Canvas) {
        let margin = style.size / 2
        let layout = TextLayout(text, style: style, maxWidth: max(1, rectangle.width - 2 * margin), maxLines: 1)
        let x =
            switch style.alignment {
            case .left: rectangle.minX + margin
            case .center: rectangle.center.x - layout.width / 2
            case .right: rectangle.maxX - margin - layout.width
            }
        canvas.draw(layout, at: Point(x: x, y: rectangle.minY + (margin / 2).rounded()))
    }
}
