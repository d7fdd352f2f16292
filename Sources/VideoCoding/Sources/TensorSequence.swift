public import ImageCoding
public import MediaCore
public import TensorIO

/// Frames from tensors, one for each: an array of them, or a function that makes one after the other.
///
/// How numbers become samples is decided once for all of them. Where the values have to be looked at for that (floats without
/// a stated range), an array is looked through before the first frame; a function that can be asked once needs a stated
/// range.
public struct TensorSequence: FrameSource {
    /// How many pixels a row of every frame has.
    public let width: Int
    /// How many rows every frame has.
    public let height: Int
    /// What a pixel of every frame is.
    public let format: PixelFormat
    /// How many frames there are; `nil` when that is known at the end only.
    public let frameCount: Int?
    /// How many frames are shown per second.
    public let frameRate: FrameRate
    /// Whether the tensors can be had again.
    public let canRewind: Bool
    /// What was decided about all of them.
    public let facts: PixelFacts
    private let options: ClipOptions
    private let first: Tensor
    private let range: TensorRange?
    private let make: @Sendable (Int) throws(MediaError) -> Tensor?

    /// A frame for each tensor.
    ///
    /// - Parameters:
    ///   - tensors: all of one shape and element type; rank 3, or 2 for gray.
    ///   - options: how each is read. The layout is that of a clip: `tchw` for tensors of `chw`; `nil` takes `tcwh`, of rank
    ///     2 `thw`.
    /// - Throws: `argument.invalid` without tensors, for percentiles and batches; what ``TensorFrames/init(_:options:)``
    ///   throws; for a tensor unlike the first, an error that names it.
    public init(_ tensors: [Tensor], options: ClipOptions = ClipOptions()) throws(MediaError) {
        try self.init(count: tensors.count, canRewind: true, options: options) { index in
            index < tensors.count ? tensors[index] : nil
        }
    }

    /// A frame for each tensor that a function makes.
    ///
    /// - Parameters:
    ///   - count: how many there are; `nil` when the function says so by giving back `nil`.
    ///   - canRewind: whether it makes any of them again.
    ///   - options: as for an array.
    ///   - make: gets the index. The first tensor is asked for now, and not again where it cannot be.
    /// - Throws: as ``init(_:options:)``; `argument.invalid` for floats without a stated range that can be had once only.
    public init(
        count: Int? = nil, canRewind: Bool, options: ClipOptions = ClipOptions(),
        _ make: @escaping @Sendable (_ index: Int) throws(MediaError) -> Tensor?
    ) throws(MediaError) {
        guard let first = try Self.tensor(0, make) else {
            throw MediaError(
                .argumentInvalid, "a clip of no frames", hint: "give at least one", at: .init(field: "frames"))
        }
        guard options.layout?.isBatch != true else {
            throw MediaError(
                .argumentInvalid, "tensors of a sequence are frames, not batches of clips",
                hint: "state the layout of one clip", at: .init(field: "layout"))
        }
        var range: TensorRange?
        if Self.looksAtValues(options, first.elementType) {
            guard canRewind else {
                throw MediaError(
                    .argumentInvalid,
                    "\(first.elementType) frames that can be had once only need a stated range of values",
                    hint: "state unit, signed-unit, byte or two numbers", at: .init(field: "mapping"))
            }
            range = try Self.range(count, make)
        }
        self.first = first
        self.range = range
        self.options = options
        self.make = make
        self.canRewind = canRewind
        frameCount = count
        frameRate = options.frameRate ?? ClipOptions.defaultFrameRate
        let frames = try TensorFrames(try first.insertingFrameAxis(options.layout), options: options, over: range)
        (width, height, format) = (frames.width, frames.height, frames.format)
        facts = frames.facts
    }

    /// The duration of one frame.
    public var timeBase: TimeBase { frameRate.frameDuration }

    /// The frame at `index`.
    ///
    /// - Throws: what the function throws; `shape.invalid` for a tensor of another shape or element type than the first. Both
    ///   name the frame.
    public func frame(_ index: Int) throws(MediaError) -> (any PixelSource)? {
        guard index >= 0, index < frameCount ?? .max else { return nil }
        guard let tensor = try index == 0 ? first : Self.tensor(index, make) else { return nil }
        guard tensor.shape == first.shape, tensor.elementType == first.elementType else {
            throw MediaError(
                .shapeInvalid,
                "frame \(index) is \(describe(tensor.shape)) \(tensor.elementType), the first \(describe(first.shape)) \(first.elementType)",
                hint: "give every frame the same shape and type", at: .init(field: "frames[\(index)]"))
        }
        do throws(MediaError) {
            return try TensorFrames(
                try tensor.insertingFrameAxis(options.layout), options: options, over: range
            ).frame(0)
        } catch {
            throw error.inField("frames[\(index)]")
        }
    }

    private static func tensor(
        _ index: Int, _ make: (Int) throws(MediaError) -> Tensor?
    ) throws(MediaError) -> Tensor? {
        do throws(MediaError) { return try make(index) } catch { throw error.inField("frames[\(index)]") }
    }

    /// Whether the mapping depends on values: of integers it does not.
    private static func looksAtValues(_ options: ClipOptions, _ type: ElementType) -> Bool {
        switch options.mapping {
        case .automatic: type.isFloatingPoint && !options.compatibility.isWandb
        case .minMax, .percentile: true
        default: false
        }
    }

    /// The values of all tensors.
    private static func range(
        _ count: Int?, _ make: (Int) throws(MediaError) -> Tensor?
    ) throws(MediaError) -> TensorRange? {
        guard var range = try tensor(0, make)?.scanRange() else { return nil }
        var index = 1
        while index < count ?? .max, let tensor = try tensor(index, make) {
            let next = tensor.scanRange()
            if let minimum = next.minimum { range.minimum = min(range.minimum ?? minimum, minimum) }
            if let maximum = next.maximum { range.maximum = max(range.maximum ?? maximum, maximum) }
            range.notFinite += next.notFinite
            range.count += next.count
            index += 1
        }
        return range
    }
}

extension Tensor {
    /// The tensor as a clip of one frame.
    fileprivate func insertingFrameAxis(_ layout: ClipLayout?) throws(MediaError) -> Tensor {
        try insertingAxis(at: min(rank, layout?.axis("t") ?? 0))
    }
}
