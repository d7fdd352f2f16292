import ImageCoding
public import MediaCore

extension VideoEncoder {
    /// Checks that the options are in range and go together; no library is opened.
    ///
    /// - Returns: the codec that is used.
    /// - Throws: `argument.invalid`, naming the option.
    @discardableResult
    public func check() throws(MediaError) -> VideoCodec {
        guard let standard = VideoCodec.standard(for: format) else {
            throw MediaError(
                .argumentInvalid, "\(format.rawValue) files hold no video", hint: "choose mp4, webm or ogg",
                at: .init(field: "format"))
        }
        let codec = codec ?? standard
        try codec.check(in: format)
        try checkQuality(codec)
        if subsampling == .none, codec == .vp8 {
            throw refusal("subsampling", "vp8 has no 4:4:4", hint: "choose vp9 in webm, or h264 in mp4")
        }
        switch opacity {
        case .over: break
        case .threshold:
            throw refusal(
                "opacity", "a threshold of opacity is for gif, this becomes \(format.rawValue)",
                hint: "name a colour to lay the frames over")
        case .kept:
            guard codec == .vp9, format == .webm, subsampling == .quarter, quality != .lossless else {
                throw refusal(
                    "opacity", "opacity is kept by lossy 4:2:0 VP9 in webm only",
                    hint: "lay the frames over a colour, or write apng")
            }
        }
        guard (1...64).contains(threads) else {
            throw refusal("threads", "a codec on \(threads) threads", hint: "choose 1 to 64")
        }
        for name in codecOptions.keys.sorted() where name.isEmpty || Self.ownOptions.contains(name) {
            throw refusal(
                "codecOptions", "\"\(name)\" is not for the options of the codec",
                hint: "it follows from the frames and from the other options")
        }
        try checkSound()
        if codec == .h264 {
            // x264 prints what it thinks of others, before it can be told not to.
            for (name, known) in Self.x264Names {
                guard let value = codecOptions[name], !known.contains(value) else { continue }
                throw refusal(
                    "codecOptions", "x264 knows no \(name) \"\(value)\"",
                    hint: "choose one of \(known.joined(separator: ", "))")
            }
        }
        return codec
    }

    private static let x264Names = [
        (
            "preset",
            [
                "ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower", "veryslow",
                "placebo",
            ]
        ),
        ("tune", ["film", "animation", "grain", "stillimage", "psnr", "ssim", "fastdecode", "zerolatency"]),
        ("profile", ["baseline", "main", "high", "high10", "high422", "high444"]),
    ]

    /// Options that describe what the renderer makes, or the clock.
    private static let ownOptions: Set<String> = [
        "video_size", "pixel_format", "time_base", "threads", "flags", "colorspace", "color_primaries", "color_trc",
        "color_range",
    ]

    private func checkQuality(_ codec: VideoCodec) throws(MediaError) {
        switch quality {
        case .standard: break
        case .rateFactor(let factor):
            guard codec.rateFactors.contains(factor) else {
                throw refusal(
                    "crf", "a rate factor of \(factor)",
                    hint: "\(codec.rawValue) has \(codec.rateFactors.lowerBound) to \(codec.rateFactors.upperBound)")
            }
        case .bitrate(let rate):
            guard (1000...1_000_000_000).contains(rate) else {
                throw refusal("bitrate", "\(rate) bits per second", hint: "choose 1000 to 1000000000")
            }
        case .lossless:
            guard codec == .h264 || codec == .vp9 else {
                throw refusal(
                    "lossless", "\(codec.rawValue) is not written without loss here",
                    hint: "choose h264 in mp4 or vp9 in webm")
            }
        }
    }

    /// How the sound is compressed.
    var soundCodec: SoundCodec? {
        sound.flatMap { $0.codec ?? SoundCodec.standard(for: format, rate: $0.source.rate) }
    }

    private func checkSound() throws(MediaError) {
        guard let sound, let codec = soundCodec else { return }
        try codec.check(in: format, rate: sound.source.rate, channels: sound.source.channels)
        guard let rate = sound.bitrate, !(6000...1_000_000).contains(rate) else { return }
        throw refusal("sound.bitrate", "\(rate) bits per second of sound", hint: "choose 6000 to 1000000")
    }

    private func refusal(_ field: String, _ message: String, hint: String) -> MediaError {
        MediaError(.argumentInvalid, message, hint: hint, at: .init(field: field))
    }

    /// What libav calls the encoder of a codec with these options.
    func encoderName(_ codec: VideoCodec) -> String {
        codec == .h264 && quality == .lossless ? "libx264rgb" : codec.encoderName
    }

    /// What frames become before they are compressed.
    func pixels(of format: PixelFormat) -> PixelFormat {
        if quality == .lossless { return .rgb }
        switch format.model {
        case .gray: return .gray
        case .rgb: return .rgb
        case .indexed: return opacity == .kept ? .rgba : .rgb
        case .rgba: return opacity == .kept ? .rgba : .rgb
        case .grayAlpha:
            guard case .over(let red, let green, let blue) = opacity else { return .rgba }
            return red == green && green == blue ? .gray : .rgb
        }
    }
}
