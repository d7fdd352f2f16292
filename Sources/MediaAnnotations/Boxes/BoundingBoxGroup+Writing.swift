public import MediaCore

/// Groups as the wandb SDK keeps them: a file beside the picture, a reference in the history, labels in the configuration.
extension BoundingBoxGroup {
    /// Where files of boxes stand below the `media` folder.
    public static let subfolder = "metadata/boxes2D"

    /// Writes the file of the group: `media/metadata/boxes2D/<key>_<step>_<sha>.boxes2D.json`.
    ///
    /// A group that was read is written as it was given, without the spaces between; others in the order `position`, `class_id`,
    /// `box_caption`, `scores`, `domain`. Labels are written when they were given, default ones are not.
    /// - Throws: `box.class-missing` when neither a class nor labels were given, which no reader of the SDK can make names of;
    ///   `path.invalid`, `file.write-failed`.
    public func writeSidecar(
        to folder: MediaFolder, key: String, step: MediaStep, compatibility: Compatibility = .standard
    ) throws(MediaError) -> MediaRecord.File {
        if labels == nil {
            var report = ValidationReport()
            for index in boxes.indices where boxes[index].classID == nil {
                report.add(
                    .error,
                    .error(
                        .boxClassMissing, "the box has no class, and the group no labels",
                        path: "boxes[\(places?[index] ?? index)].class_id", hint: "give a class_id, or class labels"))
            }
            try report.throwIfInvalid()
        }
        return try folder.write(
            subfolder: Self.subfolder, key: key, step: step, extension: ".boxes2D.json",
            compatibility: compatibility, role: .sidecar
        ) { (sink) throws(MediaError) in try write(to: sink) }.file
    }

    /// What stands in the history for a file that ``writeSidecar(to:key:step:compatibility:)`` wrote:
    /// `{"_type": "boxes2D", "sha256", "size", "path"}`.
    public static func historyJSON(of file: MediaRecord.File) -> JSONObject { file.json(mediaType: "boxes2D") }

    /// The labels as the configuration of the run has them, under `_wandb` and `bounding_box/class_labels`.
    ///
    /// - Parameters:
    ///   - key: The key of the picture.
    ///   - group: The name of the group.
    public func labelRecord(key: String, group: String) -> MediaRecord.ConfigRecord {
        effectiveLabels.record(kind: "bounding_box/class_labels", key: key, group: group)
    }

    /// Writes the JSON of the group.
    ///
    /// - Throws: what the sink throws.
    public func write(to sink: any ByteSink) throws(MediaError) {
        if let source {
            let group = source.group
            if group == nil { try sink.write(text: "{\"box_data\":") }
            try source.contents.withBytes { (bytes) throws(MediaError) in
                try Self.writeCompactly(bytes.extracting(group ?? source.list), to: sink)
            }
            if group == nil {
                if let labels { try sink.write(text: ",\"class_labels\":" + (try JSONWriter.string(labels.json))) }
                try sink.write(text: "}")
            }
            return
        }
        var writer = JSONWriter(to: sink)
        try writer.beginObject()
        try writer.key("box_data")
        try writer.beginArray()
        for box in boxes { try box.write(to: &writer) }
        try writer.endArray()
        if let labels {
            try writer.key("class_labels")
            try writer.value(labels.json)
        }
        try writer.endObject()
        try writer.finish()
    }

    /// Copies JSON that has been read without the spaces between its pieces, run by run.
    private static func writeCompactly(_ bytes: RawSpan, to sink: any ByteSink) throws(MediaError) {
        var run = 0
        var isString = false
        var at = 0
        while at < bytes.byteCount {
            let byte = bytes[at]
            if isString {
                if byte == UInt8(ascii: "\\") { at += 1 } else if byte == UInt8(ascii: "\"") { isString = false }
            } else if byte == UInt8(ascii: "\"") {
                isString = true
            } else if byte <= 0x20 {
                if run < at { try sink.write(bytes.extracting(run..<at)) }
                run = at + 1
            }
            at += 1
        }
        if run < bytes.byteCount { try sink.write(bytes.extracting(run..<bytes.byteCount)) }
    }
}

extension BoundingBox {
    /// Writes the box as a member of `box_data`.
    func write(to writer: inout JSONWriter) throws(MediaError) {
        try writer.beginObject()
        try writer.key("position")
        try writer.beginObject()
        switch position {
        case .minMax(let minX, let maxX, let minY, let maxY):
            for (name, value) in [("minX", minX), ("maxX", maxX), ("minY", minY), ("maxY", maxY)] {
                try writer.key(name)
                try writer.value(value)
            }
        case .middle(let x, let y, let width, let height):
            try writer.key("middle")
            try writer.values([x, y].span)
            try writer.key("width")
            try writer.value(width)
            try writer.key("height")
            try writer.value(height)
        }
        try writer.endObject()
        if let classID {
            try writer.key("class_id")
            try writer.value(classID)
        }
        if let caption {
            try writer.key("box_caption")
            try writer.value(caption)
        }
        if !scores.isEmpty {
            try writer.key("scores")
            try writer.beginObject()
            for entry in scores.entries {
                try writer.key(entry.name)
                try writer.value(entry.value)
            }
            try writer.endObject()
        }
        if domain == .pixel {
            try writer.key("domain")
            try writer.value(domain.rawValue)
        }
        try writer.endObject()
    }
}

extension ByteSink {
    fileprivate func write(text: String) throws(MediaError) { try unsafe write(text.utf8Span.span.bytes) }
}

extension RawSpan {
    /// The byte at an index.
    fileprivate subscript(index: Int) -> UInt8 {
        precondition(index >= 0 && index < byteCount)
        return unsafe unsafeLoad(fromByteOffset: index, as: UInt8.self)
    }
}
