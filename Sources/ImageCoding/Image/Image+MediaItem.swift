public import MediaCore

extension Image: MediaListElement {
    /// Writes the file as `media/images/<key>_<step>_<sha>.<format>`.
    ///
    /// History: `{caption?, _type: "image-file", sha256, size, path, format, width, height, grouping?}`, as the wandb SDK
    /// writes it.
    public func write(
        to folder: MediaFolder, key: String, step: MediaStep, compatibility: Compatibility = .standard
    ) throws(MediaError) -> MediaRecord {
        let (file, findings) = try writeFile(to: folder, key: key, step: step, compatibility: compatibility)
        var details: JSONObject = ["format": .string(format), "width": JSONValue(width), "height": JSONValue(height)]
        if let grouping, grouping != 0 { details["grouping"] = JSONValue(grouping) }
        return MediaRecord(file: file, mediaType: "image-file", caption: caption, details: details, findings: findings)
    }

    /// Writes the files of a list under one key; see ``ImageList`` for the choices.
    public static func write(
        _ items: [Image], to folder: MediaFolder, key: String, step: MediaStep, compatibility: Compatibility = .standard
    ) throws(MediaError) -> MediaRecord {
        try ImageList(items).write(to: folder, key: key, step: step, compatibility: compatibility)
    }

    private func writeFile(
        to folder: MediaFolder, key: String, step: MediaStep, compatibility: Compatibility
    ) throws(MediaError) -> (MediaRecord.File, [Finding]) {
        switch content {
        case .file(let contents, let header, let ending):
            let file = try folder.write(
                subfolder: "images", key: key, step: step, extension: ending, compatibility: compatibility
            ) { (sink) throws(MediaError) in
                try contents.withBytes { (bytes) throws(MediaError) in try sink.write(bytes) }
            }.file
            return (file, header.findings)
        case .pixels(let source):
            let (file, report) = try folder.write(
                subfolder: "images", key: key, step: step, extension: "." + format, compatibility: compatibility
            ) { (sink) throws(MediaError) in try effectiveEncoder.encode(source, to: sink) }
            return (file, report.allFindings)
        }
    }
}

extension EncodingReport {
    /// Everything there is to say: what was guessed, what was lost, what the encoder noticed.
    public var allFindings: [Finding] {
        var all = facts.findings
        // A percentile is asked for in order to clip.
        if tally.clipped > 0, facts.mapping?.name != "percentile" {
            let range = facts.mapping.map { " \(short(min($0.low, $0.high)))…\(short(max($0.low, $0.high)))" } ?? ""
            all.append(
                .warning(
                    .valueOutOfRange, "\(tally.clipped) values outside\(range) were clipped", path: "values",
                    value: String(tally.clipped), hint: "state a range that holds them"))
        }
        if tally.notFinite > 0 {
            let place =
                tally.firstNotFinite.map { ", the first at (\($0.map(String.init).joined(separator: ", ")))" } ?? ""
            all.append(
                .warning(
                    .valueNotFinite, "\(tally.notFinite) values that are not finite are shown as 0\(place)",
                    path: "values", value: String(tally.notFinite)))
        }
        return all + findings
    }
}
