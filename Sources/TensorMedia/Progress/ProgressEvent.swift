import ImageCoding
package import MediaCore

/// What programs read about a run: one JSON object, with `event` first.
package enum ProgressEvent {
    /// The run begins: how many inputs there are, and where the outputs go.
    case begin(inputs: Int, output: String)
    /// How far it is.
    case progress(ProgressMeter)
    /// One picture was made of an input.
    case output(ConversionInput, ConversionOutcome.Output)
    /// An archive is whole and in place.
    case archive(WrittenArchive)
    /// One input, or one tensor of it, could not be converted.
    case failure(input: String?, MediaError)
    /// Something that people would read on standard error.
    case message(level: String, text: String)
    /// The run is over.
    case end(ProgressMeter, outputs: Int, status: Int32)

    /// The event as JSON.
    package var json: JSONValue {
        switch self {
        case .begin(let inputs, let output):
            return [
                "event": "begin", "version": .string(TensorMediaVersion.description), "total": JSONValue(inputs),
                "output": .string(output),
            ]
        case .progress(let meter): return .object(JSONObject([("event", "progress")] + Self.counts(meter)))
        case .output(let input, let output):
            var object = JSONObject([("event", "output"), ("input", .string(input.path))])
            if let member = output.member ?? input.member { object["member"] = .string(member) }
            object["path"] = .string(output.path)
            if let place = output.archivePlace {
                object["archive"] = .string(place.archive)
                object["entry"] = .string(place.name)
            }
            object["bytes"] = JSONValue(output.report.byteCount)
            if let sound = output.sound {
                for member in sound.members { object[member.name] = member.value }
            } else {
                object["width"] = JSONValue(output.report.width)
                object["height"] = JSONValue(output.report.height)
                object["format"] = .string(output.report.format.description)
            }
            if let clip = output.clip {
                object["frames"] = clip.frameCount.map { JSONValue($0) }
                object["seconds"] = clip.seconds.map(JSONValue.number)
            }
            return .object(object)
        case .archive(let archive):
            return [
                "event": "archive", "path": .string(archive.path), "outputs": JSONValue(archive.outputs),
                "companions": JSONValue(archive.companions), "bytes": JSONValue(archive.byteCount),
            ]
        case .failure(let input, let error):
            var object = JSONObject([("event", "failure")])
            if let input { object["input"] = .string(input) }
            object["error"] = error.json
            return .object(object)
        case .message(let level, let text):
            return ["event": "message", "level": .string(level), "text": .string(text)]
        case .end(let meter, let outputs, let status):
            return .object(
                JSONObject(
                    [("event", "end"), ("status", JSONValue(Int(status))), ("outputs", JSONValue(outputs))]
                        + Self.counts(meter)))
        }
    }

    private static func counts(_ meter: ProgressMeter) -> [(String, JSONValue)] {
        let counts = meter.snapshot
        return [
            ("done", JSONValue(counts.done)), ("total", JSONValue(counts.total)),
            ("failed", JSONValue(counts.failures)), ("kept", JSONValue(counts.kept)),
            ("bytes", JSONValue(counts.bytes)),
            ("seconds", .number(Self.rounded(meter.seconds))), ("rate", .number(Self.rounded(meter.itemsPerSecond))),
            ("bytes_per_second", JSONValue(Int(min(meter.bytesPerSecond, 1e18).rounded()))),
            ("eta", meter.secondsLeft.map { .number(Self.rounded($0)) } ?? .null),
        ]
    }

    /// To milliseconds.
    private static func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
}
