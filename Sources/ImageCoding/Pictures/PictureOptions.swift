public import MediaCore

/// What the numbers of a tensor show.
public enum PictureKind: String, Sendable, Hashable, CaseIterable {
    /// Lightness or colours.
    case image
    /// Class ids, 0…255: every id gets a colour of its own.
    case labels
    /// Optical flow: two channels, displacement in x and y; direction is hue, length is saturation.
    case flow
    /// Surface normals: three channels, −1…1.
    case normals
    /// A positive scalar field on a logarithmic scale, colour-mapped: depth of outdoor scenes.
    case logDepth = "log-depth"
    /// A positive scalar field as 1 ÷ value, colour-mapped: near things get most of the colours.
    case inverseDepth = "inverse-depth"
}

/// How a tensor becomes a picture, or several.
///
/// Everything may be left out: the defaults are the documented rules, and what was inferred is in the report.
public struct PictureOptions: Sendable {
    /// What the numbers show.
    public var kind: PictureKind = .image
    /// What the axes mean; `nil` infers it from the shape.
    public var layout: ImageLayout?
    /// How numbers become samples.
    public var mapping: ValueMapping = .automatic
    /// The format of the finished picture; `nil` takes what the tensor needs.
    public var mode: PixelMode?
    /// 16 for samples of 16 bits from any type, 8 to narrow `uint16`; `nil` takes what loses nothing.
    public var bits: Int?
    /// Colours for scalar fields; `nil` leaves them gray.
    public var colorMap: ColorMap?
    /// The longest side of the finished picture, in pixels; larger ones are made smaller, labels by their nearest pixel.
    public var maxSide: Int?
    /// Puts the pictures of a batch side by side.
    public var grid: GridOptions?
    /// Whether guesses and losses are reported or refused.
    public var strictness: Strictness = .report
    /// Whose rules decide: ours, or those of a wandb version.
    public var compatibility: Compatibility = .standard
    /// The kind of file that the picture is for; only the wandb rules ask, which drop opacity for JPEG.
    public var fileType: ImageFileType = .png

    /// The defaults.
    public init() {}

    /// The defaults with some changes: `PictureOptions { $0.layout = .chw }`.
    public init(_ change: (inout PictureOptions) -> Void) {
        self.init()
        change(&self)
    }
}

/// How the pictures of a batch are laid out side by side.
public struct GridOptions: Sendable, Hashable {
    /// Columns, padding, background.
    public var layout: ImageGrid.Options
    /// How many rows a grid has at the most; `nil` takes all pictures. Further pictures begin a grid of their own.
    public var rows: Int?

    /// Creates a layout.
    public init(_ layout: ImageGrid.Options = ImageGrid.Options(), rows: Int? = nil) {
        self.layout = layout
        self.rows = rows
    }

    /// The grids of `pictures`, in order.
    package func grids(of pictures: [any PixelSource]) throws(MediaError) -> [any PixelSource] {
        guard let rows, let columns = layout.columns else { return [try ImageGrid(pictures, options: layout)] }
        let (page, overflow) = rows.multipliedReportingOverflow(by: columns)
        guard rows > 0, page > 0, !overflow else {
            throw MediaError(
                .argumentInvalid, "a grid of \(columns) columns and \(rows) rows", hint: "use at least 1 of each",
                at: .init(field: "grid"))
        }
        var grids: [any PixelSource] = []
        for first in stride(from: 0, to: max(1, pictures.count), by: page) {
            grids.append(
                try ImageGrid(Array(pictures[first..<min(pictures.count, first + page)]), options: layout))
        }
        return grids
    }
}
