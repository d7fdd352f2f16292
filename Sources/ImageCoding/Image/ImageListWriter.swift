package import MediaCore

/// What can stand in a list of pictures: a picture, or one with something on it.
package protocol ListedImage: Sendable {
    /// The picture.
    var image: Image { get }

    /// Writes the files of one element.
    func write(
        to folder: MediaFolder, key: String, step: MediaStep, compatibility: Compatibility
    ) throws(MediaError) -> MediaRecord

    /// The element at the top left of a larger black picture.
    func padded(width: Int, height: Int) throws(MediaError) -> Self

    /// What the history value of a list has beside the members that all lists have.
    static func listDetails(_ records: [MediaRecord]) -> JSONObject
}

extension ListedImage {
    fileprivate var width: Int { image.width }
    fileprivate var height: Int { image.height }
    fileprivate var format: String { image.format }
    fileprivate var caption: String? { image.caption }
    fileprivate var grouping: Int? { image.grouping }
}

/// Writes a list of pictures; ``ImageList`` says what the choices mean.
package struct ImageListWriter<Element: ListedImage> {
    package let items: [Element]
    package let limit: Int
    package let overflow: ImageList.Overflow
    package let sizes: ImageList.SizePolicy

    package init(items: [Element], limit: Int, overflow: ImageList.Overflow, sizes: ImageList.SizePolicy) {
        self.items = items
        self.limit = limit
        self.overflow = overflow
        self.sizes = sizes
    }

    /// Writes every file and makes the one value of the list.
    package func write(
        to folder: MediaFolder, key: String, step: MediaStep, compatibility: Compatibility
    ) throws(MediaError) -> MediaRecord {
        guard limit > 0 else {
            throw MediaError(
                .argumentInvalid, "a limit of \(limit) pictures", hint: "use 1 or more", at: .init(field: "limit"))
        }
        var (items, findings) = try equallySized(compatibility)
        if items.count > limit {
            switch compatibility.isWandb ? .truncate : overflow {
            case .error:
                throw MediaError(
                    .limitExceeded, "the list has \(items.count) pictures, viewers show \(limit)",
                    hint: "choose overflow: .truncate or .split", at: .init(field: "[\(limit)]"))
            case .truncate:
                findings.append(
                    .warning(
                        .limitExceeded, "\(items.count - limit) of \(items.count) pictures were left out",
                        path: "[\(limit)]", value: String(items.count), hint: "choose overflow: .split to keep all"))
                items = Array(items.prefix(limit))
            case .split:
                var record = try writeParts(items, to: folder, key: key, step: step, compatibility: compatibility)
                record.findings.insert(contentsOf: findings, at: 0)
                return record
            }
        }
        let records = try Self.write(items, from: 0, to: folder, key: key, step: step, compatibility: compatibility)
        return MediaRecord(
            mediaType: "images/separated", json: Self.json(items, records, compatibility), elements: records,
            findings: findings)
    }

    private func writeParts(
        _ items: [Element], to folder: MediaFolder, key: String, step: MediaStep, compatibility: Compatibility
    ) throws(MediaError) -> MediaRecord {
        var parts = JSONObject()
        var records: [MediaRecord] = []
        for first in stride(from: 0, to: items.count, by: limit) {
            let part = Array(items[first..<min(items.count, first + limit)])
            let written = try Self.write(
                part, from: first, to: folder, key: key, step: step, compatibility: compatibility)
            parts[String(first)] = Self.json(part, written, compatibility)
            records += written
        }
        return MediaRecord(
            mediaType: "images/separated", json: .object(parts), elements: records,
            findings: [
                .warning(
                    .limitExceeded, "\(items.count) pictures became \(parts.members.count) lists of at most \(limit)",
                    value: String(items.count))
            ])
    }

    private static func write(
        _ items: [Element], from first: Int, to folder: MediaFolder, key: String, step: MediaStep,
        compatibility: Compatibility
    ) throws(MediaError) -> [MediaRecord] {
        var records: [MediaRecord] = []
        records.reserveCapacity(items.count)
        for (index, item) in items.enumerated() {
            do throws(MediaError) {
                records.append(try item.write(to: folder, key: key, step: step, compatibility: compatibility))
            } catch {
                throw error.inElement(first + index)
            }
        }
        return records
    }

    /// The history value; the empty list is an empty array, as the wandb SDK has it.
    private static func json(_ items: [Element], _ records: [MediaRecord], _ compatibility: Compatibility) -> JSONValue
    {
        guard let first = items.first else { return .array([]) }
        var json: JSONObject = [
            "_type": "images/separated", "width": JSONValue(first.width), "height": JSONValue(first.height),
            "format": .string(first.format), "count": JSONValue(items.count),
            "filenames": .array(records.map { .string($0.path ?? "") }),
        ]
        let hasCaptions = compatibility.isWandb ? first.caption != nil : items.contains { $0.caption != nil }
        if hasCaptions { json["captions"] = .array(items.map { $0.caption.map(JSONValue.string) ?? .null }) }
        if !compatibility.isWandb {
            if items.contains(where: { $0.width != first.width || $0.height != first.height }) {
                json["sizes"] = .array(items.map { .array([JSONValue($0.width), JSONValue($0.height)]) })
            }
            if items.contains(where: { ($0.grouping ?? 0) != 0 }) {
                json["groupings"] = .array(items.map { JSONValue($0.grouping ?? 0) })
            }
        }
        for member in Element.listDetails(records).members { json[member.name] = member.value }
        return .object(json)
    }

    /// The pictures after the policy for sizes, and how many it concerned; the wandb rules know none.
    private func equallySized(_ compatibility: Compatibility) throws(MediaError) -> ([Element], [Finding]) {
        guard let first = items.first else { return (items, []) }
        let others = items.lazy.filter { $0.width != first.width || $0.height != first.height }.count
        guard others > 0 else { return (items, []) }
        guard sizes != .independent, !compatibility.isWandb else {
            return (
                items,
                [
                    .warning(
                        .sizesDiffer,
                        "\(others) of \(items.count) pictures have another size than the first, \(first.width)×\(first.height)",
                        path: "sizes", value: String(others), hint: "choose sizes: .padToLargest to make them equal")
                ]
            )
        }
        let width = items.reduce(0) { max($0, $1.width) }
        let height = items.reduce(0) { max($0, $1.height) }
        var result: [Element] = []
        var padded = 0
        for (index, item) in items.enumerated() {
            switch sizes {
            case .requireEqual where item.width != first.width || item.height != first.height:
                throw MediaError(
                    .shapeInvalid,
                    "the picture has \(item.width)×\(item.height) pixels, the first \(first.width)×\(first.height)",
                    hint: "choose sizes: .independent or .padToLargest", at: .init(field: "[\(index)]"))
            case .padToLargest where item.width != width || item.height != height:
                padded += 1
                do throws(MediaError) {
                    result.append(try item.padded(width: width, height: height))
                } catch {
                    throw error.inElement(index)
                }
            default:
                result.append(item)
            }
        }
        return (
            result,
            [
                .warning(
                    .sizesDiffer,
                    "\(padded) of \(items.count) pictures were set on black of \(width)×\(height) pixels",
                    path: "sizes", value: String(padded))
            ]
        )
    }
}
