import MediaDrawing

/// How annotations look on a picture.
public struct OverlayStyle: Sendable {
    /// Where the legend of the classes of masks stands.
    public enum LegendPlacement: String, Sendable, CaseIterable {
        /// There is none.
        case none
        /// On a strip below the picture.
        case below
        /// On a strip to its right.
        case right
    }

    /// How masks are drawn, and which of their classes.
    public var masks: MaskOverlay.Style
    /// How boxes and other shapes are drawn; its palette, typeface and size of text are those of masks and legend too.
    public var shapes: ShapeDrawing
    /// Where the legend of masks stands.
    public var legend: LegendPlacement

    /// Creates a style.
    public init(
        masks: MaskOverlay.Style = MaskOverlay.Style(), shapes: ShapeDrawing = ShapeDrawing(),
        legend: LegendPlacement = .below
    ) {
        self.masks = masks
        self.shapes = shapes
        self.legend = legend
    }

    /// Text on a picture.
    package func textStyle(on size: ImageSize) -> TextStyle {
        TextStyle(
            typeface: shapes.typeface, size: shapes.textSize ?? TextStyle.size(forPictureOf: size.width, size.height))
    }
}
