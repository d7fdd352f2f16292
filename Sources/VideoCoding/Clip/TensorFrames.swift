public import ImageCoding
public import MediaCore
public import TensorIO

/// The frames of a tensor, each converted when it is asked for.
///
///     let clip = try TensorFrames(tensor, options: ClipOptions { $0.layout = .tchw; $0.frameRate = try? FrameRate(30) })
///     let report = try GIFEncoder().encode(clip, to: sink)
///
/// How numbers become samples is decided once, from all of the tensor, so that a clip never flickers. Nothing is copied:
/// transposed axes are read in place, and a clip of any length takes the memory of the frames that are in use. Frames may be
/// made on several threads.
public struct TensorFrames: FrameSource {
    /// What the axes were taken for.
    public let layout: ClipLayout
    /// How many frames are shown per second.
    public let frameRate: FrameRate
    /// Whether nobody stated the rate.
    public let frameRateIsDefault: Bool
    /// How many pixels a row of every frame has.
    public private(set) var width: Int
    /// How many rows every frame has.
    public private(set) var height: Int
    /// What a pixel of every frame is.
    public private(set) var format: PixelFormat
    /// What was decided: layout, value mapping, and how the clips of a batch were laid out.
    public let facts: PixelFacts

    private let series: PictureSeries
    private let rank: Int
    private let timeAxis: Int
    private let clipAxis: Int?
    private let length: Int
    private var tiles: ClipTiles?
    /// What is done to the pictures of each clip of a batch.
    private var decorate: CellDecoration?
    private let arrangement: ClipArrangement
    private let limits: Limits
    private let mode: (format: PixelFormat, rule: ConversionRule)?

    /// The frames of `tensor`.
    ///
    /// One channel is gray, two are gray and opacity, three RGB, four RGBA; `bool` is black and white.
    ///
    /// - Throws: `shape.invalid` for a shape that does not fit the layout, naming those that it fits, and for a tensor
    ///   without frames or pixels; `argument.invalid` for options that do not fit each other or the tensor;
    ///   `limit.exceeded` for a grid longer than `limits.imageSide`; under ``/MediaCore/Strictness/strict`` also for
    ///   guesses, values outside the range, and values that are not finite.
    public init(_ tensor: Tensor, options: ClipOptions = ClipOptions()) throws(MediaError) {
        try self.init(tensor, options: options, over: nil)
    }

    /// - Parameter range: the values that decide about the mapping, when the tensor is one of several.
    init(_ tensor: Tensor, options: ClipOptions, over range: TensorRange?) throws(MediaError) {
        let reading = try ClipLayout.read(options.layout, shape: tensor.shape, compatibility: options.compatibility)
        layout = reading.layout
        guard let time = layout.axis("t"), let row = layout.axis("h"), let column = layout.axis("w") else {
            throw MediaError(.shapeInvalid, "layout \(layout) has no frames", at: .init(field: "layout"))
        }
        // The SDK casts the values of clips in all of its versions.
        let isCast = options.compatibility.isWandb && options.mapping == .automatic
        series = try PictureSeries(
            tensor, axes: PictureAxes(row: row, column: column, channel: layout.axis("c")), layout: layout.rawValue,
            findings: reading.findings,
            options: PictureSeries.Options(
                mapping: isCast ? .wandb(.v0_31) : options.mapping, colorMap: options.colorMap,
                strictness: options.strictness), over: range)
        rank = tensor.rank
        timeAxis = time
        clipAxis = layout.axis("n")
        arrangement = options.arrangement
        limits = options.limits
        length = tensor.shape[time]
        frameRate = options.frameRate ?? ClipOptions.defaultFrameRate
        frameRateIsDefault = options.frameRate == nil
        tiles = try clipAxis.map { (axis) throws(MediaError) in
            try ClipTiles(
                options.arrangement, count: tensor.shape[axis], width: tensor.shape[column],
                height: tensor.shape[row], limits: options.limits)
        }

        // The first frame is built once to learn size and format; no pixel is computed.
        let picture = try Self.picture(0, of: series, rank, timeAxis, clipAxis, tiles, nil)
        mode = try Self.mode(options, format: picture.format)
        width = picture.width
        height = picture.height
        format = mode?.format ?? picture.format
        var facts = series.facts
        facts.layoutWasInferred = reading.isDefault
        if let tiles { facts.remarks.append(tiles.remark) }
        self.facts = facts
    }

    /// As many as the axis of time is long.
    public var frameCount: Int? { length }
    /// The duration of one frame.
    public var timeBase: TimeBase { frameRate.frameDuration }
    /// Always.
    public var canRewind: Bool { true }

    /// The frame at `index`, in any order.
    ///
    /// - Throws: `argument.invalid` for a negative index.
    public func frame(_ index: Int) throws(MediaError) -> (any PixelSource)? {
        guard index >= 0 else {
            throw MediaError(.argumentInvalid, "there is no frame \(index)", at: .init(field: "frame"))
        }
        guard index < length else { return nil }
        var picture = try Self.picture(index, of: series, rank, timeAxis, clipAxis, tiles, decorate)
        if let mode, mode.format != picture.format {
            picture = try ConvertedSource(picture, to: mode.format, rule: mode.rule)
        }
        return picture
    }

    private static func picture(
        _ index: Int, of series: PictureSeries, _ rank: Int, _ timeAxis: Int, _ clipAxis: Int?, _ tiles: ClipTiles?,
        _ decorate: CellDecoration?
    ) throws(MediaError) -> any PixelSource {
        var place = [Int](repeating: 0, count: rank)
        place[timeAxis] = index
        guard let clipAxis, let tiles else { return try series.picture(at: place) }
        var pictures: [any PixelSource] = []
        pictures.reserveCapacity(tiles.count)
        for clip in 0..<tiles.count {
            place[clipAxis] = clip
            let picture = try series.picture(at: place)
            pictures.append(
                try decorate.map { (decorate) throws(MediaError) in try decorate(clip, picture) } ?? picture)
        }
        return try tiles.frame(of: pictures)
    }

    /// The format that the options ask for; under the wandb rules opacity is dropped.
    private static func mode(
        _ options: ClipOptions, format: PixelFormat
    ) throws(MediaError) -> (format: PixelFormat, rule: ConversionRule)? {
        guard let mode = options.mode else {
            return options.compatibility.isWandb && format == .rgba ? (.rgb, ConversionRule(alpha: .drop)) : nil
        }
        guard mode.format.bits <= 8, mode.format.model != .indexed else {
            throw MediaError(
                .argumentInvalid, "frames of mode \(mode.name)",
                hint: "clips are bilevel, gray, gray-alpha, rgb or rgba", at: .init(field: "mode"))
        }
        return (mode.format, mode.rule)
    }
}

extension TensorFrames {
    /// Something that is done to one of the pictures that make a frame.
    ///
    /// - Parameters:
    ///   - index: which clip of the batch.
    ///   - picture: the clip's picture.
    public typealias CellDecoration =
        @Sendable (_ index: Int, _ picture: any PixelSource) throws(MediaError) -> any PixelSource

    /// How the clips of a batch stand side by side: how many there are, in how many columns and rows, and how many pixels apart;
    /// `nil` for one clip.
    public var tiling: (count: Int, columns: Int, rows: Int, padding: Int)? {
        tiles.map { ($0.count, $0.columns, $0.rows, $0.padding) }
    }

    /// The same frames with something done to each clip before they are put side by side: a title, a border.
    ///
    ///     let titled = try frames.mapCells { index, picture in try Canvas(over: picture, with: Title(names[index], style: style)) }
    ///
    /// - Parameter transform: is called once now, and for each clip of each frame. What it gives back is of one size. One clip
    ///   that is no batch stays as it is.
    /// - Throws: what `transform` throws for the first clip; what ``init(_:options:)`` throws for tiles.
    public func mapCells(_ transform: @escaping CellDecoration) throws(MediaError) -> TensorFrames {
        guard let tiles else { return self }
        var copy = self
        let before = decorate
        let decorate: CellDecoration = { (index, picture) throws(MediaError) in
            if let before { return try transform(index, try before(index, picture)) }
            return try transform(index, picture)
        }
        let cell = try decorate(0, try series.picture(at: [Int](repeating: 0, count: rank)))
        copy.tiles = try ClipTiles(
            arrangement, count: tiles.count, width: cell.width, height: cell.height, limits: limits)
        copy.decorate = decorate
        let picture = try Self.picture(0, of: series, rank, timeAxis, clipAxis, copy.tiles, decorate)
        (copy.width, copy.height, copy.format) = (picture.width, picture.height, mode?.format ?? picture.format)
        return copy
    }
}
