import MediaCore

/// How video is compressed.
public enum VideoCodec: String, Sendable, Hashable, CaseIterable {
    /// H.264, by x264: plays everywhere. That of mp4 files.
    case h264
    /// H.265, by x265: smaller, and no browser but Safari plays it everywhere.
    case hevc
    /// VP8, by libvpx. That of ogg files.
    case vp8
    /// VP9, by libvpx. That of webm files.
    case vp9
    /// AV1, by libaom: the smallest and slowest.
    case av1

    /// What libav calls the encoder.
    var encoderName: String {
        switch self {
        case .h264: "libx264"
        case .hevc: "libx265"
        case .vp8: "libvpx"
        case .vp9: "libvpx-vp9"
        case .av1: "libaom-av1"
        }
    }

    /// The values of the constant rate factor, from the best quality to the least.
    public var rateFactors: ClosedRange<Int> {
        switch self {
        case .h264, .hevc: 0...51
        case .vp8: 4...63
        case .vp9, .av1: 0...63
        }
    }

    /// The longest side of a frame, in pixels, that the codec or its encoder has.
    public var mostPixels: Int {
        switch self {
        case .vp8: 16383
        case .h264, .hevc, .vp9, .av1: 16384
        }
    }

    /// The codec of a kind of file when nobody asks for another; `nil` for kinds that hold no video.
    public static func standard(for format: ClipFormat) -> VideoCodec? {
        switch format {
        case .mp4: .h264
        case .webm: .vp9
        case .ogg: .vp8
        case .gif, .apng: nil
        }
    }

    /// The codecs that go into a kind of file.
    public static func all(for format: ClipFormat) -> [VideoCodec] {
        switch format {
        case .mp4: [.h264, .hevc, .vp9, .av1]
        case .webm: [.vp9, .vp8, .av1]
        case .ogg: [.vp8]
        case .gif, .apng: []
        }
    }

    /// Checks that the codec goes into a kind of file.
    ///
    /// - Throws: `argument.invalid`, naming those that do.
    func check(in format: ClipFormat) throws(MediaError) {
        let all = VideoCodec.all(for: format)
        guard !all.contains(self) else { return }
        throw MediaError(
            .argumentInvalid, "\(rawValue) does not go into \(format.rawValue)",
            hint: all.isEmpty
                ? "leave the codec out" : "choose one of " + all.map(\.rawValue).joined(separator: ", "),
            at: .init(field: "codec"))
    }
}
