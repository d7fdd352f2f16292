import ImageCoding
public import MediaAnnotations
import MediaCore
import MediaDrawing

/// What is done with annotations: how they are read and drawn, and which are shown.
///
/// Plain values alone, so that two runs with the same settings can be recognised by their description.
public struct AnnotationSettings: Sendable, Hashable {
    /// Whether annotations beside an input are drawn on its pictures; they are inputs of their own otherwise.
    public var areDrawn = true
    /// How much of the colour of a mask is seen, 0…1.
    public var opacity = 0.5
    /// How wide the edges of the regions of a mask are, in pixels; 0 for none.
    public var outline = 0
    /// Whether class 0 is drawn even where it means background.
    public var showsBackground = false
    /// The name of the palette.
    public var palette = "distinct"
    /// Where the legend stands.
    public var legend = OverlayStyle.LegendPlacement.below
    /// The width of lines, in pixels; `nil` goes with the picture.
    public var strokeWidth: Double?
    /// Whether names stand at boxes, and scores behind them.
    public var showsNames = true, showsScores = true
    /// Whether masks of another size are brought to that of the picture.
    public var resizesMasks = false
    /// Whether boxes are cut at the edges of the picture.
    public var clipsBoxes = false
    /// What the numbers of boxes count that do not say so themselves.
    public var domain = BoundingBox.Domain.percentage
    /// The groups and classes that are shown, or `nil` for all, and those that are not. In order, each once.
    public var groups: [String]?, hiddenGroups: [String] = [], classes: [String]?, hiddenClasses: [String] = []
    /// What scores have to be.
    public var scores: [ScoreCondition] = []

    /// The defaults.
    public init() {}

    /// Which annotations are shown.
    var filter: AnnotationFilter {
        var filter = AnnotationFilter()
        filter.groups = groups.map { Set($0) }
        filter.hiddenGroups = Set(hiddenGroups)
        filter.classes = classes.map { Set($0) }
        filter.hiddenClasses = Set(hiddenClasses)
        filter.scores = scores
        return filter
    }

    /// How they look.
    ///
    /// - Throws: `argument.invalid` for a palette that there is not.
    func style(typeface: any Typeface) throws(MediaError) -> OverlayStyle {
        guard let palette = CategoryPalette.named(palette) else {
            throw MediaError(
                .argumentInvalid, "there is no palette \"\(palette)\"",
                hint: "choose one of " + CategoryPalette.all.map(\.name).joined(separator: ", "),
                at: .init(field: "palette"))
        }
        var shapes = ShapeDrawing()
        shapes.palette = palette
        shapes.typeface = typeface
        shapes.lineWidth = strokeWidth
        shapes.chips = showsNames ? (showsScores ? [.names, .scores] : [.names]) : []
        return OverlayStyle(
            masks: .init(opacity: opacity, outline: outline, classes: showsBackground ? .all : .automatic),
            shapes: shapes, legend: legend)
    }
}
