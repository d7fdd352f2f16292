import ImageCoding
public import MediaCore

/// Writes GIF files.
///
/// Frames in are frames out, each shown as long as asked for to half a hundredth of a second over the whole. Where 256 colours
/// are enough, for the clip or for a frame, every pixel is exact. The same frames and options give the same bytes, on any
/// number of threads.
public struct GIFEncoder: FrameEncoder {
    /// How time and space are spent, where there are more than 256 colours.
    ///
    /// `smallest` draws pixels of photographs a few levels beside their colours where that makes the file smaller: half to two
    /// thirds of the bytes of `balanced`. Drawings and frames of few colours lose nothing more. `best` makes a palette for
    /// each frame, and draws what is at rest again when one of them has better colours for it.
    public var preset: ClipPreset
    /// How colours between those of a palette are shown.
    public var dithering: Dithering
    /// How often the clip is shown.
    public var loops: ClipLoops
    /// What becomes of opacity: laid over a colour, or divided by a threshold.
    public var opacity: ClipOpacity
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
        preset: ClipPreset = .balanced, dithering: Dithering = .automatic, loops: ClipLoops = .forever,
        opacity: ClipOpacity = .overWhite, mergesEqualFrames: Bool = false, strictness: Strictness = .report,
        pool: WorkerPool? = nil, cancellation: CancellationFlag? = nil
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

    /// Begins a file whose frames come one by one.
    ///
    /// - Throws: `argument.invalid` for sides outside 1…65,535 pixels, a number of loops outside 1…65,536, a strength of
    ///   dithering outside 0…1, and for opacity that is to be kept.
    public func begin(_ clip: ClipDescription, to sink: any ByteSink) throws(MediaError) -> GIFWriter {
        let most = GIFLayout.mostPixels
        guard (1...most).contains(clip.width), (1...most).contains(clip.height) else {
            throw MediaError(
                .argumentInvalid, "frames of \(clip.width)×\(clip.height) pixels: a GIF has 1 to \(most) a side",
                hint: "make the frames smaller, or write a video", at: .init(field: "width"))
        }
        try check()
        return GIFWriter(self, clip, sink)
    }

    /// Checks that the options are in range and go together.
    ///
    /// - Throws: `argument.invalid`, naming the option.
    func check() throws(MediaError) {
        try loops.check()
        try dithering.check()
        switch opacity {
        case .over, .threshold(1...): break
        case .threshold:
            throw MediaError(
                .argumentInvalid, "a threshold of opacity of 0 would leave nothing clear", hint: "use 1 to 255",
                at: .init(field: "opacity"))
        case .kept:
            throw MediaError(
                .argumentInvalid, "a gif has no degrees of opacity", hint: "use a threshold, or choose webm or apng",
                at: .init(field: "opacity"))
        }
    }
}
