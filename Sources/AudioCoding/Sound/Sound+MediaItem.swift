public import MediaCore
import TensorIO

extension Sound: MediaListElement {
    /// The most sounds of a list that are shown.
    public static let mostListed = 100

    /// Writes the file as `media/audio/<key>_<step>_<sha>.wav`, or with the ending of an existing file.
    ///
    /// History: `{caption?, _type: "audio-file", sha256, size, path}`, as the wandb SDK writes it.
    public func write(
        to folder: MediaFolder, key: String, step: MediaStep, compatibility: Compatibility = .standard
    ) throws(MediaError) -> MediaRecord {
        if let file {
            let written = try folder.write(
                subfolder: "audio", key: key, step: step, extension: file.ending, compatibility: compatibility
            ) { (sink) throws(MediaError) in
                try file.contents.withBytes { (bytes) throws(MediaError) in try sink.write(bytes) }
            }.file
            return MediaRecord(
                file: written, mediaType: "audio-file", caption: caption, findings: file.header.findings)
        }
        var encoder = encoder ?? WAVEncoder()
        encoder.compatibility = compatibility
        let (written, report) = try folder.write(
            subfolder: "audio", key: key, step: step, extension: ".wav", compatibility: compatibility
        ) { (sink) throws(MediaError) in try encoder.encode(self, to: sink) }
        return MediaRecord(file: written, mediaType: "audio-file", caption: caption, findings: report.allFindings)
    }

    /// Writes the files of a list under one key.
    ///
    /// History: `{_type: "audio", count, audio, sampleRates, durations, captions?}`. Captions are kept when any sound has one;
    /// one without is `""`. Durations are in seconds, `null` where nobody knows; the wandb rules know neither rate nor duration
    /// of existing files. More than ``mostListed`` sounds are a warning.
    public static func write(
        _ items: [Sound], to folder: MediaFolder, key: String, step: MediaStep,
        compatibility: Compatibility = .standard
    ) throws(MediaError) -> MediaRecord {
        // The SDK writes an empty list as it is.
        guard !items.isEmpty else { return MediaRecord(mediaType: "audio", json: .array([]), elements: []) }
        var records: [MediaRecord] = []
        for (index, item) in items.enumerated() {
            do throws(MediaError) {
                records.append(try item.write(to: folder, key: key, step: step, compatibility: compatibility))
            } catch {
                throw error.inElement(index)
            }
        }
        func isKnown(_ item: Sound) -> Bool { item.file == nil || !compatibility.isWandb }
        var json: JSONObject = [
            "_type": "audio", "count": JSONValue(items.count), "audio": .array(records.map(\.json)),
            "sampleRates": .array(items.map { isKnown($0) ? JSONValue($0.rate) : .null }),
            "durations": .array(items.map { isKnown($0) ? $0.seconds.map(JSONValue.number) ?? .null : .null }),
        ]
        if items.contains(where: { $0.caption != nil }) {
            json["captions"] = .array(items.map { .string($0.caption ?? "") })
        }
        var findings: [Finding] = []
        if items.count > mostListed {
            findings.append(
                .warning(
                    .limitExceeded, "\(items.count) sounds under one key, \(mostListed) are shown", path: key,
                    value: String(items.count), hint: "log fewer at a step"))
        }
        return MediaRecord(mediaType: "audio", json: .object(json), elements: records, findings: findings)
    }
}
