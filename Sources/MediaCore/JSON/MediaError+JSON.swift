extension MediaError {
    /// The error as JSON: `code`, `message`, and as far as they are known `hint`, `file`, `field`, `offset`, `cause`, `report`.
    public var json: JSONValue {
        var object = JSONObject([("code", .string(code.rawValue)), ("message", .string(message))])
        object["hint"] = hint.map(JSONValue.string)
        object["file"] = location.file.map(JSONValue.string)
        object["field"] = location.field.map(JSONValue.string)
        object["offset"] = location.offset.map { JSONValue($0) }
        if let cause = underlying as? MediaError {
            object["cause"] = cause.json
        } else if let underlying {
            object["cause"] = .string("\(underlying)")
        }
        object["report"] = report?.json
        return .object(object)
    }
}

extension ValidationReport {
    /// The report as JSON: `errors` and `warnings` (how many there were), `findings` (those that were kept, in order), and
    /// `omitted` (how many were not kept).
    public var json: JSONValue {
        [
            "errors": JSONValue(counts[.error, default: 0]),
            "warnings": JSONValue(counts[.warning, default: 0]),
            "omitted": JSONValue(count - findings.count),
            "findings": .array(findings.map(\.json)),
        ]
    }
}

extension Finding {
    /// The finding as JSON: `severity`, `code`, `path`, `message`, and as far as they are known `value` and `hint`.
    public var json: JSONValue {
        var object = JSONObject([
            ("severity", .string(severity.rawValue)), ("code", .string(code.rawValue)), ("path", .string(path)),
            ("message", .string(message)),
        ])
        object["value"] = value.map(JSONValue.string)
        object["hint"] = hint.map(JSONValue.string)
        return .object(object)
    }
}
