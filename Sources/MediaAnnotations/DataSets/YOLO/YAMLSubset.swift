import MediaCore

/// The little of YAML that `data.yaml` files need: top-level keys whose value is a word, a list of words, or a map of words,
/// in lines or in brackets.
///
/// This is no YAML reader. Keys that nobody asked for are stepped over, with everything indented below them. Of those that
/// were asked for, anchors, tags, blocks of text and nesting are refused.
struct YAMLSubset {
    /// What a key stands for. Numbers are words too.
    enum Value: Equatable {
        case text(String)
        case list([String])
        case map([(key: String, value: String)])

        static func == (a: Value, b: Value) -> Bool {
            switch (a, b) {
            case (.text(let a), .text(let b)): a == b
            case (.list(let a), .list(let b)): a == b
            case (.map(let a), .map(let b)): a.elementsEqual(b, by: ==)
            default: false
            }
        }
    }

    private let lines: [Substring]
    private var index = 0

    init(_ text: String) {
        lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
    }

    /// The values of some keys, as far as the text has them.
    ///
    /// - Throws: `format.malformed` with the line in the field.
    mutating func read(_ keys: Set<String>) throws(MediaError) -> [String: Value] {
        var values: [String: Value] = [:]
        while index < lines.count {
            let line = lines[index]
            guard let key = Self.key(of: line), keys.contains(key.name) else {
                index += 1
                continue
            }
            guard values[key.name] == nil else { throw malformed("\"\(key.name)\" stands twice", hint: "keep one") }
            values[key.name] = try value(after: key.rest)
        }
        return values
    }

    /// The key that a line begins with when it is not indented.
    private static func key(of line: Substring) -> (name: String, rest: Substring)? {
        guard let first = line.first, first != " ", first != "\t", first != "#", first != "-",
            let colon = line.firstIndex(of: ":")
        else { return nil }
        let rest = line[line.index(after: colon)...]
        guard rest.isEmpty || rest.first == " " || rest.first == "\t" else { return nil }
        return (String(line[..<colon].trimmedSpace), rest)
    }

    private mutating func value(after rest: Substring) throws(MediaError) -> Value {
        var cursor = Cursor(rest)
        cursor.skipSpace()
        switch cursor.current {
        case nil, "#":
            index += 1
            return try block()
        case "[", "{": return try flow(cursor)
        case "&", "*", "!", "|", ">", "%", "@", "`":
            throw malformed("this form is not read", hint: "write the names in lines or in brackets")
        default:
            let text = try word(&cursor, endingAt: "")
            try expectEnd(&cursor)
            index += 1
            return .text(text)
        }
    }

    // MARK: Lines

    /// `- name` or `0: name`, a line each.
    private mutating func block() throws(MediaError) -> Value {
        var list: [String] = []
        var map: [(key: String, value: String)] = []
        while index < lines.count {
            var cursor = Cursor(lines[index])
            let isIndented = cursor.skipSpace()
            guard let first = cursor.current, first != "#" else {
                index += 1
                continue
            }
            let isItem = first == "-" && (cursor.next == nil || cursor.next == " " || cursor.next == "\t")
            // A list may stand as far left as its key; anything else there is the next key.
            guard isIndented || isItem else { break }
            guard isItem ? map.isEmpty : list.isEmpty else {
                throw malformed("a list and a map are mixed", hint: "write one of them")
            }
            if isItem {
                cursor.advance()
                cursor.skipSpace()
                list.append(try word(&cursor, endingAt: ""))
            } else {
                let key = try word(&cursor, endingAt: ":")
                guard cursor.take(":") else {
                    throw malformed("expected \":\" behind \"\(key)\"", hint: "write 0: name")
                }
                cursor.skipSpace()
                map.append((key, try word(&cursor, endingAt: "")))
            }
            try expectEnd(&cursor)
            index += 1
        }
        return map.isEmpty ? .list(list) : .map(map)
    }

    // MARK: Brackets

    /// `[a, b]` or `{0: a, 1: b}`, over several lines if need be.
    private mutating func flow(_ start: Cursor) throws(MediaError) -> Value {
        var cursor = start
        let isMap = cursor.take("{")
        if !isMap { _ = cursor.take("[") }
        let closing: Character = isMap ? "}" : "]"
        var list: [String] = []
        var map: [(key: String, value: String)] = []
        while true {
            try skipLines(&cursor)
            if cursor.take(closing) { break }
            if isMap {
                let key = try word(&cursor, endingAt: ":,}")
                guard cursor.take(":") else {
                    throw malformed("expected \":\" behind \"\(key)\"", hint: "write {0: name}")
                }
                try skipLines(&cursor)
                map.append((key, try word(&cursor, endingAt: ",}")))
            } else {
                list.append(try word(&cursor, endingAt: ",]"))
            }
            try skipLines(&cursor)
            if cursor.take(closing) { break }
            guard cursor.take(",") else {
                throw malformed("expected \",\" or \"\(closing)\"", hint: "close the bracket")
            }
        }
        try expectEnd(&cursor)
        index += 1
        return isMap ? .map(map) : .list(list)
    }

    /// Steps over spaces, comments and line ends.
    private mutating func skipLines(_ cursor: inout Cursor) throws(MediaError) {
        while true {
            cursor.skipSpace()
            guard cursor.current == nil || cursor.current == "#" else { return }
            guard index + 1 < lines.count else { throw malformed("a bracket is not closed", hint: "close the bracket") }
            index += 1
            cursor = Cursor(lines[index])
        }
    }

    // MARK: Words

    /// A plain or quoted word; a plain one ends before any of `ends`, and before a comment.
    private func word(_ cursor: inout Cursor, endingAt ends: String) throws(MediaError) -> String {
        switch cursor.current {
        case "\"", "'": return try quoted(&cursor)
        case "[", "{", "&", "*", "!", "|", ">", "%", "@", "`":
            throw malformed("a name begins with a sign that is not read here", hint: "write the name in quotes")
        default: break
        }
        var text = ""
        while let sign = cursor.current, !ends.contains(sign) {
            if sign == "#", text.isEmpty || text.last == " " || text.last == "\t" { break }
            if sign == ":", ends.isEmpty, cursor.next == nil || cursor.next == " " {
                throw malformed("a name holds \": \"", hint: "write the name in quotes")
            }
            text.append(sign)
            cursor.advance()
        }
        let word = text.trimmedSpace
        guard !word.isEmpty else { throw malformed("a name is empty", hint: "write the name in quotes") }
        cursor.skipSpace()
        return String(word)
    }

    private func quoted(_ cursor: inout Cursor) throws(MediaError) -> String {
        guard let quote = cursor.current else { return "" }
        cursor.advance()
        var text = ""
        while let sign = cursor.current {
            cursor.advance()
            if sign == quote {
                guard quote == "'", cursor.current == "'" else {
                    cursor.skipSpace()
                    return text
                }
                cursor.advance()
            } else if sign == "\\", quote == "\"" {
                text.append(try escape(&cursor))
                continue
            }
            text.append(sign)
        }
        throw malformed("a name has no closing quote", hint: "close the quote")
    }

    private func escape(_ cursor: inout Cursor) throws(MediaError) -> Character {
        let sign = cursor.current
        cursor.advance()
        switch sign {
        case "\"", "\\", "/": return sign ?? "\\"
        case "n": return "\n"
        case "t": return "\t"
        case "u":
            var digits = ""
            for _ in 0..<4 {
                digits.append(cursor.current ?? " ")
                cursor.advance()
            }
            if let code = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(code) { return Character(scalar) }
        default: break
        }
        throw malformed("a name holds an escape that is not read here", hint: "write the character itself")
    }

    private func expectEnd(_ cursor: inout Cursor) throws(MediaError) {
        cursor.skipSpace()
        guard cursor.current == nil || cursor.current == "#" else {
            throw malformed("something follows the value", hint: "write the name in quotes")
        }
    }

    private func malformed(_ message: String, hint: String) -> MediaError {
        MediaError(.malformed, message, hint: hint, at: .init(field: "line \(index + 1)"))
    }

    /// A place in a line.
    private struct Cursor {
        private let line: Substring
        private var place: Substring.Index

        init(_ line: Substring) {
            self.line = line
            place = line.startIndex
        }

        var current: Character? { place < line.endIndex ? line[place] : nil }

        var next: Character? {
            guard place < line.endIndex else { return nil }
            let after = line.index(after: place)
            return after < line.endIndex ? line[after] : nil
        }

        mutating func advance() {
            if place < line.endIndex { place = line.index(after: place) }
        }

        mutating func take(_ sign: Character) -> Bool {
            guard current == sign else { return false }
            advance()
            return true
        }

        /// Steps over spaces and tabs; whether there were some.
        @discardableResult
        mutating func skipSpace() -> Bool {
            let start = place
            while current == " " || current == "\t" { advance() }
            return place > start
        }
    }
}
