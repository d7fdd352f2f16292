public import ImageCoding
public import MediaCore

/// Something that stands beside a picture, on pixels of its own: a title, a caption, a legend, a range bar.
public protocol Decoration: Sendable {
    /// On which side of the picture it stands.
    var side: DecorationSide { get }
    /// The colour behind it.
    var background: Palette.Color { get }
    /// How much room it takes beside a picture, in whole pixels. Along the picture it may ask for more than the picture has:
    /// small pictures get something legible.
    func size(beside picture: Size) -> Size
    /// Draws it in a rectangle, of the size that it asked for.
    func draw(in rectangle: Rectangle, on canvas: inout Canvas)
}

/// Where a decoration stands.
public enum DecorationSide: String, Sendable, CaseIterable {
    /// To the right of the picture.
    case right
    /// Below the picture.
    case below
    /// Above the picture, which moves down.
    case above
}

extension Canvas {
    /// A larger picture with a decoration beside another one.
    ///
    /// The pixels of the picture stay what they are, on the left, and at the top unless the decoration stands there: nothing
    /// is resized. Where the
    /// decoration is longer than the picture, its background fills what is beside them.
    /// - Throws: what ``init(over:)`` throws; `argument.invalid` when the result would be absurdly large.
    public init(over picture: any PixelSource, with decoration: some Decoration) throws(MediaError) {
        let inner = try Canvas(over: picture)
        let size = decoration.size(beside: Size(width: Double(inner.width), height: Double(inner.height)))
        guard let width = Int(exactly: size.width.rounded(.up)), let height = Int(exactly: size.height.rounded(.up)),
            width >= 0, height >= 0
        else {
            throw MediaError(
                .argumentInvalid, "a decoration of \(size.width) × \(size.height) pixels", at: .init(field: "size"))
        }
        var insets = EdgeInsets()
        let place: Rectangle
        switch decoration.side {
        case .right:
            insets.right = width
            insets.bottom = max(0, height - inner.height)
            place = Rectangle(
                x: Double(inner.width), y: 0, width: Double(width), height: Double(inner.height + insets.bottom))
        case .below:
            insets.bottom = height
            insets.right = max(0, width - inner.width)
            place = Rectangle(
                x: 0, y: Double(inner.height), width: Double(inner.width + insets.right), height: Double(height))
        case .above:
            insets.top = height
            insets.right = max(0, width - inner.width)
            place = Rectangle(x: 0, y: 0, width: Double(inner.width + insets.right), height: Double(height))
        }
        let padded = try PaddedSource(inner, insets: insets, with: .color(decoration.background))
        try self.init(over: padded)
        decoration.draw(in: place, on: &self)
    }
}
