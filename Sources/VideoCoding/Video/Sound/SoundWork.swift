import CLibavLoader
import MediaCore
import TensorIO

/// The encoder of the sound of a video. It takes samples as far as the frames have come, so that nothing waits in memory.
@safe
final class SoundWork {
    private let encoder: LibavEncoder
    private let source: any SampleSource
    private let codec: SoundCodec
    private let format: ClipFormat
    private let strictness: Strictness
    private(set) var facts: SoundTrackFacts
    /// The samples of a frame, channels next to each other.
    private var samples: [Float]
    /// A packet that is for later; it lives until the encoder is asked again.
    private var waiting: UnsafeMutablePointer<tm_av_packet>?
    private var isEnded = false
    /// How many samples the codec needs ahead of the first one; times of WebM count from there.
    private var delay: Int?

    /// - Throws: `argument.invalid` for a sound of no samples; what opening the encoder throws.
    init(
        _ library: LibavLibrary, _ settings: VideoEncoder, _ track: SoundTrack, _ codec: SoundCodec
    ) throws(MediaError) {
        source = track.source
        let rate = source.rate, channels = source.channels
        self.codec = codec
        format = settings.format
        strictness = settings.strictness
        facts = SoundTrackFacts(codec: codec, rate: rate, channels: channels)
        encoder = try LibavEncoder(
            library, codec, rate: rate, channels: channels,
            options: Self.options(codec, track, settings.format))
        samples = [Float](repeating: 0, count: encoder.samplesPerFrame * channels)
    }

    /// The stream of the file.
    var track: LibavMuxer.Track {
        LibavMuxer.Track(
            encoder: encoder, timeBase: TimeBaseNumbers(numerator: 1, denominator: Int32(clamping: facts.rate)))
    }

    /// Writes the packets that begin up to a time, or all that there are.
    ///
    /// - Parameters:
    ///   - seconds: the time; `nil` for the end of the sound.
    ///   - index: the place of the sound among the streams.
    func write(
        until seconds: Double?, to muxer: LibavMuxer, track index: Int, _ cancellation: CancellationFlag?
    ) throws(MediaError) {
        let unit = muxer.timeBase(of: index)
        let ticks = Double(unit.denominator) / Double(max(1, unit.numerator)) / Double(facts.rate)
        while true {
            if unsafe waiting == nil { unsafe waiting = try unsafe next(cancellation) }
            guard let packet = unsafe waiting else { return }
            let begin = unsafe packet.pointee.pts, length = unsafe packet.pointee.duration
            if let seconds, Double(begin) / Double(facts.rate) > seconds { return }
            unsafe waiting = nil
            if delay == nil { delay = format == .webm && codec == .opus ? Int(max(0, -begin)) : 0 }
            let time = tick(Int(begin) + (delay ?? 0), ticks)
            // Where it ends to the ear: the length of a file would be that much longer otherwise. Without a length of its own, a
            // packet of WebM is taken to be as long as the one before.
            let end = max(tick(Int(begin + length), ticks), time + (length > 0 ? 1 : 0))
            try unsafe muxer.write(packet, of: index, shownAt: time, decodedAt: time, duration: end - time)
        }
    }

    /// The time of a sample in the file.
    private func tick(_ sample: Int, _ ticks: Double) -> Int {
        // Doubles hold every number of samples that there is. What Vorbis begins with makes no sound.
        let tick = Int((Double(sample) * ticks).rounded())
        return format == .webm ? max(0, tick) : tick
    }

    /// The next packet; `nil` at the end.
    private func next(_ cancellation: CancellationFlag?) throws(MediaError) -> UnsafeMutablePointer<tm_av_packet>? {
        while true {
            if let packet = try unsafe encoder.receive() { return unsafe packet }
            if isEnded { return nil }
            try cancellation?.check()
            try feed()
        }
    }

    /// Gives the encoder a frame, or tells it that there is no other.
    private func feed() throws(MediaError) {
        let begin = facts.sampleCount, most = encoder.samplesPerFrame
        let count = try fill(begin..<begin + most)
        guard (0...most).contains(count) else {
            throw MediaError(.sourceFailed, "a sound gave \(count) samples, \(most) were asked for")
        }
        guard count > 0 else {
            guard begin > 0 else {
                throw MediaError(
                    .argumentInvalid, "a sound of no samples", hint: "leave it out", at: .init(field: "sound"))
            }
            isEnded = true
            return try encoder.send(nil)
        }
        let frame = try unsafe encoder.frame()
        unsafe frame.pointee.nb_samples = Int32(clamping: count)
        try unsafe take(count, into: frame)
        try encoder.send(begin)
        facts.sampleCount += count
    }

    /// Asks the source.
    private func fill(_ range: Range<Int>) throws(MediaError) -> Int {
        // Out of the object while it is written to, without a copy.
        var block = samples
        samples = []
        defer { samples = block }
        var span = block.mutableSpan
        return try source.fill(range, into: &span)
    }

    /// Puts samples into a frame, within −1…1.
    private func take(_ count: Int, into frame: UnsafeMutablePointer<tm_av_frame>) throws(MediaError) {
        let channels = facts.channels
        guard let planes = unsafe frame.pointee.extended_data else {
            throw MediaError(.libraryFailed, "libav gave a frame without memory")
        }
        for channel in 0..<channels {
            guard let plane = unsafe planes[codec.isPlanar ? channel : 0] else {
                throw MediaError(.libraryFailed, "libav gave a frame without memory")
            }
            let target = unsafe UnsafeMutableRawPointer(plane).assumingMemoryBound(to: Float.self)
            let first = codec.isPlanar ? 0 : channel, step = codec.isPlanar ? 1 : channels
            for index in 0..<count {
                var value = samples[index * channels + channel]
                // NaN is not within, either.
                if !(value.magnitude <= 1) { value = try fitted(value, at: facts.sampleCount + index, channel) }
                unsafe target[first + index * step] = value
            }
        }
    }

    /// What becomes of a number that a file cannot hold.
    private func fitted(_ value: Float, at index: Int, _ channel: Int) throws(MediaError) -> Float {
        if strictness == .strict {
            throw MediaError(
                value.isFinite ? .valueOutOfRange : .valueNotFinite,
                "sample \(index) of channel \(channel) is \(value)", hint: "samples are within −1…1",
                at: .init(field: "sound[\(index)]"))
        }
        let place = SoundPlace(sample: index, channel: channel)
        guard value.isFinite else {
            facts.tally.notFinite += 1
            facts.tally.firstNotFinite = Self.earlier(facts.tally.firstNotFinite, place)
            return 0
        }
        if value < 0 { facts.tally.clippedLow += 1 } else { facts.tally.clippedHigh += 1 }
        let first = Self.earlier(facts.tally.firstClipped, place)
        if first == place { facts.tally.firstClippedValue = Double(value) }
        facts.tally.firstClipped = first
        return value < 0 ? -1 : 1
    }

    /// Channels are looked at one after the other, so that a place that comes later may be the first.
    private static func earlier(_ one: SoundPlace?, _ other: SoundPlace) -> SoundPlace {
        guard let one, (one.sample, one.channel) < (other.sample, other.channel) else { return other }
        return one
    }

    /// What is to be warned of, in a file whose frames last so many seconds.
    func findings(frames seconds: Double) -> [Finding] {
        var findings = facts.tally.findings(path: "sound", remedy: "divide by the greatest magnitude")
        if abs(facts.seconds - seconds) > Self.noticed {
            findings.append(
                .warning(
                    .valueOutOfRange,
                    "the sound lasts \(facts.seconds.secondsText), the frames \(seconds.secondsText)", path: "sound",
                    hint: "check the rate of the sound and that of the frames"))
        }
        return findings
    }

    /// A difference of lengths that somebody notices, in seconds.
    private static let noticed = 0.1

    private static func options(
        _ codec: SoundCodec, _ track: SoundTrack, _ format: ClipFormat
    ) -> [(name: String, value: String)] {
        let rate = track.source.rate, channels = track.source.channels
        var flags = format == .ogg ? "+bitexact" : "+bitexact+global_header"
        var quality = [("b", "\(track.bitrate ?? 0)")]
        if track.bitrate == nil {
            switch codec {
            // A frame of 1,024 samples has at most 6,144 bits a channel.
            case .aac: quality = [("b", "\(min(96_000, rate * 4) * channels)")]
            case .opus: quality = [("b", "\(64_000 * channels)")]
            case .vorbis:
                // Its fifth quality; libav counts in 118ths.
                flags += "+qscale"
                quality = [("global_quality", "\(5 * 118)")]
            }
        }
        return [("time_base", "1/\(rate)"), ("threads", "1"), ("flags", flags)] + quality
    }
}
