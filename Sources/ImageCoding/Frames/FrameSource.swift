public import MediaCore

/// Pictures in time, made one after another, when an encoder asks.
///
/// A tensor of a clip is one, an array of pictures, a decoded video, or any of those with something laid over every frame.
/// Frames are asked for in order: 0, 1, 2, … A source that cannot be rewound is asked for each of them once.
public protocol FrameSource: Sendable {
    /// How many pixels a row of every frame has.
    var width: Int { get }
    /// How many rows every frame has.
    var height: Int { get }
    /// What a pixel of every frame is.
    var format: PixelFormat { get }
    /// How many frames there are; `nil` when that is known at the end only.
    var frameCount: Int? { get }
    /// The unit of ``time(ofFrame:)``. Frames of even duration count in that duration.
    var timeBase: TimeBase { get }
    /// Whether the frames can be asked for again from the first one on.
    var canRewind: Bool { get }
    /// What was decided when the source was made.
    var facts: PixelFacts { get }

    /// The frame at `index`; `nil` when the source has ended before it.
    ///
    /// - Parameter index: one more than in the last call; 0 in the first, and again where ``canRewind`` is true.
    /// - Throws: `argument.invalid` for a negative index or one that the source cannot go back to.
    func frame(_ index: Int) throws(MediaError) -> (any PixelSource)?

    /// When the frame at `index` is first shown, in units of ``timeBase``; for the index after the last frame, when the
    /// last one ends. Asked for frames that were had, and the one after.
    func time(ofFrame index: Int) -> Int
}

extension FrameSource {
    /// Frames of even duration.
    public func time(ofFrame index: Int) -> Int { index }
    /// Nothing was decided.
    public var facts: PixelFacts { PixelFacts() }
}

extension FrameSource {
    /// The same frames with something done to each: an overlay, a crop, a conversion.
    ///
    ///     let labelled = clip.mapFrames { index, frame in try CaptionedSource(frame, "frame \(index)") }
    ///
    /// Nothing is made until a frame is asked for.
    /// - Parameter transform: gets the index and the frame. Every frame it gives back must have the same size and format.
    /// - Throws: what `transform` throws for the first frame, which is made once to learn size and format. For a source
    ///   that cannot be rewound pass them: ``mapFrames(width:height:format:_:)``.
    public func mapFrames(
        _ transform: @escaping @Sendable (_ index: Int, _ frame: any PixelSource) throws(MediaError) -> any PixelSource
    ) throws(MediaError) -> MappedFrames {
        guard canRewind else {
            throw MediaError(
                .argumentInvalid, "the first frame cannot be looked at, the source can be read only once",
                hint: "pass the size and the format of the new frames", at: .init(field: "mapFrames"))
        }
        let first = try frame(0).map { (frame) throws(MediaError) in try transform(0, frame) }
        return MappedFrames(
            base: self, width: first?.width ?? width, height: first?.height ?? height, format: first?.format ?? format,
            transform: transform)
    }

    /// The same frames with something done to each, for sources that can be read only once.
    public func mapFrames(
        width: Int, height: Int, format: PixelFormat,
        _ transform: @escaping @Sendable (_ index: Int, _ frame: any PixelSource) throws(MediaError) -> any PixelSource
    ) -> MappedFrames {
        MappedFrames(base: self, width: width, height: height, format: format, transform: transform)
    }
}

/// Frames with something done to each; made by ``FrameSource/mapFrames(_:)``.
public struct MappedFrames: FrameSource {
    /// The frames as they were.
    public let base: any FrameSource
    /// How many pixels a row of every new frame has.
    public let width: Int
    /// How many rows every new frame has.
    public let height: Int
    /// What a pixel of every new frame is.
    public let format: PixelFormat
    let transform: @Sendable (Int, any PixelSource) throws(MediaError) -> any PixelSource

    /// As many as there were.
    public var frameCount: Int? { base.frameCount }
    /// As it was.
    public var timeBase: TimeBase { base.timeBase }
    /// As it was.
    public var canRewind: Bool { base.canRewind }
    /// What was decided when the first source was made.
    public var facts: PixelFacts { base.facts }

    /// The frame at `index` after the transformation.
    ///
    /// - Throws: what the source and the transformation throw; `argument.invalid` when the new frame has another size or
    ///   format than was said.
    public func frame(_ index: Int) throws(MediaError) -> (any PixelSource)? {
        guard let old = try base.frame(index) else { return nil }
        let new = try transform(index, old)
        try checkFrame(index, new)
        return new
    }

    /// As it was.
    public func time(ofFrame index: Int) -> Int { base.time(ofFrame: index) }
}

extension FrameSource {
    /// Checks that a frame is like all the others.
    ///
    /// - Throws: `argument.invalid` with both sizes and formats.
    package func checkFrame(_ index: Int, _ frame: any PixelSource) throws(MediaError) {
        try frame.checkFrame(index, width: width, height: height, format: format)
    }
}

extension PixelSource {
    /// Checks that this, as frame `index`, is like all the others.
    ///
    /// - Throws: `argument.invalid` with both sizes and formats.
    package func checkFrame(_ index: Int, width: Int, height: Int, format: PixelFormat) throws(MediaError) {
        guard (self.width, self.height) == (width, height), self.format == format else {
            throw MediaError(
                .argumentInvalid,
                "frame \(index) is \(self.width)×\(self.height) \(self.format), the others are \(width)×\(height) \(format)",
                hint: "give every frame the same size and format", at: .init(field: "frames[\(index)]"))
        }
    }
}
