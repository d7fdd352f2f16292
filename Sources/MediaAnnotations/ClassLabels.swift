public import MediaCore

/// The names of classes by number: what the ids of masks and boxes mean.
public struct ClassLabels: Sendable, Hashable {
    /// The names, in the order in which they were given.
    public private(set) var entries: [ImageClass]
    private var places: [Int: Int] = [:]

    /// No names.
    public init() { entries = [] }

    /// Names in an order of the caller's choice.
    ///
    /// - Throws: `labels.repeated` when a number has two names; the error carries a report of all of them.
    public init(_ entries: some Sequence<ImageClass>) throws(MediaError) {
        self.init()
        var report = ValidationReport()
        for entry in entries {
            if let place = places[entry.id] {
                report.add(
                    .error(
                        .labelsRepeated,
                        "class \(entry.id) is \"\(entry.name)\" here and \"\(self.entries[place].name)\" before",
                        path: "class_labels[\(entry.id)]", value: entry.name, hint: "give every class one name"))
            } else {
                append(entry)
            }
        }
        try report.throwIfInvalid()
    }

    /// Names for `ids`, as everybody makes them who was given none: `class_3`.
    public static func defaults(for ids: some Sequence<Int>) -> ClassLabels {
        var labels = ClassLabels()
        for id in ids where labels.places[id] == nil { labels.append(ImageClass(id: id, name: "class_\(id)")) }
        return labels
    }

    private mutating func append(_ entry: ImageClass) {
        places[entry.id] = entries.count
        entries.append(entry)
    }

    /// The name that was given to a class.
    public subscript(id: Int) -> String? { places[id].map { entries[$0].name } }

    /// The name of a class, `class_<id>` when none was given.
    public func name(of id: Int) -> String { self[id] ?? "class_\(id)" }

    /// Whether no class has a name.
    public var isEmpty: Bool { entries.isEmpty }

    /// The names by number, as the history and the sidecars have them: `{"7": "cat"}`.
    public var json: JSONValue { .object(JSONObject(entries.map { (String($0.id), .string($0.name)) })) }

    /// The names as they stand in the configuration of a run, under `_wandb`, the kind, and the names of the picture's key
    /// and of the group.
    func record(kind: String, key: String, group: String) -> MediaRecord.ConfigRecord {
        // The spelling is part of the format.
        let name = "\(key)_wandb_delimeter_\(group)"
        return MediaRecord.ConfigRecord(
            path: ["_wandb", kind, name], value: ["type": .string(kind), "key": .string(name), "value": json])
    }
}

extension MediaError.Code {
    /// A class has two names.
    public static let labelsRepeated: Self = "labels.repeated"
}
