public import ImageCoding
public import MediaCore

/// Writes GIF files.
///
/// Frames in are frames out, each shown as long as asked for to half a hundredth of a second over the whole. Where 256 colours
/// are enough, for the clip or for a frame, every pixel is exact. The same frames and options give the same bytes, on any
/// number of threads.
public struct GIFEncoder: Sendable {
    /// How much time is taken, and for what.
    public enum Preset: String, Sendable, Hashable, CaseIterable {
        /// The least time.
        case fastest
        /// Good colours for a little time. The default.
        case balanced
        /// The smallest file. In photographs, pixels are drawn a few levels beside their colours where that makes the file
        /// smaller: half to two thirds of the bytes of `balanced`. Drawings and frames of few colours lose nothing more.
        case smallest
        /// The best colours: palettes are made for each frame, and what is at rest is drawn again when one of them has better
        /// colours for it.
        case best
    }

    /// What becomes of opacity.
    public enum Opacity: Sendable, Hashable {
        /// The frames are laid over a colour.
        case over(red: UInt8, green: UInt8, blue: UInt8)
        /// Pixels below this opacity of 1…255 are left clear, the others are opaque.
        case threshold(UInt8)

        /// The frames are laid over white.
        public static let overWhite = Opacity.over(red: 255, green: 255, blue: 255)
    }

    /// How time and space are spent.
    public var preset: Preset
    /// How colours between those of a palette are shown.
    public var dithering: Dithering
    /// How often the clip is shown.
    public var loops: ClipLoops
    /// What becomes of opacity.
    public var opacity: Opacity
    /// Whether a frame equal to the one before only makes that one last longer. The file has fewer frames then.
    public var mergesEqualFrames: Bool
    /// Whether frames that cannot be shown as shortly as asked for are an error.
    public var strictness: Strictness
    /// Threads to work on; `nil` for the caller's alone.
    public var pool: WorkerPool?
    /// Stops the work between frames.
    public var cancellation: CancellationFlag?

    /// Creates an encoder.
    public init(
        preset: Preset = .balanced, dithering: Dithering = .automatic, loops: ClipLoops = .forever,
        opacity: Opacity = .overWhite,
        mergesEqualFrames: Bool = false, strictness: Strictness = .report, pool: WorkerPool? = nil,
        cancellation: CancellationFlag? = nil
    ) {
        self.preset = preset
        self.dithering = dithering
        self.loops = loops
        self.opacity = opacity
        self.mergesEqualFrames = mergesEqualFrames
        self.strictness = strictness
        self.pool = pool
        self.cancellation = cancellation
    }

    /// Writes all frames of a source.
    ///
    /// - Throws: what the source, the sink, ``begin(width:height:format:timeBase:facts:to:)`` and
    ///   ``GIFWriter/append(_:endingAt:)`` throw.
    public func encode(_ source: any FrameSource, to sink: any ByteSink) throws(MediaError) -> ClipReport {
        try begin(
            width: source.width, height: source.height, format: source.format, timeBase: source.timeBase,
            facts: source.facts, to: sink
        ).write(source)
    }

    /// Begins a file whose frames come one by one.
    ///
    /// - Parameters:
    ///   - width: pixels in a row of every frame, 1…65,535.
    ///   - height: rows of every frame, 1…65,535.
    ///   - format: what a pixel of every frame is.
    ///   - timeBase: what times of frames count.
    ///   - facts: what was decided about the frames; it goes into the report.
    ///   - sink: what is written to, in order.
    /// - Throws: `argument.invalid` for sizes that a GIF cannot have, for a number of loops outside 1…65,536, and for
    ///   a strength of dithering outside 0…1.
    public func begin(
        width: Int, height: Int, format: PixelFormat, timeBase: TimeBase, facts: PixelFacts = PixelFacts(),
        to sink: any ByteSink
    ) throws(MediaError) -> GIFWriter {
        let most = GIFLayout.mostPixels
        guard (1...most).contains(width), (1...most).contains(height) else {
            throw MediaError(
                .argumentInvalid, "frames of \(width)×\(height) pixels: a GIF has 1 to \(most) a side",
                hint: "make the frames smaller, or write a video", at: .init(field: "width"))
        }
        try loops.check()
        try dithering.check()
        if case .threshold(0) = opacity {
            throw MediaError(
                .argumentInvalid, "a threshold of opacity of 0 would leave nothing clear", hint: "use 1 to 255",
                at: .init(field: "opacity"))
        }
        return GIFWriter(self, width: width, height: height, format: format, timeBase: timeBase, facts: facts, sink)
    }
}
