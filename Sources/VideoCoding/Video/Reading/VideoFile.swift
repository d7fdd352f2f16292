import CLibavLoader
public import ImageCoding
public import MediaCore

/// What an mp4, webm or ogg file says of its video, and whether that is so, without its pixels.
///
/// All packets are passed over once, so that frames and times are those that are there and not only those that a header claims.
/// libav reads the containers; nothing that a file refers to is opened.
public struct VideoFile: Sendable, Hashable {
    /// How colours are coded: the numbers of ISO/IEC 23091-2, 2 where the file says nothing.
    public struct Color: Sendable, Hashable {
        /// How red, green and blue become luma and chroma: 1 is BT.709, 5 and 6 are BT.601.
        public let matrix: Int
        /// Which red, green and blue are meant.
        public let primaries: Int
        /// How samples become light.
        public let transfer: Int
        /// Whether samples use all 256 levels; `nil` where the file says nothing, which is read as no.
        public let isFullRange: Bool?
    }

    /// What the file says of its sound.
    public struct Sound: Sendable, Hashable {
        /// libav's name of the codec: `aac`, `opus`.
        public let codec: String
        /// Samples a second.
        public let rate: Int
        /// Numbers in a sample.
        public let channels: Int

        /// `aac, 48000 Hz, 2 channels`.
        public var summary: String { "\(codec), \(rate) Hz, \(channels) channel\(channels == 1 ? "" : "s")" }
    }

    /// The kind of file.
    public let format: ClipFormat
    /// libav's name of the codec: `h264`, `vp9`.
    public let codec: String
    /// libav's name of the format of pixels: `yuv420p`.
    public let pixelFormat: String
    /// Pixels in a row of every frame.
    public let width: Int
    /// Rows of every frame.
    public let height: Int
    /// Whether frames have opacity.
    public let hasAlpha: Bool
    /// The sound beside the video.
    public let sound: Sound?
    /// How colours are coded.
    public let color: Color
    /// The unit of ``times``.
    public let timeBase: TimeBase
    /// When each frame begins, counted from the first one, and when the last one ends: one more than there are frames.
    public let times: [Int]
    /// When the first frame begins, in seconds from the beginning of the file's time.
    public let start: Double
    /// The frames per second, when all frames last equally long, as far as the unit can tell.
    public let frameRate: FrameRate?

    /// How many frames there are.
    public var frameCount: Int { times.count - 1 }
    /// How long the clip plays.
    public var seconds: Double { Double(times.last ?? 0) * timeBase.seconds }

    /// Reads the packets of a file.
    ///
    /// - Throws: `library.missing`; `format.unrecognized` for bytes of another kind; `format.unsupported` where there is no video that
    ///   can be decoded; `format.malformed`, and `format.truncated` with the frame at which it ends too early;
    ///   `limit.exceeded` for frames larger than `limits` allows.
    public init(_ contents: FileContents, limits: Limits = .default) throws(MediaError) {
        do throws(MediaError) {
            let format = try Self.format(of: contents)
            try contents.withBytes { (bytes) throws(MediaError) in
                switch format {
                case .mp4: try MP4Boxes.check(bytes)
                case .webm: try ContainerEnd.check(webm: bytes)
                case .ogg: try ContainerEnd.check(ogg: bytes)
                case .gif, .apng: break
                }
            }
            try self.init(try LibavReader(contents, format, limits: limits), format, limits)
        } catch {
            throw error.inFile(contents.name)
        }
    }

    private static func format(of contents: FileContents) throws(MediaError) -> ClipFormat {
        let isEmpty = contents.byteCount == 0
        switch contents.withBytes(ClipFormat.of) {
        case let format? where format.isVideo: return format
        case let format:
            throw MediaError(
                isEmpty ? .truncated : .unrecognized,
                isEmpty ? "the file is empty" : "the content is \(format?.rawValue ?? "no video that is known")",
                hint: "expected mp4, webm or ogg")
        }
    }

    private init(_ reader: LibavReader, _ format: ClipFormat, _ limits: Limits) throws(MediaError) {
        let facts = reader.facts
        self.format = format
        codec = text(facts.codec)
        pixelFormat = text(facts.pixels)
        (width, height) = (Int(facts.width), Int(facts.height))
        hasAlpha = facts.has_alpha != 0
        sound =
            facts.sound_rate > 0
            ? Sound(
                codec: text(facts.sound_codec), rate: Int(facts.sound_rate), channels: Int(facts.sound_channels))
            : nil
        color = Color(
            matrix: Int(facts.color_matrix), primaries: Int(facts.color_primaries),
            transfer: Int(facts.color_transfer),
            isFullRange: facts.color_range == 0 ? nil : facts.color_range == 2)
        guard (1...limits.imageSide).contains(width), (1...limits.imageSide).contains(height),
            width * height <= limits.imagePixels
        else {
            throw MediaError(
                .limitExceeded, "frames of \(width)×\(height) pixels", hint: "see Limits.imageSide and imagePixels")
        }
        guard
            let timeBase = try? TimeBase(Int(facts.time_base.num), Int(facts.time_base.den))
        else { throw MediaError(.malformed, "the video has no unit of time") }
        self.timeBase = timeBase
        var clock = FrameClock()
        var claimed = Int(facts.frame_count)
        do throws(MediaError) {
            while let packet = try reader.pass() {
                if packet.isShown { clock.add(packet) } else { claimed &-= 1 }
            }
        } catch {
            throw MediaError(
                error.code == .malformed ? .truncated : error.code, error.message, hint: error.hint,
                at: .init(field: "frames[\(clock.count)]"))
        }
        let likely = (Int(facts.rate.num), Int(facts.rate.den))
        let rate = try? FrameRate(likely.0, per: likely.1)
        // In mp4 the lengths of packets are those between decoding times; the header of the stream has the whole.
        let claimedEnd = format == .mp4 && facts.stream_duration > 0 ? Int(facts.stream_duration) : nil
        times = clock.times(rate, timeBase, endingAt: claimedEnd)
        start = Double(clock.start) * timeBase.seconds
        frameRate = FrameClock.rate(of: times, timeBase, likely: rate)
        guard frameCount > 0, frameCount >= claimed else {
            throw MediaError(
                .truncated, "\(frameCount) frames, the header says \(claimed)", hint: "copy the file again",
                at: .init(field: "frames"))
        }
        if sound == nil, facts.duration != Int64.min {
            try checkDuration(claimed: Double(facts.duration) / 1e6)
        }
    }

    /// Compares how long the file says it lasts with its frames.
    private func checkDuration(claimed: Double) throws(MediaError) {
        // Containers round, and some leave out the last frame.
        let slack = 0.1 + 2 * seconds / Double(frameCount)
        let difference = claimed - seconds
        guard difference.magnitude > slack else { return }
        throw MediaError(
            difference > 0 ? .truncated : .malformed,
            "the frames last \(seconds.secondsText), the header says \(claimed.secondsText)",
            hint: difference > 0 ? "the end is missing; copy the file again" : "write the file again",
            at: .init(field: "duration"))
    }
}
