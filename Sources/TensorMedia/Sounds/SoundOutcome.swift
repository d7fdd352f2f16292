public import AudioCoding
import MediaCore
import VideoCoding

/// What is to be said about a sound that was written.
public struct SoundOutcome: Sendable, Hashable {
    /// The kind of file.
    public var format: SoundFormat
    /// How the file holds numbers.
    public var sampleFormat: SampleFormat
    /// How many samples a second has, in hertz.
    public var rate: Int
    /// How many channels there are.
    public var channels: Int
    /// How many samples there are; `nil` while nobody knows.
    public var count: Int?
    /// What was decided when the sound was made.
    public var facts: SoundFacts
    /// What the encoder did; `nil` for what is only planned.
    public var report: SoundReport?

    /// How long the sound lasts, in seconds; `nil` while nobody knows.
    public var seconds: Double? { count.map { Double($0) / Double(rate) } }

    /// `2 channels at 44100 Hz, 1.5 s, pcm16`; `at 16000 Hz from 44100 Hz` where the rate was changed.
    var summary: String {
        let origin = facts.originalRate.map { " from \($0) Hz" } ?? ""
        var parts = ["\(channels) channel\(channels == 1 ? "" : "s") at \(rate) Hz\(origin)"]
        if let seconds { parts.append(seconds.secondsText) }
        parts.append(
            (format.isLossy ? format.codecName : sampleFormat.rawValue)
                + (report?.isDithered == true ? " dithered" : ""))
        if report?.isRF64 == true { parts.append("RF64") }
        return parts.joined(separator: ", ")
    }
}

extension SoundOutcome {
    /// What programs are told of the file, in order.
    var members: [(name: String, value: JSONValue)] {
        [
            ("rate", JSONValue(rate)), ("channels", JSONValue(channels)),
            ("samples", count.map { JSONValue($0) } ?? .null),
            ("seconds", seconds.map(JSONValue.number) ?? .null),
            ("format", .string(format.isLossy ? format.codecName : sampleFormat.rawValue)),
        ]
    }

    /// What was decided and lost, for programs.
    var jsonFacts: JSONObject {
        var object = JSONObject()
        if let layout = facts.layout {
            object["layout"] = .string(layout.rawValue)
            object["layout_inferred"] = .bool(facts.layoutWasInferred)
        }
        if let rate = facts.originalRate { object["original_rate"] = JSONValue(rate) }
        if let report {
            object["dithered"] = .bool(report.isDithered)
            object["rf64"] = .bool(report.isRF64)
            object["clipped_low"] = JSONValue(report.tally.clippedLow)
            object["clipped_high"] = JSONValue(report.tally.clippedHigh)
            object["not_finite"] = JSONValue(report.tally.notFinite)
        }
        return object
    }
}
