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
    public let width: Int
    /// How many rows every frame has.
    public let height: Int
    /// What a pixel of every frame is.
    public let format: PixelFormat
    /// What was decided: layout, value mapping, and how the clips of a batch were laid out.
    public let facts: PixelFacts

    private let series: PictureSeries
    private let rank: Int
    private let timeAxis: Int
    private let clipAxis: Int?
    private let length: Int
    private let tiles: ClipTiles?
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
        length = tensor.shape[time]
        frameRate = options.frameRate ?? ClipOptions.defaultFrameRate
        frameRateIsDefault = options.frameRate == nil
        tiles = try clipAxis.map { (axis) throws(MediaError) in
            try ClipTiles(
                options.arrangement, count: tensor.shape[axis], width: tensor.shape[column],
                height: tensor.shape[row], limits: options.limits)
        }

        // The first frame is built once to learn size and format; no pixel is computed.
        let picture = try Self.picture(0, of: series, rank, timeAxis, clipAxis, tiles)
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
        var picture = try Self.picture(index, of: series, rank, timeAxis, clipAxis, tiles)
        if let mode, mode.format != picture.format {
            picture = try ConvertedSource(picture, to: mode.format, rule: mode.rule)
        }
        return picture
    }

    private static func picture(
        _ index: Int, of series: PictureSeries, _ rank: Int, _ timeAxis: Int, _ clipAxis: Int?, _ tiles: ClipTiles?
    ) throws(MediaError) -> any PixelSource {
        var place = [Int](repeating: 0, count: rank)
        place[timeAxis] = index
        guard let clipAxis, let tiles else { return try series.picture(at: place) }
        var pictures: [any PixelSource] = []
        pictures.reserveCapacity(tiles.count)
        for clip in 0..<tiles.count {
            place[clipAxis] = clip
            pictures.append(try series.picture(at: place))
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
