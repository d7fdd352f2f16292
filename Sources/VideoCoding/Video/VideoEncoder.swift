public import ImageCoding
public import MediaCore

/// Writes mp4, webm and ogg files, through libav.
///
///     let report = try VideoEncoder(format: .mp4).encode(clip, to: FileSink(path: "clip.mp4"))
///
/// Frames in are frames out, each shown as long as asked for to one tick of the file. The encoder works at a fixed clock of 25
/// frames a second, so that quality does not change with the rate; true times are written into the file. The same frames and
/// options give the same bytes.
public struct VideoEncoder: Sendable {
    /// How much time is taken, and for what.
    public enum Preset: String, Sendable, Hashable, CaseIterable {
        /// The least time.
        case fastest
        /// A good picture for a little time. The default.
        case balanced
        /// A smaller file.
        case smallest
        /// A better picture, for time and bytes.
        case best
    }

    /// How many bytes are spent.
    public enum Quality: Sendable, Hashable {
        /// What the preset has.
        case standard
        /// A constant rate factor in ``VideoCodec/rateFactors``: 0 is the best.
        case rateFactor(Int)
        /// So many bits per second, on average.
        case bitrate(Int)
        /// Every sample exactly as it was, as RGB. For H.264 and VP9.
        case lossless
    }

    /// What becomes of opacity.
    public enum Opacity: Sendable, Hashable {
        /// The frames are laid over a colour.
        case over(red: UInt8, green: UInt8, blue: UInt8)
        /// It is kept: VP9 in webm only.
        case kept

        /// The frames are laid over white.
        public static let overWhite = Opacity.over(red: 255, green: 255, blue: 255)
    }

    /// The kind of file: mp4, webm or ogg.
    public var format: ClipFormat
    /// How frames are compressed; `nil` takes ``VideoCodec/standard(for:)``.
    public var codec: VideoCodec?
    /// How time and space are spent.
    public var preset: Preset
    /// How many bytes are spent.
    public var quality: Quality
    /// How many pixels share their chroma. Not every player takes 4:4:4.
    public var subsampling: YUVSubsampling
    /// What becomes of opacity.
    public var opacity: Opacity
    /// Whether frames whose short side is below 160 pixels, and whose first has at most 255 colours, are enlarged by a whole
    /// factor to 256 or more: 4:2:0 blurs colours of single pixels.
    public var enlargesTinyFrames: Bool
    /// Further options of the encoder by libav's names for them; the encoder has to know every one of them.
    public var codecOptions: [String: String]
    /// How many threads the codec uses, 1…64. Bytes depend on it.
    public var threads: Int
    /// Whether what the encoder has to warn of is an error.
    public var strictness: Strictness
    /// Stops the work between frames.
    public var cancellation: CancellationFlag?

    /// Creates an encoder.
    public init(
        format: ClipFormat = .mp4, codec: VideoCodec? = nil, preset: Preset = .balanced, quality: Quality = .standard,
        subsampling: YUVSubsampling = .quarter, opacity: Opacity = .overWhite, enlargesTinyFrames: Bool = true,
        codecOptions: [String: String] = [:], threads: Int = 1, strictness: Strictness = .report,
        cancellation: CancellationFlag? = nil
    ) {
        self.format = format
        self.codec = codec
        self.preset = preset
        self.quality = quality
        self.subsampling = subsampling
        self.opacity = opacity
        self.enlargesTinyFrames = enlargesTinyFrames
        self.codecOptions = codecOptions
        self.threads = threads
        self.strictness = strictness
        self.cancellation = cancellation
    }

    /// Writes all frames of a source.
    ///
    /// - Throws: what the source, the sink, ``begin(width:height:format:timeBase:facts:to:)`` and
    ///   ``VideoWriter/append(_:endingAt:)`` throw.
    public func encode(_ source: any FrameSource, to sink: any ByteSink) throws(MediaError) -> ClipReport {
        try begin(
            width: source.width, height: source.height, format: source.format, timeBase: source.timeBase,
            facts: source.facts, to: sink
        ).write(source)
    }

    /// Begins a file whose frames come one by one.
    ///
    /// A sink that can be patched is written as the file grows. For others, mp4 and webm wait in memory until they are finished.
    /// - Parameters:
    ///   - width: pixels in a row of every frame, up to ``VideoCodec/mostPixels``.
    ///   - height: rows of every frame, likewise.
    ///   - format: what a pixel of every frame is.
    ///   - timeBase: what times of frames count.
    ///   - facts: what was decided about the frames; it goes into the report.
    ///   - sink: what is written to.
    /// - Throws: `argument.invalid` for sizes that the codec cannot have, and for options that are out of range or do not
    ///   go together; `library.missing` without libav or the encoder.
    public func begin(
        width: Int, height: Int, format: PixelFormat, timeBase: TimeBase, facts: PixelFacts = PixelFacts(),
        to sink: any ByteSink
    ) throws(MediaError) -> VideoWriter {
        let codec = try check()
        let most = codec.mostPixels
        guard (1...most).contains(width), (1...most).contains(height) else {
            throw MediaError(
                .argumentInvalid, "frames of \(width)×\(height) pixels: \(codec.rawValue) has 1 to \(most) a side",
                hint: "make the frames smaller", at: .init(field: "width"))
        }
        let library = try LibavLibrary.open()
        let name = encoderName(codec)
        guard library.hasEncoder(name) else {
            throw MediaError(
                .libraryMissing, "libavcodec \(library.versions.codec) has no encoder \(name)",
                hint:
                    "choose another codec, or install a libavcodec with it (Debian: libavcodec59 or libavcodec-extra59)",
                at: .init(field: "codec"))
        }
        return VideoWriter(
            self, codec, library, width: width, height: height, format: format, timeBase: timeBase, facts: facts, sink)
    }
}
