import MediaCore
import TensorIO

/// What the axes of a tensor of sound mean, outermost first: `t` samples in time, `c` channels.
public enum SoundLayout: String, Sendable, Hashable, CaseIterable {
    /// Samples of one channel.
    case t
    /// Samples, channels: the default of two axes, and what soundfile and scipy use.
    case tc
    /// Channels, samples: what torchaudio and librosa use.
    case ct

    /// How many axes there are.
    public var rank: Int { rawValue.utf8.count }
}

extension SoundLayout: CustomStringConvertible {
    /// One letter per axis.
    public var description: String { rawValue }
}

extension SoundLayout {
    /// What a shape was taken for, and what there is to say about it.
    struct Reading: Hashable, Sendable {
        var layout: SoundLayout
        /// Whether it follows from the shape because nobody stated it.
        var isInferred = false
        var findings: [Finding] = []
    }

    /// The most channels of a sound: what libsndfile takes too.
    static let mostChannels = 1024
    /// The longest first axis that is taken for channels.
    private static let mostLeadingChannels = 8
    /// How many times longer than a first axis of channels the second has to be.
    private static let leadingRatio = 16

    /// The layout of a shape.
    ///
    /// One axis is `t`. Two axes are `tc`, unless the first is at most 8 long and the second at least 16 times as long: that
    /// is `ct`, and the report says so. More channels than samples are refused unless somebody stated the layout.
    ///
    /// - Parameters:
    ///   - layout: what was stated.
    ///   - shape: the tensor's shape.
    ///   - compatibility: the wandb rules read `tc`, whatever the shape, and take a sound without samples.
    /// - Throws: `shape.invalid`.
    static func read(
        _ layout: SoundLayout?, shape: [Int], compatibility: Compatibility
    ) throws(MediaError) -> Reading {
        var reading = try chosen(layout, shape, compatibility)
        let axes = Array(reading.layout.rawValue)
        let samples = axes.firstIndex(of: "t").map { shape[$0] } ?? 0
        let channels = axes.firstIndex(of: "c").map { shape[$0] } ?? 1
        guard channels > 0 else { throw refusal("has no channels", shape, hint: "a sound needs at least one") }
        guard samples > 0 || compatibility.isWandb else {
            throw refusal("has no samples", shape, hint: "a sound needs at least one")
        }
        let reads = "would be \(samples) \(samples == 1 ? "sample" : "samples") of \(channels) channels"
        guard channels <= mostChannels else {
            let other = reading.layout == .ct ? SoundLayout.tc : .ct
            throw refusal(reads, shape, hint: "\(mostChannels) is the most; transpose it, or state layout \(other)")
        }
        guard channels > samples, samples > 0, layout == nil else { return reading }
        let hint = "transpose it, or state layout ct (channels × samples) or tc"
        guard compatibility.isWandb else { throw refusal(reads, shape, hint: hint) }
        reading.findings.append(
            .warning(.layoutAmbiguous, "shape \(describe(shape)) \(reads)", path: "layout", value: "tc", hint: hint))
        return reading
    }

    private static func chosen(
        _ layout: SoundLayout?, _ shape: [Int], _ compatibility: Compatibility
    ) throws(MediaError) -> Reading {
        if let layout {
            guard layout.rank == shape.count else {
                throw refusal(
                    "has \(shape.count) \(shape.count == 1 ? "axis" : "axes"), layout \(layout) has \(layout.rank)",
                    shape, hint: "state the layout that names every axis")
            }
            return Reading(layout: layout)
        }
        switch shape.count {
        case 1: return Reading(layout: .t)
        case 2:
            let (ratio, overflow) = shape[0].multipliedReportingOverflow(by: leadingRatio)
            let isLeading = (1...mostLeadingChannels).contains(shape[0]) && !overflow && shape[1] >= ratio
            return Reading(layout: isLeading && !compatibility.isWandb ? .ct : .tc, isInferred: true)
        default:
            throw refusal(
                "has \(shape.count) axes; a sound has 1 (samples) or 2 (samples × channels)", shape,
                hint: shape.isEmpty ? "give the samples" : "take a slice of it")
        }
    }

    private static func refusal(_ message: String, _ shape: [Int], hint: String) -> MediaError {
        MediaError(.shapeInvalid, "shape \(describe(shape)) \(message)", hint: hint, at: .init(field: "shape"))
    }
}
