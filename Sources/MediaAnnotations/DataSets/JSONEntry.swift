import MediaCore

/// An object of a JSON document that is looked at member by member; what is wrong with one is a finding with its path.
struct JSONEntry {
    private let object: JSONObject
    let isObject: Bool
    /// `annotations[3]`.
    private let base: String
    var findings = EntryFindings()

    init(_ value: JSONValue, path: @autoclosure () -> String) {
        base = path()
        isObject = value.object != nil
        object = value.object ?? JSONObject()
        if !isObject {
            findings.error(
                .dataSetTypeInvalid, "expected an object, found \(value.kind)", path: base, value: value.brief,
                hint: "write {…}")
        }
    }

    /// The path of a member: `annotations[3].bbox`; of the entry itself for an empty name.
    func path(_ name: String) -> String {
        if name.isEmpty { return base }
        return base.isEmpty ? name : base + "." + name
    }

    /// A member that is not null.
    subscript(name: String) -> JSONValue? {
        let value = object[name]
        return value == .null ? nil : value
    }

    mutating func invalid(_ value: JSONValue, _ path: String, expected: String) {
        findings.error(
            .dataSetTypeInvalid, "expected \(expected), found \(value.kind)", path: path, value: value.brief,
            hint: "write \(expected)")
    }

    /// A member that the format asks for. That an entry is no object is one finding, not one for each member.
    mutating func required(_ name: String) -> JSONValue? {
        if let value = self[name] { return value }
        if isObject {
            findings.error(
                .dataSetMemberMissing, "\"\(name)\" is missing", path: path(name), hint: "add \"\(name)\"")
        }
        return nil
    }

    /// A whole number that the format asks for.
    mutating func integer(_ name: String) -> Int64? {
        guard let value = required(name) else { return nil }
        guard let integer = value.integer else {
            invalid(value, path(name), expected: "a whole number")
            return nil
        }
        return integer
    }

    /// Text that the format asks for; it may not be empty.
    mutating func text(_ name: String) -> String? {
        guard let value = required(name) else { return nil }
        guard let text = value.string, !text.isEmpty else {
            if value.string != nil {
                findings.error(.dataSetTypeInvalid, "the text is empty", path: path(name), hint: "write a name")
            } else {
                invalid(value, path(name), expected: "text")
            }
            return nil
        }
        return text
    }

    /// The width or height of a picture that the format asks for.
    mutating func side(_ name: String) -> Int? {
        guard let value = integer(name) else { return nil }
        guard (1...Int64(Int32.max)).contains(value) else {
            findings.error(
                .valueOutOfRange, "no picture has a \(name) of \(value)", path: path(name), value: "\(value)",
                hint: "give the size in pixels")
            return nil
        }
        return Int(value)
    }

    /// A member that is 0 or 1, true or false; false when it is missing.
    mutating func flag(_ name: String) -> Bool {
        guard let value = self[name] else { return false }
        switch value.integer ?? (value.bool.map { $0 ? 1 : 0 }) {
        case 0?: return false
        case 1?: return true
        default:
            invalid(value, path(name), expected: "0 or 1")
            return false
        }
    }
}
