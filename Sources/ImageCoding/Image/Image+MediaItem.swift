public import MediaCore
import TensorIO

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
    public var allFindings: [Finding] { facts.findings + tally.findings(under: facts.mapping) + findings }
}

extension PixelTally {
    /// What was lost, in words.
    ///
    /// - Parameters:
    ///   - mapping: the mapping that was applied; a percentile that was asked for clips on purpose.
    ///   - valueCount: how many values there were in all, for percentages; `nil` leaves them out.
    package func findings(under mapping: AppliedMapping?, of valueCount: Int? = nil) -> [Finding] {
        var all: [Finding] = []
        func amount(_ count: Int) -> String {
            guard let valueCount else { return "\(count) value\(count == 1 ? "" : "s")" }
            return "\(count) of \(valueCount) values (\(percentage(count, of: valueCount)))"
        }
        if clipped > 0, mapping?.clipsOnPurpose != true {
            let range = mapping.map { " \(short(min($0.low, $0.high)))…\(short(max($0.low, $0.high)))" } ?? " the range"
            all.append(
                .warning(
                    .valueOutOfRange, "\(amount(clipped)) outside\(range), clipped", path: "values",
                    value: String(clipped), hint: "state a range that holds them"))
        }
        if notFinite > 0 {
            let place = firstNotFinite.map { ", the first at \(describe($0))" } ?? ""
            let what =
                mapping?.isDepth == true ? "without a depth (not above 0, or not finite)" : "not finite, shown as 0"
            all.append(
                .warning(
                    .valueNotFinite, "\(amount(notFinite)) \(what)\(place)", path: "values", value: String(notFinite)))
        }
        return all
    }
}

extension AppliedMapping {
    fileprivate var isDepth: Bool { name.hasSuffix(" depth") }
}

/// A share for people: two digits that count, and never 0 for something.
private func percentage(_ part: Int, of whole: Int) -> String {
    let share = whole > 0 ? Double(part) / Double(whole) * 100 : 0
    if share >= 10 || share == 0 { return "\(Int(share + 0.5)) %" }
    if share < 0.01 { return "under 0.01 %" }
    let digits = share >= 1 ? 10.0 : 100
    return short((share * digits).rounded() / digits) + " %"
}
