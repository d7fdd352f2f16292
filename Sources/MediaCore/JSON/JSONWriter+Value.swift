extension JSONWriter {
    /// Writes a value with everything in it.
    ///
    /// - Throws: `value.not-finite` with the path of the first such number, when they are refused.
    public mutating func value(_ value: JSONValue) throws(MediaError) {
        // A stack of its own, because the depth of a value is somebody else's choice.
        var open: [JSONCursor] = []
        var next: JSONValue? = value
        while true {
            switch next {
            case .null?: try null()
            case .bool(let value)?: try self.value(value)
            case .integer(let value)?: try self.value(value)
            case .number(let value)?: try self.value(value)
            case .string(let value)?: try self.value(value)
            case .array(let elements)?:
                try beginArray()
                open.append(JSONCursor(elements: elements))
            case .object(let object)?:
                try beginObject()
                open.append(JSONCursor(members: object.members))
            case .none:
                if open.popLast()?.isObject == true { try endObject() } else { try endArray() }
            }
            guard !open.isEmpty else { return }
            next = try open[open.count - 1].next(&self)
        }
    }
}

/// How far a container has been written.
private struct JSONCursor {
    let isObject: Bool
    private var elements: [JSONValue] = []
    private var members: [JSONObject.Member] = []
    private var index = 0

    init(elements: [JSONValue]) {
        isObject = false
        self.elements = elements
    }

    init(members: [JSONObject.Member]) {
        isObject = true
        self.members = members
    }

    /// The next element, its name written; `nil` after the last.
    mutating func next(_ writer: inout JSONWriter) throws(MediaError) -> JSONValue? {
        defer { index += 1 }
        if isObject {
            guard index < members.count else { return .none }
            try writer.key(members[index].name)
            return members[index].value
        }
        // Not `nil`: that literal could be a JSON null.
        guard index < elements.count else { return .none }
        return elements[index]
    }
}
