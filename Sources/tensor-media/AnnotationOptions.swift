import ArgumentParser
import TensorMedia

/// How masks and boxes are read and drawn, and which are shown: shared by all that draw them.
struct AnnotationOptions: ParsableArguments {
    @Option(help: ArgumentHelp("How much of the colour of a mask is seen, 0 to 1; 0.5 if not given.", valueName: "n"))
    var opacity: Double?
    @Option(help: ArgumentHelp("How wide the edges of a mask's regions are, in pixels.", valueName: "pixels"))
    var outline: Int?
    @Flag(help: "Draw class 0 too, where it means background.")
    var background = false
    @Option(
        help: ArgumentHelp(
            "The colours of classes: \(CategoryPalette.all.map(\.name).joined(separator: ", ")).", valueName: "name"),
        completion: .list(CategoryPalette.all.map(\.name)))
    var palette: String?
    @Option(
        help: ArgumentHelp("Where the legend of masks stands: below (if not given), right, none.", valueName: "place"),
        completion: .list(OverlayStyle.LegendPlacement.allCases.map(\.rawValue)))
    var legend: String?
    @Option(
        help: ArgumentHelp("How thick lines are, in pixels; it goes with the picture if not given.", valueName: "n"))
    var stroke: Double?
    @Flag(help: "Draw no names and scores at boxes.")
    var noNames = false
    @Flag(help: "Bring masks of another size to that of the picture.")
    var resizeMasks = false
    @Flag(help: "Cut boxes at the edges of the picture; those that leave it are errors otherwise.")
    var clip = false
    @Flag(help: "Read boxes that do not say so themselves as pixels, not as fractions of the picture.")
    var pixels = false
    @Option(help: ArgumentHelp("Show this group; can be repeated.", valueName: "name"))
    var group: [String] = []
    @Option(help: ArgumentHelp("Do not show this group; can be repeated.", valueName: "name"))
    var hideGroup: [String] = []
    @Option(
        name: .customLong("class"),
        help: ArgumentHelp("Show this class, by name or number; can be repeated.", valueName: "class"))
    var classes: [String] = []
    @Option(help: ArgumentHelp("Do not show this class; can be repeated.", valueName: "class"))
    var hideClass: [String] = []
    @Option(
        help: ArgumentHelp(
            "Show boxes whose score fulfils this: 'acc>=0.5', with < <= > >= == or !=; can be repeated.",
            valueName: "condition"))
    var score: [String] = []

    /// Puts what was given into `settings`.
    func apply(to settings: inout AnnotationSettings) throws(MediaError) {
        if let opacity {
            guard opacity >= 0, opacity <= 1 else {
                throw MediaError(
                    .argumentInvalid, "an opacity of \(opacity)", hint: "use 0 to 1", at: .init(field: "--opacity"))
            }
            settings.opacity = opacity
        }
        if let outline {
            guard (0...MaskOverlay.widestOutline).contains(outline) else {
                throw MediaError(
                    .argumentInvalid, "an outline of \(outline) pixels", hint: "use 0 to \(MaskOverlay.widestOutline)",
                    at: .init(field: "--outline"))
            }
            settings.outline = outline
        }
        if let palette {
            guard CategoryPalette.named(palette) != nil else {
                throw MediaError(
                    .argumentInvalid, "there is no palette \"\(palette)\"",
                    hint: "choose one of " + CategoryPalette.all.map(\.name).joined(separator: ", "),
                    at: .init(field: "--palette"))
            }
            settings.palette = palette
        }
        if let legend {
            guard let place = OverlayStyle.LegendPlacement(rawValue: legend) else {
                throw MediaError(
                    .argumentInvalid, "a legend cannot stand at \"\(legend)\"", hint: "choose below, right or none",
                    at: .init(field: "--legend"))
            }
            settings.legend = place
        }
        if let stroke {
            guard stroke > 0, stroke <= 1000 else {
                throw MediaError(
                    .argumentInvalid, "lines of \(stroke) pixels", hint: "use more than 0, up to 1000",
                    at: .init(field: "--stroke"))
            }
            settings.strokeWidth = stroke
        }
        settings.showsBackground = background
        settings.showsNames = !noNames
        settings.resizesMasks = resizeMasks
        settings.clipsBoxes = clip
        settings.domain = pixels ? .pixel : .percentage
        settings.groups = group.isEmpty ? nil : Self.distinct(group)
        settings.hiddenGroups = Self.distinct(hideGroup)
        settings.classes = classes.isEmpty ? nil : Self.distinct(classes)
        settings.hiddenClasses = Self.distinct(hideClass)
        for text in score { settings.scores.append(try ScoreCondition(text)) }
    }

    private static func distinct(_ names: [String]) -> [String] { Set(names).sorted() }
}
