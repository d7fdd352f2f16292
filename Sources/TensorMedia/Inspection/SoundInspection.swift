import AudioCoding
import ImageCoding
public import MediaCore
import TensorIO
import VideoCoding

/// What a tensor is when it is read as a sound, and what a file would lose of it.
public struct SoundInspection: Sendable, Hashable {
    /// What the file would be.
    public var outcome: SoundOutcome
    /// The greatest magnitude in decibels below the loudest number of the type; `nil` for silence.
    public var peak: Double?
    /// What was guessed and lost.
    public var findings: [Finding]

    /// Looks at every number, as the file is written to nowhere.
    ///
    /// - Throws: `argument.invalid` without a rate, and for settings of pictures; what ``/AudioCoding/Sound`` and the encoder
    ///   throw; `work.cancelled`.
    init(_ tensor: Tensor, settings: ConversionSettings, cancellation: CancellationFlag?) throws(MediaError) {
        guard let rate = settings.sound.rate else { throw .noRate }
        let sound = try settings.resampled(Sound(tensor, rate: rate, options: try settings.soundOptions()))
        let encoder = try settings.soundEncoder(cancellation)
        let report = try encoder.encode(sound, to: CountingSink())
        outcome = SoundOutcome(
            format: settings.sound.writtenFormat, sampleFormat: report.format, rate: sound.rate,
            channels: sound.channels, count: sound.count, facts: sound.facts, report: report)
        findings = report.allFindings
        let magnitude = try SoundEnvelope(sound, columns: 1, cancellation: cancellation).peak
        peak = magnitude > 0 ? 20 * RepeatableMath.log(Double(magnitude)) / RepeatableMath.log(10) : nil
    }

    /// `2 channels at 44100 Hz, 1.5 s, pcm16`.
    var summary: String { outcome.summary }

    /// `the loudest number is at −0.9 dB`.
    var loudness: String {
        guard let peak else { return "silence" }
        let tenths = Int((peak * 10).rounded())
        let text = "\(tenths.magnitude / 10).\(tenths.magnitude % 10)"
        return "the loudest number is at \(tenths < 0 ? "−" : "")\(text) dB"
    }

    /// Everything as JSON, for programs.
    var json: JSONValue {
        var object = JSONObject(
            outcome.members.map { ($0.name, $0.value) } + [("peak_db", peak.map(JSONValue.number) ?? .null)])
        for member in outcome.jsonFacts.members { object[member.name] = member.value }
        object["findings"] = .array(findings.map(\.json))
        return .object(object)
    }
}

extension MediaError {
    /// A tensor of samples without a rate.
    static let noRate = MediaError(
        .argumentInvalid, "nobody says how many samples a second has", hint: "give the rate, such as 44100",
        at: .init(field: "rate"))
}

extension SoundFileHeader {
    /// What there is to say of the sound of an MPEG-4 file, which is decoded to its end.
    init(decoding file: SoundFile, _ cancellation: CancellationFlag?) throws(MediaError) {
        self.init(kind: .mp4, codec: file.codec, rate: file.rate, channels: file.channels)
        count = try file.measuredCount(cancellation)
    }

    /// `a.wav: WAV sound, pcm16, 2 channels at 44100 Hz, 1.5 s`.
    func line(file: String) -> String {
        let name = kind == .ogg ? "Ogg" : kind.rawValue.uppercased()
        let length = seconds.map { ", \($0.secondsText)" } ?? ", of unknown length"
        return
            "\(file): \(name) sound, \(codec), \(channels) channel\(channels == 1 ? "" : "s") at \(rate) Hz\(length)"
    }

    /// The same for programs.
    func json(file: String) -> JSONValue {
        .object(
            JSONObject([
                ("file", .string(file)), ("format", .string(kind.rawValue)), ("codec", .string(codec)),
                ("rate", JSONValue(rate)), ("channels", JSONValue(channels)),
                ("samples", count.map { JSONValue($0) } ?? .null), ("seconds", seconds.map(JSONValue.number) ?? .null),
                ("findings", .array(findings.map(\.json))),
            ]))
    }
}
