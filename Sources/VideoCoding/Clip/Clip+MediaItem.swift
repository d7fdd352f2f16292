import ImageCoding
public import MediaCore

extension Clip: MediaListElement {
    /// Writes the file as `media/videos/<key>_<step>_<sha>.<format>`.
    ///
    /// History: `{caption?, _type: "video-file", sha256, size, path, width?, height?}`, as the wandb SDK writes it; an
    /// existing file has no width and height there.
    public func write(
        to folder: MediaFolder, key: String, step: MediaStep, compatibility: Compatibility = .standard
    ) throws(MediaError) -> MediaRecord {
        switch content {
        case .file(let contents, let ending, let findings):
            let file = try folder.write(
                subfolder: "videos", key: key, step: step, extension: ending, compatibility: compatibility
            ) { (sink) throws(MediaError) in
                try contents.withBytes { (bytes) throws(MediaError) in try sink.write(bytes) }
            }.file
            return MediaRecord(file: file, mediaType: "video-file", caption: caption, findings: findings)
        case .frames(let frames):
            let encoder = try fileEncoder(under: compatibility)
            let (file, report) = try folder.write(
                subfolder: "videos", key: key, step: step, extension: "." + format.rawValue,
                compatibility: compatibility
            ) { (sink) throws(MediaError) in try encoder.encode(frames, to: sink) }
            return MediaRecord(
                file: file, mediaType: "video-file", caption: caption,
                details: ["width": JSONValue(report.width), "height": JSONValue(report.height)],
                findings: report.allFindings)
        }
    }

    /// Writes the files of a list under one key.
    ///
    /// History: `{_type: "videos", count, videos, captions}`. The wandb rules keep captions when the first clip has one;
    /// ours when any has. A clip without is `null` there; `captions` is `false` where they are not kept.
    public static func write(
        _ items: [Clip], to folder: MediaFolder, key: String, step: MediaStep, compatibility: Compatibility = .standard
    ) throws(MediaError) -> MediaRecord {
        // The SDK writes an empty list as it is.
        guard let first = items.first else {
            return MediaRecord(mediaType: "videos", json: .array([]), elements: [])
        }
        var records: [MediaRecord] = []
        for (index, item) in items.enumerated() {
            do throws(MediaError) {
                records.append(try item.write(to: folder, key: key, step: step, compatibility: compatibility))
            } catch {
                throw error.inElement(index)
            }
        }
        let keepsCaptions = compatibility.isWandb ? first.caption != nil : items.contains { $0.caption != nil }
        let json: JSONValue = [
            "_type": "videos", "count": JSONValue(items.count), "videos": .array(records.map(\.json)),
            "captions": keepsCaptions
                ? .array(items.map { $0.caption.map(JSONValue.string) ?? .null }) : .bool(false),
        ]
        return MediaRecord(mediaType: "videos", json: json, elements: records)
    }
}

extension Clip {
    /// The encoder of the file. The SDK enlarges nothing.
    private func fileEncoder(under compatibility: Compatibility) throws(MediaError) -> ClipEncoder {
        let made = try ClipEncoder(
            for: format, gif: encoder ?? GIFEncoder(preset: .fastest), video: videoEncoder)
        guard compatibility.isWandb, case .video(var video) = made else { return made }
        video.enlargesTinyFrames = false
        return .video(video)
    }
}

extension ClipReport {
    /// Everything there is to say: what was guessed, what was lost, what the encoder noticed.
    public var allFindings: [Finding] { facts.findings + tally.findings(under: facts.mapping) + findings }
}
