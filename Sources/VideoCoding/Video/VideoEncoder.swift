import ImageCoding
public import MediaCore

/// Writes mp4, webm and ogg files, through libav.
///
///     let report = try VideoEncoder(format: .mp4).encode(clip, to: FileSink(path: "clip.mp4"))
///
/// Frames in are frames out, each shown as long as asked for to one tick of the file. The encoder works at a fixed clock of 25
/// frames a second, so that quality does not change with the rate; true times are written into the file. The same frames and
/// options give the same bytes.
public struct VideoEncoder: FrameEncoder {
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

    /// The kind of file: mp4, webm or ogg.
    public var format: ClipFormat
    /// How frames are compressed; `nil` takes ``VideoCodec/standard(for:)``.
    public var codec: VideoCodec?
    /// How time and space are spent.
    public var preset: ClipPreset
    /// How many bytes are spent.
    public var quality: Quality
    /// How many pixels share their chroma. Not every player takes 4:4:4.
    public var subsampling: YUVSubsampling
    /// What becomes of opacity: laid over a colour, or kept by VP9 in webm.
    public var opacity: ClipOpacity
    /// Whether frames whose short side is below 160 pixels, and whose first has at most 255 colours, are enlarged by a whole
    /// factor to 256 or more: 4:2:0 blurs colours of single pixels.
    public var enlargesTinyFrames: Bool
    /// Further options of the encoder by libav's names for them; the encoder has to know every one of them.
    public var codecOptions: [String: String]
    /// The sound that goes with the frames.
    public var sound: SoundTrack?
    /// How many threads the codec uses, 1…64. Bytes depend on it.
    public var threads: Int
    /// Whether what the encoder has to warn of is an error.
    public var strictness: Strictness
    /// Stops the work between frames.
    public var cancellation: CancellationFlag?

    /// Creates an encoder.
    public init(
        format: ClipFormat = .mp4, codec: VideoCodec? = nil, preset: ClipPreset = .balanced,
        quality: Quality = .standard,
        subsampling: YUVSubsampling = .quarter, opacity: ClipOpacity = .overWhite, enlargesTinyFrames: Bool = true,
        codecOptions: [String: String] = [:], sound: SoundTrack? = nil, threads: Int = 1,
        strictness: Strictness = .report,
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
        self.sound = sound
        self.threads = threads
        self.strictness = strictness
        self.cancellation = cancellation
    }

    /// Begins a file whose frames come one by one.
    ///
    /// A sink that can be patched is written as the file grows. For others, mp4 and webm wait in memory until they are finished.
    /// - Throws: `argument.invalid` for sides beyond ``VideoCodec/mostPixels``, and for options that are out of range or do not
    ///   go together; `library.missing` without libav or the encoder.
    public func begin(_ clip: ClipDescription, to sink: any ByteSink) throws(MediaError) -> VideoWriter {
        let codec = try check()
        let most = codec.mostPixels
        guard (1...most).contains(clip.width), (1...most).contains(clip.height) else {
            throw MediaError(
                .argumentInvalid,
                "frames of \(clip.width)×\(clip.height) pixels: \(codec.rawValue) has 1 to \(most) a side",
                hint: "make the frames smaller", at: .init(field: "width"))
        }
        let library = try LibavLibrary.open()
        for name in [encoderName(codec)] + (soundCodec.map { [$0.encoderName] } ?? [])
        where !library.hasEncoder(name) {
            throw MediaError(
                .libraryMissing, "libavcodec \(library.versions.codec) has no encoder \(name)",
                hint:
                    "choose another codec, or install a libavcodec with it (Debian: libavcodec59 or libavcodec-extra59)",
                at: .init(field: "codec"))
        }
        return VideoWriter(self, codec, library, clip, sink)
    }
}
