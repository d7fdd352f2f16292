/// What writing a media object has made: its files, what stands in the history, and what was noticed.
public struct MediaRecord: Sendable, Hashable {
    /// One file below the media folder.
    public struct File: Sendable, Hashable {
        /// What a file is for.
        public enum Role: String, Sendable {
            /// The media object itself.
            case media
            /// Something that belongs to it: a mask, boxes, classes.
            case sidecar
        }

        /// The path below the folder, with `/` on every system.
        public var path: String
        /// SHA-256 of the content.
        public var sha256: Digest
        /// The size in bytes.
        public var byteCount: Int
        /// What it is for.
        public var role: Role
        /// Whether a file with these bytes stood under this name already.
        public var isShared: Bool

        /// Creates a description of a file.
        public init(path: String, sha256: Digest, byteCount: Int, role: Role = .media, isShared: Bool = false) {
            self.path = path
            self.sha256 = sha256
            self.byteCount = byteCount
            self.role = role
            self.isShared = isShared
        }

        /// The members that every media object and sidecar has in the history, in the order of the wandb SDK: `_type`,
        /// `sha256`, `size`, `path`; a caption comes in front when there is one.
        public func json(mediaType: String, caption: String? = nil) -> JSONObject {
            var object = JSONObject()
            if let caption { object["caption"] = .string(caption) }
            object["_type"] = .string(mediaType)
            object["sha256"] = .string(sha256.hex)
            object["size"] = JSONValue(byteCount)
            object["path"] = .string(path)
            return object
        }
    }

    /// A value that belongs into the run's configuration, such as the labels of classes.
    public struct ConfigRecord: Sendable, Hashable {
        /// The names that lead to the value, outermost first.
        public var path: [String]
        /// The value.
        public var value: JSONValue

        /// Creates a configuration value.
        public init(path: [String], value: JSONValue) {
            self.path = path
            self.value = value
        }
    }

    /// The kind of media as the history names it: `image-file`, `images/separated`.
    public var mediaType: String
    /// The file of the object itself; nil for lists.
    public var file: File?
    /// The caption.
    public var caption: String?
    /// What stands in the history under the key.
    public var json: JSONValue
    /// All files, those of sidecars and of the elements of lists included, in the order in which they were written.
    public var files: [File]
    /// Values for the configuration.
    public var configRecords: [ConfigRecord]
    /// What was noticed.
    public var findings: [Finding]

    /// The path of the file of the object itself.
    public var path: String? { file?.path }
    /// The digest of that file.
    public var sha256: Digest? { file?.sha256 }
    /// Its size in bytes.
    public var byteCount: Int? { file?.byteCount }

    /// The record of one media object with a file.
    ///
    /// - Parameters:
    ///   - file: The file of the object.
    ///   - mediaType: The value of `_type`.
    ///   - caption: The caption; nil leaves the member out.
    ///   - details: The members that follow `path`, in order.
    ///   - sidecars: Further files.
    ///   - configRecords: What the object adds to the configuration of the run.
    ///   - findings: What was noticed while it was made.
    public init(
        file: File, mediaType: String, caption: String? = nil, details: JSONObject = JSONObject(),
        sidecars: [File] = [],
        configRecords: [ConfigRecord] = [], findings: [Finding] = []
    ) {
        var object = file.json(mediaType: mediaType, caption: caption)
        for member in details.members { object[member.name] = member.value }
        self.init(
            mediaType: mediaType, json: .object(object), files: [file] + sidecars, configRecords: configRecords,
            findings: findings)
        self.file = file
        self.caption = caption
    }

    /// The record of a media object whose history value is made by its own rules: a list, a value without a file.
    public init(
        mediaType: String, json: JSONValue, files: [File] = [], configRecords: [ConfigRecord] = [],
        findings: [Finding] = []
    ) {
        self.mediaType = mediaType
        self.json = json
        self.files = files
        self.configRecords = configRecords
        self.findings = findings
    }

    /// The record of a list, with the files, configuration values and findings of its elements.
    ///
    /// Each finding's path is put behind the position of its element.
    public init(mediaType: String, json: JSONValue, elements: [MediaRecord], findings: [Finding] = []) {
        self.init(mediaType: mediaType, json: json, files: elements.flatMap(\.files), findings: findings)
        for (index, element) in elements.enumerated() {
            for record in element.configRecords where !configRecords.contains(record) { configRecords.append(record) }
            self.findings += element.findings.map { finding in
                var copy = finding
                copy.path = finding.path.isEmpty ? "[\(index)]" : "[\(index)].\(finding.path)"
                return copy
            }
        }
    }
}
