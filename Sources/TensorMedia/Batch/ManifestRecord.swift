import ImageCoding
import MediaCore
import TensorIO
import VideoCoding

/// The lines that a manifest has for one input: one per output, in order.
///
///     {"id":"8d…","path":"a/x.png","sha256":"…","md5":"…","crc32c":"…","size":5120,"media_type":"image/png",
///      "width":64,"height":48,"format":"rgb","facts":{…},"findings":[…],
///      "source":{"path":"in/a/x.npy","relative_path":"a/x.npy","size":36992,"modified":1732441000123456789,
///      "shape":[3,48,64],"type":"float32","kind":"image"},"options":"1f…","part":1,"parts":1}
///
/// `id` names the source; the lines of one source follow each other. `modified` counts nanoseconds since 1970. `options`
/// stands for the settings, the rules and the version. Outputs in an archive also have its name (`archive`), the name of
/// their entry in it (`entry`), and where their bytes begin (`offset`): with `size`, all there is to read them by range. `parts` counts what the input was made of, failures included, so
/// that an input with fewer lines is known to be unfinished.
enum ManifestRecord {
    /// What is known of an input before it is read.
    struct Source: Sendable, Equatable {
        var byteCount: Int
        var modified: Int64
        /// Stands for the paths, sizes and times of masks and boxes that are drawn on it, or of the frames of a folder; `nil`
        /// without any.
        var annotations: String?

        /// - Returns: `nil` for what cannot be recognised again: standard input, and what is not there.
        init?(_ input: ConversionInput) {
            guard input.path != "-",
                let status = input.entry?.archive.status ?? (try? FileSystem.status(of: input.path))
            else { return nil }
            byteCount = status.byteCount
            modified = status.modified
            if input.isFrameFolder {
                // What a folder says of itself does not tell whether one of its files is another.
                guard let names = try? FrameFolder.files(at: input.path).names else { return nil }
                let paths = names.map { input.path.appendingPath($0) }
                byteCount = 0
                for path in paths {
                    guard let status = try? FileSystem.status(of: path) else { return nil }
                    byteCount &+= status.byteCount
                    modified = max(modified, status.modified)
                }
                annotations = Self.key(of: paths)
            } else if let files = input.annotations {
                annotations = Self.key(of: files.paths)
            }
        }

        private static func key(of paths: [String]) -> String {
            var text = ""
            for path in paths {
                let status = try? FileSystem.status(of: path)
                text += "\(path)\0\(status?.byteCount ?? -1)\0\(status?.modified ?? 0)\0"
            }
            return TextKey(text).hex
        }
    }

    /// The key of an input.
    static func key(_ input: ConversionInput) -> TextKey {
        let member = input.member ?? ""
        let kind = input.member == nil ? "" : "member"
        guard let entry = input.entry else { return TextKey(input.path, input.relativePath, member, kind) }
        return TextKey(input.path, input.relativePath, member, kind, entry.name)
    }

    /// The lines of an input, each ended.
    static func lines(
        _ outcome: ConversionOutcome, key: TextKey, source: Source?, options: TextKey
    ) throws(MediaError) -> [UInt8] {
        var text: [UInt8] = []
        let parts = outcome.outputs.count + outcome.failures.count
        for (index, output) in outcome.outputs.enumerated() {
            var record = self.record(of: output)
            record["source"] = .object(self.source(outcome.input, source, output))
            record["options"] = .string(options.hex)
            record["part"] = JSONValue(index + 1)
            record["parts"] = JSONValue(parts)
            var line = JSONObject()
            line["id"] = .string(key.hex)
            for member in record.members { line[member.name] = member.value }
            text += try JSONWriter.bytes(.object(line))
            text.append(UInt8(ascii: "\n"))
        }
        return text
    }

    /// What is said of an output, wherever it lies.
    static func record(of output: ConversionOutcome.Output) -> JSONObject {
        let report = output.report
        var record = JSONObject()
        record["path"] = .string(output.path)
        if let digest = output.digests.sha256 { record["sha256"] = .string(digest.hex) }
        if let digest = output.digests.md5 { record["md5"] = .string(digest.hex) }
        if let sum = output.digests.crc32c {
            let digits = String(sum, radix: 16)
            record["crc32c"] = .string(String(repeating: "0", count: 8 - digits.utf8.count) + digits)
        }
        record["size"] = JSONValue(report.byteCount)
        if let place = output.archivePlace {
            record["archive"] = .string(place.archive)
            record["entry"] = .string(place.name)
            record["offset"] = JSONValue(place.offset)
        }
        record["media_type"] = .string(output.mediaType)
        if let sound = output.sound {
            for member in sound.members { record[member.name] = member.value }
        } else {
            record["width"] = JSONValue(report.width)
            record["height"] = JSONValue(report.height)
            record["format"] = .string("\(report.format)")
        }
        if let clip = output.clip {
            record["frames"] = clip.frameCount.map { JSONValue($0) }
            record["seconds"] = clip.seconds.map(JSONValue.number)
            record["frame_rate"] = .string("\(clip.frameRate)")
            record["frame_rate_default"] = .bool(clip.frameRateIsDefault)
            if let video = clip.report?.video {
                record["codec"] = .string(video.codec.rawValue)
                record["coded_width"] = JSONValue(video.codedWidth)
                record["coded_height"] = JSONValue(video.codedHeight)
                record["threads"] = JSONValue(video.threads)
            }
        }
        record["facts"] = .object(output.sound?.jsonFacts ?? facts(report))
        let findings = report.allFindings
        if !findings.isEmpty { record["findings"] = .array(findings.map(json)) }
        return record
    }

    private static func facts(_ report: EncodingReport) -> JSONObject {
        var facts = JSONObject()
        if let layout = report.facts.layout {
            facts["layout"] = .string(layout)
            facts["layout_inferred"] = .bool(report.facts.layoutWasInferred)
        }
        if let mapping = report.facts.mapping {
            facts["mapping"] = .string(mapping.name)
            facts["mapping_inferred"] = .bool(mapping.wasInferred)
            facts["low"] = .number(mapping.low)
            facts["high"] = .number(mapping.high)
            if let observed = mapping.observed {
                facts["least"] = .number(observed.lowerBound)
                facts["greatest"] = .number(observed.upperBound)
            }
        }
        if !report.facts.remarks.isEmpty { facts["remarks"] = .array(report.facts.remarks.map(JSONValue.string)) }
        facts["clipped_low"] = JSONValue(report.tally.clippedLow)
        facts["clipped_high"] = JSONValue(report.tally.clippedHigh)
        facts["not_finite"] = JSONValue(report.tally.notFinite)
        return facts
    }

    private static func json(_ finding: Finding) -> JSONValue {
        var object: JSONObject = [
            "severity": .string(finding.severity.rawValue), "code": .string(finding.code.rawValue),
            "message": .string(finding.message),
        ]
        if !finding.path.isEmpty { object["path"] = .string(finding.path) }
        if let hint = finding.hint { object["hint"] = .string(hint) }
        return .object(object)
    }

    private static func source(
        _ input: ConversionInput, _ source: Source?, _ output: ConversionOutcome.Output
    ) -> JSONObject {
        var object: JSONObject = ["path": .string(input.path), "relative_path": .string(input.relativePath)]
        if let member = input.fullMember(output.member ?? input.member) { object["member"] = .string(member) }
        if let source {
            object["size"] = JSONValue(source.byteCount)
            object["modified"] = .integer(source.modified)
            object["annotations"] = source.annotations.map(JSONValue.string)
        }
        switch output.origin {
        case .tensor(let shape, let type, let kind):
            object["shape"] = .array(shape.map { JSONValue($0) })
            object["type"] = .string("\(type)")
            object["kind"] = .string(kind.rawValue)
        case .clip(let shape, let type):
            object["shape"] = .array(shape.map { JSONValue($0) })
            object["type"] = .string("\(type)")
            object["kind"] = .string("video")
        case .clipFile(let format):
            object["type"] = .string(format.rawValue)
            object["kind"] = .string("video")
        case .sound(let shape, let type):
            object["shape"] = .array(shape.map { JSONValue($0) })
            object["type"] = .string("\(type)")
            object["kind"] = .string("audio")
        case .soundTrack(let format):
            object["type"] = .string(format.rawValue)
            object["kind"] = .string("audio")
        case .soundFile(let kind):
            object["type"] = .string(kind.rawValue)
            object["kind"] = .string("audio")
        case .stream(let form):
            object["type"] = .string(form.description)
            object["kind"] = .string("video")
        case .frames(let count, let kind):
            object["type"] = .string(kind.rawValue)
            object["files"] = JSONValue(count)
            object["kind"] = .string("video")
        case .picture(let format, let isCopied):
            object["type"] = .string(format.rawValue)
            if isCopied { object["copied"] = .bool(true) }
        }
        return object
    }
}

/// What a manifest's lines say of an input that was converted before.
struct RecordedInput {
    var size: Int64?
    var modified: Int64?
    var annotations: String?
    var options: String?
    var parts = 0
    var outputs: [(path: String, size: Int64)] = []

    /// - Returns: `nil` unless every line is a record.
    init?(_ lines: [UInt8]) {
        for line in lines.split(separator: UInt8(ascii: "\n")) {
            guard let value = try? unsafe JSONReader.parse(Array(line).span.bytes), let path = value["path"]?.string,
                let bytes = value["size"]?.integer, let count = value["parts"]?.integer
            else { return nil }
            outputs.append((path, bytes))
            parts = Int(clamping: count)
            size = value["source"]?["size"]?.integer
            modified = value["source"]?["modified"]?.integer
            annotations = value["source"]?["annotations"]?.string
            options = value["options"]?.string
        }
    }

    /// Whether it is all of that source under those options.
    func isAll(of source: ManifestRecord.Source, options key: TextKey) -> Bool {
        parts == outputs.count && parts > 0 && size == Int64(source.byteCount) && modified == source.modified
            && annotations == source.annotations && options == key.hex
    }
}
