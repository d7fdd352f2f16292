import ImageCoding
import MediaCore
import MediaDrawing
import VideoCoding

/// Titles above the pictures or clips of a grid.
struct CellTitles {
    private let texts: [String]
    private let style: TextStyle
    /// All cells of a grid are of one size: that of the widest title, up to a bound.
    private let width: Double

    /// - Parameters:
    ///   - texts: a title for each cell.
    ///   - cell: the size of a cell, which the size of the text goes with.
    ///   - settings: they name the font.
    /// - Throws: what reading the font throws.
    init(
        _ texts: [String], above cell: (width: Int, height: Int), settings: ConversionSettings, fonts: FontShelf
    ) throws(MediaError) {
        self.texts = texts
        style = TextStyle(
            typeface: try fonts.typeface(font: settings.font, limits: settings.limits),
            size: TextStyle.size(forPictureOf: cell.width, cell.height), alignment: .center)
        width = Title.width(of: texts, style: style)
    }

    /// A picture with its title.
    func over(_ picture: any PixelSource, index: Int) throws(MediaError) -> any PixelSource {
        guard texts.indices.contains(index) else { return picture }
        return try Canvas(over: picture, with: Title(texts[index], style: style, leastWidth: width))
    }
}

extension InputConversion {
    /// The grids of the pictures of a tensor, with a title above each picture.
    ///
    /// - Parameter pictures: in the size that they get; the grids get the mode that the settings ask for.
    func titled(
        _ pictures: [any PixelSource], _ grid: GridOptions, _ titles: TitleList, member: String?,
        _ settings: ConversionSettings
    ) throws(MediaError) -> [any PixelSource] {
        guard let first = pictures.first else { return [] }
        let texts = try titles.texts(count: pictures.count, name: input.pictureName, member: member)
        let cells = try CellTitles(texts, above: (first.width, first.height), settings: settings, fonts: fonts)
        var titled: [any PixelSource] = []
        for (index, picture) in pictures.enumerated() { titled.append(try cells.over(picture, index: index)) }
        return try grid.grids(of: titled)
    }

    /// The frames of a batch of clips with a title above each clip, in the size that the settings ask for: that of the frames
    /// without titles.
    func titled(
        _ frames: TensorFrames, _ titles: TitleList, member: String?, _ settings: ConversionSettings
    ) throws(MediaError) -> any FrameSource {
        guard let tiling = frames.tiling else { return frames }
        func cells(_ length: Int, _ count: Int) -> Int { max(1, (length - (count - 1) * tiling.padding) / count) }
        var cell = (width: cells(frames.width, tiling.columns), height: cells(frames.height, tiling.rows))
        var resizes = false
        if let size = settings.frameSize {
            let whole = try size.applied(width: frames.width, height: frames.height, limits: settings.limits)
            resizes = whole != (frames.width, frames.height)
            if resizes { cell = (cells(whole.width, tiling.columns), cells(whole.height, tiling.rows)) }
        }
        let texts = try titles.texts(count: tiling.count, name: input.pictureName, member: member)
        let shown = try CellTitles(texts, above: cell, settings: settings, fonts: fonts)
        return try frames.mapCells { [cell, resizes] (index, picture) throws(MediaError) in
            var picture = picture
            if resizes {
                picture = try ResizedSource(
                    picture, width: cell.width, height: cell.height,
                    filter: picture.format.model == .indexed ? .nearest : .lanczos3)
            }
            return try shown.over(picture, index: index)
        }
    }
}
