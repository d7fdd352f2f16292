public import MediaCore

/// Pictures that are logged together under one key.
///
/// History: `{_type: "images/separated", width, height, format, count, filenames, captions?}`, where width, height and
/// format are those of the first picture, as the wandb SDK writes it. Its rules lose things silently; ours do not: captions
/// are kept when any picture has one, `sizes` and `groupings` are added when they differ, and what happens to lists over
/// the limit or to pictures of different sizes is the caller's choice. The findings count what was left out, split or padded.
public struct ImageList: MediaItem {
    /// What happens to a list that is longer than the limit.
    public enum Overflow: String, Sendable, CaseIterable {
        /// It is an error. The default.
        case error
        /// The first ones are kept, the number of the others is reported.
        case truncate
        /// Several lists are made; the history value is an object of them, named by the place of their first picture.
        case split
    }

    /// What happens to pictures of different sizes.
    public enum SizePolicy: String, Sendable, CaseIterable {
        /// They are kept as they are and listed in `sizes`. The default.
        case independent
        /// They are an error that names the first that differs.
        case requireEqual
        /// They are set on black, at the top left, in the size of the largest. Files cannot be padded.
        case padToLargest
    }

    /// The pictures.
    public var images: [Image]
    /// The most pictures that a list may hold. Viewers of the wandb SDK show 108.
    public var limit: Int
    /// What happens to longer lists.
    public var overflow: Overflow
    /// What happens to pictures of different sizes.
    public var sizes: SizePolicy

    /// Creates a list.
    public init(
        _ images: [Image], limit: Int = 108, overflow: Overflow = .error, sizes: SizePolicy = .independent
    ) {
        self.images = images
        self.limit = limit
        self.overflow = overflow
        self.sizes = sizes
    }

    /// Writes every file and makes the one value of the list.
    ///
    /// - Throws: `limit.exceeded` for too many pictures, `shape.invalid` for different sizes, where they are errors; what
    ///   writing a picture throws, with its place in the list.
    public func write(
        to folder: MediaFolder, key: String, step: MediaStep, compatibility: Compatibility = .standard
    ) throws(MediaError) -> MediaRecord {
        guard limit > 0 else {
            throw MediaError(
                .argumentInvalid, "a limit of \(limit) pictures", hint: "use 1 or more", at: .init(field: "limit"))
        }
        var (images, findings) = try equallySized(compatibility)
        if images.count > limit {
            switch compatibility.isWandb ? .truncate : overflow {
            case .error:
                throw MediaError(
                    .limitExceeded, "the list has \(images.count) pictures, viewers show \(limit)",
                    hint: "choose overflow: .truncate or .split", at: .init(field: "[\(limit)]"))
            case .truncate:
                findings.append(
                    .warning(
                        .limitExceeded, "\(images.count - limit) of \(images.count) pictures were left out",
                        path: "[\(limit)]", value: String(images.count), hint: "choose overflow: .split to keep all"))
                images = Array(images.prefix(limit))
            case .split:
                var record = try writeParts(images, to: folder, key: key, step: step, compatibility: compatibility)
                record.findings.insert(contentsOf: findings, at: 0)
                return record
            }
        }
        let records = try Self.write(images, from: 0, to: folder, key: key, step: step, compatibility: compatibility)
        return MediaRecord(
            mediaType: "images/separated", json: Self.json(images, records, compatibility), elements: records,
            findings: findings)
    }

    private func writeParts(
        _ images: [Image], to folder: MediaFolder, key: String, step: MediaStep, compatibility: Compatibility
    ) throws(MediaError) -> MediaRecord {
        var parts = JSONObject()
        var records: [MediaRecord] = []
        for first in stride(from: 0, to: images.count, by: limit) {
            let part = Array(images[first..<min(images.count, first + limit)])
            let written = try Self.write(
                part, from: first, to: folder, key: key, step: step, compatibility: compatibility)
            parts[String(first)] = Self.json(part, written, compatibility)
            records += written
        }
        return MediaRecord(
            mediaType: "images/separated", json: .object(parts), elements: records,
            findings: [
                .warning(
                    .limitExceeded, "\(images.count) pictures became \(parts.members.count) lists of at most \(limit)",
                    value: String(images.count))
            ])
    }

    private static func write(
        _ images: [Image], from first: Int, to folder: MediaFolder, key: String, step: MediaStep,
        compatibility: Compatibility
    ) throws(MediaError) -> [MediaRecord] {
        var records: [MediaRecord] = []
        records.reserveCapacity(images.count)
        for (index, image) in images.enumerated() {
            do throws(MediaError) {
                records.append(try image.write(to: folder, key: key, step: step, compatibility: compatibility))
            } catch {
                throw error.inField("[\(first + index)]")
            }
        }
        return records
    }

    /// The history value; the empty list is an empty array, as the wandb SDK has it.
    private static func json(_ images: [Image], _ records: [MediaRecord], _ compatibility: Compatibility) -> JSONValue {
        guard let first = images.first else { return .array([]) }
        var json: JSONObject = [
            "_type": "images/separated", "width": JSONValue(first.width), "height": JSONValue(first.height),
            "format": .string(first.format), "count": JSONValue(images.count),
            "filenames": .array(records.map { .string($0.path ?? "") }),
        ]
        let hasCaptions = compatibility.isWandb ? first.caption != nil : images.contains { $0.caption != nil }
        if hasCaptions { json["captions"] = .array(images.map { $0.caption.map(JSONValue.string) ?? .null }) }
        if !compatibility.isWandb {
            if images.contains(where: { $0.width != first.width || $0.height != first.height }) {
                json["sizes"] = .array(images.map { .array([JSONValue($0.width), JSONValue($0.height)]) })
            }
            if images.contains(where: { ($0.grouping ?? 0) != 0 }) {
                json["groupings"] = .array(images.map { JSONValue($0.grouping ?? 0) })
            }
        }
        return .object(json)
    }

    /// The pictures after the policy for sizes, and how many it concerned; the wandb rules know none.
    private func equallySized(_ compatibility: Compatibility) throws(MediaError) -> ([Image], [Finding]) {
        guard let first = images.first else { return (images, []) }
        let others = images.lazy.filter { $0.width != first.width || $0.height != first.height }.count
        guard others > 0 else { return (images, []) }
        guard sizes != .independent, !compatibility.isWandb else {
            return (
                images,
                [
                    .warning(
                        .sizesDiffer,
                        "\(others) of \(images.count) pictures have another size than the first, \(first.width)×\(first.height)",
                        path: "sizes", value: String(others), hint: "choose sizes: .padToLargest to make them equal")
                ]
            )
        }
        let width = images.reduce(0) { max($0, $1.width) }
        let height = images.reduce(0) { max($0, $1.height) }
        var result: [Image] = []
        var padded = 0
        for (index, image) in images.enumerated() {
            switch sizes {
            case .requireEqual where image.width != first.width || image.height != first.height:
                throw MediaError(
                    .shapeInvalid,
                    "the picture has \(image.width)×\(image.height) pixels, the first \(first.width)×\(first.height)",
                    hint: "choose sizes: .independent or .padToLargest", at: .init(field: "[\(index)]"))
            case .padToLargest where image.width != width || image.height != height:
                padded += 1
                do throws(MediaError) {
                    result.append(try image.padded(width: width, height: height))
                } catch {
                    throw error.inField("[\(index)]")
                }
            default:
                result.append(image)
            }
        }
        return (
            result,
            [
                .warning(
                    .sizesDiffer,
                    "\(padded) of \(images.count) pictures were set on black of \(width)×\(height) pixels",
                    path: "sizes", value: String(padded))
            ]
        )
    }
}

extension MediaError.Code {
    /// Pictures that are shown together have different sizes.
    public static let sizesDiffer: Self = "shape.sizes-differ"
}

extension Image {
    /// The picture at the top left of a larger black one.
    fileprivate func padded(width: Int, height: Int) throws(MediaError) -> Image {
        guard let source else {
            throw MediaError(
                .unsupported, "a file cannot be padded without decoding it",
                hint: "decode it, or choose sizes: .independent")
        }
        let colors = source.format.model == .indexed ? try ConvertedSource(source, to: .rgba) : source
        let padded = try PaddedSource(
            colors, insets: EdgeInsets(bottom: height - source.height, right: width - source.width),
            with: .color(.black))
        return Image(
            padded, fileType: fileType, caption: caption, grouping: grouping, classes: classes, encoder: encoder)
    }
}
