import ImageCoding
import MediaCore

/// The options of libav that an encoder is opened with.
enum VideoOptions {
    /// Frames a second by which every encoder reckons: what a rate factor means would change with the rate otherwise, and a
    /// clip of 1 frame a second would take five times the bytes of one of 60.
    static let clockRate = 25

    /// The options, in order; later ones win.
    ///
    /// - Parameter frameSeconds: how long a frame is shown.
    static func all(_ encoder: VideoEncoder, _ plan: VideoPlan, frameSeconds: Double) -> [(name: String, value: String)]
    {
        var options = [
            ("time_base", "1/\(clockRate)"), ("threads", "\(encoder.threads)"),
            ("flags", encoder.format == .ogg ? "+bitexact" : "+bitexact+global_header"),
        ]
        options += colors(plan.matrix)
        options += codec(encoder, plan)
        options += quality(encoder, plan, frameSeconds: frameSeconds)
        for (name, value) in encoder.codecOptions.sorted(by: { $0.key < $1.key }) {
            // Lists of parameters add to ours, which keep a codec quiet and its bytes the same.
            let ours = name.hasSuffix("-params") ? options.first { $0.0 == name }?.1 : nil
            options.append((name, ours.map { $0 + ":" + value } ?? value))
        }
        return options.map { (name: $0.0, value: $0.1) }
    }

    /// All four tags: players ignore a matrix whose transfer is not said.
    private static func colors(_ matrix: YUVMatrix?) -> [(String, String)] {
        let (space, primaries, transfer, range) =
            switch matrix {
            case .bt601: ("smpte170m", "smpte170m", "smpte170m", "tv")
            case .bt709: ("bt709", "bt709", "bt709", "tv")
            case nil: ("rgb", "bt709", "iec61966-2-1", "pc")
            }
        return [
            ("colorspace", space), ("color_primaries", primaries), ("color_trc", transfer), ("color_range", range),
        ]
    }

    private static func codec(_ encoder: VideoEncoder, _ plan: VideoPlan) -> [(String, String)] {
        let preset = encoder.preset
        switch plan.codec {
        case .h264:
            let name =
                switch preset {
                case .fastest: "superfast"
                case .balanced: "veryfast"
                case .smallest, .best: "medium"
                }
            // Without this, bytes depend on the instructions that the processor has.
            var options = [("preset", name), ("x264-params", "cpu-independent=1")]
            if plan.matrix != nil, plan.subsampling == .quarter { options.append(("profile", "high")) }
            return options
        case .hevc:
            let name =
                switch preset {
                case .fastest: "ultrafast"
                case .balanced: "veryfast"
                case .smallest, .best: "medium"
                }
            // x265 prints by itself, and starts threads by itself.
            let lone = encoder.threads == 1 ? ":pools=none:frame-threads=1:wpp=0" : ""
            return [("preset", name), ("x265-params", "log-level=none" + lone)]
        case .vp8:
            // Speeds above 0 follow the clock in real time: bytes would depend on what else the machine does.
            let (deadline, speed) = preset == .fastest ? ("realtime", -8) : ("good", preset == .balanced ? 5 : 2)
            return [("deadline", deadline), ("cpu-used", "\(speed)")]
        case .vp9:
            let isFast = preset == .fastest || preset == .balanced
            return [("deadline", isFast ? "realtime" : "good"), ("cpu-used", isFast ? "8" : "4"), ("row-mt", "1")]
                + (isFast ? [("lag-in-frames", "0")] : [])
        case .av1:
            let (usage, speed) =
                switch preset {
                case .fastest: ("realtime", 8)
                case .balanced: ("good", 8)
                case .smallest, .best: ("good", 5)
                }
            return [("usage", usage), ("cpu-used", "\(speed)"), ("row-mt", "0")]
        }
    }

    /// The rate factor of a preset.
    static func rateFactor(_ preset: ClipPreset, _ codec: VideoCodec) -> Int {
        let (usual, small, best) =
            switch codec {
            case .h264: (20, 23, 16)
            case .hevc: (24, 27, 19)
            case .vp8: (10, 20, 4)
            case .vp9: (32, 34, 22)
            case .av1: (28, 34, 20)
            }
        return switch preset {
        case .fastest, .balanced: usual
        case .smallest: small
        case .best: best
        }
    }

    private static func quality(
        _ encoder: VideoEncoder, _ plan: VideoPlan, frameSeconds: Double
    ) -> [(String, String)] {
        var factor = rateFactor(encoder.preset, plan.codec)
        switch encoder.quality {
        case .standard: break
        case .rateFactor(let given): factor = given
        case .bitrate(let rate):
            // What a frame may take, at the rate of the encoder's clock.
            let bits = Double(rate) * frameSeconds * Double(clockRate)
            return [("b", "\(Int(min(max(bits, 1000), 2_000_000_000)))")]
        case .lossless: return plan.codec == .h264 ? [("qp", "0")] : [("lossless", "1")]
        }
        switch plan.codec {
        case .h264, .hevc: return [("crf", "\(factor)")]
        case .vp9, .av1: return [("crf", "\(factor)"), ("b", "0")]
        case .vp8:
            // The rate is the most that it may take; a pixel takes less than a bit at factor 10, not so at 4.
            let bits = plan.codedWidth * plan.codedHeight * clockRate * (factor < 10 ? 3 : 1)
            return [("crf", "\(factor)"), ("b", "\(min(max(2_000_000, bits), 2_000_000_000))")]
        }
    }
}
